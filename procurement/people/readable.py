"""Which lines of the record somebody reads. The lines name rows by text ids, so each row is asked for by its model."""

from typing import Any

from django.apps import apps
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from procurement.ledger.models import Line
from procurement.people.roles import Role


def lines_visible_to(user: Any) -> QuerySet[Line]:
    """Administrators read the whole record; anybody else, what was done to rows they may see, and what they did."""
    if user.role == Role.ADMINISTRATOR:
        return Line.objects.all()
    visible = Q(actor=f"user:{user.pk}")
    for model in apps.get_models():
        rows = model._default_manager.all()
        if hasattr(rows, "visible_to"):
            name = Concat(Value(f"{model._meta.label}:"), Cast("pk", CharField()))
            visible |= Q(object__in=rows.visible_to(user).order_by().annotate(record_name=name).values("record_name"))
    return Line.objects.filter(visible)
