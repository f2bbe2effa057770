"""Boxes over the API: how often each bid of an archive wins over ranges of values, lot by lot."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.simulation import services
from procurement.simulation.api import written
from procurement.simulation.api_filters import BoxFilter
from procurement.simulation.asked import BoxQuestionSerializer
from procurement.simulation.models import Box
from procurement.simulation.serializers import AnsweredBoxSerializer, BoxLotSerializer, BoxSerializer
from procurement.simulation.views.boxes import BOXES
from procurement.simulation.winners import winners
from procurement.simulation.worker_files import BoxLots

NARROWED = [
    OpenApiParameter("lot", description="Lots whose key contains this."),
    OpenApiParameter("hospital", description="Lots of hospitals whose name contains this."),
]


class BoxViewSet(ReadOnlyModelViewSet[Box]):
    """Questions over ranges of values, and how often each bid wins over them, the latest first."""

    needs = {
        "list": Permission.RUN_SWEEP,
        "retrieve": Permission.RUN_SWEEP,
        "create": Permission.RUN_SWEEP,
        "cancel": Permission.RUN_SWEEP,
        "lots": Permission.RUN_SWEEP,
    }
    serializer_class = AnsweredBoxSerializer
    queryset = Box.objects.none()
    lookup_value_regex = "[0-9a-f-]{36}"
    filterset_class = BoxFilter
    ordering_fields = ("requested_at", "finished_at")

    def get_queryset(self) -> QuerySet[Box]:
        return BOXES.visible_to(self.request.user)

    @extend_schema(responses=BoxSerializer(many=True))
    def list(self, request: Request, *args: Any, **options: Any) -> Response:
        """The boxes, paged, without their answers."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset().defer("result")))
        return self.get_paginated_response(written(BoxSerializer, page or []))

    def retrieve(self, request: Request, *args: Any, **options: Any) -> Response:
        """One box: its progress, then what becomes of the awards, and the certificate."""
        return Response(_one(self.get_object()))

    @extend_schema(request=BoxQuestionSerializer, responses={202: AnsweredBoxSerializer})
    def create(self, request: Request) -> Response:
        """Ask a question; its job says how far the answer is. The same question gets the answer that is there."""
        asked = BoxQuestionSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        box = services.request_box(**asked.validated_data, by=reader(request))
        return Response(_one(self.get_queryset().get(pk=box.pk)), status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=AnsweredBoxSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: Any = None) -> Response:
        """Stop the work on one's own question at once; one that is answered is left alone."""
        box = self.get_object()
        services.cancel_box(box=box, by=reader(request))
        return Response(_one(self.get_queryset().get(pk=box.pk)))

    @extend_schema(responses=BoxLotSerializer(many=True), parameters=NARROWED)
    @action(detail=True, filter_backends=[])
    def lots(self, request: Request, pk: Any = None) -> Response:
        """The lots with who wins their samples, paged, the least steady first; none before the work is done."""
        box = self.get_object()
        if box.result is None:
            raise Refused(_("The samples are not drawn yet: the lots can be read once they are."))
        narrowed = {each.name: request.query_params.get(each.name, "") for each in NARROWED}
        page: Any = self.paginate_queryset(BoxLots(box, **narrowed))
        lots = [lot | {"winners": found} for lot, found in zip(page, winners(page, box), strict=True)]
        return self.get_paginated_response(BoxLotSerializer(lots, many=True).data)


def _one(box: Box) -> dict[str, Any]:
    return written(AnsweredBoxSerializer, [box])[0]
