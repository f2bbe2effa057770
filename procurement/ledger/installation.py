"""What `manage.py check --deploy` says of an installation whose record nobody could defend."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning


def protected(**_options: Any) -> list[CheckMessage]:
    """Warn where anchors cannot be signed. A value that cannot be used is refused by the settings themselves."""
    if settings.ANCHOR_KEY:
        return []
    return [
        Warning(
            "The record is protected by no anchor: whoever owns the database could rewrite it unseen.",
            hint="Set BAREME_ANCHOR_KEY (`openssl rand -hex 32`) and BAREME_ANCHORS.",
            id="ledger.W001",
        )
    ]
