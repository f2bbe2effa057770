"""Numbers are read as the reader writes them, and never as something else."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from procurement.people.figures import MONEY, PERCENT, FigureField, in_currency, read_figure

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


@pytest.mark.parametrize(
    ("language", "text", "unit", "plain"),
    [
        ("fr", "50 %", PERCENT, "50"),
        ("fr", "50%", PERCENT, "50"),
        ("fr", "12,5\u202f%", PERCENT, "12.5"),
        ("fr", "90 000,50 €", "EUR", "90000.50"),
        ("fr", "90\u202f000,50\u00a0€", "EUR", "90000.50"),
        ("fr", "90 000 EUR", "EUR", "90000"),
        ("fr", "90000 eur", "EUR", "90000"),
        ("fr", "90 000,50", "EUR", "90000.50"),
        ("fr", "1.234 €", "EUR", "1.234"),
        ("fr", "1.234,56 €", "EUR", None),
        ("fr", "90'000.50", "EUR", None),
        ("fr", "90 000 $", "EUR", None),
        ("fr", "90 000 €", "USD", None),
        ("fr", "50 %", "EUR", None),
        ("fr", "50 €", PERCENT, None),
        ("fr", "50 %", "", None),
        ("fr", "50 % %", PERCENT, None),
        ("fr", "€ 50", "EUR", None),
        ("fr", "%", PERCENT, None),
        ("en", "50%", PERCENT, "50"),
        ("en", "€90,000.50", "EUR", "90000.50"),
        ("en", "90,000.50 €", "EUR", "90000.50"),
        ("en", "£12", "GBP", "12"),
        ("en", "EUR 12", "EUR", "12"),
        ("en", "90 000,50 €", "EUR", None),
        ("en", "%50", PERCENT, None),
    ],
)
def test_a_number_is_followed_by_its_own_unit_or_by_none(
    language: str, text: str, unit: str, plain: str | None
) -> None:
    with translation.override(language):
        assert read_figure(text, unit) == plain


@pytest.mark.parametrize(
    ("unit", "text", "sentence"),
    [
        ("EUR", "50 $", "This is in another unit than the field: write it as in €1,234.56."),
        (PERCENT, "50 points", "This is in another unit than the field: write it as in 12.5%."),
        ("", "50%", "A number without a unit is due here: write it as in 1,234.56."),
        ("EUR", "fifty", "This is not a number: write it as in €1,234.56."),
    ],
)
def test_a_unit_that_is_not_the_fields_own_is_told_in_a_sentence(unit: str, text: str, sentence: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        FigureField(unit=unit).clean(text)

    assert refusal.value.messages == [sentence]


def test_the_amounts_of_a_form_take_the_currency_of_what_it_is_about() -> None:
    price, weight = FigureField(unit=MONEY), FigureField(unit=PERCENT)

    in_currency({"price": price, "weight": weight}, "CHF")

    assert (price.clean("12 CHF"), weight.clean("12 %")) == ("12", "12")


@given(
    typed=st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=12),
    unit=st.sampled_from(["", PERCENT, "EUR", "xyz"]),
)
def test_whatever_is_typed_is_a_plain_decimal_or_one_sentence(typed: str, unit: str) -> None:
    field = FigureField(required=False, unit=unit)
    try:
        read = field.clean(typed)
    except ValidationError:
        with pytest.raises(ValidationError, match="write it as in"):
            field.clean(typed)
    else:
        assert not read or read_figure(read) == read


def test_what_is_no_number_is_told_with_an_example_of_the_readers() -> None:
    with translation.override("fr"), pytest.raises(ValidationError) as refusal:
        FigureField().clean("douze")

    assert "1\u202f234,56" in refusal.value.messages[0]
