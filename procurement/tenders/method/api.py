"""The check of a method over the API: its invented bids, what the rules do to them, and the line that says so."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from procurement.people.api_access import NotTooManyScorings, NotTooOften
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.tenders import api_drafts, documents, services
from procurement.tenders.method.check import Check
from procurement.tenders.method.serializers import MethodSerializer, answered
from procurement.tenders.models import Lot
from procurement.tenders.profiles import FEWEST, MOST, checked, profiles_of, proposed
from scoring.problems import InvalidDocument
from scoring.shapes import ListOf

PROFILES = ListOf(documents.PROFILE).schema()


class LotViewSet(api_drafts.LotViewSet):
    """The lots of the reader's tenders; a draft is changed, and its method tried on invented bids."""

    needs = {
        **api_drafts.LotViewSet.needs,
        "profiles": Permission.DRAFT_TENDER,
        "invent_profiles": Permission.DRAFT_TENDER,
        "propose_profiles": Permission.DRAFT_TENDER,
        "method": Permission.DRAFT_TENDER,
        "check_method": Permission.DRAFT_TENDER,
    }

    @extend_schema(responses={200: PROFILES})
    @action(detail=True, filter_backends=[], pagination_class=None)
    def profiles(self, request: Request, pk: Any = None) -> Response:
        """The invented bids of a lot, never bids that were received."""
        return Response(profiles_of(self.get_object()))

    @extend_schema(request={"application/json": PROFILES}, responses={200: PROFILES})
    @profiles.mapping.put
    def invent_profiles(self, request: Request, pk: Any = None) -> Response:
        """Replace the invented bids of a draft lot, 3 to 8 of them."""
        lot = self.get_object()
        services.invent_profiles(lot=lot, profiles=request.data, by=reader(request), at=timezone.now())
        return Response(profiles_of(lot))

    @extend_schema(request=None, responses={200: PROFILES})
    @action(detail=True, methods=["post"], url_path="propose-profiles", filter_backends=[], pagination_class=None)
    def propose_profiles(self, request: Request, pk: Any = None) -> Response:
        """Put six invented bids made of the plausible prices in the place of those there are."""
        lot = self.get_object()
        services.invent_profiles(lot=lot, profiles=proposed(lot), by=reader(request), at=timezone.now())
        return Response(profiles_of(lot))

    @extend_schema(responses=MethodSerializer)
    @action(detail=True, throttle_classes=[NotTooOften, NotTooManyScorings])
    def method(self, request: Request, pk: Any = None) -> Response:
        """What the rules of a lot do to its invented bids: who wins and why, what a point and the bonus cost."""
        return self._method(self.get_object())

    @extend_schema(request=None, responses=MethodSerializer)
    @method.mapping.post
    def check_method(self, request: Request, pk: Any = None) -> Response:
        """Record that the method of a draft was looked at, on its rules and its invented bids as they stand."""
        lot = self.get_object()
        services.check_method(lot=lot, by=reader(request), at=timezone.now())
        return self._method(lot)

    def _method(self, lot: Lot) -> Response:
        profiles = profiles_of(lot)
        if not profiles:
            sentence = _("A method is checked on %(fewest)s to %(most)s profiles; there are %(count)s.")
            raise Refused(sentence % {"fewest": FEWEST, "most": MOST, "count": 0})
        try:
            check = Check(lot, profiles, timezone.localdate())
        except InvalidDocument as invalid:
            documents.refuse(_("The method cannot be checked: %(first)s"), invalid.problems)
        return Response(MethodSerializer(answered(check, recorded=lot.pk in checked([lot]))).data)
