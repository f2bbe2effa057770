"""The optional `facts` of a case: what the guards need beyond the rest of the document, one documented key each.

An unknown key is an error, as everywhere in a document. A guard whose fact is absent answers `not_assessed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.shapes import Choice, Flag, Integer, ListOf, Nullable, Object, Shape, Text


@dataclass(frozen=True, slots=True)
class Fact:
    """One key of `facts`: what it says, and the form of its value."""

    meaning: str
    shape: Shape


FACTS: Mapping[str, Fact] = {
    "purpose": Fact(
        "Whether the sheet prepares an award of a live procedure or is a simulation.",
        Choice(("award", "simulation")),
    ),
    "published_policy": Fact(
        "The policy version the tender's published rules name; null when they name none.",
        Nullable(Object({"id": Text(filled=True), "version": Integer()})),
    ),
    "buyer_category": Fact(
        "The buyer's category, which chooses its thresholds.", Choice(("sub_central", "central", "utility"))
    ),
    "ipi_announced": Fact("Whether the consultation documents announce the IPI measure.", Flag()),
    "ipi_exception": Fact(
        "The exception to the IPI measure that was recorded; null when none was.",
        Nullable(Choice(("no_other_compliant_tender", "overriding_public_interest"))),
    ),
    "evidence_counted_twice": Fact("Whether the same evidence feeds a criterion and a bonus.", Flag()),
    "self_assessed_marks": Fact("Ids of the bids that carry a mark given by the bidder itself.", ListOf(Text())),
    "abnormally_low_explanations": Fact(
        "Ids of the bids whose explanations of a low price are recorded.", ListOf(Text())
    ),
}

FACTS_SHAPE = Object(optional={key: fact.shape for key, fact in FACTS.items()})
