"""Proof that lines are in the tree an anchor signs (RFC 6962, 2.1.1): `ledger/proof.json` of docs/bundle.md."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from procurement.ledger.blocks import LINES
from procurement.ledger.merkle import leaf_hash, levels, path_in
from procurement.ledger.models import Anchor, Block, Line

BLOCKS_AT_ONCE = 200  # of one statement: SQLite bounds the depth of an expression

Levels = list[list[bytes]]


class Contradiction(Exception):
    """The lines of the database do not make the root of the anchor; its text is one sentence."""


def proof(sequences: Iterable[int], anchor: Anchor | None) -> dict[str, Any]:
    """The anchor, and the path of each of these lines to its root; without an anchor nothing is proved.

    Reads the roots of all blocks, and the lines of those concerned alone. Raises ValueError for a line the anchor
    does not cover, Contradiction when the lines no longer make its root.
    """
    if anchor is None:
        return {"anchor": None, "inclusion": {}}
    wanted = sorted(set(sequences))
    if wanted and not (wanted[0] > 0 and wanted[-1] <= anchor.size):
        raise ValueError(f"An anchor over {anchor.size} lines does not cover lines {wanted[0]} to {wanted[-1]}.")
    try:
        inside, above = _trees(wanted, anchor.size)
    except ValueError:  # a hash that is none
        above = [[]]
    if above[-1] != [bytes.fromhex(anchor.root)]:
        raise Contradiction(
            _("The lines of the database are not those that the anchor at line %(size)s was signed over.")
            % {"size": anchor.size}
        )
    signed = {"document": anchor.document(), "signature": anchor.signature, "key": anchor.key}
    return {"anchor": signed, "inclusion": {str(line): _path(line, inside, above) for line in wanted}}


def _block(sequence: int) -> int:
    """The number of the block a line stands in."""
    return (sequence - 1) // LINES


def _trees(wanted: list[int], size: int) -> tuple[dict[int, Levels], Levels]:
    """The tree inside each block concerned, which the last always is, and the tree of the blocks above them."""
    last = _block(size)
    leaves = _leaves({last, *map(_block, wanted)}, size)
    inside = {number: levels(hashes) for number, hashes in leaves.items()}
    return inside, levels(_roots(inside, last))


def _path(sequence: int, inside: dict[int, Levels], above: Levels) -> list[str]:
    """The siblings of a line, leaf up, in hexadecimal."""
    number = _block(sequence)
    siblings = path_in(inside[number], (sequence - 1) % LINES) + path_in(above, number)
    return [sibling.hex() for sibling in siblings]


def _leaves(numbers: set[int], size: int) -> dict[int, list[bytes]]:
    """The leaf hashes of the lines of these blocks, of those up to ``size``."""
    found: dict[int, list[bytes]] = {number: [] for number in numbers}
    ordered = sorted(numbers)
    for start in range(0, len(ordered), BLOCKS_AT_ONCE):
        ranges = Q()
        for number in ordered[start : start + BLOCKS_AT_ONCE]:
            ranges |= Q(sequence__range=(number * LINES + 1, min((number + 1) * LINES, size)))
        for sequence, hash_ in Line.objects.filter(ranges).order_by("sequence").values_list("sequence", "hash"):
            found[_block(sequence)].append(leaf_hash(bytes.fromhex(hash_)))
    return found


def _roots(inside: dict[int, Levels], last: int) -> list[bytes]:
    """The roots of the blocks up to ``last``: of the lines where they were read, else as kept."""
    kept = dict(Block.objects.filter(number__lt=last).values_list("number", "root"))
    read = {number: b"".join(tree[-1]) for number, tree in inside.items()}
    return [read[number] if number in read else bytes.fromhex(kept.get(number, "")) for number in range(last + 1)]
