"""The key that signs anchors: Ed25519 (RFC 8032), and the fingerprint by which people know it."""

from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from scoring.canonical import canonical

DOMAIN = b"bareme-anchor/1\n"  # what is signed is an anchor and can be taken for nothing else


def sign(document: dict[str, str | int]) -> tuple[str, str]:
    """Signature and public key, in hexadecimal, over the canonical bytes of ``document``, by the configured key."""
    key = _configured()
    return key.sign(DOMAIN + canonical(document)).hex(), key.public_key().public_bytes_raw().hex()


def holds(document: dict[str, str | int], *, signature: str, key: str) -> bool:
    """Whether the public ``key`` signed ``document``; False also for texts that are no signature or no key."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), DOMAIN + canonical(document))
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint_of(key: str) -> str:
    """The SHA-256 of the 32 bytes of a public key, in hexadecimal. Raises ValueError for what is no hexadecimal."""
    return sha256(bytes.fromhex(key)).hexdigest()


def fingerprint() -> str:
    """That of the configured key, "" when there is none."""
    return sha256(_configured().public_key().public_bytes_raw()).hexdigest() if settings.ANCHOR_KEY else ""


def trusted() -> frozenset[str]:
    """The fingerprints of the configured key and of those it replaced; none without a key."""
    return frozenset({fingerprint(), *settings.ANCHOR_FORMER_KEYS}) if settings.ANCHOR_KEY else frozenset()


def _configured() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.ANCHOR_KEY))
