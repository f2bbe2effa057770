"""A PostgreSQL database of one measurement's own, beside the one the environment names, and dropped after it."""

from __future__ import annotations

import os
import platform
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg

DATABASE = f"bareme_bench_{os.getpid()}"


def server() -> str:
    """The address of a PostgreSQL server, or "" with a sentence on how to give one."""
    named = os.environ.get("BENCH_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    if urlsplit(named).scheme in {"postgres", "postgresql"}:
        return named
    print("This needs PostgreSQL: set BENCH_DATABASE_URL to postgres://user:password@host:port/name.")
    return ""


@contextmanager
def scratch(server: str) -> Iterator[str]:
    """A database of our own in the environment of this process and its children; the versions that are measured."""
    with psycopg.connect(server, autocommit=True) as connection, tempfile.TemporaryDirectory() as var:
        connection.execute(f"CREATE DATABASE {DATABASE}")
        os.environ.update(
            DATABASE_URL=urlsplit(server)._replace(path=f"/{DATABASE}").geturl(),
            DJANGO_SETTINGS_MODULE="config.settings",
            DEBUG="0",
            SECRET_KEY=secrets.token_urlsafe(64),
            BAREME_ANCHOR_KEY=secrets.token_hex(32),
            BAREME_ANCHORS=f"{var}/anchors.jsonl",
            BAREME_VAR=var,
            LOG_LEVEL="ERROR",
        )
        try:
            subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
            yield f"Python {platform.python_version()}, PostgreSQL {connection.info.server_version // 10000}"
        finally:
            connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
