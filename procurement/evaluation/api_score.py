"""Scoring a case document over the API."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from procurement.evaluation import services
from procurement.parsing import DocumentParser
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from scoring.case_shape import CASE


class ScoreView(APIView):
    """A case document in, its score sheet out; nothing is stored."""

    needs = {"post": Permission.SCORE_DOCUMENT}
    parser_classes = [DocumentParser]

    @extend_schema(request={"application/json": CASE.schema()}, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        """The sheet of the case, or 400 with every problem: `{"detail", "errors": [{"pointer", "message"}]}`."""
        return Response(services.score_document(document=request.data, by=reader(request)))
