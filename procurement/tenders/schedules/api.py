"""Price schedules over the API: a filled one is read, looked at, then entered as a bid, as on its page."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_201_CREATED

from procurement.parsing import FileParser
from procurement.people.answers import handed_in
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.tenders import services
from procurement.tenders.api import LANGUAGE
from procurement.tenders.method import api
from procurement.tenders.models import Bid
from procurement.tenders.schedules import XLSX, waiting
from procurement.tenders.schedules.serializers import EntrySerializer, ScheduleSerializer
from procurement.tenders.schedules.views import handed_out
from procurement.tenders.serializers import BidSerializer


class LotViewSet(api.LotViewSet):
    """The lots of the reader's tenders: drafted, their method checked, their bids read from price schedules."""

    needs = {
        **api.LotViewSet.needs,
        "empty_schedule": Permission.ENTER_BID,
        "schedule": Permission.ENTER_BID,
        "enter_schedule": Permission.ENTER_BID,
    }

    @extend_schema(parameters=[LANGUAGE], responses={(200, XLSX): OpenApiTypes.BINARY})
    @action(detail=True, url_path="empty-schedule/(?P<language>[a-z]{2})", url_name="empty-schedule")
    def empty_schedule(self, request: Request, pk: Any = None, language: str = "") -> HttpResponse:
        """The empty price schedule of a published lot, for tenderers to fill in; that it is taken is recorded."""
        return handed_out(request._request, self.get_object(), language)

    @extend_schema(request={XLSX: OpenApiTypes.BINARY}, responses=ScheduleSerializer)
    @action(detail=True, methods=["post"], parser_classes=[FileParser])
    def schedule(self, request: Request, pk: Any = None) -> Response:
        """Read a filled price schedule (XLSX or ODS); no bid is entered, the file waits an hour for its sender."""
        lot, content = self.get_object(), request.data if isinstance(request.data, bytes) else b""
        offered = services.read_received(lot=lot, content=content)
        upload = waiting.put(content, lot, reader(request))
        return Response(ScheduleSerializer(offered, context={"upload": upload}).data)

    @extend_schema(request=EntrySerializer, responses={201: BidSerializer})
    @action(detail=True, methods=["post"], url_path="enter-schedule")
    def enter_schedule(self, request: Request, pk: Any = None) -> Response:
        """Enter the bid of a schedule that was read, under the name the register has for its tenderer."""
        lot, named = self.get_object(), handed_in(EntrySerializer, request)
        token = named.pop("upload")
        content = waiting.find(token, lot, reader(request))
        if content is None:
            raise NotFound(_("This file is not here any more: send it again."))
        bid = services.enter_schedule(lot=lot, content=content, **named, by=reader(request), at=timezone.now())
        waiting.discard(token, lot, reader(request))
        return Response(BidSerializer(Bid.objects.with_lines().get(pk=bid.pk)).data, HTTP_201_CREATED)
