"""Panels over the API, from the first seat to the lock, as the buyer's and the members' programs see them."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from procurement.evaluation.models import IndividualMark, Mark, MarkLock, Panel, Panelist
from procurement.people.models import Hospital, User
from procurement.tenders import services as tenders
from procurement.tenders.models import Bid
from tests.evaluation.conftest import NOW, published_lot
from tests.evaluation.panels import (
    CRITERIA,
    Judged,
    agree_all,
    declare,
    evaluator,
    give_all,
    judged,
    locked,
    registered,
)
from tests.tenders import documents


def of(user: User) -> APIClient:
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(user)
    return client


@pytest.fixture
def case(buyer: User, hospital: Hospital) -> Judged:
    return judged(buyer, hospital, anonymous=True, two_envelopes=True)


def lots(case: Judged, name: str) -> str:
    return f"/api/v1/lots/{case.lot.pk}/{name}/"


def panels(case: Judged, name: str = "") -> str:
    return f"/api/v1/panels/{Panel.objects.get(lot=case.lot).pk}/{name + '/' if name else ''}"


def marks(bids: list[dict[str, Any]], value: str, name: str = "bid") -> list[dict[str, str]]:
    return [
        {"bid": bid[name], "criterion": criterion, "value": value, "reason": "Tried by the ward."}
        for bid in bids
        for criterion in CRITERIA
    ]


def test_a_panel_is_composed_judges_agrees_and_locks(buyer: User, hospital: Hospital, case: Judged) -> None:
    api, members = of(buyer), [of(member) for member in case.members]
    for member, value in zip(members, ("2", "3", "4.5"), strict=True):
        assert member.get(panels(case, "bids")).status_code == 409
        assert member.post(panels(case, "declare"), {"conflict": False}, format="json").json()["declared"] is True
        bids = member.get(panels(case, "bids")).json()
        assert ([bid["tenderer"] for bid in bids], {bid["price"] for bid in bids}) == (["A", "B", "C"], {None})
        given = member.post(panels(case, "marks"), marks(bids, value), format="json")
        assert (given.status_code, given.json()) == (201, {"kept": 6})

    places = api.get(lots(case, "agreed-marks")).json()
    assert [mark["value"] for mark in places[0]["individual"]] == ["2", "3", "4.5"]
    assert {place["agreed"] for place in places} == {None}
    rows = [{"bid": p["bid"], "criterion": p["criterion"], "value": "3", "reason": "Agreed."} for p in places]
    assert api.post(lots(case, "agreed-marks"), rows, format="json").json() == {"kept": 6}
    assert api.post(lots(case, "lock-marks")).status_code == 201

    bids = members[0].get(panels(case, "bids")).json()
    assert {bid["tenderer"] for bid in bids} == {"MedTech Loire", "Nordmed", "Pacific Care"}
    assert {bid["price"] for bid in bids} == {str(bid.price) for bid in Bid.objects.all()}
    state = api.get(lots(case, "panel")).json()
    assert (state["wanted"], state["agreed"], state["lock"]["marks_sha256"]) == (
        6,
        6,
        MarkLock.objects.get().marks_sha256,
    )
    assert api.post(lots(case, "score")).status_code == 201


def test_who_sits_is_shown_with_what_was_declared_and_who_still_may(case: Judged, hospital: Hospital) -> None:
    free = evaluator(hospital, "Dan")
    declare(case, case.members[0], text="My brother works there.")

    state = of(case.buyer).get(lots(case, "panel")).json()

    first, second, _third = state["members"]
    assert (first["conflict"], first["interests"], first["given"]) == (True, "My brother works there.", 0)
    assert (second["declared"], second["person"]["name"]) == (False, "Ben Jury")
    assert state["candidates"] == [{"id": free.pk, "name": "Dan Jury"}]


def test_a_seat_is_taken_once_given_up_and_taken_by_evaluators_of_the_house_alone(
    case: Judged, hospital: Hospital, stranger: User
) -> None:
    api, free = of(case.buyer), evaluator(hospital, "Dan")
    elsewhere = evaluator(stranger.memberships.get().hospital, "Eve")

    seated = api.post(lots(case, "seat"), {"person": free.pk}, format="json")
    assert (seated.status_code, len(seated.json()["members"]), seated.json()["candidates"]) == (201, 4, [])
    again = api.post(lots(case, "seat"), {"person": free.pk}, format="json")
    assert (again.status_code, again.json()["detail"]) == (400, "Dan Jury sits on this panel already.")
    refused = [
        api.post(lots(case, "seat"), {"person": number}, format="json").content
        for number in (elsewhere.pk, case.buyer.pk, 987_654)
    ]
    assert len(set(refused)) == 1, "nobody learns who works elsewhere"
    seat = Panelist.objects.get(user=free).pk
    assert len(api.post(lots(case, "unseat"), {"seat": seat}, format="json").json()["members"]) == 3
    assert api.post(lots(case, "unseat"), {"seat": seat}, format="json").status_code == 404


def test_a_lot_without_a_panel_shows_none_and_agrees_on_nothing(buyer: User, hospital: Hospital) -> None:
    lot = published_lot(buyer, lots=[documents.lot()])
    api = of(buyer)

    state = api.get(f"/api/v1/lots/{lot.pk}/panel/").json()
    assert (state["members"], state["composing"], state["lock"]) == ([], True, None)
    assert api.get(f"/api/v1/lots/{lot.pk}/agreed-marks/").status_code == 404
    assert api.post(f"/api/v1/lots/{lot.pk}/lock-marks/").status_code == 409


def test_a_member_lists_his_panels_and_reads_what_marks_mean(buyer: User, hospital: Hospital) -> None:
    steps = [{"value": "0", "meaning": "Unusable"}, {"value": "10", "meaning": "Perfect"}]
    criteria = [{**c, "steps": steps} if c["id"] == "quality" else c for c in documents.criteria()]
    case = judged(buyer, hospital, criteria=criteria)
    api = of(case.members[0])

    listed = api.get("/api/v1/panels/").json()
    assert [(row["reference"], row["number"], row["stage"]) for row in listed["results"]] == [("2026-014", 1, "opened")]
    panel = api.get(panels(case)).json()
    assert (panel["declared"], panel["conflict"], panel["locked"]) == (False, False, False)
    quality, carbon = panel["criteria"]
    assert (quality["scale"], quality["steps"], carbon["steps"]) == ("10", steps, [])
    assert "alpha" not in str(panel)


def test_without_anonymity_and_two_envelopes_names_and_prices_are_told(buyer: User, hospital: Hospital) -> None:
    case = judged(buyer, hospital)
    declare(case, case.members[0])

    bids = of(case.members[0]).get(panels(case, "bids")).json()

    assert [bid["tenderer"] for bid in bids] == ["MedTech Loire", "Nordmed", "Pacific Care"]
    assert all(bid["price"] for bid in bids)


def test_a_conflict_closes_the_bids_at_once_and_for_good(case: Judged) -> None:
    api = of(case.members[0])

    silent = api.post(panels(case, "declare"), {"conflict": True}, format="json")
    assert (silent.status_code, "Write what the conflict is" in silent.json()["detail"]) == (400, True)
    told = api.post(panels(case, "declare"), {"conflict": True, "text": "A share."}, format="json")
    assert (told.status_code, told.json()["conflict"]) == (201, True)
    assert api.get(panels(case, "bids")).status_code == 403
    assert api.post(panels(case, "marks"), [], format="json").status_code == 403
    assert api.post(panels(case, "declare"), {"conflict": False}, format="json").status_code == 409


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"bid": "nobody"}, "/1/bid"),
        ({"criterion": "price"}, "/1/criterion"),
        ({"criterion": "nothing"}, "/1/criterion"),
        ({"value": "10.5"}, None),
        ({"value": "-1"}, None),
        ({"value": 1.5}, None),
        ({"value": "7,5"}, None),
        ({"reason": ""}, None),
        ({"reason": "  "}, None),
        ({"reason": "x" * 2001}, None),
    ],
)
def test_one_wrong_mark_keeps_all_from_being_given(case: Judged, change: dict[str, Any], pointer: str | None) -> None:
    member = case.members[0]
    declare(case, member)
    api = of(member)
    first, second, *_rest = marks(api.get(panels(case, "bids")).json(), "3")

    answer = api.post(panels(case, "marks"), [first, {**second, **change}], format="json")

    assert answer.status_code == 400
    if pointer:
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not IndividualMark.objects.exists()


@pytest.mark.parametrize("body", [{}, [], None, "marks", [None], [[]]])
def test_what_is_no_list_of_marks_is_refused(case: Judged, body: Any) -> None:
    declare(case, case.members[0])

    assert of(case.members[0]).post(panels(case, "marks"), body, format="json").status_code == 400
    assert of(case.buyer).post(lots(case, "agreed-marks"), body, format="json").status_code == 400


def test_the_same_mark_twice_and_a_mark_that_stands_already_are_said(case: Judged) -> None:
    declare(case, case.members[0])
    api = of(case.members[0])
    given = marks(api.get(panels(case, "bids")).json(), "3")

    assert api.post(panels(case, "marks"), [given[0], given[0]], format="json").status_code == 400
    assert api.post(panels(case, "marks"), given, format="json").status_code == 201
    again = api.post(panels(case, "marks"), given, format="json")
    assert (again.status_code, "Nothing changed" in again.json()["detail"]) == (409, True)


def test_agreed_marks_lie_between_those_of_the_members_in_two_envelopes(case: Judged) -> None:
    for member, value in zip(case.members, "234", strict=True):
        declare(case, member)
        give_all(case, member, value)
    row = {"bid": "alpha", "criterion": "quality", "value": "9", "reason": "Agreed."}

    refused = of(case.buyer).post(lots(case, "agreed-marks"), [row], format="json")

    assert (refused.status_code, "from 2 to 4" in refused.json()["detail"]) == (400, True)
    assert not Mark.objects.exists()


def test_the_lock_says_what_is_missing_and_ends_every_change(case: Judged) -> None:
    api = of(case.buyer)
    early = api.post(lots(case, "lock-marks"))
    assert (early.status_code, len(early.json()["errors"])) == (409, 6)

    locked(case)

    row = {"bid": "alpha", "criterion": "quality", "value": "2", "reason": "Late."}
    assert api.post(lots(case, "agreed-marks"), [row], format="json").status_code == 409
    bids = of(case.members[0]).get(panels(case, "bids")).json()
    assert of(case.members[0]).post(panels(case, "marks"), marks(bids, "1"), format="json").status_code == 409
    assert api.post(lots(case, "lock-marks")).status_code == 409


def test_the_same_queries_for_three_bids_and_for_ten(case: Judged, queries: Any) -> None:
    for member in case.members:
        declare(case, member)
        give_all(case, member, "3")
    agree_all(case)
    asked = [(of(case.members[0]), panels(case, "bids")), (of(case.buyer), lots(case, "agreed-marks"))]
    few = [queries(lambda api=api, at=at: api.get(at)) for api, at in asked]
    for number in range(7):
        document = documents.bid(id=f"more-{number}", supplier={"name": registered(f"Tenderer {number}", case.buyer)})
        tenders.enter_bid(lot=case.lot, document=document, by=case.buyer, at=NOW)
    for member in case.members:
        give_all(case, member, "4")

    assert [queries(lambda api=api, at=at: api.get(at)) for api, at in asked] == few
