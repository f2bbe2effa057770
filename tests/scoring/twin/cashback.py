"""Section 4: the cash-back of one bid, the rationing of a portfolio, the dues of what was really bought."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .drivers import World, environment, holds, real_price, share
from .numbers import fixed, number, rounded


def tier_rate(scheme: dict[str, Any], s: Fraction) -> Fraction:
    """The rate of the last tier whose from ≤ s, or 0."""
    rate = Fraction(0)
    for start, value in scheme["tiers"]:
        if number(start) <= s:
            rate = number(value)
    return rate


def amount(world: World, bid: dict[str, Any]) -> Fraction:
    """Rounded 2, in the currency of the case."""
    assert world.policy is not None
    scheme = world.policy["cashback"]
    price = real_price(bid)
    s = share(world, bid, world.policy["european_area"])
    if price < number(scheme.get("minimum_contract", "0")) or not holds(world, bid, scheme.get("when", {})):
        return Fraction(0)
    base = price * s if scheme["base"] == "european_value" else price
    multiplier = number(scheme.get("environment_multiplier", "0"))
    value = base * tier_rate(scheme, s) * (1 + multiplier * environment(world, bid))
    cap = scheme.get("cap_per_contract")
    if cap is not None and value > number(cap):
        value = number(cap)
    return rounded(value, 2)


def ration(scheme: dict[str, Any], awards: list[dict[str, Any]]) -> dict[Any, str]:
    """Amount left to each award id: the hospital-year caps first, then the envelope of each year."""
    left = {award["id"]: number(award["amount"]) for award in awards}
    in_order = sorted(awards, key=lambda award: (award["awarded_on"], award["id"]))
    hospital_cap = scheme.get("cap_per_hospital_year")
    if hospital_cap is not None:
        for hospital, year in {(award["hospital"], award["year"]) for award in awards}:
            own = [a["id"] for a in in_order if (a["hospital"], a["year"]) == (hospital, year)]
            cut_in_order(left, own, number(hospital_cap))
    envelope = scheme.get("envelope_year")
    if envelope is not None:
        for year in {award["year"] for award in awards}:
            ids = [a["id"] for a in in_order if a["year"] == year]
            if scheme.get("rationing", "pro_rata") == "first_come":
                cut_in_order(left, ids, number(envelope))
            else:
                share_out(left, ids, number(envelope))
    return {key: fixed(value, 2) for key, value in left.items()}


def cut_in_order(left: dict[Any, Fraction], ids: list[Any], limit: Fraction) -> None:
    """The award that crosses the limit is cut to what is left; later ones are 0."""
    for key in ids:
        left[key] = min(left[key], limit)
        limit -= left[key]


def share_out(left: dict[Any, Fraction], ids: list[Any], envelope: Fraction) -> None:
    """Each × envelope ÷ total in whole cents by largest remainder; ties by the order of `ids`."""
    total = sum((left[key] for key in ids), Fraction(0))
    if total <= envelope:
        return
    quotas = {key: left[key] * envelope / total * 100 for key in ids}
    cents = {key: quota.numerator // quota.denominator for key, quota in quotas.items()}
    missing = int(envelope * 100) - sum(cents.values())
    by_remainder = sorted(ids, key=lambda key: -(quotas[key] - cents[key]))  # the sort is stable
    for key in by_remainder[:missing]:
        cents[key] += 1
    for key in ids:
        left[key] = Fraction(cents[key], 100)


def dues(scheme: dict[str, Any], realised: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Due and claw-back of each contract (`id`) and calendar year of invoice, in the order given.

    The cap of a contract is used up year after year; then the caps of section 4 apply in the same order as to awards.
    """
    awards = []
    for line in realised:
        verified = number(line["verified_share"])
        due = rounded(number(line["invoiced"]) * verified * tier_rate(scheme, verified), 2)
        awards.append({**line, "id": (line["id"], line["year"]), "contract": line["id"], "amount": fixed(due, 2)})
    cap = scheme.get("cap_per_contract")
    if cap is not None:
        left = {award["id"]: number(award["amount"]) for award in awards}
        for contract in {award["contract"] for award in awards}:
            years = sorted(award["id"] for award in awards if award["contract"] == contract)
            cut_in_order(left, years, number(cap))
        awards = [{**award, "amount": fixed(left[award["id"]], 2)} for award in awards]
    rationed = ration(scheme, awards)
    return [
        {
            "id": line["id"],
            "year": line["year"],
            "due": rationed[line["id"], line["year"]],
            "claw_back": fixed(max(number(line["paid"]) - number(rationed[line["id"], line["year"]]), Fraction(0)), 2),
        }
        for line in realised
    ]
