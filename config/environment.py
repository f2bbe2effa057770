"""Reads the environment: every setting that differs between two installations comes from here."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def flag(name: str, default: bool) -> bool:
    """A switch: 1/true/yes/on or 0/false/no/off; anything else is refused."""
    text = os.environ.get(name)
    if text is None:
        return default
    if text.lower() in TRUE | FALSE:
        return text.lower() in TRUE
    raise ImproperlyConfigured(f"{name} is {text!r}: write 1 or 0.")


def words(name: str, default: str) -> list[str]:
    """A comma-separated list without empty words."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def database(url: str, var: Path) -> dict[str, Any]:
    """Django's description of the database at ``url``.

    ``postgres://user:password@host:port/name`` or ``sqlite:///path``; empty = a SQLite file under ``var``.
    """
    if not url:
        return sqlite(str(var / "bareme.sqlite3"))
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(unquote(parts.path)[1:])
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL starts with {parts.scheme!r}: write postgres://user:password@host:port/name or sqlite:///path."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 20}},
    }


def sqlite(name: str) -> dict[str, Any]:
    """SQLite as several processes can share it: writers queue at BEGIN, readers never wait."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
