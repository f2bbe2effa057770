"""References to texts of law, as the reader cites them."""

import re

import pytest
from django.utils import translation

from procurement.citations import TERMS, cited
from scoring.parameters import all_parameters

ENGLISH = re.compile(r"\b(Regulation|Agreement|Treaty|Court|Act|Project|EU|CJEU|GPA|as|the|of|and|to)\b")


def references() -> list[str]:
    return [text for line in all_parameters() for text in (line.reference.article, line.reference.text)]


def test_an_english_reader_reads_references_as_the_parameters_hold_them() -> None:
    with translation.override("en"):
        assert [cited(reference) for reference in references()] == references()


@pytest.mark.parametrize("reference", sorted(set(references())))
def test_no_reference_stays_in_english_for_a_french_reader(reference: str) -> None:
    with translation.override("fr"):
        assert not ENGLISH.search(cited(reference))


def test_every_term_is_one_of_a_reference() -> None:
    held = "\n".join(references())
    assert [term for term in TERMS if term not in held] == []


def test_a_reference_is_cited_by_the_number_its_act_has_in_french() -> None:
    with translation.override("fr"):
        assert cited("Regulation (EU) 2022/1031 art. 8") == "Règlement (UE) 2022/1031 art. 8"
        assert cited("Directive 2014/24/EU art. 4(b)") == "Directive 2014/24/UE art. 4(b)"
