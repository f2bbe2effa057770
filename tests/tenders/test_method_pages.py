"""The pages of the method check: proposed and typed profiles, who wins and why, and what publication says of it."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.policies.models import PolicyVersion
from procurement.tenders import services
from procurement.tenders.method.check import Check
from procurement.tenders.models import Lot, Profile, Tender
from scoring.case import Case
from scoring.case_reading import read_case
from scoring.evaluate import winner_of
from tests.tenders import documents
from tests.tenders.conftest import NOW
from tests.tenders.test_method import THREE, changed, invented

WITH_POLICY = {"policy": {"id": "environment-2026", "version": 1}}


@pytest.fixture
def reader(client: Client, buyer: User) -> Client:
    client.force_login(buyer)
    return client


@pytest.fixture
def lot(draft: Tender, buyer: User, policy: PolicyVersion) -> Lot:
    return changed(draft.lots.get(), buyer, **WITH_POLICY)


def page(reader: Client, name: str, lot: Lot) -> str:
    response = reader.get(reverse(f"tenders:{name}", args=[lot.pk]))
    assert response.status_code == 200
    return response.content.decode()


def check(lot: Lot, profiles: list[dict[str, Any]]) -> Check:
    return Check(lot, profiles, timezone.localdate(NOW))


def test_the_page_says_what_it_waits_for_proposes_bids_and_then_who_wins(reader: Client, lot: Lot) -> None:
    assert "No bid is invented yet" in page(reader, "method", lot)

    reader.post(reverse("tenders:propose_profiles", args=[lot.pk]))
    shown = page(reader, "method", lot)

    assert lot.profiles.count() == 6
    assert "(invented) wins with" in shown
    assert "Every bid on this page is invented" in shown
    assert "<polyline" in shown


def test_every_name_of_a_profile_says_that_it_is_invented(lot: Lot, reader: Client, buyer: User) -> None:
    services.invent_profiles(lot=lot, profiles=THREE, by=buyer, at=NOW)

    shown = page(reader, "method", lot)

    for profile in THREE:
        assert shown.count(profile["name"]) == shown.count(f"{profile['name']} (invented)") > 0


def test_a_recorded_check_stands_until_the_rules_or_the_bids_change(reader: Client, lot: Lot, buyer: User) -> None:
    publication = reverse("tenders:publish", args=[lot.tender_id])
    services.invent_profiles(lot=lot, profiles=THREE, by=buyer, at=NOW)
    assert "never checked on the rules as they stand" in reader.get(publication).content.decode()

    answer = reader.post(reverse("tenders:method", args=[lot.pk]))

    assert answer.status_code == 302
    assert Line.objects.filter(action="lot.method_checked").count() == 1
    assert "never checked" not in reader.get(publication).content.decode()
    assert "The check is recorded" in page(reader, "method", lot)
    changed(lot, buyer, **WITH_POLICY, rounding={"decimals": 4})
    assert "never checked" in reader.get(publication).content.decode()
    assert "No check is recorded" in page(reader, "method", lot)


def typed(profiles: list[dict[str, str]]) -> dict[str, str]:
    return {f"profile-{place}-{name}": text for place, each in enumerate(profiles, 1) for name, text in each.items()}


def entry(name: str, price: str, quality: str = "5") -> dict[str, str]:
    return {"name": name, "price": price, "marks/quality": quality, "marks/carbon": "3"}


def test_bids_are_typed_as_the_reader_writes_numbers(reader: Client, lot: Lot, buyer: User) -> None:
    User.objects.filter(pk=buyer.pk).update(language="fr")
    first = {
        **entry("A", "1 234,50", "7,5"),
        "country": "fr",
        "origins": "FR 62,5 %; CN 30",
        "environment/carbon": "2,5",
    }

    answer = reader.post(
        reverse("tenders:profiles", args=[lot.pk]), typed([first, entry("B", "1000"), entry("C", "999")])
    )

    assert answer.status_code == 302
    kept = lot.profiles.first()
    assert kept is not None
    assert kept.document == {
        "name": "A",
        "price": "1234.50",
        "country": "FR",
        "origins": [{"country": "FR", "share": "0.625"}, {"country": "CN", "share": "0.3"}],
        "marks": {"quality": "7.5", "carbon": "3"},
        "environment": {"carbon": "2.5"},
    }
    shown = page(reader, "profiles", lot)
    assert 'value="FR 62,5; CN 30"' in shown
    assert 'value="7,5"' in shown


def test_an_emptied_bid_is_taken_out_and_a_full_list_has_no_room_for_a_ninth(reader: Client, lot: Lot) -> None:
    eight = [entry(f"bid {number}", f"{1000 + number}") for number in range(8)]
    address = reverse("tenders:profiles", args=[lot.pk])

    reader.post(address, typed(eight))
    assert page(reader, "profiles", lot).count("<legend>") == 8
    reader.post(address, typed([eight[0], dict.fromkeys(eight[1], ""), *eight[2:]]))

    assert [str(profile) for profile in lot.profiles.all()] == [f"bid {number}" for number in (0, 2, 3, 4, 5, 6, 7)]
    assert page(reader, "profiles", lot).count("<legend>") == 8


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"price": "dear"}, "not a number"),
        ({"origins": "France"}, "no country with its share"),
        ({"origins": "FR 60; CN 50"}, "at most 1"),
        ({"country": "France"}, "two letters"),
        ({"marks/quality": "11"}, "between 0 and the scale"),
        ({"marks/quality": ""}, "needs a mark"),
        ({"price": ""}, "missing"),
        ({"environment/carbon": "little"}, "not a number"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    reader: Client, lot: Lot, wrong: dict[str, str], sentence: str
) -> None:
    sent = typed([{**entry("Mine", "1,234.5"), **wrong}, entry("B", "1000"), entry("C", "999")])

    answer = reader.post(reverse("tenders:profiles", args=[lot.pk]), sent)

    assert answer.status_code == 200
    (name,) = wrong
    assert sentence in " ".join(answer.context["forms"].forms[0].errors[name])
    assert 'value="Mine"' in answer.content.decode()
    assert not Profile.objects.exists()


def test_too_few_bids_are_said_above_the_forms(reader: Client, lot: Lot) -> None:
    answer = reader.post(reverse("tenders:profiles", args=[lot.pk]), typed([entry("A", "1000")]))

    assert "3 to 8 profiles; there are 1" in answer.content.decode()
    assert 'value="A"' in answer.content.decode()


def test_bids_that_no_longer_fit_the_rules_are_said_to(reader: Client, lot: Lot, buyer: User) -> None:
    services.invent_profiles(lot=lot, profiles=THREE, by=buyer, at=NOW)
    price, quality, carbon = documents.criteria()
    changed(lot, buyer, criteria=[price, {**quality, "scale": "5"}, carbon])

    shown = page(reader, "method", lot)

    assert "no longer fit the rules" in shown
    assert "Record this check" not in shown


def test_a_published_lot_keeps_its_invented_bids_to_be_read(reader: Client, lot: Lot, buyer: User) -> None:
    services.invent_profiles(lot=lot, profiles=THREE, by=buyer, at=NOW)
    services.publish(tender=lot.tender, by=buyer, at=NOW)

    assert "(invented) wins with" in page(reader, "method", lot)
    assert reader.get(reverse("tenders:profiles", args=[lot.pk])).status_code == 302


def test_the_differences_add_up_to_the_lead(lot: Lot) -> None:
    found = check(lot, [*THREE, invented("Green", "1000", environment={"carbon": "0"})])

    assert sum(float(difference.points) for difference in found.differences) == pytest.approx(float(found.lead))
    assert found.weights[0] == ("Price", "60.00", "57.69")  # 60 / 104: the bonus is capped at 4


def test_each_loser_wins_at_the_price_said_and_not_one_cent_above(lot: Lot) -> None:
    profiles = [*THREE, invented("Green", "1010", environment={"carbon": "0"})]
    found = check(lot, profiles)

    for placed in found.ranking:
        if placed.won or placed.wins_at is None:
            continue
        place = int(placed.row["bid"]) - 1
        cents = int(placed.wins_at * 100)
        assert winner_at(lot, profiles, place, cents) == placed.row["bid"]
        assert winner_at(lot, profiles, place, cents + 1) != placed.row["bid"]


def winner_at(lot: Lot, profiles: list[dict[str, Any]], place: int, cents: int) -> str | None:
    """Who wins when one of the profiles costs so many cents: evaluated anew from its document."""
    changed_one = {**profiles[place], "price": f"{cents // 100}.{cents % 100:02}"}
    tried = [*profiles[:place], changed_one, *profiles[place + 1 :]]
    case: Case = read_case(check(lot, tried).document)
    winner = winner_of(case)
    return winner.id if winner else None


def test_the_bonus_is_worth_what_it_lets_its_bid_be_dearer(lot: Lot) -> None:
    twins = [invented("Green", "1000", environment={"carbon": "0"}), invented("Grey", "999"), invented("Other", "1300")]
    green, grey, _other = check(lot, twins).ranking

    assert (green.name, green.won) == ("Green (invented)", True)
    assert Decimal(green.bonus_worth) > 0
    assert Decimal(grey.bonus_worth) < 0


def test_ties_withdrawals_and_low_prices_are_told(lot: Lot) -> None:
    same = [invented(name, "1000") for name in ("A", "B", "C")]
    low = [invented("Low", "500"), *[invented(name, "1000", "9") for name in ("A", "B")]]

    assert check(lot, same).winner is None
    assert check(lot, same).winner_at_equal_prices == ""
    assert [name for name, _threshold in check(lot, low).alerts] == ["Low (invented)"]
    low_prices = [finding["severity"] for finding in check(lot, low).findings if finding["code"] == "abnormally-low"]
    assert low_prices == ["warn"]  # nobody waits for the explanations of an invented price
    assert check(lot, THREE).kept_at_twice == "0.5000"


def test_an_eliminated_bid_is_told_with_its_reason(lot: Lot) -> None:
    found = check(lot, [*THREE, invented("Poor", "800", "1")])

    assert found.excluded == [("Poor (invented)", "its mark is under the eliminating one of Technical value")]
    assert len(found.ranking) == 3


def test_the_pages_take_the_same_queries_for_three_bids_and_for_eight(reader: Client, lot: Lot, buyer: User) -> None:
    def queries(number: int) -> int:
        bids = [invented(f"bid {place}", f"{1000 + place}") for place in range(number)]
        services.invent_profiles(lot=lot, profiles=bids, by=buyer, at=NOW)
        with CaptureQueriesContext(connection) as captured:
            page(reader, "method", lot)
        return len(captured)

    assert queries(3) == queries(8)
