"""What a kind of preference measure is: what it acts on, what it needs, and its arithmetic (specification 2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from scoring.problems import Phrase
from scoring.shapes import Object


@dataclass(frozen=True, slots=True)
class Limit:
    """What amount × y must satisfy for every y of the curve; `phrase` says so."""

    allows: Callable[[Fraction], bool]
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of measure. c is the curve's value of the driver.

    - acts on "ranking": `excludes(driver, amount)` says whether the bid is excluded (0, 0 for a kind that uses none);
    - acts on "price" or "score": `factor(amount × c)` multiplies the evaluated price or the total;
    - acts on "points": amount × c points are added to the bonus;
    - acts on "report": nothing moves, the sheet reports it (specification 3.9).
    """

    key: str
    title: str
    acts_on: Literal["ranking", "price", "points", "score", "report"]
    needs_driver: bool = True
    needs_amount: bool = True
    excludes: Callable[[Fraction, Fraction], bool] | None = None
    factor: Callable[[Fraction], Fraction] | None = None
    limit: Limit | None = None
    rising_harms: bool | None = None  # whether a bid is worse off when amount × c grows; None: neither
    params: Object = field(default_factory=Object)
