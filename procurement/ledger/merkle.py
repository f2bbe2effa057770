"""The tree of RFC 6962 over a sequence of leaves: its root, kept up as leaves come, and the path of one leaf.

A leaf is bytes of any length; leaf hash = SHA-256(0x00, leaf), node = SHA-256(0x01, left, right), and the root of no
leaf is SHA-256 of nothing.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf."""
    return sha256(b"\x00" + leaf).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """All that is needed of a tree to add leaves and tell its root: one hash for each perfect subtree it is made of.

    A tree of 13 leaves is three perfect subtrees, of 8, 4 and 1 leaves: `hashes` in this order.
    """

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        """A tree of ``size`` leaves; raises ValueError unless there is one hash for each bit of ``size``."""
        self.size, self.hashes = size, list(hashes)
        if len(self.hashes) != size.bit_count():
            raise ValueError(f"A tree of {size} leaves has {size.bit_count()} subtrees, not {len(self.hashes)}.")

    def append(self, leaf: bytes) -> None:
        """Add a leaf at the right."""
        hash_ = leaf_hash(leaf)
        grown = self.size
        while grown & 1:
            hash_ = node(self.hashes.pop(), hash_)
            grown >>= 1
        self.hashes.append(hash_)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        if not self.hashes:
            return EMPTY
        *larger, hash_ = self.hashes
        for left in reversed(larger):
            hash_ = node(left, hash_)
        return hash_


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over ``leaves``, read once."""
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def path(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """The siblings of the leaf at ``index`` (from 0), leaf up, in the tree whose leaves have these leaf hashes.

    Raises IndexError for a leaf the tree has not.
    """
    if not 0 <= index < len(hashes):
        raise IndexError(f"A tree of {len(hashes)} leaves has no leaf {index}.")
    level, siblings = list(hashes), []
    while len(level) > 1:
        if index ^ 1 < len(level):
            siblings.append(level[index ^ 1])
        paired = [node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        level = paired + level[len(level) & ~1 :]
        index >>= 1
    return siblings
