"""A measure in words: what it does, on whom, what it reads, what it rests on; and its curve."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.policies.presentation.conditions import Areas, driver_name, sentences
from procurement.policies.presentation.curves import Drawing, draw
from procurement.policies.presentation.numbers import number, percent
from procurement.policies.references import Reference, look_up
from scoring.policy import Measure

TITLES = {
    "gate": gettext_lazy("Exclusion"),
    "floor": gettext_lazy("Minimum content"),
    "add_to_price": gettext_lazy("Price increase for the evaluation"),
    "deduct_from_price": gettext_lazy("Price reduction for the evaluation"),
    "deflate_price": gettext_lazy("Price divided for the evaluation"),
    "add_points": gettext_lazy("Bonus points"),
    "scale_score": gettext_lazy("Score adjustment"),
    "right_to_match": gettext_lazy("Right to match the winner's price"),
    "execution_cap": gettext_lazy("Obligation during the contract"),
}


@dataclass(frozen=True, slots=True)
class Description:
    """A measure as the page reads it out; `reads` is empty and `drawing` None where the kind reads no driver."""

    id: str
    title: str
    effect: str
    reads: str
    conditions: list[str]
    drawing: Drawing | None
    reference: Reference


def describe(measure: Measure, *, areas: Areas, on: date) -> Description:
    """``measure`` in the reader's language; its reference as the law stands on that day.

    ``areas``: those of the policy in words, by key.
    """
    return Description(
        id=measure.id,
        title=str(TITLES[measure.kind]),
        effect=EFFECTS[measure.kind](measure),
        reads=driver_name(measure.driver, areas) if measure.driver else "",
        conditions=sentences(measure.when, areas),
        drawing=_drawing(measure),
        reference=look_up(measure.reference, on=on),
    )


def _amount(measure: Measure) -> Fraction:
    assert measure.amount is not None
    return measure.amount


def _ends(measure: Measure) -> tuple[Fraction, Fraction]:
    """The least and the greatest amount × c."""
    reached = [_amount(measure) * y for y in measure.curve.ordinates]
    return min(reached), max(reached)


def _gate(measure: Measure) -> str:
    return _("The bid is excluded.")


def _floor(measure: Measure) -> str:
    return _("The bid is excluded below %(amount)s.") % {"amount": percent(_amount(measure))}


def _range(sentence: Promise) -> Callable[[Measure], str]:
    def say(measure: Measure) -> str:
        low, high = _ends(measure)
        return str(sentence) % {"low": percent(low), "high": percent(high)}

    return say


def _add_points(measure: Measure) -> str:
    low, high = _ends(measure)
    return _("From %(low)s to %(high)s points are added to the total.") % {"low": number(low), "high": number(high)}


def _right_to_match(measure: Measure) -> str:
    margin = measure.params.get("margin", Fraction(0))
    return _(
        "When the winner is below %(amount)s, a bid at or above it whose price is at most %(margin)s higher may take "
        "the contract at the winner's price."
    ) % {"amount": percent(_amount(measure)), "margin": percent(margin)}


def _execution_cap(measure: Measure) -> str:
    return _("The winner stays at %(amount)s or less until the end of the contract.") % {
        "amount": percent(_amount(measure))
    }


EFFECTS: dict[str, Callable[[Measure], str]] = {
    "gate": _gate,
    "floor": _floor,
    "add_to_price": _range(
        gettext_lazy(
            "For the ranking alone, the price counts %(low)s to %(high)s more; the price paid does not change."
        )
    ),
    "deduct_from_price": _range(
        gettext_lazy(
            "For the ranking alone, the price counts %(low)s to %(high)s less; the price paid does not change."
        )
    ),
    "deflate_price": _range(
        gettext_lazy(
            "For the ranking alone, the price is divided by 1 plus %(low)s to %(high)s; the price paid does not change."
        )
    ),
    "add_points": _add_points,
    "scale_score": _range(gettext_lazy("The total loses %(low)s to %(high)s of itself.")),
    "right_to_match": _right_to_match,
    "execution_cap": _execution_cap,
}
DRAWN = frozenset({"add_to_price", "deduct_from_price", "deflate_price", "add_points", "scale_score"})


def _drawing(measure: Measure) -> Drawing | None:
    if measure.kind not in DRAWN:
        return None
    say_y = number if measure.kind == "add_points" else percent
    return draw(measure.curve, scale=_amount(measure), say_x=percent, say_y=say_y)
