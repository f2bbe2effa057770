"""Cash-back estimates over the API."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from procurement.cashback import services
from procurement.cashback.filters import EstimateFilter
from procurement.cashback.models import Estimate
from procurement.cashback.presentation import RISKS
from procurement.cashback.staleness import freshness
from procurement.jobs.api import JobSerializer
from procurement.people.answers import TracedWhole
from procurement.people.models import Hospital
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.people.scope import hospitals_of
from procurement.policies.models import PolicyVersion


class EstimateSerializer(serializers.ModelSerializer[Estimate]):
    """A simulation: `risks` says what nothing in force answers yet. `result` is null until the job is done."""

    job = JobSerializer(read_only=True)
    stale = serializers.SerializerMethodField(help_text="Whether data or rules changed since; null without a result.")
    risks = serializers.SerializerMethodField()
    result = serializers.DictField(read_only=True, allow_null=True)

    class Meta:
        model = Estimate
        fields = (
            "id", "hospital", "year", "policy_version", "scheme_version", "job", "stale", "risks", "result",
            "rules_sha256", "data_sha256", "result_sha256", "requested_at", "finished_at",
        )  # fmt: skip

    def get_stale(self, estimate: Estimate) -> bool | None:
        found = self.context["freshness"].get(estimate.pk)
        return None if found is None else found.stale

    def get_risks(self, estimate: Estimate) -> str:
        return str(RISKS)


class OwnHospital(serializers.PrimaryKeyRelatedField[Hospital]):
    """Another hospital's number answers as one that never was."""

    def get_queryset(self) -> QuerySet[Hospital]:
        return hospitals_of(self.context["request"].user)


class EstimateRequestSerializer(serializers.Serializer[Any]):
    hospital = OwnHospital(queryset=Hospital.objects.none())
    year = serializers.IntegerField(help_text="Calendar year of the awards.")
    policy_version = serializers.PrimaryKeyRelatedField(queryset=PolicyVersion.objects.approved())
    scheme_version = serializers.PrimaryKeyRelatedField(
        queryset=PolicyVersion.objects.approved(), required=False, allow_null=True, default=None
    )


class EstimateViewSet(TracedWhole, viewsets.ReadOnlyModelViewSet[Estimate]):
    """The estimates of the reader's hospitals, the latest first."""

    needs = {
        "list": Permission.READ_ESTIMATE,
        "retrieve": Permission.READ_ESTIMATE,
        "create": Permission.ESTIMATE_CASHBACK,
    }
    serializer_class = EstimateSerializer
    queryset = Estimate.objects.none()
    lookup_value_regex = "[0-9]+"
    filterset_class = EstimateFilter
    ordering_fields = ("requested_at", "year")

    def get_queryset(self) -> QuerySet[Estimate]:
        return Estimate.objects.visible_to(self.request.user).select_related("policy_version", "scheme_version", "job")

    def list(self, request: Request, *args: Any, **options: Any) -> Response:
        """The estimates, paged."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(_written(page or []))

    def retrieve(self, request: Request, *args: Any, **options: Any) -> Response:
        """One estimate with its result."""
        return Response(_written([self.get_object()])[0])

    @extend_schema(request=EstimateRequestSerializer, responses={202: EstimateSerializer})
    def create(self, request: Request) -> Response:
        """Ask for an estimate; its job says how far it is."""
        asked = EstimateRequestSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        estimate = services.request_estimate(**asked.validated_data, by=reader(request))
        return Response(_written([estimate])[0], status=status.HTTP_202_ACCEPTED)


def _written(estimates: Sequence[Estimate]) -> list[dict[str, Any]]:
    return list(EstimateSerializer(estimates, many=True, context={"freshness": freshness(estimates)}).data)
