"""The pages of a panel: of the buyer who composes it, of the members who judge, and of what they may see."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from procurement.evaluation import services
from procurement.evaluation.models import Declaration, IndividualMark, Mark, MarkLock, Panel, Panelist
from procurement.people.models import Hospital, User
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot, Stage
from tests.evaluation import panels
from tests.evaluation.conftest import NOW, published_lot
from tests.evaluation.panels import PRICES, Judged, agree_all, declare, evaluator, give, give_all, judged, registered
from tests.evaluation.test_pages import as_
from tests.evaluation.test_pages import page as lot_page
from tests.tenders import documents

Count = Callable[[Callable[[], object]], int]
FIELD = re.compile(r'name="([0-9a-f]{12}-[a-z]+-(?:mark|reason))"')
SECRETS = (*(price.split(".")[0] for price in PRICES.values()), "MedTech", "Nordmed", "Pacific Care", "alpha", "gamma")


@pytest.fixture
def case(buyer: User, hospital: Hospital) -> Judged:
    return judged(buyer, hospital)


@pytest.fixture
def secret(buyer: User, hospital: Hospital) -> Judged:
    return judged(buyer, hospital, anonymous=True, two_envelopes=True)


def own(case: Judged, name: str = "judge") -> str:
    """The address of a page of the members."""
    return reverse(f"evaluation:{name}", args=[Panel.objects.get(lot=case.lot).pk])


def of_lot(case: Judged, name: str) -> str:
    return reverse(f"evaluation:{name}", args=[case.lot.pk])


def read(person: User, address: str) -> str:
    answer = as_(person).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def filled(shown: str, mark: str, reason: str = "Tried by the ward.") -> dict[str, str]:
    """Every field of a grid, filled in alike."""
    return {name: mark if name.endswith("-mark") else reason for name in FIELD.findall(shown)}


# the buyer composes


def test_a_buyer_composes_a_panel_and_sees_who_sits(buyer: User, hospital: Hospital) -> None:
    lot = published_lot(buyer)
    person = evaluator(hospital, "Ana")
    client = as_(buyer)
    address = reverse("evaluation:panel", args=[lot.pk])
    assert "No panel yet" in client.get(address).content.decode()

    shown = client.post(reverse("evaluation:seat", args=[lot.pk]), {"person": person.pk}, follow=True).content.decode()

    assert "Ana Jury sits on the panel." in shown
    assert "Not declared yet" in shown
    unseat = reverse("evaluation:unseat", args=[lot.pk, Panelist.objects.get().pk])
    assert "sits on the panel no more" in client.post(unseat, follow=True).content.decode()
    assert not Panel.objects.exists()


def test_without_evaluators_the_page_says_who_makes_one(buyer: User) -> None:
    assert "No evaluator works for this hospital yet" in read(
        buyer, reverse("evaluation:panel", args=[published_lot(buyer).pk])
    )


def test_somebody_from_elsewhere_is_not_seated_through_the_form(case: Judged, stranger: User) -> None:
    answer = as_(case.buyer).post(of_lot(case, "seat"), {"person": stranger.pk})
    assert answer.status_code == 409
    assert Panelist.objects.count() == 3


def test_the_buyer_sees_a_conflict_and_how_far_each_member_is(case: Judged) -> None:
    ana, ben, _cleo = case.members
    declare(case, ana)
    give(case, ana, "7")
    declare(case, ben, "My sister works for Nordmed.")

    shown = read(case.buyer, of_lot(case, "panel"))

    assert "1 / 6" in shown
    assert "Declared a conflict" in shown
    assert "My sister works for Nordmed." in shown


def test_the_page_of_the_lot_leads_to_the_panel_that_judges(case: Judged) -> None:
    shown = lot_page(case.buyer, "lot", case.lot.pk)
    assert "The panel judges" in shown
    assert ">Score</button>" not in shown
    panels.locked(case)
    assert ">Score</button>" in lot_page(case.buyer, "lot", case.lot.pk)


# members declare and mark


def test_a_member_finds_the_panel_declares_and_marks_the_whole_grid(case: Judged) -> None:
    member = case.members[0]
    client = as_(member)
    assert own(case) in client.get(reverse("people:home")).content.decode()
    assert own(case) in client.get(reverse("evaluation:panels")).content.decode()
    assert client.get(own(case), follow=True).redirect_chain == [(own(case, "declare"), 302)]

    grid = client.post(own(case, "declare"), {"conflict": "no"}, follow=True).content.decode()
    assert len(FIELD.findall(grid)) == 12
    kept = client.post(own(case), filled(grid, "4.5"), follow=True).content.decode()

    assert "6 marks are given." in kept
    assert kept.count('value="4.5"') == 6
    assert {str(mark.value) for mark in IndividualMark.objects.all()} == {"4.5"}


def test_a_french_member_writes_a_comma(case: Judged) -> None:
    member = case.members[0]
    member.language = "fr"
    member.save()
    declare(case, member)
    client = as_(member)

    kept = client.post(own(case), filled(client.get(own(case)).content.decode(), "4,5"), follow=True).content.decode()

    assert kept.count('value="4,5"') == 6


def test_part_of_a_grid_is_kept_and_one_change_is_one_new_row(case: Judged) -> None:
    member = case.members[0]
    declare(case, member)
    client = as_(member)
    fields = filled(client.get(own(case)).content.decode(), "4")
    first = next(name for name in fields if name.endswith("-mark"))
    some = {name: value for name, value in fields.items() if name.startswith(first.removesuffix("mark"))}

    client.post(own(case), some)
    client.post(own(case), {**fields, first: "5"})

    assert IndividualMark.objects.count() == 1 + 6
    assert IndividualMark.objects.standing().count() == 6


@pytest.mark.parametrize(
    ("mark", "reason", "sentence"),
    [
        ("11", "Tried.", "A mark is a number from 0 to"),
        ("-1", "Tried.", "A mark is a number from 0 to"),
        ("good", "Tried.", "This is not a number"),
        ("7", "", "Write the reason of this mark."),
        ("", "Tried.", "Write the mark"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    case: Judged, mark: str, reason: str, sentence: str
) -> None:
    member = case.members[0]
    declare(case, member)
    client = as_(member)

    shown = client.post(own(case), filled(client.get(own(case)).content.decode(), mark, reason)).content.decode()

    assert shown.count(sentence) == 6
    assert not mark or shown.count(f'value="{mark}"') == 6
    assert not IndividualMark.objects.exists()


def test_a_conflict_needs_its_text_and_closes_the_grid(case: Judged) -> None:
    member = case.members[0]
    client = as_(member)
    assert "Write what the conflict is" in client.post(own(case, "declare"), {"conflict": "yes"}).content.decode()
    client.post(own(case, "declare"), {"conflict": "yes", "text": "Shares."})

    assert Declaration.objects.get().conflict
    assert client.get(own(case)).status_code == 403
    assert client.post(own(case), {}).status_code == 403
    assert "closed to you" in client.get(own(case, "declare")).content.decode()


def test_before_the_opening_a_member_declares_and_finds_no_bid(case: Judged) -> None:
    declare(case, case.members[0])
    Lot.objects.update(stage=Stage.PUBLISHED)

    shown = read(case.members[0], own(case))

    assert "The bids are not opened yet" in shown
    assert not FIELD.findall(shown)


def test_a_member_sees_his_own_marks_and_of_nobody_else(case: Judged) -> None:
    ana, ben, _cleo = case.members
    declare(case, ana)
    declare(case, ben)
    give(case, ana, "7", reason="Soft and strong.")

    assert "Soft and strong." in read(ana, own(case))
    assert "Soft and strong." not in read(ben, own(case))


# secrets


def test_before_the_lock_no_page_of_a_member_tells_a_price_or_a_name(secret: Judged) -> None:
    member = secret.members[0]
    declare(secret, member)
    client = as_(member)
    grid = client.get(own(secret)).content.decode()
    wrong = client.post(own(secret), filled(grid, "99")).content.decode()
    home = client.get(reverse("people:home")).content.decode()
    every = {
        "grid": grid, "wrong": wrong, "home": home,
        "list": read(member, reverse("evaluation:panels")), "declaration": read(member, own(secret, "declare")),
    }  # fmt: skip
    for name, shown in every.items():
        assert not [word for word in SECRETS if word in shown], name
    assert [letter for letter in "ABC" if re.search(rf">{letter}\s*</th>", grid)] == ["A", "B", "C"]
    assert not [bid for bid in secret.lot.bids.all() if f'name="{bid.pk}-' in grid]


def test_after_the_lock_the_same_pages_tell_them_and_nothing_can_be_changed(secret: Judged) -> None:
    panels.locked(secret)

    shown = read(secret.members[0], own(secret))

    assert "MedTech Loire" in shown
    assert f"€{secret.lot.bids.get(key='alpha').price:,.2f}" in shown
    assert not FIELD.findall(shown)


def test_without_two_envelopes_a_member_sees_names_and_prices(case: Judged) -> None:
    declare(case, case.members[0])
    shown = read(case.members[0], own(case))
    assert "MedTech Loire" in shown
    assert f"€{case.lot.bids.get(key='alpha').price:,.2f}" in shown


def test_an_excluded_bid_takes_no_mark_and_the_letters_stay(secret: Judged) -> None:
    member = secret.members[0]
    declare(secret, member)
    order = Panel.objects.get().lettered
    first = secret.lot.bids.get(pk=order[0])
    tenders.exclude_bid(bid=first, ground="late", reason="Late.", by=secret.buyer, at=NOW)

    shown = read(member, own(secret))

    assert [letter for letter in "ABC" if re.search(rf">{letter}\s*</th>", shown)] == ["B", "C"]


# agreed marks and the lock


def test_a_panel_of_three_judges_agrees_locks_and_the_lot_is_scored(case: Judged) -> None:
    for member, mark in zip(case.members, ("3", "4", "5"), strict=True):
        client = as_(member)
        client.post(own(case, "declare"), {"conflict": "no"})
        client.post(own(case), filled(client.get(own(case)).content.decode(), mark))
    buyer = as_(case.buyer)
    beside = buyer.get(of_lot(case, "agree")).content.decode()
    assert beside.count("3 – 5") == 6
    assert beside.count("Ana Jury: Tried by the ward.") == 6
    assert "The lock waits for every one." in buyer.get(of_lot(case, "lock")).content.decode()

    told = buyer.post(of_lot(case, "agree"), filled(beside, "4", "Agreed on the 3rd."), follow=True).content.decode()
    assert "6 agreed marks are written down." in told
    assert "Lock the marks" in told
    assert buyer.get(of_lot(case, "lock")).status_code == 200
    assert not MarkLock.objects.exists()
    buyer.post(of_lot(case, "lock"))
    buyer.post(of_lot(case, "score"))

    assert Mark.objects.filter(value="4", reason="Agreed on the 3rd.").count() == 6
    case.lot.refresh_from_db()
    assert case.lot.stage == Stage.EVALUATED
    assert "none changes any more" in buyer.get(of_lot(case, "agree")).content.decode()


def test_agreed_marks_are_kept_all_or_none(secret: Judged) -> None:
    for member in secret.members:
        declare(secret, member)
        give_all(secret, member, "3")
    client = as_(secret.buyer)
    fields = filled(client.get(of_lot(secret, "agree")).content.decode(), "3")
    last = [name for name in fields if name.endswith("-mark")][-1]

    answer = client.post(of_lot(secret, "agree"), {**fields, last: "4"})

    assert answer.status_code == 400
    assert "lies between those of the members" in answer.content.decode()
    assert not Mark.objects.exists()


def test_a_lot_without_a_panel_has_no_agreed_marks(buyer: User) -> None:
    lot = published_lot(buyer)
    assert as_(buyer).get(reverse("evaluation:agree", args=[lot.pk])).status_code == 404


def test_the_pages_cost_the_same_whatever_the_number_of_bids_and_members(
    case: Judged, hospital: Hospital, queries: Count
) -> None:
    for member in case.members:
        declare(case, member)
        give_all(case, member, "3")
    agree_all(case)
    doors: list[tuple[Client, str]] = [
        (as_(case.buyer), of_lot(case, "panel")),
        (as_(case.buyer), of_lot(case, "agree")),
        (as_(case.members[0]), own(case)),
        (as_(case.members[0]), reverse("evaluation:panels")),
    ]
    before = [queries(partial(client.get, address)) for client, address in doors]
    Mark.objects.all().delete()
    more = [evaluator(hospital, f"M{number}") for number in range(5)]
    for number, member in enumerate(more):
        services.seat(lot=case.lot, person=member, by=case.buyer, at=NOW)
        enter_one(case, number)
        declare(case, member)
    for member in more:
        give_all(case, member, "3")
    agree_all(case)

    assert [queries(partial(client.get, address)) for client, address in doors] == before


def enter_one(case: Judged, number: int) -> None:
    document: dict[str, Any] = documents.bid(
        id=f"more-{number}", supplier={"name": registered(f"Tenderer {number}", case.buyer)}
    )
    tenders.enter_bid(lot=case.lot, document=document, by=case.buyer, at=NOW)
