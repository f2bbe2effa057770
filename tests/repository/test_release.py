"""What is published with a release: the SHA-256 by which an auditor knows the verifier."""

import hashlib
import re

import scoring
from procurement.audit import verifier
from tests.repository.files import ROOT

PUBLISHED = re.compile(r"SHA-256 of `verify\.py`:\s+`([0-9a-f]{64})`")


def entry(version: str) -> str:
    """What CHANGELOG.md says of a version."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return text.partition(f"## {version}")[2].partition("\n## ")[0]


def test_the_changelog_names_the_sha256_of_the_verifier_that_is_served() -> None:
    found = PUBLISHED.findall(entry(scoring.__version__))
    actual = hashlib.sha256((ROOT / "procurement" / "audit" / "verify.py").read_bytes()).hexdigest()
    assert found == [actual], f"CHANGELOG.md must name the SHA-256 of verify.py, now {actual}"
    assert actual == verifier.SHA256
