"""Proof documents over the API: listed, added with their file as a form, handed out, withdrawn."""

from typing import Any

import django_filters
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from procurement.parsing import DocumentParser
from procurement.people.answers import TracedWhole, handed_in
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.people.refusals import Invalid
from procurement.tenders import services
from procurement.tenders.filters import visible_lots
from procurement.tenders.models import Bid, ProofDocument
from procurement.tenders.proofs import subjects
from procurement.tenders.proofs.examination import LONGEST
from procurement.tenders.proofs.expiry import had_expired, received_on
from procurement.tenders.proofs.views import handed_out
from procurement.uploads import OneFile


class ProofSerializer(serializers.ModelSerializer[ProofDocument]):
    expired_on_receipt = serializers.SerializerMethodField(
        help_text="Whether it had expired on the day the bid was received."
    )
    withdrawn = serializers.SerializerMethodField(help_text="Why it was withdrawn; null while it stands.")

    class Meta:
        model = ProofDocument
        fields = (
            "id", "bid", "kind", "about", "title", "issued_on", "expires_on", "expired_on_receipt", "original_name",
            "media_type", "size", "sha256", "added_at", "withdrawn",
        )  # fmt: skip
        read_only_fields = fields

    def get_expired_on_receipt(self, proof: ProofDocument) -> bool:
        return had_expired(proof.expires_on, received_on(proof.bid))

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_withdrawn(self, proof: ProofDocument) -> str | None:
        return None if proof.standing else proof.withdrawal.reason


class NewProofSerializer(serializers.Serializer[Any]):
    """The fields of the form that brings the file."""

    bid = serializers.IntegerField(help_text="The id of the bid.")
    file = serializers.FileField(allow_empty_file=True, help_text="PDF, PNG or JPEG, at most 20 MB.")
    kind = serializers.ChoiceField(choices=ProofDocument.Kind.choices)
    about = serializers.CharField(
        default=subjects.BID,
        max_length=120,
        help_text="bid, operator[/SUPPLIER], origin[/ITEM[/COUNTRY]] or evidence[/INDICATOR].",
    )
    title = serializers.CharField(default="", allow_blank=True, max_length=200)
    issued_on = serializers.DateField()
    expires_on = serializers.DateField(default=None, allow_null=True)


class ProofWithdrawalSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


def visible_bids(request: Any) -> QuerySet[Bid]:
    return Bid.objects.none() if request is None else Bid.objects.visible_to(request.user)


class ProofFilter(django_filters.FilterSet):
    """`?bid=&lot=&kind=`."""

    bid = django_filters.ModelChoiceFilter(queryset=visible_bids)
    lot = django_filters.ModelChoiceFilter(field_name="bid__lot", queryset=visible_lots)
    kind = django_filters.ChoiceFilter(choices=ProofDocument.Kind.choices)

    class Meta:
        model = ProofDocument
        fields: list[str] = []


class ProofViewSet(TracedWhole, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[ProofDocument]):
    """The proof documents of the reader's bids; members of a panel get none of them."""

    needs = {
        "list": Permission.READ_PROOF,
        "retrieve": Permission.READ_PROOF,
        "create": Permission.ADD_PROOF,
        "file": Permission.READ_PROOF,
        "withdraw": Permission.WITHDRAW_PROOF,
    }
    queryset = ProofDocument.objects.with_people().select_related("bid__lot__tender")
    serializer_class = ProofSerializer
    parser_classes = [MultiPartParser]
    filterset_class = ProofFilter
    ordering_fields = ("bid", "issued_on", "expires_on", "added_at")

    def get_queryset(self) -> QuerySet[ProofDocument]:
        return self.queryset.visible_to(self.request.user)

    def initialize_request(self, request: HttpRequest, *given: Any, **named: Any) -> Request:
        """The form is read before the token of a session is compared: its file is taken then, up to its bound."""
        request.upload_handlers = [OneFile(request, LONGEST)]
        return super().initialize_request(request, *given, **named)

    @extend_schema(request={"multipart/form-data": NewProofSerializer}, responses={201: ProofSerializer})
    def create(self, request: Request) -> Response:
        """Add a document to a bid whose lot is not decided. The file is looked into first."""
        given = handed_in(NewProofSerializer, request)
        bid = visible_bids(request).select_related("lot").filter(pk=given.pop("bid")).first()
        if bid is None:
            raise Invalid(_("None of your bids has this id."), [{"pointer": "/bid", "message": _("An id of a bid.")}])
        file: UploadedFile = given.pop("file")
        given |= {"content": file.read(), "name": file.name or ""}
        proof = services.add_proof(bid=bid, **given, by=reader(request), at=timezone.now())
        return Response(self.get_serializer(proof).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={(200, kind): OpenApiTypes.BINARY for kind in ProofDocument.MediaType.values})
    @action(detail=True)
    def file(self, request: Request, pk: Any = None) -> HttpResponse:
        """The file itself; that it leaves the portal is recorded."""
        return handed_out(request._request, self.get_object())

    @extend_schema(request=ProofWithdrawalSerializer, responses=ProofSerializer)
    @action(detail=True, methods=["post"], parser_classes=[DocumentParser])
    def withdraw(self, request: Request, pk: Any = None) -> Response:
        """Let a document count no more; it stays with the reason."""
        proof = self.get_object()
        given = handed_in(ProofWithdrawalSerializer, request)
        services.withdraw_proof(proof=proof, **given, by=reader(request), at=timezone.now())
        return Response(self.get_serializer(self.get_queryset().get(pk=proof.pk)).data)
