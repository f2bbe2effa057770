"""The record is narrowed by the words its page shows, in the language it is read in, or by its codes."""

import pytest
from django.test import Client
from django.utils import translation

from procurement.ledger import services as ledger
from procurement.ledger.models import Line
from procurement.people.line_search import about, by, doing
from procurement.people.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(buyer: User) -> User:
    """Four lines by Zoé Kléber and the software, about two lots and a person."""
    zoe = UserFactory(first_name="Zoé", last_name="Kléber", username="zk")
    ledger.record("lot.awarded", "tenders.Lot:1", by=zoe)
    ledger.record("lot.read", "tenders.Lot:12", by=zoe)
    ledger.record("award.refused", "tenders.Lot:12", by=zoe)
    ledger.record("person.logged_in", f"people.User:{zoe.pk}", by=None)
    return zoe


def actions(found: object) -> list[str]:
    return list(Line.objects.filter(found).order_by("sequence").values_list("action", flat=True))


def test_a_deed_is_found_by_its_words_in_either_language_and_by_its_code(lines: User) -> None:
    with translation.override("en"):
        assert actions(doing("Awarded the lot")) == ["lot.awarded"]
        assert actions(doing("was refused")) == ["award.refused"]
        assert actions(doing("lot.")) == ["lot.awarded", "lot.read"]
        assert actions(doing("read")) == ["lot.read"]
        assert actions(doing("no such deed")) == []
    with translation.override("fr"):
        assert actions(doing("a ouvert une session")) == ["person.logged_in"]
        assert actions(doing("a consulté")) == ["lot.read"]


def test_a_thing_is_found_by_its_name_and_number_and_its_number_is_whole(lines: User) -> None:
    with translation.override("en"):
        assert actions(about("lot 1")) == actions(about("tenders.Lot:1")) == ["lot.awarded"]
        assert actions(about("Lot 12")) == ["lot.read", "award.refused"]
        assert actions(about("lot")) == actions(about("tenders.Lot")) == ["lot.awarded", "lot.read", "award.refused"]
        assert actions(about("12")) == actions(about("nothing of the kind")) == []
    with translation.override("fr"):
        assert actions(about(f"personne {lines.pk}")) == ["person.logged_in"]


def test_a_person_is_found_by_any_part_of_the_name_and_the_software_by_its_own(lines: User) -> None:
    with translation.override("en"):
        assert len(actions(by("kléber zoé"))) == len(actions(by("zk"))) == 3
        assert actions(by("software")) == ["person.logged_in"]
        assert actions(by("nobody at all")) == []


def test_the_page_of_the_record_takes_all_three(administrator: User, client: Client, lines: User) -> None:
    client.force_login(administrator)
    found = client.get("/record/", {"who": "software", "action": "logged in", "object": f"person {lines.pk}"})
    assert [line.action for line in found.context["page"]] == ["person.logged_in"]
