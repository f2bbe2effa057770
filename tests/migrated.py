"""The migrated database, made once for each set of migrations and copied wherever a test needs one.

Made in full by `migrate`, in a process of its own, and kept: a SQLite file under var/, or on a PostgreSQL server one
database beside that of DATABASE_URL. Another set of migrations replaces it. Processes that need it at once wait for the
first.
"""

import fcntl
import functools
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from tests.repository.files import ROOT

FOLDER = ROOT / "var" / "migrated"
# Whatever the tables, triggers and first rows come from.
SOURCES = ("procurement/*/migrations/*.py", "procurement/*.py", "config/settings.py", "requirements.txt")
KEPT = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
LOCK = 20261122  # of the server, while one process makes the database


@functools.cache
def migrations() -> str:
    """What tells this set of migrations from another: 64 hexadecimal digits."""
    found = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        found.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return found.hexdigest()


def migrate(url: str) -> None:
    """Make every table of the empty database at ``url``."""
    command = [sys.executable, "manage.py", "migrate", "--run-syncdb", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, check=True)


def file() -> str:
    """The path of the SQLite file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = FOLDER / f"{migrations()}.sqlite3"
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for older in FOLDER.glob("*.sqlite3*"):
                older.unlink()
            made = FOLDER / "unfinished.sqlite3"
            migrate(f"sqlite:///{made}")
            with closing(sqlite3.connect(made)) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")  # whole in one file
            made.rename(kept)
    return str(kept)


@contextmanager
def in_memory(name: str) -> Iterator[None]:
    """Fill the SQLite database of this ``name``, which is in memory as long as somebody is connected to it."""
    with closing(sqlite3.connect(name, uri=True)) as memory:
        with closing(sqlite3.connect(file())) as kept:
            kept.backup(memory)
        yield


def template(server: str) -> str:
    """The name of the database on the PostgreSQL ``server`` that others are made from."""
    name = f"{urlsplit(server).path[1:]}_migrated"
    own = Identifier(name)
    with psycopg.connect(_address(server, "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if connection.execute(KEPT, [name]).fetchone() != (migrations(),):
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(own))
            connection.execute(SQL("CREATE DATABASE {}").format(own))
            migrate(_address(server, name))
            # Said last: one that was left unfinished is made again.
            connection.execute(SQL("COMMENT ON DATABASE {} IS {}").format(own, Literal(migrations())))
    return name


@contextmanager
def copied(server: str, name: str, var: os.PathLike[str]) -> Iterator[str]:
    """The DATABASE_URL of an installation under the folder ``var`` with a migrated database of its own.

    On the PostgreSQL ``server`` it has this ``name`` and is dropped afterwards; where none is named it is the SQLite
    file of ``var``, and the address empty.
    """
    if not server:
        os.makedirs(var, exist_ok=True)
        shutil.copyfile(file(), os.path.join(var, "bareme.sqlite3"))
        yield ""
        return
    made_from = template(server)
    with psycopg.connect(_address(server, "postgres"), autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(made_from)))
    try:
        yield _address(server, name)
    finally:
        with psycopg.connect(_address(server, "postgres"), autocommit=True) as connection:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _address(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()
