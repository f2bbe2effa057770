"""The gate of the API: an action nobody named a permission for is refused."""

import pytest
from django.urls import get_resolver
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from procurement.people.api import TokenViewSet
from procurement.people.permissions import Permission
from tests.factories import UserFactory
from tests.people.test_permissions import patterns

pytestmark = pytest.mark.django_db


class Counting(APIView):
    needs = {"get": Permission.MANAGE_PEOPLE}

    def get(self, request: object) -> Response:
        return Response()

    def post(self, request: object) -> Response:
        return Response()


def status(method: str, role: str) -> int:
    request = getattr(APIRequestFactory(), method)("/")
    force_authenticate(request, UserFactory(role=role))
    return int(Counting.as_view()(request).status_code)


def test_the_role_is_asked_before_the_method_runs() -> None:
    assert (status("get", "administrator"), status("get", "buyer")) == (200, 403)


def test_a_method_without_a_permission_is_refused_to_everybody() -> None:
    assert status("post", "administrator") == 403


def test_a_method_the_view_does_not_have_is_not_allowed() -> None:
    assert status("put", "administrator") == 405


def test_every_action_of_the_api_names_its_permission() -> None:
    missing = [
        f"{name}: {action}"
        for name, pattern in patterns(get_resolver())
        if hasattr(pattern.callback, "actions")
        for action in pattern.callback.actions.values()
        if action not in pattern.callback.cls.needs and (pattern.callback.cls, action) != (TokenViewSet, "create")
    ]
    assert missing == []
