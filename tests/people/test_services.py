"""Accounts, roles, workplaces and mandates: each change by an administrator, each with its line."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client

from procurement.ledger.models import Line
from procurement.ledger.reasons import texts_of
from procurement.people import services
from procurement.people.models import Hospital, Mandate, Membership, Token, User
from procurement.people.refusals import Invalid, Refused
from procurement.people.roles import Role
from procurement.people.scope import hospitals_of
from tests.factories import HospitalFactory, HospitalGroupFactory

YEAR = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}


def last_action() -> str:
    return Line.objects.latest("sequence").action


def test_a_person_is_created_with_a_password_to_be_changed(administrator: User) -> None:
    person, password = services.create_person(username="henry", role=Role.BUYER, language="en", by=administrator)
    assert person.check_password(password)
    assert person.password_is_temporary
    assert len(password) >= 16
    assert last_action() == "person.created"


def test_only_an_administrator_creates_people(buyer: User) -> None:
    with pytest.raises(PermissionDenied):
        services.create_person(username="henry", role=Role.BUYER, by=buyer)
    assert not User.objects.filter(username="henry").exists()


def test_a_taken_name_is_refused_in_words_and_nothing_is_saved(administrator: User, buyer: User) -> None:
    with pytest.raises(Invalid) as refusal:
        services.create_person(username="morel", role=Role.BUYER, by=administrator)
    assert [line["pointer"] for line in refusal.value.details] == ["/username"]
    assert User.objects.count() == 2
    assert not Line.objects.exists()


def test_an_unknown_role_is_refused(administrator: User) -> None:
    with pytest.raises(Invalid) as refusal:
        services.create_person(username="henry", role="king", by=administrator)
    assert refusal.value.details[0]["pointer"] == "/role"


def test_a_changed_role_ends_what_belonged_to_the_former_one(administrator: User, buyer: User) -> None:
    services.join(person=buyer, hospital=HospitalFactory(), by=administrator)
    services.change_role(person=buyer, role=Role.AUDITOR, by=administrator)
    assert not Membership.objects.exists()
    services.give_mandate(auditor=buyer, hospitals=[HospitalFactory()], **YEAR, reference="CRC 1", by=administrator)
    services.change_role(person=buyer, role=Role.BUYER, by=administrator)
    assert not Mandate.objects.exists()


def test_an_administrator_cannot_shut_himself_out(administrator: User) -> None:
    for verb in (services.deactivate, services.renew_password):
        with pytest.raises(Refused, match="another administrator"):
            verb(person=administrator, by=administrator)
    with pytest.raises(Refused, match="another administrator"):
        services.change_role(person=administrator, role=Role.BUYER, by=administrator)


def test_a_closed_account_loses_its_tokens(administrator: User, buyer: User) -> None:
    services.create_token(name="spreadsheet", by=buyer)
    services.deactivate(person=buyer, by=administrator)
    assert not Token.objects.exists()
    services.reactivate(person=buyer, by=administrator)
    buyer.refresh_from_db()
    assert buyer.is_active


def test_a_session_from_before_the_closing_stays_ended(administrator: User, buyer: User) -> None:
    client = Client()
    client.force_login(buyer)
    services.deactivate(person=buyer, by=administrator)
    given = services.reactivate(person=buyer, by=administrator)
    assert client.get("/")["Location"] == "/login/?next=/"
    buyer.refresh_from_db()
    assert buyer.check_password(given)
    assert buyer.password_is_temporary


def test_a_buyer_of_a_group_works_for_every_hospital_of_it(administrator: User, buyer: User) -> None:
    group = HospitalGroupFactory()
    members = HospitalFactory.create_batch(2, group=group)
    own = HospitalFactory()
    HospitalFactory()
    services.join(person=buyer, group=group, by=administrator)
    membership = services.join(person=buyer, hospital=own, by=administrator)
    assert set(hospitals_of(buyer)) == {*members, own}
    services.leave(membership=membership, by=administrator)
    assert set(hospitals_of(buyer)) == set(members)


def test_a_place_is_a_hospital_or_a_group_and_given_once(administrator: User, buyer: User) -> None:
    hospital = HospitalFactory()
    services.join(person=buyer, hospital=hospital, by=administrator)
    for place in ({"hospital": hospital}, {}, {"hospital": hospital, "group": HospitalGroupFactory()}):
        with pytest.raises(Invalid):
            services.join(person=buyer, **place, by=administrator)
    assert Membership.objects.count() == 1


def test_only_a_buyer_joins_and_only_an_auditor_has_a_mandate(administrator: User, buyer: User, auditor: User) -> None:
    with pytest.raises(Refused, match="Only a buyer"):
        services.join(person=auditor, hospital=HospitalFactory(), by=administrator)
    with pytest.raises(Refused, match="Only an auditor"):
        services.give_mandate(auditor=buyer, hospitals=[HospitalFactory()], **YEAR, reference="1", by=administrator)


def test_a_mandate_names_a_hospital_and_ends_after_it_starts(administrator: User, auditor: User) -> None:
    with pytest.raises(Invalid, match="at least one hospital"):
        services.give_mandate(auditor=auditor, hospitals=[], **YEAR, reference="1", by=administrator)
    backwards = {"starts_on": YEAR["ends_on"], "ends_on": YEAR["starts_on"]}
    with pytest.raises(Invalid):
        services.give_mandate(
            auditor=auditor, hospitals=[HospitalFactory()], **backwards, reference="1", by=administrator
        )
    assert not Mandate.objects.exists()


def test_a_hospital_is_known_by_its_finess_number(administrator: User) -> None:
    services.register_hospital(name="CHU", finess="440000289", by=administrator)
    with pytest.raises(Invalid) as refusal:
        services.register_hospital(name="CHU", finess="44", by=administrator)
    assert refusal.value.details[0]["pointer"] == "/finess"


def test_the_command_makes_the_first_administrator(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_person", "roy", role="administrator")
    person = User.objects.get(username="roy")
    password = capsys.readouterr().out.split("password ")[1].split()[0]
    assert person.check_password(password)
    assert person.role == Role.ADMINISTRATOR
    with pytest.raises(CommandError):
        call_command("create_person", "roy", role="administrator")


def test_nothing_changes_when_its_line_cannot_be_written(
    administrator: User, buyer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("the record is full")

    monkeypatch.setattr("procurement.people.services.ledger.record", broken)
    with pytest.raises(RuntimeError, match="full"):
        services.change_role(person=buyer, role=Role.AUDITOR, by=administrator)
    buyer.refresh_from_db()
    assert buyer.role == Role.BUYER


def registered(**written: object) -> dict[str, object]:
    return {"name": "CHU", "finess": "440000289", "siret": "", "town": "Nantes", "group": None, **written}


def test_a_registered_hospital_is_corrected_and_the_record_has_both_writings(administrator: User) -> None:
    hospital = services.register_hospital(**registered(), by=administrator)
    group = services.register_group(name="GHT 44", by=administrator)
    services.correct_hospital(hospital=hospital, **registered(name="CHU de Nantes", group=group), by=administrator)

    assert (hospital.name, hospital.group) == ("CHU de Nantes", group)
    line = Line.objects.latest("sequence")
    assert (line.action, texts_of([line])[line.reason]) == (
        "hospital.corrected",
        "440000289, CHU, Nantes → 440000289, CHU de Nantes, Nantes, GHT 44",
    )
    assert len({line.before, line.after, ""}) == 3


def test_a_correction_that_cannot_stand_leaves_the_hospital_as_it_was(administrator: User, buyer: User) -> None:
    hospital = services.register_hospital(**registered(), by=administrator)
    services.register_hospital(**registered(finess="440000297"), by=administrator)
    for wrong in ({"finess": "44"}, {"finess": "440000297"}, {"siret": "264 400"}, {"name": ""}):
        with pytest.raises(Invalid):
            services.correct_hospital(hospital=hospital, **registered(**wrong), by=administrator)
    with pytest.raises(Refused, match="Nothing was changed"):
        services.correct_hospital(hospital=hospital, **registered(), by=administrator)
    with pytest.raises(PermissionDenied):
        services.correct_hospital(hospital=hospital, **registered(name="Mine"), by=buyer)

    assert Hospital.objects.get(pk=hospital.pk).finess == "440000289"
    assert not Line.objects.filter(action="hospital.corrected").exists()
