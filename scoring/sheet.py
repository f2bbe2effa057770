"""The score sheet of an evaluation (specification 5): ids, fixed decimals, fractions; no sentence, no clock."""

from __future__ import annotations

from typing import Any

from scoring.case import Case
from scoring.numbers import exact, fixed, fixed_units
from scoring.outcome import Comparison, Effect, Explanation, Outcome, Points, Row

MONEY = 2  # decimals
SHARE = 4


def sheet_of(
    case: Case, outcome: Outcome, explanation: Explanation, *, case_sha256: str, findings: list[dict[str, Any]]
) -> dict[str, Any]:
    """The sheet of a case whose received document has the hash `case_sha256`."""
    winner, plain = outcome.winner, explanation.winner_without_policy
    winner_id = None if winner is None else winner.id
    plain_id = None if plain is None else plain.id
    policy = case.policy
    return {
        "schema": "bareme-scoresheet/1",
        "case_sha256": case_sha256,
        "policy": None if policy is None else {"id": policy.id, "version": policy.version},
        "winner": winner_id,
        "tied": outcome.tied,
        "ranking": [_row(row, case, explanation) for row in outcome.rows],
        "excluded": [{"bid": each.bid.id, "reason": each.reason} for each in outcome.excluded],
        "alerts": [
            {"code": "abnormally_low", "bid": each.bid.id, "exact_threshold": exact(each.threshold)}
            for each in outcome.alerts
        ],
        "right_to_match": [
            {"measure": each.measure.id, "bid": each.bid.id, "match_price": fixed(each.price, MONEY)}
            for each in outcome.right_to_match
        ],
        "obligations": [
            {
                "measure": each.id,
                "driver": "" if each.driver is None else each.driver.text,
                "amount": each.amount_written,
            }
            for each in outcome.obligations
        ],
        "without_policy": {"winner": plain_id, "changed": plain_id != winner_id},
        "comparisons": [_comparison(each, case.decimals) for each in explanation.comparisons],
        "withdrawals": [
            {"bid": each.bid.id, "winner": None if each.winner is None else each.winner.id}
            for each in explanation.withdrawals
        ],
        "findings": findings,
    }


def _row(row: Row, case: Case, explanation: Explanation) -> dict[str, Any]:
    decimals = case.decimals
    return {
        "bid": row.bid.id,
        "rank": row.rank,
        "tied": row.tied,
        "total": fixed(row.total, decimals),
        "price": fixed(row.price, MONEY),
        "evaluated_price": fixed(row.evaluated_price, MONEY),
        "exact_evaluated_price": exact(row.evaluated_price),
        "criteria": {key: _points(points, decimals) for key, points in row.criteria.items()},
        "measures": {key: _effect(effect, decimals) for key, effect in row.effects.items()},
        "bonus": fixed(row.bonus, decimals),
        "european_share": None if row.european_share is None else fixed(row.european_share, SHARE),
        "environment": None if row.environment is None else fixed(row.environment, SHARE),
        "cashback": None if row.cashback is None else fixed(row.cashback, MONEY),
        "rank_if_european": explanation.rank_if_european.get(row.bid.id),
        "rank_if_not": explanation.rank_if_not.get(row.bid.id),
    }


def _points(points: Points, decimals: int) -> dict[str, str]:
    return {"points": fixed_units(points.units, decimals), "exact_points": exact(points.exact)}


def _effect(effect: Effect, decimals: int) -> dict[str, str]:
    result = {"exact_driver": exact(effect.driver)}
    if effect.points is not None:
        return {**_points(effect.points, decimals), **result}
    assert effect.factor is not None
    return {"exact_factor": exact(effect.factor), **result}


def _comparison(each: Comparison, decimals: int) -> dict[str, Any]:
    return {
        "bid": each.bid.id,
        "price": fixed(each.price, MONEY),
        "evaluated_price": fixed(each.evaluated_price, MONEY),
        "exact_evaluated_price": exact(each.evaluated_price),
        "criteria": {key: _points(points, decimals) for key, points in each.criteria.items()},
        "measures": {key: _points(points, decimals) for key, points in each.measures.items()},
        "bonus": fixed(each.bonus, decimals),
        "scaling": fixed(each.scaling, decimals),
        "total": fixed(each.total, decimals),
        "exact_flip_amount": {
            key: None if amount is None else exact(amount) for key, amount in each.flip_amounts.items()
        },
    }
