"""What members of a panel learn of bids before the lock: letters, no price, through no door of the portal."""

import json
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from procurement.evaluation import services
from procurement.evaluation.case import build
from procurement.evaluation.disclosure import bidders, letter, lettered, prices_may_be_shown
from procurement.evaluation.models import Panel
from procurement.evaluation.present.judged import bids_to_judge
from procurement.people.models import Hospital, User
from procurement.people.refusals import Invalid, Refused
from procurement.tenders import services as tenders
from tests.evaluation.conftest import NOW
from tests.evaluation.panels import PRICES, Judged, agree_all, declare, give_all, judged, locked, registered
from tests.tenders import documents

LISTS = (
    "tenders:list", "evaluation:decisions", "registry:suppliers", "cashback:estimates", "audit:exports",
    "bid-list", "lot-list", "tender-list", "sheet-list", "decision-list", "supplier-list",
)  # fmt: skip


@pytest.fixture
def case(buyer: User, hospital: Hospital) -> Judged:
    return judged(buyer, hospital, anonymous=True, two_envelopes=True)


def panel(case: Judged) -> Panel:
    return Panel.objects.select_related("lot").get(lot=case.lot)


def seen(case: Judged, reader: User) -> dict[str, str]:
    """By key of the bid, how a reader is told its tenderer."""
    bids = list(case.lot.bids.select_related("supplier"))
    told = bidders(panel(case), bids, reader)
    return {bid.key: told[bid.pk] for bid in bids}


def test_members_see_letters_the_same_for_all_and_the_buyer_names(case: Judged) -> None:
    told = [seen(case, member) for member in case.members]

    assert sorted(told[0].values()) == ["A", "B", "C"]
    assert told[0] == told[1] == told[2]
    assert seen(case, case.buyer) == {"alpha": "MedTech Loire", "beta": "Nordmed", "gamma": "Pacific Care"}


def test_the_order_of_the_letters_is_that_of_the_secret_and_of_nothing_else() -> None:
    orders = {
        tuple(lettered(Panel(seed=f"{seed:064x}"), bids)) for seed in range(200) for bids in ([1, 2, 3], [3, 1, 2])
    }
    assert len(orders) == 6  # every order there is, and each seed gives one of them however the bids are listed


def test_a_bid_entered_after_the_first_declaration_takes_nobodys_letter(case: Judged) -> None:
    declare(case, case.members[0])
    before = seen(case, case.members[0])
    for number in range(5):
        tenders.enter_bid(
            lot=case.lot,
            document=documents.bid(
                id=f"late-{number}", supplier={"name": registered(f"Tenderer {number}", case.buyer)}
            ),
            by=case.buyer,
            at=NOW,
        )
        declare(case, case.members[1])

    after = seen(case, case.members[0])
    assert {key: after[key] for key in before} == before
    assert [after[f"late-{number}"] for number in range(5)] == ["D", "E", "F", "G", "H"]


@pytest.mark.parametrize(("place", "word"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ")])
def test_letters_go_on_after_z(place: int, word: str) -> None:
    assert letter(place) == word


def test_after_the_lock_names_and_prices_open(case: Judged) -> None:
    member = case.members[0]
    assert not prices_may_be_shown(case.lot, member)
    assert prices_may_be_shown(case.lot, case.buyer)

    locked(case)

    assert prices_may_be_shown(case.lot, member)
    assert seen(case, member)["alpha"] == "MedTech Loire"


def test_without_two_envelopes_and_by_name_nothing_is_hidden(buyer: User, hospital: Hospital) -> None:
    case = judged(buyer, hospital)

    assert prices_may_be_shown(case.lot, case.members[0])
    assert seen(case, case.members[0]) == seen(case, buyer)


def test_no_list_and_no_row_of_a_procedure_opens_to_a_member(case: Judged) -> None:
    client, member = Client(), case.members[0]
    declare(case, member)
    client.force_login(member)
    rows = [
        reverse("evaluation:lot", args=[case.lot.pk]),
        reverse("evaluation:bid", args=[case.lot.pk, "alpha"]),
        reverse("tenders:tender", args=[case.lot.tender_id]),
        reverse("lot-detail", args=[case.lot.pk]),
        reverse("bid-detail", args=[case.lot.bids.get(key="alpha").pk]),
    ]
    for address in [*map(reverse, LISTS), *rows]:
        answer = client.get(address)
        assert answer.status_code in (403, 404), address
        for secret in (*PRICES.values(), "MedTech", "Nordmed", "Pacific Care"):
            assert secret not in answer.content.decode(), f"{address} tells {secret}"


def test_the_scoring_of_documents_does_not_tell_a_member_which_prices_are_right(case: Judged) -> None:
    """Whoever sees the bids is refused their prices under other rules; the refusal itself would be an answer."""
    member = case.members[0]
    declare(case, member)
    give_all(case, member, "3")
    agree_all(case)
    right = build(case.lot, purpose="award", assessed_on=NOW.date())

    with pytest.raises(Refused, match="open procedure"):
        services.score_document(document=right, by=case.buyer)
    assert services.score_document(document=right, by=member)["ranking"]


def test_a_bid_excluded_while_a_member_marks_it_is_refused_without_its_name(case: Judged) -> None:
    member, bid = case.members[0], case.lot.bids.get(key="beta")
    declare(case, member)
    given = services.Given(bid, case.lot.criteria.get(key="quality"), Decimal(3), "Tried.")
    tenders.exclude_bid(bid=bid, ground="irregular", reason="No signature.", by=case.buyer, at=NOW)

    with pytest.raises(Invalid) as refused:
        services.give_marks(lot=case.lot, given=[given], by=member, at=NOW)

    assert "Nordmed" not in refused.value.sentence
    assert "beta" not in refused.value.sentence


def test_what_a_member_calls_a_bid_says_neither_key_nor_number_and_differs_from_lot_to_lot(
    case: Judged, buyer: User, hospital: Hospital
) -> None:
    other = judged(buyer, hospital, reference="2026-015", anonymous=True)
    names = [bid["bid"] for each in (case, other) for bid in bids_to_judge(panel(each), each.members[0])]

    assert len(set(names)) == 6
    assert all(re.fullmatch("[0-9a-f]{12}", name) for name in names)


@pytest.mark.parametrize("body", ["key", "number", "supplier"])
def test_a_mark_names_a_bid_as_the_panel_calls_it_and_learns_nothing_by_other_names(case: Judged, body: str) -> None:
    member, bid = case.members[0], case.lot.bids.get(key="beta")
    declare(case, member)
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    guess = {"key": bid.key, "number": str(bid.pk), "supplier": "Nordmed"}[body]
    address = reverse("panel-give-marks", args=[panel(case).pk])

    answers = [
        client.post(address, json.dumps([mark_of(name)]), content_type="application/json") for name in (guess, "nobody")
    ]

    assert answers[0].status_code == 400
    assert answers[0].content == answers[1].content


def mark_of(bid: str) -> dict[str, str]:
    return {"bid": bid, "criterion": "quality", "value": "3", "reason": "Guessed."}


def test_no_order_and_no_filter_of_the_panels_looks_at_the_bids(case: Judged) -> None:
    client = Client()
    client.force_login(case.members[0])
    plain = client.get(reverse("panel-list")).content

    for query in (
        "ordering=lot__bids__price",
        "lot__bids__supplier__name=Nordmed",
        "search=Nordmed",
        "ordering=lot__bids",
    ):
        assert client.get(f"{reverse('panel-list')}?{query}").content == plain, query


def test_members_do_not_read_the_marks_of_each_other_before_the_lock(case: Judged) -> None:
    first, second = case.members[:2]
    declare(case, first)
    declare(case, second)
    give_all(case, first, "4.25")
    client = Client()
    client.force_login(second)
    number = panel(case).pk

    for address in (reverse("evaluation:judge", args=[number]), reverse("panel-bids", args=[number])):
        text = client.get(address).content.decode()
        assert "4.25" not in text, address
        assert "4,25" not in text, address
        assert "Tried by the ward." not in text, address
