"""The pages of evidence: how to verify, the two bundles of a decision, one bundle of several."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from procurement.audit import shelf, verifier
from procurement.audit.models import Export
from procurement.evaluation.models import Decision
from procurement.ledger import anchors
from procurement.ledger.models import Line
from procurement.people.models import Membership, User
from procurement.people.roles import Role
from tests.audit.bundles import KINDS
from tests.audit.conftest import Told
from tests.audit.portal import World, awarded, world
from tests.factories import UserFactory
from tests.people.world import make_bundle

pytestmark = pytest.mark.django_db


@pytest.fixture
def the(anchored: Path) -> World:
    return world()


@pytest.fixture
def decision(the: World) -> Decision:
    return awarded(the, "2026-001")


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, name: str, *numbers: int) -> str:
    response = as_(user).get(reverse(name, args=numbers))
    assert response.status_code == 200
    return response.content.decode()


def bundle_of(decision: Decision, by: User, kind: str) -> bytes:
    response = as_(by).post(reverse("audit:bundle", args=[decision.pk]), {"kind": kind, "confirmed": "yes"})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == f'attachment; filename="bareme-decision-{decision.pk}-{kind}.zip"'
    assert response["Cache-Control"] == "private, no-store"
    return response.content


def exports_recorded() -> int:
    return Line.objects.filter(action="bundle.exported").count()


# How to verify -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role.values)
def test_everybody_reads_how_to_verify_with_the_hashes_to_compare(anchored: Path, role: str) -> None:
    shown = page(UserFactory(role=role), "audit:verify")
    assert verifier.SHA256 in shown
    assert f"--key {anchors.fingerprint()}" in shown
    for verdict in ("VERIFIED", "INTEGRITY ONLY", "NOT VERIFIED"):
        assert f"<code>{verdict}</code>" in shown


def test_the_program_that_is_served_has_the_hash_that_is_shown(the: World) -> None:
    served = as_(the.auditor).get(reverse("audit:verifier"))
    assert hashlib.sha256(served.content).hexdigest() == verifier.SHA256
    assert served["Content-Disposition"] == 'attachment; filename="verify.py"'


def test_a_portal_without_a_key_says_that_its_bundles_show_integrity_only(db: None) -> None:
    the = world()
    decision = awarded(the, "2026-001")
    assert "This portal has no key yet" in page(the.buyer, "audit:verify")
    assert "integrity only" in page(the.buyer, "evaluation:decision", decision.pk)


# The bundle of one decision ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_bundle_downloaded_from_the_page_is_verified(decision: Decision, the: World, told: Told, kind: str) -> None:
    status, output = told(bundle_of(decision, the.auditor, kind), anchors.fingerprint())
    assert (status, f"A {kind} bundle" in output) == (0, True), output
    assert exports_recorded() == 1


def test_the_decision_page_says_who_may_have_which_bundle(decision: Decision, the: World) -> None:
    shown = page(the.buyer, "evaluation:decision", decision.pk)
    assert "business secrets of the tenderers" in shown
    assert "a tenderer or a citizen who asks" in shown
    assert 'name="kind" value="full"' in shown
    assert 'name="kind" value="communicable"' in shown


def test_what_a_communicable_bundle_spells_is_read_before_it_is_made(
    decision: Decision, the: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procurement.audit.requests.told", lambda _dossier: ["A written reason names Nordmed."])
    address = reverse("audit:bundle", args=[decision.pk])

    read_first = as_(the.buyer).post(address, {"kind": "communicable"})

    assert "A written reason names Nordmed." in read_first.content.decode()
    assert exports_recorded() == 0
    assert as_(the.buyer).post(address, {"kind": "full"})["Content-Type"] == "application/zip"
    assert bundle_of(decision, the.buyer, "communicable")
    assert exports_recorded() == 2


def test_a_bundle_writes_a_line_so_no_link_and_no_other_site_can_ask_for_it(decision: Decision, the: World) -> None:
    address = reverse("audit:bundle", args=[decision.pk])
    assert as_(the.buyer).get(address).status_code == 405
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(the.buyer)
    assert forged.post(address, {"kind": "full"}).status_code == 403
    assert exports_recorded() == 0


def test_an_unknown_kind_is_told_in_a_sentence(decision: Decision, the: World) -> None:
    response = as_(the.buyer).post(reverse("audit:bundle", args=[decision.pk]), {"kind": "half"})
    assert response.status_code == 400
    assert "A bundle is “full” or “communicable”." in response.content.decode()


def test_the_decision_of_another_hospital_is_not_there(decision: Decision, the: World) -> None:
    outside = UserFactory(role=Role.AUDITOR)
    for reader in (the.stranger, outside):
        response = as_(reader).post(reverse("audit:bundle", args=[decision.pk]), {"kind": "full"})
        assert response.status_code == 404
    assert exports_recorded() == 0


def test_a_record_that_cannot_be_anchored_gives_no_bundle_and_says_why(
    decision: Decision, the: World, settings: object
) -> None:
    settings.ANCHORS = "/nowhere/anchors.jsonl"
    response = as_(the.buyer).post(reverse("audit:bundle", args=[decision.pk]), {"kind": "full"})
    assert response.status_code == 409
    assert "The anchor cannot be written to /nowhere/anchors.jsonl" in response.content.decode()


def test_the_api_gives_the_same_bundle(decision: Decision, the: World, told: Told) -> None:
    address = reverse("decision-bundle", args=[decision.pk])
    for accepted in ("application/zip", "application/json", "*/*"):
        response = as_(the.buyer).post(address, {"kind": "full"}, content_type="application/json", HTTP_ACCEPT=accepted)
        assert response["Content-Type"] == "application/zip"
        assert told(response.content, anchors.fingerprint())[0] == 0
    refused = as_(the.buyer).post(address, {}, content_type="application/json")
    assert (refused.status_code, "kind" in refused.json()) == (400, True)


# One bundle of several decisions ------------------------------------------------------------------------


def asked(by: User, kind: str = "full", query: str = "") -> Export:
    response = as_(by).post(f"{reverse('audit:new')}?{query}", {"kind": kind})
    assert response.status_code == 302
    export = Export.objects.latest("pk")
    assert response["Location"] == reverse("audit:export", args=[export.pk])
    return export


def test_an_auditor_filters_asks_waits_and_verifies(decision: Decision, the: World, told: Told) -> None:
    other = awarded(the, "2026-002")
    assert "One bundle holds the 2 decisions shown" in page(the.auditor, "evaluation:decisions")

    export = asked(the.auditor)
    assert "waits for a free worker" in page(the.auditor, "audit:export", export.pk)
    make_bundle(export)
    shown = page(the.auditor, "audit:export", export.pk)
    assert "Download the bundle" in shown
    assert reverse("evaluation:decision", args=[other.pk]) in shown
    served = as_(the.auditor).get(reverse("audit:download", args=[export.pk]))
    content = b"".join(served.streaming_content)

    export.refresh_from_db()
    assert hashlib.sha256(content).hexdigest() == export.sha256
    assert served["Content-Disposition"] == 'attachment; filename="bareme-2-decisions-full.zip"'
    assert told(content, anchors.fingerprint())[0] == 0
    assert exports_recorded() == 2


def test_a_bundle_holds_what_the_filter_shows_and_nothing_else(decision: Decision, the: World) -> None:
    wanted = awarded(the, "2026-002")
    export = asked(the.auditor, query="search=2026-002")
    assert list(export.decisions.all()) == [wanted]


def test_a_filter_that_shows_nothing_makes_no_bundle(decision: Decision, the: World) -> None:
    response = as_(the.auditor).post(f"{reverse('audit:new')}?search=nothing", {"kind": "full"})
    assert response.status_code == 400
    assert "from 1 to 100 decisions" in response.content.decode()
    assert not Export.objects.exists()


@pytest.mark.parametrize("query", ["search=2026-002&decided_from=soon", f"search={'2026-002 ' * 20}", "outcome=lost"])
def test_a_filter_that_cannot_be_read_exports_nothing_more(decision: Decision, the: World, query: str) -> None:
    response = as_(the.auditor).post(f"{reverse('audit:new')}?{query}", {"kind": "full"})
    assert response.status_code == 400
    assert "This filter cannot be read" in response.content.decode()
    assert not Export.objects.exists()


def test_only_who_asked_sees_the_bundle(decision: Decision, the: World) -> None:
    export = asked(the.auditor)
    make_bundle(export)
    for reader in (the.buyer, the.second, the.stranger):
        for name in ("audit:export", "audit:download"):
            assert as_(reader).get(reverse(name, args=[export.pk])).status_code == 404
        assert "This page will hold the bundles" in page(reader, "audit:exports")


def test_whoever_left_the_hospital_keeps_no_bundle_of_it(decision: Decision, the: World) -> None:
    export = asked(the.buyer)
    make_bundle(export)
    assert as_(the.buyer).get(reverse("audit:download", args=[export.pk])).status_code == 200
    Membership.objects.filter(user=the.buyer).delete()
    assert as_(the.buyer).get(reverse("audit:download", args=[export.pk])).status_code == 404


def test_a_file_that_is_gone_is_told_on_its_page(decision: Decision, the: World) -> None:
    export = asked(the.buyer)
    make_bundle(export)
    export.refresh_from_db()
    shelf.discard(export.file)
    assert "The file is not here any more" in page(the.buyer, "audit:export", export.pk)
    assert as_(the.buyer).get(reverse("audit:download", args=[export.pk])).status_code == 404


def test_the_pages_ask_as_much_of_the_database_for_ten_as_for_one(
    decision: Decision, the: World, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = as_(the.auditor)
    first = asked(the.auditor)

    def look() -> int:
        return queries(lambda: [client.get(reverse("audit:exports")), client.get(first.get_absolute_url())])

    look()
    one = look()
    for _ in range(9):
        asked(the.auditor)
    for number in range(2, 4):
        first.decisions.add(awarded(the, f"2026-00{number}"))
    assert look() == one
