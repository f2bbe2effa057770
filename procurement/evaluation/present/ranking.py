"""The ranking table: points by component, European share with what is unknown of it, ranks that hang on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from procurement.citations import cited
from procurement.evaluation.present.drawing import length
from procurement.evaluation.present.reading import Reading, Row
from procurement.policies.references import look_up
from procurement.tenders.models import Bid, Lot
from scoring.numbers import fixed

SHARE_WIDTH = 80  # of the small bar of the European share


@dataclass(frozen=True, slots=True)
class Share:
    """The European share as known, and the part of the value whose origin nobody gave; 0 to 1, 4 decimals."""

    european: str
    unknown: str
    width: int
    european_width: str
    unknown_width: str


@dataclass(frozen=True, slots=True)
class RankedBid:
    """One line of the table; `points` follow the components, `ranks` is empty where the origin decides nothing."""

    row: Row
    supplier: str
    country: str
    points: list[Decimal]
    share: Share | None
    ranks: str


@dataclass(frozen=True, slots=True)
class ExcludedBid:
    """A bid that is not ranked, and the reason in a sentence."""

    bid: str
    supplier: str
    reason: str


def ranked(reading: Reading) -> list[RankedBid]:
    """The ranked bids in the sheet's order."""
    documents = {bid["id"]: bid for bid in reading.case["bids"]}
    return [
        RankedBid(
            row=row,
            supplier=reading.supplier(row["bid"]),
            country=documents[row["bid"]]["supplier"].get("country") or "",
            points=reading.points(row),
            share=_share(row, documents[row["bid"]]),
            ranks=_ranks(row),
        )
        for row in reading.ranking
    ]


def excluded(reading: Reading, grounds: Mapping[str, str] = MappingProxyType({})) -> list[ExcludedBid]:
    """The excluded bids, by bid id. ``grounds``: `grounds_of` the lot, as a case tells the written reason alone."""
    documents = {bid["id"]: bid for bid in reading.case["bids"]}
    found = []
    for entry in reading.sheet["excluded"]:
        reason = _reason(reading, entry["reason"], documents[entry["bid"]])
        if entry["reason"] == "excluded" and entry["bid"] in grounds:
            reason = _("%(ground)s (%(reason)s)") % {"ground": grounds[entry["bid"]], "reason": reason}
        found.append(ExcludedBid(entry["bid"], reading.supplier(entry["bid"]), reason))
    return found


def grounds_of(lot: Lot) -> dict[str, str]:
    """On which ground the buyer excluded bids of a lot, in words, by their key: an exclusion is never taken back."""
    words = dict(Bid.Exclusion.choices)
    return {key: str(words[ground]) for key, ground in lot.bids.exclude(exclusion="").values_list("key", "exclusion")}


def unknown_share(bid: dict[str, Any]) -> Fraction:
    """The part, 0 to 1, of a bid's value whose origin is not given; 1 without lines or without value."""
    values = [Fraction(line["quantity"]) * Fraction(line["unit_price"]) for line in bid.get("lines", [])]
    if not sum(values):
        return Fraction(1)
    given = [sum((Fraction(o["share"]) for o in line["origins"]), Fraction(0)) for line in bid["lines"]]
    missing = sum((value * (1 - part) for value, part in zip(values, given, strict=True)), Fraction(0))
    return missing / sum(values)


def _share(row: Row, bid: dict[str, Any]) -> Share | None:
    if row["european_share"] is None:
        return None
    unknown = fixed(unknown_share(bid), 4)
    return Share(
        european=row["european_share"],
        unknown=unknown,
        width=SHARE_WIDTH,
        european_width=length(Decimal(row["european_share"]) * SHARE_WIDTH),
        unknown_width=length(Decimal(unknown) * SHARE_WIDTH),
    )


def _ranks(row: Row) -> str:
    """The ranks this bid may have according to what its unknown origin turns out to be."""
    european, other = row["rank_if_european"], row["rank_if_not"]
    if european == other:
        return ""
    return f"{_rank(european)} – {_rank(other)}"


def _rank(rank: int | None) -> str:
    return _("excluded") if rank is None else str(rank)


def _reason(reading: Reading, reason: str, bid: dict[str, Any]) -> str:
    if reason == "excluded":
        return bid.get("exclusion_reason") or _("Excluded before the evaluation.")
    kind, _colon, criterion = reason.partition(":")
    if kind == "minimum" and criterion:
        title = next(c.title for c in reading.components if c.key == criterion)
        return _("The mark on “%(criterion)s” is under the minimum.") % {"criterion": title}
    measure = reading.measures[reason]
    values = {"measure": reading.measure(reason), "article": _article(measure, reading)}
    if measure["kind"] == "floor":
        return _("Under the minimum of the %(measure)s.") % values
    if values["article"]:
        return _("Excluded by the %(measure)s: %(article)s.") % values
    return _("Excluded by the %(measure)s.") % values


def _article(measure: dict[str, Any], reading: Reading) -> str:
    """The text of law a measure rests on, as it stood at the launch; empty where its reference names none."""
    launched = reading.case["tender"]["launched_on"]
    rests_on = look_up(measure.get("reference", ""), on=date.fromisoformat(launched)) if launched else None
    return cited(rests_on.parameter.reference.article) if rests_on and rests_on.parameter else ""
