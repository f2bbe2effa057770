"""Archive snapshots and simulations over the API: what their pages ask and show."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.people.refusals import Invalid, Refused
from procurement.simulation import services
from procurement.simulation.api_filters import SnapshotFilter, SweepFilter
from procurement.simulation.asked import QuestionSerializer
from procurement.simulation.exports.files import FORMATS
from procurement.simulation.freshness import freshness
from procurement.simulation.models import ArchiveSnapshot, Box, Sweep
from procurement.simulation.present.result import Result
from procurement.simulation.present.table import ORDERS, ordered
from procurement.simulation.serializers import (
    AnsweredSweepSerializer,
    AskedSerializer,
    LookSerializer,
    ScenarioSerializer,
    SnapshotSerializer,
    SweepSerializer,
)
from procurement.simulation.views import files
from procurement.simulation.views.looks import LOOKS
from procurement.simulation.views.sweeps import SWEEPS

SCENARIO = OpenApiParameter("scenario", OpenApiTypes.INT, OpenApiParameter.PATH)
SORTED = OpenApiParameter("ordering", description=f"{', '.join(ORDERS)}; `-` before it: the largest first.")
CURRENCY = OpenApiParameter("currency", description="One of those of the archive; the euro, or the most spent in.")


class SnapshotViewSet(ReadOnlyModelViewSet[ArchiveSnapshot]):
    """The archives that can be replayed, the latest first."""

    needs = {"list": Permission.READ_ARCHIVE, "retrieve": Permission.READ_ARCHIVE}
    serializer_class = SnapshotSerializer
    queryset = ArchiveSnapshot.objects.none()
    lookup_value_regex = "[0-9]+"
    filterset_class = SnapshotFilter
    ordering_fields = ("made_at", "lots", "bids")

    def get_queryset(self) -> QuerySet[ArchiveSnapshot]:
        return ArchiveSnapshot.objects.visible_to(self.request.user)


class SweepViewSet(ReadOnlyModelViewSet[Sweep]):
    """Simulations: questions to an archive and their answers, the latest first."""

    needs = {
        "list": Permission.RUN_SWEEP,
        "retrieve": Permission.RUN_SWEEP,
        "create": Permission.RUN_SWEEP,
        "cancel": Permission.RUN_SWEEP,
        "scenarios": Permission.RUN_SWEEP,
        "look": Permission.RUN_SWEEP,
        "request_look": Permission.RUN_SWEEP,
    }
    serializer_class = AnsweredSweepSerializer
    queryset = Sweep.objects.none()
    lookup_value_regex = "[0-9a-f-]{36}"
    filterset_class = SweepFilter
    ordering_fields = ("requested_at", "finished_at")

    def get_queryset(self) -> QuerySet[Sweep]:
        return SWEEPS.visible_to(self.request.user)

    @extend_schema(responses=SweepSerializer(many=True))
    def list(self, request: Request, *args: Any, **options: Any) -> Response:
        """The simulations, paged, without their answers."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset().defer("result")))
        return self.get_paginated_response(written(SweepSerializer, page or []))

    def retrieve(self, request: Request, *args: Any, **options: Any) -> Response:
        """One simulation: its progress, then the baseline and the certificate of its answer."""
        return Response(_one(self.get_object()))

    @extend_schema(request=QuestionSerializer, responses={202: AnsweredSweepSerializer})
    def create(self, request: Request) -> Response:
        """Ask a question; its job says how far the answer is. The same question gets the answer that is there."""
        asked = QuestionSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        sweep = services.request_sweep(**asked.validated_data, by=reader(request))
        return Response(_one(self.get_queryset().get(pk=sweep.pk)), status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=AnsweredSweepSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: Any = None) -> Response:
        """Stop the work on one's own question at once; one that is answered is left alone."""
        sweep = self.get_object()
        services.cancel_sweep(sweep=sweep, by=reader(request))
        return Response(_one(self.get_queryset().get(pk=sweep.pk)))

    @extend_schema(responses=ScenarioSerializer(many=True), parameters=[SORTED, CURRENCY])
    @action(detail=True, filter_backends=[])
    def scenarios(self, request: Request, pk: Any = None) -> Response:
        """The figures of each scenario against the baseline, paged; none before the work is done."""
        sweep = self.get_object()
        result = _result(sweep, request.query_params.get("currency", ""))
        page: Any = self.paginate_queryset(ordered(result, request.query_params.get("ordering", "")))
        return self.get_paginated_response(ScenarioSerializer(page, many=True, context={"result": result}).data)

    @extend_schema(responses=LookSerializer, parameters=[SCENARIO])
    @action(detail=True, url_path=r"scenarios/(?P<scenario>[0-9]{1,4})/look")
    def look(self, request: Request, pk: Any = None, scenario: str = "") -> Response:
        """One scenario lot by lot: how far it is, then its groups, the rents, and the files of the lots it changes."""
        found = LOOKS.filter(sweep=self.get_object(), scenario=int(scenario)).first()
        if found is None:
            raise Http404
        return Response(LookSerializer(found).data)

    @extend_schema(request=None, responses={202: LookSerializer}, parameters=[SCENARIO])
    @look.mapping.post
    def request_look(self, request: Request, pk: Any = None, scenario: str = "") -> Response:
        """Ask to see one scenario lot by lot; whoever asks again gets the look that is there."""
        found = services.request_look(sweep=self.get_object(), scenario=int(scenario), by=reader(request))
        return Response(LookSerializer(found).data, status=status.HTTP_202_ACCEPTED)


class AsTheAddressSays(BaseContentNegotiation):
    """The kind of the file is the end of its address, whatever the client says it accepts."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        return next(iter(parsers))

    def select_renderer(self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None) -> Any:
        first = next(iter(renderers))
        return first, first.media_type


class FileView(APIView):
    """A file of a simulation; that it leaves the portal is recorded."""

    needs = {"get": Permission.RUN_SWEEP}
    content_negotiation_class = AsTheAddressSays
    handed_out: Callable[..., HttpResponse] = staticmethod(files.sweep)

    @extend_schema(responses={(200, known.media_type): OpenApiTypes.BINARY for known in FORMATS.values()})
    def get(self, request: Request, **row: Any) -> HttpResponse:
        """The file, in English whatever the reader's language."""
        with translation.override("en"):
            return self.handed_out(request._request, **row)


def _result(sweep: Sweep, currency: str) -> Result:
    """The answer in one of its currencies. Raises Refused before there is one, Invalid for another."""
    if sweep.result is None:
        raise Refused(_("The simulation is not finished: its scenarios can be read once it is."))
    result = Result(sweep, currency)
    if currency and result.currency != currency:
        known = ", ".join(result.currencies)
        raise Invalid(_("This archive has no %(currency)s: it has %(known)s.") % {"currency": currency, "known": known})
    return result


def _one(sweep: Sweep) -> dict[str, Any]:
    return written(AnsweredSweepSerializer, [sweep])[0]


def written(serializer: type[AskedSerializer[Any]], asked: Sequence[Sweep | Box]) -> list[dict[str, Any]]:
    """Questions as the API answers them, with whether each is stale."""
    return list(serializer(asked, many=True, context={"freshness": freshness(asked)}).data)
