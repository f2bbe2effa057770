"""Which lines of the record somebody reads. The lines name rows by text ids, so each row is asked for by its model."""

from typing import Any

from django.apps import apps
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from procurement.ledger.models import Line
from procurement.people.roles import Role

# The apps whose rows belong to hospitals, and to those who asked for work on them.
HOSPITALS_OWN = ("jobs", "registry", "tenders", "evaluation", "cashback", "audit")


def lines_visible_to(user: Any) -> QuerySet[Line]:
    """What was done to rows the reader may see, and what the reader did.

    Administrators keep the house: they read all of the record but what hospitals do with their procedures, whose
    reasons are secrets they have no part in.
    """
    if user.role == Role.ADMINISTRATOR:
        hospitals_own = Q()
        for app in HOSPITALS_OWN:
            hospitals_own |= Q(object__startswith=f"{app}.")
        return Line.objects.exclude(hospitals_own)
    visible = Q(actor=f"user:{user.pk}")
    for model in apps.get_models():
        rows = model._default_manager.all()
        if hasattr(rows, "visible_to"):
            name = Concat(Value(f"{model._meta.label}:"), Cast("pk", CharField()))
            visible |= Q(object__in=rows.visible_to(user).order_by().annotate(record_name=name).values("record_name"))
    return Line.objects.filter(visible)
