"""The pages of procedures: what is listed, filtered, shown, and done from them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from procurement.people.models import Hospital, Mandate, User
from procurement.people.roles import Role
from procurement.policies.models import PolicyVersion
from procurement.tenders import present
from procurement.tenders.models import Lot, Stage, Tender
from procurement.tenders.services import draft_tender, publish, settle
from scoring.formulas import FORMULAS
from tests.factories import UserFactory
from tests.tenders import documents
from tests.tenders.conftest import NOW, auditor_of

LIST = reverse("tenders:list")


@pytest.fixture
def reader(client: Client, buyer: User) -> Client:
    client.force_login(buyer)
    return client


def several(buyer: User, number: int) -> list[Tender]:
    return [draft_tender(document=documents.tender(reference=f"R{n:02}"), by=buyer, at=NOW) for n in range(number)]


def references(client: Client, **query: Any) -> list[str]:
    response = client.get(LIST, query)
    assert response.status_code == 200
    return [tender.reference for tender in response.context["page"]]


def test_an_empty_list_says_what_it_will_hold_and_what_to_do(reader: Client) -> None:
    page = reader.get(LIST).content.decode()

    assert "will be listed here" in page
    assert reverse("tenders:draft") in page


def test_a_buyer_lists_the_procedures_of_his_hospitals_alone(reader: Client, draft: Tender, stranger: User) -> None:
    theirs = documents.tender(reference="secret", contracting_body="000000009", lots=[others_lot()])
    draft_tender(document=theirs, by=stranger, at=NOW)

    assert references(reader) == ["2026-014"]
    assert references(reader, search="secret") == []
    assert b"CHU Lille" not in reader.get(LIST).content


def others_lot() -> dict[str, Any]:
    item = {"id": "pump", "designation": "Infusion pump", "unit": "pump", "needs": {"000000009": "3"}}
    return documents.lot(title="Pumps", items=[item])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"stage": "draft"}, ["A", "T"]),
        ({"stage": "opened"}, []),
        ({"cpv": "3314"}, ["B", "T"]),
        ({"cpv": "181"}, ["A"]),
        ({"cpv": "336"}, ["B"]),
        ({"year": "2025"}, ["A"]),
        ({"launched_from": "2026-08-21"}, ["B", "T"]),
        ({"launched_until": "2025-12-31"}, ["A"]),
        ({"training": "true"}, ["T"]),
        ({"training": "false"}, ["A", "B"]),
        ({"search": "lot of medicines"}, ["B"]),
        ({"search": "ANAESTHESIA"}, ["A"]),
        ({"ordering": "reference"}, ["A", "B", "T"]),
        ({"ordering": "-reference"}, ["T", "B", "A"]),
        ({"ordering": "estimated_value"}, ["B", "T", "A"]),
        ({"ordering": "-launched_on"}, ["B", "T", "A"]),
        ({"ordering": "-stage"}, ["B", "T", "A"]),
        ({"year": "9" * 30}, ["B", "T", "A"]),
        ({"cpv": "\x00", "search": "\x00", "ordering": "drop table"}, ["B", "T", "A"]),
    ],
)
def test_the_list_is_filtered_and_ordered_by_its_address(
    reader: Client, buyer: User, query: dict[str, str], found: list[str]
) -> None:
    common = {"title": "Anaesthesia", "cpv": "18143000", "launched_on": "2025-03-01", "estimated_value": "900000"}
    draft_tender(document=documents.tender(reference="A", **common), by=buyer, at=NOW)
    medicines = [documents.lot(title="Lot of medicines", cpv="33600000")]
    tender = draft_tender(
        document=documents.tender(reference="B", launched_on="2026-09-15", estimated_value="5", lots=medicines),
        by=buyer,
        at=NOW,
    )
    publish(tender=tender, by=buyer, at=NOW)
    draft_tender(document=documents.tender(reference="T", training=True), by=buyer, at=NOW)

    listed = references(reader, **query)

    assert listed == found if "ordering" in query else sorted(listed) == sorted(found)


def test_the_filter_offers_and_accepts_no_hospital_of_others(
    reader: Client, draft: Tender, hospital: Hospital, stranger: User
) -> None:
    other = Hospital.objects.get(finess="000000009")

    assert references(reader, contracting_body=hospital.pk) == ["2026-014"]
    offered = reader.get(LIST).context["filter"].form.fields["contracting_body"].queryset
    assert list(offered) == [hospital]
    invisible = reader.get(LIST, {"contracting_body": other.pk})
    absent = reader.get(LIST, {"contracting_body": 10**6})
    assert invisible.context["filter"].errors == absent.context["filter"].errors != {}
    assert [tender.reference for tender in invisible.context["page"]] == ["2026-014"]


def test_pages_hold_25_and_keep_the_filter_in_the_address(reader: Client, buyer: User) -> None:
    several(buyer, 26)

    response = reader.get(LIST, {"stage": "draft", "ordering": "reference", "page": "2"})

    assert [tender.reference for tender in response.context["page"]] == ["R25"]
    assert "stage=draft" in response.content.decode()
    assert len(references(reader, page="none")) == 25


def test_the_list_takes_the_same_queries_for_one_and_for_ten(reader: Client, buyer: User, queries: Any) -> None:
    several(buyer, 1)
    one = queries(lambda: reader.get(LIST))
    several_more = [documents.tender(reference=f"S{n}", lots=[documents.lot()] * 2) for n in range(9)]
    for document in several_more:
        draft_tender(document=document, by=buyer, at=NOW)

    assert queries(lambda: reader.get(LIST)) == one


def test_a_tender_shows_who_buys_what_and_how_it_is_judged(reader: Client, published: Tender) -> None:
    page = reader.get(reverse("tenders:tender", args=[published.pk])).content.decode()

    for said in (
        "CHU Nantes",
        "at most €800,000.50",
        "48 months",
        "1 holder",
        "1 September 2026",
        "33140000",
        "Technical value",
        "in proportion to the lowest price",
        "the lower price, the higher environmental quality",
        "CH Ancenis",
        "9.5",
        published.lots.get().rules_sha256,
    ):
        assert said in page


def test_the_page_of_a_tender_takes_the_same_queries_for_one_lot_and_for_ten(
    reader: Client, buyer: User, queries: Any
) -> None:
    counts = []
    for number in (1, 10):
        document = documents.tender(reference=f"R{number}", lots=[documents.lot() for _lot in range(number)])
        tender = draft_tender(document=document, by=buyer, at=NOW)
        address = reverse("tenders:tender", args=[tender.pk])
        counts.append(queries(lambda address=address: reader.get(address)))

    assert counts[0] == counts[1] <= 20


def test_the_rules_of_a_long_procedure_are_read_ten_lots_at_a_time(reader: Client, buyer: User) -> None:
    lots = [documents.lot(title=f"Masks of size {number}") for number in range(1, 12)]
    address = draft_page(draft_tender(document=documents.tender(lots=lots), by=buyer, at=NOW))

    first, second = (reader.get(address, {"page": page}).content.decode() for page in (1, 2))

    assert all(f"{number}. Masks of size {number}" in page for page in (first, second) for number in range(1, 12))
    assert 'id="lot-10"' in first
    assert 'id="lot-11"' not in first
    assert 'href="?page=2#lot-11"' in first
    assert 'id="lot-11"' in second
    assert 'id="lot-10"' not in second


def test_ten_lots_stand_on_one_page_without_a_way_to_others(reader: Client, buyer: User) -> None:
    tender = draft_tender(document=documents.tender(lots=[documents.lot()] * 10), by=buyer, at=NOW)

    page = reader.get(draft_page(tender)).content.decode()

    assert 'id="lot-10"' in page
    assert "?page=" not in page


def test_what_blocks_a_lot_of_a_later_page_is_said_on_the_first(reader: Client, buyer: User) -> None:
    price = [{"id": "price", "title": "Price", "kind": "price", "weight": "100", "formula": "lowest_ratio"}]
    lots = [*[documents.lot()] * 10, documents.lot(criteria=price)]
    tender = draft_tender(document=documents.tender(lots=lots), by=buyer, at=NOW)

    page = reader.get(reverse("tenders:publish", args=[tender.pk]))

    assert [listed.blocks for listed in page.context["lots"]] == [*[0] * 10, 2]
    assert "What the checks say of every lot" in page.content.decode()
    assert "Publish and freeze" not in page.content.decode()
    assert "Price is the only criterion" not in page.content.decode()
    assert "Price is the only criterion" in reader.get(f"{page.wsgi_request.path}?page=2").content.decode()


def test_the_page_of_a_publication_takes_the_same_queries_for_one_lot_and_for_twelve(
    reader: Client, buyer: User, queries: Any
) -> None:
    counts = []
    for number in (1, 12):
        document = documents.tender(reference=f"R{number}", lots=[documents.lot()] * number)
        address = reverse("tenders:publish", args=[draft_tender(document=document, by=buyer, at=NOW).pk])
        counts.append(queries(lambda address=address: reader.get(address)))

    assert counts[0] == counts[1] <= 20


def test_weights_are_shown_as_a_bonus_dilutes_them(buyer: User, policy: PolicyVersion) -> None:
    lot = documents.lot(policy={"id": "environment-2026", "version": 1})
    tender = draft_tender(document=documents.tender(lots=[lot]), by=buyer, at=NOW)

    shown = present.shown_rules(tender, present.lots_of(tender))[0]
    plain = draft_tender(document=documents.tender(reference="2"), by=buyer, at=NOW)

    # 60 / 104, 30 / 104 and 10 / 104: the bonus is capped at 4.
    assert [weighed.effective for weighed in shown.criteria] == ["57.69", "28.85", "9.62"]
    assert not present.shown_rules(plain, present.lots_of(plain))[0].diluted


def test_every_formula_has_its_name() -> None:
    assert set(present.FORMULAS) == set(FORMULAS)


@pytest.mark.parametrize(
    ("formula", "params", "said"),
    [
        ("lowest_ratio", {}, "in proportion to the lowest price"),
        (
            "absolute_linear",
            {"floor_price": "80.5", "ceiling": "1200"},
            "on a straight line from all at €80.50 to none at €1,200.00",
        ),
        ("linear_lowest", {"floor": "yes"}, "on a straight line from the lowest price"),
        ("linear_lowest", {"floor": "no"}, "on a straight line from the lowest price, and below zero beyond twice it"),
    ],
)
def test_the_prices_a_formula_was_fixed_with_are_shown(
    reader: Client, buyer: User, formula: str, params: dict[str, str], said: str
) -> None:
    price, *others = documents.lot()["criteria"]
    fixed = {**price, "formula": formula, "params": params}
    tender = draft_tender(document=documents.tender(lots=[documents.lot(criteria=[fixed, *others])]), by=buyer, at=NOW)

    assert f">{said}</td>" in reader.get(draft_page(tender)).content.decode()


def test_a_draft_is_published_after_it_was_read_again(reader: Client, draft: Tender) -> None:
    assert reverse("tenders:publish", args=[draft.pk]) in reader.get(draft_page(draft)).content.decode()
    confirmation = reader.get(reverse("tenders:publish", args=[draft.pk]))
    assert "cannot be undone" in confirmation.content.decode()
    assert Tender.objects.get().stage == Stage.DRAFT

    done = reader.post(reverse("tenders:publish", args=[draft.pk]), follow=True)

    assert "its rules no longer change" in done.content.decode()
    assert Tender.objects.get().stage == Stage.PUBLISHED
    assert reverse("tenders:open", args=[draft.pk]) in done.content.decode()


def test_a_draft_without_a_launch_date_is_published_with_the_one_given(reader: Client, buyer: User) -> None:
    tender = draft_tender(document=documents.tender(launched_on=None), by=buyer, at=NOW)
    address = reverse("tenders:publish", args=[tender.pk])

    missing = reader.post(address)
    assert missing.status_code == 200
    assert missing.context["form"].errors
    reader.post(address, {"launched_on": "2026-09-01"})

    assert str(Tender.objects.get().launched_on) == "2026-09-01"
    assert Lot.objects.get().rules["tender"]["launched_on"] == "2026-09-01"


def draft_page(tender: Tender) -> str:
    return reverse("tenders:tender", args=[tender.pk])


def test_what_blocks_a_publication_is_shown_and_leaves_no_button(reader: Client, buyer: User) -> None:
    price = [{"id": "price", "title": "Price", "kind": "price", "weight": "100", "formula": "lowest_ratio"}]
    tender = draft_tender(document=documents.tender(lots=[documents.lot(criteria=price)]), by=buyer, at=NOW)
    address = reverse("tenders:publish", args=[tender.pk])

    page = reader.get(address).content.decode()

    assert "Price is the only criterion" in page
    assert "Publish and freeze" not in page
    refused = reader.post(address)
    assert refused.status_code == 409
    assert "Price is the only criterion" in refused.content.decode()
    assert Tender.objects.get().stage == Stage.DRAFT


def test_bids_are_opened_after_it_was_read_again(reader: Client, published: Tender) -> None:
    address = reverse("tenders:open", args=[published.pk])

    assert "buyer profile" in reader.get(address).content.decode()
    done = reader.post(address, {"bids_due_at_0": "2026-10-01", "bids_due_at_1": "12:00"}, follow=True)

    assert Tender.objects.get().stage == Stage.OPENED
    assert "Enter the bids of lot 1" in done.content.decode()
    assert "1 October 2026, 12:00" in done.content.decode()
    assert reader.get(address).status_code == 302


def test_the_next_step_follows_the_lots(reader: Client, opened: Tender, buyer: User) -> None:
    for stage, label in ((Stage.EVALUATED, "Decide lot 1"), (Stage.AWARDED, None)):
        Lot.objects.update(stage=stage)
        settle(opened)
        step = reader.get(draft_page(opened)).context["step"]
        assert (step.label if step else None) == label


def test_a_training_copy_is_labelled_and_says_what_it_holds(reader: Client, opened: Tender) -> None:
    done = reader.post(reverse("tenders:training_copy", args=[opened.pk]), follow=True)
    page = done.content.decode()

    assert "Training copy" in page
    assert "Made from 2026-014" in page
    assert "real bids are copied only once every lot is decided" in page
    assert "Nothing on this page is a simulation; training copies are labelled." in reader.get(LIST).content.decode()


@pytest.mark.parametrize("name", ["tender", "publish", "open"])
def test_the_procedure_of_another_hospital_does_not_exist(
    client: Client, stranger: User, draft: Tender, name: str
) -> None:
    client.force_login(stranger)

    here = client.get(reverse(f"tenders:{name}", args=[draft.pk]))
    nowhere = client.get(reverse(f"tenders:{name}", args=[10**6]))

    assert here.status_code == nowhere.status_code == 404
    assert b"CHU Nantes" not in here.content
    assert client.post(reverse("tenders:training_copy", args=[draft.pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.POLICY_OFFICER, Role.ADMINISTRATOR])
def test_others_enter_no_procedure(client: Client, draft: Tender, role: Role) -> None:
    client.force_login(UserFactory(role=role))

    assert client.get(LIST).status_code == 403
    assert client.get(draft_page(draft)).status_code == 403


def test_an_auditor_reads_within_the_mandate_after_the_opening_and_does_nothing(
    client: Client, published: Tender, hospital: Hospital, buyer: User
) -> None:
    client.force_login(auditor_of(hospital))
    assert references(client) == []
    assert client.get(draft_page(published)).status_code == 404

    Tender.objects.update(stage=Stage.OPENED, opened_at=NOW)
    Lot.objects.update(stage=Stage.OPENED)

    assert references(client) == ["2026-014"]
    assert references(client, contracting_body=hospital.pk) == ["2026-014"]
    response = client.get(draft_page(published))
    assert response.context["step"] is None
    assert "Copy for training" not in response.content.decode()
    assert client.post(reverse("tenders:open", args=[published.pk])).status_code == 403


def test_an_auditor_reads_nothing_launched_outside_the_mandate(client: Client, opened: Tender, buyer: User) -> None:
    auditor = UserFactory(role=Role.AUDITOR)
    mandate = Mandate.objects.create(auditor=auditor, starts_on="2025-01-01", ends_on="2026-08-31", reference="M")
    mandate.hospitals.add(opened.contracting_body)
    client.force_login(auditor)

    assert references(client) == []
    assert client.get(draft_page(opened)).status_code == 404
