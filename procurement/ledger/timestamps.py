"""Time stamps of an outside authority (RFC 3161): optional evidence that an anchor existed at a moment.

What is stamped is the SHA-256 of the anchor's canonical bytes; what is kept is the authority's whole answer in base64,
as `openssl ts -verify -in ANSWER -data BYTES` reads it.
"""

import base64
import binascii
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

from cryptography.x509 import Certificate, load_pem_x509_certificates
from django.utils.translation import gettext as _
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from scoring.canonical import canonical

SECONDS = 10  # to wait for an answer
LONGEST = 60_000  # bytes of an answer: one with its certificates has about 4,000


class NoStamp(Exception):
    """The authority gave no time stamp that can be used; its text is one sentence."""


class NoCertificates(Exception):
    """The certificates to check against cannot be read; its text is one sentence."""


def stamped(document: dict[str, str | int], *, authority: str) -> str:
    """The answer of the ``authority`` at this address, in base64. Raises NoStamp."""
    said = canonical(document)
    request = TimestampRequestBuilder().data(said).hash_algorithm(HashAlgorithm.SHA256).cert_request(cert_request=True)
    asked = request.build()
    try:
        answer = _asked(authority, asked.as_bytes())
        response = decode_timestamp_response(answer)
        if response.status != PKIStatus.GRANTED or response.tst_info.nonce != asked.nonce:
            raise ValueError(_("it refused, or answered another question"))
    except (OSError, HTTPException, ValueError) as error:
        raise NoStamp(
            _("The time-stamping authority at %(authority)s gave no time stamp: %(problem)s.")
            % {"authority": authority, "problem": error}
        ) from error
    token = base64.b64encode(answer).decode("ascii")
    if fault(document, token, roots=()):
        raise NoStamp(
            _("The time stamp of %(authority)s is not over what it was asked for.") % {"authority": authority}
        )
    return token


def fault(document: dict[str, str | int], token: str, *, roots: tuple[Certificate, ...]) -> str:
    """What is wrong with the time stamp ``token`` of an anchor, "" if nothing.

    Without ``roots`` only that it speaks of this anchor is checked, not who made it.
    """
    digest = sha256(canonical(document)).digest()
    try:
        response = decode_timestamp_response(base64.b64decode(token, validate=True))
        if response.tst_info.message_imprint.message != digest:
            return _("its time stamp is over something else")
        if roots:
            VerifierBuilder(roots=list(roots)).build().verify(response, digest)
    except (binascii.Error, ValueError):
        return _("its time stamp cannot be read")
    except VerificationError as error:
        return _("its time stamp is not one of the authority (%(problem)s)") % {"problem": error}
    return ""


def certificates(path: str) -> tuple[Certificate, ...]:
    """The root certificates of a PEM file; none for "". Raises NoCertificates."""
    try:
        return tuple(load_pem_x509_certificates(Path(path).read_bytes())) if path else ()
    except (OSError, ValueError) as error:
        raise NoCertificates(
            _("The certificates of the time-stamping authority cannot be read from %(path)s: %(problem)s.")
            % {"path": path, "problem": error}
        ) from error


def _asked(authority: str, query: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query"}
    request = Request(authority, data=query, headers=headers)  # noqa: S310 – as below
    with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 – the settings took http and https alone
        content: bytes = answer.read(LONGEST)
    return content
