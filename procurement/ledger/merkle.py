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
        """Add a leaf at the right: `add` of its hash, written out for speed."""
        hash_ = sha256(b"\x00" + leaf).digest()
        hashes, grown = self.hashes, self.size
        while grown & 1:
            hash_ = sha256(b"\x01" + hashes.pop() + hash_).digest()
            grown >>= 1
        hashes.append(hash_)
        self.size += 1

    def add(self, hash_: bytes, leaves: int = 1) -> None:
        """Add a perfect subtree of so many leaves, a power of two that divides the size, by its hash."""
        grown = self.size // leaves
        while grown & 1:
            hash_ = node(self.hashes.pop(), hash_)
            grown >>= 1
        self.hashes.append(hash_)
        self.size += leaves

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


def levels(hashes: Sequence[bytes]) -> list[list[bytes]]:
    """Every level of the tree over these leaf hashes, leaves first; the last level is the root alone."""
    found = [list(hashes)]
    while len(found[-1]) > 1:
        level = found[-1]
        paired = [node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        found.append(paired + level[len(level) & ~1 :])
    return found


def path_in(tree: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """The siblings of the leaf at ``index`` (from 0), leaf up, in the tree with these `levels`.

    Raises IndexError for a leaf the tree has not.
    """
    if not 0 <= index < len(tree[0]):
        raise IndexError(f"A tree of {len(tree[0])} leaves has no leaf {index}.")
    return [level[(index >> up) ^ 1] for up, level in enumerate(tree[:-1]) if (index >> up) ^ 1 < len(level)]


def path(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """The same in the tree whose leaves have these leaf hashes."""
    return path_in(levels(hashes), index)
