"""Tenders, lots and bids over the API; a refusal answers {"detail", "errors"}."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from procurement.parsing import DocumentParser
from procurement.people.answers import Traced, TracedWhole, handed_in
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.people.refusals import Invalid
from procurement.tenders import services
from procurement.tenders.filters import BidFilter, LotFilter, TenderFilter
from procurement.tenders.models import Announcement, Bid, Lot, Tender
from procurement.tenders.regulation.announcement import preview_of
from procurement.tenders.regulation.texts import LANGUAGES
from procurement.tenders.regulation.views import handed_out
from procurement.tenders.regulation.word import DOCX
from procurement.tenders.serializers import (
    BID_DOCUMENT,
    CONSORTIUM_DOCUMENT,
    TENDER_DOCUMENT,
    AnnouncementSerializer,
    BidSerializer,
    ComparedSerializer,
    DeadlineSerializer,
    GroupOriginSerializer,
    IpiExceptionSerializer,
    LotSerializer,
    OpeningSerializer,
    TenderSerializer,
)
from procurement.tenders.stated import compared

LOT_KEYS = Prefetch("lots", Lot.objects.only("tender"))  # without their rules, which are long
LANGUAGE = OpenApiParameter("language", str, OpenApiParameter.PATH, enum=list(LANGUAGES))


class TenderViewSet(Traced, ReadOnlyModelViewSet[Tender]):
    """The procedures of the reader's hospitals or mandates; drafted from one document."""

    needs = {
        "list": Permission.READ_TENDER,
        "retrieve": Permission.READ_TENDER,
        "create": Permission.DRAFT_TENDER,
        "publish": Permission.PUBLISH_TENDER,
        "open": Permission.OPEN_BIDS,
        "deadline": Permission.OPEN_BIDS,
        "training_copy": Permission.COPY_FOR_TRAINING,
    }
    queryset = Tender.objects.select_related("contracting_body")
    serializer_class = TenderSerializer
    parser_classes = [DocumentParser]
    filter_backends = [DjangoFilterBackend]  # `ordering` is one of its filters
    filterset_class = TenderFilter

    def get_queryset(self) -> QuerySet[Tender]:
        """A tender that is only told names its lots; what acts on one reads of them what it needs."""
        rows = self.queryset.visible_to(self.request.user)
        return rows.prefetch_related(LOT_KEYS) if self.action in ("list", "retrieve") else rows

    @extend_schema(request=TENDER_DOCUMENT, responses={201: TenderSerializer})
    def create(self, request: Request) -> Response:
        """Draft a tender with its lots, needs and criteria; every problem is answered at once."""
        tender = services.draft_tender(document=request.data, by=reader(request), at=timezone.now())
        return self._answer(tender, status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: Any = None) -> Response:
        """Freeze the rules of every lot; a finding that blocks refuses it and is answered in `errors`."""
        tender = self.get_object()
        services.publish(tender=tender, by=reader(request), at=timezone.now())
        return self._answer(tender)

    @extend_schema(request=OpeningSerializer)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: Any = None) -> Response:
        """Open the bids: from now on they are entered."""
        tender, given = self.get_object(), handed_in(OpeningSerializer, request)
        services.open_bids(tender=tender, **given, by=reader(request), at=timezone.now())
        return self._answer(tender)

    @extend_schema(request=DeadlineSerializer)
    @action(detail=True, methods=["post"])
    def deadline(self, request: Request, pk: Any = None) -> Response:
        """Another deadline for the receipt of bids, with its reason; refused where a bid would change sides."""
        tender, given = self.get_object(), handed_in(DeadlineSerializer, request)
        services.change_deadline(tender=tender, **given, by=reader(request), at=timezone.now())
        return self._answer(tender)

    @extend_schema(request=None, responses={201: TenderSerializer})
    @action(detail=True, methods=["post"], url_path="training-copy")
    def training_copy(self, request: Request, pk: Any = None) -> Response:
        """Copy the rules for training; with the real bids only once every lot is decided."""
        copy = services.copy_for_training(tender=self.get_object(), by=reader(request), at=timezone.now())
        return self._answer(copy, status.HTTP_201_CREATED)

    def _answer(self, tender: Tender, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(tender).data, status=code)


class LotViewSet(Traced, ReadOnlyModelViewSet[Lot]):
    """The lots of the reader's tenders, with their rules and needs."""

    needs = {
        "list": Permission.READ_LOT,
        "retrieve": Permission.READ_LOT,
        "announcement": Permission.READ_LOT,
        "announcement_text": Permission.READ_LOT,
        "ipi_exception": Permission.DECIDE_LOT,
    }
    queryset = Lot.objects.for_rules().prefetch_related("items__needs__hospital")
    serializer_class = LotSerializer
    filterset_class = LotFilter
    ordering_fields = ("tender", "number", "stage")

    def get_queryset(self) -> QuerySet[Lot]:
        return self.queryset.visible_to(self.request.user)

    @extend_schema(responses=AnnouncementSerializer)
    @action(detail=True)
    def announcement(self, request: Request, pk: Any = None) -> Response:
        """What a lot announces, in French and in English: frozen with its rules, or a draft as it would be."""
        lot = self.get_object()
        kept = Announcement.objects.filter(lot=lot).first() or preview_of(lot, on=timezone.localdate())
        if kept is None:
            raise NotFound(_("A lot has its text in French and in English once its rules are published."))
        return Response(AnnouncementSerializer(kept).data)

    @extend_schema(
        operation_id="lots_announcement_text_retrieve",
        parameters=[LANGUAGE],
        responses={(200, DOCX): OpenApiTypes.BINARY},
    )
    @action(detail=True, url_path="announcement/(?P<language>[a-z]{2})", url_name="announcement-text")
    def announcement_text(self, request: Request, pk: Any = None, language: str = "") -> HttpResponse:
        """What a published lot announces as a file for the consultation documents; that it is taken is recorded."""
        return handed_out(request._request, self.get_object(), language)

    @extend_schema(request=IpiExceptionSerializer, responses=LotSerializer)
    @action(detail=True, methods=["post"], url_path="ipi-exception")
    def ipi_exception(self, request: Request, pk: Any = None) -> Response:
        """Record why the IPI measure is not applied to this lot."""
        lot = self.get_object()
        given = handed_in(IpiExceptionSerializer, request)
        services.record_ipi_exception(lot=lot, **given, by=reader(request), at=timezone.now())
        return Response(self.get_serializer(lot).data)


class BidViewSet(TracedWhole, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Bid]):
    """The bids of the reader's lots, entered after the opening; without marks, which are evaluation's."""

    needs = {
        "list": Permission.READ_LOT,
        "retrieve": Permission.READ_LOT,
        "create": Permission.ENTER_BID,
        "stated": Permission.READ_LOT,
        "operator_origin": Permission.ENTER_BID,
        "members": Permission.ENTER_BID,
        "group_origin": Permission.DECIDE_LOT,
    }
    queryset = Bid.objects.with_lines().prefetch_related("stated__item")
    serializer_class = BidSerializer
    parser_classes = [DocumentParser]
    filterset_class = BidFilter
    ordering_fields = ("lot", "key", "submitted_at")

    def get_queryset(self) -> QuerySet[Bid]:
        return self.queryset.visible_to(self.request.user)

    @extend_schema(request=BID_DOCUMENT, responses={201: BidSerializer})
    def create(self, request: Request) -> Response:
        """Enter a bid of an opened lot; every problem is answered at once, with its place in the bid."""
        if not isinstance(request.data, dict) or set(request.data) != {"lot", "bid"}:
            raise Invalid(_("A bid is entered as an object of two keys: the id of its lot, and the bid."))
        lots = Lot.objects.visible_to(request.user)
        number = request.data["lot"]
        lot = lots.filter(pk=number).first() if type(number) is int else None
        if lot is None:
            raise Invalid(_("None of your lots has this id."), [{"pointer": "/lot", "message": _("An id of a lot.")}])
        bid = services.enter_bid(lot=lot, document=request.data["bid"], by=reader(request), at=timezone.now())
        return Response(self.get_serializer(bid).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=ComparedSerializer(many=True))
    @action(detail=True, filter_backends=[], pagination_class=None)
    def stated(self, request: Request, pk: Any = None) -> Response:
        """Every amount that the tenderer states beside what its unit prices make; where they differ, both stand."""
        return Response(ComparedSerializer(compared(self.get_object()), many=True).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="operator-origin")
    def operator_origin(self, request: Request, pk: Any = None) -> Response:
        """Judge this bid with the origins of its tenderer and its members as the register has them now."""
        bid = self.get_object()
        services.take_operator_origin(bid=bid, by=reader(request), at=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=CONSORTIUM_DOCUMENT, responses=BidSerializer)
    @action(detail=True, methods=["put"])
    def members(self, request: Request, pk: Any = None) -> Response:
        """Name who makes this bid with its tenderer, in place of who was named; every problem is answered at once."""
        bid = self.get_object()
        services.record_members(bid=bid, document=request.data, by=reader(request), at=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=GroupOriginSerializer, responses=BidSerializer)
    @action(detail=True, methods=["post"], url_path="group-origin")
    def group_origin(self, request: Request, pk: Any = None) -> Response:
        """Record which origin is retained for a consortium that a member alone brings before a measure, and why."""
        bid = self.get_object()
        given = handed_in(GroupOriginSerializer, request)
        services.retain_group_origin(bid=bid, **given, by=reader(request), at=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)
