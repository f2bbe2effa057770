"""What an evaluation finds, in exact types: the sheet writes it, the guards read it (specification 3 and 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from scoring.case import Bid
from scoring.policy import Measure


class Points(NamedTuple):
    """Points of a criterion or of an `add_points` measure: exact, and rounded, in units of 10^-decimals."""

    exact: Fraction
    units: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a measure whose `when` holds does to a bid: points, or the factor of its price or of its total."""

    measure: Measure
    driver: Fraction
    points: Points | None = None
    factor: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A ranked bid. `total` and `bonus` are rounded as the case says; shares are exact, None without a policy."""

    bid: Bid
    rank: int
    tied: bool
    total: Fraction
    price: Fraction
    evaluated_price: Fraction
    criteria: Mapping[str, Points]
    effects: Mapping[str, Effect]
    bonus: Fraction
    european_share: Fraction | None
    environment: Fraction | None
    cashback: Fraction | None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A bid that is not ranked, and the first reason that applied: excluded, minimum:CRITERION or a measure id."""

    bid: Bid
    reason: str


@dataclass(frozen=True, slots=True)
class Alert:
    """An abnormally low price: under `threshold` = 0.9 × the second mean, exact."""

    bid: Bid
    threshold: Fraction


@dataclass(frozen=True, slots=True)
class Match:
    """A bid that may match the winner's price under a `right_to_match` measure."""

    measure: Measure
    bid: Bid
    price: Fraction


@dataclass(frozen=True, slots=True)
class Outcome:
    """An evaluation: rows by rank then bid id, exclusions and alerts by bid id, obligations in document order."""

    winner: Bid | None
    tied: bool
    rows: tuple[Row, ...]
    excluded: tuple[Exclusion, ...]
    alerts: tuple[Alert, ...]
    right_to_match: tuple[Match, ...]
    obligations: tuple[Measure, ...]

    def row(self, bid_id: str) -> Row | None:
        """The row of a ranked bid, or None."""
        return next((row for row in self.rows if row.bid.id == bid_id), None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The winner against another ranked bid: differences, winner minus other, of what adds up to the total.

    `criteria`, `bonus` and `scaling` (what the `scale_score` measures changed) sum to `total`; `measures` are the
    points of each `add_points` measure before the cap. A flip amount is None where there is none.
    """

    bid: Bid
    price: Fraction
    evaluated_price: Fraction
    criteria: Mapping[str, Points]
    measures: Mapping[str, Points]
    bonus: Fraction
    scaling: Fraction
    total: Fraction
    flip_amounts: Mapping[str, Fraction | None]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A ranked bid whose removal changes the winner, and who wins then (None: nobody alone)."""

    bid: Bid
    winner: Bid | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the winner wins. Ranks by bid id, None = excluded in that reading; both empty without a policy."""

    rank_if_european: Mapping[str, int | None]
    rank_if_not: Mapping[str, int | None]
    winner_without_policy: Bid | None
    comparisons: tuple[Comparison, ...]
    withdrawals: tuple[Withdrawal, ...]
