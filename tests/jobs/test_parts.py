"""A job that several workers share: every part is done once and counted once, whoever does it and whoever dies."""

import logging
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from procurement.jobs import alive, mending, parts, services
from procurement.jobs.models import Job, Part, State
from procurement.people.models import User
from procurement.people.refusals import Refused
from tests.jobs import counting


@pytest.fixture(autouse=True)
def workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where processes of the test hold their files."""
    monkeypatch.setattr(services, "WORKERS", tmp_path / "workers")
    monkeypatch.setattr(alive, "_of_process", {})
    return tmp_path / "workers"


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return tmp_path / "trace"


@pytest.fixture
def job(requester: User, trace: Path) -> Job:
    return enqueue(requester, trace, [1, 2, 3])


def enqueue(by: User, trace: Path, numbers: list[int]) -> Job:
    arguments = {"numbers": numbers, "pause": 0, "trace": str(trace)}
    return services.enqueue(task=counting.SQUARES, arguments=arguments, by=by, provenance={})


def now(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def written(job: Job) -> Job:
    """The job held by a worker, its parts written and not begun."""
    held = services.claim(str(job.pk))
    assert held is not None
    parts._write(held, [{"number": number} for number in job.arguments["numbers"]])
    return held


def during(monkeypatch: pytest.MonkeyPatch, happening: Callable[[], object]) -> None:
    """Let something happen once, while the first part is computed."""
    remaining = [happening]
    monkeypatch.setattr(counting.time, "sleep", lambda _pause: remaining and remaining.pop()())


def test_one_worker_does_every_part_and_puts_them_together_in_their_order(job: Job, trace: Path) -> None:
    counting.squares(str(job.pk))
    found = now(job)
    assert (found.state, found.done, found.total) == (State.DONE, 3, 3)
    assert found.result == {"squares": [1, 4, 9]}
    assert not Part.objects.exists(), "what the parts found is in the result"
    assert len(trace.read_text().splitlines()) == 3


def test_a_helper_does_what_waits_and_the_holder_puts_it_together(job: Job, trace: Path) -> None:
    held = written(job)
    parts.help_with(job_id=str(job.pk))
    assert now(job).state == State.RUNNING, "a helper does not end somebody else's job"
    before = trace.read_text()
    results = parts.share(job=held, arguments=[{"number": n} for n in (1, 2, 3)], message="")
    assert results == [{"square": 1}, {"square": 4}, {"square": 9}]
    assert trace.read_text() == before, "nothing was done twice"


def test_a_helper_that_comes_late_does_nothing(job: Job, trace: Path) -> None:
    counting.squares(str(job.pk))
    before = trace.read_text()
    parts.help_with(job_id=str(job.pk))
    parts.help_with(job_id=str(uuid.uuid4()))
    assert trace.read_text() == before


def test_a_job_begun_again_keeps_the_parts_that_are_finished(job: Job, trace: Path) -> None:
    held = written(job)
    part = parts._take(held)
    assert part is not None
    parts._work(part, counting.square)
    Job.objects.update(state=State.QUEUED, claim=None)
    counting.squares(str(job.pk))
    assert now(job).result == {"squares": [1, 4, 9]}
    assert sorted(line.split()[0] for line in trace.read_text().splitlines()) == ["1", "2", "3"]


def test_parts_that_another_version_of_the_software_wrote_are_made_anew(job: Job) -> None:
    held = written(job)
    parts._write(held, [{"number": 4}])
    assert list(job.parts.values_list("arguments", flat=True)) == [{"number": 4}]


def test_whoever_lost_the_job_writes_no_parts(job: Job) -> None:
    held = services.claim(str(job.pk))
    assert held is not None
    Job.objects.update(claim=uuid.uuid4())
    with pytest.raises(services.Superseded):
        parts._write(held, [{"number": 1}])
    assert not Part.objects.exists()


def test_a_part_is_taken_once(job: Job) -> None:
    held = written(job)
    taken = [parts._take(held) for _ in range(4)]
    assert [part.number if part else None for part in taken] == [0, 1, 2, None]


def test_a_part_claimed_anew_cannot_be_written_by_the_worker_before(
    job: Job, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = written(job)
    part = parts._take(held)
    assert part is not None
    other = uuid.uuid4()
    during(monkeypatch, lambda: Part.objects.filter(pk=part.pk).update(claim=other))
    parts._work(part, counting.square)
    kept = Part.objects.get(pk=part.pk)
    assert (kept.claim, kept.result) == (other, None)
    assert "what it did was not kept" in caplog.text


def test_a_part_of_a_worker_that_ended_is_taken_by_the_next(job: Job, workers: Path) -> None:
    held = written(job)
    part = parts._take(held)
    assert part is not None
    (workers / "gone").touch()
    Part.objects.filter(pk=part.pk).update(worker="gone")
    assert parts.give_back(Part.objects.all()) == 1
    again = parts._take(held)
    assert again is not None
    assert (again.pk, Part.objects.get(pk=part.pk).attempts) == (part.pk, 2)


def test_a_part_of_a_living_worker_stays_with_it_unless_it_is_silent(job: Job) -> None:
    part = parts._take(written(job))
    assert part is not None
    assert parts.give_back(Part.objects.all()) == 0
    Part.objects.update(heartbeat_at=timezone.now() - services.SILENCE - timedelta(seconds=1))
    assert parts.give_back(Part.objects.all()) == 1


def test_a_sign_of_life_is_given_again_after_one_that_failed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(alive, "BEAT_EVERY_SECONDS", 0.001)
    again = threading.Event()

    def beat() -> None:
        if caplog.records:
            again.set()
        else:
            raise OperationalError("database is locked")

    with alive.beating(beat):
        assert again.wait(60)


def test_the_sweep_gives_back_parts_before_it_forgets_their_worker(job: Job, workers: Path) -> None:
    part = parts._take(written(job))
    assert part is not None
    (workers / "gone").touch()
    Part.objects.filter(pk=part.pk).update(worker="gone")
    assert mending.sweep() == 1
    assert not (workers / "gone").exists()
    assert Part.objects.get(pk=part.pk).claim is None


def test_a_part_that_ended_its_worker_three_times_fails_its_job(job: Job, workers: Path) -> None:
    held = written(job)
    for _attempt in range(services.MAX_ATTEMPTS):
        part = parts._take(held)
        assert part is not None
        (workers / "gone").touch()
        Part.objects.filter(pk=part.pk).update(worker="gone")
        parts.give_back(Part.objects.all())
    assert parts._take(held) is None, "nobody goes on with a job that fails"
    with pytest.raises(Refused, match="ended its worker three times"):
        parts.share(job=held, arguments=[{"number": n} for n in (1, 2, 3)], message="")


def test_a_part_that_cannot_be_done_fails_the_job_with_its_sentence(requester: User, trace: Path) -> None:
    job = enqueue(requester, trace, [1, -4, 3])
    counting.squares(str(job.pk))
    found = now(job)
    assert (found.state, found.error, found.result) == (State.FAILED, "There is no root of -4.", None)
    assert not Part.objects.exists()
    assert [line.split()[0] for line in trace.read_text().splitlines()] == ["1"], "the third part was not begun"


def test_a_part_that_fails_in_a_helper_fails_the_job_of_the_holder(requester: User, trace: Path) -> None:
    job = enqueue(requester, trace, [-4])
    held = written(job)
    parts.help_with(job_id=str(job.pk))
    with pytest.raises(Refused, match="no root of -4"):
        parts.share(job=held, arguments=[{"number": -4}], message="")


def test_cancelled_work_is_left_by_all(job: Job, trace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    during(monkeypatch, lambda: services.cancel(job=job, by=job.requested_by))
    counting.squares(str(job.pk))
    assert now(job).state == State.CANCELLED
    assert [line.split()[0] for line in trace.read_text().splitlines()] == ["1"]
    assert not Part.objects.exists()


def test_a_part_may_be_left_in_the_middle_once_the_work_is_cancelled(
    job: Job, trace: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stopped(_pause: float) -> None:
        services.cancel(job=job, by=job.requested_by)
        services.heed(job=job)

    monkeypatch.setattr(counting.time, "sleep", stopped)
    counting.squares(str(job.pk))
    assert (now(job).state, now(job).error) == (State.CANCELLED, "")
    assert not trace.exists()
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_results_that_were_not_put_together_are_there_for_the_next_worker(job: Job) -> None:
    held = written(job)
    parts.help_with(job_id=str(job.pk))
    with transaction.atomic():
        services.finish(job=held, result={})
        transaction.set_rollback(True)
    assert [part.result for part in job.parts.all()] == [{"square": 1}, {"square": 4}, {"square": 9}]


def test_a_helper_stops_at_its_next_part_once_the_work_is_cancelled(
    job: Job, trace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(job)
    during(monkeypatch, lambda: services.cancel(job=job, by=job.requested_by))
    parts.help_with(job_id=str(job.pk))
    assert len(trace.read_text().splitlines()) == 1


def test_a_holder_that_lost_the_job_ends_nothing(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    during(monkeypatch, lambda: Job.objects.update(state=State.QUEUED, claim=None, worker=""))
    counting.squares(str(job.pk))
    assert (now(job).state, now(job).result) == (State.QUEUED, None)


def test_no_job_is_done_while_a_part_is_missing(job: Job) -> None:
    held = written(job)
    with pytest.raises(RuntimeError, match="a part of it is missing"), transaction.atomic():
        services.finish(job=held, result={})
    assert now(job).state == State.RUNNING


def test_a_finished_part_has_a_result_and_a_number_of_its_own(job: Job) -> None:
    written(job)
    with pytest.raises(IntegrityError), transaction.atomic():
        Part.objects.update(finished_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Part.objects.create(job=job, number=0, arguments={})


def test_helpers_are_called_after_the_parts_are_written_and_one_worker_does_without(
    job: Job, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks, caplog: pytest.LogCaptureFixture
) -> None:
    called: list[str] = []

    def send(name: str, arguments: list[str]) -> None:
        called.append(name)
        raise OSError("away")

    monkeypatch.setattr(parts.current_app, "send_task", send)
    with django_capture_on_commit_callbacks(execute=True):
        counting.squares(str(job.pk))
    assert called == [parts.HELP]
    assert "is done by one worker" in caplog.text
    assert now(job).state == State.DONE
