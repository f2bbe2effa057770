"""Which lines of the record somebody reads. The lines name rows by text ids, so each row is asked for by its model."""

from typing import Any

from django.apps import apps
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from procurement.ledger.models import Line
from procurement.ledger.reasons import ERASED, object_of
from procurement.people.roles import Role

# The apps whose rows belong to hospitals, and to those who asked for work on them.
HOSPITALS_OWN = ("jobs", "registry", "tenders", "evaluation", "cashback", "audit")


def lines_visible_to(user: Any) -> QuerySet[Line]:
    """What was done to rows the reader may see, what the reader did, and what was erased of either.

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
    return Line.objects.filter(visible | _erasures_among(visible))


def _erasures_among(visible: Q) -> Q:
    """The lines that say who erased the reason of one of the ``visible`` lines; there are few in a record."""
    erased = [name.partition(":")[2] for name in Line.objects.filter(action=ERASED).values_list("object", flat=True)]
    seen = Line.objects.filter(visible, sequence__in=erased) if erased else ()
    return Q(action=ERASED, object__in=[object_of(line) for line in seen])
