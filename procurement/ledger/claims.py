"""What the anchors say of the chain, inside the database and outside it, each checked by itself."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from cryptography.x509 import Certificate
from django.utils.translation import gettext as _

from procurement.ledger import signing, timestamps
from procurement.ledger.anchors import alone
from procurement.ledger.kept import Kept, kept, read
from procurement.ledger.models import Anchor
from procurement.ledger.outside import Copy, Missing


class Trust(NamedTuple):
    """Whom the reader trusts: keys by fingerprint, time-stamping authorities by root certificate."""

    keys: frozenset[str] = frozenset()
    roots: tuple[Certificate, ...] = ()


class Claim(NamedTuple):
    """What an anchor says: the chain that begins with a line of this hash has this head and root at this size."""

    size: int
    chain: str
    head: str
    root: str


@dataclass
class Claims:
    """The anchors in which no fault was found, by size; and what is wrong with the others."""

    sound: dict[Claim, list[str]] = field(default_factory=dict)  # with the places that hold each
    faults: list[str] = field(default_factory=list)
    last_inside: int = 0  # the size of the largest anchor of the database
    inside: int = 0  # how many anchors were looked at in the database
    outside: int = 0  # and in the copy
    stamps: int = 0  # and how many of all of them carry a time stamp


Anchors = dict[int, bytes]  # the digest of the anchor over each size: two copies are compared by it


def badly_formed(anchor: Kept, _trust: Trust) -> str:
    """Whether a field has not its form, in which each value is written in one way alone."""
    try:
        read(anchor.line())
    except ValueError:  # no anchor, or a number that has no canonical form
        return _("one of its fields is not what an anchor holds")
    return ""


def unsigned(anchor: Kept, _trust: Trust) -> str:
    """Whether the key that the anchor names did not sign it."""
    if signing.holds(anchor.document, signature=anchor.signature, key=anchor.key):
        return ""
    return _("its key did not sign it: a field was changed")


def signed_by_another(anchor: Kept, trust: Trust) -> str:
    """Whether somebody else signed it than those the reader trusts."""
    if not trust.keys or signing.fingerprint_of(anchor.key) in trust.keys:
        return ""
    said = _("it is signed by another key than yours, with the fingerprint %(fingerprint)s")
    return said % {"fingerprint": signing.fingerprint_of(anchor.key)}


def stamped_otherwise(anchor: Kept, trust: Trust) -> str:
    """Whether its time stamp speaks of something else, or is not one of a trusted authority."""
    return timestamps.fault(anchor.document, anchor.timestamp, roots=trust.roots) if anchor.timestamp else ""


CHECKS = (badly_formed, unsigned, signed_by_another, stamped_otherwise)  # of an anchor, in the order they are said


def gather(copy: Copy | None, trust: Trust) -> Claims:
    """Every anchor of the database and of the ``copy`` outside. Raises Unreachable when the copy cannot be read.

    No anchor is made meanwhile: it would be outside and not yet inside.
    """
    claims = Claims()
    with alone():
        inside = _inside(claims, trust)
        outside = _outside(claims, trust, copy) if copy else inside
    if copy:
        claims.faults += filter(None, (compare(inside, outside, copy.place) for compare in COMPARISONS))
    return claims


def _inside(claims: Claims, trust: Trust) -> Anchors:
    """Take note of the anchors of the database, and of whether the next can go on from each."""
    found: Anchors = {}
    for row in Anchor.objects.iterator():
        claims.inside += 1
        claims.last_inside = row.size
        if fault := stuck(row):
            claims.faults.append(fault)
        _note(claims, trust, kept(row), _("the database"), found)
    return found


def _outside(claims: Claims, trust: Trust, copy: Copy) -> Anchors:
    """Take note of the anchors of the copy, which need not exist before the first anchor."""
    found: Anchors = {}
    try:
        for number, anchor in copy.anchors():
            claims.outside += 1
            where = _("%(place)s, line %(line)s") % {"place": copy.place, "line": number}
            if anchor is None:
                said = _("%(where)s: this is no anchor: it was changed, or written by half.")
                claims.faults.append(said % {"where": where})
            else:
                _note(claims, trust, anchor, where, found)
    except Missing:
        if claims.inside:
            raise
    return found


def _note(claims: Claims, trust: Trust, anchor: Kept, where: str, found: Anchors) -> None:
    """Put an anchor where it belongs: among those that are sound by themselves, or its fault among the faults."""
    claims.stamps += bool(anchor.timestamp)
    fault = next(filter(None, (check(anchor, trust) for check in CHECKS)), "")
    if told := fault or misplaced(anchor, found):
        said = _("The anchor at line %(size)s (%(where)s): %(fault)s.")
        claims.faults.append(said % {"size": anchor.size, "where": where, "fault": told})
    if fault:
        return
    found.setdefault(anchor.size, sha256(anchor.line()).digest())
    says = Claim(anchor.size, *(str(anchor.document[key]) for key in ("chain", "head", "root")))
    claims.sound.setdefault(says, []).append(where)


def stuck(row: Anchor) -> str:
    """Whether the subtrees kept with an anchor do not make its root: none could go on from it."""
    try:
        if row.tree().root().hex() == row.root:
            return ""
    except ValueError:  # no hashes, or too few of them
        pass
    return _("The subtrees kept with the anchor at line %(size)s do not make its root.") % {"size": row.size}


def misplaced(anchor: Kept, before: Anchors) -> str:
    """Whether an anchor does not stand after those of fewer lines alone."""
    return _("it does not stand after smaller ones") if anchor.size <= max(before, default=0) else ""


def different(inside: Anchors, outside: Anchors, place: str) -> str:
    """Whether both sides have an anchor at a line, and not the same."""
    size = next((size for size in sorted(inside.keys() & outside.keys()) if inside[size] != outside[size]), 0)
    said = _("The anchor at line %(size)s is not the same in the database and at %(place)s.")
    return said % {"size": size, "place": place} if size else ""


def missing_inside(inside: Anchors, outside: Anchors, place: str) -> str:
    """Whether the copy has anchors that the database has not."""
    said = _(
        "Anchors are missing in the database that are kept at %(place)s: %(count)s, the first at line %(size)s. It was "
        "restored to an older state, or anchors were taken out."
    )
    lost = outside.keys() - inside.keys()
    return said % {"count": len(lost), "place": place, "size": min(lost)} if lost else ""


def missing_outside(inside: Anchors, outside: Anchors, place: str) -> str:
    """Whether the database has anchors that the copy has not."""
    said = _(
        "Anchors of the database are missing at %(place)s: %(count)s, the first at line %(size)s. The copy was cut, or "
        "an older one was put in its place."
    )
    lost = inside.keys() - outside.keys()
    return said % {"count": len(lost), "place": place, "size": min(lost)} if lost else ""


COMPARISONS = (different, missing_inside, missing_outside)  # of the two sides
