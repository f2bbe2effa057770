"""Proofs of inclusion: those the verifier reads, from the lines of few blocks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from procurement.audit.verify import root_of_path
from procurement.ledger.anchors import anchor
from procurement.ledger.blocks import LINES
from procurement.ledger.models import Anchor, Block, Line
from procurement.ledger.proofs import Contradiction, proof
from tests.audit.test_merkle import naive_path
from tests.conftest import triggers_lifted
from tests.ledger.chains import write

pytestmark = pytest.mark.django_db


def made() -> Anchor:
    found = anchor()
    assert found is not None
    return found


def hashes() -> list[bytes]:
    return [bytes.fromhex(hash_) for hash_ in Line.objects.order_by("sequence").values_list("hash", flat=True)]


@pytest.mark.parametrize("size", [1, 2, 3, LINES - 1, LINES, LINES + 1, 2 * LINES, 5 * LINES + 13])
def test_every_line_has_the_path_of_the_recursive_definition(anchored: Path, size: int) -> None:
    write(size)
    found = made()
    shown = sorted({1, 2, size, *range(1, size + 1, 67)} & set(range(1, size + 1)))
    given = proof(shown, found)
    assert given["anchor"] == {"document": found.document(), "signature": found.signature, "key": found.key}
    leaves = hashes()
    assert given["inclusion"] == {
        str(line): [sibling.hex() for sibling in naive_path(line - 1, leaves)] for line in shown
    }
    for line in shown:
        path = [bytes.fromhex(sibling) for sibling in given["inclusion"][str(line)]]
        assert root_of_path(leaves[line - 1], line - 1, size, path) == bytes.fromhex(found.root)


def test_an_earlier_anchor_proves_its_lines_after_the_chain_has_grown(anchored: Path) -> None:
    write(LINES + 20)
    earlier = made()
    leaves = hashes()
    write(2 * LINES)
    made()
    assert proof([LINES + 3], earlier)["inclusion"] == {
        str(LINES + 3): [sibling.hex() for sibling in naive_path(LINES + 2, leaves)]
    }


def test_without_an_anchor_nothing_is_proved() -> None:
    assert proof([1, 2], None) == {"anchor": None, "inclusion": {}}


@pytest.mark.parametrize("lines", [[0], [4], [1, 4]])
def test_a_line_the_anchor_does_not_cover_has_no_proof(anchored: Path, lines: list[int]) -> None:
    write(3)
    with pytest.raises(ValueError, match="An anchor over 3 lines does not cover"):
        proof(lines, made())


def test_the_lines_of_the_blocks_concerned_are_read_and_no_others(
    anchored: Path, queries: Callable[[Callable[[], object]], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(6 * LINES)
    found = made()
    assert queries(lambda: proof([5], found)) == queries(lambda: proof(range(1, 5 * LINES), found)) == 2
    with transaction.atomic(), triggers_lifted():
        Line.objects.filter(sequence__gt=LINES, sequence__lte=5 * LINES).delete()
    assert proof([5], found)["inclusion"].keys() == {"5"}


def test_lines_that_do_not_make_the_root_are_not_proved(anchored: Path) -> None:
    write(3 * LINES)
    found = made()
    for change in (
        lambda: Line.objects.filter(sequence=7).update(hash="0" * 64),
        lambda: Line.objects.filter(sequence=7).update(hash="no hash"),
        lambda: Line.objects.filter(sequence=7).delete(),
        lambda: Line.objects.filter(sequence__gt=2 * LINES).delete(),
        lambda: Block.objects.filter(number=1).update(root="0" * 64),
        lambda: Block.objects.filter(number=1).update(root="no root"),
        lambda: Block.objects.all().delete(),
    ):
        with transaction.atomic():
            with triggers_lifted():
                change()
            with pytest.raises(Contradiction, match="not those that the anchor at line 768 was signed over"):
                proof([7], found)
            transaction.set_rollback(True)
    assert proof([7], found)["inclusion"].keys() == {"7"}
