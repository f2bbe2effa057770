"""A row of another hospital, or a draft of policy staff, answers by every door as one that never was."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse
from django_filters.constants import ALL_FIELDS
from django_filters.rest_framework import DjangoFilterBackend, FilterSet, ModelChoiceFilter
from django_filters.utils import get_model_field

from config.api import router
from procurement.people.models import Hospital, User
from procurement.people.roles import Role
from procurement.policies import services as policies
from procurement.policies.models import PolicyVersion
from procurement.registry.models import Supplier
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot
from tests.evaluation.conftest import NOW, published_lot
from tests.factories import UserFactory
from tests.people.test_permissions import address, ask, browser_of, cell, rows
from tests.people.world import World
from tests.policies.conftest import policy_document
from tests.tenders import documents

pytestmark = pytest.mark.django_db
NEVER_WAS = 987_654
SHARED = {Supplier}  # the register belongs to the buyers of all hospitals


@dataclass
class Secrets:
    """The world of one hospital, a draft of policy staff, and a buyer of another hospital with a lot of their own."""

    world: World
    draft: PolicyVersion
    stranger: User
    finess: str
    own: Lot

    def number(self, model: type[models.Model]) -> int:
        """A row of ``model`` the stranger may not know of."""
        return {
            "ArchiveSnapshot": self.world.numbers["snapshot"],
            "Bid": self.world.numbers["bid"],
            "Hospital": Hospital.objects.get(finess="000000001").pk,
            "Lot": self.world.numbers["decided"],
            "PolicyVersion": self.draft.pk,
            "Tender": self.world.numbers["tender"],
        }[model.__name__]


@pytest.fixture
def secrets(world: World) -> Secrets:
    stranger = world.readers["stranger"]
    finess = stranger.memberships.get().hospital.finess
    own = published_lot(stranger, contracting_body=finess, lots=[documents.lot(items=items(finess))])
    tenders.enter_bid(lot=own, document=own_bid(), by=stranger, at=NOW)
    return Secrets(world, secret_draft(), stranger, finess, own)


def secret_draft() -> PolicyVersion:
    document = policy_document(id="a-secret-draft", title="A secret draft")
    named = {"identifier": document["id"], "title": document["title"], "kind": "preference", "note": ""}
    return policies.draft_version(**named, document=document, by=UserFactory(role=Role.POLICY_OFFICER), at=NOW)


def items(finess: str) -> list[dict[str, Any]]:
    return [{"id": documents.MASKS, "designation": "Mask", "unit": "box", "needs": {finess: "100"}}]


def own_bid() -> dict[str, Any]:
    lines = [{"id": documents.MASKS, "unit_price": "2"}]
    return documents.bid(id="own", supplier={"name": "MedTech Loire"}, lines=lines, environment={})


def filters() -> Iterator[tuple[str, type[FilterSet], str, type[models.Model]]]:
    """The address of a list, its filters, and each of them that names a row, with the model of that row."""
    for _prefix, viewset, basename in router.registry:
        found = DjangoFilterBackend().get_filterset_class(viewset(), viewset.queryset)
        for name, narrowed in (found.base_filters if found else {}).items():
            if isinstance(narrowed, ModelChoiceFilter):
                field = get_model_field(found._meta.model, narrowed.field_name)
                yield f"{basename}-list", found, name, field.related_model


def test_the_walk_meets_the_filters_there_are() -> None:
    met = {(name, narrowed) for name, _filters, narrowed, _model in filters()}
    assert met >= {("decision-list", "lot__tender"), ("sheet-list", "lot"), ("cashback-estimate-list", "hospital")}


@pytest.mark.parametrize("kind", ["stranger", "outsider"])
def test_a_filter_does_not_tell_a_row_of_another_from_none(kind: str, secrets: Secrets) -> None:
    client = browser_of(secrets.world.readers[kind])
    told = []
    for name, _filters, narrowed, model in filters():
        if model in SHARED:
            continue
        hidden, missing = (
            answer(client.get(reverse(name), {narrowed: number}), number)
            for number in (secrets.number(model), NEVER_WAS)
        )
        if hidden != missing:
            told.append(f"{name}?{narrowed}=: {hidden} for a hidden row, {missing} for none")
    assert not told, "\n".join(told)


def test_no_list_of_the_api_derives_the_filter_of_a_relation_from_its_model() -> None:
    """django-filter would offer, and accept, every row there is."""
    for _prefix, viewset, _basename in router.registry:
        derived = getattr(viewset, "filterset_fields", ())
        assert derived != ALL_FIELDS
        for name in derived:
            assert not get_model_field(viewset.queryset.model, name).is_relation, f"{viewset.__name__}: {name}"


def answer(response: Any, *numbers: object) -> tuple[int, str]:
    """Status and text of an answer, whatever number was asked for."""
    text = response.content.decode()
    for number in numbers:
        text = text.replace(str(number), "N")
    return response.status_code, text


def writes(secrets: Secrets) -> dict[str, tuple[str, Any, Any, Any]]:
    """What a POST names: address, a body around the name, a hidden one and one that is not there."""
    own, finess, numbers = secrets.own, secrets.finess, secrets.world.numbers
    estimate = {"hospital": own.tender.contracting_body_id, "year": 2026, "policy_version": numbers["version"]}
    mark = {"criterion": "quality", "value": "1", "reason": "Tried."}
    lot = documents.lot(items=items(finess))

    def tender(**changes: Any) -> dict[str, Any]:
        return documents.tender(**{"contracting_body": finess, "reference": "2026-900", "lots": [lot], **changes})

    estimates, tenders_, simulate, award, marks = (
        reverse("cashback-estimate-list"),
        reverse("tender-list"),
        *(reverse(f"lot-{name}", args=[own.pk]) for name in ("simulate", "award", "mark")),
    )
    hospitals, versions = (secrets.number(Hospital), NEVER_WAS), (secrets.draft.pk, NEVER_WAS)
    numbered, keys = ("000000001", "999999999"), (numbers["bid_key"], "nobody")
    titles = ("a-secret-draft", "no-such-policy")
    people = (secrets.world.readers["evaluator"].pk, NEVER_WAS)
    return {
        "a bid's lot": (reverse("bid-list"), lambda n: {"lot": n, "bid": own_bid()}, numbers["decided"], NEVER_WAS),
        "an estimate's hospital": (estimates, lambda n: estimate | {"hospital": n}, *hospitals),
        "an estimate's policy": (estimates, lambda n: estimate | {"policy_version": n}, *versions),
        "an estimate's scheme": (estimates, lambda n: estimate | {"scheme_version": n}, *versions),
        "a simulation's policy": (simulate, lambda n: {"policy_version": n}, *versions),
        "an award's sheet": (award, lambda n: {"bid": "own", "sheet": n, "reason": "-"}, numbers["sheet"], NEVER_WAS),
        "who sits on a panel": (reverse("lot-seat", args=[own.pk]), lambda n: {"person": n}, *people),
        "an award's bid": (award, lambda n: {"bid": n, "sheet": 1, "reason": "-"}, *keys),
        "a mark's bid": (marks, lambda n: mark | {"bid": n}, *keys),
        "who buys": (tenders_, lambda n: tender(contracting_body=n), *numbered),
        "who needs": (tenders_, lambda n: tender(lots=[documents.lot(items=items(n))]), *numbered),
        "a lot's policy": (tenders_, lambda n: tender(lots=[{**lot, "policy": {"id": n, "version": 1}}]), *titles),
    }


def test_a_write_does_not_tell_what_it_may_not_name_from_what_is_not_there(secrets: Secrets) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(secrets.stranger)
    told = []
    for what, (url, body, hidden, missing) in writes(secrets).items():
        first, second = (
            answer(client.post(url, json.dumps(body(name)), content_type="application/json"), name)
            for name in (hidden, missing)
        )
        assert first[0] in (400, 404), f"{what}: {first}"
        if first != second:
            told.append(f"{what}: {first} for a hidden row, {second} for none")
    assert not told, "\n".join(told)


SEALED = ("draft", "published")


@pytest.mark.parametrize("stage", SEALED)
def test_to_an_auditor_a_procedure_is_nowhere_before_its_bids_are_opened(secrets: Secrets, stage: str) -> None:
    buyer = secrets.world.readers["buyer"]
    lots = [documents.lot(title="Sealed gowns")]
    document = documents.tender(reference="2026-777", title="Sealed procedure", lots=lots)
    sealed = tenders.draft_tender(document=document, by=buyer, at=NOW)
    if stage == "published":
        tenders.publish(tender=sealed, by=buyer, at=NOW)
    secrets.world.numbers |= {"tender": sealed.pk, "lot": sealed.lots.get().pk}
    browser = browser_of(secrets.world.readers["auditor"])

    opened = []
    for name, nouns, method, cells in rows():
        if cells["auditor"] != "+" or "person" in nouns or name in ("people:logout", "people:password"):
            continue
        url = address(name, nouns, secrets.world)
        answer = ask(browser, method, url)
        told = "" if answer.streaming else answer.content.decode(errors="replace")
        if {"tender", "lot"} & set(nouns.split(",")) and cell(answer) != "?":
            opened.append(f"{method} {url}: {answer.status_code}")
        opened += [f"{method} {url} tells {word}" for word in ("2026-777", "Sealed") if word in told]
    assert opened == []


PAGES = (
    "tenders:list",
    "evaluation:decisions",
    "cashback:estimates",
    "cashback:new",
    "registry:suppliers",
    "people:home",
)


def test_no_page_offers_another_hospital_or_a_draft(secrets: Secrets) -> None:
    client = browser_of(secrets.stranger)
    hidden = [Hospital.objects.get(finess="000000001").name, secrets.draft.policy.title]
    for page in PAGES:
        text = client.get(reverse(page)).content.decode()
        assert [name for name in hidden if f">{name}<" in text] == [], page


def test_a_page_does_not_tell_the_hospital_of_another_from_none(secrets: Secrets) -> None:
    client = browser_of(secrets.stranger)
    hidden, missing = (
        client.get(reverse("tenders:list"), {"contracting_body": number})
        for number in (secrets.number(Hospital), NEVER_WAS)
    )
    assert hidden.context["filter"].errors == missing.context["filter"].errors != {}
    assert hidden.context["page"].paginator.count == missing.context["page"].paginator.count


SEARCHES = (
    "tenders:list",
    "evaluation:decisions",
    "registry:suppliers",
    "ledger:record",
    "people:people",
    "simulation:archive",
)
HOSTILE = ("a " * 1500, "\x00", "%", "'", "9" * 400)


@pytest.mark.parametrize("address", SEARCHES)
def test_no_search_or_order_breaks_a_list(address: str, db: None) -> None:
    """Each word of a search is one more condition of the query, which a database bounds."""
    clients = [browser_of(UserFactory(role=role)) for role in Role]
    names = (
        "search",
        "key",
        "object",
        "action",
        "ordering",
        "page",
        "since",
        "decided_from",
        "year",
        "contracting_body",
    )
    for value in HOSTILE:
        answers = [client.get(reverse(address), dict.fromkeys(names, value)).status_code for client in clients]
        assert set(answers) <= {200, 403}
        assert 200 in answers
