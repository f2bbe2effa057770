"""An estimate in a real worker, in both shapes: killed with `kill -9` between two lots, it is finished once."""

import os
import signal

import pytest

from tests.jobs.room import Room

pytestmark = pytest.mark.worker

LOTS = 300
ASK = f"""
from django.db import transaction
from tests.cashback import conftest
from tests.factories import HospitalFactory, MembershipFactory
from procurement.cashback.services import request_estimate
with transaction.atomic():
    hospital = HospitalFactory()
    buyer = MembershipFactory(hospital=hospital).user
    for _ in range({LOTS}):
        conftest.award({{"pump": {{hospital: "100"}}}}, unit_prices={{"pump": "300"}}, by=buyer)
    policy = conftest.approved(conftest.policy_document())
answer = str(request_estimate(hospital=hospital, year=2026, policy_version=policy, by=buyer).job_id)
"""


def test_an_estimate_whose_worker_was_killed_is_finished_once_by_the_next(room: Room) -> None:
    pk = room.ask(ASK)
    first = room.start_worker()
    room.wait_for(pk, lambda job: job["state"] == "running" and job["done"] > 0)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert room.job(pk)["state"] == "running", "the estimate was finished before the worker could be killed"
    room.start_worker()
    job = room.wait_for(pk, lambda job: job["state"] == "done")
    assert (job["attempts"], job["done"], job["total"]) == (2, LOTS, LOTS)
    estimate = job["result"]["cashback.Estimate"]
    totals = room.ask(
        "from procurement.cashback.models import Estimate\n"
        f"answer = Estimate.objects.get(pk={estimate}).result['totals']"
    )
    assert totals["amount"] == f"{540 * LOTS}.00"
    finished = room.ask(
        f"answer = Line.objects.filter(object='cashback.Estimate:{estimate}', action__endswith='.finished').count()"
    )
    assert finished == 1
