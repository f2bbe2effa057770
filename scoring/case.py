"""The case: a tender, its criteria, its bids and the policy they are scored under (specification 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal

from scoring.numbers import total
from scoring.policy import Assurance, Policy

TieBreak = Literal["lower_price", "higher_environment", "higher_european_share", "earlier_submission"]


@dataclass(frozen=True, slots=True)
class Tender:
    """What is bought. `estimated_value` is that of the whole procedure, options and renewals included, without VAT."""

    id: str
    currency: str
    launched_on: date | None = None
    cpv: str | None = None
    estimated_value: Fraction | None = None
    price_basis: Literal["excl_vat", "incl_vat"] = "excl_vat"


@dataclass(frozen=True, slots=True)
class Criterion:
    """An award criterion. `scale` is the highest mark, None for price and cost; a mark under `minimum` eliminates."""

    id: str
    title: str
    kind: Literal["price", "cost", "quality", "environment", "delivery", "social"]
    weight: Fraction
    formula: str
    params: Mapping[str, Any]
    scale: Fraction | None = None
    minimum: Fraction | None = None
    parent: str | None = None
    counts_environment: bool = False


@dataclass(frozen=True, slots=True)
class Supplier:
    """The operator. `country` is its origin in the sense of the IPI Regulation, art. 3; None when it is unknown."""

    name: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The part, 0 to 1, of a line's value made of goods of one country."""

    country: str
    share: Fraction
    assurance: Assurance = "declared"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a bid; prices are in the case's currency."""

    id: str
    quantity: Fraction
    unit_price: Fraction
    origins: tuple[Origin, ...]

    @property
    def value(self) -> Fraction:
        """quantity × unit price, unrounded."""
        return self.quantity * self.unit_price

    @property
    def unknown(self) -> Fraction:
        """The part, 0 to 1, of the line's value whose origin is not given."""
        return 1 - total(origin.share for origin in self.origins)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a bid shows for an indicator: a number for a number indicator, else text."""

    value: Fraction | str
    assurance: Assurance = "declared"


@dataclass(frozen=True, slots=True)
class Bid:
    """A bid. `price` is the price payable; it and `cost` may be None only for a bid that is excluded."""

    id: str
    supplier: Supplier
    status: Literal["admissible", "excluded"]
    exclusion_reason: str
    submitted_at: datetime | None
    price: Fraction | None
    cost: Fraction | None
    lines: tuple[Line, ...]
    marks: Mapping[str, Fraction]
    environment: Mapping[str, Evidence]


@dataclass(frozen=True, slots=True)
class Case:
    """A valid case. `decimals` is what every *rounded* value is rounded to; `facts` are as documented in `facts`."""

    tender: Tender
    decimals: int
    criteria: tuple[Criterion, ...]
    bids: tuple[Bid, ...]
    policy: Policy | None
    tie_break: tuple[TieBreak, ...]
    assessed_on: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def scales(self) -> dict[str, Fraction]:
        """The highest mark by criterion id, of the criteria that have one."""
        return {c.id: c.scale for c in self.criteria if c.scale is not None}

    @property
    def uses_cost(self) -> bool:
        """Whether the bids compete on their life-cycle cost instead of their price."""
        return any(c.kind == "cost" for c in self.criteria)
