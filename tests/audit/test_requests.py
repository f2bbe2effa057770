"""A bundle of several decisions as a job: it never ends done without its file, and the file goes after a day."""

import os
import stat
import time
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from procurement.audit import requests, shelf
from procurement.audit.models import KEPT, Export
from procurement.audit.requests import make, request_export
from procurement.evaluation.models import Decision
from procurement.jobs import services as jobs
from procurement.jobs.models import Job, State
from procurement.ledger.models import Line
from procurement.people.models import Membership
from procurement.people.refusals import Invalid
from tests.audit.portal import World, awarded, world
from tests.people.world import make_bundle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shelf, "SHELF", tmp_path / "exports")
    return tmp_path / "exports"


@pytest.fixture
def the(anchored: Path) -> World:
    the = world()
    awarded(the, "2026-001")
    return the


@pytest.fixture
def export(the: World) -> Export:
    return request_export(decisions=Decision.objects.all(), kind="full", by=the.buyer)


def claimed(export: Export) -> Job:
    job = jobs.claim(str(export.job_id))
    assert job is not None
    return job


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_asking_is_recorded_with_the_decisions_it_is_bound_to(export: Export, the: World) -> None:
    line = Line.objects.get(action="export.requested")
    assert line.after == export.job.provenance["decisions"]
    assert export.job.state == State.QUEUED


def test_the_file_lies_whole_for_the_portal_alone_once_the_job_is_done(export: Export, own_shelf: Path) -> None:
    make_bundle(export)
    export.refresh_from_db()
    assert export.job.state == State.DONE
    assert files(own_shelf) == [export.file]
    path = own_shelf / export.file
    assert path.stat().st_size == export.size
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(own_shelf.stat().st_mode) == 0o700


def test_a_disk_that_takes_no_file_ends_no_job_done(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(name: str, content: bytes) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(shelf, "put", full)
    with pytest.raises(OSError, match="No space"):
        make(job=claimed(export))
    export.refresh_from_db()
    assert (export.finished_at, export.job.state) == (None, State.RUNNING)


def test_a_run_believed_dead_writes_nothing_and_leaves_no_file(export: Export, own_shelf: Path) -> None:
    lost = claimed(export)
    Job.objects.filter(pk=export.job_id).update(state=State.QUEUED, claim=None)
    make(job=claimed(export))
    done = files(own_shelf)
    with pytest.raises(jobs.Superseded):
        make(job=lost)
    with pytest.raises((jobs.Superseded, requests.Stale)):
        requests._finish(export, lost, _bundle(), "lost.zip")
    assert files(own_shelf) == done


def _bundle() -> requests.Bundle:
    return requests.Bundle(name="bundle.zip", content=b"x", fingerprint="", told=[])


def test_whoever_lost_the_hospital_meanwhile_gets_a_sentence_and_no_file(
    export: Export, the: World, own_shelf: Path
) -> None:
    Membership.objects.filter(user=the.buyer).delete()
    with pytest.raises(PermissionDenied):
        make(job=claimed(export))
    assert files(own_shelf) == []


def test_a_cancelled_bundle_stops_between_decisions_and_leaves_nothing(export: Export, own_shelf: Path) -> None:
    job = claimed(export)
    jobs.cancel(job=job, by=job.requested_by)
    with pytest.raises(jobs.Cancelled):
        make(job=job)
    assert files(own_shelf) == []
    assert not Line.objects.filter(action="bundle.exported").exists()


def test_a_file_goes_after_a_day_and_is_not_given_in_between(export: Export, own_shelf: Path) -> None:
    make_bundle(export)
    export.refresh_from_db()
    assert shelf.find(export.file)
    shelf.clear()
    assert files(own_shelf) == [export.file]
    yesterday = time.time() - KEPT.total_seconds() - 60
    os.utime(own_shelf / export.file, (yesterday, yesterday))
    assert shelf.find(export.file) is None
    shelf.clear()
    assert files(own_shelf) == []


def test_more_than_a_hundred_decisions_are_asked_to_be_fewer(the: World, monkeypatch: pytest.MonkeyPatch) -> None:
    awarded(the, "2026-002")
    monkeypatch.setattr(requests, "MOST_DECISIONS", 1)
    with pytest.raises(Invalid, match="from 1 to 1 decisions"):
        request_export(decisions=Decision.objects.all(), kind="full", by=the.buyer)
    assert not Job.objects.exists()


def test_policy_officers_ask_for_no_bundle(the: World) -> None:
    officer = the.in_force.drafted_by
    with pytest.raises(PermissionDenied):
        request_export(decisions=Decision.objects.all(), kind="full", by=officer)
