"""The bids of a lot over the API: their exclusion looks at what was judged, so it is evaluation's."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from procurement.evaluation.services import price_rejected
from procurement.people.answers import handed_in
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.tenders import api, services
from procurement.tenders.serializers import BidSerializer, ExclusionSerializer


class BidViewSet(api.BidViewSet):
    """The bids of the reader's lots, entered after the opening; without marks, which are their lot's."""

    needs = {**api.BidViewSet.needs, "exclude": Permission.EXCLUDE_BID}

    @extend_schema(request=ExclusionSerializer, responses=BidSerializer)
    @action(detail=True, methods=["post"])
    def exclude(self, request: Request, pk: Any = None) -> Response:
        """Exclude a bid, with its ground and the reason the tenderer is told."""
        bid = self.get_object()
        given = {**handed_in(ExclusionSerializer, request), "explanations_rejected": price_rejected(bid)}
        services.exclude_bid(bid=bid, **given, by=reader(request), at=timezone.now())
        return Response(self.get_serializer(bid).data)
