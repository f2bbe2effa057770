"""The points of every plausible price, drawn, and what a euro or a percent of it is worth under a lot's rules."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.people.templatetags.reading import money, points
from procurement.policies.presentation.curves import Drawing, draw
from procurement.tenders.models import Lot
from procurement.tenders.rules import case_document
from scoring.case import Criterion
from scoring.case_reading import read_case
from scoring.curves import Curve
from scoring.formulas import FORMULAS, Field
from scoring.numbers import fixed
from scoring.worth import CENT, cents_for_points, points_at, points_of_step

INTERVALS = 20  # of the drawing: a break of the line is off by a twentieth of the picture at most
SIGNIFICANT = 3  # digits of a number of points that may be far below 1
ONE = Fraction(1)
BESIDE = {
    (): _("The points of a price do not depend on the other bids."),
    ("lowest",): _(
        "The points depend on the lowest price received, which is taken here to be the lowest plausible one."
    ),
    ("lowest", "highest"): _(
        "The points depend on the lowest and the highest price received, which are taken here to be the two ends of"
        " the plausible range."
    ),
    ("mean",): _(
        "The points depend on the mean of the prices received, which is taken here to be the middle of the plausible"
        " range."
    ),
}


@dataclass(frozen=True, slots=True)
class Worth:
    """What a price of the range is worth. `euro`, `percent`: points lost by that much more (at the high end: gained by
    that much less), exact; None where the range is too narrow for the step.

    `point`: how much cheaper gains one point, in the currency; None where the low end does not.
    """

    price: Decimal
    points: Fraction
    euro: Fraction | None
    percent: Fraction | None
    point: Decimal | None

    @property
    def points_shown(self) -> str:
        return fixed(self.points, 2)

    @property
    def euro_shown(self) -> str:
        return significant(self.euro)

    @property
    def percent_shown(self) -> str:
        return significant(self.percent)


@dataclass(frozen=True, slots=True)
class PriceCurve:
    """The criterion on prices of a lot over its plausible range, and what is assumed of the bids received."""

    title: str
    currency: str
    on_cost: bool
    beside: str
    drawing: Drawing
    worths: list[Worth]


def price_curve(lot: Lot, rules: dict[str, Any]) -> PriceCurve | None:
    """The curve of ``lot`` under ``rules``; None without a plausible range, or without a criterion on prices."""
    criterion = price_criterion(rules)
    if criterion is None or lot.plausible_low is None or lot.plausible_high is None:
        return None
    low, high = Fraction(lot.plausible_low), Fraction(lot.plausible_high)
    field = Field.of([low, high])
    currency = rules["tender"]["currency"]
    return PriceCurve(
        title=criterion.title or criterion.id,
        currency=currency,
        on_cost=criterion.kind == "cost",
        beside=str(BESIDE[FORMULAS[criterion.formula].reads]),
        drawing=draw(
            Curve(tuple((price, points_at(criterion, price, field)) for price in _places(low, high))),
            say_x=lambda price: money(fixed(price, 2), currency),
            say_y=lambda amount: points(fixed(amount, 2)),
            unit_span=False,
        ),
        worths=[_worth(criterion, price, field) for price in (low, _middle(low, high), high)],
    )


def price_criterion(rules: dict[str, Any]) -> Criterion | None:
    """The criterion of ``rules`` that is scored on prices or costs, in exact types."""
    case = case_document(rules=rules, policy_document=None, bids=[], facts={}, assessed_on=date.max)
    return next((each for each in read_case(case).criteria if each.kind in ("price", "cost")), None)


def significant(value: Fraction | None) -> str:
    """``value`` rounded to 2 decimals, or to as many as show `SIGNIFICANT` digits of it; "" for None."""
    if value is None:
        return ""
    decimals = 2
    while value and abs(value) * 10**decimals < 10 ** (SIGNIFICANT - 1) and decimals < 12:
        decimals += 1
    return fixed(value, decimals)


def _places(low: Fraction, high: Fraction) -> list[Fraction]:
    return [low + (high - low) * step / INTERVALS for step in range(INTERVALS + 1)]


def _middle(low: Fraction, high: Fraction) -> Fraction:
    """The middle of the range, to the cent."""
    return Fraction(fixed((low + high) / 2, 2))


def _worth(criterion: Criterion, price: Fraction, field: Field) -> Worth:
    cents = cents_for_points(criterion, price, ONE, field)
    return Worth(
        price=Decimal(fixed(price, 2)),
        points=points_at(criterion, price, field),
        euro=_step(criterion, price, ONE, field),
        percent=_step(criterion, price, price / 100, field),
        point=None if cents is None else Decimal(fixed(cents * CENT, 2)),
    )


def _step(criterion: Criterion, price: Fraction, step: Fraction, field: Field) -> Fraction | None:
    """The points of a step inside the range: upwards, and downwards from its high end."""
    start = price - step if price == field.highest else price
    within = field.lowest <= start and start + step <= field.highest
    return points_of_step(criterion, start, step, field) if within else None
