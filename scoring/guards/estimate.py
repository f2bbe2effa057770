"""The estimated value of the procedure against the legal thresholds, which are in euro."""

from __future__ import annotations

from fractions import Fraction

from scoring.case import Tender
from scoring.guards.finding import Inquiry, MissingFactError
from scoring.parameters import Parameter, Parameters

CATEGORIES = ("central", "sub_central", "utility")


def estimated_value_in_euro(tender: Tender) -> Fraction | None:
    """The estimated value net of value added tax; None when it is not given, or in another currency."""
    return tender.estimated_value if tender.currency == "EUR" else None


def eu_thresholds_reached(inquiry: Inquiry, parameters: Parameters) -> list[Parameter]:
    """The threshold lines the procedure is at or above; empty when it is below whichever applies.

    A works contract has its own threshold, another that of the buyer's category. What is not known (category, CPV)
    matters only when the estimated value lies between the thresholds it leaves possible: then MissingFactError.
    """
    tender, day = inquiry.case.tender, inquiry.day
    value = estimated_value_in_euro(tender)
    if value is None:
        raise MissingFactError("tender.estimated_value")
    category = inquiry.case.facts.get("buyer_category")
    works = parameters.parameter("eu_thresholds.works_cpv", on=day)
    names: set[str] = set()
    if tender.cpv is None or tender.cpv.startswith(works.names):
        names.add("works")
    if tender.cpv is None or not tender.cpv.startswith(works.names):
        names.update([category] if category else CATEGORIES)
    lines = [parameters.parameter(f"eu_thresholds.{name}", on=day) for name in sorted(names)]
    reached = [value >= line.number for line in lines]
    if any(reached) and not all(reached):
        known = {"facts.buyer_category": category, "tender.cpv": tender.cpv}
        raise MissingFactError(*(path for path, given in known.items() if given is None))
    return lines if all(reached) else []
