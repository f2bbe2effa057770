"""The panels somebody sits on."""

from typing import Any

from django.db.models import QuerySet

from procurement.evaluation.models import Panel
from procurement.tenders.models.stage import OPEN


def open_panels(user: Any) -> QuerySet[Panel]:
    """The panels of an evaluator whose lots are not decided, the earliest launched first."""
    found = Panel.objects.visible_to(user).filter(lot__stage__in=OPEN).select_related("lot__tender__contracting_body")
    return found.order_by("lot__tender__launched_on", "lot")
