"""Drivers: the numbers of a bid that measures, predicates and tie-breaks read (specification 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from scoring.numbers import total, total_of_products

if TYPE_CHECKING:
    from scoring.case import Bid, Line
    from scoring.policy import Indicator, Policy

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Driver:
    """A driver as written (`text`) and understood: `name` is the area of a share or the criterion of a mark.

    `european_share` is understood as the share of the policy's european_area.
    """

    text: str
    kind: Literal["share", "mark", "environment", "one"]
    name: str = ""

    @property
    def is_origin(self) -> bool:
        """Whether the driver reads where the goods come from."""
        return self.kind == "share"


def driver(text: str, european_area: str) -> Driver | None:
    """The driver written as `text`, or None when it is no driver at all; areas and criteria are not looked up."""
    if text == "one":
        return Driver(text, "one")
    if text == "environment":
        return Driver(text, "environment")
    if text == "european_share":
        return Driver(text, "share", european_area)
    kind, colon, name = text.partition(":")
    if colon and kind == "share":
        return Driver(text, "share", name)
    if colon and kind == "mark":
        return Driver(text, "mark", name)
    return None


class Gauge:
    """Reads the drivers of one bid under one policy; each is computed once.

    `scales` are the highest marks by criterion id. With `unknown_is_european` the part of each line whose origin is
    unknown counts as wholly in the policy's european_area (factor 1; a bid without lines: share 1), the reading of
    `rank_if_european`; every other area is read as ever.
    """

    def __init__(
        self, bid: Bid, policy: Policy, scales: Mapping[str, Fraction], *, unknown_is_european: bool = False
    ) -> None:
        self._bid = bid
        self._policy = policy
        self._scales = scales
        self._unknown_is_european = unknown_is_european
        self._values = [line.value for line in bid.lines]
        self._shares: dict[str, Fraction] = {}
        self._environment: Fraction | None = None

    def __call__(self, driver: Driver) -> Fraction:
        """The bid's value of `driver`, exact."""
        if driver.kind == "share":
            return self.share(driver.name)
        if driver.kind == "environment":
            return self.environment
        if driver.kind == "mark":
            return self._bid.marks[driver.name] / self._scales[driver.name]
        return ONE

    def share(self, area: str) -> Fraction:
        """The part, 0 to 1, of the value of the bid's goods that originates in `area`, weighted by assurance."""
        if area not in self._shares:
            self._shares[area] = self._share(area)
        return self._shares[area]

    @property
    def european_share(self) -> Fraction:
        """`share` of the policy's european_area."""
        return self.share(self._policy.european_area)

    @property
    def environment(self) -> Fraction:
        """The weighted mean, 0 to 1, of all the policy's indicators; 0 when it has none."""
        if self._environment is None:
            self._environment = self._environmental_quality()
        return self._environment

    def _share(self, area: str) -> Fraction:
        unknown_counts = self._unknown_is_european and area == self._policy.european_area
        if unknown_counts and not self._values:
            return ONE
        value = total(self._values)
        if not value:
            return ZERO
        parts = [self._part(line, area, unknown_counts) for line in self._bid.lines]
        return total_of_products(zip(self._values, parts, strict=True)) / value

    def _part(self, line: Line, area: str, unknown_counts: bool) -> Fraction:
        countries, factors = self._policy.areas[area], self._policy.assurance_factors
        inside = [o.share * factors[o.assurance] for o in line.origins if o.country in countries]
        return total([*inside, line.unknown] if unknown_counts else inside)

    def _environmental_quality(self) -> Fraction:
        indicators = self._policy.indicators
        if not indicators:
            return ZERO
        return total(map(self._quality, indicators)) / total(indicator.weight for indicator in indicators)

    def _quality(self, indicator: Indicator) -> Fraction:
        evidence = self._bid.environment.get(indicator.id)
        if evidence is None:
            return ZERO
        factor = self._policy.assurance_factors[evidence.assurance]
        return indicator.weight * indicator.result(evidence.value) * factor
