"""The tokens of the API."""

from typing import Any

from django.contrib.auth import authenticate
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from procurement.people import lockout, services
from procurement.people.answers import handed_in
from procurement.people.models import Token
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.people.refusals import Invalid


class TokenSerializer(serializers.ModelSerializer[Token]):
    class Meta:
        model = Token
        fields = ["id", "name", "created", "expiry"]


class CredentialsSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(style={"input_type": "password"}, trim_whitespace=False)
    name = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)


class NewTokenSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    token = serializers.CharField(help_text="Shown this once; send it as `Authorization: Token …`.")
    expiry = serializers.DateTimeField(allow_null=True)


class TokenViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, viewsets.GenericViewSet[Token]
):
    """One's own tokens. A new one is asked for with name and password, and needs no token."""

    needs = {
        "list": Permission.MANAGE_TOKENS,
        "retrieve": Permission.MANAGE_TOKENS,
        "destroy": Permission.MANAGE_TOKENS,
    }
    serializer_class = TokenSerializer
    queryset = Token.objects.none()

    def get_queryset(self) -> QuerySet[Token]:
        return Token.objects.visible_to(self.request.user)

    def get_permissions(self) -> list[Any]:
        return [AllowAny()] if self.action == "create" else list(super().get_permissions())

    def get_authenticators(self) -> list[Any]:
        # A log-in reads nothing but the name and the password it is sent.
        return [] if self.request and self.request.method == "POST" else super().get_authenticators()

    @extend_schema(request=CredentialsSerializer, responses={201: NewTokenSerializer}, auth=[])
    def create(self, request: Request) -> HttpResponseBase:
        sent = handed_in(CredentialsSerializer, request)
        username, name = sent["username"], sent["name"]
        if seconds := lockout.wait(request._request, username):
            return lockout.refused(request._request, seconds)
        user = authenticate(request._request, username=username, password=sent["password"])
        if user is None:
            lockout.count(request._request, username)
            if not getattr(request._request, "axes_locked_out", False):  # as for the log-in page
                services.record_failed_login(username=username)
            raise Invalid(_("This name and this password do not go together. Capital letters matter in both."))
        token, text = services.create_token(name=name or "API", by=user)
        answer = {"id": token.pk, "token": text, "expiry": token.expiry}
        return Response(NewTokenSerializer(answer).data, status=status.HTTP_201_CREATED)

    def perform_destroy(self, instance: Token) -> None:
        services.revoke_token(token=instance, by=reader(self.request))
