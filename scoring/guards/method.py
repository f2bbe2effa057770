"""Scoring methods: a weight that is emptied, small differences blown up, losers that decide, weights diluted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from scoring.case import Criterion
from scoring.formulas import FORMULAS, Field
from scoring.guards.answers import finding
from scoring.guards.finding import Finding, Guard, Inquiry
from scoring.numbers import exact, fixed
from scoring.outcome import Row
from scoring.parameters import Parameters
from scoring.policy import Measure, Policy

NEUTRALISATION = "method.neutralisation"
KEPT = "method.neutralised_kept"
SPREAD = "method.amplified_spread"
RANK_REVERSAL = "practice.rank_reversal"
DILUTION = "practice.effective_weights"


def weights_diluted(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """A bonus is possible on top of 100: each criterion counts for W ÷ (100 + cap), the cap being what is possible
    where the policy sets none."""
    policy = inquiry.case.policy
    cap = _bonus_possible(inquiry, policy) if policy else Fraction(0)
    if cap <= 0:
        return
    effective = {c.id: c.weight / (100 + cap) for c in inquiry.case.criteria}
    yield finding(
        DILUTED.code,
        "info",
        [parameters.parameter(DILUTION, on=inquiry.day)],
        exact_bonus=exact(cap),
        criteria=list(effective),
        effective_weights=[fixed(weight, 4) for weight in effective.values()],
        exact_effective_weights=[exact(weight) for weight in effective.values()],
    )


def method_neutralised(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """A bid at twice the lowest price would keep too much of the price points, or the best price is not first.

    The points are those of the bids left joined by that bid; before any bid, those of two bids alone.
    """
    criterion = price_criterion(inquiry)
    if criterion is None:
        return
    limit = parameters.parameter(KEPT, on=inquiry.day)
    kept = points_kept_at_twice(criterion, [row.evaluated_price for row in inquiry.outcome.rows])
    beaten = _best_price_beaten(criterion, inquiry.outcome.rows)
    if (kept is not None and kept > limit.number) or beaten:
        yield finding(
            NEUTRALISED.code,
            "warn",
            [parameters.parameter(NEUTRALISATION, on=inquiry.day), limit],
            criterion=criterion.id,
            formula=criterion.formula,
            kept=fixed(kept, 4) if kept is not None else "",
            exact_kept=exact(kept) if kept is not None else "",
            exact_limit=exact(limit.number),
            best_price_beaten_by=beaten,
        )


def method_amplified(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """All prices are close to the lowest, and more than half of the price weight separates them."""
    criterion, rows = price_criterion(inquiry), inquiry.outcome.rows
    if criterion is None or len(rows) < 2:
        return
    spread = parameters.parameter(SPREAD, on=inquiry.day)
    limit = parameters.parameter("method.amplified_separation", on=inquiry.day)
    prices = [row.evaluated_price for row in rows]
    points = [row.criteria[criterion.id].exact for row in rows]
    separation = (max(points) - min(points)) / criterion.weight
    if max(prices) <= min(prices) * (1 + spread.number) and separation > limit.number:
        yield finding(
            AMPLIFIED.code,
            "warn",
            [spread, limit],
            criterion=criterion.id,
            formula=criterion.formula,
            exact_spread=exact(max(prices) / min(prices) - 1),
            exact_separation=exact(separation),
        )


def method_rank_reversal(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """The removal of a losing bid changes the winner."""
    withdrawals = inquiry.explanation.withdrawals
    if withdrawals:
        yield finding(
            REVERSAL.code,
            "info",
            [parameters.parameter(RANK_REVERSAL, on=inquiry.day)],
            bids=[withdrawal.bid.id for withdrawal in withdrawals],
            winners=[withdrawal.winner.id if withdrawal.winner else "" for withdrawal in withdrawals],
        )


def price_criterion(inquiry: Inquiry) -> Criterion | None:
    """The criterion scored on evaluated prices, of kind price or cost, or None."""
    return next((c for c in inquiry.case.criteria if c.kind in ("price", "cost")), None)


def points_kept_at_twice(criterion: Criterion, prices: list[Fraction]) -> Fraction | None:
    """The part of the lowest price's points that a bid at twice that price would get beside these prices.

    Without prices: the field is one bid at 1 (at the floor_price of a formula between fixed prices) and one at
    twice that. None where the lowest price gets nothing, or a fixed floor_price is no price.
    """
    lowest = min(prices, default=criterion.params.get("floor_price", Fraction(1)))
    if lowest <= 0:
        return None
    field = Field.of([*(prices or [lowest]), 2 * lowest])

    def points(price: Fraction) -> Fraction:
        return Fraction(*FORMULAS[criterion.formula].points(price, field, criterion.weight, criterion.params))

    return points(2 * lowest) / points(lowest) if points(lowest) > 0 else None


def _best_price_beaten(criterion: Criterion, rows: tuple[Row, ...]) -> list[str]:
    """The bids that got more price points than the lowest evaluated price did."""
    if not rows:
        return []
    lowest = min(row.evaluated_price for row in rows)
    best = max(row.criteria[criterion.id].exact for row in rows if row.evaluated_price == lowest)
    return [row.bid.id for row in rows if row.criteria[criterion.id].exact > best]


def _bonus_possible(inquiry: Inquiry, policy: Policy) -> Fraction:
    """The policy's cap, or the sum of the most each bonus can give; 0 when no bonus can be given here."""
    tender = inquiry.case.tender
    bonuses = [m for m in policy.measures if m.kind == "add_points" and m.when.holds_for_tender(tender)]
    most = sum(map(_most_points, bonuses), Fraction(0))
    return policy.bonus_cap if most > 0 and policy.bonus_cap is not None else most


def _most_points(measure: Measure) -> Fraction:
    amount = measure.amount or Fraction(0)
    return max(Fraction(0), *(amount * y for y in measure.curve.ordinates))


DILUTED = Guard("weights-diluted", DILUTION, weights_diluted)
NEUTRALISED = Guard("method-neutralised", KEPT, method_neutralised)
AMPLIFIED = Guard("method-amplified", SPREAD, method_amplified)
REVERSAL = Guard("method-rank-reversal", RANK_REVERSAL, method_rank_reversal)
