"""Nobody writes over a mark that was given since they read the page: they are told whose it is, and lose nothing."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from procurement.evaluation import services
from procurement.evaluation.models import (
    IndividualMark,
    Mark,
    MarkDraft,
    MarkLock,
    MarkVersion,
    RegularisationConclusion,
)
from procurement.evaluation.standing import kept_of_panel
from procurement.people.models import Hospital, User
from procurement.people.refusals import Stale
from tests.evaluation.conftest import NOW
from tests.evaluation.examination import answer, ask, lot_of, negotiate, offer
from tests.evaluation.panels import Judged, agree, agree_all, declare, give, give_all, judged
from tests.evaluation.test_api_panels import lots, of
from tests.evaluation.test_api_panels import panels as panels_of
from tests.evaluation.test_examination_pages import at, fields
from tests.evaluation.test_pages import as_
from tests.evaluation.test_panel_pages import of_lot, own, read
from tests.factories import MembershipFactory

VALUE = re.compile(r'name="([0-9a-f]{12}-[a-z]+-mark)"(?:[^>]*? value="([^"]*)")?')
TEXT = re.compile(r'name="([0-9a-f]{12}-[a-z]+-reason)"[^>]*>\s*([^<]*)</textarea>')
READ = re.compile(r'name="read" value="([0-9]+)"')


@pytest.fixture
def case(buyer: User, hospital: Hospital) -> Judged:
    """One member marked everything with 3; both of the first two marks of quality are agreed as 3."""
    case = judged(buyer, hospital)
    declare(case, case.members[0])
    give_all(case, case.members[0], "3")
    agree(case, "3", bid="alpha")
    agree(case, "3", bid="beta")
    return case


@pytest.fixture
def colleague(hospital: Hospital, case: Judged) -> Judged:
    """Another buyer of the hospital, as the one who agrees."""
    person = MembershipFactory(hospital=hospital, user__first_name="Rose", user__last_name="Buyer").user
    return Judged(case.lot, person, case.members)


def shown(person: User, address: str) -> dict[str, str]:
    """What the fields of a page say, as a browser would send them back."""
    return sent_back(read(person, address))


def sent_back(page: str) -> dict[str, str]:
    fields = dict(VALUE.findall(page)) | dict(TEXT.findall(page))
    return {name: text.strip() for name, text in fields.items()} | {"read": READ.findall(page)[0]}


def first_of(fields: dict[str, str], text: str = "3") -> str:
    """The name, without its end, of the first place that says ``text``."""
    return next(name for name, said in fields.items() if name.endswith("-mark") and said == text).rpartition("-")[0]


def values(case: Judged) -> dict[str, Decimal]:
    return {mark.bid.key: mark.value for mark in Mark.objects.filter(criterion__key="quality")}


def post(person: User, address: str, fields: dict[str, str]) -> tuple[int, str]:
    answer = as_(person).post(address, fields)
    return answer.status_code, answer.content.decode()


def test_a_colleagues_mark_is_not_replaced_from_an_older_page_and_what_was_typed_stays(
    case: Judged, colleague: Judged
) -> None:
    fields = shown(case.buyer, of_lot(case, "agree"))
    name = first_of(fields)
    fields |= {f"{name}-mark": "4", f"{name}-reason": "Mine."}
    for bid in ("alpha", "beta"):
        agree(colleague, "5", bid=bid, reason="Read again with the pharmacist.")

    status, page = post(case.buyer, of_lot(case, "agree"), fields)

    assert status == 200
    assert set(values(case).values()) == {5}
    assert "Rose Buyer gave 5, with the reason “Read again with the pharmacist.”" in page
    assert page.count("Rose Buyer gave 5") == 1, "what its reader did not touch is what stands now"
    assert (sent_back(page)[f"{name}-mark"], sent_back(page)[f"{name}-reason"]) == ("4", "Mine.")


def test_once_it_was_read_the_same_form_sent_again_replaces_it_and_nothing_else(
    case: Judged, colleague: Judged
) -> None:
    fields = shown(case.buyer, of_lot(case, "agree"))
    name = first_of(fields)
    fields |= {f"{name}-mark": "4", f"{name}-reason": "Mine."}
    for bid in ("alpha", "beta"):
        agree(colleague, "5", bid=bid)

    page = as_(case.buyer).post(of_lot(case, "agree"), fields).content.decode()

    assert as_(case.buyer).post(of_lot(case, "agree"), sent_back(page)).status_code == 302
    assert sorted(values(case).values()) == [4, 5]


def test_what_its_reader_did_not_touch_stays_as_the_colleague_left_it(case: Judged, colleague: Judged) -> None:
    fields = shown(case.buyer, of_lot(case, "agree"))
    empty = first_of(fields, "")
    agree(colleague, "5", bid="alpha")

    answer = as_(case.buyer).post(of_lot(case, "agree"), fields | {f"{empty}-mark": "2", f"{empty}-reason": "New."})

    assert answer.status_code == 302
    assert values(case)["alpha"] == 5
    assert MarkVersion.objects.filter(value="2", reason="New.").count() == 1


def test_two_who_write_the_same_are_not_in_each_others_way(case: Judged, colleague: Judged) -> None:
    fields = shown(case.buyer, of_lot(case, "agree"))
    name, empty = first_of(fields), first_of(fields, "")
    changed = {f"{name}-mark": "5", f"{name}-reason": "Agreed.", f"{empty}-mark": "2", f"{empty}-reason": "New."}
    for bid in ("alpha", "beta"):
        agree(colleague, "5", bid=bid)

    assert as_(case.buyer).post(of_lot(case, "agree"), fields | changed).status_code == 302


def test_the_service_refuses_what_came_between_the_page_and_the_lock_of_the_lot(
    case: Judged, colleague: Judged
) -> None:
    number = kept_of_panel(case.lot).number
    alpha, quality = case.lot.bids.get(key="alpha"), case.lot.criteria.get(key="quality")
    agree(colleague, "5")
    mine = services.Given(alpha, quality, Decimal(4), "Mine.", number)

    with pytest.raises(Stale, match="Other marks were given since you read them") as refusal:
        services.agree_marks(lot=case.lot, given=[mine], by=case.buyer, at=NOW)

    assert "Rose Buyer gave 5" in refusal.value.details[0]["message"]
    assert values(case)["alpha"] == 5


def test_in_two_windows_a_member_does_not_undo_himself(case: Judged) -> None:
    member = case.members[0]
    fields = shown(member, own(case))
    give(case, member, "7", reason="In the other window.")
    name = first_of(fields)
    for place in (name for name, text in fields.items() if name.endswith("-mark") and text == "3"):
        fields[place] = "1"

    status, page = post(member, own(case), fields)

    assert (status, "Ana Jury gave 7, with the reason “In the other window.”" in page) == (200, True)
    assert name
    assert not IndividualMark.objects.filter(value="1").exists()


def test_a_draft_says_what_stands_at_its_place_meanwhile(case: Judged, colleague: Judged) -> None:
    alpha, quality = case.lot.bids.get(key="alpha"), case.lot.criteria.get(key="quality")
    typed = services.Typed(alpha, quality, "4", "Mine, half w")
    services.keep_drafts(lot=case.lot, kind=MarkDraft.Kind.AGREED, typed=[typed], by=case.buyer, at=NOW)
    agree(colleague, "5")

    page = read(case.buyer, of_lot(case, "agree"))

    assert "Mine, half w" in page
    assert "5 stands here, given by Rose Buyer." in page


def test_marks_that_were_not_read_are_not_locked(case: Judged, colleague: Judged) -> None:
    agree_all(case)
    address = of_lot(case, "lock")
    number = READ.findall(read(case.buyer, address))[0]
    agree(colleague, "5")

    answer = as_(case.buyer).post(address, {"read": number})
    assert (answer.status_code, MarkLock.objects.exists()) == (409, False)
    assert "An agreed mark has changed since you read them" in answer.content.decode()

    as_(case.buyer).post(address, {"read": READ.findall(read(case.buyer, address))[0]})
    assert MarkLock.objects.exists()


def test_over_the_api_the_version_that_was_read_keeps_a_later_mark(case: Judged, colleague: Judged) -> None:
    places = of(case.buyer).get(lots(case, "agreed-marks")).json()
    versions = {(place["bid"], place["criterion"]): place["version"] for place in places}
    assert sorted(versions.values())[:4] == [0, 0, 0, 0]
    agree(colleague, "5", reason="Later.")
    row: dict[str, Any] = {"bid": "alpha", "criterion": "quality", "value": "4", "reason": "Mine."}
    stale = row | {"read": versions["alpha", "quality"]}

    answer = of(case.buyer).post(lots(case, "agreed-marks"), [stale], format="json")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (409, "/0")
    assert "Rose Buyer gave 5, with the reason “Later.”" in answer.json()["errors"][0]["message"]
    now = next(p for p in of(case.buyer).get(lots(case, "agreed-marks")).json() if p["bid"] == "alpha")["version"]
    assert of(case.buyer).post(lots(case, "agreed-marks"), [row | {"read": now}], format="json").json() == {"kept": 1}
    locking = of(case.buyer).post(lots(case, "lock-marks"), {"read": now}, format="json")
    assert locking.status_code == 409


def test_over_the_api_a_members_other_program_is_not_overrun(case: Judged) -> None:
    member = case.members[0]
    bid = of(member).get(panels_of(case, "bids")).json()[0]
    mark = next(mark for mark in bid["marks"] if mark["criterion"] == "quality")
    row = {"bid": bid["bid"], "criterion": "quality", "reason": "Again.", "read": mark["version"]}

    first = of(member).post(panels_of(case, "marks"), [row | {"value": "6"}], format="json")
    second = of(member).post(panels_of(case, "marks"), [row | {"value": "7"}], format="json")

    assert (first.status_code, second.status_code) == (201, 409)


@pytest.mark.parametrize("number", ["", "-1", "seven", "9" * 40, "٣"])
def test_a_number_that_was_never_on_a_page_is_one_that_read_nothing(case: Judged, number: str) -> None:
    client: Client = as_(case.buyer)
    fields = shown(case.buyer, of_lot(case, "agree"))
    name = first_of(fields)
    fields |= {f"{name}-mark": "2", f"{name}-reason": "Mine.", "read": number}

    assert client.post(of_lot(case, "agree"), fields).status_code == 200
    assert set(values(case).values()) == {3}


# what is found when a bid is examined


def test_a_conclusion_waits_for_its_author_to_read_what_came_last(buyer: User) -> None:
    negotiated = lot_of("negotiated", buyer)
    bid = negotiated.bids.get(key="beta")
    request = ask(bid, buyer)
    answer(request, buyer)
    address = at("conclude_regularisation", negotiated, request.pk)
    given = {"regularised": "no", "reason": "Nothing useful came.", "confirmed": "yes"}
    given["read"] = READ.findall(read(buyer, address))[0]
    answer(request, buyer, text="The missing certificate.")

    page = as_(buyer).post(address, given).content.decode()

    assert "Another answer of the tenderer was recorded since you read them" in page
    assert "The missing certificate." in page
    assert not RegularisationConclusion.objects.exists()
    as_(buyer).post(address, {**given, "read": READ.findall(page)[0]})
    assert RegularisationConclusion.objects.get().reason == "Nothing useful came."


def test_a_version_typed_over_an_older_one_is_read_again_first(buyer: User) -> None:
    negotiated = lot_of("negotiated", buyer)
    bid = negotiated.bids.get(key="beta")
    address = at("enter_version", negotiated)
    number = READ.findall(read(buyer, address))[0]
    typed = {**fields(as_(buyer), address), "why-reason": "negotiation", "why-negotiation_round": "1", "read": number}
    typed["line-2-unit_price"] = "1.70"
    negotiate(bid, buyer)

    page = as_(buyer).post(address, typed).content.decode()
    assert "entered version 2 of this bid since you opened it" in page
    refused = of(buyer).post(
        f"/api/v1/bids/{bid.pk}/versions/",
        {"reason": "negotiation", "round": 1, "document": offer("1.70"), "read": 1},
        format="json",
    )
    assert (refused.status_code, "entered version 2" in refused.json()["detail"]) == (409, True)
    assert bid.former_versions.count() == 1

    as_(buyer).post(address, {**typed, "read": READ.findall(page)[0], "enter": "1"})
    assert bid.former_versions.count() == 2
