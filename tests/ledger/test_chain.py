"""Each line names the hash of the one before; the hash covers the whole line."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from procurement.ledger import chain, services
from procurement.ledger.models import FIRST, Line
from tests.ledger.chains import first_broken
from tests.ledger.processes import written_by

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WRITERS, LINES = 3, 15
WRITER = f"""
import django
django.setup()
from django.db import transaction
from procurement.ledger import services
for _ in range({LINES}):
    with transaction.atomic():
        services.record("job.done", "jobs.Job:1", by=None, reason="Done.")
"""
CHECKER = """
import django
django.setup()
from procurement.ledger.models import Line
from tests.ledger.chains import first_broken
lines = list(Line.objects.order_by("sequence"))
print(len(lines), first_broken(lines))
"""


def three_lines() -> list[Line]:
    return [services.record("tender.published", f"tenders.Tender:{n}", by=None, at=NOON) for n in (1, 2, 3)]


def write(_writer: int) -> None:
    for _ in range(LINES):
        with transaction.atomic():
            services.record("job.done", "jobs.Job:1", by=None, reason="Done.")
    connections.close_all()


def test_the_hash_of_a_line_can_be_computed_from_what_the_line_says(db: None) -> None:
    line = services.record(
        "decision.awarded", "evaluation.Decision:7", by=None, at=NOON, after="a" * 64, reason="Offre la mieux classée"
    )
    said = (
        '{"action":"decision.awarded","actor":"system","after":"'
        + "a" * 64
        + '","at":"2026-11-21T12:00:00.000000+00:00",'
        '"before":"","object":"evaluation.Decision:7","previous":"' + FIRST + '","reason":"' + line.reason + '",'
        '"role":"system","sequence":1}'
    )
    assert json.loads(said) == line.content()
    assert line.hash == hashlib.sha256(said.encode()).hexdigest()


def test_lines_read_back_from_the_database_make_one_chain(db: None) -> None:
    three_lines()
    lines = list(Line.objects.order_by("sequence"))
    assert [line.previous for line in lines] == [FIRST, lines[0].hash, lines[1].hash]
    assert first_broken(lines) is None


@pytest.mark.parametrize(
    "thing", ['a"quote"', "back\\slash", "tab\tand\x1f", "100 %s", "été 漢字 🩺", "\u2028", "{}'; --"]
)
def test_whoever_computes_the_hash_the_database_or_the_program_it_is_the_same(db: None, thing: str) -> None:
    three_lines()
    line = services.record("tender.published", thing, by=None)
    assert line.hash == chain.hash_of(line)
    assert first_broken(list(chain.rows())) is None


def test_a_changed_line_breaks_the_chain_at_that_line(db: None) -> None:
    lines = three_lines()
    lines[1].reason = "another story"
    assert first_broken(lines) == lines[1]


def test_a_line_changed_together_with_its_hash_breaks_the_chain_at_the_next(db: None) -> None:
    lines = three_lines()
    lines[1].reason = "another story"
    lines[1].hash = chain.hash_of(lines[1])
    assert first_broken(lines) == lines[2]


def test_a_missing_line_breaks_the_chain(db: None) -> None:
    first, _second, third = three_lines()
    assert first_broken([first, third]) == third


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        services.record("tender.published", "tenders.Tender:1", by=None)
    assert not Line.objects.exists()


def test_a_line_goes_with_the_transaction_that_fails(db: None) -> None:
    def fails_after_recording() -> None:
        with transaction.atomic():
            services.record("tender.published", "tenders.Tender:1", by=None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_after_recording()
    assert not Line.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_parallel_threads_write_one_chain_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share the connection of an in-memory SQLite database: processes are tried instead")
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    lines = list(Line.objects.order_by("sequence"))
    assert len(lines) == WRITERS * LINES
    assert first_broken(lines) is None


@pytest.mark.django_db(transaction=True)
def test_parallel_processes_write_one_chain_on_sqlite(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a server's writers are tried with threads")
    assert written_by(WRITERS, WRITER, CHECKER, tmp_path) == [str(WRITERS * LINES), "None"]
