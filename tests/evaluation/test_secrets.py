"""Before the decision nothing of other rules than the published ones leaves the portal, by any door."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from procurement.evaluation import services
from procurement.evaluation.disclosure import for_reader
from procurement.evaluation.models import ScoreSheet
from procurement.people.models import User
from procurement.people.refusals import Refused
from procurement.people.roles import Role
from procurement.policies.models import Policy, PolicyVersion
from procurement.registry.services import register_supplier
from procurement.tenders import services as tenders
from procurement.tenders.models import Bid, Lot
from scoring.canonical import sha256
from tests.evaluation.conftest import LATER, NOW, OFFERS, REASON, enter, published_lot
from tests.factories import HospitalFactory, MembershipFactory, UserFactory
from tests.tenders import documents
from tests.tenders.conftest import approved

SCHEME = {"id": "scheme", "base": "contract", "tiers": [["0", "0.0123"]]}
DOORS = ("lot", "ranking_csv", "sheet_json", "api_sheet", "api_score")


@pytest.fixture
def lot(buyer: User, monkeypatch: pytest.MonkeyPatch) -> Lot:
    """A lot whose published policy has a cash-back scheme and changes the winner."""
    version = approved("cashback-2026", "in_force")
    document = {**version.document, "cashback": SCHEME}
    policy = version.policy
    second = PolicyVersion.objects.create(
        policy=policy,
        version=2,
        state="approved",
        status="in_force",
        document={**document, "version": 2},
        sha256=sha256({**document, "version": 2}),
        drafted_by=version.drafted_by,
        drafted_at=NOW,
        submitted_by=version.drafted_by,
        approved_by=version.approved_by,
        approved_at=NOW,
    )
    lot = published_lot(buyer, lots=[documents.lot(policy={"id": "cashback-2026", "version": second.version})])
    enter(lot, OFFERS, buyer)
    return lot


@pytest.fixture
def sheet(lot: Lot, buyer: User) -> ScoreSheet:
    return services.score(lot=lot, by=buyer, at=NOW)


def everything(client: Client, lot: Lot, sheet: ScoreSheet) -> dict[str, str]:
    """What each door answers about the sheet."""
    address = {
        "lot": reverse("evaluation:lot", args=[lot.pk]),
        "ranking_csv": reverse("evaluation:ranking_csv", args=[lot.pk, sheet.number]),
        "sheet_json": reverse("evaluation:sheet_json", args=[lot.pk, sheet.number]),
        "api_sheet": reverse("sheet-detail", args=[sheet.pk]),
    }
    return {door: client.get(where).content.decode() for door, where in address.items()}


def cashbacks(sheet: ScoreSheet) -> set[str]:
    return {row["cashback"] for row in sheet.sheet["ranking"]}


def test_the_stored_sheet_holds_what_is_withheld(sheet: ScoreSheet) -> None:
    assert sheet.sheet["without_policy"]["winner"]
    assert all(row["cashback"] for row in sheet.sheet["ranking"])


def test_before_the_decision_no_door_tells_what_other_rules_give(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    client = Client()
    client.force_login(buyer)
    answers = everything(client, lot, sheet)
    answers["api_score"] = client.post(reverse("lot-score", args=[lot.pk])).content.decode()

    for door, answer in answers.items():
        kept = answer
        if door.startswith("api"):
            document = json.loads(answer)
            assert document["withheld"] == ["without_policy", "cashback"]
            assert document["risks"] == ""
            kept = json.dumps(document["sheet"])
        assert "without_policy" not in kept, door
        assert "Without the policy" not in kept, door
        assert not [amount for amount in cashbacks(sheet) if amount in kept], door


def test_after_the_decision_the_doors_open(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    winner = lot.bids.get(key=sheet.sheet["winner"])
    services.award(lot=lot, bid=winner, sheet=sheet, reason=REASON, by=buyer, at=LATER)
    client = Client()
    client.force_login(buyer)

    answers = everything(client, lot, sheet)

    assert "Without the policy" in answers["lot"]
    assert json.loads(answers["sheet_json"]) == sheet.sheet
    assert json.loads(answers["api_sheet"])["sheet"] == sheet.sheet
    assert "no rule in force pays" in json.loads(answers["api_sheet"])["risks"]
    rows = list(csv.reader(io.StringIO(answers["ranking_csv"])))
    assert cashbacks(sheet) <= {cell for row in rows for cell in row}
    assert "Cash-back: a simulation, nothing in force pays it." in answers["ranking_csv"]
    assert "State aid" in answers["ranking_csv"]
    assert "State aid" in answers["lot"]


def test_a_training_copy_shows_everything(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    copy = tenders.copy_for_training(tender=lot.tender, by=buyer, at=NOW).lots.get()
    tenders.open_bids(tender=copy.tender, by=buyer, at=NOW)
    copy.refresh_from_db()

    trained = services.score(lot=copy, by=buyer, at=NOW)

    assert for_reader(trained, copy) == trained.sheet


def test_what_is_withheld_is_nothing_else(lot: Lot, sheet: ScoreSheet) -> None:
    lot.refresh_from_db()
    shown: dict[str, Any] = for_reader(sheet, lot)

    assert set(sheet.sheet) - set(shown) == {"without_policy"}
    for row, stored in zip(shown["ranking"], sheet.sheet["ranking"], strict=True):
        assert set(stored) - set(row) == {"cashback"}
        assert row == {key: stored[key] for key in row}


def test_the_case_of_an_open_lot_is_not_scored_under_other_rules(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    client = Client()
    client.force_login(buyer)
    address = reverse("score")

    response = client.post(address, json.dumps({**sheet.case, "policy": None}), content_type="application/json")

    assert response.status_code == 409
    assert "open procedure" in response.json()["detail"]


@pytest.mark.parametrize("changes", [{"policy": None}, {"tender": {"id": "anything", "currency": "EUR"}}])
def test_its_bids_are_not_scored_under_another_name_either(
    lot: Lot, sheet: ScoreSheet, buyer: User, changes: dict[str, Any]
) -> None:
    case = {**sheet.case, "tender": {**sheet.case["tender"], "id": "training"}, **changes}

    with pytest.raises(Refused, match="open procedure"):
        services.score_document(document=case, by=buyer)

    winner = lot.bids.get(key=sheet.sheet["winner"])
    services.award(lot=lot, bid=winner, sheet=sheet, reason=REASON, by=buyer, at=LATER)
    assert services.score_document(document=case, by=buyer)["ranking"]


def renamed(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The bids of a case under invented ids and names, their prices as they are."""
    return [{**bid, "id": f"b{at}", "supplier": {"name": f"Bid {at}"}} for at, bid in enumerate(case["bids"])]


@pytest.mark.parametrize("instead", [{"policy": None}, {"facts": {}, "assessed_on": "2026-11-09"}])
def test_its_bids_are_known_by_their_prices_under_invented_names(
    lot: Lot, sheet: ScoreSheet, buyer: User, instead: dict[str, Any]
) -> None:
    case = {**sheet.case, "tender": {"id": "mine", "currency": "EUR"}, "bids": renamed(sheet.case), **instead}

    with pytest.raises(Refused, match="open procedure"):
        services.score_document(document=case, by=buyer)
    two = {**case, "bids": [case["bids"][0], {**case["bids"][1], "status": "admissible"}]}
    with pytest.raises(Refused, match="open procedure"):
        services.score_document(document=two, by=buyer)


def test_bids_that_a_rule_shuts_out_are_computed_too(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    gate = {**sheet.case["policy"], "measures": [{"id": "all", "kind": "gate", "when": {}}]}
    case = {**sheet.case, "tender": {"id": "mine", "currency": "EUR"}, "bids": renamed(sheet.case), "policy": gate}

    with pytest.raises(Refused, match="open procedure"):
        services.score_document(document=case, by=buyer)


def test_invented_bids_are_scored_though_one_has_the_price_of_a_real_one(
    lot: Lot, sheet: ScoreSheet, buyer: User
) -> None:
    first, second, *_others = renamed(sheet.case)
    quantity, price = second["lines"][0]["quantity"], "9.87"
    invented = {**second, "lines": [{"id": "l", "quantity": quantity, "unit_price": price, "origins": []}]}
    invented.pop("price", None)
    case = {**sheet.case, "tender": {"id": "mine", "currency": "EUR"}, "bids": [first, invented]}

    assert services.score_document(document=case, by=buyer)["ranking"]


def test_a_price_given_twice_is_one_bid_where_one_bid_has_it(lot: Lot, buyer: User) -> None:
    """The three bids of the lot are at 450."""
    real = Decimal("450")
    assert Bid.objects.sharing([real, Decimal("1")]) == {lot.pk: 1}
    assert Bid.objects.sharing([real] * 5) == {lot.pk: 3}
    assert Bid.objects.filter(key="alpha").sharing([real, real]) == {lot.pk: 1}
    assert Bid.objects.sharing([]) == Bid.objects.sharing([Decimal("451")]) == {}


def test_a_price_too_long_for_the_register_is_no_bid_of_it(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    endless = [{"id": "l", "quantity": "9" * 18, "unit_price": "9" * 18, "origins": []}]
    bids = [{**bid, "lines": endless} for bid in renamed(sheet.case)]
    for bid in bids:
        bid.pop("price", None)
    case = {**sheet.case, "tender": {"id": "mine", "currency": "EUR"}, "bids": bids}

    assert services.score_document(document=case, by=buyer)["ranking"]


def test_nobody_learns_whether_another_hospital_received_a_bid(sheet: ScoreSheet) -> None:
    stranger = MembershipFactory(hospital=HospitalFactory()).user

    assert services.score_document(document=sheet.case, by=stranger)["ranking"]


def test_a_bid_of_an_open_procedure_is_not_entered_into_a_training_copy(lot: Lot, buyer: User) -> None:
    copy = tenders.copy_for_training(tender=lot.tender, by=buyer, at=NOW).lots.get()
    tenders.open_bids(tender=copy.tender, by=buyer, at=NOW)

    key, name, _country, masks, gloves, *_rest = OFFERS[0]

    def bid(price: str) -> dict[str, Any]:
        lines = [{"id": documents.MASKS, "unit_price": price}, {"id": documents.GLOVES, "unit_price": gloves}]
        return documents.bid(id=key, supplier={"name": name}, lines=lines)

    with pytest.raises(Refused, match="enter invented bids"):
        tenders.enter_bid(lot=copy, document=bid(masks), by=buyer, at=NOW)
    with pytest.raises(Refused, match="enter invented bids"):
        tenders.enter_bid(lot=copy, document={**bid(masks), "supplier": {"name": OFFERS[1][1]}}, by=buyer, at=NOW)
    tenders.enter_bid(lot=copy, document=bid("3.00"), by=buyer, at=NOW)


def test_two_bids_of_an_open_procedure_are_not_entered_renamed_into_a_tender_drafted_for_training(
    lot: Lot, buyer: User
) -> None:
    drafted = tenders.draft_tender(document=documents.tender(reference="T", training=True), by=buyer, at=NOW)
    tenders.publish(tender=drafted, by=buyer, at=NOW)
    tenders.open_bids(tender=drafted, by=buyer, at=NOW)
    names = ["Invented A", "Invented B"]

    def enter_one(at: int) -> None:
        _key, _name, _country, masks, gloves, *_rest = OFFERS[at]
        register_supplier(name=names[at], by=buyer)
        lines = [{"id": documents.MASKS, "unit_price": masks}, {"id": documents.GLOVES, "unit_price": gloves}]
        document = documents.bid(id=f"b{at}", supplier={"name": names[at]}, lines=lines)
        tenders.enter_bid(lot=drafted.lots.get(), document=document, by=buyer, at=NOW)

    enter_one(0)
    with pytest.raises(Refused, match="enter invented bids"):
        enter_one(1)


def test_the_title_of_a_draft_is_not_told_by_a_refused_simulation(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    winner = lot.bids.get(key=sheet.sheet["winner"])
    services.award(lot=lot, bid=winner, sheet=sheet, reason=REASON, by=buyer, at=LATER)
    officer = UserFactory(role=Role.POLICY_OFFICER)
    scheme = Policy.objects.create(kind=Policy.Kind.CASHBACK, identifier="secret", title="A secret scheme")
    draft = PolicyVersion.objects.create(
        policy=scheme, version=1, document=SCHEME, sha256=sha256(SCHEME), drafted_by=officer, drafted_at=NOW
    )

    with pytest.raises(Refused, match="Only an approved"):
        services.simulate(lot=lot, policy_version=draft, by=buyer, at=LATER)
