"""From a case document to the row of a snapshot, and from a row back to a case that evaluates the same.

What comes back is not the document: suppliers have pseudonyms, and a bid's lines are one line for each country and
assurance. Every driver, rank and amount of cash-back is the same to the last digit; a test holds the two together.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import Any

from scoring.canonical import canonical
from scoring.case import Bid, Case, Criterion, Evidence, Line, Origin, Supplier
from scoring.case_reading import read_case
from scoring.evaluate import evaluate_case
from scoring.numbers import decimal, is_decimal, on_one_denominator
from scoring.policy import Policy
from scoring.portfolio.local import at_home
from scoring.portfolio.problems import BadScenario, BadSnapshot
from scoring.portfolio.snapshot import ASSURANCES, MARK_DECIMALS, Snapshot, tender_of
from scoring.problems import gettext_noop

Row = dict[str, Any]
LARGEST = 2**53 // 100  # in units of the currency: sums of cents then fit 64 bits


def lot_of(
    document: Mapping[str, Any],
    *,
    id: str,
    hospital: str,
    country: str,
    awarded_on: date | None,
    pseudonym: Callable[[str], str],
) -> Row:
    """The row of a scored lot. Raises InvalidDocument when the document is no valid case, BadSnapshot when
    a price is too large.

    `country` is that of the buyer, `pseudonym` gives a supplier's name its stand-in.
    """
    case = read_case(document)
    if dearest := max((bid.price for bid in case.bids if bid.price is not None and bid.price >= LARGEST), default=None):
        raise BadSnapshot(
            gettext_noop("The lot %(lot)s has a price of %(price)s: an archive takes prices under %(most)s."),
            lot=id,
            price=dearest,
            most=LARGEST,
        )
    outcome, _contest = evaluate_case(case)
    ranks = {row.bid.id: row.rank for row in outcome.rows}
    policy = document.get("policy")
    return {
        "id": id,
        "hospital": hospital,
        "country": country,
        "awarded_on": awarded_on,
        "launched_on": case.tender.launched_on,
        "cpv": case.tender.cpv,
        "estimated_value": document["tender"].get("estimated_value"),
        "currency": case.tender.currency,
        "decimals": case.decimals,
        "criteria": canonical([_scoring_part(criterion) for criterion in document["criteria"]]).decode(),
        "tie_break": " ".join(case.tie_break),
        "policy": None if policy is None else canonical(policy).decode(),
        "titles": {criterion.id: criterion.title for criterion in case.criteria if criterion.title},
        "bids": [
            _bid_row(bid, case, written, ranks.get(bid.id), pseudonym)
            for bid, written in zip(case.bids, document["bids"], strict=True)
        ],
    }


def _scoring_part(criterion: Mapping[str, Any]) -> dict[str, Any]:
    """What of a criterion scores: lots that differ in titles alone share their rules."""
    return {key: value for key, value in criterion.items() if key not in ("title", "parent")}


def _bid_row(
    bid: Bid, case: Case, written: Mapping[str, Any], rank: int | None, pseudonym: Callable[[str], str]
) -> Row:
    admissible = bid.status == "admissible"
    return {
        "id": bid.id,
        "supplier": pseudonym(bid.supplier.name),
        "country": bid.supplier.country,
        "admissible": admissible,
        "submitted_at": bid.submitted_at,
        "price": _money(bid.price),
        "cost": _money(bid.cost),
        "marks": [_mark(bid.marks[c]) for c in case.scales] if admissible else [],
        "origins": [
            {"country": country, "assurance": ASSURANCES.index(assurance), "part": str(part)}
            for (country, assurance), part in _parts(bid).items()
        ],
        "evidence": [
            {"indicator": indicator, "value": item["value"], "assurance": _assurance(item)}
            for indicator, item in sorted(written.get("environment", {}).items())
        ],
        "rank": rank,
    }


def _parts(bid: Bid) -> dict[tuple[str | None, str], int]:
    """How the value of a bid's lines is made up, in the smallest whole numbers; one part of 0 when it has no value."""
    values: dict[tuple[str | None, str], Fraction] = defaultdict(Fraction)
    for line in bid.lines:
        for origin in line.origins:
            values[origin.country, origin.assurance] += line.value * origin.share
        values[None, "declared"] += line.value * line.unknown
    kept = {key: value for key, value in values.items() if value}
    if not kept:
        return {(None, "declared"): 0} if bid.lines else {}
    parts, _denominator = on_one_denominator(kept.values())
    common = gcd(*parts)
    return {key: part // common for key, part in sorted(zip(kept, parts, strict=True), key=lambda item: str(item[0]))}


def _money(value: Fraction | None) -> Decimal | None:
    return None if value is None else _decimal(value, 2)


def _mark(value: Fraction) -> Decimal:
    return _decimal(value, MARK_DECIMALS)


def _decimal(value: Fraction, decimals: int) -> Decimal:
    """A value that has at most so many decimals, exactly, whatever the precision of decimal arithmetic."""
    units = value * 10**decimals
    assert units.denominator == 1
    return Decimal((units < 0, tuple(map(int, str(abs(units.numerator)))), -decimals))


def _assurance(item: Mapping[str, Any]) -> int:
    return ASSURANCES.index(item.get("assurance", "declared"))


def case_of(snapshot: Snapshot, lot: int, policy: Policy | None, *, local_area: str = "") -> Case:
    """The case of a lot under a policy. Raises BadScenario when the policy reads what the lot does not have."""
    (row,) = snapshot.rows(lot)
    if policy is not None:
        policy = at_home(policy, local_area, row["country"])
    titles = snapshot.titles.get(row["id"], {})
    criteria = tuple(
        replace(criterion, title=titles[criterion.id]) if criterion.id in titles else criterion
        for criterion in criteria_of(row["criteria"])
    )
    scaled = [criterion.id for criterion in criteria if criterion.scale is not None]
    return Case(
        tender=tender_of(row["launched_on"], row["cpv"], row["estimated_value"]),
        decimals=row["decimals"],
        criteria=criteria,
        bids=tuple(_bid(bid, scaled, policy, lot=row["id"]) for bid in row["bids"]),
        policy=policy,
        tie_break=tuple(row["tie_break"].split()),
    )


@lru_cache(maxsize=4096)
def criteria_of(text: str) -> tuple[Criterion, ...]:
    """The criteria of a lot's column, read as those of a case."""
    document: dict[str, Any] = {
        "schema": "bareme-case/1",
        "tender": {"id": "lot", "currency": "EUR"},
        "bids": [],
        "policy": None,
    }
    return read_case({**document, "criteria": json.loads(text)}).criteria


def _bid(row: Row, scaled: list[str], policy: Policy | None, *, lot: str) -> Bid:
    return Bid(
        id=row["id"],
        supplier=Supplier(row["supplier"], row["country"]),
        status="admissible" if row["admissible"] else "excluded",
        exclusion_reason="",
        submitted_at=row["submitted_at"],
        price=None if row["price"] is None else Fraction(row["price"]),
        cost=None if row["cost"] is None else Fraction(row["cost"]),
        lines=tuple(_line(place, origin) for place, origin in enumerate(row["origins"])),
        marks=dict(zip(scaled, map(Fraction, row["marks"]), strict=False)),
        environment={
            item["indicator"]: Evidence(
                evidence_value(item["indicator"], item["value"], policy), ASSURANCES[item["assurance"]]
            )
            for item in row["evidence"]
        },
    )


def _line(place: int, origin: Row) -> Line:
    whole = Fraction(1)
    known = origin["country"] is not None
    return Line(
        id=str(place),
        quantity=whole,
        unit_price=Fraction(int(origin["part"])),
        origins=(Origin(origin["country"], whole, ASSURANCES[origin["assurance"]]),) if known else (),
    )


def evidence_value(indicator: str, text: str, policy: Policy | None) -> Fraction | str:
    """What a policy reads in a piece of evidence. Raises BadScenario for a text where it reads a number."""
    if policy is None or not any(i.id == indicator and i.kind == "number" for i in policy.indicators):
        return text
    if not is_decimal(text):
        raise BadScenario(
            gettext_noop("The policy reads the indicator %(indicator)s as a number, and a bid says “%(text)s”."),
            indicator=indicator,
            text=text,
        )
    return decimal(text)
