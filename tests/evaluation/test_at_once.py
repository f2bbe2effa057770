"""Two people do two things at once on PostgreSQL: both are done, or one is refused in words; nobody waits for ever.

`lingering` keeps a transaction open long enough for the other one to meet it.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import translation

from procurement.cashback import services as cashback
from procurement.evaluation import services
from procurement.evaluation.models import Decision
from procurement.evaluation.services import decisions
from procurement.jobs import services as jobs
from procurement.people.models import Hospital, User
from procurement.people.refusals import Refused
from procurement.people.roles import Role
from procurement.policies import services as policies
from procurement.policies.models import PolicyVersion
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot, Stage
from procurement.tenders.rules import rules_of
from procurement.tenders.services import drafting, life
from tests.cashback.conftest import approved as approved_scheme
from tests.cashback.conftest import policy_document
from tests.evaluation.conftest import LATER, NOW, REASON, marked_lot, published_lot
from tests.factories import UserFactory
from tests.tenders import documents

pytestmark = pytest.mark.django_db(transaction=True)
Call = Callable[[], object]
LINGER_SECONDS = 0.5


@pytest.fixture(autouse=True)
def server() -> Iterator[None]:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite writers queue at the start of a transaction: nothing happens at once")
    return


@pytest.fixture
def lot(buyer: User) -> Lot:
    """Each test commits a lot of its own."""
    return marked_lot(buyer)


def at_once(*calls: Call) -> list[str]:
    """What came of each call, done in a thread and a transaction of its own: "done", or the refusal."""

    def answer(call: Call) -> str:
        with translation.override("en"):
            try:
                call()
            except Refused as refused:
                return refused.sentence
            finally:
                connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(answer, calls))


@pytest.fixture
def lingering(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], None]:
    """Let a function of a module wait a little after it has done its work."""

    def linger(module: Any, name: str) -> None:
        function = getattr(module, name)

        def slowly(*args: Any, **options: Any) -> Any:
            result = function(*args, **options)
            time.sleep(LINGER_SECONDS)
            return result

        monkeypatch.setattr(module, name, slowly)

    return linger


def test_a_lot_is_awarded_once(award: Callable[..., Decision]) -> None:
    answers = at_once(award, award, award)
    assert answers.count("done") == 1
    assert Decision.objects.count() == 1


def test_opening_the_bids_and_ending_a_lot_do_not_wait_for_each_other(
    buyer: User, lingering: Callable[[Any, str], None]
) -> None:
    tender = tenders.draft_tender(document=documents.tender(), by=buyer, at=NOW)
    tenders.publish(tender=tender, by=buyer, at=NOW)
    lot = tender.lots.get()
    lingering(life, "_move")
    lingering(decisions, "require_under_evaluation")
    lingering(decisions, "_require_real")

    answers = at_once(
        lambda: tenders.open_bids(tender=tender, by=buyer, at=NOW),
        lambda: services.end(lot=lot, outcome="without_follow_up", reason=REASON, by=buyer, at=LATER),
    )

    assert "done" in answers
    lot.refresh_from_db()
    assert lot.stage == Stage.WITHOUT_FOLLOW_UP


def test_what_is_published_is_what_stands_in_the_draft(buyer: User, lingering: Callable[[Any, str], None]) -> None:
    tender = tenders.draft_tender(document=documents.tender(), by=buyer, at=NOW)
    lot = tender.lots.get()
    lingering(drafting, "_write_lot")
    other = documents.lot(title="Other masks", tie_break=["lower_price"])

    at_once(
        lambda: tenders.change_lot(lot=lot, document=other, by=buyer, at=NOW),
        lambda: tenders.publish(tender=tender, by=buyer, at=NOW),
    )

    kept = Lot.objects.for_rules().get()
    assert kept.rules == rules_of(kept)


def test_an_estimate_is_finished_or_cancelled(
    hospital: Hospital, buyer: User, lingering: Callable[[Any, str], None]
) -> None:
    version = approved_scheme(policy_document())
    asked = cashback.request_estimate(hospital=hospital, year=2026, policy_version=version, by=buyer)
    job = jobs.claim(str(asked.job_id))
    assert job is not None
    lingering(cashback.ledger, "record")

    def cancel() -> None:
        time.sleep(LINGER_SECONDS / 2)
        jobs.cancel(job=job, by=buyer)

    answers = at_once(lambda: cashback.estimate(job=job), cancel)

    assert answers == ["done", "done"]
    asked.refresh_from_db()
    job.refresh_from_db()
    assert (job.state, bool(asked.result)) == ("done", True)


def test_a_policy_drafted_by_two_people_under_one_name_is_drafted_once(db: None) -> None:
    officers = UserFactory.create_batch(2, role=Role.POLICY_OFFICER)
    document = {**policy_document(), "id": "same", "title": "Same", "version": 1}

    def draft(by: User) -> Call:
        given = {"identifier": "same", "title": "Same", "kind": "preference", "document": document, "note": ""}
        return lambda: policies.draft_version(**given, by=by, at=NOW)

    answers = at_once(*(draft(officer) for officer in officers))

    assert answers.count("done") == 1
    assert PolicyVersion.objects.count() == 1


def test_bids_are_scored_by_several_people_into_sheets_of_their_own(lot: Lot, buyer: User) -> None:
    answers = at_once(*[lambda: services.score(lot=lot, by=buyer, at=NOW)] * 4)
    assert answers == ["done"] * 4
    assert list(lot.sheets.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_a_published_lot_is_not_left_between_two_stages(buyer: User) -> None:
    lot = published_lot(buyer, reference="2026-016")
    answers = at_once(*[lambda: tenders.open_bids(tender=lot.tender, by=buyer, at=NOW)] * 2)
    assert "done" not in answers
