"""The templates a lot can start from, and the corpus of published criteria, over the API."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from procurement.people.permissions import Permission
from procurement.tenders import grids
from procurement.tenders.models import ReferenceGrid
from procurement.tenders.reference import present, shapes
from procurement.tenders.reference.filters import ReferenceFilter
from procurement.tenders.serializers import AnyDocument

IDENTIFIER = OpenApiParameter("id", OpenApiTypes.STR, OpenApiParameter.PATH)


class SeenSerializer(serializers.Serializer[grids.Seen]):
    notices = serializers.IntegerField(help_text=f"Notices, of {grids.NOTICES}, with a lot of this shape.")
    health = serializers.IntegerField(help_text="Those of hospitals, as guessed from the name.")


class TemplateSerializer(serializers.Serializer[grids.Template]):
    """A template of criteria in the reader's language; `lot` is the document of a lot, but for its items."""

    id = serializers.CharField(source="identifier")
    title = serializers.CharField()
    purpose = serializers.CharField()
    shape = serializers.CharField(help_text="The weight of each kind of criterion.")
    seen = SeenSerializer()
    lot = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_lot(self, template: grids.Template) -> dict[str, Any]:
        return template.lot(get_language() or "")


class TemplateViewSet(GenericViewSet[Any]):
    """The templates a lot can start from; currently lawful ones."""

    needs = {"list": Permission.READ_REFERENCE, "retrieve": Permission.READ_REFERENCE}
    serializer_class = TemplateSerializer
    filter_backends = []

    @extend_schema(responses=TemplateSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Every template, each with how often its shape was seen."""
        return self.get_paginated_response(self.get_serializer(self.paginate_queryset(grids.all()), many=True).data)

    @extend_schema(parameters=[IDENTIFIER])
    def retrieve(self, request: Request, pk: Any = None) -> Response:
        """One template."""
        try:
            return Response(self.get_serializer(grids.template(str(pk))).data)
        except grids.Unknown as unknown:
            raise NotFound(_("No template has this name.")) from unknown


class ReferenceGridSerializer(serializers.ModelSerializer[ReferenceGrid]):
    """The criteria of a lot of a published notice, whose weights total 100."""

    criteria = serializers.ListField(
        child=AnyDocument(), help_text='{"title", "weight", "kind", "by_words"} and, of a part, "parent".'
    )
    shape_words = serializers.SerializerMethodField()
    repair = serializers.SerializerMethodField(help_text="How the weights came to total 100; empty: as published.")

    class Meta:
        model = ReferenceGrid
        fields = (
            "id", "notice", "lots", "month", "buyer", "postcode", "town", "health", "procedure", "criteria", "shape",
            "shape_words", "price_weight", "repair",
        )  # fmt: skip

    def get_shape_words(self, found: ReferenceGrid) -> str:
        return shapes.told(found.shape)

    def get_repair(self, found: ReferenceGrid) -> str:
        return present.grid(found).repair


class ReferenceGridViewSet(ReadOnlyModelViewSet[ReferenceGrid]):
    """What other buyers published as their criteria, to search when preparing a lot."""

    needs = {"list": Permission.READ_REFERENCE, "retrieve": Permission.READ_REFERENCE}
    queryset = ReferenceGrid.objects.all()
    serializer_class = ReferenceGridSerializer
    filterset_class = ReferenceFilter
    filter_backends = [DjangoFilterBackend]  # `ordering` is one of its filters
