"""How often each bid wins over ranges of values: asked on a page, answered by a worker, read lot by lot."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from procurement.jobs.models import Job
from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid
from procurement.policies.models import PolicyVersion
from procurement.simulation import question
from procurement.simulation.models import ArchiveSnapshot, Box
from procurement.simulation.present import shares
from procurement.simulation.services import request_box
from procurement.simulation.worker_files import BoxLots, box_lot
from tests.simulation import answered
from tests.simulation.invented import EUROPEAN, GREEN

NEW = "simulation:new_box"


@pytest.fixture
def office(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


@pytest.fixture
def box(snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User) -> Box:
    return answered.box(snapshot=snapshot, policy=policy, by=officer)


@pytest.fixture
def asked(snapshot: ArchiveSnapshot, policy: PolicyVersion) -> dict[str, object]:
    ends = {f"low_{EUROPEAN}": "0", f"high_{EUROPEAN}": "10", f"low_{GREEN}": "2.5", f"high_{GREEN}": "5"}
    return {"snapshot": snapshot.pk, "policy_version": policy.pk, "samples": "1000", "seed": "7", **ends}


def test_posting_the_form_asks_and_leads_to_the_answer(office: Client, asked: dict[str, object]) -> None:
    answer = office.post(reverse(NEW), asked)
    box = Box.objects.get()
    assert answer["Location"] == box.get_absolute_url()
    assert (box.samples, box.seed) == (1000, 7)
    assert box.ranges == [{"path": EUROPEAN, "low": "0", "high": "10"}, {"path": GREEN, "low": "2.5", "high": "5"}]
    assert Line.objects.filter(action="box.requested").count() == 1


def test_the_same_question_is_answered_once(box: Box, officer: User) -> None:
    again = answered.box(snapshot=box.snapshot, policy=box.policy_version, by=officer)
    assert again == box
    assert Job.objects.count() == 1


def test_another_seed_is_another_question(box: Box, officer: User) -> None:
    assert answered.box(snapshot=box.snapshot, policy=box.policy_version, by=officer, seed=2) != box


def test_every_sample_of_every_lot_is_counted_once(box: Box) -> None:
    rows = list(BoxLots(box))
    assert len(rows) == box.snapshot.lots
    assert all(sum(row["wins"]) + row["nobody"] == box.samples for row in rows)
    assert box.result is not None
    known = box.result["certificate"]
    assert sum(known.values()) == box.snapshot.lots * box.samples
    assert known["unverified"] == 0


def test_the_page_says_what_becomes_of_the_awards_and_how_sure_it_is(office: Client, box: Box) -> None:
    page = office.get(box.get_absolute_url()).content.decode()
    assert shares.sentences(box)[0] in page
    assert "100 samples drawn evenly from the ranges, seed 1" in page
    assert "13.59 percentage points" in page
    assert "Proposal: simulation only" in page


def test_a_lot_shows_the_share_of_each_bid_as_a_bar_and_in_a_table(office: Client, box: Box) -> None:
    row = next(row for row in BoxLots(box) if row["own"] < box.samples)
    page = office.get(reverse("simulation:box_lot", args=[box.pk, row["number"]]))
    found = page.context["portions"]
    assert sum(each.wins for each in found) == box.samples
    assert sum(each.recorded for each in found) == 1
    assert [each.wins for each in found] == sorted((each.wins for each in found), reverse=True)
    assert page.content.decode().count("fill-european") == len(found)


def test_a_lot_that_the_archive_does_not_have_is_not_found(office: Client, box: Box) -> None:
    for number in (box.snapshot.lots, 10**30):
        assert office.get(reverse("simulation:box_lot", args=[box.pk, number])).status_code == 404
        assert box_lot(box, number) is None


def test_the_list_is_narrowed_to_a_lot(office: Client, box: Box) -> None:
    wanted = BoxLots(box)[3]["lot"]
    page = office.get(box.get_absolute_url(), {"lot": wanted})
    assert wanted in [lot["lot"] for lot in page.context["lots"]]
    assert len(page.context["lots"]) < box.snapshot.lots


def test_the_link_of_a_box_fills_the_form_that_asks_it_again(office: Client, box: Box) -> None:
    form = office.get(question.of_box(box)).context["form"]
    assert form.is_valid()
    assert form.question()["ranges"] == box.ranges
    assert (form.question()["samples"], form.question()["seed"]) == (box.samples, box.seed)


def test_a_changed_lot_leads_to_ranges_around_what_was_tried(
    office: Client, snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    sweep = answered.sweep(snapshot=snapshot, policy=policy, by=officer)
    words = parse_qs(urlsplit(question.box_around(sweep, "lot 3")).query)
    assert (words[f"low_{EUROPEAN}"], words[f"high_{EUROPEAN}"], words["lot"]) == (["0"], ["10"], ["lot 3"])
    assert office.get(question.box_around(sweep, "lot 3")).context["form"].is_valid()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({f"high_{GREEN}": ""}, "A range has two ends: write this one too, or leave both out."),
        ({f"low_{GREEN}": "6"}, "is to go from 6 to 5: write the lowest value first."),
        ({f"low_{GREEN}": "six"}, "This is not a number"),
        ({"seed": "-1"}, "greater than or equal to 0"),
        ({"samples": "0"}, "greater than or equal to 1"),
        ({"samples": "10001"}, "less than or equal to 10000"),
        ({f"{end}_{path}": "" for end in ("low", "high") for path in (EUROPEAN, GREEN)}, "at least one value"),
    ],
)
def test_a_question_that_makes_no_sense_is_not_asked(
    office: Client, asked: dict[str, object], changed: dict[str, str], sentence: str
) -> None:
    page = office.post(reverse(NEW), {**asked, **changed})
    assert sentence in page.content.decode()
    assert not Box.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"samples": 0}, "from 1 to 10000 samples"),
        ({"seed": -1}, "whole number from 0"),
        ({"ranges": [{"path": "cashback.tiers.0.1", "low": "0", "high": "1"}]}, "changes winners"),
        ({"ranges": [{"path": EUROPEAN, "low": "few", "high": "1"}]}, "no number"),
        ({"local_area": "MOON"}, "no area MOON"),
    ],
)
def test_the_service_refuses_what_the_form_does_not_offer(
    snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User, changed: dict[str, object], sentence: str
) -> None:
    whole = {"ranges": answered.RANGES, "samples": 10, "seed": 1, **changed}
    with pytest.raises(Invalid, match=sentence):
        request_box(snapshot=snapshot, policy_version=policy, by=officer, **whole)  # type: ignore[arg-type]  # on purpose
