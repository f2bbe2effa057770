"""The evaluation of a case, in the frozen order of the specification (section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from scoring.case import Bid, Case
from scoring.cashback import estimate
from scoring.numbers import total
from scoring.outcome import Alert, Exclusion, Match, Outcome, Points, Row
from scoring.policy import Measure
from scoring.ranking import Contest
from scoring.standing import Standing, standing

ALERT_FROM = 3  # bids left; with fewer a mean says nothing
FAR_ABOVE = Fraction(6, 5)
FAR_BELOW = Fraction(9, 10)


def evaluate_case(case: Case) -> tuple[Outcome, Contest]:
    """The outcome of a case, and the contest whose entries 0, 1, … are the bids left, in document order."""
    placed = [standing(bid, case) for bid in case.bids]
    contest = Contest(case, [each for each in placed if isinstance(each, Standing)])
    excluded = sorted((each for each in placed if isinstance(each, Exclusion)), key=lambda each: each.bid.id)
    rows = _rows(case, contest)
    leaders = [row for row in rows if row.rank == 1]
    winner = leaders[0] if len(leaders) == 1 else None
    outcome = Outcome(
        winner=None if winner is None else winner.bid,
        tied=len(leaders) > 1,
        rows=rows,
        excluded=tuple(excluded),
        alerts=tuple(abnormally_low(contest.standings)),
        right_to_match=(),
        obligations=(),
    )
    if winner is None or case.policy is None:
        return outcome, contest
    by_bid = {each.bid.id: each for each in contest.standings}
    ranked = [by_bid[row.bid.id] for row in rows]
    return (
        replace(
            outcome,
            right_to_match=tuple(_right_to_match(ranked, case, case.policy.measures)),
            obligations=tuple(
                m for m in case.policy.measures if m.kind == "execution_cap" and ranked[0].meets(m, case)
            ),
        ),
        contest,
    )


def winner_of(case: Case) -> Bid | None:
    """Who wins a case, or None."""
    placed = [standing(bid, case) for bid in case.bids]
    contest = Contest(case, [each for each in placed if isinstance(each, Standing)])
    first = contest.first(range(len(contest.standings)))
    return None if first is None else contest.standings[first].bid


def abnormally_low(standings: Iterable[Standing]) -> Iterator[Alert]:
    """The double mean on real prices, by bid id (specification 3.5): it alerts, it never excludes."""
    left = sorted(standings, key=lambda each: each.bid.id)
    if len(left) < ALERT_FROM:
        return
    ceiling = FAR_ABOVE * _mean([each.price for each in left])
    threshold = FAR_BELOW * _mean([each.price for each in left if each.price <= ceiling])
    for each in left:
        if each.price < threshold:
            yield Alert(each.bid, threshold)


def _mean(prices: Sequence[Fraction]) -> Fraction:
    return total(prices) / len(prices)


def _rows(case: Case, contest: Contest) -> tuple[Row, ...]:
    entries = range(len(contest.standings))
    points, keys = contest.points(entries), contest.keys(entries)
    ordered = sorted(keys.values())
    rows = [
        _row(
            case,
            contest.standings[entry],
            rank=1 + ordered.index(keys[entry]),  # the first of equal keys: as many are smaller
            tied=ordered.count(keys[entry]) > 1,
            total=-keys[entry][0],
            points=[column[entry] for column in points],
        )
        for entry in entries
    ]
    return tuple(sorted(rows, key=lambda row: (row.rank, row.bid.id)))


def _row(case: Case, placed: Standing, *, rank: int, tied: bool, total: int, points: Sequence[Points]) -> Row:
    return Row(
        bid=placed.bid,
        rank=rank,
        tied=tied,
        total=Fraction(total, 10**case.decimals),
        price=placed.price,
        evaluated_price=placed.evaluated_price,
        criteria={criterion.id: each for criterion, each in zip(case.criteria, points, strict=True)},
        effects=placed.effects,
        bonus=placed.bonus,
        european_share=placed.european_share,
        environment=placed.environment,
        cashback=estimate(placed.bid, case, placed.gauge),
    )


def _right_to_match(ranked: Sequence[Standing], case: Case, measures: Iterable[Measure]) -> Iterator[Match]:
    winner = ranked[0]
    for measure in measures:
        if measure.kind != "right_to_match" or _reaches(winner, measure):
            continue
        highest = winner.price * (1 + measure.params.get("margin", Fraction(0)))
        for other in ranked:
            if _reaches(other, measure) and other.price <= highest and other.meets(measure, case):
                yield Match(measure, other.bid, winner.price)


def _reaches(placed: Standing, measure: Measure) -> bool:
    if placed.gauge is None or measure.driver is None or measure.amount is None:
        return False
    return placed.gauge(measure.driver) >= measure.amount
