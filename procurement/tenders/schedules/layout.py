"""Where everything stands in a price schedule: its sheets, columns and marks. Written and read by these alone.

Rows and columns count from 1, as the tenderer sees them. A filled schedule may be in either language.
"""

from collections.abc import Iterator
from enum import IntEnum, StrEnum

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.tenders.models import Lot
from procurement.tenders.models.bid import Assurance

VERSION = "bareme-schedule/2"
# Those that are read: version 1 had no sheet of members, and no column for the day until which evidence is valid.
READ_VERSIONS = ("bareme-schedule/1", VERSION)
HEAD, FIRST = 4, 5  # the row of the headings, and the first one below
TOTAL, COST = "(total)", "(cost)"  # in the column of ids: no key of an item has brackets


class Sheet(StrEnum):
    """The sheets of a schedule, in their order."""

    INSTRUCTIONS = "instructions"
    TENDERER = "tenderer"
    MEMBERS = "members"
    PRICES = "prices"
    ORIGINS = "origins"
    EVIDENCE = "evidence"
    LISTS = "lists"


# A spreadsheet program takes 31 characters, none of them []:*?/\.
NAMES: dict[Sheet, Promise] = {
    Sheet.INSTRUCTIONS: pgettext_lazy("sheet", "Instructions"),
    Sheet.TENDERER: pgettext_lazy("sheet", "Tenderer"),
    Sheet.MEMBERS: pgettext_lazy("sheet", "Members"),
    Sheet.PRICES: pgettext_lazy("sheet", "Prices"),
    Sheet.ORIGINS: pgettext_lazy("sheet", "Origins"),
    Sheet.EVIDENCE: pgettext_lazy("sheet", "Environment"),
    Sheet.LISTS: pgettext_lazy("sheet", "Lists"),
}
STAMP_COLUMN, STAMP_ROW = 2, 5  # of the instructions: version, lot, hash of its rules, one below the other
PRICE_ID, DESIGNATION, QUANTITY, UNIT, VAT_RATE, UNIT_PRICE, AMOUNT = range(1, 8)
ORIGIN_ID, COUNTRY, SHARE, ORIGIN_ASSURANCE = range(1, 5)
INDICATOR, EXPECTED, VALUE, EVIDENCE_ASSURANCE, EVIDENCE_EXPIRES = range(1, 6)
ANSWER = 2  # of the tenderer's sheet, beside the question
FORM_ROW, FORM_COLUMN = 2, 2  # of the sheet of members: the form of the consortium


class Member(IntEnum):
    """The columns of the sheet of members."""

    NAME = 1
    NUMBER = 2
    ADDRESS = 3
    ROLE = 4
    SHARE = 5
    ORIGIN = 6
    BASIS = 7
    EVIDENCE = 8


QUESTIONS: dict[str, Promise] = {
    "name": _("Name of the tenderer"),
    "registration_number": _("SIRET number, or the number of the register of its country"),
    "address_country": _("Country of the address"),
    "operator_country": _("Country of origin of the operator (Regulation (EU) 2022/1031, art. 3)"),
}


def stamp(lot: Lot) -> tuple[str, str, str]:
    """What says for which lot and which rules a schedule was made."""
    return VERSION, str(lot.pk), lot.rules_sha256


def known_as(sheet: Sheet) -> Iterator[str]:
    """The names of a sheet, one for each language."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield str(NAMES[sheet])


def assurances() -> dict[str, str]:
    """The value of every word for an assurance, in small letters and in each language."""
    return words_of(Assurance)


def words_of(choices: type[models.TextChoices]) -> dict[str, str]:
    """The value of every word of a list of choices, in small letters and in each language."""
    words: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {str(each.label).casefold(): each.value for each in choices}
    return words


def place(column: int, row: int) -> str:
    """`F5`: the address of a cell; columns go as far as ZZ."""
    high, low = divmod(column - 1, 26)
    return f"{chr(64 + high) if high else ''}{chr(65 + low)}{row}"
