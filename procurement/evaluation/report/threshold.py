"""Whether a procedure reaches the EU threshold from which the law asks for a report."""

from decimal import Decimal

from procurement.tenders.models import Tender
from procurement.tenders.rules import BUYER_CATEGORY
from scoring.parameters import Parameter, parameter


def threshold_of(tender: Tender) -> Parameter:
    """The threshold of a procedure on the day it was launched, in euro net of VAT: works have their own."""
    on = tender.launched_on
    works = tender.cpv.startswith(parameter("eu_thresholds.works_cpv", on=on).names)
    category = "works" if works else parameter(BUYER_CATEGORY, on=None).names[0]
    return parameter(f"eu_thresholds.{category}", on=on)


def reached(tender: Tender) -> bool | None:
    """Whether the estimated value reaches it; None where no value in euro is known."""
    if tender.estimated_value_cents is None or tender.currency != "EUR":
        return None
    return Decimal(tender.estimated_value_cents) >= threshold_of(tender).number * 100
