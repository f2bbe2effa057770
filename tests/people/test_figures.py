"""Numbers are read as the reader writes them, and never as something else."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from procurement.people.figures import FigureField, read_figure

PLAIN = st.from_regex(r"\A-?[0-9]{1,18}(\.[0-9]{1,12})?\Z")


@pytest.mark.parametrize(
    ("language", "text", "plain"),
    [
        ("fr", "1 234,56", "1234.56"),
        ("fr", "1\u202f234,56", "1234.56"),
        ("fr", "1\u00a0234\u00a0567", "1234567"),
        ("fr", "0,5", "0.5"),
        ("fr", "1234.56", "1234.56"),
        ("fr", " 12 ", "12"),
        ("fr", "\u22122,5", "-2.5"),
        ("fr", "1,234", "1.234"),
        ("fr", "1.234,56", None),
        ("fr", "12 34", None),
        ("fr", "1 2345", None),
        ("fr", ",5", None),
        ("fr", "1e3", None),
        ("fr", "NaN", None),
        ("fr", "+5", None),
        ("fr", "٣", None),
        ("fr", "1" * 19, None),
        ("en", "1,234.56", "1234.56"),
        ("en", "1,234", "1234"),
        ("en", "1234,56", None),
        ("en", "0,5", None),
        ("en", "1,23", None),
        ("en", "twelve", None),
    ],
)
def test_a_number_is_read_as_its_reader_writes_it(language: str, text: str, plain: str | None) -> None:
    with translation.override(language):
        assert read_figure(text) == plain


@given(plain=PLAIN, language=st.sampled_from(["fr", "en"]))
def test_a_plain_decimal_is_itself_in_every_language(plain: str, language: str) -> None:
    with translation.override(language):
        assert read_figure(plain) == plain


@given(plain=PLAIN, language=st.sampled_from(["fr", "en"]))
def test_what_a_field_shows_is_read_as_the_same_number(plain: str, language: str) -> None:
    field = FigureField()
    with translation.override(language):
        shown = field.prepare_value(plain)
        assert field.prepare_value(field.clean(shown)) == shown


def test_what_is_no_number_is_told_with_an_example_of_the_readers() -> None:
    with translation.override("fr"), pytest.raises(ValidationError) as refusal:
        FigureField().clean("douze")

    assert "1\u202f234,56" in refusal.value.messages[0]
