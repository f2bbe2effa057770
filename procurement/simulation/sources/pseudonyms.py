"""The stand-ins of suppliers in a snapshot: the same name has the same one, and none leads back to a name."""

import hashlib

from django.utils.crypto import salted_hmac

DIGITS = 12  # of 16: among 100,000 suppliers two share a pseudonym once in 50,000 snapshots


def of_published_name(name: str) -> str:
    """The pseudonym of a supplier whose name the source publishes: the same on every machine."""
    return hashlib.sha256(name.encode()).hexdigest()[:DIGITS]


def of_confidential_name(name: str) -> str:
    """The pseudonym of a supplier of this portal: without the portal's secret key nobody can try names out."""
    return salted_hmac("procurement.simulation.pseudonyms", name, algorithm="sha256").hexdigest()[:DIGITS]
