"""A real worker, in both shapes: killed with `kill -9` during a job, it leaves a job that ends once and only once."""

import os
import signal
from pathlib import Path

import pytest

from tests.jobs.room import Room

pytestmark = pytest.mark.worker


def test_a_job_is_done_by_a_worker(room: Room) -> None:
    pk = room.enqueue(steps=3, pause=0)
    room.start_worker()
    job = room.wait_for(pk, lambda job: job["state"] == "done")
    assert job == {"state": "done", "done": 3, "total": 3, "attempts": 1, "result": {"counted": 3}, "error": ""}
    assert room.actions(pk) == ["job.enqueued", "job.done"]


def test_a_job_whose_worker_was_killed_is_done_once_by_the_next(room: Room) -> None:
    pk = room.enqueue(steps=40, pause=0.1)
    first = room.start_worker()
    room.wait_for(pk, lambda job: job["state"] == "running" and job["done"] > 0)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert room.job(pk)["state"] == "running", "nobody could say that the worker had gone"
    room.start_worker()
    job = room.wait_for(pk, lambda job: job["state"] == "done")
    assert job["attempts"] == 2
    assert room.actions(pk) == ["job.enqueued", "job.requeued", "job.done"]
    assert room.trace.read_text() == "finished\n"


def test_no_part_of_a_worker_can_end_without_it(room: Room) -> None:
    pk = room.enqueue(steps=1, pause=0)
    worker = room.start_worker()
    room.wait_for(pk, lambda job: job["state"] == "done")
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children")
    if not children.exists():
        pytest.skip("this system does not list the children of a process")
    assert children.read_text() == ""


def test_a_running_job_stops_when_its_requester_cancels_it(room: Room) -> None:
    pk = room.enqueue(steps=600, pause=0.1)
    room.start_worker()
    room.wait_for(pk, lambda job: job["state"] == "running")
    room.ask(f"job = Job.objects.get(pk='{pk}'); answer = services.cancel(job=job, by=job.requested_by)")
    job = room.wait_for(pk, lambda job: job["state"] == "cancelled")
    assert job["result"] is None
    assert room.actions(pk) == ["job.enqueued", "job.cancelled"]
    assert not room.trace.exists()
