"""What the law asks and no case holds: no guard can look at it, so that the page tells the buyer to."""

from typing import Any

from procurement.policies.presentation.law import cards
from procurement.tenders.operators import tender_of
from scoring.guards.ipi import conditions_that_may_hold
from scoring.parameters import Parameters

SUBCONTRACTING = "ipi_2025_1197.subcontracting_cap"


def unchecked(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The cards of the legal values this case would have to keep and that are not looked at.

    A case does not say who subcontracts what, which the measure on medical devices limits.
    """
    may_hold = conditions_that_may_hold(tender_of(case["tender"]), Parameters())
    return cards(SUBCONTRACTING)[:1] if may_hold else []
