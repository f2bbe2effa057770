"""A bid before the field is looked at: its drivers, its exclusion, its evaluated price, what each measure does.

Specification 3.2 to 3.4 and 3.7. All of it depends on the bid and the case alone, so one standing serves every
evaluation in which the bid's origins are read the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from scoring.case import Bid, Case
from scoring.drivers import ZERO, Gauge
from scoring.measures import KINDS
from scoring.numbers import rounded, rounded_units
from scoring.outcome import Effect, Exclusion, Points
from scoring.policy import Measure, Policy


@dataclass(frozen=True, slots=True)
class Standing:
    """A bid left in the evaluation.

    `effects` are those of the price, points and score measures whose `when` holds, by measure id in document order;
    `bonus` is rounded as the case says; `factors` multiply the total one after the other. Shares are exact, None
    without a policy. `gauge` reads the bid's drivers, None without a policy.
    """

    bid: Bid
    price: Fraction
    evaluated_price: Fraction
    effects: Mapping[str, Effect]
    bonus: Fraction
    factors: tuple[Fraction, ...]
    european_share: Fraction | None
    environment: Fraction | None
    gauge: Gauge | None

    def meets(self, measure: Measure, case: Case) -> bool:
        """Whether the measure's `when` holds for the bid; never without a policy."""
        return (
            case.policy is not None
            and self.gauge is not None
            and _holds(measure, self.bid, case, case.policy, self.gauge)
        )


def standing(bid: Bid, case: Case, *, unknown_is_european: bool = False) -> Standing | Exclusion:
    """The standing of a bid, or the first reason that excludes it (specification 3.3)."""
    if bid.status == "excluded":
        return Exclusion(bid, "excluded")
    for criterion in case.criteria:
        if criterion.minimum is not None and bid.marks[criterion.id] < criterion.minimum:
            return Exclusion(bid, f"minimum:{criterion.id}")
    start = bid.cost if case.uses_cost else bid.price
    assert bid.price is not None  # nor start: validation saw to both
    assert start is not None
    if case.policy is None:
        return Standing(bid, bid.price, start, {}, ZERO, (), None, None, None)
    gauge = Gauge(bid, case.policy, case.scales, unknown_is_european=unknown_is_european)
    applying = [m for m in case.policy.measures if _holds(m, bid, case, case.policy, gauge)]
    for measure in applying:
        if _excludes(measure, gauge):
            return Exclusion(bid, measure.id)
    effects = {measure.id: effect for measure in applying for effect in _effects(measure, gauge, case.decimals)}
    return Standing(
        bid=bid,
        price=bid.price,
        evaluated_price=_evaluated_price(start, effects),
        effects=effects,
        bonus=_bonus(effects, case.policy, case.decimals),
        factors=tuple(_factors(effects, "score")),
        european_share=gauge.european_share,
        environment=gauge.environment,
        gauge=gauge,
    )


def _holds(measure: Measure, bid: Bid, case: Case, policy: Policy, gauge: Gauge) -> bool:
    return measure.when.holds(case.tender, bid.supplier.country, policy.areas, gauge)


def _excludes(measure: Measure, gauge: Gauge) -> bool:
    excludes = KINDS[measure.kind].excludes
    if excludes is None:
        return False
    driver = ZERO if measure.driver is None else gauge(measure.driver)
    return excludes(driver, ZERO if measure.amount is None else measure.amount)


def _effects(measure: Measure, gauge: Gauge, decimals: int) -> Iterator[Effect]:
    kind = KINDS[measure.kind]
    if measure.driver is None or measure.amount is None or kind.acts_on in ("ranking", "report"):
        return
    driver = gauge(measure.driver)
    product = measure.amount * measure.curve.value(driver)
    if kind.factor is not None:
        yield Effect(measure, driver, factor=kind.factor(product))
    else:
        yield Effect(measure, driver, points=Points(product, rounded_units(product, decimals)))


def _evaluated_price(price: Fraction, effects: Mapping[str, Effect]) -> Fraction:
    for factor in _factors(effects, "price"):
        price = price * factor
    return price


def _factors(effects: Mapping[str, Effect], acts_on: str) -> Iterator[Fraction]:
    for effect in effects.values():
        if effect.factor is not None and KINDS[effect.measure.kind].acts_on == acts_on:
            yield effect.factor


def _bonus(effects: Mapping[str, Effect], policy: Policy, decimals: int) -> Fraction:
    units = sum(effect.points.units for effect in effects.values() if effect.points is not None)
    total = Fraction(units, 10**decimals)
    return total if policy.bonus_cap is None else rounded(min(total, policy.bonus_cap), decimals)
