"""What a page says of the record in the time it has: all of a short one, the end of a long one."""

from pathlib import Path
from typing import Any

import pytest

from procurement.ledger import at_once
from procurement.ledger.anchors import anchor
from procurement.ledger.at_once import check
from procurement.ledger.models import Anchor, Line
from tests.conftest import triggers_lifted
from tests.ledger.chains import write

pytestmark = pytest.mark.django_db(transaction=True)


def rewrite(sequence: int, **fields: str) -> None:
    """Change a line as whoever owns the database could."""
    with triggers_lifted():
        Line.objects.filter(sequence=sequence).update(**fields)


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_once, "AT_ONCE", 20)


def test_an_empty_record_and_a_sound_one_have_no_fault(anchored: Path) -> None:
    assert check().faults == []
    write(50)
    anchor()
    found = check()
    assert (found.whole, found.last, found.faults) == (True, 50, [])


def test_a_changed_line_of_a_short_record_is_named(anchored: Path) -> None:
    write(50)
    anchor()
    rewrite(7, role="auditor")
    assert check().faults[0] == "Line 7: its content does not have its hash: a field was changed."


def test_a_copy_that_is_gone_is_a_fault_and_no_trace(anchored: Path) -> None:
    write(5)
    anchor()
    anchored.unlink()
    assert [str(anchored) in fault for fault in check().faults] == [True]


def test_without_a_key_the_chain_alone_is_checked(db: None) -> None:
    write(5)
    assert check().faults == []
    rewrite(3, role="auditor")
    assert len(check().faults) == 1


def test_of_a_long_record_the_end_is_checked_and_it_says_so(anchored: Path, short_pages: None) -> None:
    write(50)
    anchor()
    write(5)
    found = check()
    assert (found.whole, found.first, found.last, found.faults) == (False, 36, 55, [])


@pytest.mark.parametrize("sequence", [36, 50, 55])
def test_a_changed_line_at_the_end_of_a_long_record_is_named(anchored: Path, short_pages: None, sequence: int) -> None:
    write(50)
    anchor()
    write(5)
    rewrite(sequence, role="auditor")
    assert check().faults[0].startswith(f"Line {sequence}: its content")


def test_an_end_written_anew_contradicts_the_last_anchor(anchored: Path, short_pages: None) -> None:
    write(50)
    anchor()
    with triggers_lifted():
        Line.objects.filter(sequence__gt=40).delete()
    write(10, story="a" * 64)
    assert check().faults == ["Line 50 is not the one the last anchor was signed over."]


def test_an_end_signed_by_another_key_is_told(anchored: Path, short_pages: None, settings: Any) -> None:
    write(50)
    own, settings.ANCHOR_KEY = settings.ANCHOR_KEY, "cd" * 32
    anchor()
    settings.ANCHOR_KEY = own
    assert check().faults == ["The last anchor, over 50 lines, is not signed by a key of this portal."]


def test_a_changed_anchor_is_named(anchored: Path, short_pages: None) -> None:
    write(50)
    anchor()
    with triggers_lifted():
        Anchor.objects.update(root="0" * 64)
    assert check().faults == ["The last anchor, over 50 lines, was changed: its key did not sign it."]
