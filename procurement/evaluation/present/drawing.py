"""Numbers of the drawings: lengths in a picture's own units, as text that no language reformats."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

HUNDREDTH = Decimal("0.01")
TICKS = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """A line from `start` to `end` of some quantity onto 0 to `length` units of the picture."""

    start: Decimal
    end: Decimal
    length: int

    def at(self, value: Decimal) -> Decimal:
        """Where a value lies; the middle when the line has no extent."""
        if self.end == self.start:
            return Decimal(self.length) / 2
        return (value - self.start) * self.length / (self.end - self.start)

    def span(self, one: Decimal, other: Decimal) -> tuple[str, str]:
        """Where a bar between two values starts, and how long it is."""
        left, right = sorted((self.at(one), self.at(other)))
        return length(left), length(right - left)


def length(value: Decimal) -> str:
    """A length to a hundredth of the picture's unit."""
    return format(value.quantize(HUNDREDTH, rounding=ROUND_HALF_EVEN), "f")


def round_numbers(values: Sequence[Decimal]) -> list[Decimal]:
    """Round numbers (1, 2 or 5 × a power of ten apart) from at or below the least to at or above the most."""
    least, most = min(values), max(values)
    extent = (most - least) or abs(most) or Decimal(1)
    power = Decimal(1).scaleb((extent / TICKS).adjusted())
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * TICKS >= extent)
    first = (least / step).to_integral_value(ROUND_FLOOR)
    last = max((most / step).to_integral_value(ROUND_CEILING), first + 1)
    return [(first + index) * step for index in range(int(last - first) + 1)]
