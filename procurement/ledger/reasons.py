"""The reasons of lines: a commitment in the chain, the text and its salt beside it, where they can be erased."""

import re
import secrets
from collections.abc import Iterable
from hashlib import sha256

from django.utils.translation import gettext as _

from procurement.ledger.models import Disclosure, Line

SALT_BYTES = 16
ERASED = "reason.erased"  # the action of the line that says whose reason was erased
COMMITMENT = re.compile(r"[0-9a-f]{64}")


def commitment_of(salt: str, text: str) -> str:
    """The SHA-256, in hex, of ``salt`` (hex) and the UTF-8 bytes of ``text``."""
    return sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def commit(text: str) -> str:
    """Keep ``text`` outside the chain and return the commitment its line carries; nothing for an empty text."""
    if not text:
        return ""
    salt = secrets.token_hex(SALT_BYTES)
    return Disclosure.objects.create(commitment=commitment_of(salt, text), salt=salt, text=text).commitment


def texts_of(lines: Iterable[Line]) -> dict[str, str]:
    """What a page shows of the reasons of ``lines``, by the reason in the line; two queries at most.

    The text where it is kept and answers to its commitment; else a sentence that says what became of it.
    """
    written = {line.reason: line for line in lines if line.reason}
    kept = {row.commitment: _checked(row) for row in Disclosure.objects.filter(pk__in=written)}
    gone = {reason: line for reason, line in written.items() if reason not in kept and COMMITMENT.fullmatch(reason)}
    return {reason: reason for reason in written} | kept | _gone(gone)


def object_of(line: Line) -> str:
    """The text id by which the record speaks of one of its own lines."""
    return f"ledger.Line:{line.sequence}"


def answers(row: Disclosure) -> bool:
    """Whether the text kept is the one its commitment was made of."""
    try:
        return commitment_of(row.salt, row.text) == row.commitment
    except ValueError:  # a salt that is no hex any more: changed like any other
        return False


def _checked(row: Disclosure) -> str:
    if answers(row):
        return row.text
    return _("(This text was changed outside the portal: it does not match its commitment.)")


def _gone(lines: dict[str, Line]) -> dict[str, str]:
    names = [object_of(line) for line in lines.values()]
    erased = set(Line.objects.filter(action=ERASED, object__in=names).values_list("object", flat=True)) if names else ()
    return {
        reason: _("(The text of this reason was erased.)")
        if object_of(line) in erased
        else _("(The text of this reason was deleted outside the portal.)")
        for reason, line in lines.items()
    }
