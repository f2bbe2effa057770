"""An anchor as it is kept outside the database: one line of canonical JSON.

``document``, ``signature`` and ``key`` as docs/bundle.md says; ``timestamp`` is the authority's answer in base64 or "".
"""

import re
from typing import Any, NamedTuple

from procurement.ledger.models import Anchor
from scoring.canonical import canonical
from scoring.problems import InvalidDocument
from scoring.reading import loads

DIGEST, SIGNATURE = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{128}")
DOCUMENT = {"schema", "chain", "size", "head", "root", "at"}


class NoAnchor(ValueError):
    """What was read is no anchor."""


class Kept(NamedTuple):
    """An anchor, wherever it is kept."""

    document: dict[str, str | int]
    signature: str
    key: str
    timestamp: str

    @property
    def size(self) -> int:
        """How many lines it is over."""
        return int(self.document["size"])

    def line(self) -> bytes:
        """The line it is written as, with its line feed."""
        return canonical(self._asdict()) + b"\n"


def kept(anchor: Anchor) -> Kept:
    """An anchor of the database."""
    return Kept(anchor.document(), anchor.signature, anchor.key, anchor.timestamp)


def read(line: bytes) -> Kept:
    """The anchor of a line. Raises NoAnchor unless every field has its form."""
    try:
        given = loads(line)
    except InvalidDocument as invalid:
        raise NoAnchor from invalid
    if not _has_form(given):
        raise NoAnchor
    return Kept(**given)


def _has_form(given: Any) -> bool:
    if not isinstance(given, dict) or given.keys() != set(Kept._fields):
        return False
    document = given["document"]
    if not isinstance(document, dict) or document.keys() != DOCUMENT:
        return False
    return (
        type(document["size"]) is int
        and document["size"] > 0
        and all(isinstance(text, str) for text in (document["schema"], document["at"], given["timestamp"]))
        and all(_is(DIGEST, text) for text in (document["chain"], document["head"], document["root"], given["key"]))
        and _is(SIGNATURE, given["signature"])
    )


def _is(form: re.Pattern[str], text: Any) -> bool:
    return isinstance(text, str) and form.fullmatch(text) is not None
