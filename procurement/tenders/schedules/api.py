"""Price schedules over the API: a filled one is read, looked at, then entered as a bid, as on its page."""

from typing import Any

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
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.tenders import services
from procurement.tenders.method import api
from procurement.tenders.models import Bid
from procurement.tenders.schedules import XLSX, waiting
from procurement.tenders.schedules.serializers import EntrySerializer, ScheduleSerializer
from procurement.tenders.serializers import BidSerializer


class LotViewSet(api.LotViewSet):
    """The lots of the reader's tenders: drafted, their method checked, their bids read from price schedules."""

    needs = {**api.LotViewSet.needs, "schedule": Permission.ENTER_BID, "enter_schedule": Permission.ENTER_BID}

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
        lot, given = self.get_object(), EntrySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        named = dict(given.validated_data)
        token = named.pop("upload")
        content = waiting.find(token, lot, reader(request))
        if content is None:
            raise NotFound(_("This file is not here any more: send it again."))
        bid = services.enter_schedule(lot=lot, content=content, **named, by=reader(request), at=timezone.now())
        waiting.discard(token, lot, reader(request))
        return Response(BidSerializer(Bid.objects.with_lines().get(pk=bid.pk)).data, HTTP_201_CREATED)
