"""What members of a panel learn of bids before the lock: letters, no price, through no door of the portal."""

import pytest
from django.test import Client
from django.urls import reverse

from procurement.evaluation import services
from procurement.evaluation.case import build
from procurement.evaluation.disclosure import bidders, letter, lettered, prices_may_be_shown
from procurement.evaluation.models import Panel
from procurement.people.models import Hospital, User
from procurement.people.refusals import Refused
from procurement.registry.services import register_supplier
from procurement.tenders import services as tenders
from tests.evaluation.conftest import NOW
from tests.evaluation.panels import PRICES, Judged, agree_all, declare, give_all, judged, locked
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
            document=documents.bid(id=f"late-{number}", supplier={"name": registered(number, case.buyer)}),
            by=case.buyer,
            at=NOW,
        )
        declare(case, case.members[1])

    after = seen(case, case.members[0])
    assert {key: after[key] for key in before} == before
    assert [after[f"late-{number}"] for number in range(5)] == ["D", "E", "F", "G", "H"]


def registered(number: int, by: User) -> str:
    name = f"Tenderer {number}"
    register_supplier(
        name=name, by=by, address_country="FR", operator_country="FR", operator_origin_basis="constitution"
    )
    return name


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
