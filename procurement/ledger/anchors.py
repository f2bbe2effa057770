"""Signs the chain as it stands, and writes that outside the database and into it."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from procurement.ledger import chain, signing, timestamps
from procurement.ledger.blocks import Tree
from procurement.ledger.kept import Kept, kept
from procurement.ledger.models import FIRST, Anchor, Block, Line
from procurement.ledger.outside import Copy, Unreachable, copy_at

logger = logging.getLogger(__name__)

ANCHOR_LOCK = 0x416E_6372_6521  # "Ancre!": the advisory lock that lets one anchor be made at a time

fingerprint = signing.fingerprint


class NotAnchored(Exception):
    """Nothing was signed, or it could not be kept; its text is one sentence."""


def anchor(*, at: datetime | None = None) -> Anchor | None:
    """Sign the committed lines, write the anchor outside, then to the database; the latest when there is no new line.

    None without a key or without a line. Reads the lines since the last anchor alone and checks that they follow it.
    Raises NotAnchored when the outside copy cannot be read or written, or when it, the last anchor and the lines
    contradict each other: a chain that was rewritten is not signed. RuntimeError inside a transaction, whose lines
    may still vanish.
    """
    if not settings.ANCHOR_KEY:
        return None
    with alone():
        try:
            return _anchored(copy_at(settings.ANCHORS), at or timezone.now())
        except Unreachable as problem:
            raise NotAnchored(str(problem)) from problem


def _anchored(copy: Copy, at: datetime) -> Anchor | None:
    last, outside = Anchor.objects.last(), copy.last()
    growth = _Growth(last)
    if outside and (last is None or outside.size > last.size):
        last = _adopted(growth, outside)
    elif last:
        _refuse_contradiction(last, outside)
    if last and outside is None:  # a new place starts with all there is
        for earlier in Anchor.objects.all():
            copy.append(kept(earlier))
    growth.read()
    if growth.size == (last.size if last else 0):
        return last
    document = growth.document(at)
    signature, key = signing.sign(document)
    made = Kept(document, signature, key, _stamp(document))
    copy.append(made)
    return growth.save(made)


class _Growth:
    """The chain from the last anchor on, as its lines are read."""

    def __init__(self, last: Anchor | None) -> None:
        self.first = last.chain if last else ""
        self.head = last.head if last else FIRST
        try:
            self.tree = Tree(last.tree() if last else None)
        except ValueError as error:
            raise NotAnchored(_changed(last)) from error
        if last and self.tree.frontier().root().hex() != last.root:
            raise NotAnchored(_changed(last))
        if last and not Line.objects.filter(sequence=last.size, hash=last.head).exists():
            raise NotAnchored(
                _(
                    "Nothing was signed: line %(line)s is gone, or is not the one the last anchor was signed over. The "
                    "database was restored to an older state, or lines were cut off or changed."
                )
                % {"line": last.size}
            )

    @property
    def size(self) -> int:
        """How many lines were read or were anchored before."""
        return self.tree.size

    def read(self, *, upto: int | None = None) -> None:
        """Go on to the last line, or to ``upto``. Raises NotAnchored at a line that does not follow."""
        for row in chain.rows(after=self.size or None, upto=upto):
            if fault := chain.fault(row, sequence=self.size, previous=self.head):
                raise NotAnchored(_("Nothing was signed. %(fault)s") % {"fault": fault})
            self.first = self.first or row.hash
            self.head = row.hash
            self.tree.append(bytes.fromhex(row.hash))

    def document(self, at: datetime) -> dict[str, str | int]:
        """What is signed of the chain as read so far."""
        root = self.tree.frontier().root().hex()
        return Anchor(chain=self.first, size=self.size, head=self.head, root=root, at=at).document()

    def save(self, made: Kept) -> Anchor:
        """Keep the anchor over what was read so far, and the blocks completed since the last one."""
        with transaction.atomic():
            blocks = [Block(number=number, root=root.hex()) for number, root in self.tree.completed.items()]
            Block.objects.bulk_create(blocks, batch_size=500)
            self.tree.completed.clear()
            return Anchor.objects.create(
                chain=self.first,
                size=self.size,
                head=self.head,
                root=made.document["root"],
                at=datetime.fromisoformat(str(made.document["at"])),
                signature=made.signature,
                key=made.key,
                timestamp=made.timestamp,
                frontier=b"".join(self.tree.frontier().hashes).hex(),
            )


def _adopted(growth: _Growth, outside: Kept) -> Anchor:
    """The anchor that was written outside before a commit that failed, now kept in the database too."""
    growth.read(upto=outside.size)
    if growth.size < outside.size:
        raise NotAnchored(
            _(
                "Nothing was signed: the copy at %(place)s has an anchor at line %(outside)s and the database ends at "
                "line %(lines)s. The database was restored to an older state, or lines were cut off."
            )
            % {"place": settings.ANCHORS, "outside": outside.size, "lines": growth.size}
        )
    at = datetime.fromisoformat(str(outside.document["at"])).astimezone(UTC)
    if growth.document(at) != outside.document or not _own(outside):
        raise NotAnchored(
            _(
                "Nothing was signed: the first %(size)s lines of the database are not those that the last anchor at "
                "%(place)s was signed over."
            )
            % {"size": outside.size, "place": settings.ANCHORS}
        )
    return growth.save(outside)


def _refuse_contradiction(last: Anchor, outside: Kept | None) -> None:
    """Raise NotAnchored unless a key of ours signed the last anchor, and the one outside is it or one before it.

    Whoever rewrites the database and the copy together signs with a key of his own: nothing goes on from that.
    """
    earlier = Anchor.objects.filter(size=outside.size) if outside else ()
    known = outside in (None, kept(last), *map(kept, earlier))
    if not (known and _own(kept(last))):
        raise NotAnchored(_changed(last))


def _own(anchor: Kept) -> bool:
    """Whether our own key signed it, or one that it replaced."""
    key_is_ours = signing.fingerprint_of(anchor.key) in signing.trusted()
    return key_is_ours and signing.holds(anchor.document, signature=anchor.signature, key=anchor.key)


def _changed(last: Anchor | None) -> str:
    return _(
        "Nothing was signed: the last anchor of the database, at line %(size)s, was changed, or is neither signed by "
        "this portal's key nor the last one at %(place)s. After a change of key, give the former "
        "one's fingerprint in BAREME_ANCHOR_FORMER_KEYS."
    ) % {"size": last.size if last else 0, "place": settings.ANCHORS}


def _stamp(document: dict[str, str | int]) -> str:
    """The time stamp where an authority is configured; "" when it gives none: the anchor is worth keeping without."""
    if not settings.TIMESTAMP_URL:
        return ""
    try:
        return timestamps.stamped(document, authority=settings.TIMESTAMP_URL)
    except timestamps.NoStamp as problem:
        logger.warning("The anchor is kept without a time stamp. %s", problem)
        return ""


@contextmanager
def alone() -> Iterator[None]:
    """Let nobody else anchor meanwhile, and refuse a transaction that is already open."""
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ANCHOR_LOCK])
            yield
        return
    with transaction.atomic(durable=True):
        pass  # Not held: SQLite has one writer at a time, who must not wait for the network.
    with (settings.VAR_DIR / "anchor.lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
