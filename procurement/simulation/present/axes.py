"""The axes of a drawing with two of them, and where its points lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from procurement.evaluation.present.drawing import Scale, length, round_numbers

WIDTH, HEIGHT = 720, 340
LEFT, BOTTOM, MARGIN = 64, 44, 40  # room for the labels of the axes; above and right of what is drawn
POWERS: tuple[tuple[Decimal, Promise | str], ...] = (
    (Decimal(10**9), gettext_lazy("in thousand millions")),
    (Decimal(10**6), gettext_lazy("in millions")),
    (Decimal(10**3), gettext_lazy("in thousands")),
)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and the number written at it."""

    at: str
    value: Decimal


@dataclass(frozen=True)
class Axes:
    """A picture whose axes cross at (`left`, `bottom`), in its own units."""

    across: Scale
    up: Scale
    ticks_across: list[Tick]
    ticks_up: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - MARGIN
    top: int = MARGIN
    bottom: int = HEIGHT - BOTTOM

    @classmethod
    def around(cls, across: Sequence[Decimal], up: Sequence[Decimal]) -> "Axes":
        """Axes of round numbers that hold all the values of both directions."""
        marks_across, marks_up = round_numbers(across), round_numbers(up)
        scale_across = Scale(marks_across[0], marks_across[-1], WIDTH - LEFT - MARGIN)
        scale_up = Scale(marks_up[0], marks_up[-1], HEIGHT - BOTTOM - MARGIN)
        return cls(
            scale_across,
            scale_up,
            [Tick(length(LEFT + scale_across.at(value)), value) for value in marks_across],
            [Tick(length(HEIGHT - BOTTOM - scale_up.at(value)), value) for value in marks_up],
        )

    def x(self, value: Decimal) -> str:
        return length(self.left + self.across.at(value))

    def y(self, value: Decimal) -> str:
        return length(self.bottom - self.up.at(value))

    def flipped(self, value: Decimal) -> bool:
        """Whether a point lies in the right half, so that its name stands to its left."""
        return self.across.at(value) * 2 > self.right - self.left


def power(values: Sequence[Decimal]) -> tuple[Decimal, str]:
    """What large numbers are divided by on an axis, and the word for it: `(1000, "thousands")`."""
    most = max((abs(value) for value in values), default=Decimal(0))
    return next(((divisor, str(word)) for divisor, word in POWERS if most >= 10 * divisor), (Decimal(1), ""))
