"""Drafts over the API: read back as the documents they were made of, changed lot by lot, taken away.

What is read comes with its SHA-256 as its ETag. Sent back in If-Match, it keeps anybody from writing over what they
have not read (RFC 9110, 13.1.1); without it the document is replaced whatever it has become.
"""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_201_CREATED, HTTP_204_NO_CONTENT

from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.tenders import api, documents, services
from procurement.tenders.drafted import lot_document, lot_documents, terms_document
from procurement.tenders.models import Lot
from procurement.tenders.rules import sha256
from procurement.tenders.serializers import LOT_DOCUMENT, TENDER_DOCUMENT, LotSerializer, TenderSerializer

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of what was read. 409 where it has become another since.",
)
TERMS = {
    **documents.TENDER.schema(),
    "properties": {name: part for name, part in documents.TENDER.schema()["properties"].items() if name != "lots"},
    "required": [name for name in documents.TENDER.schema()["required"] if name != "lots"],
}


class TenderViewSet(api.TenderViewSet):
    """The procedures of the reader's hospitals or mandates; drafted from one document, or lot by lot."""

    needs = {
        **api.TenderViewSet.needs,
        "destroy": Permission.DRAFT_TENDER,
        "document": Permission.DRAFT_TENDER,
        "change_document": Permission.DRAFT_TENDER,
        "terms": Permission.DRAFT_TENDER,
        "change_terms": Permission.DRAFT_TENDER,
        "add_lot": Permission.DRAFT_TENDER,
    }

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: Any = None) -> Response:
        """Delete a draft with its lots; what is published stays."""
        services.drop_tender(tender=self.get_object(), by=reader(request), at=timezone.now())
        return Response(status=HTTP_204_NO_CONTENT)

    @extend_schema(responses={200: documents.TENDER.schema()})
    @action(detail=True)
    def document(self, request: Request, pk: Any = None) -> Response:
        """The tender as the document it can be drafted from, lots and all."""
        tender = self.get_object()
        return Response({**terms_document(tender), "lots": lot_documents(tender)})

    @extend_schema(request=TENDER_DOCUMENT, responses=TenderSerializer)
    @document.mapping.put
    def change_document(self, request: Request, pk: Any = None) -> Response:
        """Replace a draft, lots and all; once its rules are published they no longer change."""
        services.change_tender(tender=self.get_object(), document=request.data, by=reader(request), at=timezone.now())
        return self._answer(self.get_object())

    @extend_schema(responses={200: TERMS})
    @action(detail=True)
    def terms(self, request: Request, pk: Any = None) -> Response:
        """The terms of a tender: its document without the lots."""
        return tagged(terms_document(self.get_object()))

    @extend_schema(parameters=[IF_MATCH], request={"application/json": TERMS}, responses=TenderSerializer)
    @terms.mapping.put
    def change_terms(self, request: Request, pk: Any = None) -> Response:
        """Replace the terms of a draft; its lots stay as they are."""
        tender, read = self.get_object(), read_before(request)
        services.change_terms(tender=tender, document=request.data, by=reader(request), at=timezone.now(), read=read)
        return self._answer(self.get_object())

    @extend_schema(request=LOT_DOCUMENT, responses={201: LotSerializer})
    @action(detail=True, methods=["post"], url_path="lots")
    def add_lot(self, request: Request, pk: Any = None) -> Response:
        """Add a lot to a draft, under the next number where its document says none."""
        tender = self.get_object()
        lot = services.add_lot(tender=tender, document=request.data, by=reader(request), at=timezone.now())
        return Response(LotSerializer(Lot.objects.for_draft().get(pk=lot.pk)).data, HTTP_201_CREATED)


class LotViewSet(api.LotViewSet):
    """The lots of the reader's tenders, with their rules and needs; a draft is changed and taken away."""

    needs = {
        **api.LotViewSet.needs,
        "destroy": Permission.DRAFT_TENDER,
        "document": Permission.DRAFT_TENDER,
        "change_document": Permission.DRAFT_TENDER,
    }

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: Any = None) -> Response:
        """Take a lot out of a draft; one whose rules are published stays."""
        services.drop_lot(lot=self.get_object(), by=reader(request), at=timezone.now())
        return Response(status=HTTP_204_NO_CONTENT)

    @extend_schema(responses={200: documents.LOT.schema()})
    @action(detail=True)
    def document(self, request: Request, pk: Any = None) -> Response:
        """The lot as the document it can be drafted from: to be changed, or added to another draft."""
        return tagged(lot_document(Lot.objects.for_draft().get(pk=self.get_object().pk)))

    @extend_schema(parameters=[IF_MATCH], request=LOT_DOCUMENT, responses=LotSerializer)
    @document.mapping.put
    def change_document(self, request: Request, pk: Any = None) -> Response:
        """Replace a draft lot; once its rules are published they no longer change."""
        lot, read = self.get_object(), read_before(request)
        services.change_lot(lot=lot, document=request.data, by=reader(request), at=timezone.now(), read=read)
        return Response(self.get_serializer(self.get_object()).data)


def tagged(document: dict[str, Any]) -> Response:
    """``document`` with its SHA-256 as its ETag."""
    return Response(document, headers={"ETag": f'"{sha256(document)}"'})


def read_before(request: Request) -> str:
    """The SHA-256 that If-Match names; "" where the caller names none, or asks only that there be something (`*`)."""
    return str(request.headers.get("If-Match", "")).strip().strip('"').removeprefix("*")
