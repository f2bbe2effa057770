"""The commitment to a case that can be shown in part (docs/bundle.md): every leaf salted, one root over all of them.

A leaf is a scalar, an empty list or an empty object, at its JSON pointer (RFC 6901). Whoever holds the key of a sheet
can show any leaf with its salt and leave any other as its hash; the root, which the record keeps, fits both.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from procurement.ledger import merkle

LEAF = b"bareme-leaf/1\n"
KEY_BYTES, SALT_BYTES = 32, 16


def new_key() -> str:
    """A random key for the salts of one case, in hex."""
    return secrets.token_hex(KEY_BYTES)


def case_root(case: dict[str, Any], key: str) -> str:
    """The root over the leaves of a case document in the order of their pointers, in hex."""
    secret = bytes.fromhex(key)
    return merkle.root(_committed(_salt(secret, at), at, value) for at, value in _sorted_leaves(case)).hex()


def redacted(case: dict[str, Any], key: str, is_secret: Callable[[str], bool]) -> dict[str, Any]:
    """The case as `bareme-redacted-case/1`: leaves by pointer, each with value and salt, or a secret one's hash."""
    secret, hashes, leaves = bytes.fromhex(key), [], []
    for at, value in _sorted_leaves(case):
        salt = _salt(secret, at)
        hashes.append(_committed(salt, at, value))
        shown = {"hash": hashes[-1].hex()} if is_secret(at) else {"value": value, "salt": salt.hex()}
        leaves.append({"pointer": at, **shown})
    return {"schema": "bareme-redacted-case/1", "root": merkle.root(hashes).hex(), "leaves": leaves}


def _sorted_leaves(case: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(_leaves(case, ""), key=lambda leaf: leaf[0])


def _leaves(value: Any, at: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, member in value.items():
            yield from _leaves(member, f"{at}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list) and value:
        for index, member in enumerate(value):
            yield from _leaves(member, f"{at}/{index}")
    else:
        yield at, value


def _salt(secret: bytes, pointer: str) -> bytes:
    return hmac.digest(secret, pointer.encode(), "sha256")[:SALT_BYTES]


def _committed(salt: bytes, pointer: str, value: Any) -> bytes:
    # Written as `scoring.canonical` writes it: a pointer and a scalar have no keys whose order could matter.
    written = json.dumps([pointer, value], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(LEAF + salt + written.encode()).digest()
