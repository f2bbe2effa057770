"""Reads the environment: every setting that differs between two installations comes from here."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SHORTEST_SECRET = 50  # characters; what Django's own check of a deployment asks for


def flag(name: str, default: bool) -> bool:
    """A switch: 1/true/yes/on or 0/false/no/off; anything else is refused. One left empty was not given."""
    text = os.environ.get(name, "")
    if not text:
        return default
    if text.lower() in TRUE | FALSE:
        return text.lower() in TRUE
    raise ImproperlyConfigured(f"{name} is {text!r}: write 1 or 0.")


def words(name: str, default: str) -> list[str]:
    """A comma-separated list without empty words."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def level(name: str) -> str:
    """How much the log tells: one of `LEVELS`."""
    text = os.environ.get(name, "") or "INFO"
    if text not in LEVELS:
        raise ImproperlyConfigured(f"{name} is {text!r}: write one of {', '.join(LEVELS)}.")
    return text


def secret(name: str, kept: Path) -> str:
    """A long random text: the variable, else the file ``kept``, else ""; a short one is refused."""
    text, where = os.environ.get(name, ""), name
    if not text and kept.exists():
        text, where = kept.read_text(encoding="ascii", errors="replace").strip(), str(kept)
        if not text:
            raise ImproperlyConfigured(f"{where} is empty: delete it and run `make demo`, or set {name}.")
    if text and len(text) < SHORTEST_SECRET:
        raise ImproperlyConfigured(
            f"{where} is a text of {len(text)} characters: write {SHORTEST_SECRET} random ones or more, "
            "as `openssl rand -base64 64` makes them."
        )
    return text


def seed(name: str, kept: Path | None) -> str:
    """32 secret bytes as 64 hexadecimal digits: the variable, else the file ``kept``, else ""; never a default."""
    text, where = os.environ.get(name, ""), name
    if not text and kept and kept.exists():
        text, where = kept.read_text(encoding="ascii", errors="replace").strip(), str(kept)
    if text and not re.fullmatch("[0-9a-fA-F]{64}", text):
        raise ImproperlyConfigured(f"{where} is not 64 hexadecimal digits: make them with `openssl rand -hex 32`.")
    return text.lower()


def fingerprints(name: str) -> frozenset[str]:
    """SHA-256 fingerprints in hexadecimal, separated by commas."""
    found = frozenset(part.strip().lower() for part in os.environ.get(name, "").split(",") if part.strip())
    for text in sorted(found):
        if not re.fullmatch("[0-9a-f]{64}", text):
            raise ImproperlyConfigured(f"{name} holds {text!r}: write fingerprints, 64 hexadecimal digits each.")
    return found


def address(name: str) -> str:
    """An http or https address, or ""."""
    text = os.environ.get(name, "")
    if text and not (urlsplit(text).scheme in {"http", "https"} and urlsplit(text).hostname):
        raise ImproperlyConfigured(f"{name} is {text!r}: write an address, https://host/path.")
    return text


def place(name: str, default: Path) -> str:
    """A file by its path, or an http or https address; ``default`` when it is not given."""
    text = os.environ.get(name, "") or str(default.absolute())
    if "://" in text:
        return address(name)
    if not Path(text).is_absolute() or Path(text).is_dir():
        raise ImproperlyConfigured(
            f"{name} is {text!r}: write the whole path of a file, /folder/file, or https://host/path."
        )
    return text


def folder(name: str, default: Path) -> Path:
    """A folder by its whole path; ``default`` when it is not given. It is made when something is put there."""
    text = os.environ.get(name, "") or str(default.absolute())
    if not Path(text).is_absolute() or Path(text).is_file():
        raise ImproperlyConfigured(f"{name} is {text!r}: write the whole path of a folder, /folder.")
    return Path(text)


def file(name: str) -> str:
    """The path of a file that is there, or ""."""
    text = os.environ.get(name, "")
    if text and not Path(text).is_file():
        raise ImproperlyConfigured(f"{name} is {text!r}, and no file is there.")
    return text


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
    try:
        port = parts.port
    except ValueError as wrong:
        raise ImproperlyConfigured(f"The port in DATABASE_URL cannot be read: {wrong}.") from wrong
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 20}},
    }


def redis(name: str) -> str:
    """The address of a Redis, or ""."""
    text = os.environ.get(name, "")
    if text and urlsplit(text).scheme not in {"redis", "rediss", "unix"}:
        scheme = urlsplit(text).scheme  # never the whole address, which may hold a password
        raise ImproperlyConfigured(f"{name} starts with {scheme!r}: write redis://:password@host:port/number.")
    return text


def cache(url: str, prefix: str) -> dict[str, Any]:
    """Django's description of the cache: the Redis at ``url``, else the memory of each process."""
    if not url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": f"{prefix}bareme",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},  # seconds; a request does not wait for it
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
