"""Loads the demonstration into an empty portal."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from procurement.interchange.demonstration.life import Event, Procedure
from procurement.interchange.demonstration.past_lots import PROVENANCE, past_lots
from procurement.interchange.demonstration.reading import procedures, read
from procurement.people import services as people
from procurement.people.models import Hospital, HospitalGroup, User
from procurement.people.roles import Role
from procurement.policies import services as policies
from procurement.registry import services as registry
from procurement.simulation.models import ArchiveSnapshot
from procurement.simulation.services import keep_snapshot

PASSWORD = "a long demonstration password"  # noqa: S105 – invented people of an invented hospital, printed at each start
PARIS = ZoneInfo("Europe/Paris")
REGISTERED_AT = datetime(2026, 1, 12, 9, 0, tzinfo=PARIS)
# The day from which an environmental criterion is required: before it, the 2026 rules have no legal value to rest on.
POLICIES_AT = datetime(2026, 8, 21, 8, 0, tzinfo=PARIS)


class AlreadyInUse(Exception):
    """The portal already has people of its own: the demonstration is only loaded into an empty one."""


class OlderDemonstration(Exception):
    """The demonstration that is there was loaded before these usernames belonged to it; it stays as it is."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))


@transaction.atomic
def load() -> bool:
    """Load everything or nothing. False when the demonstration is already there.

    Raises OlderDemonstration when an older one is, AlreadyInUse when the portal has other people.
    """
    story = read("people.yaml")
    names = [person["username"] for person in story["people"]]
    known = set(User.objects.values_list("username", flat=True))
    missing = [name for name in names if name not in known]
    if not missing:
        return False
    # The FINESS numbers belong to no establishment: who has one of them has a demonstration.
    if Hospital.objects.filter(finess__in=[hospital["finess"] for hospital in story["hospitals"]]).exists():
        raise OlderDemonstration(missing)
    if known:
        raise AlreadyInUse
    persons = _people(story)
    for supplier in read("suppliers.yaml"):
        registry.register_supplier(
            name=supplier["name"],
            address_country=supplier["address"],
            operator_country=supplier["operator"],
            operator_origin_basis=supplier["basis"],
            **{name: supplier[name] for name in ("evidence", "reference", "found_on") if name in supplier},
            by=persons["buyer"],
            at=REGISTERED_AT,
        )
    _lives(persons)
    keep_snapshot(
        rows=past_lots(), provenance=PROVENANCE, source=ArchiveSnapshot.Source.DEMONSTRATION, by=persons["policy"]
    )
    return True


def _people(story: dict[str, Any]) -> dict[str, User]:
    first = next(person for person in story["people"] if person["role"] == Role.ADMINISTRATOR)
    administrator = _person(first, by=None)
    group = people.register_group(name=story["group"], by=administrator)
    hospitals = {
        hospital["finess"]: people.register_hospital(
            name=hospital["name"],
            finess=hospital["finess"],
            town=hospital["town"],
            group=group if hospital["member"] else None,
            by=administrator,
        )
        for hospital in story["hospitals"]
    }
    persons = {first["username"]: administrator}
    for person in story["people"]:
        if person is not first:
            persons[person["username"]] = _member(person, group, hospitals, administrator)
    mandate = story["mandate"]
    people.give_mandate(
        auditor=persons[mandate["auditor"]],
        hospitals=[hospitals[finess] for finess in mandate["hospitals"]],
        starts_on=mandate["starts_on"],
        ends_on=mandate["ends_on"],
        reference=mandate["reference"],
        by=administrator,
    )
    return persons


def _person(person: dict[str, Any], *, by: User | None) -> User:
    profile = {name: person[name] for name in ("username", "first_name", "last_name")}
    return people.create_person(role=person["role"], password=PASSWORD, by=by, **profile)[0]


def _member(person: dict[str, Any], group: HospitalGroup, hospitals: dict[str, Hospital], administrator: User) -> User:
    user = _person(person, by=administrator)
    works_for = person.get("works_for")
    if works_for == "group":
        people.join(person=user, group=group, by=administrator)
    elif works_for:
        people.join(person=user, hospital=hospitals[works_for], by=administrator)
    return user


def _lives(persons: dict[str, User]) -> None:
    """The policies and every procedure step by step, all of them in the order of time."""

    def seed_policies(at: datetime) -> None:
        policies.seed(drafter=persons["policy"], approver=persons["policy2"], at=at)

    events: list[Event] = [(POLICIES_AT, seed_policies)]
    for story in procedures():
        events += Procedure(story, buyer=persons[story.get("by", "buyer")]).events()
    for at, step in sorted(events, key=lambda event: event[0]):
        step(at)
