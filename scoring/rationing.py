"""Rationing a portfolio of cash-backs under the hospital-year cap and the yearly envelope (specification 4).

Everything is in whole cents. The order of arrival is (awarded_on, id), whatever the order of the documents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from scoring.numbers import fixed_units, rounded_units
from scoring.policy import Cashback
from scoring.policy_reading import read_scheme
from scoring.policy_shape import IDENTIFIER, RATIO
from scoring.problems import InvalidDocument, Problem, gettext_noop
from scoring.reading import check_json
from scoring.shapes import Day, Integer, ListOf, Number, Object, numbered

CENTS = 2
MONEY = Number(at_least=0, decimals=CENTS)

AWARDS = ListOf(
    Object({"id": IDENTIFIER, "hospital": IDENTIFIER, "year": Integer(), "awarded_on": Day(), "amount": MONEY})
)
REALISED = ListOf(
    Object(
        {
            "id": IDENTIFIER,
            "hospital": IDENTIFIER,
            "year": Integer(),
            "awarded_on": Day(),
            "invoiced": MONEY,
            "verified_share": RATIO,
            "paid": MONEY,
        }
    )
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a contract asks of a year's money: cents, whole and >= 0."""

    id: str
    hospital: str
    year: int
    awarded_on: date
    cents: int

    @property
    def arrival(self) -> tuple[date, str]:
        """The order in which caps and envelopes are used up."""
        return self.awarded_on, self.id


def ration(scheme: Any, awards: Any) -> list[dict[str, str]]:
    """What each award gets: [{"id", "amount"}] in the order of the awards, amounts with 2 decimals.

    `scheme` is a cash-back document, `awards` a list of {"id", "hospital", "year", "awarded_on", "amount"}. Raises
    InvalidDocument; its pointers start with /scheme or /awards.
    """
    cashback, parsed = _read(scheme, awards, "awards", AWARDS, lambda award: award.get("id"))
    claims = [
        Claim(a["id"], a["hospital"], a["year"], a["awarded_on"], rounded_units(a["amount"], CENTS)) for a in parsed
    ]
    granted = granted_cents(cashback, claims)
    return [{"id": claim.id, "amount": fixed_units(cents, CENTS)} for claim, cents in zip(claims, granted, strict=True)]


def dues(scheme: Any, realised: Any) -> list[dict[str, Any]]:
    """What was really due and what is to be given back: [{"id", "year", "due", "claw_back"}], in the given order.

    `realised` is a list of {"id", "hospital", "year", "awarded_on", "invoiced", "verified_share", "paid"}: one line
    per contract (its id) and calendar year of invoice; money excludes VAT. Due = invoiced × verified share × the rate
    of its tier, under the same caps, a contract's own cap being used up year after year; claw-back = paid − due
    where positive. Raises InvalidDocument; its pointers start with /scheme or /realised.
    """
    cashback, parsed = _read(scheme, realised, "realised", REALISED, lambda line: (line.get("id"), line.get("year")))
    claims = [
        Claim(line["id"], line["hospital"], line["year"], line["awarded_on"], _due_cents(cashback, line))
        for line in parsed
    ]
    granted = granted_cents(cashback, _under_contract_cap(cashback, claims))
    return [
        {
            "id": line["id"],
            "year": line["year"],
            "due": fixed_units(cents, CENTS),
            "claw_back": fixed_units(max(rounded_units(line["paid"], CENTS) - cents, 0), CENTS),
        }
        for line, cents in zip(parsed, granted, strict=True)
    ]


def granted_cents(scheme: Cashback, claims: Sequence[Claim]) -> list[int]:
    """What each claim gets, in cents, in the order of the claims: never more than it asks, a cap or an envelope."""
    granted = _each_up_to(
        scheme.cap_per_hospital_year, [claim.cents for claim in claims], claims, lambda c: (c.hospital, c.year)
    )
    if scheme.envelope_year is None:
        return granted
    if scheme.rationing == "first_come":
        return _each_up_to(scheme.envelope_year, granted, claims, lambda c: c.year)
    envelope = rounded_units(scheme.envelope_year, CENTS)
    for places in _groups(claims, lambda c: c.year):
        shares = _in_proportion(envelope, [granted[place] for place in places])
        for place, cents in zip(places, shares, strict=True):
            granted[place] = cents
    return granted


def _each_up_to(
    cap: Fraction | None, cents: list[int], claims: Sequence[Claim], group: Callable[[Claim], Hashable]
) -> list[int]:
    """First come, first served within each group: the claim that crosses the cap is cut, later ones get 0."""
    if cap is None:
        return cents
    granted = list(cents)
    for places in _groups(claims, group):
        left = rounded_units(cap, CENTS)
        for place in places:
            granted[place] = min(granted[place], left)
            left -= granted[place]
    return granted


def _in_proportion(envelope: int, asked: list[int]) -> list[int]:
    """Whole cents by largest remainder, ties to the earlier; untouched when the envelope is enough."""
    total = sum(asked)
    if total <= envelope:
        return asked
    shares = [cents * envelope // total for cents in asked]
    remainders = [cents * envelope % total for cents in asked]
    by_remainder = sorted(range(len(asked)), key=lambda place: -remainders[place])
    for place in by_remainder[: envelope - sum(shares)]:
        shares[place] += 1
    return shares


def _groups(claims: Sequence[Claim], group: Callable[[Claim], Hashable]) -> Iterable[list[int]]:
    """The places of the claims of each group, in order of arrival."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for place in sorted(range(len(claims)), key=lambda place: claims[place].arrival):
        groups[group(claims[place])].append(place)
    return groups.values()


def _due_cents(scheme: Cashback, line: dict[str, Any]) -> int:
    share = line["verified_share"]
    return rounded_units(line["invoiced"] * share * scheme.rate(share), CENTS)


def _under_contract_cap(scheme: Cashback, claims: Sequence[Claim]) -> list[Claim]:
    if scheme.cap_per_contract is None:
        return list(claims)
    left: dict[str, int] = defaultdict(lambda: rounded_units(scheme.cap_per_contract or Fraction(0), CENTS))
    capped = list(claims)
    for place in sorted(range(len(claims)), key=lambda place: (claims[place].id, claims[place].year)):
        claim = claims[place]
        cents = min(claim.cents, left[claim.id])
        left[claim.id] -= cents
        capped[place] = replace(claim, cents=cents)
    return capped


def _read(
    scheme: Any, rows: Any, name: str, shape: ListOf, key: Callable[[dict[str, Any]], Any]
) -> tuple[Cashback, list[dict[str, Any]]]:
    problems: list[Problem] = []
    try:
        cashback = read_scheme(scheme)
    except InvalidDocument as error:
        problems += [problem.at(f"/scheme{problem.pointer}") for problem in error.problems]
    foreign = [problem.at(f"/{name}{problem.pointer}") for problem in check_json(rows)]
    parsed = [] if foreign else shape.read(rows, f"/{name}", problems)
    if isinstance(parsed, list):
        problems += _once_each(parsed, f"/{name}", key)
    problems += foreign
    if problems:
        raise InvalidDocument(problems)
    return cashback, parsed


def _once_each(rows: list[Any], pointer: str, key: Callable[[dict[str, Any]], Hashable]) -> Iterator[Problem]:
    seen: set[Hashable] = set()
    for index, row in numbered(rows):
        if key(row) in seen:
            template = gettext_noop('The id "%(id)s" is used more than once.')
            yield Problem(f"{pointer}/{index}/id", template, {"id": row.get("id")})
        seen.add(key(row))
