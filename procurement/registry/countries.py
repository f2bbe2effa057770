"""A country as people type it: its two letters, or its name in their language."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from procurement.people.templatetags.reading import country
from scoring.countries import COUNTRIES

LIST = "countries"  # the id of the list the page offers


class CountryField(forms.CharField):
    """Cleaned to a code of ISO 3166-1 alpha-2, "" where nothing was typed."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"list": LIST, "autocomplete": "off"})
        super().__init__(max_length=80, required=False, widget=widget, **options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        code = _codes(get_language() or "")[0].get(text.casefold())
        if code is None:
            raise forms.ValidationError(_("This is not a country: write its two letters, as FR, or its name."))
        return code


def country_names() -> list[str]:
    """Every country as the reader's language names it, with its code: what the page offers while one types."""
    return _codes(get_language() or "")[1]


@cache
def _codes(language: str) -> tuple[Mapping[str, str], list[str]]:
    """The code of everything that is read as a country in ``language``, in small letters; and the names in order."""
    named = {code: country(code) for code in COUNTRIES}
    codes = {text.casefold(): code for code, name in named.items() for text in (code, name, name[: -len(" (FR)")])}
    return codes, sorted(named.values())
