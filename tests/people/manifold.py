"""More of every row there is: what a page of one row becomes when there are ten.

Each row is copied under the same parents. Where a constraint wants one of it, the last thing the constraint names is
another one: the next number, a longer name, a copy of what it points to. The record gets its lines by its own service.
"""

import uuid
from collections.abc import Iterator
from copy import copy
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import models, transaction

from procurement.evaluation.models import Mark
from procurement.ledger import services as ledger
from procurement.ledger.models import Line
from procurement.tenders.models import Criterion

Row = models.Model
# What belongs to a copy, not to the original beside it: the weights of a lot total 100, and each bid has its marks.
OF_A_COPY = {Criterion: "lot", Mark: "bid"}
Copies = dict[tuple[type[Row], Any], list[Row]]


@transaction.atomic
def multiply(*numbers: int) -> None:
    """Copy every row of the portal as often as there are ``numbers``, which tell the copies apart."""
    originals = {model: list(model._default_manager.order_by("pk")) for model in _by_dependency()}
    lines = list(Line.objects.order_by("sequence"))
    made: Copies = {}
    for model, rows in originals.items():
        for row in rows:
            made[model, row.pk] = [_copied(row, number, made, place) for place, number in enumerate(numbers)]
    for model, rows in originals.items():
        for field in model._meta.many_to_many:
            for row in rows:
                others = list(getattr(row, field.name).all())
                for each in (row, *made[model, row.pk]):
                    getattr(each, field.name).add(*others, *(it for o in others for it in made[type(o), o.pk]))
    for line in lines:
        for _number in numbers:
            ledger.record(line.action, line.object, by=None, reason="The same again.")


def _by_dependency() -> list[type[Row]]:
    """The models of the portal but for those of the record, each after those it points to."""
    left = [m for m in apps.get_models() if m.__module__.startswith("procurement.") and m._meta.app_label != "ledger"]
    found: list[type[Row]] = []
    while left:
        ready = [m for m in left if not (set(_targets(m)) - {m}) & set(left)]
        assert ready, f"models that point to each other: {left}"
        found += ready
        left = [m for m in left if m not in ready]
    return found


def _targets(model: type[Row]) -> Iterator[type[Row]]:
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        if field.is_relation and field.related_model is not None:
            yield field.related_model


def _copied(row: Row, number: int, made: Copies, place: int) -> Row:
    new = copy(row)
    new._state = copy(row._state)
    new._state.adding, new._state.fields_cache = True, {}
    new.pk = uuid.uuid4() if isinstance(row._meta.pk, models.UUIDField) else None
    own = OF_A_COPY.get(type(row))
    for name in [own] if own else {names[-1] for names in _unique(type(row))}:
        setattr(new, row._meta.get_field(name).attname, _another(row, name, number, made, place))
    new.save(force_insert=True)
    return new


def _unique(model: type[Row]) -> Iterator[tuple[str, ...]]:
    """The names of each set of fields of which there is one."""
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key:
            yield (field.name,)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            yield constraint.fields
    yield from model._meta.unique_together


def _another(row: Row, name: str, number: int, made: Copies, place: int) -> Any:
    field = row._meta.get_field(name)
    value = getattr(row, field.attname)
    if value is None:
        return None
    if isinstance(field, models.ForeignKey):
        return made[field.related_model, value][place].pk
    if isinstance(field, models.IntegerField):
        return value + 100 * number
    longer, most = f"{value}-{number}", field.max_length or 100
    return longer if len(longer) <= most else sha256(longer.encode()).hexdigest()[:most]
