"""What every test stands on: sentences in English, and a test database that can be cleaned up.

The triggers of that database step aside while a transactional test is cleaned up, and at no other moment.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import translation

from tests import kernels, migrated
from tests.standing import in_order

os.environ["NUMBA_CACHE_DIR"] = str(kernels.folder())  # numba reads it when it is loaded, which is later
STANDING_POSTGRESQL = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger
JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal ORDER BY 1
"""
STANDING_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of a module that stand on rows written for all of them come last in it."""
    items[:] = in_order(items)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Services speak English here; a page speaks the language of its reader."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def uncounted() -> None:
    """No test meets the bound that another one filled."""
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def shelf_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Bundles that tests make, schedules that wait, proof documents and snapshots lie beside those of the machine."""
    from django.conf import settings

    from procurement.audit import shelf
    from procurement.tenders.proofs import files
    from procurement.tenders.schedules import waiting

    shelf.SHELF = tmp_path_factory.mktemp("exports")
    waiting.FOLDER = tmp_path_factory.mktemp("uploads")
    files.FOLDER = tmp_path_factory.mktemp("documents")
    settings.ARCHIVES = tmp_path_factory.mktemp("archives")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """The test database starts as a copy of the migrated one; `migrate` then looks whether anything is missing."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.template(os.environ["DATABASE_URL"])
        yield
    else:
        with migrated.in_memory(connection.creation._get_test_db_name()):
            yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Let the flush after a transactional test empty the tables that otherwise only grow."""
    flush = connection.ops.execute_sql_flush

    def flush_without_triggers(statements: list[str]) -> None:
        with transaction.atomic(), triggers_lifted():
            flush(statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops, "execute_sql_flush", flush_without_triggers)
        yield


@contextmanager
def triggers_lifted() -> Iterator[None]:
    """Take every trigger of the test database down, and put it up again as it was."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(STANDING_POSTGRESQL)
            tables = [table for (table,) in cursor.fetchall()]
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that still wait is not altered
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        else:
            cursor.execute(STANDING_SQLITE)
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            yield
            for _name, sql in triggers:
                cursor.execute(sql)


@pytest.fixture
def anchored(settings: Any, tmp_path: Path) -> Path:
    """A key that signs the record, and the file its anchors are also written to."""
    settings.ANCHOR_KEY = bytes(range(32)).hex()
    settings.ANCHORS = str(tmp_path / "anchors.jsonl")
    return tmp_path / "anchors.jsonl"


@pytest.fixture
def queries(django_assert_max_num_queries: Any) -> Callable[[Callable[[], object]], int]:
    """How many queries a call makes: `queries(lambda: client.get(address))`."""

    def count(call: Callable[[], object]) -> int:
        with django_assert_max_num_queries(1000) as captured:
            call()
        return len(captured)

    return count
