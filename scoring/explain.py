"""Why the winner wins: comparisons, flip amounts, readings of unknown origin, withdrawals (specification 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from scoring.case import Case
from scoring.drivers import ZERO
from scoring.evaluate import winner_of
from scoring.measures import KINDS
from scoring.numbers import difference
from scoring.outcome import Comparison, Explanation, Outcome, Points, Row, Withdrawal
from scoring.policy import Measure
from scoring.ranking import Contest
from scoring.standing import Standing, standing

NONE = Points(ZERO, 0)


def explain(case: Case, outcome: Outcome, contest: Contest) -> Explanation:
    """The explanation of an outcome; `contest` is the one `evaluate_case` returned with it."""
    if_european, if_not = _readings_of_unknown_origin(case, contest)
    plain = outcome.winner if case.policy is None else winner_of(replace(case, policy=None))
    return Explanation(
        rank_if_european=if_european,
        rank_if_not=if_not,
        winner_without_policy=plain,
        comparisons=tuple(_comparisons(case, outcome)),
        withdrawals=tuple(_withdrawals(outcome, contest)),
    )


def _readings_of_unknown_origin(
    case: Case, contest: Contest
) -> tuple[Mapping[str, int | None], Mapping[str, int | None]]:
    """Each ranked bid's rank with its own unknown origin inside the European area alone, then outside alone."""
    if case.policy is None:
        return {}, {}
    outside = contest.standings
    inside = [standing(bid, case, unknown_is_european=True) for bid in case.bids]
    admitted = [each for each in inside if isinstance(each, Standing)]
    both = Contest(case, [*outside, *admitted])
    inside_entry = {each.bid.id: len(outside) + place for place, each in enumerate(admitted)}
    if_european: dict[str, int | None] = {}
    if_not: dict[str, int | None] = {}
    for entry, each in enumerate(outside):
        bid_id = each.bid.id
        own = inside_entry.get(bid_id)
        others_outside = [other for other in range(len(outside)) if other != entry]
        if_european[bid_id] = None if own is None else both.rank(own, [*others_outside, own])
        others_inside = [other for key, other in inside_entry.items() if key != bid_id]
        if_not[bid_id] = both.rank(entry, [entry, *others_inside])
    return if_european, if_not


def _withdrawals(outcome: Outcome, contest: Contest) -> Iterator[Withdrawal]:
    if outcome.winner is None:
        return
    entries = {each.bid.id: entry for entry, each in enumerate(contest.standings)}
    for row in outcome.rows:
        if row.bid.id == outcome.winner.id:
            continue
        first = contest.first([entry for bid_id, entry in entries.items() if bid_id != row.bid.id])
        winner = None if first is None else contest.standings[first].bid
        if winner is None or winner.id != outcome.winner.id:
            yield Withdrawal(row.bid, winner)


def _comparisons(case: Case, outcome: Outcome) -> Iterator[Comparison]:
    if outcome.winner is None:
        return
    measures = [] if case.policy is None else [m for m in case.policy.measures if m.kind == "add_points"]
    winner, *others = outcome.rows
    scaling = _scaling(winner, case.decimals)
    for other in others:
        yield Comparison(
            bid=other.bid,
            price=winner.price - other.price,
            evaluated_price=winner.evaluated_price - other.evaluated_price,
            criteria={key: _difference(winner.criteria[key], other.criteria[key]) for key in winner.criteria},
            measures={m.id: _difference(_points(winner, m), _points(other, m)) for m in measures},
            bonus=winner.bonus - other.bonus,
            scaling=scaling - _scaling(other, case.decimals),
            total=winner.total - other.total,
            flip_amounts={m.id: flip_amount(m, winner, other) for m in measures},
        )


def flip_amount(measure: Measure, winner: Row, other: Row) -> Fraction | None:
    """The amount ≥ 0 of an `add_points` measure at which the two exact totals are equal, or None.

    Nothing is rounded, the bonus is not capped, the other measures stay as they are and a measure whose `when` fails
    has c = 0. With total(amount) = (base + amount × c) × factor for each bid, two straight lines cross once at most.
    """
    winner_base, winner_slope = _line(measure, winner)
    other_base, other_slope = _line(measure, other)
    if winner_slope == other_slope:
        return None
    amount = (other_base - winner_base) / (winner_slope - other_slope)
    return amount if amount >= 0 else None


def _line(measure: Measure, row: Row) -> tuple[Fraction, Fraction]:
    """A bid's exact total as a function of the measure's amount: its value at 0, and its slope."""
    factor = Fraction(1)
    base = sum((points.exact for points in row.criteria.values()), ZERO)
    coefficient = ZERO
    for effect in row.effects.values():
        if effect.measure.id == measure.id:
            coefficient = measure.curve.value(effect.driver)
        elif effect.points is not None:
            base += effect.points.exact
        elif effect.factor is not None and KINDS[effect.measure.kind].acts_on == "score":
            factor *= effect.factor
    return base * factor, coefficient * factor


def _points(row: Row, measure: Measure) -> Points:
    effect = row.effects.get(measure.id)
    return NONE if effect is None or effect.points is None else effect.points


def _difference(winner: Points, other: Points) -> Points:
    return Points(difference(winner.exact, other.exact), winner.units - other.units)


def _scaling(row: Row, decimals: int) -> Fraction:
    """What the score measures changed of the total: total − (criterion points + bonus)."""
    if not any(effect.factor is not None for effect in row.effects.values()):
        return ZERO
    points = sum(points.units for points in row.criteria.values())
    return row.total - row.bonus - Fraction(points, 10**decimals)
