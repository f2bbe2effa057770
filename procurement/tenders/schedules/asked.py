"""What a schedule asks beside prices and origins."""

from typing import Any

from django.conf import settings
from django.utils import translation

from procurement.policies.seeded_texts import translated
from procurement.tenders.models import Criterion, Lot


def indicators(lot: Lot) -> list[dict[str, Any]]:
    """The indicators of the policy of ``lot``, as its document has them."""
    return list(lot.policy_version.document["indicators"]) if lot.policy_version else []


def kinds(indicator: dict[str, Any]) -> list[str]:
    """What may be written for an indicator that is no number, in the language of the moment; empty for a number."""
    return sorted(translated(label) for label in indicator["labels"]) if indicator["kind"] == "label" else []


def labels_of(indicator: dict[str, Any]) -> dict[str, str]:
    """The label of the policy for everything it is called, in small letters and in each language."""
    words = {label.casefold(): label for label in indicator["labels"]}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {translated(label).casefold(): label for label in indicator["labels"]}
    return words


def has_cost(lot: Lot) -> bool:
    """Whether bids for ``lot`` give a life-cycle cost."""
    assert lot.rules is not None  # as of every published lot
    return any(criterion["kind"] == Criterion.Kind.COST for criterion in lot.rules["criteria"])
