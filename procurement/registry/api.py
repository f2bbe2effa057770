"""The register of suppliers over the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from procurement.people.answers import handed_in
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.registry import services
from procurement.registry.filters import SupplierFilter
from procurement.registry.findings import LONGEST_EVIDENCE, LONGEST_REFERENCE
from procurement.registry.models import Supplier
from procurement.registry.serializers import OriginFindingSerializer


class SupplierSerializer(serializers.ModelSerializer[Supplier]):
    origin_findings = OriginFindingSerializer(many=True, help_text="What was found about its origin, the latest last.")

    class Meta:
        model = Supplier
        fields = (
            "id", "name", "registration_number", "address_country", "operator_country", "operator_origin_basis",
            "origin_findings",
        )  # fmt: skip
        read_only_fields = fields


class RegistrationSerializer(serializers.Serializer[Any]):
    """What the service checks again, in words."""

    name = serializers.CharField(max_length=300)
    registration_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    address_country = serializers.CharField(max_length=2, required=False, allow_blank=True)
    operator_country = serializers.CharField(max_length=2, required=False, allow_blank=True)
    operator_origin_basis = serializers.CharField(max_length=20, required=False, allow_blank=True)
    evidence = serializers.CharField(max_length=LONGEST_EVIDENCE, required=False, allow_blank=True)
    reference = serializers.CharField(max_length=LONGEST_REFERENCE, required=False, allow_blank=True)
    found_on = serializers.DateField(required=False, allow_null=True)


class OriginSerializer(serializers.Serializer[Any]):
    country = serializers.CharField(max_length=2, allow_blank=True)
    basis = serializers.CharField(max_length=20, allow_blank=True)
    evidence = serializers.CharField(max_length=LONGEST_EVIDENCE, required=False, allow_blank=True)
    reference = serializers.CharField(max_length=LONGEST_REFERENCE, required=False, allow_blank=True)
    found_on = serializers.DateField(required=False, allow_null=True)


class SupplierViewSet(ReadOnlyModelViewSet[Supplier]):
    """The register, shared by the buyers of all hospitals."""

    needs = {
        "list": Permission.READ_SUPPLIER,
        "retrieve": Permission.READ_SUPPLIER,
        "create": Permission.REGISTER_SUPPLIER,
        "operator_origin": Permission.REGISTER_SUPPLIER,
    }
    queryset = Supplier.objects.prefetch_related("origin_findings")
    serializer_class = SupplierSerializer
    filterset_class = SupplierFilter
    ordering_fields = ("name", "operator_country")

    def get_queryset(self) -> QuerySet[Supplier]:
        return self.queryset.visible_to(self.request.user)

    @extend_schema(request=RegistrationSerializer, responses={201: SupplierSerializer})
    def create(self, request: Request) -> Response:
        """Register an economic operator."""
        given = handed_in(RegistrationSerializer, request)
        supplier = services.register_supplier(**given, by=reader(request), at=timezone.now())
        return Response(self.get_serializer(supplier).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=OriginSerializer, responses=SupplierSerializer)
    @action(detail=True, methods=["post"], url_path="operator-origin")
    def operator_origin(self, request: Request, pk: Any = None) -> Response:
        """Record where the operator originates (IPI Regulation, art. 3); bids entered earlier keep theirs."""
        supplier = self.get_object()
        given = handed_in(OriginSerializer, request)
        services.record_operator_origin(supplier=supplier, **given, by=reader(request), at=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)
