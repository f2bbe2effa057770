"""Panels over the API. A buyer composes one, writes down what it agreed on and locks; a member declares and marks.

What a member is told of bids is what `disclosure` allows: a bid has a name of its own here, which is neither its key,
which may spell the tenderer, nor its number, which tells the order of entry.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_201_CREATED
from rest_framework.viewsets import ReadOnlyModelViewSet

from procurement.evaluation import api, services
from procurement.evaluation.models import Panel, Panelist
from procurement.evaluation.panel_serializers import (
    AgreedSerializer,
    BidToJudgeSerializer,
    ComposedSerializer,
    CountSerializer,
    DeclarationSerializer,
    GivenSerializer,
    LockingSerializer,
    LockSerializer,
    OwnPanelSerializer,
    PanelSerializer,
    SeatSerializer,
    UnseatSerializer,
)
from procurement.evaluation.panels import require_sitting
from procurement.evaluation.present.judged import bids_to_judge, judged_places, places_to_agree
from procurement.evaluation.present.panels import admissible, marked, panel_page
from procurement.people.answers import handed_in
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.people.refusals import Invalid
from procurement.people.scope import evaluators_of
from procurement.tenders.models import Bid, Criterion, Lot


class LotViewSet(api.LotViewSet):
    """The lots of the reader's hospitals or mandates, who judges them, and what is done to decide them."""

    needs = {
        **api.LotViewSet.needs,
        "panel": Permission.COMPOSE_PANEL,
        "seat": Permission.COMPOSE_PANEL,
        "unseat": Permission.COMPOSE_PANEL,
        "agreed_marks": Permission.AGREE_MARK,
        "agree_marks": Permission.AGREE_MARK,
        "lock_marks": Permission.LOCK_MARKS,
    }

    @extend_schema(responses=ComposedSerializer)
    @action(detail=True)
    def panel(self, request: Request, pk: Any = None) -> Response:
        """Who sits on the panel of a lot, what each declared, and how far they are."""
        return Response(_composed(self.get_object()))

    @extend_schema(request=SeatSerializer, responses={201: ComposedSerializer})
    @action(detail=True, methods=["post"])
    def seat(self, request: Request, pk: Any = None) -> Response:
        """Let an evaluator of the contracting body sit on the panel of a lot; the first one makes the panel."""
        lot, given = self.get_object(), handed_in(SeatSerializer, request)
        person = evaluators_of(lot.tender.contracting_body).filter(pk=given["person"]).first()
        if person is None:
            raise _unknown("/person", _("Choose an evaluator of the contracting body."))
        services.seat(lot=lot, person=person, by=reader(request), at=timezone.now())
        return Response(_composed(lot), HTTP_201_CREATED)

    @extend_schema(request=UnseatSerializer, responses=ComposedSerializer)
    @action(detail=True, methods=["post"])
    def unseat(self, request: Request, pk: Any = None) -> Response:
        """Take somebody off a panel before he gives a mark."""
        lot, given = self.get_object(), handed_in(UnseatSerializer, request)
        seats = Panelist.objects.select_related("panel__lot__tender", "user")
        found = get_object_or_404(seats, pk=given["seat"], panel__lot=lot)
        services.unseat(panelist=found, by=reader(request), at=timezone.now())
        return Response(_composed(lot))

    @extend_schema(responses=AgreedSerializer(many=True))
    @action(detail=True, url_path="agreed-marks", filter_backends=[], pagination_class=None)
    def agreed_marks(self, request: Request, pk: Any = None) -> Response:
        """The marks a panel agreed on, beside those its members gave."""
        lot = get_object_or_404(Panel.objects.select_related("lot"), lot=self.get_object()).lot
        return Response(AgreedSerializer(places_to_agree(lot), many=True).data)

    @extend_schema(request=GivenSerializer(many=True), responses=CountSerializer)
    @agreed_marks.mapping.post
    def agree_marks(self, request: Request, pk: Any = None) -> Response:
        """Write down marks the panel agreed on, all of them or none; those that are not named stay."""
        lot = get_object_or_404(Panel.objects.select_related("lot__tender"), lot=self.get_object()).lot
        bids = {bid.key: bid for bid in admissible(lot)}
        criteria = {criterion.key: criterion for criterion in marked(lot)}
        marks = _marks(request, bids, criteria)
        kept = services.agree_marks(lot=lot, given=marks, by=reader(request), at=timezone.now())
        return Response({"kept": kept})

    @extend_schema(request=LockingSerializer, responses={201: LockSerializer})
    @action(detail=True, methods=["post"], url_path="lock-marks")
    def lock_marks(self, request: Request, pk: Any = None) -> Response:
        """Lock the agreed marks for good: names and prices open to the panel, and the lot can be scored."""
        lot, given = self.get_object(), handed_in(LockingSerializer, request)
        lock = services.lock_marks(lot=lot, **given, by=reader(request), at=timezone.now())
        return Response(LockSerializer(lock).data, HTTP_201_CREATED)


class PanelViewSet(ReadOnlyModelViewSet[Panel]):
    """The panels the reader sits on."""

    needs = {
        "list": Permission.SIT_ON_PANEL,
        "retrieve": Permission.SIT_ON_PANEL,
        "declare": Permission.SIT_ON_PANEL,
        "bids": Permission.SIT_ON_PANEL,
        "give_marks": Permission.SIT_ON_PANEL,
    }
    queryset = Panel.objects.select_related("lot__tender__contracting_body")
    ordering_fields = ("id",)

    def get_queryset(self) -> QuerySet[Panel]:
        return self.queryset.visible_to(self.request.user)

    def get_serializer_class(self) -> type[PanelSerializer]:
        return PanelSerializer if self.action == "list" else OwnPanelSerializer

    @extend_schema(request=DeclarationSerializer, responses={201: OwnPanelSerializer})
    @action(detail=True, methods=["post"])
    def declare(self, request: Request, pk: Any = None) -> Response:
        """Declare, before reading the bids, whether one has an interest in the outcome."""
        panel, given = self.get_object(), handed_in(DeclarationSerializer, request)
        services.declare_interests(lot=panel.lot, **given, by=reader(request), at=timezone.now())
        return Response(self.get_serializer(panel).data, HTTP_201_CREATED)

    @extend_schema(responses=BidToJudgeSerializer(many=True))
    @action(detail=True, filter_backends=[], pagination_class=None)
    def bids(self, request: Request, pk: Any = None) -> Response:
        """The bids to be judged, with the reader's own marks; after the declaration of interests."""
        panel = self.get_object()
        require_sitting(panel.lot, reader(request))
        return Response(BidToJudgeSerializer(bids_to_judge(panel, request.user), many=True).data)

    @extend_schema(request=GivenSerializer(many=True), responses={201: CountSerializer})
    @action(detail=True, methods=["post"], url_path="marks")
    def give_marks(self, request: Request, pk: Any = None) -> Response:
        """Give or change marks, each with its reason, all of them or none; those that are not named stay."""
        panel = self.get_object()
        require_sitting(panel.lot, reader(request))
        marks = _marks(request, *judged_places(panel))
        added = services.give_marks(lot=panel.lot, given=marks, by=reader(request), at=timezone.now())
        return Response({"kept": len(added)}, HTTP_201_CREATED)


def _composed(lot: Lot) -> Any:
    page = panel_page(lot)
    seated = [member.seat.user_id for member in page["members"]]
    free = evaluators_of(lot.tender.contracting_body).exclude(pk__in=seated)
    return ComposedSerializer({**page, "candidates": free, "composing": services.may_compose(lot)}).data


def _marks(request: Request, bids: Mapping[str, Bid], criteria: Mapping[str, Criterion]) -> list[services.Given]:
    """The marks that were handed in, of bids and criteria by the names the caller knows. Raises Invalid for others."""
    form = GivenSerializer(data=request.data, many=True, allow_empty=False)
    form.is_valid(raise_exception=True)
    for place, mark in enumerate(form.validated_data):
        if mark["bid"] not in bids:
            raise _unknown(f"/{place}/bid", _("None of the bids to be judged has this name."))
        if mark["criterion"] not in criteria:
            raise _unknown(f"/{place}/criterion", _("None of the criteria that take a mark has this key."))
    return [
        services.Given(bids[mark.pop("bid")], criteria[mark.pop("criterion")], **mark) for mark in form.validated_data
    ]


def _unknown(pointer: str, sentence: str) -> Invalid:
    return Invalid(sentence, [{"pointer": pointer, "message": sentence}])
