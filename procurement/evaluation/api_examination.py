"""The examination of bids over the API: regularisation, and the versions of a bid."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_201_CREATED

from procurement.evaluation import api_bids, services
from procurement.evaluation.models import BidVersion, Regularisation
from procurement.evaluation.serializers_examination import (
    AnswerSerializer,
    ConclusionSerializer,
    NewVersionSerializer,
    RegularisationSerializer,
    VersionSerializer,
)
from procurement.evaluation.versions import former
from procurement.people.answers import handed_in
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.tenders.models import Bid
from procurement.tenders.serializers import BidSerializer

ONE = r"regularisations/(?P<number>[0-9]{1,18})"


class BidViewSet(api_bids.BidViewSet):
    """The bids of the reader's lots: entered, excluded, mended where they are irregular, replaced by later versions."""

    needs = {
        **api_bids.BidViewSet.needs,
        "regularisations": Permission.READ_LOT,
        "request_regularisation": Permission.REGULARISE_BID,
        "answer_regularisation": Permission.REGULARISE_BID,
        "conclude_regularisation": Permission.REGULARISE_BID,
        "versions": Permission.READ_LOT,
        "enter_version": Permission.ENTER_BID,
    }

    @extend_schema(responses=RegularisationSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def regularisations(self, request: Request, pk: Any = None) -> Response:
        """What was asked of the tenderer, what it answered, how the buyer concluded; the first request first."""
        rows = self.get_object().regularisations.with_what_came()
        return Response(RegularisationSerializer(rows, many=True).data)

    @extend_schema(request=RegularisationSerializer, responses={201: RegularisationSerializer})
    @regularisations.mapping.post
    def request_regularisation(self, request: Request, pk: Any = None) -> Response:
        """Record that the tenderer was asked to mend its irregular bid (CCP R2152-2)."""
        bid, given = self.get_object(), handed_in(RegularisationSerializer, request)
        services.request_regularisation(bid=bid, **given, by=reader(request), at=timezone.now())
        return self._answer(bid.regularisations.with_what_came().last())

    @extend_schema(request=AnswerSerializer, responses={201: RegularisationSerializer})
    @action(detail=True, methods=["post"], url_path=f"{ONE}/answer", url_name="answer-regularisation")
    def answer_regularisation(self, request: Request, pk: Any = None, number: Any = None) -> Response:
        """Record what the tenderer answered, late or not."""
        bid, given = self.get_object(), handed_in(AnswerSerializer, request)
        services.answer_regularisation(
            regularisation=self._one(bid, number), **given, by=reader(request), at=timezone.now()
        )
        return self._answer(bid.regularisations.with_what_came().get(pk=number))

    @extend_schema(request=ConclusionSerializer, responses={201: RegularisationSerializer})
    @action(detail=True, methods=["post"], url_path=f"{ONE}/conclude", url_name="conclude-regularisation")
    def conclude_regularisation(self, request: Request, pk: Any = None, number: Any = None) -> Response:
        """Say whether the bid is regular now; otherwise it is excluded as irregular."""
        bid, given = self.get_object(), handed_in(ConclusionSerializer, request)
        services.conclude_regularisation(
            regularisation=self._one(bid, number), **given, by=reader(request), at=timezone.now()
        )
        return self._answer(bid.regularisations.with_what_came().get(pk=number))

    @extend_schema(responses=VersionSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def versions(self, request: Request, pk: Any = None) -> Response:
        """The versions of the bid that were replaced, the first one first; the bid itself is the last."""
        return Response(VersionSerializer(former(self.get_object()), many=True).data)

    @extend_schema(request=NewVersionSerializer, responses={201: BidSerializer})
    @versions.mapping.post
    def enter_version(self, request: Request, pk: Any = None) -> Response:
        """Put another version in the place of the bid; one of a regularisation is of the request that waits."""
        bid, why = self.get_object(), handed_in(NewVersionSerializer, request)
        if why["reason"] == BidVersion.Reason.REGULARISATION:
            why["regularisation"] = bid.regularisations.pending().last()
        services.enter_version(bid=bid, **why, by=reader(request), at=timezone.now())
        return Response(BidSerializer(self.get_queryset().get(pk=bid.pk)).data, HTTP_201_CREATED)

    def _one(self, bid: Bid, number: str) -> Regularisation:
        found = bid.regularisations.filter(pk=number).first()
        if found is None:
            raise Http404
        found.bid = bid
        return found

    def _answer(self, row: Regularisation | None) -> Response:
        return Response(RegularisationSerializer(row).data, HTTP_201_CREATED)
