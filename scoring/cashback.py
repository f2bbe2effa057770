"""Cash-back: the estimate for one bid (specification 4). A simulation: nothing in force pays it.

The rationing of a portfolio under caps and an envelope is in `rationing`.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.case import Bid, Case
from scoring.drivers import ZERO, Gauge
from scoring.numbers import rounded
from scoring.policy import Cashback


def estimate(bid: Bid, case: Case, gauge: Gauge | None) -> Fraction | None:
    """What the scheme would pay if the bid were awarded, in the case's currency; None without a scheme."""
    policy = case.policy
    if policy is None or policy.cashback is None or gauge is None or bid.price is None:
        return None
    scheme = policy.cashback
    if not scheme.when.holds(case.tender, bid.supplier.country, policy.areas, gauge):
        return ZERO
    return amount(scheme, price=bid.price, share=gauge.european_share, environment=gauge.environment)


def amount(scheme: Cashback, *, price: Fraction, share: Fraction, environment: Fraction) -> Fraction:
    """The cash-back of a contract at `price` whose `when` holds, rounded 2, in the price's currency.

    `share` and `environment` lie in 0…1.
    """
    if price < scheme.minimum_contract:
        return ZERO
    uncapped = price * rate(scheme, share, environment)
    cap = scheme.cap_per_contract
    return rounded(uncapped if cap is None else min(uncapped, cap), 2)


def rate(scheme: Cashback, share: Fraction, environment: Fraction) -> Fraction:
    """What a scheme pays for each unit of a price, before minimum and caps."""
    base = share if scheme.base == "european_value" else Fraction(1)
    return base * scheme.rate(share) * (1 + scheme.environment_multiplier * environment)
