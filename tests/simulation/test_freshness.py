"""A simulation is stale once its archive, its policy or the software is no longer what it was asked with."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from procurement.people.models import User
from procurement.policies import services as policies
from procurement.policies.models import PolicyVersion
from procurement.simulation import freshness as module
from procurement.simulation.freshness import Freshness, freshness
from procurement.simulation.models import ArchiveSnapshot, Sweep
from procurement.simulation.services import request_sweep
from tests.cashback.conftest import approved, scheme
from tests.simulation import invented
from tests.simulation.invented import EUROPEAN, axis

FRESH = Freshness(data_changed=False, policy_changed=False, code_changed=False)


@pytest.fixture
def replacement(db: None) -> PolicyVersion:
    """A scheme that is put in the place of the one in the policy."""
    return approved(scheme(), kind="cashback")


@pytest.fixture
def asked(snapshot: ArchiveSnapshot, policy: PolicyVersion, replacement: PolicyVersion, officer: User) -> Sweep:
    return request_sweep(
        snapshot=snapshot, policy_version=policy, scheme_version=replacement, axes=[axis(EUROPEAN, "3")], by=officer
    )


def now(asked: Sweep) -> Freshness:
    found = Sweep.objects.select_related("snapshot", "policy_version", "scheme_version").get(pk=asked.pk)
    return freshness([found])[found.pk]


def test_what_was_just_asked_is_fresh(asked: Sweep) -> None:
    assert now(asked) == FRESH
    assert not now(asked).stale


def test_an_archive_whose_file_is_gone_or_another_has_changed(asked: Sweep, snapshot: ArchiveSnapshot) -> None:
    content = snapshot.path.read_bytes()
    snapshot.path.unlink()
    assert now(asked) == Freshness(data_changed=True, policy_changed=False, code_changed=False)
    snapshot.path.write_bytes(content[:-1] + b"?")
    assert now(asked).data_changed
    snapshot.path.write_bytes(content)
    assert now(asked) == FRESH


@pytest.mark.parametrize("which", ["policy_version", "scheme_version"])
def test_a_policy_or_a_scheme_that_is_retired_has_changed(asked: Sweep, officer: User, which: str) -> None:
    policies.retire(version=getattr(asked, which), by=officer, at=timezone.now())
    assert now(asked) == Freshness(data_changed=False, policy_changed=True, code_changed=False)


def test_a_policy_of_which_a_newer_version_is_approved_has_changed(asked: Sweep) -> None:
    invented.policy(version=2, bonus_cap="9")
    assert now(asked).policy_changed


def test_a_draft_of_a_newer_version_changes_nothing(asked: Sweep, officer: User) -> None:
    document: dict[str, Any] = {**asked.policy_version.document, "version": 2}
    policies.draft_version(
        identifier=document["id"], title=document["title"], kind="preference", document=document, note="",
        by=officer, at=timezone.now(),
    )  # fmt: skip
    assert now(asked) == FRESH


def test_a_draft_that_was_rewritten_since_has_changed(asked: Sweep) -> None:
    Sweep.objects.update(policy_sha256="0" * 64)
    assert now(asked).policy_changed


def test_other_software_answers_otherwise(asked: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "code_sha256", lambda: "0" * 64)
    assert now(asked) == Freshness(data_changed=False, policy_changed=False, code_changed=True)


def test_the_freshness_of_ten_takes_as_many_queries_as_that_of_one(
    asked: Sweep, snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User, queries: Callable[..., int]
) -> None:
    for amount in range(9):
        request_sweep(snapshot=snapshot, policy_version=policy, axes=[axis(EUROPEAN, str(amount))], by=officer)
    found = list(Sweep.objects.select_related("snapshot", "policy_version", "scheme_version"))
    assert queries(lambda: freshness(found[:1])) == queries(lambda: freshness(found)) == 1
