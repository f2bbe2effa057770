"""The tree of the record, kept in blocks of 256 lines, so that a proof reads the lines of few blocks."""

from procurement.ledger.merkle import Frontier

LINES = 256  # of a block; a power of two, so that a complete block is a perfect subtree


class Tree:
    """The tree over the hashes of the lines, as lines come, and the blocks completed on the way.

    ``blocks`` are the complete blocks, ``open`` the lines after them; ``completed`` maps the numbers of the blocks
    that were completed since this object exists to their roots.
    """

    def __init__(self, kept: Frontier | None = None) -> None:
        """The tree to go on from, that of no line unless one is given."""
        kept = kept or Frontier()
        after = kept.size % LINES
        inside = len(kept.hashes) - after.bit_count()
        self.blocks = Frontier(kept.size - after, kept.hashes[:inside])
        self.open = Frontier(after, kept.hashes[inside:])
        self.completed: dict[int, bytes] = {}

    @property
    def size(self) -> int:
        """How many lines it holds."""
        return self.blocks.size + self.open.size

    def frontier(self) -> Frontier:
        """All that is needed to go on later, and the root."""
        return Frontier(self.size, self.blocks.hashes + self.open.hashes)

    def append(self, hash_: bytes) -> None:
        """Add the hash of the next line."""
        lines = self.open
        lines.append(hash_)
        if lines.size == LINES:
            root = lines.root()
            self.completed[self.blocks.size // LINES] = root
            self.blocks.add(root, LINES)
            self.open = Frontier()
