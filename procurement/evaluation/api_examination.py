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
from procurement.evaluation.models import BidVersion, PriceRequest, Regularisation
from procurement.evaluation.serializers_examination import (
    AnswerSerializer,
    ConclusionSerializer,
    NewVersionSerializer,
    PriceAnswerSerializer,
    PriceConclusionSerializer,
    PriceRequestSerializer,
    RegularisationSerializer,
    VersionSerializer,
)
from procurement.evaluation.versions import former
from procurement.people.answers import handed_in
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.tenders.models import Bid
from procurement.tenders.serializers import BidSerializer

PRICE = r"price-requests/(?P<number>[0-9]{1,18})"
ONE = r"regularisations/(?P<number>[0-9]{1,18})"


class BidViewSet(api_bids.BidViewSet):
    """The bids of the reader's lots: entered, excluded, mended where they are irregular, replaced by later versions."""

    needs = {
        **api_bids.BidViewSet.needs,
        "regularisations": Permission.READ_LOT,
        "request_regularisation": Permission.REGULARISE_BID,
        "answer_regularisation": Permission.REGULARISE_BID,
        "conclude_regularisation": Permission.REGULARISE_BID,
        "price_requests": Permission.READ_LOT,
        "request_price_explanation": Permission.SCORE_LOT,
        "answer_price_explanation": Permission.SCORE_LOT,
        "conclude_price_explanation": Permission.SCORE_LOT,
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

    @extend_schema(responses=PriceRequestSerializer(many=True))
    @action(detail=True, pagination_class=None, url_path="price-requests")
    def price_requests(self, request: Request, pk: Any = None) -> Response:
        """What was asked about a low price, what was answered, how the buyer concluded; the first request first."""
        return Response(PriceRequestSerializer(self.get_object().price_requests.with_what_came(), many=True).data)

    @extend_schema(request=PriceRequestSerializer, responses={201: PriceRequestSerializer})
    @price_requests.mapping.post
    def request_price_explanation(self, request: Request, pk: Any = None) -> Response:
        """Record that the tenderer was asked to explain its price (CCP L2152-6)."""
        bid, given = self.get_object(), handed_in(PriceRequestSerializer, request)
        asked = services.request_price_explanation(bid=bid, **given, by=reader(request), at=timezone.now())
        return self._price_answer(bid, asked.pk)

    @extend_schema(request=PriceAnswerSerializer, responses={201: PriceRequestSerializer})
    @action(detail=True, methods=["post"], url_path=f"{PRICE}/answer", url_name="answer-price")
    def answer_price_explanation(self, request: Request, pk: Any = None, number: Any = None) -> Response:
        """Record what the tenderer answered about its price, late or not."""
        bid, given = self.get_object(), handed_in(PriceAnswerSerializer, request)
        asked = self._price_request(bid, number)
        services.answer_price_explanation(asked=asked, **given, by=reader(request), at=timezone.now())
        return self._price_answer(bid, number)

    @extend_schema(request=PriceConclusionSerializer, responses={201: PriceRequestSerializer})
    @action(detail=True, methods=["post"], url_path=f"{PRICE}/conclude", url_name="conclude-price")
    def conclude_price_explanation(self, request: Request, pk: Any = None, number: Any = None) -> Response:
        """Say whether what came accounts for the price; where it does not, the bid is then to be excluded."""
        bid, given = self.get_object(), handed_in(PriceConclusionSerializer, request)
        asked = self._price_request(bid, number)
        services.conclude_price_explanation(asked=asked, **given, by=reader(request), at=timezone.now())
        return self._price_answer(bid, number)

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

    def _price_request(self, bid: Bid, number: str) -> PriceRequest:
        found = bid.price_requests.filter(pk=number).first()
        if found is None:
            raise Http404
        found.bid = bid
        return found

    def _price_answer(self, bid: Bid, number: Any) -> Response:
        row = bid.price_requests.with_what_came().get(pk=number)
        return Response(PriceRequestSerializer(row).data, HTTP_201_CREATED)

    def _answer(self, row: Regularisation | None) -> Response:
        return Response(RegularisationSerializer(row).data, HTTP_201_CREATED)
