"""International Procurement Instrument: the measure on medical devices from China, (EU) 2025/1197.

The part subcontracted to operators of the measured countries is not in the case and is not checked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from scoring.case import Bid, Tender
from scoring.guards.answers import finding
from scoring.guards.estimate import estimated_value_in_euro
from scoring.guards.finding import Finding, Guard, Inquiry, MissingFactError
from scoring.numbers import exact, fixed
from scoring.parameters import Parameter, Parameters, lines_of

TOPIC = "ipi_2025_1197"
PERIOD = f"{TOPIC}.launched_from"


def ipi_exclusion(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """The conditions hold and a bid of an operator of a measured country is ranked without a recorded exception."""
    ranked = [row.bid for row in inquiry.outcome.rows]
    conditions = conditions_that_may_hold(inquiry.case.tender, parameters) if ranked else None
    if conditions is None:
        return
    measured = [bid.id for bid in ranked if bid.supplier.country in conditions.countries.names]
    unknown = [bid.id for bid in ranked if bid.supplier.country is None]
    if not measured and not unknown:
        return
    conditions.require()
    if inquiry.fact("ipi_exception") is not None:
        return
    if measured:
        countries = list(conditions.countries.names)
        yield finding(EXCLUSION.code, "block", conditions.lines, bids=sorted(measured), countries=countries)
    if unknown:
        raise MissingFactError(*(f"bids.{bid}.supplier.country" for bid in unknown))


def ipi_origin_cap(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """The conditions hold and the winner declares more of the measured origin than the cap."""
    winner = inquiry.outcome.winner
    conditions = conditions_that_may_hold(inquiry.case.tender, parameters) if winner else None
    if winner is None or conditions is None:
        return
    conditions.require()
    cap = parameters.parameter(f"{TOPIC}.content_cap", on=inquiry.day)
    countries = conditions.countries.names
    share = declared_share(winner, countries)
    if share > cap.number:
        yield finding(
            ORIGIN_CAP.code,
            "warn",
            [cap, *conditions.lines],
            bid=winner.id,
            countries=list(countries),
            share=fixed(share, 4),
            exact_share=exact(share),
            exact_cap=exact(cap.number),
        )


def ipi_unannounced(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """The conditions hold and the consultation documents do not announce the measure."""
    conditions = conditions_that_may_hold(inquiry.case.tender, parameters)
    if conditions is None or inquiry.case.facts.get("ipi_announced"):
        return
    conditions.require()
    if not inquiry.fact("ipi_announced"):
        rule = parameters.parameter(f"{TOPIC}.announcement", on=inquiry.day)
        yield finding(UNANNOUNCED.code, "warn", [rule, *conditions.lines])


@dataclass(frozen=True, slots=True)
class Conditions:
    """The measure's conditions, none of which fails; `missing` says which are not known to hold."""

    countries: Parameter
    lines: tuple[Parameter, ...]
    missing: tuple[str, ...]

    def require(self) -> None:
        """Raises MissingFactError when a condition is not known to hold."""
        if self.missing:
            raise MissingFactError(*self.missing)


def conditions_that_may_hold(tender: Tender, parameters: Parameters) -> Conditions | None:
    """Launch, CPV code and estimated value against the measure; None when one of them fails.

    Without a launch date the procedure may fall in any period of the measure, whatever the day of the assessment.
    """
    launches = [tender.launched_on] if tender.launched_on else [line.valid_from for line in lines_of(PERIOD)]
    found = (_conditions(tender, launch, parameters) for launch in reversed(launches) if launch)
    return next((conditions for conditions in found if conditions), None)


def _conditions(tender: Tender, launch: date, parameters: Parameters) -> Conditions | None:
    codes = parameters.find(f"{TOPIC}.cpv_range", on=launch)
    least = parameters.find(f"{TOPIC}.estimated_value", on=launch)
    countries = parameters.find(f"{TOPIC}.countries", on=launch)
    if codes is None or least is None or countries is None:
        return None
    first, last = codes.names
    value = estimated_value_in_euro(tender)
    if (tender.cpv is not None and not first <= tender.cpv <= last) or (value is not None and value < least.number):
        return None
    known = {
        "tender.launched_on": tender.launched_on,
        "tender.cpv": tender.cpv,
        "tender.estimated_value": value,
    }
    missing = tuple(path for path, given in known.items() if given is None)
    return Conditions(countries, (countries, codes, least), missing)


def declared_share(bid: Bid, countries: tuple[str, ...]) -> Fraction:
    """The part, 0 to 1, of the bid's value declared to originate in these countries, whatever the assurance.

    Raises MissingFactError for a bid without lines of any value, which declares no origin.
    """
    value = sum((line.value for line in bid.lines), Fraction(0))
    if not value:
        raise MissingFactError(f"bids.{bid.id}.lines")
    inside = (line.value * origin.share for line in bid.lines for origin in line.origins if origin.country in countries)
    return sum(inside, Fraction(0)) / value


EXCLUSION = Guard("ipi-2025-1197", f"{TOPIC}.countries", ipi_exclusion)
ORIGIN_CAP = Guard("ipi-origin-cap", f"{TOPIC}.content_cap", ipi_origin_cap)
UNANNOUNCED = Guard("ipi-unannounced", f"{TOPIC}.announcement", ipi_unannounced)
