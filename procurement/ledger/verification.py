"""The whole record computed again: every line, every anchor inside and outside, every block kept for proofs.

Lines are read a few thousand at a time and forgotten, so that memory does not grow with them; an anchor takes some
hundred bytes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import gettext as _

from procurement.ledger import chain, reasons
from procurement.ledger.blocks import LINES, Tree
from procurement.ledger.chain import Row
from procurement.ledger.claims import Claim, Claims, Trust, gather
from procurement.ledger.models import FIRST, Block, Disclosure
from procurement.ledger.outside import Copy

STEP = 10_000  # lines between two signs of life
Progress = Callable[[int], None]


@dataclass
class Report:
    """What was found; `faults` are sentences, the first broken line first."""

    lines: int = 0
    anchors: int = 0  # in the database
    copies: int = 0  # of anchors, outside
    stamps: int = 0
    protected: int = 0  # lines up to the last anchor that speaks of these lines
    signers_known: bool = False
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def unprotected(self) -> int:
        """How many lines no anchor speaks of: whoever owns the database could still rewrite them unseen."""
        return self.lines - self.protected


def silent(_lines: int) -> None:
    """Nobody waits for news."""


def verify(*, copy: Copy | None = None, trust: Trust | None = None, progress: Progress = silent) -> Report:
    """Check the record against itself, its anchors, and the ``copy`` of them outside where one is given.

    Without a key in ``trust`` only integrity is checked, not who signed. ``progress`` is told the lines read so far.
    Raises Unreachable when the copy cannot be read, RuntimeError inside a transaction.
    """
    trust = trust or Trust()
    claims = gather(copy, trust)
    walk = Walk(claims, Block.objects.values_list("number", "root").iterator())
    walk.follow(chain.rows(), progress)
    return Report(
        lines=walk.tree.size,
        anchors=claims.inside,
        copies=claims.outside,
        stamps=claims.stamps,
        protected=walk.protected,
        signers_known=bool(trust.keys),
        faults=[*walk.faults(), *beyond(claims, walk.tree.size), *claims.faults, *changed_texts()],
    )


class Walk:
    """The chain from its first line on: what is wrong first, and whether anchors and blocks speak of these lines."""

    def __init__(self, claims: Claims, blocks: Iterator[tuple[int, str]]) -> None:
        self.tree = Tree()
        self.first, self.sequence, self.head = "", 0, FIRST
        self.protected = 0
        self.broken = self.misfit = self.unproved = ""  # of each kind of fault the first, which explains the others
        ordered = sorted(claims.sound)
        self.claims = {size: list(group) for size, group in groupby(ordered, key=lambda claim: claim.size)}
        self.blocks = blocks  # in the order of their numbers
        self.kept_blocks = claims.last_inside // LINES

    def follow(self, rows: Iterable[Row], progress: Progress) -> None:
        """Take every line, in the order of the database."""
        for count, row in enumerate(rows, start=1):
            self.take(row)
            if self.tree.completed:
                self.compare_block(*self.tree.completed.popitem())
            if count in self.claims:
                self.compare_anchors(self.claims[count])
            if count % STEP == 0:
                progress(count)

    def faults(self) -> list[str]:
        """What is wrong, the first broken line first; blocks only where their lines are not what is wrong."""
        lines = [fault for fault in (self.broken, self.misfit) if fault]
        return lines or [fault for fault in (self.unproved,) if fault]

    def take(self, row: Row) -> None:
        """The next line."""
        self.broken = self.broken or chain.fault(row, sequence=self.sequence, previous=self.head)
        self.sequence, self.head = row.sequence, row.hash
        self.first = self.first or row.hash
        self.tree.append(_leaf(row.hash))

    def compare_anchors(self, claims: list[Claim]) -> None:
        """Hold what the anchors over so many lines say against the lines."""
        for claim in claims:
            found = [check(self, claim) for check in CHECKS]
            if not any(found):
                self.protected = claim.size
            elif not self.misfit:
                said = _("Lines %(from)s to %(to)s are not those the anchor at line %(to)s was signed over: %(what)s.")
                what = ", ".join(filter(None, found))
                self.misfit = said % {"from": self.protected + 1, "to": claim.size, "what": what}

    def compare_block(self, number: int, root: bytes) -> None:
        """Hold the block kept for proofs against its lines; those of lines not yet anchored are not kept yet."""
        if number < self.kept_blocks:
            self.unproved = self.unproved or unproved(number, root.hex(), next(self.blocks, None))


def unproved(number: int, root: str, block: tuple[int, str] | None) -> str:
    """Whether the block kept for proofs is not that of its lines."""
    said = _("The block kept for proofs of lines %(from)s to %(to)s is missing, or is not that of these lines.")
    return "" if block == (number, root) else said % {"from": number * LINES + 1, "to": (number + 1) * LINES}


def other_beginning(walk: Walk, claim: Claim) -> str:
    """Whether the anchor is of a chain that begins with another line."""
    return "" if claim.chain == walk.first else _("the first line is another")


def other_end(walk: Walk, claim: Claim) -> str:
    """Whether the last line that was signed is another."""
    return "" if claim.head == walk.head else _("the last of them is another")


def other_tree(walk: Walk, claim: Claim) -> str:
    """Whether any line that was signed is another."""
    return "" if claim.root == walk.tree.frontier().root().hex() else _("the tree over them has another root")


CHECKS = (other_beginning, other_end, other_tree)  # of an anchor, against the lines


def beyond(claims: Claims, lines: int) -> Iterator[str]:
    """Anchors over more lines than there are."""
    largest = max(claims.sound, default=None)
    if largest and largest.size > lines:
        said = _(
            "An anchor was signed at line %(size)s (%(places)s) and the database ends at line %(lines)s: it was "
            "restored to an older state, or its last lines were cut off."
        )
        yield said % {"size": largest.size, "places": ", ".join(claims.sound[largest]), "lines": lines}


def changed_texts() -> Iterator[str]:
    """Texts of reasons that were changed: they are kept beside the chain, under their commitments."""
    for row in Disclosure.objects.order_by("pk").iterator():
        if not reasons.answers(row):
            said = _("The text kept for the reason %(commitment)s was changed: it does not match its commitment.")
            yield said % {"commitment": row.commitment}


def _leaf(hash_: str) -> bytes:
    """The 32 bytes of a line's hash; those of a text that is none are another leaf, as they must be."""
    try:
        return bytes.fromhex(hash_)
    except (TypeError, ValueError):
        return str(hash_).encode()
