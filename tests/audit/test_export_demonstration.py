"""Every decision of the demonstration leaves the portal in both kinds, and verifies where there is only a Python."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from procurement.audit import verify
from procurement.audit.services import export_bundle
from procurement.evaluation.models import Decision
from procurement.interchange.demonstration.load import load
from tests.audit.bundles import FINGERPRINT, KINDS
from tests.audit.portal import EXPORTED
from tests.audit.pythons import OTHERS, interpreter
from tests.standing import standing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with standing(django_db_blocker):
        load()
        yield


def test_the_demonstration_has_decisions_of_every_outcome(demonstration: None) -> None:
    assert set(Decision.objects.values_list("outcome", flat=True)) == set(Decision.Outcome.values)


@pytest.mark.parametrize("version", OTHERS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_decision_verifies_in_an_empty_folder(
    demonstration: None, anchored: Path, kind: str, version: str, tmp_path: Path
) -> None:
    python, folder = interpreter(version), tmp_path / "empty"
    folder.mkdir()
    (folder / "verify.py").write_bytes(Path(verify.__file__).read_bytes())
    for decision in Decision.objects.all():
        bundle = export_bundle(decisions=[decision], kind=kind, by=None, at=EXPORTED)
        (folder / bundle.name).write_bytes(bundle.content)
        command = [python, "-I", "verify.py", bundle.name, "--key", FINGERPRINT]
        run = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
        assert (run.returncode, run.stderr) == (0, ""), run.stdout
        assert f"Decision {decision.pk} (tenders.Lot:{decision.lot_id}): same." in run.stdout
        assert run.stdout.splitlines()[-1].startswith("VERIFIED")


@pytest.mark.parametrize("kind", KINDS)
def test_all_of_them_make_one_bundle(demonstration: None, anchored: Path, kind: str, tmp_path: Path) -> None:
    decisions = list(Decision.objects.all())
    bundle = export_bundle(decisions=decisions, kind=kind, by=None, at=EXPORTED)
    (tmp_path / bundle.name).write_bytes(bundle.content)
    said, report = verify.verify(tmp_path / bundle.name, FINGERPRINT)
    assert report.differences == []
    assert len(said) == len(decisions) + 1
