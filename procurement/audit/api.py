"""The bundle of a decision over the API."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from procurement.audit.bundles import Kind
from procurement.audit.services import export_bundle
from procurement.audit.views import ZIP, attachment
from procurement.evaluation.models import Decision
from procurement.people.answers import handed_in
from procurement.people.permissions import Permission
from procurement.people.reader import reader


class BundleRequestSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(
        choices=Kind.choices, help_text="full: with every business secret; communicable: secrets replaced by hashes."
    )


class ZipRenderer(BaseRenderer):
    """Lets a client ask for `application/zip`; the view answers the file itself."""

    media_type = ZIP
    format = "zip"

    def render(self, data: Any, *_context: Any) -> bytes:
        """A refusal, which is no zip."""
        return JSONRenderer().render(data)


class BundleView(APIView):
    """A decision as a bundle of evidence, which `verify.py` verifies without the portal."""

    needs = {"post": Permission.EXPORT_DECISION}
    renderer_classes = [JSONRenderer, ZipRenderer]

    @extend_schema(request=BundleRequestSerializer, responses={(200, ZIP): OpenApiTypes.BINARY})
    def post(self, request: Request, pk: int) -> HttpResponse:
        """Export a decision as one zip; the record keeps that it was done.

        The page of the decision tells which secret names a communicable bundle spells all the same.
        """
        decision = get_object_or_404(Decision.objects.visible_to(request.user), pk=pk)
        asked = handed_in(BundleRequestSerializer, request)
        made = export_bundle(decisions=[decision], kind=asked["kind"], by=reader(request), at=timezone.now())
        return attachment(made.name, made.content, ZIP)
