"""How a caller of the API is known: by a token, sent as `Authorization: Token …`."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed


class TokenAuthentication(KnoxAuthentication):
    """Refuses what is no text as a wrong token; knox would fail on decoding it."""

    def authenticate_credentials(self, token: bytes) -> Any:
        if not token.isascii():
            raise AuthenticationFailed(_("This token opens nothing: it was revoked, or it is not one."))
        return super().authenticate_credentials(token)


class TokenScheme(KnoxTokenScheme):
    """What the schema says of it."""

    target_class = "procurement.people.authentication.TokenAuthentication"
