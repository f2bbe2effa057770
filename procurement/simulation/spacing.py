"""Values by a first one, a last one and a step."""

from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _

from procurement.simulation.scenarios import MOST_SCENARIOS


class BadRange(Exception):
    """A range that makes no values; `sentence` says why, and `where` of its numbers is to blame."""

    def __init__(self, where: Literal["last", "step"], sentence: str) -> None:
        super().__init__(sentence)
        self.where: Literal["last", "step"] = where
        self.sentence = sentence


def values_between(first: Decimal, last: Decimal, step: Decimal) -> list[str]:
    """The first value, and those a step apart up to the last one. Raises BadRange."""
    if step <= 0:
        raise BadRange("step", _("A step is more than 0."))
    if last < first:
        raise BadRange("last", _("A range rises: write a last value that is not below the first."))
    if (last - first) / step >= MOST_SCENARIOS:
        raise BadRange("step", _("This range has more than 1,000 values: take a larger step."))
    return [str(first + step * place) for place in range(int((last - first) / step) + 1)]
