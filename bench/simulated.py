"""What the benches simulate on, as rows of the portal: an invented archive, a policy, and answered questions."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from bench import archive
from procurement.people.models import User
from procurement.policies import services as policies
from procurement.policies.models import PolicyVersion
from procurement.simulation import services, tasks
from procurement.simulation.bindings import file_sha256
from procurement.simulation.models import ArchiveSnapshot, Look, Sweep

EUROPEAN, GREEN = "measures.european.amount", "measures.green.amount"


def policy(drafter: User, approver: User) -> PolicyVersion:
    """The policy of the benches, approved as a proposal."""
    now = timezone.now()
    version = policies.draft_version(
        identifier=archive.POLICY["id"],
        title=archive.POLICY["title"],
        kind="preference",
        document=archive.POLICY,
        note="",
        by=drafter,
        at=now,
    )
    policies.submit(version=version, by=drafter, at=now)
    policies.approve(version=version, status="proposed", by=approver, at=now)
    return version


def snapshot(lots: int, bids: int) -> ArchiveSnapshot:
    """An archive of so many lots and about so many bids."""
    folder = Path(settings.ARCHIVES)
    folder.mkdir(parents=True, exist_ok=True)
    unnamed = folder / f".{uuid4().hex}"
    archive.write(unnamed, lots, bids, seed=1)
    sha256 = file_sha256(unnamed)
    unnamed.rename(folder / f"{sha256}.parquet")
    return ArchiveSnapshot.objects.create(
        sha256=sha256, source="portal", title="A bench", provenance=asdict(archive.PROVENANCE), lots=lots, bids=bids,
        currencies=["EUR"], countries=["FR"], made_at=timezone.now(),
    )  # fmt: skip


def simulated(on: ArchiveSnapshot, under: PolicyVersion, by: User, *axes: dict[str, Any]) -> Sweep:
    """A question, answered in this process."""
    asked = services.request_sweep(snapshot=on, policy_version=under, axes=axes, carbon="co2e", by=by)
    tasks.sweep(str(asked.job_id))
    return Sweep.objects.get(pk=asked.pk)


def looked_at(sweep: Sweep, scenario: int, by: User) -> Look:
    """One scenario of it seen closely, in this process."""
    asked = services.request_look(sweep=sweep, scenario=scenario, by=by)
    tasks.look(str(asked.job_id))
    return Look.objects.select_related("sweep__snapshot").get(pk=asked.pk)


def axis(path: str, count: int, *, first: int = 0) -> dict[str, Any]:
    """So many values of an amount, from so many points on, a twentieth of a point apart."""
    return {"path": path, "values": [f"{first + number / 20:g}" for number in range(count)]}
