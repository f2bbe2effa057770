"""`manage.py verify_ledger` and `manage.py anchor_ledger`: what they print and how they end."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from procurement.ledger.anchors import anchor, fingerprint
from procurement.ledger.at_once import check
from procurement.ledger.models import Anchor, Line
from tests.conftest import triggers_lifted
from tests.ledger.chains import NOON, write

pytestmark = pytest.mark.django_db


def said(command: str, *arguments: str) -> tuple[str, int]:
    """What a command prints, and its exit status."""
    out = io.StringIO()
    try:
        call_command(command, *arguments, stdout=out)
    except CommandError as error:
        return str(error), error.returncode
    except SystemExit as end:
        return out.getvalue(), int(end.code or 0)
    return out.getvalue(), 0


def test_an_anchor_is_told_with_its_place_and_the_fingerprint(anchored: Path) -> None:
    write(3)
    told, status = said("anchor_ledger")
    made = Anchor.objects.get()
    assert told.splitlines() == [
        f"Signed: 3 lines, {made.document()['at']}",
        f"Written to: {anchored}",
        f"Fingerprint of the key: {fingerprint()}",
    ]
    assert status == 0


def test_an_empty_record_has_nothing_to_sign(anchored: Path) -> None:
    assert said("anchor_ledger") == ("The record has no line yet: there is nothing to sign.\n", 0)


def test_without_a_key_the_command_says_how_to_make_one() -> None:
    told, status = said("anchor_ledger")
    assert told.startswith("There is no key to sign with: set BAREME_ANCHOR_KEY")
    assert status == 1


def test_an_anchor_that_cannot_be_kept_is_one_sentence(anchored: Path, settings: Any, tmp_path: Path) -> None:
    write(1)
    settings.ANCHORS = str(tmp_path)
    assert said("anchor_ledger") == (f"The anchors at {tmp_path} cannot be read: Is a directory.", 1)


def test_a_sound_record(anchored: Path) -> None:
    write(3)
    anchor()
    told, status = said("verify_ledger")
    assert told.splitlines() == [
        "Lines: 3. Anchors: 1 in the database, 1 outside. Time stamps: 0.",
        "SOUND: nothing is wrong, and every anchor is signed by a key you trust.",
    ]
    assert status == 0


@pytest.mark.parametrize(("more", "sentence"), [(1, "Line 4 is"), (2, "Lines 4 to 5 are")])
def test_lines_after_the_last_anchor_are_not_protected_yet(anchored: Path, more: int, sentence: str) -> None:
    write(3)
    anchor()
    write(more)
    told, status = said("verify_ledger")
    assert f"{sentence} protected by no anchor yet.\n" in told
    assert status == 0


def test_a_broken_record_is_told_line_first_and_ends_with_1(anchored: Path) -> None:
    write(3)
    anchor()
    with transaction.atomic(), triggers_lifted():
        Line.objects.filter(sequence=2).update(role="auditor")
    told, status = said("verify_ledger")
    assert told.splitlines()[1:] == [
        "Line 2: its content does not have its hash: a field was changed.",
        "NOT SOUND. Faults told above: 1.",
    ]
    assert status == 1


def test_a_reader_without_a_key_learns_that_only_integrity_was_checked(anchored: Path, settings: Any) -> None:
    write(3)
    anchor()
    settings.ANCHOR_KEY = ""
    told, status = said("verify_ledger")
    assert told.splitlines()[-1].startswith("INTEGRITY ONLY")
    assert status == 0


def test_keys_are_given_by_their_fingerprints(anchored: Path, settings: Any) -> None:
    write(1)
    anchor()
    first = fingerprint()
    settings.ANCHOR_KEY, settings.ANCHOR_FORMER_KEYS = "cd" * 32, frozenset({first})
    write(1)
    anchor()
    second = fingerprint()
    spaced = " ".join(first[start : start + 4] for start in range(0, 64, 4)).upper()
    assert said("verify_ledger", "--key", spaced, "--key", second)[1] == 0
    assert said("verify_ledger")[1] == 0
    assert check().faults == []
    settings.ANCHOR_FORMER_KEYS = frozenset()
    told, status = said("verify_ledger")
    assert "The anchor at line 1 (the database): it is signed by another key than yours" in told
    assert first in told
    assert status == 1


def test_what_is_no_fingerprint_is_refused(anchored: Path) -> None:
    assert "64 hexadecimal digits" in said("verify_ledger", "--key", "abc")[0]


def test_a_record_without_an_anchor_is_vouched_for_by_nobody(anchored: Path) -> None:
    write(2)
    told, status = said("verify_ledger")
    assert "Lines 1 to 2 are protected by no anchor yet." in told
    assert told.splitlines()[-1].startswith("INTEGRITY ONLY: the chain agrees with itself")
    assert status == 0


def test_an_empty_record_is_sound(anchored: Path) -> None:
    told, status = said("verify_ledger")
    assert told.splitlines()[0] == "Lines: 0. Anchors: 0 in the database, 0 outside. Time stamps: 0."
    assert status == 0


@pytest.mark.parametrize("place", ["missing.jsonl", "ftp://elsewhere/anchors", "."])
def test_a_copy_that_cannot_be_looked_at_ends_with_2(anchored: Path, tmp_path: Path, place: str) -> None:
    write(1)
    told, status = said("verify_ledger", "--anchors", place if ":" in place else str(tmp_path / place))
    assert status == 2
    assert told.count(".") >= 1
    assert "\n" not in told


def test_a_copy_that_is_gone_ends_with_2(anchored: Path) -> None:
    write(1)
    anchor(at=NOON)
    anchored.unlink()
    assert said("verify_ledger") == (f"The anchors at {anchored} cannot be read: No such file or directory.", 2)


def test_another_copy_may_be_named(anchored: Path, tmp_path: Path) -> None:
    write(1)
    anchor()
    taken_home = tmp_path / "taken home.jsonl"
    taken_home.write_bytes(anchored.read_bytes())
    with transaction.atomic(), triggers_lifted():
        Line.objects.all().delete()
        Anchor.objects.all().delete()
    anchored.unlink()
    told, status = said("verify_ledger", "--anchors", str(taken_home))
    assert "restored to an older state" in told
    assert status == 1
