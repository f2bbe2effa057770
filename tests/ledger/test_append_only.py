"""What was written in the record can neither be changed nor taken out, whoever asks the database."""

import pytest
from django.db import Error, connection, transaction

from procurement.ledger import services
from procurement.ledger.models import Line
from tests.conftest import triggers_lifted

TABLES = {
    "ledger_line",
    "ledger_anchor",
    "ledger_block",
    "evaluation_scoresheet",
    "evaluation_liftedblock",
    "evaluation_decision",
}


def tables_with_triggers() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'")
        else:
            cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")
        return {table for (table,) in cursor.fetchall()}


@pytest.fixture
def line(db: None) -> Line:
    return services.record("tender.published", "tenders.Tender:1", by=None)


def test_a_line_cannot_be_changed(line: Line) -> None:
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Line.objects.filter(pk=line.pk).update(reason="another story")


def test_a_line_cannot_be_taken_out(line: Line) -> None:
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Line.objects.filter(pk=line.pk).delete()


def test_the_record_cannot_be_emptied(line: Line) -> None:
    verb = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{verb} ledger_line")


def test_a_migrated_database_has_its_triggers(db: None) -> None:
    assert tables_with_triggers() >= TABLES


@pytest.mark.django_db(transaction=True)
def test_cleaning_up_a_test_puts_the_triggers_up_again() -> None:
    standing = tables_with_triggers()
    with transaction.atomic(), triggers_lifted():
        assert tables_with_triggers().isdisjoint(TABLES)
    assert tables_with_triggers() == standing
