"""What every endpoint answers alike: pages of results, one row, refusals as JSON."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from procurement.people.permissions import trace_reading
from procurement.people.refusals import Refused
from procurement.people.writes import record_closed_page


class Pages(PageNumberPagination):
    """`?page=` and `?page_size=` up to 100."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100


class Traced:
    """For a viewset of what auditors read: one row asked for leaves its line in the record."""

    def get_object(self) -> Any:
        row = super().get_object()  # type: ignore[misc]  # a mixin: of the viewset
        trace_reading(self.request.user, row)  # type: ignore[attr-defined]  # of the viewset
        return row


class TracedWhole(Traced):
    """For a viewset whose list tells as much of a row as the row alone: each one answered leaves its line."""

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)  # type: ignore[misc]  # a mixin: of the viewset
        for row in page or ():
            trace_reading(self.request.user, row)  # type: ignore[attr-defined]  # of the viewset
        return page


def handed_in(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The fields of the body, checked one by one. Raises ValidationError, which is answered with each that is wrong."""
    form = serializer(data=request.data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def refusal(exception: Exception, context: dict[str, Any]) -> Response | None:
    """A service's refusal as `{"detail": sentence, "errors": […]}`; everything else as the framework answers it.

    What a role may not do leaves a line in the record.
    """
    if isinstance(exception, Refused):
        return Response({"detail": exception.sentence, "errors": exception.details}, status=exception.status)
    if isinstance(exception, Http404):  # whose own sentence is English and names a model
        exception = exceptions.NotFound(_("Nothing that you may read has this id."))
    if isinstance(exception, PermissionDenied | exceptions.PermissionDenied):
        record_closed_page(context["request"]._request, exception)
    return exception_handler(exception, context)
