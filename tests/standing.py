"""Rows that many tests stand on: written once, in a transaction that is taken back after the last of these tests.

Each test takes back what it did itself, as always. A fixture of module scope writes the rows inside `standing`; the
tests of the module that ask for it, by itself or through another fixture, are run after those that do not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby

import pytest
from django.db import transaction
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def standing(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written inside stands until the end of the block. Not for tests that commit, nor inside one test."""
    whole = transaction.atomic()
    whole._from_testcase = True  # anchors are made outside transactions, but for that of a test
    with blocker.unblock(), translation.override("en"), whole:
        yield
        transaction.set_rollback(True)


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """The tests of each module that stand on rows of the module after those that do not."""
    modules = groupby(items, key=lambda item: item.nodeid.partition("::")[0])
    return [item for _module, tests in modules for item in sorted(tests, key=_stands)]


def _stands(item: pytest.Item) -> bool:
    """Whether one of its fixtures is of module scope and opens the database itself."""
    used = getattr(item, "_fixtureinfo", None)
    found = (each[-1] for each in used.name2fixturedefs.values()) if used else ()
    return any(each.scope == "module" and "django_db_blocker" in each.argnames for each in found)
