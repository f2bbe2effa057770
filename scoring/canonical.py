"""Canonical JSON (RFC 8785) of a document, and its SHA-256.

The documents hold no JSON number but whole ones, so a float is refused rather than written the ECMAScript way.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from scoring.problems import InvalidDocument
from scoring.reading import check_json

_beyond_basic_plane = re.compile("[\U00010000-\U0010ffff]")


def canonical(document: Any) -> bytes:
    """The RFC 8785 bytes of a JSON value.

    Raises InvalidDocument for what has no canonical form here: floats, integers beyond 2^53 - 1, lone
    surrogates, keys that are not strings, values JSON does not have.
    """
    problems = check_json(document)
    if problems:
        raise InvalidDocument(problems)
    return canonical_of_checked(document)


def canonical_of_checked(document: Any) -> bytes:
    """The same bytes for a document that `check_json` has found clean."""
    text = _dumps(document, sort_keys=True)
    if not text.isascii() and _beyond_basic_plane.search(text):
        # Code point order, which Python sorts by, differs from the UTF-16 order of the RFC only beyond the BMP.
        text = _dumps(_in_utf16_order(document), sort_keys=False)
    return text.encode("utf-8")


def sha256(document: Any) -> str:
    """Lower-case hexadecimal SHA-256 of the canonical bytes. Raises InvalidDocument as `canonical` does."""
    return hashlib.sha256(canonical(document)).hexdigest()


def sha256_of_checked(document: Any) -> str:
    """The same hash for a document that `check_json` has found clean."""
    return hashlib.sha256(canonical_of_checked(document)).hexdigest()


def _dumps(document: Any, *, sort_keys: bool) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=sort_keys)


def _in_utf16_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _in_utf16_order(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, list):
        return [_in_utf16_order(item) for item in value]
    return value


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")
