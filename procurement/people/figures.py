"""Numbers as the reader types them: `1 234,56` in French, `1,234.56` in English; plain decimals in between.

A field that has a unit takes it behind the number as well (`50 %`, `90 000,50 €`, `90 000 EUR`), and no other.
"""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from procurement.fields import PLAIN_DECIMAL
from procurement.people.templatetags.reading import currency_sign, figure, money, points, share

PERCENT = "%"
MONEY = "money"  # of a form that knows the currency only once it is made: `in_currency` says it
SPACES = dict.fromkeys(map(ord, "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\t"), " ")
MINUS = {ord("\N{MINUS SIGN}"): "-"}
FRENCH = re.compile(r"(-?)([0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:,([0-9]+))?")
ENGLISH = re.compile(r"(-?)([0-9]{1,3}(?:[ ,][0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")
NOT_A_DIGIT = re.compile(r"[^0-9]")
WITH_A_UNIT = re.compile(r"(.*[0-9]) ?([^\W\d_]{1,20}|[%‰$£¥€])")


def read_figure(text: str, unit: str = "") -> str | None:
    """The plain decimal (`1234.56`) that ``text`` is in the reader's language; None for what is no number there.

    A plain decimal is read as itself in both: keypads write the point. ``unit``: what may stand behind the number,
    PERCENT or the code of a currency (its sign too, which English writes before it: `€1,234.56`).
    """
    text = _without_unit(text.translate(SPACES).translate(MINUS).strip(), unit)
    if PLAIN_DECIMAL.fullmatch(text):
        return text
    written = (ENGLISH if get_language() == "en" else FRENCH).fullmatch(text)
    if written is None:
        return None
    sign, whole, decimals = written.groups()
    plain = sign + NOT_A_DIGIT.sub("", whole) + (f".{decimals}" if decimals else "")
    return plain if PLAIN_DECIMAL.fullmatch(plain) else None


class FigureField(forms.CharField):
    """An exact number: cleaned to a plain decimal in a string, shown as the reader writes numbers.

    ``unit``: what may be typed behind it, as in `read_figure`.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"})

    def __init__(self, *, unit: str = "", **options: Any) -> None:
        self.unit = unit
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        plain = read_figure(text, self.unit)
        if plain is None:
            raise forms.ValidationError(_why_not(text, self.unit), params=example(self.unit))
        return plain

    def prepare_value(self, value: Any) -> Any:
        return figure(value) if isinstance(value, str) else value


def in_currency(fields: Mapping[str, forms.Field], code: str) -> None:
    """Let the ``fields`` of a form that are amounts of money take the currency ``code``."""
    for field in fields.values():
        if isinstance(field, FigureField) and field.unit == MONEY:
            field.unit = code


def example(unit: str = "") -> dict[str, str]:
    if unit == PERCENT:
        return {"example": share("0.125")}
    return {"example": money("1234.56", unit) if unit else points("1234.56")}


def _signs(unit: str) -> set[str]:
    """How a unit is written, in small letters."""
    if unit in ("", PERCENT):
        return {unit}
    return {unit.casefold(), currency_sign(unit).casefold()}


def _without_unit(text: str, unit: str) -> str:
    signs = _signs(unit) - {""}
    for sign in signs:
        if text.casefold().endswith(sign):
            return text[: -len(sign)].removesuffix(" ")
        if get_language() == "en" and unit != PERCENT and text.casefold().startswith(sign):
            return text[len(sign) :].removeprefix(" ")
    return text


def _why_not(text: str, unit: str) -> Any:
    """The sentence on a text that is no number of its field, where ``example`` is put in."""
    found = WITH_A_UNIT.fullmatch(text.translate(SPACES).translate(MINUS).strip())
    if found is None or read_figure(found[1]) is None:
        return _("This is not a number: write it as in %(example)s.")
    if unit:
        return _("This is in another unit than the field: write it as in %(example)s.")
    return _("A number without a unit is due here: write it as in %(example)s.")
