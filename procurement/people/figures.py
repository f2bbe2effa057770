"""Numbers as the reader types them: `1 234,56` in French, `1,234.56` in English; plain decimals in between."""

import re
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from procurement.fields import PLAIN_DECIMAL
from procurement.people.templatetags.reading import figure, points

SPACES = dict.fromkeys(map(ord, "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\t"), " ")
MINUS = {ord("\N{MINUS SIGN}"): "-"}
FRENCH = re.compile(r"(-?)([0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:,([0-9]+))?")
ENGLISH = re.compile(r"(-?)([0-9]{1,3}(?:[ ,][0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")
NOT_A_DIGIT = re.compile(r"[^0-9]")


def read_figure(text: str) -> str | None:
    """The plain decimal (`1234.56`) that ``text`` is in the reader's language; None for what is no number there.

    A plain decimal is read as itself in both: keypads write the point.
    """
    text = text.translate(SPACES).translate(MINUS).strip()
    if PLAIN_DECIMAL.fullmatch(text):
        return text
    written = (ENGLISH if get_language() == "en" else FRENCH).fullmatch(text)
    if written is None:
        return None
    sign, whole, decimals = written.groups()
    plain = sign + NOT_A_DIGIT.sub("", whole) + (f".{decimals}" if decimals else "")
    return plain if PLAIN_DECIMAL.fullmatch(plain) else None


class FigureField(forms.CharField):
    """An exact number: cleaned to a plain decimal in a string, shown as the reader writes numbers."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        plain = read_figure(text)
        if plain is None:
            raise forms.ValidationError(_("This is not a number: write it as in %(example)s."), params=example())
        return plain

    def prepare_value(self, value: Any) -> Any:
        return figure(value) if isinstance(value, str) else value


def example() -> dict[str, str]:
    return {"example": points("1234.56")}
