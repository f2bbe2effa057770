"""An evaluator at every address of the portal, wherever he stands: what opens, and that nothing tells what it may not.

A case of the world has bids whose prices, names and keys stand nowhere else. Until the marks are locked no answer holds
any of them: no page, no list, no field, no error, whatever was asked of it and by which method.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.utils import translation

from procurement.evaluation import services
from procurement.evaluation.models import Panel
from procurement.people.models import Hospital, User
from procurement.people.templatetags.reading import money, points
from tests.evaluation.conftest import NOW
from tests.evaluation.panels import Judged, agree_all, declare, give_all, judged, lock
from tests.people.test_permissions import address, ask, browser_of, cell, rows
from tests.people.world import World

pytestmark = pytest.mark.django_db


@dataclass
class Scene:
    """The world, with its panel on an anonymous lot in two envelopes on which ``member`` sits."""

    world: World
    case: Judged
    member: User


@pytest.fixture
def scene(world: World) -> Scene:
    hospital = Hospital.objects.get(finess="000000001")
    case = judged(world.readers["buyer"], hospital, reference="2026-099", anonymous=True, two_envelopes=True)
    panel = Panel.objects.get(lot=case.lot)
    seat = panel.panelists.get(user=case.members[0])
    bid = case.lot.bids.get(key="alpha")
    world.numbers |= dict.fromkeys(("judged", "decided", "lot"), case.lot.pk) | {
        "panel": panel.pk, "seat": seat.pk, "tender": case.lot.tender_id,
        "bid": bid.pk, "bid_key": bid.key, "supplier": bid.supplier_id,
    }  # fmt: skip
    return Scene(world, case, case.members[0])


def undeclared(scene: Scene) -> None:
    """He was seated, and has done nothing."""


def declared(scene: Scene) -> None:
    for member in scene.case.members:
        declare(scene.case, member)


def marking(scene: Scene) -> None:
    declared(scene)
    for member, mark in zip(scene.case.members, "234", strict=True):
        give_all(scene.case, member, mark)


def agreed(scene: Scene) -> None:
    marking(scene)
    agree_all(scene.case)


def conflicted(scene: Scene) -> None:
    marking(scene)
    declare(scene.case, scene.member, text="A share in one of them.")


def unseated(scene: Scene) -> None:
    declared(scene)
    seat = Panel.objects.get(lot=scene.case.lot).panelists.get(user=scene.member)
    services.unseat(panelist=seat, by=scene.case.buyer, at=NOW)


def moved(scene: Scene) -> None:
    """He sits there still, and works for another hospital by now."""
    declared(scene)
    stranger = scene.world.readers["stranger"].memberships.get().hospital
    scene.member.memberships.update(hospital=stranger)


def locked(scene: Scene) -> None:
    agreed(scene)
    lock(scene.case)


BEFORE_THE_LOCK = (undeclared, marking, conflicted, unseated, moved)
END_THE_SESSION = ("people:logout", "people:password")


def spellings(amount: Decimal) -> set[str]:
    """An amount as pages, files and the API write it."""
    written = {str(amount), f"{amount.normalize():f}"}
    for language in ("en", "fr"):
        with translation.override(language):
            written |= {points(amount), money(amount, "EUR")}
    return written


def secrets_of(case: Judged) -> set[str]:
    """What nobody on the panel may read: names, keys, totals and unit prices, however they are written."""
    told = set()
    for bid in case.lot.bids.select_related("supplier").prefetch_related("lines"):
        told |= {bid.supplier.name, *spellings(bid.price)} | {f"/{bid.key}/", f'"{bid.key}"', f">{bid.key}<"}
        for line in bid.lines.all():
            told |= spellings(line.unit_price) if line.unit_price > 100 else set()  # “5” stands everywhere
    return told


# Whatever a list, a filter, an order or a serializer might listen to.
ASKED = (
    "ordering=-lot__bids__price&order_by=price&search=e&q=e&fields=price,supplier_name,key&expand=bids,lot,marks"
    "&include=bids&depth=3&format=json&page_size=100&lot={lot}&tender={tender}&bid={bid}&supplier={supplier}"
    "&status=admissible&stage=opened&task=e&state=done&purpose=published_rules"
)


def told_to(reader: User, scene: Scene, kind: str = "", asked: str = "") -> dict[str, list[str]]:
    """Every secret that some answer holds, by address; without those that refuse the role of a ``kind`` of reader.

    What the reader wrote himself, the address and what is ``asked`` behind it, is no secret to him.
    """
    asked = asked.format(**scene.world.numbers)
    browser, secrets, found = browser_of(reader), secrets_of(scene.case), {}
    for name, nouns, method, cells in rows():
        if name in END_THE_SESSION or (kind and cells[kind] == "x"):
            continue
        url = address(name, nouns, scene.world)
        answer = ask(browser, method, f"{url}?{asked}" if asked else url)
        text = "" if answer.streaming else answer.content.decode(errors="replace").replace(url, "")
        if leaked := sorted(secret for secret in secrets if secret in text):
            found[f"{method} {url}"] = leaked
    return found


def test_no_address_tells_a_member_a_name_or_a_price_before_the_lock(scene: Scene) -> None:
    agreed(scene)

    assert told_to(scene.member, scene) == {}


@pytest.mark.parametrize("state", BEFORE_THE_LOCK, ids=lambda state: state.__name__)
def test_what_is_open_to_a_member_tells_none_either_wherever_he_stands(
    scene: Scene, state: Callable[[Scene], None]
) -> None:
    state(scene)

    assert told_to(scene.member, scene, "evaluator") == {}


def test_nothing_that_is_asked_behind_an_address_opens_more_of_it(scene: Scene) -> None:
    agreed(scene)

    assert told_to(scene.member, scene, asked=ASKED) == {}
    assert told_to(scene.world.readers["officer"], scene, asked=ASKED) == {}


def test_the_same_walk_finds_them_where_they_may_be_read(scene: Scene) -> None:
    """Otherwise the walk would find nothing because it looks for nothing."""
    locked(scene)

    found = told_to(scene.member, scene)

    panel = scene.world.numbers["panel"]
    assert {f"GET /panels/{panel}/", f"GET /api/v1/panels/{panel}/bids/"} <= found.keys()
    assert {where for where in found if f"/panels/{panel}/" not in where} == set(), "nothing else opens by the lock"
    assert len(told_to(scene.case.buyer, scene, "buyer")) > len(found)


def test_no_address_tells_anybody_of_another_house_or_role(scene: Scene) -> None:
    """`evaluator` works for the hospital and sits on other panels alone."""
    locked(scene)

    for kind in ("stranger", "officer", "outsider", "administrator", "evaluator"):
        found = told_to(scene.world.readers[kind], scene, kind)
        # The register of suppliers belongs to the buyers of all hospitals.
        bids = scene.case.lot.bids.select_related("supplier")
        names = {bid.supplier.name for bid in bids} if kind == "stranger" else set()
        assert {where: leaked for where, leaked in found.items() if set(leaked) - names} == {}, kind


def test_no_endpoint_describes_itself_to_whoever_asks_for_its_options(scene: Scene) -> None:
    browser = browser_of(scene.member)
    names = {(name, nouns) for name, nouns, _method, _cells in rows() if ":" not in name}

    answers = {ask(browser, "OPTIONS", address(*named, scene.world)).status_code for named in names}

    assert answers <= {403, 405}


# For each state: where the member's own doors lead.
#                          before    declared  conflicted  unseated  locked
DOORS = {
    "evaluation:judge": (302, 200, 403, 404, 200),
    "evaluation:declare": (200, 200, 200, 404, 200),
    "evaluation:paste_own": (409, 200, 403, 404, 200),
    "panel-detail": (200, 200, 200, 404, 200),
    "panel-bids": (409, 200, 403, 404, 200),
    "panel-drafts": (409, 200, 403, 404, 200),
    "panel-table": (409, 200, 403, 404, 200),
}
STATES = (undeclared, declared, conflicted, unseated, locked)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_the_doors_of_a_panel_open_as_far_as_its_member_has_come(scene: Scene, state: Callable[[Scene], None]) -> None:
    state(scene)
    browser = browser_of(scene.member)

    answered = {name: ask(browser, "GET", address(name, "panel", scene.world)).status_code for name in DOORS}

    assert answered == {name: codes[STATES.index(state)] for name, codes in DOORS.items()}


def test_every_address_an_evaluator_may_open_about_a_panel_has_its_door_in_the_table() -> None:
    reading = {
        name for name, nouns, method, cells in rows() if (nouns, method, cells["evaluator"]) == ("panel", "GET", "+")
    }
    assert reading == set(DOORS)


def test_what_a_conflict_closes_stays_closed_to_every_write(scene: Scene) -> None:
    conflicted(scene)
    browser = browser_of(scene.member)
    writes = [
        (name, method)
        for name, nouns, method, cells in rows()
        if nouns == "panel" and method != "GET" and cells["evaluator"] == "+" and not name.endswith("declare")
    ]

    assert {name for name, _method in writes} >= {"evaluation:judge", "panel-give-marks"}
    for name, method in writes:
        answer = ask(browser, method, address(name, "panel", scene.world))
        assert cell(answer) == "x", f"{method} {name}: {answer.status_code}"
