"""Scoring, simulating and deciding over the API; sheets, decisions, and the scoring of a case that is not stored."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_201_CREATED
from rest_framework.viewsets import ReadOnlyModelViewSet

from procurement.evaluation import services
from procurement.evaluation.api_filters import DecisionRowFilter, SheetFilter
from procurement.evaluation.exports import csv_tables
from procurement.evaluation.exports.lots import decision_table
from procurement.evaluation.models import AbnormallyLowExplanation, Decision, Mark, MarkVersion, ScoreSheet
from procurement.evaluation.present.judged import standing_marks
from procurement.evaluation.serializers import (
    AwardSerializer,
    DecisionSerializer,
    EndSerializer,
    ExplanationSerializer,
    LiftedSerializer,
    LiftSerializer,
    MarkSerializer,
    RecordedExplanationSerializer,
    SheetLineSerializer,
    SheetSerializer,
    SimulationSerializer,
    TakenSerializer,
)
from procurement.fields import plain
from procurement.people.answers import Traced, TracedWhole, handed_in
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.people.services import record_file
from procurement.tenders.models import Bid, Lot
from procurement.tenders.schedules import api as tenders

# An action that answers a list is neither narrowed nor paged.
UNPAGED: dict[str, Any] = {"filter_backends": [], "pagination_class": None}


class CsvRenderer(BaseRenderer):
    """Lets a caller ask for text/csv: the action answers the file itself, only a refusal comes through here."""

    media_type = "text/csv"
    format = "csv"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return str(data["detail"]).encode()


class LotViewSet(tenders.LotViewSet):
    """The lots of the reader's hospitals or mandates, and what is done to judge and decide them."""

    needs = {
        **tenders.LotViewSet.needs,
        "score": Permission.SCORE_LOT,
        "simulate": Permission.SIMULATE_LOT,
        "award": Permission.DECIDE_LOT,
        "end": Permission.DECIDE_LOT,
        "lift_block": Permission.LIFT_BLOCK,
        "mark": Permission.SCORE_LOT,
        "marks": Permission.READ_LOT,
        "take_marks": Permission.SCORE_LOT,
        "explain_abnormally_low": Permission.SCORE_LOT,
        "explanations": Permission.READ_LOT,
    }

    @extend_schema(request=None, responses={201: SheetSerializer})
    @action(detail=True, methods=["post"])
    def score(self, request: Request, pk: Any = None) -> Response:
        """Score the lot under its published rules."""
        sheet = services.score(lot=self.get_object(), by=reader(request), at=timezone.now())
        return Response(SheetSerializer(sheet).data, HTTP_201_CREATED)

    @extend_schema(request=SimulationSerializer, responses={201: SheetSerializer})
    @action(detail=True, methods=["post"])
    def simulate(self, request: Request, pk: Any = None) -> Response:
        """Score a decided lot, or a training copy, under another policy."""
        lot, given = self.get_object(), handed_in(SimulationSerializer, request)
        sheet = services.simulate(lot=lot, **given, by=reader(request), at=timezone.now())
        return Response(SheetSerializer(sheet).data, HTTP_201_CREATED)

    @extend_schema(request=AwardSerializer, responses={201: DecisionSerializer})
    @action(detail=True, methods=["post"])
    def award(self, request: Request, pk: Any = None) -> Response:
        """Award the lot to the winner of its latest sheet under the published rules."""
        lot, given = self.get_object(), handed_in(AwardSerializer, request)
        bid, sheet = _bid(lot, given.pop("bid")), get_object_or_404(lot.sheets, pk=given.pop("sheet"))
        decision = services.award(lot=lot, bid=bid, sheet=sheet, **given, by=reader(request), at=timezone.now())
        return Response(DecisionSerializer(decision).data, HTTP_201_CREATED)

    @extend_schema(request=EndSerializer, responses={201: DecisionSerializer})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: Any = None) -> Response:
        """End the lot without an award."""
        lot, given = self.get_object(), handed_in(EndSerializer, request)
        decision = services.end(lot=lot, **given, by=reader(request), at=timezone.now())
        return Response(DecisionSerializer(decision).data, HTTP_201_CREATED)

    @extend_schema(request=LiftSerializer, responses={201: LiftedSerializer})
    @action(detail=True, methods=["post"], url_path="lift-block")
    def lift_block(self, request: Request, pk: Any = None) -> Response:
        """Lift the blocking findings of one code, as a second person."""
        lot, given = self.get_object(), handed_in(LiftSerializer, request)
        lifted = services.lift_block(lot=lot, **given, by=reader(request), at=timezone.now())
        return Response({"lifted": [lift.finding for lift in lifted]}, HTTP_201_CREATED)

    @extend_schema(request=MarkSerializer, responses={201: MarkSerializer})
    @action(detail=True, methods=["post"], **UNPAGED)
    def mark(self, request: Request, pk: Any = None) -> Response:
        """Give a bid its mark on a criterion, or change it."""
        lot, given = self.get_object(), handed_in(MarkSerializer, request)
        bid, criterion = _bid(lot, given.pop("bid")), get_object_or_404(lot.criteria, key=given.pop("criterion"))
        now = timezone.now()
        kept = services.mark(bid=bid, criterion=criterion, **given, by=reader(request), at=now)
        return Response(_mark(kept, kept.bid.mark_versions.get(criterion=criterion, given_at=now)), HTTP_201_CREATED)

    @extend_schema(responses=MarkSerializer(many=True))
    @mark.mapping.get
    def marks(self, request: Request, pk: Any = None) -> Response:
        """The marks that stand, each with its reason; where the lot has a panel, those it agreed on."""
        return Response(MarkSerializer(standing_marks(self.get_object()), many=True).data)

    @extend_schema(request=None, responses={200: TakenSerializer})
    @action(detail=True, methods=["post"], url_path="take-marks")
    def take_marks(self, request: Request, pk: Any = None) -> Response:
        """Give the bids of a training copy the marks of the decided original."""
        return Response({"taken": services.take_marks(lot=self.get_object(), by=reader(request), at=timezone.now())})

    @extend_schema(request=ExplanationSerializer, responses={201: ExplanationSerializer})
    @action(detail=True, methods=["post"], url_path="explain-abnormally-low", **UNPAGED)
    def explain_abnormally_low(self, request: Request, pk: Any = None) -> Response:
        """Record what was asked about a low price, the answer and the conclusion."""
        lot, given = self.get_object(), handed_in(ExplanationSerializer, request)
        bid = _bid(lot, given.pop("bid"))
        services.explain_abnormally_low(bid=bid, **given, by=reader(request), at=timezone.now())
        return Response({"bid": bid.key, **given}, HTTP_201_CREATED)

    @extend_schema(responses=RecordedExplanationSerializer(many=True))
    @explain_abnormally_low.mapping.get
    def explanations(self, request: Request, pk: Any = None) -> Response:
        """What was recorded about low prices; the last one of a bid counts."""
        rows = AbnormallyLowExplanation.objects.filter(bid__lot=self.get_object()).select_related("bid")
        return Response(RecordedExplanationSerializer(rows, many=True).data)


class SheetViewSet(Traced, ReadOnlyModelViewSet[ScoreSheet]):
    """Every score sheet of the lots the reader may see."""

    needs = {"list": Permission.READ_LOT, "retrieve": Permission.READ_LOT}
    queryset = ScoreSheet.objects.none()
    filterset_class = SheetFilter
    ordering_fields = ["scored_at", "number"]

    def get_queryset(self) -> QuerySet[ScoreSheet]:
        rows = ScoreSheet.objects.visible_to(self.request.user)
        return rows.defer("case", "sheet") if self.action == "list" else rows.select_related("lot__tender")

    def get_serializer_class(self) -> type[SheetLineSerializer]:
        return SheetLineSerializer if self.action == "list" else SheetSerializer


class DecisionViewSet(TracedWhole, ReadOnlyModelViewSet[Decision]):
    """The decisions of the reader's hospitals or mandates."""

    needs = {
        "list": Permission.READ_DECISION,
        "retrieve": Permission.READ_DECISION,
        "export": Permission.EXPORT_DECISION,
    }
    queryset = Decision.objects.none()
    serializer_class = DecisionSerializer
    filterset_class = DecisionRowFilter
    ordering_fields = ["decided_at"]

    def get_queryset(self) -> QuerySet[Decision]:
        return Decision.objects.visible_to(self.request.user).select_related("bid__supplier")

    def get_renderers(self) -> list[BaseRenderer]:
        return [JSONRenderer(), CsvRenderer()] if self.action == "export" else super().get_renderers()

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def export(self, request: Request, pk: Any = None) -> HttpResponse:
        """The decision, its ranking and its findings as CSV, in English whatever the reader's language."""
        decision = self.get_object()
        record_file(row=decision, name=f"decision-{decision.pk}.csv", by=reader(request))
        with translation.override("en"):
            return csv_tables.attachment(f"decision-{decision.pk}", decision_table(decision, decision.lot))


def _bid(lot: Lot, key: str) -> Bid:
    return get_object_or_404(lot.bids.select_related("supplier"), key=key)


def _mark(kept: Mark, version: MarkVersion) -> dict[str, Any]:
    return {
        "bid": kept.bid.key,
        "criterion": kept.criterion.key,
        "value": plain(kept.value),
        "reason": kept.reason,
        "simulated": kept.simulated,
        "version": version.pk,
    }
