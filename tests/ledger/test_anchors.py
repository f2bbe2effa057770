"""Anchors: the chain as it stands, signed, written outside first and then to the database."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from procurement.audit.verify import fingerprint as verifiers_fingerprint
from procurement.audit.verify import signature_holds
from procurement.ledger import anchors, services
from procurement.ledger.anchors import NotAnchored, anchor
from procurement.ledger.blocks import LINES
from procurement.ledger.models import Anchor, Block, Line
from procurement.ledger.state import state
from scoring.canonical import canonical
from tests.audit.test_merkle import naive_root
from tests.conftest import triggers_lifted
from tests.ledger.chains import NOON, write
from tests.ledger.processes import written_by

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import django
django.setup()
from django.db import transaction
from procurement.ledger import anchors, services
for _ in range(10):
    with transaction.atomic():
        services.record("job.done", "jobs.Job:1", by=None)
    anchors.anchor()
"""
CHECKER = """
import django
django.setup()
from django.conf import settings
from procurement.ledger.outside import copy_at
from procurement.ledger.verification import verify
report = verify(copy=copy_at(settings.ANCHORS))
print(report.lines, report.protected, report.faults)
"""

pytestmark = pytest.mark.django_db


def outside(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def known_root(size: int) -> str:
    hashes = Line.objects.filter(sequence__lte=size).order_by("sequence").values_list("hash", flat=True)
    return naive_root([bytes.fromhex(hash_) for hash_ in hashes]).hex()


def test_without_a_key_nothing_is_signed() -> None:
    write(2)
    assert anchor() is None
    assert anchors.fingerprint() == ""
    assert not Anchor.objects.exists()


def test_without_a_line_there_is_nothing_to_sign(anchored: Path) -> None:
    assert anchor() is None
    assert not anchored.exists()


def test_an_anchor_says_what_the_chain_is_and_the_verifier_accepts_its_signature(anchored: Path) -> None:
    write(5)
    made = anchor(at=NOON)
    assert made is not None
    lines = list(Line.objects.all())
    assert made.document() == {
        "schema": "bareme-anchor/1",
        "chain": lines[0].hash,
        "size": 5,
        "head": lines[4].hash,
        "root": known_root(5),
        "at": "2026-11-21T12:00:00.000000+00:00",
    }
    message = b"bareme-anchor/1\n" + canonical(made.document())
    assert signature_holds(bytes.fromhex(made.key), message, bytes.fromhex(made.signature))
    assert anchors.fingerprint() == verifiers_fingerprint(made.key)


def test_what_is_written_outside_is_what_the_database_keeps(anchored: Path) -> None:
    write(3)
    made = anchor()
    assert made is not None
    kept = {"document": made.document(), "signature": made.signature, "key": made.key, "timestamp": ""}
    assert outside(anchored) == [kept]
    assert anchored.stat().st_mode & 0o777 == 0o600


def test_without_a_new_line_the_latest_anchor_is_the_answer(anchored: Path) -> None:
    write(3)
    assert anchor() == anchor() == Anchor.objects.get()
    assert len(outside(anchored)) == 1


def test_each_anchor_goes_on_from_the_last_and_has_the_root_of_the_whole_chain(anchored: Path) -> None:
    for lines in (1, 2, LINES - 4, 1, 1, LINES, 3 * LINES + 7):
        write(lines)
        made = anchor()
        assert made is not None
        assert made.root == known_root(made.size)
    assert [block.number for block in Block.objects.all()] == list(range(5))
    for block in Block.objects.all():
        inside = Line.objects.filter(sequence__gt=block.number * LINES, sequence__lte=(block.number + 1) * LINES)
        assert block.root == naive_root([bytes.fromhex(line.hash) for line in inside]).hex()


def test_an_anchor_reads_only_the_lines_since_the_last(anchored: Path, queries: Any) -> None:
    write(3 * LINES)
    anchor()
    with transaction.atomic(), triggers_lifted():
        Line.objects.filter(sequence=100).update(reason="changed after it was signed")
    write(1)
    assert anchor() is not None
    write(1)
    assert queries(anchor) <= 20


def test_a_broken_line_since_the_last_anchor_is_not_signed(anchored: Path) -> None:
    write(3)
    anchor()
    write(3)
    with transaction.atomic(), triggers_lifted():
        Line.objects.filter(sequence=5).update(reason="changed")
    with pytest.raises(NotAnchored, match=r"^Nothing was signed\. Line 5: its content does not have its hash"):
        anchor()
    assert len(outside(anchored)) == Anchor.objects.count() == 1


def test_what_cannot_be_written_outside_is_not_kept_inside(anchored: Path, settings: Any, tmp_path: Path) -> None:
    write(3)
    settings.ANCHORS = str(tmp_path / "no such folder" / "anchors.jsonl")
    with pytest.raises(NotAnchored, match=r"cannot be written to .*no such folder.*: No such file or directory"):
        anchor()
    assert not Anchor.objects.exists()
    settings.ANCHORS = str(anchored)
    assert anchor() == Anchor.objects.get()


def test_an_anchor_written_outside_whose_commit_failed_is_kept_by_the_next(
    anchored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(LINES + 3)

    def fails(*_args: Any, **_fields: Any) -> None:
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr(Anchor.objects, "create", fails)
        with pytest.raises(DatabaseError):
            anchor()
    assert (len(outside(anchored)), Anchor.objects.count()) == (1, 0)
    write(2)
    anchor()
    assert [kept["document"] for kept in outside(anchored)] == [made.document() for made in Anchor.objects.all()]
    assert [made.size for made in Anchor.objects.all()] == [LINES + 3, LINES + 5]
    assert Block.objects.count() == 1


def test_a_chain_that_was_rewritten_is_not_signed_again(anchored: Path) -> None:
    write(4)
    anchor()
    with transaction.atomic(), triggers_lifted():
        Anchor.objects.all().delete()
        Line.objects.all().delete()
        write(6, story="another")
    with pytest.raises(NotAnchored, match="the first 4 lines of the database are not those that the last anchor"):
        anchor()


def test_a_database_restored_to_an_older_state_is_not_signed(anchored: Path) -> None:
    write(4)
    anchor()
    with transaction.atomic(), triggers_lifted():
        Line.objects.filter(sequence=4).delete()
        Anchor.objects.all().delete()
    with pytest.raises(NotAnchored, match="an anchor at line 4 and the database ends at line 3"):
        anchor()


def test_lines_cut_off_below_the_last_anchor_are_noticed(anchored: Path) -> None:
    write(4)
    anchor()
    with transaction.atomic(), triggers_lifted():
        Line.objects.filter(sequence=4).delete()
    with pytest.raises(NotAnchored, match="line 4 is gone"):
        anchor()


@pytest.mark.parametrize(
    "change",
    [
        {"root": "ab" * 32},
        {"frontier": "ab" * 64},
        {"frontier": "none"},
        {"signature": "ab" * 64},
        {"at": NOON},
        {"chain": "ab" * 32},
        {"timestamp": "ab"},
    ],
    ids=str,
)
def test_no_anchor_goes_on_from_one_that_was_changed(anchored: Path, change: dict[str, Any]) -> None:
    write(3)
    anchor()
    with transaction.atomic(), triggers_lifted():
        Anchor.objects.update(**change)
    write(1)
    with pytest.raises(NotAnchored, match="the last anchor of the database, at line 3, was changed"):
        anchor()


def test_a_new_key_goes_on_where_the_old_one_ended(anchored: Path, settings: Any) -> None:
    write(2)
    anchor()
    former, settings.ANCHOR_KEY = anchors.fingerprint(), "cd" * 32
    write(1)
    with pytest.raises(NotAnchored, match="BAREME_ANCHOR_FORMER_KEYS"):
        anchor()
    settings.ANCHOR_FORMER_KEYS = frozenset({former})
    made = anchor()
    assert made is not None
    assert verifiers_fingerprint(made.key) == anchors.fingerprint()
    assert len({kept["key"] for kept in outside(anchored)}) == 2


def test_database_and_copy_rewritten_together_under_another_key_are_not_signed(anchored: Path, settings: Any) -> None:
    write(3)
    own, settings.ANCHOR_KEY = settings.ANCHOR_KEY, "cd" * 32
    anchor()
    settings.ANCHOR_KEY = own
    write(1)
    with pytest.raises(NotAnchored, match="neither signed by this portal's key"):
        anchor()


def test_a_new_key_may_find_a_new_place_or_an_anchor_whose_commit_failed(
    anchored: Path, settings: Any, tmp_path: Path
) -> None:
    """Once the fingerprint of the key before it is given."""
    write(2)
    anchor()
    former, settings.ANCHOR_KEY = anchors.fingerprint(), "cd" * 32
    settings.ANCHORS = str(tmp_path / "elsewhere.jsonl")
    write(1)
    with pytest.raises(NotAnchored, match="is neither signed by this portal's key"):
        anchor()
    settings.ANCHOR_FORMER_KEYS = frozenset({former})
    made = anchor()
    assert made is not None
    assert made.size == 3
    with triggers_lifted():
        Anchor.objects.filter(size=3).delete()
    settings.ANCHOR_KEY = "ef" * 32
    settings.ANCHOR_FORMER_KEYS = frozenset({former, verifiers_fingerprint(made.key)})
    assert anchor() == Anchor.objects.get(size=3, key=made.key)


def test_a_new_place_outside_starts_with_every_anchor(anchored: Path, settings: Any, tmp_path: Path) -> None:
    for _ in range(3):
        write(1)
        anchor()
    settings.ANCHORS = str(tmp_path / "elsewhere.jsonl")
    write(1)
    anchor()
    assert [kept["document"]["size"] for kept in outside(tmp_path / "elsewhere.jsonl")] == [1, 2, 3, 4]


def test_a_line_written_by_half_outside_stops_the_next_anchor(anchored: Path) -> None:
    write(2)
    anchor()
    anchored.write_bytes(anchored.read_bytes() + b'{"document":{"at"')
    write(1)
    with pytest.raises(NotAnchored, match=r"The last line of .*anchors\.jsonl, line 2, is no anchor"):
        anchor()


@pytest.mark.django_db(transaction=True)
def test_lines_that_may_still_vanish_are_not_signed(anchored: Path) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():  # noqa: PT012 – both belong together
        write(1)
        anchor()
    assert not anchored.exists()


def test_an_anchor_cannot_be_changed_or_taken_out(anchored: Path) -> None:
    write(LINES)
    anchor()
    for rows in (Anchor.objects.all(), Block.objects.all()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(root="0" * 64)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows._raw_delete(rows.db)


def test_the_state_of_the_record(anchored: Path, queries: Any) -> None:
    assert (state().lines, state().last, state().since, state().key) == (0, None, 0, True)
    write(3)
    made = anchor()
    write(2)
    said = state()
    assert (said.lines, said.last, said.since, said.fingerprint) == (5, made, 2, anchors.fingerprint())
    assert queries(state) == 2


def test_the_state_without_a_key() -> None:
    write(1)
    said = state()
    assert (said.lines, said.since, said.key, said.fingerprint) == (1, 1, False, "")


@pytest.mark.django_db(transaction=True)
def test_anchors_made_at_the_same_time_make_one_sequence(anchored: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share the connection of an in-memory SQLite database: processes are tried instead")

    def write_and_anchor(_writer: int) -> None:
        for _ in range(10):
            with transaction.atomic():
                services.record("job.done", "jobs.Job:1", by=None)
            anchor()
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write_and_anchor, range(4)))
    last = Anchor.objects.last()
    assert last is not None
    assert (last.size, last.root) == (40, known_root(40))
    assert [kept["document"] for kept in outside(anchored)] == [made.document() for made in Anchor.objects.all()]


@pytest.mark.django_db(transaction=True)
def test_anchors_made_by_several_processes_make_one_sequence_on_sqlite(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a server's writers are tried with threads")
    signing = {"BAREME_ANCHOR_KEY": "ab" * 32, "BAREME_ANCHORS": str(tmp_path / "anchors.jsonl")}
    assert written_by(3, WRITER, CHECKER, tmp_path, **signing) == ["30", "30", "[]"]
