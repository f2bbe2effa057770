"""What a criterion formula is, and the field of bids it is relative to (specification 3.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from scoring.shapes import Object

Statistic = Literal["lowest", "highest", "mean"]
Params = Mapping[str, Any]


class Field:
    """What the values of the bids left say together: evaluated prices, or marks on one scale; all exact.

    A formula's field holds only the statistics it declares in `reads`; reading another raises AttributeError.
    """

    __slots__ = ("highest", "lowest", "mean", "scale")

    lowest: Fraction
    highest: Fraction
    mean: Fraction
    scale: Fraction  # the highest mark possible; prices have none

    def __init__(self, **statistics: Fraction) -> None:
        for name, value in statistics.items():
            setattr(self, name, value)

    @classmethod
    def of(cls, values: Iterable[Fraction], *, scale: Fraction | None = None) -> Field:
        """The field of these values (at least one), with every statistic."""
        known = list(values)
        statistics = {"lowest": min(known), "highest": max(known), "mean": sum(known, Fraction(0)) / len(known)}
        return cls(**statistics) if scale is None else cls(**statistics, scale=scale)


@dataclass(frozen=True, slots=True)
class Formula:
    """A criterion formula.

    `points(value, field, weight, params)` gives the unrounded points of one bid: `value` is its evaluated price
    (in the case's currency, > 0) when `on` is "price", its mark (0 to the scale) when `on` is "mark".
    """

    key: str
    title: str
    on: Literal["price", "mark"]
    points: Callable[[Fraction, Field, Fraction, Params], Fraction]
    reads: tuple[Statistic, ...] = ()
    params: Object = field(default_factory=Object)
    check: Callable[[Params], str | None] | None = None  # a template: what is wrong with valid params together
