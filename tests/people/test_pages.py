"""The administrators' pages, and the pages of the record."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from procurement.ledger import services as ledger
from procurement.ledger.models import Line
from procurement.people.actions import page_of
from procurement.people.models import Hospital, HospitalGroup, Mandate, Membership, User
from procurement.people.roles import Role
from procurement.tenders.models import Stage, Tender
from tests.factories import HospitalFactory, MembershipFactory, UserFactory


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_new_person_s_password_is_shown_in_the_answer_and_never_again(office: Client) -> None:
    form = {"username": "henry", "first_name": "Paul", "last_name": "Henry", "role": "auditor", "language": "fr"}
    answer = office.post("/people/new/", form)
    person = User.objects.get(username="henry")
    assert person.check_password(answer.context["password"])
    assert answer.context["password"] in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert answer.context["password"] not in page(office, f"/people/{person.pk}/")


def test_a_person_with_a_taken_name_is_refused_beside_the_field(office: Client, buyer: User) -> None:
    answer = office.post("/people/new/", {"username": "morel", "role": "buyer", "language": "fr"})
    assert answer.context["form"].errors["username"]
    assert 'aria-invalid="true"' in answer.content.decode()


def test_a_buyer_is_given_a_place_and_loses_it(office: Client, buyer: User) -> None:
    hospital = HospitalFactory()
    office.post(f"/people/{buyer.pk}/join/", {"hospital": hospital.pk})
    membership = Membership.objects.get()
    assert membership.hospital == hospital
    office.post(f"/memberships/{membership.pk}/end/")
    assert not Membership.objects.exists()


def test_a_place_given_twice_or_not_at_all_comes_back_with_its_reason(office: Client, buyer: User) -> None:
    hospital = HospitalFactory()
    office.post(f"/people/{buyer.pk}/join/", {"hospital": hospital.pk})
    for entered in ({"hospital": hospital.pk}, {}):
        answer = office.post(f"/people/{buyer.pk}/join/", entered)
        assert answer.status_code == 400
        assert answer.context["membership_form"].non_field_errors()
    assert Membership.objects.count() == 1


def test_an_auditor_is_given_a_mandate_and_loses_it(office: Client, auditor: User) -> None:
    form = {
        "reference": "CRC 2026-114",
        "hospitals": [HospitalFactory().pk],
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
    }
    answer = office.post(f"/people/{auditor.pk}/mandate/", form | {"ends_on": "2025-12-31"})
    assert answer.context["mandate_form"].errors["ends_on"]
    office.post(f"/people/{auditor.pk}/mandate/", form)
    mandate = Mandate.objects.get()
    assert mandate.reference in page(office, f"/people/{auditor.pk}/")
    office.post(f"/mandates/{mandate.pk}/withdraw/")
    assert not Mandate.objects.exists()


def test_an_account_is_closed_opened_and_given_another_role(office: Client, buyer: User) -> None:
    office.post(f"/people/{buyer.pk}/deactivate/")
    buyer.refresh_from_db()
    assert not buyer.is_active
    office.post(f"/people/{buyer.pk}/reactivate/")
    office.post(f"/people/{buyer.pk}/role/", {"role": "auditor"})
    buyer.refresh_from_db()
    assert (buyer.is_active, buyer.role) == (True, Role.AUDITOR)


def test_an_unknown_role_comes_back_with_its_reason(office: Client, buyer: User) -> None:
    assert office.post(f"/people/{buyer.pk}/role/", {"role": "king"}).context["role_form"].errors["role"]


def test_a_new_password_is_handed_over(office: Client, buyer: User) -> None:
    given = office.post(f"/people/{buyer.pk}/password/").context["password"]
    buyer.refresh_from_db()
    assert buyer.check_password(given)
    assert buyer.password_is_temporary


def test_the_own_account_shows_no_way_to_close_it(office: Client, administrator: User) -> None:
    assert "deactivate" not in page(office, f"/people/{administrator.pk}/")
    assert office.post(f"/people/{administrator.pk}/deactivate/").status_code == 409


def test_people_are_found_by_name_and_role(office: Client, buyer: User, auditor: User) -> None:
    assert list(office.get("/people/?search=more").context["page"]) == [buyer]
    assert list(office.get("/people/?role=auditor").context["page"]) == [auditor]
    assert "Nobody has this name" in page(office, "/people/?search=nobody")


def test_a_hospital_is_corrected_on_its_own_page_and_what_is_wrong_stands_beside_its_field(office: Client) -> None:
    hospital = HospitalFactory(finess="440000289", name="CHU", town="")
    address = f"/hospitals/{hospital.pk}/"
    assert address in page(office, "/hospitals/")
    wrong = office.post(address, {"name": "CHU de Nantes", "finess": "44"})
    assert set(wrong.context["form"].errors) == {"finess"}
    same = office.post(address, {"name": "CHU", "finess": "440000289"}).content.decode()
    assert "Nothing was changed." in same

    office.post(address, {"name": "CHU de Nantes", "finess": "440000289"})
    hospital.refresh_from_db()
    assert hospital.name == "CHU de Nantes"
    assert "CHU, " not in page(office, "/hospitals/")
    assert "440000289, CHU → 440000289, CHU de Nantes" in page(office, "/record/")


def test_hospitals_and_groups_are_registered(office: Client) -> None:
    office.post("/hospitals/groups/new/", {"name": "GHT Loire"})
    group = HospitalGroup.objects.get()
    office.post("/hospitals/new/", {"name": "CHU", "finess": "440000289", "group": group.pk})
    assert Hospital.objects.get().group == group
    wrong = office.post("/hospitals/new/", {"name": "CHU", "finess": "44", "siret": "264 400"}).context["form"].errors
    assert wrong["finess"] == ["A FINESS number has 9 characters, digits or A and B: 440000289."]
    assert wrong["siret"] == ["A SIRET number has 14 digits without spaces: 26440013600471."]


def test_the_lists_ask_as_little_for_ten_as_for_one(
    office: Client, buyer: User, queries: Callable[[Callable[[], Any]], int]
) -> None:
    def of(address: str) -> int:
        return queries(lambda: page(office, address))

    def add(number: int) -> None:
        for _ in range(number):
            MembershipFactory()
            auditor = UserFactory(role=Role.AUDITOR)
            mandate = Mandate.objects.create(auditor=auditor, starts_on="2026-01-01", ends_on="2026-12-31")
            mandate.hospitals.add(HospitalFactory())

    add(1)
    addresses = ("/people/", "/hospitals/", "/record/", "/")
    with_one = [of(address) for address in addresses]
    add(9)
    assert [of(address) for address in addresses] == with_one


def test_what_hospitals_do_with_their_procedures_is_not_the_administrators_to_read(office: Client, buyer: User) -> None:
    ledger.record("lot.awarded", "tenders.Lot:12", by=buyer, reason="a secret of the hospital")
    assert "a secret of the hospital" not in page(office, "/record/")
    assert office.get("/record/1/").status_code == 404


def test_a_line_leads_to_what_it_is_about_where_its_reader_may_see_that(
    office: Client, administrator: User, auditor: User
) -> None:
    assert page_of("people.User:3", administrator) == "/people/3/"
    assert page_of("people.User:3", auditor) == ""
    assert page_of("tenders.Lot:12", auditor) == "/lots/12/"
    assert page_of("tenders.Lot:12", administrator) == ""
    assert page_of("ledger", auditor) == page_of("evaluation.Mark:1", auditor) == ""
    ledger.record("policy_version.retired", "policies.PolicyVersion:12", by=administrator)
    assert 'href="/policies/versions/12/"' in page(office, "/record/")


def test_the_record_narrows_by_action_object_and_day(office: Client, buyer: User) -> None:
    ledger.record("policy_version.retired", "policies.PolicyVersion:12", by=buyer)
    ledger.record("archive.imported", "simulation.ArchiveImport:3", by=buyer)
    narrowed = office.get("/record/?action=policy_version.").context["page"]
    assert [line.object for line in narrowed] == ["policies.PolicyVersion:12"]
    assert len(office.get("/record/?object=simulation.ArchiveImport").context["page"]) == 1
    assert len(office.get("/record/?since=2001-01-01").context["page"]) == 2
    assert "No line of the record" in page(office, "/record/?until=2001-01-01")


def test_the_record_says_who_did_what_in_words(office: Client, buyer: User) -> None:
    ledger.record("policy_version.retired", "policies.PolicyVersion:12", by=buyer)
    shown = page(office, "/record/")
    assert "Claire Morel" in shown
    assert "retired a version" in shown
    assert "policy version 12" in shown


def test_the_chain_is_checked_from_the_page(office: Client, buyer: User) -> None:
    ledger.record("policy_version.retired", "policies.PolicyVersion:12", by=buyer)
    assert "holds" in page(office, "/record/?check=1")


def test_a_line_changed_behind_the_portal_s_back_is_pointed_out(office: Client, buyer: User) -> None:
    line = ledger.record("policy_version.retired", "policies.PolicyVersion:12", by=buyer)
    forged = Line(**{field.name: getattr(line, field.name) for field in Line._meta.fields if field.name != "id"})
    forged.sequence, forged.previous, forged.hash = 2, line.hash, "f" * 64
    forged.save(force_insert=True)
    assert "Line 2: its content does not have its hash" in page(office, "/record/?check=1")
    assert "was changed outside" in page(office, "/record/2/")
    assert "is intact" in page(office, "/record/1/")
    assert office.get("/record/3/").status_code == 404


def test_an_auditor_reads_the_lines_of_the_mandate_and_no_other(client: Client, auditor: User) -> None:
    own, other = HospitalFactory(), HospitalFactory()
    mandate = Mandate.objects.create(auditor=auditor, starts_on="2026-01-01", ends_on="2026-12-31", reference="CRC 1")
    mandate.hospitals.add(own)
    for hospital in (own, other):
        buyer = MembershipFactory(hospital=hospital).user
        tender = Tender.objects.create(
            reference="2026-1",
            title="Gloves",
            contracting_body=hospital,
            procedure=Tender.Procedure.OPEN,
            launched_on="2026-03-01",
            cpv="33141420",
            stage=Stage.OPENED,
            drafted_by=buyer,
        )
        ledger.record("tender.opened", tender, by=buyer)
    client.force_login(auditor)
    read = client.get("/record/").context["page"]
    assert [line.object for line in read] == [f"tenders.Tender:{Tender.objects.get(contracting_body=own).pk}"]
    assert client.get("/record/1/").status_code == 200
    assert client.get("/record/2/").status_code == 404


@pytest.mark.parametrize(
    ("sent_from", "way_back"),
    [("http://testserver/people/", "http://testserver/people/"), ("http://elsewhere.example/", "/"), ("", "/")],
)
def test_a_refusal_shows_the_way_back_within_the_portal(
    office: Client, administrator: User, sent_from: str, way_back: str
) -> None:
    answer = office.post(f"/people/{administrator.pk}/deactivate/", headers={"referer": sent_from})
    assert answer.status_code == 409
    assert f'href="{way_back}"' in answer.content.decode().partition('role="alert"')[2]
