"""What the seeds say, in the reader's language: their documents, which are hashed, keep their own words.

Each text below stands word for word in a seed; a policy that somebody drafts is shown as it was written.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

TITLES = (
    gettext_noop("Rules in force 2026"),
    gettext_noop("European priority and environmental quality, 2020 proposal"),
    gettext_noop("Cash-back on the contract value"),
)
NOTES = (
    gettext_noop(
        "The IPI measure on medical devices from China (exclusion of operators; obligation of the winner: 50 %), "
        "points for environmental quality, and points for covered content that treat the States of the European "
        "Economic Area, the parties to the GPA and the countries of every other agreement alike. An unknown origin "
        "earns no point."
    ),
    gettext_noop(
        "Up to 5 points for the European share and up to 5 for the environment, 10 together at the most, with a "
        "cash-back. The points for the European share rise from 0 at 50 % to 5 at 100 %, in a straight line: a jump at "
        "50 % would let one euro of content, or one unknown origin, decide a contract. Europe is the European Economic "
        "Area, because no State of it may be treated worse than another. Origin is the non-preferential customs "
        "origin, so that the evidence collected for the rules in force serves here too. Rates, caps and envelope of "
        "the cash-back are illustrative."
    ),
    gettext_noop(
        "The rate follows the European share, the base is the whole price: a hospital reckons it from its invoices "
        "alone. The rates are half those of the 2020 proposal because the base is wider; all the figures are "
        "illustrative."
    ),
)
EVIDENCE = (
    gettext_noop(
        "ISO 14067:2018, cradle to grave, per functional unit; the footprint divided by that of the reference product "
        "in the consultation documents"
    ),
    gettext_noop("ISO 14025:2006, type III environmental declaration of the product offered"),
    gettext_noop("ISO 14024:2018, type I ecolabel of the product offered"),
    gettext_noop("ISO 14021:2016, 7.7: part of the product's and packaging's mass that existing collection recycles"),
    gettext_noop("EPD verified by a third party"),
    gettext_noop("EPD not verified"),
    gettext_noop("Type I ecolabel"),
)
INDICATORS = {  # by the identifier that the seeds give them
    "carbon-footprint-ratio": gettext_noop("carbon footprint, against the reference product"),
    "product-declaration": gettext_noop("environmental declaration of the product"),
    "type-i-label": gettext_noop("type I ecolabel of the product"),
    "recyclable-share": gettext_noop("recyclable share"),
}
_SEEDED = frozenset({*TITLES, *NOTES, *EVIDENCE})


def translated(text: str) -> str:
    """A text of a seed in the reader's language; any other as it is."""
    return gettext(text) if text in _SEEDED else text


def titles_of(document: Mapping[str, Any] | None) -> dict[str, str]:
    """The title of a policy document by its id, in the reader's language; empty for none and for one without title."""
    return {document["id"]: translated(document["title"])} if document and document.get("title") else {}


def indicator_name(identifier: str) -> str:
    """What an indicator of a seed is called in the reader's language; any other by the words of its identifier.

    A policy gives its indicators no title: `water-use` reads “water use”, whatever language it was written in.
    """
    return gettext(INDICATORS[identifier]) if identifier in INDICATORS else re.sub("[-_]+", " ", identifier).strip()
