"""Section 5: the score sheet without its findings. Each explanation scores a changed case whole."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from typing import Any

from . import cashback
from .drivers import World, curve_at, driver, effect, environment, holds, real_price, share
from .evaluation import evaluate
from .numbers import fixed, number, ratio


def sheet(case: dict[str, Any]) -> dict[str, Any]:
    """The sheet of a valid case; `comparisons` hold the flip amounts only."""
    world = World(case)
    result = evaluate(world)
    plain = evaluate(World({**case, "policy": None}))
    policy = case.get("policy")
    return {
        "schema": "bareme-scoresheet/1",
        "case_sha256": sha256(case),
        "policy": None if policy is None else {"id": policy["id"], "version": policy["version"]},
        "winner": result["winner"],
        "tied": result["tied"],
        "ranking": [ranking_row(world, row) for row in result["rows"]],
        "excluded": [{"bid": bid, "reason": result["excluded"][bid]} for bid in sorted(result["excluded"])],
        "alerts": [
            {"code": "abnormally_low", "bid": bid, "exact_threshold": ratio(result["threshold"])}
            for bid in result["alerts"]
        ],
        "right_to_match": right_to_match(world, result),
        "obligations": obligations(world, result),
        "without_policy": {"winner": plain["winner"], "changed": plain["winner"] != result["winner"]},
        "comparisons": comparisons(world, result),
        "withdrawals": withdrawals(world, result),
    }


def sha256(document: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON (RFC 8785) of a document of strings, integers, booleans and nulls."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def canonical(value: Any) -> str:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def ranking_row(world: World, row: dict[str, Any]) -> dict[str, Any]:
    bid, places = row["document"], world.decimals
    policy = world.policy
    return {
        "bid": row["bid"],
        "rank": row["rank"],
        "tied": row["tied"],
        "total": fixed(row["total"], places),
        "price": fixed(real_price(bid), 2),
        "evaluated_price": fixed(row["evaluated_price"], 2),
        "exact_evaluated_price": ratio(row["evaluated_price"]),
        "criteria": {
            key: {"points": fixed(points, places), "exact_points": ratio(points)}
            for key, points in row["points"].items()
        },
        "measures": {key: measure_entry(entry, places) for key, entry in row["applied"].items()},
        "bonus": fixed(row["bonus"], places),
        "european_share": None if policy is None else fixed(share(world, bid, policy["european_area"]), 4),
        "environment": None if policy is None else fixed(environment(world, bid), 4),
        "cashback": None if not (policy or {}).get("cashback") else fixed(cashback.amount(world, bid), 2),
        "rank_if_european": rank_in(world, row["bid"], {row["bid"]}),
        "rank_if_not": rank_in(world, row["bid"], {b["id"] for b in world.case["bids"]} - {row["bid"]}),
    }


def measure_entry(entry: dict[str, Fraction], places: int) -> dict[str, str]:
    if "points" in entry:
        effect_of = {"points": fixed(entry["points"], places), "exact_points": ratio(entry["points"])}
    else:
        effect_of = {"exact_factor": ratio(entry["factor"])}
    return {**effect_of, "exact_driver": ratio(entry["driver"])}


def rank_in(world: World, bid: str, unknown_is_european: set[str]) -> int | None:
    """The bid's rank when the unknown origin of the named bids is wholly European; None if excluded."""
    if world.policy is None:
        return None
    rows = evaluate(World(world.case, frozenset(unknown_is_european)))["rows"]
    return next((row["rank"] for row in rows if row["bid"] == bid), None)


def winning_row(result: dict[str, Any]) -> dict[str, Any] | None:
    return next((row for row in result["rows"] if row["bid"] == result["winner"]), None)


def right_to_match(world: World, result: dict[str, Any]) -> list[dict[str, str]]:
    winner = winning_row(result)
    offers: list[dict[str, str]] = []
    if winner is None:
        return offers
    for measure in world.measures:
        if measure["kind"] != "right_to_match":
            continue
        amount = number(measure["amount"])
        if not driver(world, winner["document"], measure["driver"]) < amount:
            continue
        highest = real_price(winner["document"]) * (1 + number(measure.get("params", {}).get("margin", "0")))
        for row in result["rows"]:
            bid = row["document"]
            enough = driver(world, bid, measure["driver"]) >= amount
            if enough and holds(world, bid, measure.get("when", {})) and real_price(bid) <= highest:
                price = fixed(real_price(winner["document"]), 2)
                offers.append({"measure": measure["id"], "bid": row["bid"], "match_price": price})
    return offers


def obligations(world: World, result: dict[str, Any]) -> list[dict[str, str]]:
    winner = winning_row(result)
    if winner is None:
        return []
    return [
        {"measure": measure["id"], "driver": measure["driver"], "amount": measure["amount"]}
        for measure in world.measures
        if measure["kind"] == "execution_cap" and holds(world, winner["document"], measure.get("when", {}))
    ]


def comparisons(world: World, result: dict[str, Any]) -> list[dict[str, Any]]:
    winner = winning_row(result)
    if winner is None:
        return []
    adding = [measure for measure in world.measures if measure["kind"] == "add_points"]
    return [
        {
            "bid": row["bid"],
            "exact_flip_amount": {m["id"]: flip_amount(world, m, winner, row) for m in adding},
        }
        for row in result["rows"]
        if row is not winner
    ]


def straight_line(world: World, row: dict[str, Any], moving: dict[str, Any]) -> tuple[Fraction, Fraction]:
    """(constant, slope) of a bid's unrounded, uncapped total as a function of the amount of `moving`."""
    bid = row["document"]
    constant = sum(row["points"].values(), Fraction(0))
    slope = Fraction(0)
    for measure in world.measures:
        if measure["kind"] != "add_points" or not holds(world, bid, measure.get("when", {})):
            continue
        if measure["id"] == moving["id"]:
            slope = curve_at(measure.get("curve", [["0", "0"], ["1", "1"]]), driver(world, bid, measure["driver"]))
        else:
            constant += effect(world, bid, measure)
    for entry in (row["applied"].get(m["id"]) for m in world.measures if m["kind"] == "scale_score"):
        if entry is not None:
            constant *= entry["factor"]
            slope *= entry["factor"]
    return constant, slope


def flip_amount(world: World, measure: dict[str, Any], winner: dict[str, Any], other: dict[str, Any]) -> str | None:
    winner_constant, winner_slope = straight_line(world, winner, measure)
    other_constant, other_slope = straight_line(world, other, measure)
    if winner_slope == other_slope:
        return None
    amount = (other_constant - winner_constant) / (winner_slope - other_slope)
    return ratio(amount) if amount >= 0 else None


def withdrawals(world: World, result: dict[str, Any]) -> list[dict[str, Any]]:
    changed: list[dict[str, Any]] = []
    if result["winner"] is None:
        return changed
    for row in result["rows"]:
        if row["bid"] == result["winner"]:
            continue
        remaining = [bid for bid in world.case["bids"] if bid["id"] != row["bid"]]
        winner = evaluate(World({**world.case, "bids": remaining}))["winner"]
        if winner != result["winner"]:
            changed.append({"bid": row["bid"], "winner": winner})
    return changed
