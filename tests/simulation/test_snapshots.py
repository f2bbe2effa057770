"""Snapshots: made whole or not at all, the same lots the same file, no name of a supplier, no open procedure."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone, translation

from procurement.evaluation import services as evaluation
from procurement.evaluation.models import Decision, Mark, ScoreSheet
from procurement.jobs import services as jobs
from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.people.roles import Role
from procurement.policies.models import PolicyVersion
from procurement.simulation.models import ArchiveSnapshot
from procurement.simulation.services import keep_snapshot, request_snapshot, snapshots
from procurement.simulation.sources import SOURCES
from procurement.simulation.sources.content import row_of
from procurement.simulation.tasks import make_snapshot as task
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot, Stage, Tender
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.sweep import Study
from tests.evaluation.conftest import (
    NOW,
    OFFERS,
    REASON,
    award,
    buyer,
    enter,
    hospital,
    lot,
    policy,
    sheet,
    standing_lot,
)
from tests.factories import UserFactory
from tests.simulation.test_pages import keep
from tests.tenders import documents

__all__ = ["award", "buyer", "hospital", "lot", "policy", "sheet", "standing_lot"]  # fixtures

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
PLAIN: dict[str, Any] = {"schema": "bareme-policy/1", "id": "p", "version": 1, "title": "P", "status": "proposed"}
NOTHING = {
    **PLAIN, "content_basis": "ucc_origin", "areas": {"EEA": ["DE", "FR"]}, "european_area": "EEA", "indicators": [],
    "measures": [], "bonus_cap": None, "cashback": None,
}  # fmt: skip


@pytest.fixture(autouse=True)
def archives(settings: Any, tmp_path: Path) -> Path:
    settings.ARCHIVES = tmp_path / "archives"
    return settings.ARCHIVES


@pytest.fixture
def officer(db: None) -> User:
    return UserFactory(role=Role.POLICY_OFFICER)


@pytest.fixture
def long_ago(award: Callable[..., Decision]) -> Decision:
    """The award, its standstill over."""
    return award(at=noon(days_ago=17))


def noon(*, days_ago: int) -> datetime:
    return datetime.now(PARIS).replace(hour=12) - timedelta(days=days_ago)


def made(source: str, by: User | None = None) -> ArchiveSnapshot:
    content = SOURCES[source].content()
    return keep_snapshot(rows=content.rows, provenance=content.provenance, source=source, by=by)


def opened(snapshot: ArchiveSnapshot) -> Snapshot:
    return Snapshot.read(snapshot.path, sha256=snapshot.sha256)


def test_a_snapshot_is_a_file_under_its_hash_and_a_row_that_says_what_is_in_it(officer: User) -> None:
    keep(3)
    snapshot = made("worldbank", officer)
    assert len(opened(snapshot)) == snapshot.lots == 3
    assert (snapshot.bids, snapshot.currencies, snapshot.countries) == (9, ["EUR"], ["FR"])
    assert snapshot.provenance["origin_of"] == "bidders"
    assert (snapshot.first_award, snapshot.made_by) == (None, officer)
    assert Line.objects.get(action="archive.snapshot_made").after == snapshot.sha256


def test_the_same_lots_make_the_same_file_and_row_and_a_lost_file_is_written_again(archives: Path) -> None:
    keep(3)
    first = made("worldbank")
    first.path.unlink()
    assert made("worldbank") == first
    assert [file.name for file in archives.iterdir()] == [f"{first.sha256}.parquet"]
    assert Line.objects.filter(action="archive.snapshot_made").count() == 1


def test_a_longer_archive_is_another_snapshot_and_the_earlier_one_stays() -> None:
    keep(2)
    first = made("worldbank")
    keep(3, "c" * 64)
    assert made("worldbank") != first
    assert len(opened(first)) == 2


def test_rows_that_end_early_leave_no_file_and_no_row(archives: Path) -> None:
    keep(2)
    content = SOURCES["worldbank"].content()

    def broken():
        yield from content.rows
        raise OSError("The disk is gone.")

    with pytest.raises(OSError, match="disk"):
        keep_snapshot(rows=broken(), provenance=content.provenance, source="worldbank", by=None)
    assert list(archives.iterdir()) == []
    assert not ArchiveSnapshot.objects.exists()


@pytest.mark.parametrize(
    ("source", "sentence"), [("worldbank", "Nothing of World Bank was imported"), ("portal", "No lot of this portal")]
)
def test_a_source_without_a_lot_makes_no_snapshot(source: str, sentence: str, officer: User, archives: Path) -> None:
    with pytest.raises(Refused, match=sentence):
        request_snapshot(source=source, by=officer)
    with pytest.raises(CommandError, match=sentence):
        call_command("make_snapshot", source)
    assert not archives.exists()


def test_a_snapshot_is_asked_for_by_policy_staff_of_a_source_there_is(officer: User, buyer: User) -> None:
    keep(1)
    with pytest.raises(Invalid, match="worldbank, tsuchiura, portal"):
        request_snapshot(source="decp", by=officer)
    with pytest.raises(PermissionDenied):
        request_snapshot(source="worldbank", by=buyer)
    with pytest.raises(PermissionDenied):
        made("worldbank", buyer)


def test_a_worker_makes_the_snapshot_that_was_asked_for(officer: User) -> None:
    keep(2)
    job = request_snapshot(source="worldbank", by=officer)
    task(str(job.pk))
    job.refresh_from_db()
    assert job.state == "done", job.error
    assert ArchiveSnapshot.objects.get(pk=job.result["simulation.ArchiveSnapshot"]).made_by == officer


def test_a_snapshot_is_left_between_two_lots_and_leaves_nothing(
    officer: User, archives: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(3)
    job = request_snapshot(source="worldbank", by=officer)

    def progress(*, done: int, **more: Any) -> None:
        if done == 2:
            jobs.cancel(job=job, by=officer)
        on_the_way(done=done, **more)

    on_the_way = jobs.progress
    monkeypatch.setattr(jobs, "progress", progress)
    monkeypatch.setattr(snapshots, "STEP", 1)
    task(str(job.pk))
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert not ArchiveSnapshot.objects.exists()
    assert list(archives.iterdir()) == []


def test_a_case_with_a_price_no_archive_takes_is_named(officer: User) -> None:
    document = {
        "schema": "bareme-case/1",
        "tender": {"id": "c", "currency": "EUR"},
        "criteria": [{"id": "price", "kind": "price", "weight": "100", "formula": "lowest_ratio"}],
        "bids": [{"id": "a", "supplier": {"name": "A"}, "status": "admissible", "price": "1" + "0" * 16}],
        "policy": None,
    }
    with pytest.raises(Refused, match="The lot c7 has a price of"):
        row_of(document, id="c7", buyer="b", country="", awarded_on=None, pseudonym=str)
    with pytest.raises(Refused, match=r"The case of c7 cannot be read: .* No snapshot was made\."):
        row_of({**document, "bids": 3}, id="c7", buyer="b", country="", awarded_on=None, pseudonym=str)
    with translation.override("fr"), pytest.raises(Refused, match="Le lot c7 a un prix de"):
        row_of(document, id="c7", buyer="b", country="", awarded_on=None, pseudonym=str)


def test_a_closed_lot_is_replayed_to_the_ranking_of_its_sheet(long_ago: Decision) -> None:
    snapshot = made("portal")
    assert snapshot.first_award == snapshot.last_award
    study = Study(opened(snapshot), NOTHING)
    assert (study.baseline.reproduced, study.baseline.lots) == (1, 1)
    (row,) = opened(snapshot).rows(0)
    assert (row["id"], row["hospital"], row["country"]) == ("000000001:2026-014/1", "CHU Nantes", "FR")
    assert '"environment-2026"' in row["policy"]
    ranks = {entry["bid"]: entry["rank"] for entry in long_ago.sheet.sheet["ranking"]}
    assert [bid["rank"] for bid in row["bids"]] == [ranks[bid["id"]] for bid in long_ago.sheet.case["bids"]]


def test_a_ranking_that_the_rules_do_not_give_is_found_by_the_replay(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    backwards = [{**row, "rank": len(OFFERS) + 1 - row["rank"]} for row in sheet.sheet["ranking"]]
    fields = {field.name: getattr(sheet, field.name) for field in ScoreSheet._meta.fields}
    document = {**sheet.sheet, "ranking": backwards}
    other = ScoreSheet.objects.create(**{**fields, "id": None, "number": 2, "sheet": document})
    record = {"outcome": "awarded", "reason": REASON, "decided_by": buyer, "decided_at": noon(days_ago=17)}
    Decision.objects.create(lot=lot, bid=lot.bids.first(), sheet=other, **record)
    Tender.objects.update(stage=Stage.AWARDED)
    Lot.objects.update(stage=Stage.AWARDED)
    baseline = Study(opened(made("portal")), NOTHING).baseline
    assert baseline.different == ("000000001:2026-014/1",)


def test_no_name_and_no_key_of_a_tenderer_is_in_the_file_and_nobody_without_the_secret_finds_one(
    long_ago: Decision, settings: Any
) -> None:
    snapshot = made("portal")
    content = snapshot.path.read_bytes()
    for key, name, *_ in OFFERS:
        assert name.encode() not in content
        assert key.encode() not in content
    settings.SECRET_KEY = "another secret key of another portal, long enough for Django"
    assert made("portal").sha256 != snapshot.sha256


@pytest.mark.parametrize(("days_ago", "any_closed"), [(16, False), (17, True)])
def test_an_award_is_closed_once_the_longer_standstill_is_over(
    award: Callable[..., Decision], days_ago: int, any_closed: bool
) -> None:
    award(at=noon(days_ago=days_ago))
    assert SOURCES["portal"].any() is any_closed


def test_letters_that_left_later_put_the_end_of_the_standstill_off(award: Callable[..., Decision], buyer: User) -> None:
    lot = award(at=noon(days_ago=40)).lot
    for days_ago, any_closed in ((10, False), (11, True)):
        sent = noon(days_ago=days_ago)
        given = {"way": "electronic", "sent_on": timezone.localdate(sent), "reason": "Again."}
        with transaction.atomic():
            evaluation.record_letters(lot=lot, **given, by=buyer, at=sent)
            assert SOURCES["portal"].any() is any_closed
            transaction.set_rollback(True)


def test_an_awarded_lot_waits_for_the_other_lots_of_its_procedure(buyer: User, policy: PolicyVersion) -> None:
    named = {"policy": {"id": "environment-2026", "version": 1}}
    tender = tenders.draft_tender(
        document=documents.tender(lots=[documents.lot(**named), documents.lot(**named)]),
        by=buyer,
        at=NOW,
    )
    tenders.publish(tender=tender, by=buyer, at=NOW)
    tenders.open_bids(tender=tender, by=buyer, at=NOW)
    first, second = tender.lots.order_by("number")
    enter(first, OFFERS, buyer)
    sheet = evaluation.score(lot=first, by=buyer, at=NOW)
    winner = first.bids.get(key=sheet.sheet["winner"])
    evaluation.award(lot=first, bid=winner, sheet=sheet, reason=REASON, by=buyer, at=noon(days_ago=100))
    assert not SOURCES["portal"].any()
    evaluation.end(lot=second, outcome="without_follow_up", reason=REASON, by=buyer, at=noon(days_ago=99))
    assert made("portal").lots == 1


def test_a_training_copy_is_never_in_a_snapshot(long_ago: Decision, buyer: User) -> None:
    copy = tenders.copy_for_training(tender=long_ago.lot.tender, by=buyer, at=NOW).lots.get()
    Lot.objects.filter(pk=copy.pk).update(stage=Stage.AWARDED)
    Tender.objects.filter(pk=copy.tender_id).update(stage=Stage.AWARDED)
    Decision.objects.create(
        lot=copy,
        outcome="awarded",
        bid=copy.bids.first(),
        sheet=long_ago.sheet,
        reason=REASON,
        decided_by=buyer,
        decided_at=noon(days_ago=50),
    )
    assert made("portal").lots == 1


def test_a_lot_that_ended_without_an_award_keeps_its_bids_to_itself(lot: Lot, buyer: User) -> None:
    evaluation.end(lot=lot, outcome="without_follow_up", reason=REASON, by=buyer, at=noon(days_ago=100))
    assert not SOURCES["portal"].any()


@pytest.mark.parametrize(("simulated", "said"), [(False, ("real", "real")), (True, ("simulated", "simulated"))])
def test_one_simulated_mark_makes_the_archive_simulated(
    long_ago: Decision, simulated: bool, said: tuple[str, str]
) -> None:
    Mark.objects.filter(pk=Mark.objects.first().pk).update(simulated=simulated)
    provenance = made("portal").provenance
    assert (provenance["marks"], provenance["weights"]) == said
    assert provenance["origin_of"] == "goods"
