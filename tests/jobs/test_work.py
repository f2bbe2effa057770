"""However the work ends, its job ends too, with a sentence for the requester and nothing of the inside."""

from pathlib import Path

import pytest

from procurement.jobs import services
from procurement.jobs.models import Job, State
from procurement.people.models import User
from tests.jobs import counting


def enqueue(task: str, by: User, **arguments: object) -> Job:
    return services.enqueue(task=task, arguments=arguments, by=by, provenance={})


def test_work_that_finishes_ends_its_job_well(requester: User, tmp_path: Path) -> None:
    job = enqueue(counting.COUNT, requester, steps=3, pause=0, trace=str(tmp_path / "trace"))
    counting.count(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.result) == (State.DONE, 3, 3, {"counted": 3})


def test_a_second_message_of_the_same_job_does_nothing(requester: User, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    job = enqueue(counting.COUNT, requester, steps=1, pause=0, trace=str(trace))
    counting.count(str(job.pk))
    counting.count(str(job.pk))
    assert trace.read_text() == "finished\n"


@pytest.mark.parametrize(
    ("task", "sentence"),
    [
        (counting.refuse, "The envelope of 2025 is closed."),
        (counting.break_down, "An unexpected error stopped the work; the administrator finds it in the log."),
        (counting.forget, "An unexpected error stopped the work; the administrator finds it in the log."),
    ],
)
def test_work_that_cannot_finish_says_why(requester: User, task, sentence: str) -> None:
    job = enqueue(task.name, requester)
    task(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.error) == (State.FAILED, sentence)


def test_cancelled_work_is_left_at_its_next_step(
    requester: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = enqueue(counting.COUNT, requester, steps=5, pause=0, trace=str(tmp_path / "trace"))
    monkeypatch.setattr(counting.time, "sleep", lambda _pause: services.cancel(job=job, by=requester))
    counting.count(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.done) == (State.CANCELLED, 0)
    assert not (tmp_path / "trace").exists()


def test_work_that_lost_its_claim_keeps_nothing(
    requester: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = enqueue(counting.COUNT, requester, steps=5, pause=0, trace=str(tmp_path / "trace"))
    monkeypatch.setattr(
        counting.time, "sleep", lambda _pause: Job.objects.update(state=State.QUEUED, claim=None, worker="")
    )
    counting.count(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result) == (State.QUEUED, None)


def test_the_task_is_known_by_its_dotted_name_and_its_title(requester: User) -> None:
    assert counting.count.name == counting.COUNT
    assert enqueue(counting.COUNT, requester).title == "Counting"
