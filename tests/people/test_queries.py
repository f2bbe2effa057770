"""Every page and list of the API takes as many queries for ten rows of everything as for three."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from procurement.evaluation import services as evaluation
from procurement.people.models import User
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot
from procurement.tenders.profiles import proposed
from tests.evaluation.conftest import OFFERS, enter, published_lot
from tests.people.manifold import multiply
from tests.people.test_permissions import address, rows
from tests.people.world import World, build
from tests.tenders import documents

# No page here: whoever is logged in is sent on, and a file that was read is none of a lot that has more items since.
NO_PAGE = {"people:login", "tenders:offer", "evaluation:version_offer"}
# For each row that one of these lists tells an auditor the record gets its line.
TRACED = {
    ("auditor", name) for name in ("bid-list", "cashback-estimate-list", "decision-list", "proof-list", "version-list")
}


@pytest.mark.django_db
def test_no_page_takes_more_queries_for_ten_rows_than_for_three() -> None:
    worlds = list(stages(build()))
    browsers = {kind: browser(reader) for kind, reader in worlds[0].readers.items()}
    multiply(1, 2)
    three = counted(worlds, browsers)
    multiply(10, 20, 30)  # of each of the three
    twelve = counted(worlds, browsers)

    more = {page: (few, twelve[page]) for page, few in three.items() if twelve[page] != few}
    assert {page for page in more if page[:2] not in TRACED} == set(), more
    shown = {name for _kind, name, _address in three}
    assert sorted({name for name, _nouns, method, _cells in rows() if method == "GET"} - shown - NO_PAGE) == []


def counted(worlds: list[World], browsers: dict[str, Client]) -> dict[tuple[str, str, str], int]:
    """The queries of each page that is there, by reader, name and address."""
    found = {}
    for kind, name, where in pages(worlds):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = browsers[kind].get(where)
        if answer.status_code == 200:
            found[kind, name, where] = len(queries)
    return found


def pages(worlds: list[World]) -> Iterator[tuple[str, str, str]]:
    """Every address of the table of permissions in each of the worlds, for the first who may and for the auditor."""
    seen = set()
    for name, nouns, method, cells in rows():
        allowed = [kind for kind in worlds[0].readers if cells[kind] == "+"]
        for world in worlds if method == "GET" else ():
            for kind in dict.fromkeys([*allowed[:1], *(kind for kind in allowed if kind == "auditor")]):
                page = (kind, name, address(name, nouns, world))
                if page not in seen:
                    seen.add(page)
                    yield page


def stages(world: World) -> Iterator[World]:
    """The world of the table, and the same with another lot at each stage in the place of the opened one."""
    buyer, now = world.readers["buyer"], timezone.now()
    draft = tenders.draft_tender(document=document("2026-101"), by=buyer, at=now)
    tenders.invent_profiles(lot=draft.lots.get(), profiles=proposed(draft.lots.get()), by=buyer, at=now)
    published = tenders.draft_tender(document=document("2026-102"), by=buyer, at=now)
    tenders.publish(tender=published, by=buyer, at=now)
    scored = published_lot(buyer, reference="2026-103", lots=[documents.lot()])
    enter(scored, OFFERS, buyer)
    evaluation.score(lot=scored, by=buyer, at=now)
    evaluator, judged = world.readers["evaluator"], Lot.objects.get(pk=world.numbers["judged"])
    evaluation.declare_interests(lot=judged, conflict=False, text="", by=evaluator, at=now)
    yield world
    for lot in (
        draft.lots.get().pk,
        published.lots.get().pk,
        scored.pk,
        world.numbers["decided"],
        world.numbers["judged"],
    ):
        tender = Lot.objects.get(pk=lot).tender_id
        yield World(world.readers, world.numbers | {"lot": lot, "tender": tender})


def document(reference: str) -> dict[str, Any]:
    plausible = {"low": "100", "high": "900"}
    return documents.tender(reference=reference, lots=[documents.lot(plausible_prices=plausible)])


def browser(reader: User) -> Client:
    client = Client()
    client.force_login(reader)
    return client
