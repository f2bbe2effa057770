"""Each check sees something that no other sees: taken out, the tampering told here goes unseen.

The table names every check of the whole record and the tampering that it alone finds, in the database or in the copy
of the anchors outside. A check that is not in the table fails the last test.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.db import transaction

from procurement.ledger import chain, claims, signing, verification
from procurement.ledger.anchors import anchor, fingerprint
from procurement.ledger.blocks import LINES
from procurement.ledger.chain import hash_of
from procurement.ledger.claims import Trust
from procurement.ledger.kept import kept
from procurement.ledger.models import Anchor, Block, Disclosure, Line
from procurement.ledger.outside import FileCopy
from procurement.ledger.reasons import commit
from procurement.ledger.verification import Report, verify
from tests.conftest import triggers_lifted
from tests.ledger.chains import NOON, write

pytestmark = pytest.mark.django_db

ANCHORED, ALL = (64, 128, 300), 320


@pytest.fixture
def record(anchored: Path) -> Path:
    """A chain with three anchors, one block kept for proofs, and 20 lines that are not protected yet."""
    for size in ANCHORED:
        write(size - Line.objects.count())
        anchor(at=NOON)
    write(ALL - ANCHORED[-1])
    assert Block.objects.count() == ALL // LINES
    return anchored


def checked(copy: Path, *, outside: bool = True) -> Report:
    return verify(copy=FileCopy(str(copy)) if outside else None, trust=Trust(frozenset({fingerprint()})))


def change_line(sequence: int, **fields: Any) -> None:
    Line.objects.filter(sequence=sequence).update(**fields)


def hash_again(first: int) -> None:
    """Give every line from ``first`` on the previous hash and the hash that make it follow the one before it."""
    before = Line.objects.filter(sequence__lt=first).order_by("sequence").last()
    for line in Line.objects.filter(sequence__gte=first).order_by("sequence"):
        line.previous = before.hash if before else chain.FIRST
        line.hash = hash_of(line)
        change_line(line.sequence, previous=line.previous, hash=line.hash)
        before = line


def resign(size: int, **fields: Any) -> None:
    """Change an anchor of the database and sign it again with the portal's key, as only its holder can."""
    row = Anchor.objects.get(size=size)
    for name, value in fields.items():
        setattr(row, name, value)
    signature, key = signing.sign(row.document())
    Anchor.objects.filter(size=size).update(**fields, signature=signature, key=key)


def rewrite_copy(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path.write_bytes(b"".join(line + b"\n" for line in change(path.read_bytes().splitlines())))


# Tampering ----------------------------------------------------------------------------------------------------


def a_line_taken_out_where_none_is_protected(_copy: Path) -> None:
    Line.objects.filter(sequence=310).delete()
    hash_again(311)


def a_field_changed_and_the_hash_left(_copy: Path) -> None:
    change_line(70, role="auditor")


def a_field_changed_with_its_hash_where_none_is_protected(_copy: Path) -> None:
    line = Line.objects.get(sequence=310)
    line.role = "auditor"
    change_line(310, role="auditor", hash=hash_of(line))


def the_key_written_otherwise(_copy: Path) -> None:
    row = Anchor.objects.get(size=128)
    Anchor.objects.filter(size=128).update(key=row.key.upper())


def the_time_of_an_anchor_changed(_copy: Path) -> None:
    Anchor.objects.filter(size=128).update(at=NOON.replace(year=2025))


def an_anchor_signed_by_another_key(_copy: Path) -> None:
    own, settings.ANCHOR_KEY = settings.ANCHOR_KEY, "cd" * 32
    resign(128)
    settings.ANCHOR_KEY = own


def a_time_stamp_that_is_none(_copy: Path) -> None:
    Anchor.objects.filter(size=128).update(timestamp="bm9uZQ==")


def an_anchor_of_another_beginning(_copy: Path) -> None:
    resign(128, chain="1" * 64)


def an_anchor_of_another_end(_copy: Path) -> None:
    resign(128, head="1" * 64)


def an_anchor_of_another_tree(_copy: Path) -> None:
    resign(128, root="1" * 64, frontier="1" * 64)  # 128 lines are one subtree: its hash is the root


def subtrees_changed(_copy: Path) -> None:
    Anchor.objects.filter(size=128).update(frontier="1" * 64)


def anchors_of_the_copy_in_another_order(copy: Path) -> None:
    rewrite_copy(copy, lambda lines: [lines[1], lines[0], *lines[2:]])


def two_anchors_at_one_line(_copy: Path) -> None:
    resign(128, at=NOON.replace(year=2025))


def an_anchor_taken_out_of_the_database(_copy: Path) -> None:
    Anchor.objects.filter(size=128).delete()


def an_anchor_taken_out_of_the_copy(copy: Path) -> None:
    rewrite_copy(copy, lambda lines: [lines[0], *lines[2:]])


def the_end_cut_off(_copy: Path) -> None:
    Line.objects.filter(sequence__gt=290).delete()


def a_block_changed(_copy: Path) -> None:
    Block.objects.filter(number=0).update(root="1" * 64)


def the_text_of_a_reason_changed(_copy: Path) -> None:
    Disclosure.objects.filter(commitment=commit("the best total")).update(text="another text")


class Entry(NamedTuple):
    """A check by where it stands, what it alone sees, and how that is told; `outside`: with the copy at hand."""

    module: Any
    name: str
    tampering: Callable[[Path], None]
    told: str
    table: str = ""
    outside: bool = True


TABLE = [
    Entry(chain, "out_of_order", a_line_taken_out_where_none_is_protected, "Line 310 is missing", "CHECKS"),
    Entry(chain, "altered", a_field_changed_and_the_hash_left, "Line 70: its content does not have its hash", "CHECKS"),
    Entry(
        chain,
        "unchained",
        a_field_changed_with_its_hash_where_none_is_protected,
        "Line 311: its previous hash is not that of line 310",
        "CHECKS",
    ),
    Entry(
        claims,
        "badly_formed",
        the_key_written_otherwise,
        "The anchor at line 128 (the database): one of its fields is not what an anchor holds",
        "CHECKS",
        outside=False,
    ),
    Entry(
        claims,
        "unsigned",
        the_time_of_an_anchor_changed,
        "The anchor at line 128 (the database): its key did not sign it",
        "CHECKS",
        outside=False,
    ),
    Entry(
        claims,
        "signed_by_another",
        an_anchor_signed_by_another_key,
        "The anchor at line 128 (the database): it is signed by another key than yours",
        "CHECKS",
        outside=False,
    ),
    Entry(
        claims,
        "stamped_otherwise",
        a_time_stamp_that_is_none,
        "The anchor at line 128 (the database): its time stamp cannot be read",
        "CHECKS",
        outside=False,
    ),
    Entry(
        verification,
        "other_beginning",
        an_anchor_of_another_beginning,
        "the anchor at line 128 was signed over: the first line is another.",
        "CHECKS",
        outside=False,
    ),
    Entry(
        verification,
        "other_end",
        an_anchor_of_another_end,
        "the anchor at line 128 was signed over: the last of them is another.",
        "CHECKS",
        outside=False,
    ),
    Entry(
        verification,
        "other_tree",
        an_anchor_of_another_tree,
        "the anchor at line 128 was signed over: the tree over them has another root.",
        "CHECKS",
        outside=False,
    ),
    Entry(claims, "stuck", subtrees_changed, "The subtrees kept with the anchor at line 128 do not make its root"),
    Entry(claims, "misplaced", anchors_of_the_copy_in_another_order, "line 2): it does not stand after smaller ones"),
    Entry(
        claims,
        "different",
        two_anchors_at_one_line,
        "The anchor at line 128 is not the same in the database and at",
        "COMPARISONS",
    ),
    Entry(
        claims,
        "missing_inside",
        an_anchor_taken_out_of_the_database,
        "Anchors are missing in the database that are kept at",
        "COMPARISONS",
    ),
    Entry(
        claims,
        "missing_outside",
        an_anchor_taken_out_of_the_copy,
        "Anchors of the database are missing at",
        "COMPARISONS",
    ),
    Entry(verification, "beyond", the_end_cut_off, "An anchor was signed at line 300"),
    Entry(
        verification,
        "unproved",
        a_block_changed,
        "The block kept for proofs of lines 1 to 256 is missing, or is not that of these lines",
    ),
    Entry(verification, "changed_texts", the_text_of_a_reason_changed, "was changed: it does not match its commitment"),
]


def nothing(*_anything: Any) -> str:
    """A check that sees nothing."""
    return ""


def take_out(entry: Entry, patch: pytest.MonkeyPatch) -> None:
    assert callable(getattr(entry.module, entry.name))
    if entry.table:
        left = tuple(check for check in getattr(entry.module, entry.table) if check.__name__ != entry.name)
        assert len(left) == len(getattr(entry.module, entry.table)) - 1
        patch.setattr(entry.module, entry.table, left)
    else:
        patch.setattr(entry.module, entry.name, nothing)


def test_the_record_is_sound_with_every_check_in_place(record: Path) -> None:
    report = checked(record)
    assert (report.faults, report.lines, report.protected, report.unprotected) == ([], ALL, 300, 20)
    assert (report.anchors, report.copies) == (3, 3)


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.name)
def test_a_tampering_is_seen_by_its_check_and_by_no_other(
    record: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic(), triggers_lifted():
        entry.tampering(record)
    faults = checked(record, outside=entry.outside).faults
    assert len(faults) == 1
    assert entry.told in faults[0]
    take_out(entry, monkeypatch)
    assert checked(record, outside=entry.outside).faults == []


def test_every_check_is_in_the_table() -> None:
    tables = [(chain, "CHECKS"), (claims, "CHECKS"), (claims, "COMPARISONS"), (verification, "CHECKS")]
    checks = {(module, check.__name__) for module, table in tables for check in getattr(module, table)}
    assert checks == {(entry.module, entry.name) for entry in TABLE if entry.table}


# Anchors, field by field --------------------------------------------------------------------------------------


def other_text(value: str) -> str:
    return ("1" if value[0] == "0" else "0") + value[1:] if value else "bm9uZQ=="


@pytest.mark.parametrize("place", ["document", "signature", "key", "timestamp"])
def test_every_field_of_every_anchor_of_the_copy_is_covered(record: Path, place: str) -> None:
    whole = record.read_bytes().splitlines()
    for number, size in enumerate(ANCHORED):
        for field in json.loads(whole[number])["document"] if place == "document" else [place]:
            given = json.loads(whole[number])
            holder = given["document"] if place == "document" else given
            holder[field] = size + 1 if field == "size" else other_text(holder[field])
            changed = json.dumps(given).encode()
            record.write_bytes(b"\n".join([*whole[:number], changed, *whole[number + 1 :], b""]))
            assert f"{record}, line {number + 1}" in " ".join(checked(record).faults), (size, field)


@pytest.mark.parametrize("field", [f.name for f in Anchor._meta.concrete_fields if f.name != "id"])
def test_every_field_of_every_anchor_of_the_database_is_covered(record: Path, field: str) -> None:
    for size in ANCHORED:
        value = getattr(Anchor.objects.get(size=size), field)
        other = NOON.replace(year=2025) if field == "at" else value + 1 if field == "size" else other_text(value)
        changed = Anchor.objects.filter(pk=Anchor.objects.get(size=size).pk)
        with transaction.atomic(), triggers_lifted():
            changed.update(**{field: other})
        assert f"at line {size + (field == 'size')}" in " ".join(checked(record).faults)
        with transaction.atomic(), triggers_lifted():
            changed.update(**{field: value})


def test_a_chain_and_its_anchors_made_again_with_another_key(record: Path, tmp_path: Path) -> None:
    own, place = settings.ANCHOR_KEY, settings.ANCHORS
    with transaction.atomic(), triggers_lifted():
        for model in (Line, Anchor, Block):
            model.objects.all().delete()
    settings.ANCHOR_KEY, settings.ANCHORS = "cd" * 32, str(tmp_path / "forged.jsonl")
    for size in ANCHORED:
        write(size - Line.objects.count(), story="another story")
        anchor(at=NOON)
    settings.ANCHOR_KEY, settings.ANCHORS = own, place
    forged = checked(tmp_path / "forged.jsonl").faults
    assert len(forged) == 6
    assert all("signed by another key than yours" in fault for fault in forged)
    assert checked(record).faults[0].startswith("Lines 1 to 64 are not those the anchor at line 64 was signed over")


def test_a_chain_recomputed_whole_without_the_key(record: Path) -> None:
    with transaction.atomic(), triggers_lifted():
        change_line(2, role="auditor")
        hash_again(2)
    expected = "Lines 1 to 64 are not those the anchor at line 64 was signed over: the last of them is another"
    assert checked(record).faults[0].startswith(expected)


# Databases restored to an older state -------------------------------------------------------------------------


@pytest.mark.parametrize("with_anchors", [True, False])
def test_an_older_database_is_told_from_the_copy(record: Path, with_anchors: bool) -> None:
    with transaction.atomic(), triggers_lifted():
        Line.objects.filter(sequence__gt=200).delete()
        Block.objects.all().delete()
        Anchor.objects.filter(size__gt=200 if with_anchors else 0).delete()
    faults = checked(record).faults
    assert faults[0].startswith("An anchor was signed at line 300")
    assert "the database ends at line 200: it was restored to an older state" in faults[0]
    first = 300 if with_anchors else 64
    assert any(fault.startswith("Anchors are missing in the database") for fault in faults)
    assert f"the first at line {first}." in faults[1]


def test_an_older_database_that_has_grown_again_is_told_from_the_copy(record: Path) -> None:
    with transaction.atomic(), triggers_lifted():
        Line.objects.filter(sequence__gt=200).delete()
        Block.objects.all().delete()
        Anchor.objects.filter(size=300).delete()
    write(200, story="what was done after the restoration")
    faults = checked(record).faults
    assert faults[0].startswith("Lines 129 to 300 are not those the anchor at line 300 was signed over")
    assert faults[1].startswith("Anchors are missing in the database")


def test_the_database_and_its_anchors_agree_where_no_copy_is_at_hand(record: Path) -> None:
    """Why the copy stands elsewhere: an older database is whole in itself."""
    with transaction.atomic(), triggers_lifted():
        Line.objects.filter(sequence__gt=200).delete()
        Block.objects.all().delete()
        Anchor.objects.filter(size=300).delete()
    assert checked(record, outside=False).faults == []


def test_the_anchor_that_is_read_back_is_the_one_that_was_kept(record: Path) -> None:
    outside = [found for _number, found in FileCopy(str(record)).anchors()]
    assert outside == [kept(row) for row in Anchor.objects.all()]
