"""How tenders, lots and bids are narrowed and ordered, on pages and in the API: everything is in the address."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from procurement.people.filters import DAY
from procurement.people.models import Hospital
from procurement.people.roles import Role
from procurement.people.scope import hospitals_of
from procurement.tenders.models import Bid, Lot, Stage, Tender
from procurement.tenders.models.stage import LIFE

ADVANCE = Case(*(When(stage=stage, then=Value(place)) for place, stage in enumerate(LIFE)), output_field=IntegerField())

TRAINING = [("", _("All")), ("true", _("Only training copies")), ("false", _("Without training copies"))]


def contracting_bodies(request: Any) -> QuerySet[Hospital]:
    """The hospitals whose procedures the reader may see: no other is offered, and no other is accepted."""
    if request is None or not request.user.is_authenticated:
        return Hospital.objects.none()
    if request.user.role == Role.AUDITOR:
        return Hospital.objects.filter(mandate__auditor=request.user).distinct()
    return hospitals_of(request.user)


def visible_tenders(request: Any) -> QuerySet[Tender]:
    return Tender.objects.none() if request is None else Tender.objects.visible_to(request.user)


def visible_lots(request: Any) -> QuerySet[Lot]:
    return Lot.objects.none() if request is None else Lot.objects.visible_to(request.user)


class YearFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


class TenderFilter(django_filters.FilterSet):
    """`?search=&stage=&cpv=&year=&contracting_body=&training=&launched_from=&launched_until=&ordering=`."""

    search = django_filters.CharFilter(method="filter_search", max_length=100, label=_("Reference, title or lot"))
    stage = django_filters.ChoiceFilter(choices=Stage.choices, label=_("Stage"), empty_label=_("All"))
    cpv = django_filters.CharFilter(method="filter_cpv", max_length=8, label=_("CPV code starts with"))
    year = YearFilter(
        field_name="launched_on", lookup_expr="year", min_value=1990, max_value=2100, label=_("Year of launch")
    )
    contracting_body = django_filters.ModelChoiceFilter(
        queryset=contracting_bodies, label=_("Contracting body"), empty_label=_("All")
    )
    training = django_filters.BooleanFilter(label=_("Training copies"), widget=forms.Select(choices=TRAINING))
    launched_from = django_filters.DateFilter(
        field_name="launched_on", lookup_expr="gte", label=_("Launched from"), widget=DAY
    )
    launched_until = django_filters.DateFilter(
        field_name="launched_on", lookup_expr="lte", label=_("Launched until"), widget=DAY
    )
    ordering = django_filters.OrderingFilter(
        fields=[
            ("reference", "reference"),
            ("launched_on", "launched_on"),
            ("estimated_value_cents", "estimated_value"),
            ("advance", "stage"),
        ],
        label=_("Order"),
    )

    class Meta:
        model = Tender
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Tender]) -> QuerySet[Tender]:
        """In the order asked for; rows that are equal in it, and all of them without one, by launch and number."""
        ordered = super().filter_queryset(queryset.annotate(advance=ADVANCE))
        asked = ordered.query.order_by
        return ordered.order_by(*asked, F("launched_on").desc(nulls_last=True), "reference", "pk")

    def filter_search(self, rows: QuerySet[Tender], name: str, value: str) -> QuerySet[Tender]:
        in_a_lot = Lot.objects.filter(tender=OuterRef("pk"), title__icontains=value)
        return rows.filter(Q(reference__icontains=value) | Q(title__icontains=value) | Exists(in_a_lot))

    def filter_cpv(self, rows: QuerySet[Tender], name: str, value: str) -> QuerySet[Tender]:
        in_a_lot = Lot.objects.filter(tender=OuterRef("pk"), cpv__startswith=value)
        return rows.filter(Q(cpv__startswith=value) | Exists(in_a_lot))


class LotFilter(django_filters.FilterSet):
    """`?tender=&stage=&training=`."""

    tender = django_filters.ModelChoiceFilter(queryset=visible_tenders)
    stage = django_filters.ChoiceFilter(choices=Stage.choices)
    training = django_filters.BooleanFilter(field_name="tender__training")

    class Meta:
        model = Lot
        fields: list[str] = []


class BidFilter(django_filters.FilterSet):
    """`?lot=&status=`."""

    lot = django_filters.ModelChoiceFilter(queryset=visible_lots)
    status = django_filters.ChoiceFilter(choices=Bid.Status.choices)

    class Meta:
        model = Bid
        fields: list[str] = []
