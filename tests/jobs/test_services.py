"""The row of a job: every write names the claim it runs under."""

import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from procurement.jobs import alive, mending, services
from procurement.jobs.models import Job, State
from procurement.ledger.models import Line
from procurement.people.models import User
from tests.jobs import counting


@pytest.fixture(autouse=True)
def workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where processes of the test hold their files."""
    monkeypatch.setattr(services, "WORKERS", tmp_path)
    monkeypatch.setattr(alive, "_of_process", {})
    return tmp_path


@pytest.fixture
def job(requester: User) -> Job:
    return services.enqueue(task=counting.COUNT, arguments={"steps": 2}, by=requester, provenance={"data": "00"})


@pytest.fixture
def running(job: Job) -> Job:
    claimed = services.claim(str(job.pk))
    assert claimed is not None
    return claimed


def state(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def actions(job: Job) -> list[str]:
    return list(Line.objects.filter(object=f"jobs.Job:{job.pk}").values_list("action", flat=True))


def test_a_worker_is_woken_up_after_the_commit(requester: User, django_capture_on_commit_callbacks) -> None:
    with patch.object(counting.count, "delay") as delay:
        with django_capture_on_commit_callbacks(execute=True) as callbacks:
            job = services.enqueue(task=counting.COUNT, arguments={}, by=requester, provenance={})
            delay.assert_not_called()
        assert len(callbacks) == 1
        delay.assert_called_once_with(str(job.pk))


def test_no_worker_is_woken_up_when_the_transaction_fails(requester: User, django_capture_on_commit_callbacks) -> None:
    def enqueue_and_fail() -> None:
        with transaction.atomic():
            services.enqueue(task=counting.COUNT, arguments={}, by=requester, provenance={})
            raise ZeroDivisionError

    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(ZeroDivisionError):
        enqueue_and_fail()
    assert callbacks == []
    assert not Job.objects.exists()


def test_a_broker_that_is_away_loses_no_job(
    requester: User, django_capture_on_commit_callbacks, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        patch.object(counting.count, "delay", side_effect=OperationalError("away")),
        django_capture_on_commit_callbacks(execute=True),
    ):
        job = services.enqueue(task=counting.COUNT, arguments={}, by=requester, provenance={})
    assert state(job) == State.QUEUED
    assert "the sweep announces it again" in caplog.text


def test_a_job_is_claimed_once(job: Job) -> None:
    assert services.claim(str(job.pk)) is not None
    assert services.claim(str(job.pk)) is None


def test_progress_is_written_and_is_a_sign_of_life(running: Job) -> None:
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    services.progress(job=running, done=1, total=2, message="Counting")
    row = Job.objects.get()
    assert (row.done, row.total, row.message) == (1, 2, "Counting")
    assert row.heartbeat_at > timezone.now() - timedelta(minutes=1)


def test_a_run_that_lost_its_claim_can_neither_progress_nor_finish_nor_fail(running: Job) -> None:
    Job.objects.update(state=State.QUEUED, claim=None)
    second = services.claim(str(running.pk))
    assert second is not None
    with pytest.raises(services.Superseded):
        services.progress(job=running, done=1, total=2)
    with pytest.raises(services.Superseded), transaction.atomic():
        services.finish(job=running, result={})
    services.fail(job=running, error="Too late.")
    assert state(running) == State.RUNNING
    services.finish(job=second, result={"counted": 2})
    assert actions(running) == ["job.enqueued", "job.done"]


def test_results_written_by_a_run_that_lost_its_claim_are_rolled_back(running: Job, requester: User) -> None:
    Job.objects.update(claim=None, state=State.QUEUED)

    def write_results() -> None:
        with transaction.atomic():
            User.objects.filter(pk=requester.pk).update(last_name="written by the run")
            services.finish(job=running, result={})

    with pytest.raises(services.Superseded):
        write_results()
    requester.refresh_from_db()
    assert requester.last_name == ""


def test_finishing_outside_the_transaction_of_the_results_is_refused(running: Job) -> None:
    outside = patch.object(transaction.get_connection(), "in_atomic_block", False)
    with outside, pytest.raises(RuntimeError, match="inside the transaction"):
        services.finish(job=running, result={})


def test_a_waiting_job_is_cancelled_at_once(job: Job, requester: User) -> None:
    services.cancel(job=job, by=requester)
    assert state(job) == State.CANCELLED
    assert services.claim(str(job.pk)) is None
    assert actions(job) == ["job.enqueued", "job.cancelled"]


def test_a_running_job_is_stopped_at_once_and_its_worker_writes_nothing_more(running: Job, requester: User) -> None:
    services.cancel(job=running, by=requester)
    services.cancel(job=running, by=requester)
    assert state(running) == State.CANCELLED
    for write in (services.heed, partial(services.progress, done=1, total=2), partial(services.finish, result={})):
        with pytest.raises(services.Cancelled), transaction.atomic():
            write(job=running)
    services.fail(job=running, error="Too late.")
    assert state(running) == State.CANCELLED
    assert actions(running) == ["job.enqueued", "job.cancelled"]


def test_a_running_job_may_go_on(running: Job) -> None:
    services.heed(job=running)


def test_an_ended_job_cannot_be_cancelled(running: Job, requester: User) -> None:
    services.finish(job=running, result={})
    services.cancel(job=running, by=requester)
    assert state(running) == State.DONE


def test_nobody_cancels_the_job_of_another(job: Job, somebody_else: User) -> None:
    with pytest.raises(PermissionDenied):
        services.cancel(job=job, by=somebody_else)
    assert state(job) == State.QUEUED


def test_the_sweep_leaves_a_living_run_alone(running: Job) -> None:
    assert mending.sweep() == 0
    assert state(running) == State.RUNNING


def test_the_sweep_takes_a_silent_run_from_its_worker(running: Job) -> None:
    Job.objects.update(heartbeat_at=timezone.now() - services.SILENCE - timedelta(seconds=1))
    assert mending.sweep() == 1
    assert state(running) == State.QUEUED
    assert actions(running) == ["job.enqueued", "job.requeued"]
    assert Line.objects.get(action="job.requeued").actor == "system"


def test_the_sweep_takes_a_run_whose_process_has_ended(running: Job, workers: Path) -> None:
    (workers / "a-process-that-ended").touch()
    Job.objects.update(worker="a-process-that-ended")
    assert mending.sweep() == 1
    assert state(running) == State.QUEUED
    assert not (workers / "a-process-that-ended").exists()


def test_a_job_that_ends_its_worker_three_times_is_given_up(running: Job) -> None:
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1), attempts=services.MAX_ATTEMPTS)
    mending.sweep()
    assert Job.objects.get().state == State.FAILED
    assert Job.objects.get().error == "The work ended its worker three times and was given up."


def test_a_job_nobody_heard_of_is_announced_again(job: Job, django_capture_on_commit_callbacks) -> None:
    Job.objects.update(woken_at=timezone.now() - timedelta(hours=1))
    with patch.object(counting.count, "delay") as delay, django_capture_on_commit_callbacks(execute=True):
        assert mending.sweep() == 1
    delay.assert_called_once_with(str(job.pk))
    assert mending.sweep() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "asleep"},
        {"done": 3, "total": 2},
        {"state": State.RUNNING},
        {"state": State.DONE},
        {"finished_at": timezone.now()},
        {"state": State.FAILED, "finished_at": timezone.now()},
    ],
)
def test_the_database_refuses_a_row_that_makes_no_sense(job: Job, fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**fields)


def test_work_that_asks_often_looks_at_its_row_now_and_then(running: Job, requester: User) -> None:
    wanted = services.heeding(job=running)
    wanted()
    services.cancel(job=running, by=requester)
    wanted()
    with (
        patch("time.monotonic", return_value=time.monotonic() + services.HEED_SECONDS),
        pytest.raises(services.Cancelled),
    ):
        wanted()
