"""Predicates: when a measure or a cash-back applies to a bid (specification 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from scoring.drivers import Driver

if TYPE_CHECKING:
    from scoring.case import Tender

Threshold = tuple[Driver, Fraction]


@dataclass(frozen=True, slots=True)
class Predicate:
    """Conditions that must all hold; None is a key not given. Days and CPV codes are inclusive, values exclude VAT."""

    launched_from: date | None = None
    launched_until: date | None = None
    cpv_from: str | None = None
    cpv_to: str | None = None
    estimated_value_from: Fraction | None = None
    supplier_in: str | None = None
    supplier_not_in: str | None = None
    driver_below: Threshold | None = None
    driver_from: Threshold | None = None

    def holds(
        self,
        tender: Tender,
        country: str | None,
        areas: Mapping[str, frozenset[str]],
        gauge: Callable[[Driver], Fraction],
    ) -> bool:
        """Whether every given key holds for a bid of an operator of `country` whose drivers `gauge` reads.

        A key that tests a null (no launch date, CPV, estimated value or country) does not hold.
        """
        return (
            self.holds_for_tender(tender)
            and self.holds_for_operator(country, areas)
            and (self.driver_below is None or gauge(self.driver_below[0]) < self.driver_below[1])
            and (self.driver_from is None or gauge(self.driver_from[0]) >= self.driver_from[1])
        )

    def holds_for_tender(self, tender: Tender) -> bool:
        """Whether the keys about the tender hold: dates, CPV codes (as 8-digit numbers), estimated value."""
        launched, cpv, value = tender.launched_on, tender.cpv, tender.estimated_value
        return (
            (self.launched_from is None or (launched is not None and launched >= self.launched_from))
            and (self.launched_until is None or (launched is not None and launched <= self.launched_until))
            and (self.cpv_from is None or (cpv is not None and cpv >= self.cpv_from))
            and (self.cpv_to is None or (cpv is not None and cpv <= self.cpv_to))
            and (self.estimated_value_from is None or (value is not None and value >= self.estimated_value_from))
        )

    def holds_for_operator(self, country: str | None, areas: Mapping[str, frozenset[str]]) -> bool:
        """Whether the keys about the operator's origin hold; with an unknown country neither does."""
        return (self.supplier_in is None or (country is not None and country in areas[self.supplier_in])) and (
            self.supplier_not_in is None or (country is not None and country not in areas[self.supplier_not_in])
        )


ALWAYS = Predicate()
