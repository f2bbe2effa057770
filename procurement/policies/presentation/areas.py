"""What an area of a policy is called: by the legal value that holds its countries, for a document has keys alone."""

from collections.abc import Mapping, Set
from itertools import product

from babel import Locale
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scoring.parameters import all_parameters, lines_of

COVERED = ("areas.eea", "areas.gpa", "areas.gpa_recalled", "areas.other_agreements")


def names_of(areas: Mapping[str, Set[str]]) -> dict[str, str]:
    """The areas of a policy, key to country codes, by key: each in words, or its key where no legal value fits."""
    return {key: _words(countries) or key for key, countries in areas.items()}


def country(code: str) -> str:
    """The name of a country in the reader's language; the code where it has none."""
    return Locale.parse(get_language() or "fr").territories.get(code, code)


def _words(countries: Set[str]) -> str:
    if len(countries) == 1:
        return country(*countries)
    for line in all_parameters():
        if line.unit == "countries" and set(line.names) == countries:
            return line.title[get_language() or "fr"]
    covered = product(*(lines_of(key) for key in COVERED))
    if any({name for line in lines for name in line.names} == countries for lines in covered):
        return _("EEA and covered countries")
    return ""
