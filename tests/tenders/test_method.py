"""Trying the rules of a draft on invented bids: what is kept, refused and recorded."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.policies.models import PolicyVersion
from procurement.tenders import services
from procurement.tenders.models import Lot, Profile, Tender
from procurement.tenders.profiles import digest, proposed
from scoring.canonical import sha256
from tests.tenders import documents
from tests.tenders.conftest import NOW, problems

RANGE = {"low": "900", "high": "1400"}


def invented(name: str, price: str, quality: str = "5", **more: Any) -> dict[str, Any]:
    return {"name": name, "price": price, "marks": {"quality": quality, "carbon": "3"}, **more}


THREE = [invented("Alder", "900"), invented("Birch", "1000"), invented("Cedar", "1200", "9")]


def changed(lot: Lot, buyer: User, **changes: Any) -> Lot:
    services.change_lot(lot=lot, document=documents.lot(plausible_prices=RANGE, **changes), by=buyer, at=NOW)
    return Lot.objects.for_rules().get(pk=lot.pk)


@pytest.fixture
def drafted(draft: Tender, buyer: User) -> Lot:
    return changed(draft.lots.get(), buyer)


def test_profiles_are_kept_in_their_order_and_recorded_by_their_digest(drafted: Lot, buyer: User) -> None:
    services.invent_profiles(lot=drafted, profiles=THREE, by=buyer, at=NOW)
    services.invent_profiles(lot=drafted, profiles=THREE[::-1], by=buyer, at=NOW)

    assert [profile.document for profile in drafted.profiles.all()] == THREE[::-1]
    assert [str(profile) for profile in Profile.objects.visible_to(buyer)] == ["Cedar", "Birch", "Alder"]
    line = Line.objects.latest("sequence")
    assert (line.action, line.after) == ("lot.profiles_invented", sha256(THREE[::-1]))


@pytest.mark.parametrize(
    ("profiles", "pointer", "sentence"),
    [
        (THREE[:2], "", "3 to 8 profiles; there are 2"),
        (THREE * 3, "", "3 to 8 profiles; there are 9"),
        ([*THREE, invented("", "1000")], "/3/name", "1 to 120"),
        ([*THREE, invented("Free", "0")], "/3/price", "greater than 0"),
        ([*THREE, invented("Too good", "1000", "11")], "/3/marks/quality", "between 0 and the scale, 10"),
        ([*THREE, {"name": "Unmarked", "price": "1000"}], "/3/marks/quality", "needs a mark"),
        ([*THREE, invented("Elsewhere", "1000", country="XX")], "/3/country", "XX"),
        (
            [*THREE, invented("Mixed", "1000", origins=[{"country": "FR", "share": "1.2"}])],
            "/3/origins",
            "at most 1",
        ),
        ({"name": "One"}, "", "list"),
    ],
)
def test_a_profile_that_is_no_bid_of_these_rules_is_refused_at_its_place(
    drafted: Lot, buyer: User, profiles: Any, pointer: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        services.invent_profiles(lot=drafted, profiles=profiles, by=buyer, at=NOW)

    assert sentence in problems(refusal)[pointer]
    assert not Profile.objects.exists()


def test_a_check_is_recorded_with_the_digest_of_rules_and_profiles(drafted: Lot, buyer: User) -> None:
    services.invent_profiles(lot=drafted, profiles=THREE, by=buyer, at=NOW)

    services.check_method(lot=drafted, by=buyer, at=NOW)

    line = Line.objects.latest("sequence")
    assert (line.action, line.after) == ("lot.method_checked", digest(drafted, THREE))


def test_the_digest_of_a_check_changes_with_the_rules_and_with_the_profiles(drafted: Lot, buyer: User) -> None:
    before = digest(drafted, THREE)

    assert digest(drafted, THREE[::-1]) != before
    assert digest(changed(drafted, buyer, rounding={"decimals": 3}), THREE) != before
    assert digest(changed(drafted, buyer), THREE) == before


def test_profiles_that_no_longer_fit_the_rules_check_nothing(drafted: Lot, buyer: User) -> None:
    services.invent_profiles(lot=drafted, profiles=THREE, by=buyer, at=NOW)
    price, quality, carbon = documents.criteria()
    lot = changed(drafted, buyer, criteria=[price, {**quality, "scale": "5", "minimum": "0"}, carbon])

    with pytest.raises(Invalid, match="scale, 5"):
        services.check_method(lot=lot, by=buyer, at=NOW)
    assert not Line.objects.filter(action="lot.method_checked").exists()


def test_once_the_rules_are_published_nothing_is_invented_or_checked(published: Tender, buyer: User) -> None:
    lot = published.lots.get()

    with pytest.raises(Refused, match="published"):
        services.invent_profiles(lot=lot, profiles=THREE, by=buyer, at=NOW)
    with pytest.raises(Refused, match="published"):
        services.check_method(lot=lot, by=buyer, at=NOW)


def test_a_stranger_invents_nothing_and_sees_no_profile(drafted: Lot, buyer: User, stranger: User) -> None:
    services.invent_profiles(lot=drafted, profiles=THREE, by=buyer, at=NOW)

    with pytest.raises(PermissionDenied):
        services.invent_profiles(lot=drafted, profiles=THREE, by=stranger, at=NOW)
    with pytest.raises(PermissionDenied):
        services.check_method(lot=drafted, by=stranger, at=NOW)
    assert not Profile.objects.visible_to(stranger).exists()


def test_the_proposed_profiles_are_the_same_each_time_and_fit_the_rules(
    drafted: Lot, buyer: User, policy: PolicyVersion
) -> None:
    lot = changed(drafted, buyer, policy={"id": "environment-2026", "version": 1})

    six = proposed(lot)

    assert six == proposed(lot)
    assert [profile["price"] for profile in six] == ["900", "1400", "1150", "950", "1100", "1250"]
    assert six[0]["marks"] == {"quality": "3", "carbon": "1.5"}
    assert six[5]["marks"] == {"quality": "6", "carbon": "5"}
    assert six[5]["environment"] == {"carbon": "0"}  # the least carbon counts for most
    assert six[3]["origins"] == [{"country": "CN", "share": "1"}]
    assert six[4]["origins"] == []
    services.invent_profiles(lot=lot, profiles=six, by=buyer, at=NOW)


def test_the_poorest_profile_keeps_above_an_eliminating_mark_and_a_cost_has_its_figure(
    drafted: Lot, buyer: User
) -> None:
    price, quality, carbon = documents.criteria()
    cost = {**price, "id": "cost", "kind": "cost"}
    lot = changed(drafted, buyer, criteria=[cost, {**quality, "minimum": "4"}, carbon])

    six = proposed(lot)

    assert six[0]["marks"]["quality"] == "4"
    assert [profile["cost"] for profile in six] == [profile["price"] for profile in six]
    services.invent_profiles(lot=lot, profiles=six, by=buyer, at=NOW)


def test_without_plausible_prices_nothing_is_proposed(draft: Tender) -> None:
    with pytest.raises(Refused, match="which prices are plausible"):
        proposed(draft.lots.get())
