"""A sweep by real workers, on both brokers: the same bytes for one, two and four, and after `kill -9` of either."""

import os
import signal
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from bin import serve
from tests.jobs.room import Room

pytestmark = pytest.mark.worker

LOTS = 1_000
SLOWLY = "tests.simulation.dawdling"
ASK = """
from django.db import transaction
from procurement.people.models import User
from procurement.people.roles import Role
from procurement.policies.models import PolicyVersion
from procurement.simulation.models import ArchiveSnapshot, Sweep
from procurement.simulation.services import request_sweep
from tests.factories import UserFactory
from tests.simulation import invented
with transaction.atomic():
    officer = User.objects.filter(role=Role.POLICY_OFFICER, username="officer").first()
    officer = officer or UserFactory(role=Role.POLICY_OFFICER, username="officer", language="en")
    snapshot = ArchiveSnapshot.objects.first() or invented.snapshot({lots})
    policy = PolicyVersion.objects.first() or invented.policy()
    Sweep.objects.update(question_sha256="")
    axes = [
        invented.axis(invented.EUROPEAN, *(str(value / 4) for value in range(40))),
        invented.axis(invented.GREEN, *map(str, range(20))),
    ]
    asked = request_sweep(snapshot=snapshot, policy_version=policy, axes=axes, by=officer)
answer = str(asked.job_id)
"""
ANSWER = """
from procurement.simulation.models import Sweep
answer = Sweep.objects.values_list("result_sha256", flat=True).get(job="{job}")
"""
SESSION = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from procurement.people.models import User
officer = User.objects.get(username="officer")
store = import_module(settings.SESSION_ENGINE).SessionStore()
store[SESSION_KEY] = str(officer.pk)
store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
store[HASH_SESSION_KEY] = officer.get_session_auth_hash()
store.save()
answer = store.session_key
"""
ADDRESSES = """
from django.urls import reverse
from procurement.simulation.models import Sweep
answered = Sweep.objects.filter(result__isnull=False).first()
answer = [reverse("simulation:sweeps"), reverse("simulation:new_sweep"), answered.get_absolute_url()]
"""
PARTS = """
from procurement.jobs.models import Part
answer = list(Part.objects.filter(job="{job}").order_by("number").values("arguments", "finished_at"))
"""


def ask(room: Room) -> str:
    job: str = room.ask(ASK.format(lots=LOTS))
    return job


def answered(room: Room, job: str) -> str:
    """The hash of the answer, once the job is done."""
    found = room.wait_for(job, lambda row: row["state"] not in ("queued", "running"))
    assert (found["state"], found["error"]) == ("done", "")
    answer: str = room.ask(ANSWER.format(job=job))
    return answer


def parts(room: Room, job: str) -> list[dict[str, Any]]:
    """The rows of the parts of a job; none once it has ended."""
    found: list[dict[str, Any]] = room.ask(PARTS.format(job=job))
    return found


def times_done(room: Room, job: str) -> Counter[str]:
    """By the arguments of a part, how often a slow worker has done it."""
    lines = (Path(room.environment["BAREME_VAR"]) / "parts").read_text().splitlines()
    return Counter(line.removeprefix(f"{job} ") for line in lines if line.startswith(job))


def told(part: dict[str, Any]) -> str:
    """The arguments of a part, as a slow worker notes them."""
    return str(sorted(part["arguments"].items()))


def kill(worker: subprocess.Popen[bytes]) -> None:
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


@pytest.fixture(scope="module")
def expected(installation: Room) -> str:
    """The hash of the answer that a single worker gives."""
    job = ask(installation)
    installation.start_worker()
    found = answered(installation, job)
    installation.stop_workers()
    return found


@pytest.mark.parametrize("workers", [2, 4])
def test_workers_share_a_sweep_and_give_the_bytes_of_one(room: Room, expected: str, workers: int) -> None:
    shared = ask(room)
    for _worker in range(workers):
        room.start_worker(SLOWLY)
    assert answered(room, shared) == expected
    done = times_done(room, shared)
    assert len(done) > 10
    assert set(done.values()) == {1}
    assert parts(room, shared) == []


def test_a_sweep_whose_holder_was_killed_is_finished_by_the_other_without_doing_a_part_twice(
    room: Room, expected: str
) -> None:
    job = ask(room)
    holder = room.start_worker(SLOWLY)
    room.wait_for(job, lambda row: row["state"] == "running" and row["done"] > 1)
    room.start_worker(SLOWLY)
    kill(holder)
    before = parts(room, job)
    finished = {told(part) for part in before if part["finished_at"]}
    assert 0 < len(finished) < len(before), "the sweep had ended before its worker was killed"
    assert answered(room, job) == expected
    done = times_done(room, job)
    assert set(done) == {told(part) for part in before}
    assert {done[part] for part in finished} == {1}
    assert room.actions(job) == ["job.enqueued", "job.requeued", "job.done"]


def test_a_sweep_goes_on_when_a_helper_is_killed(room: Room, expected: str) -> None:
    helper = room.start_worker(SLOWLY)
    room.start_worker(SLOWLY)
    job = ask(room)
    row = room.wait_for(job, lambda row: row["state"] == "running" and row["done"] > 1)
    assert row["attempts"] == 1
    kill(helper)
    assert answered(room, job) == expected


def test_a_sweep_that_is_cancelled_stops_everywhere_and_keeps_nothing(room: Room) -> None:
    for _worker in range(2):
        room.start_worker(SLOWLY)
    job = ask(room)
    room.wait_for(job, lambda row: row["state"] == "running" and row["done"] > 0)
    asked = len(parts(room, job))
    room.ask(f"job = Job.objects.get(pk='{job}'); answer = services.cancel(job=job, by=job.requested_by)")
    assert room.job(job)["state"] == "cancelled"
    room.stop_workers()
    assert 0 < times_done(room, job).total() < asked
    assert room.ask(ANSWER.format(job=job)) == ""
    assert parts(room, job) == []
    assert room.actions(job) == ["job.enqueued", "job.cancelled"]


@pytest.mark.usefixtures("expected")
def test_the_pages_of_a_simulation_are_served_without_compiled_kernels(room: Room) -> None:
    session = room.ask(SESSION)
    port = serve.free_port(None)
    (web,) = serve.start({"web": serve.web_command(port)}, room.environment)
    try:
        assert serve.wait_until_it_answers(port, [web])
        for _page in range(8):  # two processes answer
            for address in room.ask(ADDRESSES):
                request = Request(f"http://{serve.HOST}:{port}{address}", headers={"Cookie": f"sessionid={session}"})
                with urlopen(request, timeout=60) as answer:
                    assert (answer.status, answer.url) == (200, request.full_url)
        served = [Path(f"/proc/{pid}/maps").read_text() for pid in children(web.process.pid)]
    finally:
        serve.stop([web])
    assert len(served) == 2
    assert not [maps for maps in served if "llvmlite" in maps]


def children(pid: int) -> list[int]:
    """The processes of a server that answer."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    if not found.exists():
        pytest.skip("this system does not list the children of a process")
    return [int(child) for child in found.read_text().split()]
