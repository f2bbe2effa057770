"""A schedule names who makes the bid with its tenderer; what it says of them is shown, never taken for found."""

from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from procurement.people.models import User
from procurement.people.refusals import Invalid
from procurement.registry.models import Supplier
from procurement.registry.services import register_supplier
from procurement.tenders.models import Bid, Lot
from procurement.tenders.schedules import layout, read_schedule
from procurement.tenders.schedules.comparison import registered_members
from tests.tenders.conftest import problems
from tests.tenders.filled import OFFER, altered, as_ods, entries, filled, part_of

# Huaxia performs 30 % as a member; Nordmed is a subcontractor for 10 %.
TOGETHER: dict[str, Any] = OFFER | {
    "Members!B2": "joint and several: each member answers for the whole",
    "Members!A5": "Huaxia Imaging",
    "Members!D5": "member of the consortium",
    "Members!E5": 30,
    "Members!F5": "CN",
    "Members!G5": "law of constitution, with substantive business there",
    "Members!H5": "Business licence 91330200.",
    "Members!A6": "Nordmed",
    "Members!D6": "subcontractor",
    "Members!E6": 10,
}


def test_the_members_of_a_schedule_are_those_of_its_bid(lot: Lot) -> None:
    offered = read_schedule(filled(lot, TOGETHER), lot)

    assert offered.document["consortium"] == {
        "form": "joint_and_several",
        "members": [
            {"supplier": {"name": "Huaxia Imaging"}, "role": "member", "share": "0.3"},
            {"supplier": {"name": "Nordmed"}, "role": "subcontractor", "share": "0.1"},
        ],
    }
    huaxia = offered.members[0]
    assert (huaxia.operator_country, huaxia.basis, huaxia.evidence) == (
        "CN",
        "constitution",
        "Business licence 91330200.",
    )
    assert read_schedule(as_ods(filled(lot, TOGETHER)), lot).document == offered.document


def test_a_tenderer_alone_leaves_the_sheet_empty(lot: Lot) -> None:
    assert "consortium" not in read_schedule(filled(lot), lot).document


def test_a_schedule_of_the_former_version_is_still_read(lot: Lot) -> None:
    content = filled(lot)
    former = altered(content, "xl/sharedStrings.xml", lambda xml: xml.replace(layout.VERSION, layout.READ_VERSIONS[0]))

    assert read_schedule(former, lot).document == read_schedule(content, lot).document


@pytest.mark.parametrize(
    ("cells", "place", "said"),
    [
        ({"Members!A5": None, "Members!E5": 30}, "Members!A5", "name of the operator is missing"),
        ({"Members!A5": "Nordmed", "Members!E5": 130}, "Members!E5", "at most 100"),
        ({"Members!A5": "Nordmed", "Members!E5": "a third"}, "Members!E5", "number is due"),
        ({"Members!A5": "Nordmed", "Members!E5": "=1+1"}, "Members!E5", "formula"),
        ({"Members!A5": "Nordmed", "Members!F5": "Atlantis"}, "Members!F5", "two letters"),
        ({"Members!A5": "Nordmed", "Members!D5": "friend"}, "Members!D5", "subcontractor"),
        ({"Members!A5": "medtech loire"}, "Members!A5", "leads the consortium"),
        ({"Members!A5": "Nordmed", "Members!A6": "NORDMED"}, "Members!A6", "named twice"),
        ({"Members!A5": "A", "Members!E5": 60, "Members!A6": "B", "Members!E6": 50}, "Members!E6", "total 110%"),
        ({"Members!B2": "joint and several: each member answers for the whole"}, "Members!B2", "beside its leader"),
        ({"Members!A5": "x" * 301}, "Members!A5", "300 characters"),
    ],
)
def test_what_is_wrong_with_a_member_is_told_at_its_cell(
    lot: Lot, cells: dict[str, Any], place: str, said: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        read_schedule(filled(lot, OFFER | cells), lot)

    assert said in problems(refusal)[place]


def test_a_schedule_without_its_sheet_of_members_is_told_so(lot: Lot) -> None:
    content = altered(filled(lot), "xl/workbook.xml", lambda xml: xml.replace('name="Members"', 'name="Friends"'))

    with pytest.raises(Invalid) as refusal:
        read_schedule(content, lot)

    assert problems(refusal)["Members"] == "This sheet of the schedule is missing."


def test_the_lists_of_the_sheet_are_ranges_as_their_words_hold_commas(lot: Lot) -> None:
    content = filled(lot, {})
    sheet = entries(content)[part_of(content, "Members")].decode()

    assert "Lists!$F$5:$F$7" in sheet.replace("'", "")


@pytest.fixture
def browser(client: Client, buyer: User) -> Client:
    client.force_login(buyer)
    return client


def send(browser: Client, lot: Lot, content: bytes) -> Any:
    file = SimpleUploadedFile("schedule.xlsx", content)
    return browser.post(reverse("tenders:schedule", args=[lot.pk]), {"file": file}, follow=True)


def test_members_are_shown_beside_the_register_then_entered_on_the_ground_the_buyer_found(
    browser: Client, lot: Lot, supplier: Supplier, buyer: User
) -> None:
    register_supplier(name="NORDMED", operator_country="DE", operator_origin_basis="constitution", by=buyer)
    page = send(browser, lot, filled(lot, TOGETHER))
    text = unescape(page.content.decode())
    assert "Business licence 91330200." in text
    assert "not in the register" in text
    assert "What the origin of Huaxia Imaging was found on" in text
    address = page.redirect_chain[-1][0]

    form = {"tenderer": "MedTech Loire", "key": "offre-1", "register_members": "on", "basis_0": "constitution"}
    browser.post(address, form)

    bid = Bid.objects.get()
    assert [(m.supplier.name, m.role, m.operator_country) for m in bid.members.order_by("pk")] == [
        ("Huaxia Imaging", "member", "CN"),
        ("NORDMED", "subcontractor", "DE"),
    ]
    assert bid.members.get(role="member").origin_finding.evidence == "Business licence 91330200."


def test_a_member_is_found_by_its_number_however_its_digits_are_grouped(
    lot: Lot, supplier: Supplier, buyer: User
) -> None:
    known = register_supplier(name="Huaxia France", registration_number="812 345 678\N{NO-BREAK SPACE}00012", by=buyer)
    written = {**TOGETHER, "Members!B5": "81234567800012"}

    offered = read_schedule(filled(lot, written), lot)

    assert registered_members(offered)[0] == known


def test_an_origin_nobody_looked_into_is_unknown_whatever_the_schedule_states(
    browser: Client, lot: Lot, supplier: Supplier
) -> None:
    address = send(browser, lot, filled(lot, TOGETHER)).redirect_chain[-1][0]

    browser.post(address, {"tenderer": "MedTech Loire", "key": "offre-1", "register_members": "on"})

    assert {member.operator_country for member in Bid.objects.get().members.all()} == {""}


def test_a_member_that_is_not_to_be_registered_is_refused_and_nothing_is_half_done(
    browser: Client, lot: Lot, supplier: Supplier
) -> None:
    address = send(browser, lot, filled(lot, TOGETHER)).redirect_chain[-1][0]

    page = browser.post(address, {"tenderer": "MedTech Loire", "key": "offre-1"})

    assert "register it first" in unescape(page.content.decode())
    assert (Bid.objects.count(), Supplier.objects.count()) == (0, 1)
