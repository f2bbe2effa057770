"""What a schedule asks beside prices and origins."""

from typing import Any

from procurement.tenders.models import Criterion, Lot


def indicators(lot: Lot) -> list[dict[str, Any]]:
    """The indicators of the policy of ``lot``, as its document has them."""
    return list(lot.policy_version.document["indicators"]) if lot.policy_version else []


def has_cost(lot: Lot) -> bool:
    """Whether bids for ``lot`` give a life-cycle cost."""
    assert lot.rules is not None  # as of every published lot
    return any(criterion["kind"] == Criterion.Kind.COST for criterion in lot.rules["criteria"])
