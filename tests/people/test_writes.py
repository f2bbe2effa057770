"""A service is done whole or not at all, and a refusal leaves its line once all of it is taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from procurement.ledger import services as ledger
from procurement.ledger.models import Line
from procurement.people import services, writes
from procurement.people.models import HospitalGroup, User
from procurement.people.refusals import Invalid, Refused, Stale
from procurement.people.writes import refusals_recorded, service
from tests.factories import HospitalGroupFactory
from tests.ledger.told import reason_of


@service
def rename(*, name: str, refusal: Exception | None, by: Any, group: HospitalGroup | None = None) -> HospitalGroup:
    added = HospitalGroup.objects.create(name=name)
    if refusal:
        raise refusal
    return added


@service
def rename_twice(*, refusal: Exception, by: Any) -> None:
    rename(name="GHT Loire", refusal=None, by=by)
    rename(name="GHT Sud", refusal=refusal, by=by)


def refused(verb: Any = rename, **given: Any) -> None:
    with pytest.raises(type(given["refusal"])):
        verb(**given)


def lines() -> list[tuple[str, str, str, str]]:
    ordered = Line.objects.order_by("sequence")
    return [(line.action, line.object, line.actor, reason_of(line)) for line in ordered]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", [Refused, PermissionDenied])
def test_a_refusal_is_recorded_after_everything_is_taken_back(kind: type[Exception]) -> None:
    buyer, group = User.objects.create(username="morel", role="buyer"), HospitalGroupFactory(name="GHT Nord")
    refused(name="GHT Loire", refusal=kind("Not this name."), group=group, by=buyer)
    assert list(HospitalGroup.objects.values_list("name", flat=True)) == ["GHT Nord"]
    actor, about = f"user:{buyer.pk}", f"people.HospitalGroup:{group.pk}"
    assert lines() == [("rename.refused", about, actor, "Not this name.")]


def test_what_goes_well_records_no_refusal(buyer: User) -> None:
    assert rename(name="GHT Loire", refusal=None, by=buyer).pk
    assert lines() == []


@pytest.mark.parametrize("kind", [Invalid, Stale])
def test_a_wrong_entry_and_a_race_are_no_refusals(buyer: User, kind: type[Refused]) -> None:
    refused(name="GHT Loire", refusal=kind("Not this name."), by=buyer)
    assert lines() == []


def test_a_failure_of_the_software_is_no_refusal(buyer: User) -> None:
    refused(name="GHT Loire", refusal=ZeroDivisionError(), by=buyer)
    assert lines() == []


@pytest.mark.parametrize("by", [None, AnonymousUser()])
def test_nobody_is_recorded_where_nobody_acts(db: None, by: Any) -> None:
    refused(name="GHT Loire", refusal=Refused("Not this name."), by=by)
    assert lines() == []


def test_a_service_within_a_service_is_recorded_as_the_outer_one(buyer: User) -> None:
    refused(rename_twice, refusal=Refused("Not this name."), by=buyer)
    assert [action for action, *_rest in lines()] == ["rename_twice.refused"]
    assert not HospitalGroup.objects.exists()


def test_a_refusal_that_the_outer_service_gets_over_is_not_recorded(buyer: User) -> None:
    @service
    def forgiving(*, by: User) -> None:
        refused(name="GHT Loire", refusal=Refused("Not this name."), by=by)
        rename(name="GHT Sud", refusal=None, by=by)

    forgiving(by=buyer)
    assert lines() == []
    assert HospitalGroup.objects.get().name == "GHT Sud"


def test_where_no_row_is_given_the_line_names_the_service(buyer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(name="GHT Loire", refusal=Refused("Not this name."), by=buyer)
    assert lines()[0][1] == "people.rename"  # the second part of the module's name: tests.people.test_writes


def test_the_first_of_several_rows_is_what_the_line_is_about(buyer: User) -> None:
    groups = HospitalGroupFactory.create_batch(2)

    @refusals_recorded
    def merge(*, groups: list[HospitalGroup], by: User) -> None:
        raise Refused("They are too different.")

    with pytest.raises(Refused):
        merge(groups=groups, by=buyer)
    assert lines()[0][1] == f"people.HospitalGroup:{groups[0].pk}"


def test_the_same_refusal_within_a_minute_leaves_one_line(
    buyer: User, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = HospitalGroupFactory.create_batch(2)

    def ask(group: HospitalGroup, by: User) -> None:
        refused(name="GHT Loire", refusal=Refused("Not this name."), group=group, by=by)

    for _ in range(5):
        ask(one, buyer)
    assert len(lines()) == 1
    ask(other, buyer)
    ask(one, administrator)
    assert len(lines()) == 3
    later = timezone.now() + writes.ONCE_IN + timedelta(seconds=1)
    monkeypatch.setattr("procurement.people.writes.timezone.now", lambda: later)
    ask(one, buyer)
    assert len(lines()) == 4


def test_a_sentence_that_quotes_what_no_database_keeps_is_recorded_without_it(buyer: User) -> None:
    refused(name="GHT Loire", refusal=Refused("No finding “a\0b\ud800c” blocks."), by=buyer)
    assert lines()[0][3] == "No finding “ab?c” blocks."


def test_the_line_of_a_refusal_is_chained_like_any_other(buyer: User, administrator: User) -> None:
    with pytest.raises(PermissionDenied):
        services.create_person(username="henry", role="buyer", by=buyer)
    with transaction.atomic():
        after = ledger.record("person.logged_in", buyer, by=buyer)
    assert after.previous == Line.objects.get(action="create_person.refused").hash
