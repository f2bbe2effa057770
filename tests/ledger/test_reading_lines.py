"""Lines as they are read to be checked: few at a time, their times as their hashes have them, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection, transaction

from procurement.ledger import chain, services
from procurement.ledger.models import Line
from procurement.ledger.verification import verify
from tests.conftest import triggers_lifted
from tests.ledger.chains import write

pytestmark = pytest.mark.django_db

TIMES = [
    datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    datetime(2026, 11, 21, 12, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 11, 21, 12, 0, 0, 120000, tzinfo=UTC),
    datetime(2026, 3, 29, 3, 30, 0, 999999, tzinfo=timezone(timedelta(hours=2))),
    datetime(999, 12, 31, 23, 59, 59, tzinfo=UTC),
]


@pytest.mark.parametrize("at", TIMES, ids=str)
def test_the_time_of_a_line_is_read_as_its_hash_has_it(at: datetime) -> None:
    line = services.record("job.done", "jobs.Job:1", by=None, at=at)
    (row,) = chain.rows()
    assert row.at == line.content()["at"]
    assert chain.intact(row)


def test_every_line_is_read_once_in_order_whatever_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    write(10)
    for batch in (1, 3, 5, 10, 11):
        monkeypatch.setattr(chain, "BATCH", batch)
        assert [row.sequence for row in chain.rows()] == list(range(1, 11))
        assert [row.sequence for row in chain.rows(after=4, upto=9)] == [5, 6, 7, 8, 9]


def test_a_batch_is_one_query(queries: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write(10)
    monkeypatch.setattr(chain, "BATCH", 4)
    assert queries(lambda: list(chain.rows())) == 3


@pytest.mark.parametrize("at", ["2026-13-45 00:00:00", "yesterday", ""])
def test_a_time_that_is_none_is_a_changed_field(at: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite keeps a text that is no time")
    write(3)
    with transaction.atomic(), triggers_lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_line SET at = %s WHERE sequence = 2", [at])
    assert verify().faults == ["Line 2: its content does not have its hash: a field was changed."]


def test_a_line_before_the_first_is_out_of_order() -> None:
    write(2)
    Line.objects.create(
        **{f: getattr(Line.objects.last(), f) for f in chain.Row._fields} | {"sequence": 0, "hash": "0" * 64}
    )
    assert verify().faults[0] == "Line 0 stands after line 0: lines are in order, each once."
