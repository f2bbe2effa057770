"""The preference policy: areas, environmental indicators, measures and cash-back scheme (specification 2 and 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from scoring.curves import Curve
from scoring.drivers import ZERO, Driver
from scoring.predicates import ALWAYS, Predicate

Assurance = Literal["declared", "documented", "verified"]
Tier = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Indicator:
    """An environmental indicator: its results lie in 0…1, from a curve (number) or a table of labels (label)."""

    id: str
    kind: Literal["number", "label"]
    weight: Fraction
    curve: Curve
    labels: Mapping[str, Fraction]
    reference: str = ""

    def result(self, value: Fraction | str) -> Fraction:
        """The indicator's result, 0 to 1; a label that is not in the table gives 0."""
        if isinstance(value, Fraction):
            return self.curve.value(value)
        return self.labels.get(value, ZERO)


@dataclass(frozen=True, slots=True)
class Measure:
    """A preference measure. `driver` and `amount` are None for kinds that do not use them.

    `amount_written` is the amount as the document writes it, for what the sheet repeats.
    """

    id: str
    kind: str
    driver: Driver | None
    curve: Curve
    amount: Fraction | None
    amount_written: str
    params: Mapping[str, Any]
    when: Predicate
    reference: str = ""

    def coefficient(self, driver: Fraction) -> Fraction:
        """c = curve(driver) of the specification."""
        return self.curve.value(driver)


@dataclass(frozen=True, slots=True)
class Cashback:
    """A cash-back scheme. Money in the case's currency; rates and shares are plain ratios; caps None = no cap."""

    id: str
    base: Literal["european_value", "contract"]
    tiers: tuple[Tier, ...]
    environment_multiplier: Fraction = ZERO
    minimum_contract: Fraction = ZERO
    cap_per_contract: Fraction | None = None
    cap_per_hospital_year: Fraction | None = None
    envelope_year: Fraction | None = None
    rationing: Literal["pro_rata", "first_come"] = "pro_rata"
    when: Predicate = ALWAYS
    reference: str = ""

    def rate(self, share: Fraction) -> Fraction:
        """The rate of the last tier whose share is at most `share`; 0 below the first."""
        reached = [rate for start, rate in self.tiers if start <= share]
        return reached[-1] if reached else ZERO


@dataclass(frozen=True, slots=True)
class Policy:
    """A preference policy. `areas` hold ISO 3166-1 alpha-2 codes; `assurance_factors` has all three assurances."""

    id: str
    version: int
    title: str
    status: Literal["in_force", "proposed"]
    content_basis: Literal["ucc_origin", "value_added"]
    areas: Mapping[str, frozenset[str]]
    european_area: str
    assurance_factors: Mapping[str, Fraction]
    indicators: tuple[Indicator, ...]
    measures: tuple[Measure, ...]
    bonus_cap: Fraction | None = None
    cashback: Cashback | None = None
