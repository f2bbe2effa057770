"""A proof document as a document: what the record vouches for and bundles list, without its file."""

from typing import Any

from procurement.tenders.models import ProofDocument
from scoring.canonical import sha256

Document = dict[str, Any]


def described(proof: ProofDocument) -> Document:
    """What says which file it is, of what kind, and when it is valid: neither its words nor what it proves."""
    return {
        "kind": proof.kind,
        "media_type": proof.media_type,
        "size": proof.size,
        "sha256": proof.sha256,
        "issued_on": proof.issued_on.isoformat(),
        "expires_on": proof.expires_on.isoformat() if proof.expires_on else None,
    }


def document_of(proof: ProofDocument) -> Document:
    """All of it."""
    words = {"about": proof.about, "title": proof.title, "original_name": proof.original_name}
    return {**described(proof), **words}


def digest_of(proof: ProofDocument) -> str:
    """The hash the record names when it is added, and when it is withdrawn."""
    return sha256(document_of(proof))
