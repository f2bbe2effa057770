"""Section 3 in its frozen order, on Fractions and plain dicts; one call scores one case in one reading."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .drivers import DEFAULT_TIE_BREAK, World, driver, effect, environment, holds, real_price, share
from .numbers import number, rounded

PRICE_KINDS = ("price", "cost")


def exclusion(world: World, bid: dict[str, Any]) -> str | None:
    """Section 3.3: the first reason that applies, or None."""
    if bid["status"] == "excluded":
        return "excluded"
    for criterion in world.case["criteria"]:
        if criterion["kind"] in PRICE_KINDS or "minimum" not in criterion:
            continue
        if number(bid["marks"][criterion["id"]]) < number(criterion["minimum"]):
            return f"minimum:{criterion['id']}"
    for measure in world.measures:
        if measure["kind"] not in ("gate", "floor") or not holds(world, bid, measure.get("when", {})):
            continue
        if measure["kind"] == "gate":
            return str(measure["id"])
        if driver(world, bid, measure["driver"]) < number(measure["amount"]):
            return str(measure["id"])
    return None


def factor(measure: dict[str, Any], amount_times_c: Fraction) -> Fraction:
    """What a price or a total is multiplied by."""
    if measure["kind"] == "add_to_price":
        return 1 + amount_times_c
    if measure["kind"] == "deflate_price":
        return 1 / (1 + amount_times_c)
    return 1 - amount_times_c  # deduct_from_price, scale_score


def evaluated_price(world: World, bid: dict[str, Any]) -> Fraction:
    """Section 3.4."""
    has_cost = any(criterion["kind"] == "cost" for criterion in world.case["criteria"])
    price = number(bid["cost"]) if has_cost else real_price(bid)
    for measure in world.measures:
        on_price = measure["kind"] in ("add_to_price", "deduct_from_price", "deflate_price")
        if on_price and holds(world, bid, measure.get("when", {})):
            price = price * factor(measure, effect(world, bid, measure))
    return price


def abnormally_low(bids: list[dict[str, Any]]) -> tuple[Fraction | None, list[str]]:
    """Section 3.5: the threshold 0.9 × m2 (None under three bids) and the ids of the bids below it."""
    if len(bids) < 3:
        return None, []
    prices = [real_price(bid) for bid in bids]
    m1 = sum(prices, Fraction(0)) / len(prices)
    kept = [price for price in prices if not price > Fraction(12, 10) * m1]
    m2 = sum(kept, Fraction(0)) / len(kept)
    threshold = Fraction(9, 10) * m2
    return threshold, sorted(bid["id"] for bid in bids if real_price(bid) < threshold)


def kept_between(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    return max(low, min(high, value))


def price_points(criterion: dict[str, Any], p: Fraction, prices: list[Fraction]) -> Fraction:
    w = number(criterion["weight"])
    params = criterion.get("params", {})
    pmin, pmax, pmean = min(prices), max(prices), sum(prices, Fraction(0)) / len(prices)
    formula = criterion["formula"]
    if formula == "lowest_ratio":
        return w * pmin / p
    if formula == "linear_lowest":
        points = w * (2 - p / pmin)
        return points if params.get("floor") == "no" or points >= 0 else Fraction(0)
    if formula == "high_low":
        return w if pmax == pmin else w * (pmax - p) / (pmax - pmin)
    if formula == "squared_ratio":
        return w * (pmin / p) ** 2
    if formula == "mean_bounded":
        return kept_between(w / 2 * (2 - p / pmean), Fraction(0), w)
    assert formula == "absolute_linear"
    ceiling, floor_price = number(params["ceiling"]), number(params["floor_price"])
    return kept_between(w * (ceiling - p) / (ceiling - floor_price), Fraction(0), w)


def mark_points(criterion: dict[str, Any], mark: Fraction, marks: list[Fraction]) -> Fraction:
    w = number(criterion["weight"])
    if criterion["formula"] == "proportional":
        return w * mark / number(criterion["scale"])
    assert criterion["formula"] == "best_ratio"
    best = max(marks)
    return Fraction(0) if best == 0 else w * mark / best


def criterion_points(world: World, bids: list[dict[str, Any]]) -> dict[str, dict[str, Fraction]]:
    """Section 3.6: unrounded points by bid id, then criterion id."""
    points: dict[str, dict[str, Fraction]] = {bid["id"]: {} for bid in bids}
    for criterion in world.case["criteria"]:
        key = criterion["id"]
        if criterion["kind"] in PRICE_KINDS:
            prices = [evaluated_price(world, bid) for bid in bids]
            for bid in bids:
                points[bid["id"]][key] = price_points(criterion, evaluated_price(world, bid), prices)
        else:
            marks = [number(bid["marks"][key]) for bid in bids]
            for bid in bids:
                points[bid["id"]][key] = mark_points(criterion, number(bid["marks"][key]), marks)
    return points


def applied_measures(world: World, bid: dict[str, Any]) -> dict[str, dict[str, Fraction]]:
    """The add_points, price and scale_score measures whose `when` holds: driver, and points or factor."""
    applied: dict[str, dict[str, Fraction]] = {}
    for measure in world.measures:
        if measure["kind"] in ("gate", "floor", "right_to_match", "execution_cap"):
            continue
        if not holds(world, bid, measure.get("when", {})):
            continue
        entry = {"driver": driver(world, bid, measure["driver"])}
        if measure["kind"] == "add_points":
            entry["points"] = effect(world, bid, measure)
        else:
            entry["factor"] = factor(measure, effect(world, bid, measure))
        applied[measure["id"]] = entry
    return applied


def bonus_of(world: World, applied: dict[str, dict[str, Fraction]]) -> Fraction:
    """Section 3.7."""
    total = sum((rounded(m["points"], world.decimals) for m in applied.values() if "points" in m), Fraction(0))
    cap = world.policy.get("bonus_cap") if world.policy else None
    if cap is not None and total > number(cap):
        total = number(cap)
    return rounded(total, world.decimals)


def total_of(world: World, points: dict[str, Fraction], bonus: Fraction, bid: dict[str, Any]) -> Fraction:
    """Section 3.8."""
    total = sum((rounded(value, world.decimals) for value in points.values()), Fraction(0)) + bonus
    for measure in world.measures:
        if measure["kind"] == "scale_score" and holds(world, bid, measure.get("when", {})):
            total = rounded(total * factor(measure, effect(world, bid, measure)), world.decimals)
    return total


def order_key(world: World, row: dict[str, Any]) -> tuple[Any, ...]:
    """Section 3.9: smaller is better; what an absent policy or time leaves open is equal or latest."""
    bid = row["document"]
    key: list[Any] = [-row["total"]]
    for rule in world.case.get("tie_break", DEFAULT_TIE_BREAK):
        if rule == "lower_price":
            key.append(real_price(bid))
        elif rule == "earlier_submission":
            key.append((0, bid["submitted_at"]) if "submitted_at" in bid else (1, ""))
        elif world.policy is None:
            key.append(Fraction(0))
        elif rule == "higher_environment":
            key.append(-environment(world, bid))
        else:
            key.append(-share(world, bid, world.policy["european_area"]))
    return tuple(key)


def evaluate(world: World) -> dict[str, Any]:
    """Ranked rows (by rank, then bid id), exclusion reasons, alerts, winner, whether rank 1 is shared."""
    excluded = {bid["id"]: reason for bid in world.case["bids"] if (reason := exclusion(world, bid)) is not None}
    left = [bid for bid in world.case["bids"] if bid["id"] not in excluded]
    threshold, low = abnormally_low(left)
    points = criterion_points(world, left)
    rows = []
    for bid in left:
        applied = applied_measures(world, bid)
        bonus = bonus_of(world, applied)
        rows.append(
            {
                "bid": bid["id"],
                "document": bid,
                "evaluated_price": evaluated_price(world, bid),
                "points": points[bid["id"]],
                "applied": applied,
                "bonus": bonus,
                "total": total_of(world, points[bid["id"]], bonus, bid),
            }
        )
    for row in rows:
        own = order_key(world, row)
        row["rank"] = 1 + sum(1 for other in rows if order_key(world, other) < own)
        row["tied"] = sum(1 for other in rows if order_key(world, other) == own) > 1
    rows.sort(key=lambda row: (row["rank"], row["bid"]))
    first = [row["bid"] for row in rows if row["rank"] == 1]
    return {
        "rows": rows,
        "excluded": excluded,
        "alerts": low,
        "threshold": threshold,
        "winner": first[0] if len(first) == 1 else None,
        "tied": len(first) > 1,
    }
