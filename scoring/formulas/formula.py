"""What a criterion formula is, and the field of bids it is relative to (specification 3.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from scoring.numbers import Ratio, total
from scoring.shapes import Object

Statistic = Literal["lowest", "highest", "mean"]
Params = Mapping[str, Any]

NOTHING: Ratio = (0, 1)


class Field:
    """What the values of the bids left say together: evaluated prices, or marks on one scale; all exact.

    The mean of many prices can have thousands of digits: it is a ratio, which nothing has to reduce. A formula's field
    holds only the statistics it declares in `reads`; reading another raises AttributeError.
    """

    __slots__ = ("highest", "lowest", "mean", "scale")

    lowest: Fraction
    highest: Fraction
    mean: Ratio
    scale: Fraction  # the highest mark possible; prices have none

    def __init__(self, **statistics: Fraction | Ratio) -> None:
        for name, value in statistics.items():
            setattr(self, name, value)

    @classmethod
    def of(cls, values: Iterable[Fraction], *, scale: Fraction | None = None) -> Field:
        """The field of these values (at least one), with every statistic."""
        known = list(values)
        mean = total(known) / len(known)
        field = cls(lowest=min(known), highest=max(known), mean=(mean.numerator, mean.denominator))
        if scale is not None:
            field.scale = scale
        return field


@dataclass(frozen=True, slots=True)
class Formula:
    """A criterion formula.

    `points(value, field, weight, params)` gives the unrounded points of one bid, as a ratio: `value` is its evaluated
    price (in the case's currency, > 0) when `on` is "price", its mark (0 to the scale) when `on` is "mark". Points that
    read the mean rest on ratios of values alone: all of them may come multiplied by one number.
    """

    key: str
    title: str
    on: Literal["price", "mark"]
    points: Callable[[Fraction, Field, Fraction, Params], Ratio]
    reads: tuple[Statistic, ...] = ()
    params: Object = field(default_factory=Object)
    check: Callable[[Params], str | None] | None = None  # a template: what is wrong with valid params together
