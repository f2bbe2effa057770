"""A consortium before the guard of the measure on medical devices, on pages, over the API, and before evaluators."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from procurement.evaluation import services
from procurement.evaluation.models import ScoreSheet
from procurement.people.models import Hospital, User
from procurement.people.refusals import Refused
from procurement.registry.models import Supplier
from procurement.registry.services import register_supplier
from procurement.tenders import services as tenders
from procurement.tenders.models import Bid, Lot
from tests.evaluation.conftest import LATER, NOW, OFFERS, REASON, enter, published_lot
from tests.evaluation.panels import declare, judged
from tests.evaluation.test_pages import as_, page
from tests.tenders import documents

GUARD = "ipi-2025-1197"
MEASURED = {"reference": "2026-024", "cpv": "33157400", "estimated_value": "6000000", "ipi_announced": True}


@pytest.fixture
def measured(buyer: User) -> Lot:
    """An opened lot that the measure reaches, with its three bids marked."""
    lot = published_lot(buyer, **MEASURED)
    enter(lot, OFFERS, buyer)
    return lot


def joined(lot: Lot, key: str, by: User, country: str, name: str = "Huaxia Imaging", **part: Any) -> Bid:
    """The bid ``key`` with another member, of ``country``."""
    register_supplier(
        name=name, operator_country=country, operator_origin_basis="constitution" if country else "", by=by
    )
    bid = lot.bids.get(key=key)
    document = {"members": [{"supplier": {"name": name}, **part}]}
    tenders.record_members(bid=bid, document=document, by=by, at=NOW)
    return bid


def found(sheet: ScoreSheet) -> list[dict[str, Any]]:
    return [finding for finding in sheet.sheet["findings"] if finding["code"] == GUARD]


def test_a_member_from_china_stops_the_award_until_the_buyer_says_which_origin_he_retains(
    measured: Lot, buyer: User
) -> None:
    bid = joined(measured, "alpha", buyer, "CN")

    sheet = services.score(lot=measured, by=buyer, at=NOW)

    [finding] = found(sheet)
    assert finding["severity"] == "not_assessed", "no finding that rests on our reading blocks"
    with pytest.raises(Refused, match="record the origin retained"):
        services.award(lot=measured, bid=bid, sheet=sheet, reason=REASON, by=buyer, at=LATER)
    shown = unescape(page(buyer, "lot", measured.pk))
    assert "Huaxia Imaging, in the consortium, originates in China (CN)" in shown


def test_the_origin_retained_blocks_or_lets_through_as_that_of_a_tenderer_alone(measured: Lot, buyer: User) -> None:
    bid = joined(measured, "alpha", buyer, "CN")
    address = reverse("evaluation:group_origin", args=[measured.pk, "alpha"])
    assert address in page(buyer, "bid", measured.pk, "alpha")
    client = as_(buyer)

    assert client.post(address, {"country": "CN", "reason": ""}).status_code == 200
    bid.refresh_from_db()
    assert bid.group_country == "", "nothing without a reason"
    client.post(address, {"country": "CN", "reason": "The cautious reading."})
    [finding] = found(services.score(lot=measured, by=buyer, at=NOW))
    assert (finding["severity"], finding["values"]["bids"]) == ("block", ["alpha"])
    client.post(address, {"country": "FR", "reason": "The leader makes the devices."})

    assert found(services.score(lot=measured, by=buyer, at=NOW)) == []


def test_whoever_lets_the_winning_consortium_through_does_not_award_the_lot(
    measured: Lot, buyer: User, second: User
) -> None:
    joined(measured, "alpha", buyer, "CN")
    joined(measured, "beta", buyer, "CN", name="Boyuan")
    for key in ("alpha", "beta"):
        bid = measured.bids.get(key=key)
        tenders.retain_group_origin(bid=bid, country=bid.operator_country, reason="It leads.", by=buyer, at=NOW)
    sheet = services.score(lot=measured, by=buyer, at=NOW)
    winner = measured.bids.get(key=sheet.sheet["ranking"][0]["bid"])
    assert winner.key in ("alpha", "beta")

    with pytest.raises(Refused, match="a second person awards"):
        services.award(lot=measured, bid=winner, sheet=sheet, reason=REASON, by=buyer, at=LATER)
    mine, theirs = page(buyer, "lot", measured.pk), page(second, "lot", measured.pk)
    services.award(lot=measured, bid=winner, sheet=sheet, reason=REASON, by=second, at=LATER)

    assert "a second person awards" in mine
    assert ">Award</a>" not in mine
    assert ">Award</a>" in theirs


def test_whoever_retains_the_origin_of_a_bid_that_does_not_win_may_award(measured: Lot, buyer: User) -> None:
    joined(measured, "gamma", buyer, "CN")
    bid = measured.bids.get(key="gamma")
    tenders.retain_group_origin(bid=bid, country="US", reason="It leads.", by=buyer, at=NOW)
    sheet = services.score(lot=measured, by=buyer, at=NOW)
    winner = measured.bids.get(key=sheet.sheet["ranking"][0]["bid"])
    assert winner != bid

    services.award(lot=measured, bid=winner, sheet=sheet, reason=REASON, by=buyer, at=LATER)


def test_members_named_anew_forget_the_origin_retained_and_by_whom(measured: Lot, buyer: User) -> None:
    bid = joined(measured, "alpha", buyer, "CN")
    tenders.retain_group_origin(bid=bid, country="FR", reason="It leads.", by=buyer, at=NOW)

    tenders.record_members(bid=bid, document={"members": []}, by=buyer, at=NOW)

    bid.refresh_from_db()
    assert (bid.group_country, bid.group_reason, bid.group_retained_by) == ("", "", None)


def test_an_exception_to_the_measure_asks_for_no_origin(measured: Lot, buyer: User) -> None:
    joined(measured, "alpha", buyer, "CN")
    tenders.record_ipi_exception(
        lot=measured, exception="no_other_compliant_tender", reason="Nobody else.", by=buyer, at=NOW
    )
    sheet = services.score(lot=measured, by=buyer, at=NOW)
    winner = measured.bids.get(key=sheet.sheet["ranking"][0]["bid"])

    services.award(lot=measured, bid=winner, sheet=sheet, reason=REASON, by=buyer, at=LATER)


def test_the_page_of_a_group_with_one_origin_has_nothing_to_retain(measured: Lot, buyer: User) -> None:
    joined(measured, "alpha", buyer, "DE", name="Rheinmed")
    address = reverse("evaluation:group_origin", args=[measured.pk, "alpha"])

    assert address not in page(buyer, "bid", measured.pk, "alpha")
    answer = as_(buyer).get(address).content.decode()
    assert "Nothing is to be retained" in answer
    assert "Record the origin retained" not in answer


def test_the_origin_is_retained_over_the_api_and_answered(measured: Lot, buyer: User) -> None:
    bid = joined(measured, "alpha", buyer, "CN")
    api = APIClient(headers={"accept-language": "en"})
    api.force_authenticate(buyer)
    address = f"/api/v1/bids/{bid.pk}/group-origin/"

    answer = api.post(address, {"group_country": "FR", "group_reason": "The leader makes it."}, format="json").json()

    assert (answer["group_country"], answer["group_reason"]) == ("FR", "The leader makes it.")
    refused = api.post(address, {"group_country": "DE", "group_reason": "Why."}, format="json")
    assert refused.status_code == 400
    assert "CN, FR" in refused.content.decode()


def test_a_member_of_unknown_origin_leaves_the_guard_unassessed_and_the_page_says_whose(
    measured: Lot, buyer: User
) -> None:
    joined(measured, "alpha", buyer, "", name="Obscura")

    [finding] = found(services.score(lot=measured, by=buyer, at=NOW))

    assert finding["severity"] == "not_assessed"
    assert finding["values"]["missing"] == ["bids.alpha.supplier.country"]
    assert "The origin of Obscura is unknown" in unescape(page(buyer, "lot", measured.pk))


def test_a_member_of_the_union_and_a_chinese_subcontractor_block_nothing(measured: Lot, buyer: User) -> None:
    joined(measured, "alpha", buyer, "DE", name="Rheinmed")
    joined(measured, "beta", buyer, "CN", role="subcontractor", share="0.6")

    assert found(services.score(lot=measured, by=buyer, at=NOW)) == []
    assert "60% would be subcontracted to Huaxia Imaging" in unescape(page(buyer, "lot", measured.pk))


def test_naming_a_member_after_the_score_asks_for_another_score(measured: Lot, buyer: User) -> None:
    services.score(lot=measured, by=buyer, at=NOW)

    joined(measured, "alpha", buyer, "CN")

    assert "score the lot again" in page(buyer, "lot", measured.pk)


def test_the_page_of_the_bid_shows_everyone_with_what_shows_the_origin(measured: Lot, buyer: User) -> None:
    register_supplier(
        name="Nordic",
        operator_country="SE",
        operator_origin_basis="constitution",
        evidence="Bolagsverket <extract>",
        reference="556677-8899",
        by=buyer,
    )
    members = [{"supplier": {"name": "Nordic"}, "share": "0.25"}]
    bid = measured.bids.get(key="alpha")
    document = {"form": "liable_leader", "members": members}
    tenders.record_members(bid=bid, document=document, by=buyer, at=NOW)

    shown = page(buyer, "bid", measured.pk, "alpha")

    for words in ("leader of the consortium", "Sweden (SE)", "Bolagsverket &lt;extract&gt;", "556677-8899", "25%"):
        assert words in shown
    assert "several, the leader answering for every member" in shown


def test_members_are_named_on_a_page_and_a_newcomer_with_them(lot: Lot, buyer: User) -> None:
    bid = lot.bids.get(key="alpha")
    address = reverse("tenders:members", args=[bid.pk])
    typed = {
        "consortium-form": "joint_and_several",
        "member-1-name": "nordmed",
        "member-1-role": "member",
        "member-1-share": "12.5",
        "member-4-name": "Ningbo",
        "member-4-role": "subcontractor",
        "member-4-newcomer": "on",
        "member-4-country": "China",
        "member-4-basis": "influence",
        "member-4-evidence": "Annual report 2025.",
    }

    answer = as_(buyer).post(address, typed, follow=True)

    assert "Who makes the bid is recorded." in answer.content.decode()
    stands = bid.members.order_by("role")
    assert [(m.supplier.name, m.role, m.operator_country) for m in stands] == [
        ("Nordmed", "member", "DE"),
        ("Ningbo", "subcontractor", "CN"),
    ]
    assert (str(stands[0].share), stands[1].origin_finding.evidence) == ("0.125", "Annual report 2025.")
    again = as_(buyer).get(address).content.decode()
    assert 'value="Nordmed"' in again
    assert 'value="12.5"' in again


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"member-1-name": "MedTech Loire"}, "member-1-name", "leads the consortium"),
        ({"member-1-name": "Nordmed", "member-2-name": "NORDMED"}, "member-2-name", "named twice"),
        ({"member-1-name": "Nobody"}, "member-1-name", "register it first"),
        ({"member-1-share": "10"}, "member-1-name", "Give the name"),
        ({"member-1-name": "Nordmed", "member-1-share": "101"}, "member-1-share", "at most 100 percent"),
        ({"member-1-name": "Nordmed", "member-1-share": "half"}, "member-1-share", "not a number"),
        ({"member-1-name": "Nordmed", "member-1-country": "FR"}, "member-1-country", "register has this already"),
        ({"member-1-name": "Nordmed", "member-1-newcomer": "on"}, "member-1-newcomer", "take the tick away"),
        ({"consortium-form": "several"}, "consortium-form", "beside its leader"),
        (
            {"member-1-name": "Ningbo", "member-1-newcomer": "on", "member-1-country": "CN"},
            "member-1-basis",
            "what the origin was found on",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_recorded(
    lot: Lot, buyer: User, typed: dict[str, str], field: str, said: str
) -> None:
    bid, before = lot.bids.get(key="alpha"), Supplier.objects.count()

    answer = as_(buyer).post(reverse("tenders:members", args=[bid.pk]), typed)

    told = {
        form.add_prefix(name): " ".join(sentences)
        for form in answer.context["typed"].forms
        for name, sentences in form.errors.items()
    }
    assert said in unescape(told[field])
    assert "Nothing is recorded yet" in answer.content.decode()
    assert (bid.members.exists(), Supplier.objects.count()) == (False, before)


def test_once_the_lot_is_decided_the_page_says_so(lot: Lot, buyer: User) -> None:
    Lot.objects.filter(pk=lot.pk).update(stage="awarded")
    bid = lot.bids.get(key="alpha")

    assert "no longer changes" in as_(buyer).get(reverse("tenders:members", args=[bid.pk])).content.decode()
    assert "Name its members" not in page(buyer, "bid", lot.pk, "alpha")


def test_origins_are_taken_over_from_the_register_on_the_page_of_the_bid(lot: Lot, buyer: User) -> None:
    bid = joined(lot, "alpha", buyer, "")
    assert "Take the origins over" not in page(buyer, "bid", lot.pk, "alpha")
    client = as_(buyer)
    origin = reverse("registry:origin", args=[Supplier.objects.get(name="Huaxia Imaging").pk])
    client.post(origin, {"country": "CN", "basis": "constitution"})
    assert "the register has: China (CN)" in page(buyer, "bid", lot.pk, "alpha")

    client.post(reverse("tenders:take_origin", args=[bid.pk]))

    assert bid.members.get().operator_country == "CN"


def test_members_are_named_over_the_api_and_answered_with_their_origin(lot: Lot, buyer: User) -> None:
    api = APIClient(headers={"accept-language": "en"})
    api.force_authenticate(buyer)
    bid = lot.bids.get(key="alpha")
    address = f"/api/v1/bids/{bid.pk}/members/"

    answer = api.put(
        address, {"form": None, "members": [{"supplier": {"name": "Nordmed"}, "share": "0.2"}]}, format="json"
    )

    [named] = answer.json()["members"]
    assert {key: named[key] for key in ("supplier_name", "role", "share", "operator_country")} == {
        "supplier_name": "Nordmed",
        "role": "member",
        "share": "0.2",
        "operator_country": "DE",
    }
    assert named["operator_origin"]["basis"] == "constitution"
    refused = api.put(address, {"members": [{"supplier": {"name": "MedTech Loire"}}]}, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/consortium/members/0/supplier/name")
    assert bid.members.count() == 1


def test_another_hospital_learns_nothing_of_who_bids_together(lot: Lot, buyer: User, stranger: User) -> None:
    joined(lot, "alpha", buyer, "CN")

    address = reverse("registry:supplier", args=[Supplier.objects.get(name="Huaxia Imaging").pk])
    assert "2026-014" in as_(buyer).get(address).content.decode()
    assert "2026-014" not in as_(stranger).get(address).content.decode()


def test_an_evaluator_of_an_anonymous_lot_meets_no_member_of_a_consortium(buyer: User, hospital: Hospital) -> None:
    case = judged(buyer, hospital, anonymous=True)
    joined(case.lot, "alpha", buyer, "CN")
    member, client = case.members[0], Client()
    declare(case, member)
    client.force_login(member)
    panel = case.lot.panel.pk
    bid = case.lot.bids.get(key="alpha")

    for name, args in (
        ("evaluation:judge", [panel]),
        ("evaluation:panels", []),
        ("evaluation:bid", [case.lot.pk, "alpha"]),
        ("tenders:members", [bid.pk]),
        ("bid-detail", [bid.pk]),
    ):
        assert "Huaxia" not in client.get(reverse(name, args=args)).content.decode(), name
    assert client.get(reverse("evaluation:judge", args=[panel])).status_code == 200


def test_the_pages_of_bids_and_lots_take_the_same_queries_for_one_member_and_for_ten(
    measured: Lot, buyer: User, queries: Any
) -> None:
    bid = joined(measured, "alpha", buyer, "CN")
    services.score(lot=measured, by=buyer, at=NOW)
    client = as_(buyer)
    addresses = [
        reverse("evaluation:bid", args=[measured.pk, "alpha"]),
        reverse("evaluation:lot", args=[measured.pk]),
        reverse("tenders:members", args=[bid.pk]),
    ]
    before = [queries(lambda address=address: client.get(address)) for address in addresses]
    names = [register_supplier(name=f"Member {number}", by=buyer).name for number in range(9)]
    members = [{"supplier": {"name": name}} for name in ["Huaxia Imaging", *names]]
    tenders.record_members(bid=bid, document={"members": members}, by=buyer, at=NOW)
    other = [{"supplier": {"name": name}} for name in names]
    tenders.record_members(bid=measured.bids.get(key="beta"), document={"members": other}, by=buyer, at=NOW)

    assert [queries(lambda address=address: client.get(address)) for address in addresses] == before


def test_a_bid_with_members_is_typed_read_again_and_entered(buyer: User) -> None:
    lot = published_lot(buyer, reference="2026-025")
    for name in ("MedTech Loire", "Nordmed"):
        register_supplier(name=name, operator_country="FR", operator_origin_basis="constitution", by=buyer)
    client, address = as_(buyer), reverse("tenders:enter_bid", args=[lot.pk])
    typed = {
        "tenderer": "MedTech Loire",
        "price": "100",
        "consortium-form": "several",
        "member-1-name": "Nordmed",
        "member-1-role": "member",
        "member-1-share": "40",
    }

    shown = unescape(client.post(address, typed).content.decode())
    assert "Nordmed, France (FR), 40%" in " ".join(shown.split())
    assert "several: each member answers for its own part" in shown
    client.post(address, typed | {"enter": "1"})

    assert lot.bids.get().members.get().supplier.name == "Nordmed"
    assert documents.MASKS not in shown
