"""Ed25519 signatures for tests (RFC 8032, 5.1.5 and 5.1.6), made with the verifier's own group."""

import hashlib

from procurement.audit.verify import BASE_POINT, FIELD, ORDER, Point, times


def encoded(point: Point) -> bytes:
    """The 32 bytes of a point."""
    x, y, z, _t = point
    inverse = pow(z, FIELD - 2, FIELD)
    return (y * inverse % FIELD | (x * inverse % FIELD % 2) << 255).to_bytes(32, "little")


def signed(seed: bytes, message: bytes) -> tuple[bytes, bytes]:
    """The public key of a secret of 32 bytes, and its signature of a message."""
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & (2**254 - 8) | 2**254
    key = encoded(times(scalar, BASE_POINT))
    nonce = int.from_bytes(hashlib.sha512(digest[32:] + message).digest(), "little") % ORDER
    r = encoded(times(nonce, BASE_POINT))
    challenge = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little")
    return key, r + ((nonce + challenge * scalar) % ORDER).to_bytes(32, "little")
