"""The verifier is held against the engine on as many cases as the profile of the generated tests says."""

import functools
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from procurement.audit import verify
from tests.audit.bundles import FINGERPRINT, Files, packed
from tests.scoring import conftest as budgets

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")
CASES = {"quick": 100, "ci": 1000, "thorough": 5000}.get(PROFILE, budgets.settings().max_examples)
"""How many valid cases, and how many broken ones."""

Told = Callable[..., tuple[int, str]]
signature_holds = functools.cache(verify.signature_holds)


@pytest.fixture(autouse=True)
def a_signature_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same answer to the same question: most alterations leave the anchor as it is."""
    monkeypatch.setattr(verify, "signature_holds", signature_holds)


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    """The exit status and the output of the verifier for a bundle, given as files or as bytes."""

    def run(content: Files | bytes, key: str | None = FINGERPRINT) -> tuple[int, str]:
        path = tmp_path / "bundle.zip"
        path.write_bytes(content if isinstance(content, bytes) else packed(content))
        status = verify.main([str(path), *(["--key", key] if key else [])])
        return status, capsys.readouterr().out

    return run
