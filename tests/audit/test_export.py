"""Bundles exported by the portal from decisions its services made: each verifies, and hides what it must."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from procurement.audit import dossier, services, verify
from procurement.audit.bundles import Bundle
from procurement.audit.dossier import OF_BIDS, OF_LOTS
from procurement.audit.services import export_bundle
from procurement.evaluation.models import Decision, ScoreSheet
from procurement.ledger.models import Anchor, Line
from procurement.ledger.reasons import texts_of
from procurement.people.actions import ACTIONS
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.registry.services import register_supplier
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot
from scoring.canonical import sha256
from tests.audit import portal
from tests.audit.bundles import FINGERPRINT, KINDS
from tests.audit.conftest import Told
from tests.audit.portal import EXPORTED, LATER, NOW, REASON, STORIES, World, world
from tests.conftest import triggers_lifted
from tests.evaluation.conftest import OFFERS
from tests.tenders.documents import lot as lot_document
from tests.tenders.documents import tender as tender_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def the(anchored: Path) -> World:
    return world()


def exported(the: World, *decisions: Decision, kind: str = "full", by: User | None = None) -> Bundle:
    """A bundle exported by the buyer, or by another person."""
    return export_bundle(decisions=decisions, kind=kind, by=by or the.buyer, at=EXPORTED)


def contents(bundle: Bundle) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_bundle_of_every_kind_of_decision_is_verified(
    the: World, told: Told, story: Callable[[World, str], Decision]
) -> None:
    decision = story(the, "2026-014")
    for kind in KINDS:
        bundle = exported(the, decision, kind=kind)
        status, said = told(bundle.content)
        assert status == 0, said
        assert f"Decision {decision.pk} (tenders.Lot:{decision.lot_id}): same." in said
        assert said.splitlines()[-1].startswith("VERIFIED")
        assert bundle.fingerprint == FINGERPRINT


def test_the_stories_are_what_they_say(the: World) -> None:
    lifted = portal.with_a_lifted_block(the, "2026-01")
    assert [lift.code for lift in lifted.lot.lifted_blocks.all()] == [portal.IPI]
    excepted = portal.with_an_ipi_exception(the, "2026-02").sheet.sheet
    assert not [found for found in excepted["findings"] if found["severity"] == "block"]
    out = portal.with_excluded_bids(the, "2026-03").sheet.sheet["excluded"]
    assert out == [{"bid": "beta", "reason": "excluded"}, {"bid": "low", "reason": "minimum:quality"}]
    assert portal.drawn(the, "2026-04").sheet.sheet["tied"]
    assert portal.ended_before_the_opening(the, "2026-05").sheet is None
    assert portal.simulated_afterwards(the, "2026-06").lot.sheets.count() == 3


def test_several_decisions_make_one_bundle_each_told_on_its_own(the: World, told: Told) -> None:
    decisions = [story(the, f"2026-{index}") for index, story in enumerate(STORIES[:4])]
    for kind in KINDS:
        bundle = exported(the, *reversed(decisions), decisions[0], kind=kind)
        status, said = told(bundle.content)
        assert (status, said.count(": same.")) == (0, 4), said
        assert bundle.name == f"bareme-4-decisions-{kind}.zip"


def test_every_decision_has_a_line_of_its_export_with_the_hash_of_the_manifest(the: World) -> None:
    decisions = [portal.awarded(the, "2026-1"), portal.ended_before_the_opening(the, "2026-2")]
    bundle = exported(the, *decisions, kind="communicable")
    lines = list(Line.objects.filter(action="bundle.exported"))
    assert [line.object for line in lines] == [f"evaluation.Decision:{decision.pk}" for decision in decisions]
    assert {line.after for line in lines} == {hashlib.sha256(contents(bundle)["manifest.json"]).hexdigest()}
    assert {(line.actor, line.role, line.at) for line in lines} == {(f"user:{the.buyer.pk}", "buyer", EXPORTED)}
    assert set(texts_of(lines).values()) == {"communicable"}


def test_the_anchor_is_over_the_line_of_the_export(the: World) -> None:
    exported(the, portal.awarded(the, "2026-1"))
    last = Line.objects.last()
    assert (last.action, last.sequence) == ("bundle.exported", Anchor.objects.get().size)


def test_without_a_key_the_bundle_shows_integrity_only_and_says_so(the: World, settings: Any, told: Told) -> None:
    settings.ANCHOR_KEY = ""
    for kind in KINDS:
        bundle = exported(the, portal.awarded(the, f"2026-{kind}"), kind=kind)
        assert bundle.fingerprint == ""
        status, said = told(bundle.content, None)
        assert (status, said.splitlines()[-1].startswith("INTEGRITY ONLY")) == (0, True)
        assert told(bundle.content)[0] == 1


def test_an_outside_copy_that_cannot_be_written_is_told_and_no_bundle_is_made(the: World, settings: Any) -> None:
    decision = portal.awarded(the, "2026-1")
    settings.ANCHORS = "/dev/null/anchors.jsonl"
    with pytest.raises(Refused, match="/dev/null/anchors"):
        exported(the, decision)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_export_is_the_same_bytes(the: World, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the record as it was: a second export is a second line."""
    decision = portal.awarded(the, "2026-1")
    first = exported(the, decision, kind=kind)
    lines = list(Line.objects.filter(action="bundle.exported"))
    monkeypatch.setattr(services, "record_export", lambda **_given: lines)
    assert exported(the, decision, kind=kind).content == first.content
    monkeypatch.undo()
    assert exported(the, decision, kind=kind).content != first.content


def test_the_zip_is_as_the_description_has_it(the: World) -> None:
    bundle = exported(the, portal.awarded(the, "2026-1"))
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        entries = archive.infolist()
        assert archive.comment == b""
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {(entry.date_time, entry.compress_type, entry.extra, entry.comment) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_DEFLATED, b"", b"")
    }


def test_the_copy_of_the_verifier_is_the_very_file(the: World) -> None:
    files = contents(exported(the, portal.awarded(the, "2026-1")))
    assert files["verify.py"] == Path(verify.__file__).read_bytes()
    assert json.loads(files["documents.json"]) == []


def test_the_legal_values_name_the_sheets_whose_guards_looked_at_them(the: World) -> None:
    decision = portal.simulated_afterwards(the, "2026-1")
    values = json.loads(contents(exported(the, decision))["parameters.json"])
    assert [value["key"] for value in values] == sorted(value["key"] for value in values)
    places = {f"decisions/{decision.pk}/sheets/{number}" for number in (1, 2, 3)}
    assert {place for value in values for place in value["sheets"]} == places
    stored = {sha256(value) for sheet in ScoreSheet.objects.all() for value in sheet.evidence.legal_values}
    assert {sha256({key: value[key] for key in value if key != "sheets"}) for value in values} == stored
    assert all(value["article"] and value["text"] and value["mark"] in ("P", "S", "R") for value in values)


def test_a_full_bundle_has_the_bids_in_its_lines_and_a_communicable_one_has_not(the: World) -> None:
    decision = portal.with_an_explained_price(the, "2026-1")
    actions = {
        kind: [line["action"] for line in json.loads(contents(exported(the, decision, kind=kind))["ledger/lines.json"])]
        for kind in KINDS
    }
    assert {"bid.entered", "bid.marked", "bid.price_explained"} <= set(actions["full"])
    assert actions["communicable"] == [action for action in actions["full"] if action not in OF_BIDS]
    assert set(actions["communicable"]) == {
        "policy_version.approved", "tender.published", "tender.announced", "tender.opened", "lot.scored", "lot.awarded",
        "bundle.exported",
    }  # fmt: skip


def test_every_deed_about_lots_and_bids_has_its_place_in_a_bundle() -> None:
    """A new one must be told there, or be named here with its reason."""
    known = {action for action in ACTIONS if action.startswith(("lot.", "bid."))}
    known -= {"lot.dropped"}  # a lot that is gone is never decided
    assert {action for action in known if not action.endswith(".refused")} == {*OF_LOTS, *OF_BIDS}


def test_readings_and_refusals_stay_at_home(the: World) -> None:
    decision = portal.awarded(the, "2026-1")
    bundle = exported(the, decision, by=the.auditor)
    again = exported(the, decision)
    for made in (bundle, again):
        lines = json.loads(contents(made)["ledger/lines.json"])
        assert sum(line["action"] == "bundle.exported" for line in lines) == 1, "nor the exports of others"


# What is secret, and what is not.


def leaves(bundle: Bundle) -> list[dict[str, Any]]:
    files = contents(bundle)
    return [leaf for name in files if name.endswith("case.redacted.json") for leaf in json.loads(files[name])["leaves"]]


def test_a_communicable_bundle_holds_no_secret_and_no_key(the: World) -> None:
    decision = portal.of_unknown_origins(the, "2026-1")
    files = contents(exported(the, decision, kind="communicable"))
    everything = b"\n".join(content for name, content in files.items() if name != "verify.py").decode()
    assert not [name for name in files if name.endswith(("case.json", "commitment.json"))]
    for sheet in decision.lot.sheets.all():
        assert sheet.evidence.commitment_key not in everything
    for losing in ("Nordmed", "Pacific Care"):
        assert losing not in everything
    assert "MedTech Loire" in everything
    assert REASON in everything


def test_what_is_hidden_is_what_the_description_says(the: World) -> None:
    bundle = exported(the, portal.awarded(the, "2026-1"), kind="communicable")
    hidden = {leaf["pointer"] for leaf in leaves(bundle) if "hash" in leaf}
    bids, lines = range(len(OFFERS)), range(2)
    figures = {f"/bids/{bid}/lines/{line}/unit_price" for bid in bids for line in lines}
    evidence = {f"/bids/{bid}/environment/carbon/{field}" for bid in bids for field in ("value", "assurance")}
    origins = {
        f"/bids/{bid}/lines/{line}/origins/0/{field}"
        for bid in (0, 1)
        for line in lines
        for field in ("country", "share", "assurance")
    }
    assert hidden == figures | evidence | origins | {"/bids/1/supplier/name", "/bids/2/supplier/name"}


def test_nobody_has_won_a_lot_without_an_award(the: World) -> None:
    bundle = exported(the, portal.ended_after_a_sheet(the, "2026-1"), kind="communicable")
    assert {leaf["pointer"] for leaf in leaves(bundle) if leaf["pointer"].endswith("/name") and "hash" in leaf} == {
        f"/bids/{bid}/supplier/name" for bid in range(len(OFFERS))
    }


def test_a_hidden_leaf_is_not_found_by_trying_without_the_key(the: World) -> None:
    """Its salt is as secret as it is: the hash of the value alone, or under no salt, is another."""
    told = leaves(exported(the, portal.awarded(the, "2026-1"), kind="communicable"))
    hashes = {leaf["pointer"]: leaf["hash"] for leaf in told if "hash" in leaf}
    pointer = "/bids/1/supplier/name"
    for salt in (b"", bytes(16)):
        assert verify.committed_leaf(salt, pointer, "Nordmed").hex() != hashes[pointer]


def test_names_that_keys_and_reasons_spell_are_told_to_who_exports(the: World) -> None:
    offers = [OFFERS[0], ("nordmed", *OFFERS[1][1:]), OFFERS[2]]
    lot = portal.scored(the, portal.opened(the, "2026-1", offers))
    decision = portal.award(the, lot, reason="Better than PACIFIC-CARE on every criterion.")
    assert exported(the, decision, kind="full").told == []
    assert exported(the, decision, kind="communicable").told == [
        f"{lot}: a written reason names Pacific Care, which did not win.",
        f"{lot}: the key “nordmed” of a bid that did not win spells the name of its tenderer.",
    ]
    assert exported(the, portal.awarded(the, "2026-2"), kind="communicable").told == []


def test_a_member_of_a_consortium_that_did_not_win_is_named_nowhere_unless_whoever_exports_is_told(the: World) -> None:
    lot = portal.opened(the, "2026-1", list(OFFERS))
    register_supplier(name="Helvetia Perfusion", by=the.buyer)
    members = {"members": [{"supplier": {"name": "Helvetia Perfusion"}}]}
    tenders.record_members(bid=lot.bids.get(key="beta"), document=members, by=the.buyer, at=NOW)
    decision = portal.award(the, portal.scored(the, lot), reason="Before the group of Helvetia Perfusion.")

    communicable = exported(the, decision, kind="communicable")

    assert communicable.told == [f"{lot}: a written reason names Helvetia Perfusion, which did not win."]
    files = [name for name, content in contents(communicable).items() if b"Helvetia" in content]
    assert files == [f"decisions/{decision.pk}/decision.json"], "in what somebody wrote, and nowhere else"
    whole = contents(exported(the, decision, kind="full"))
    assert b"bid.members_recorded" in b"".join(whole.values())


# Who may, and what is refused.


def test_only_who_may_read_and_export_the_decision_does(the: World) -> None:
    decision = portal.awarded(the, "2026-1")
    for person in (the.buyer, the.second, the.auditor):
        assert exported(the, decision, by=person).content
    exports = Line.objects.filter(action="bundle.exported").count()
    for person in (the.stranger, the.in_force.approved_by):
        with pytest.raises(PermissionDenied):
            exported(the, decision, by=person)
    assert Line.objects.filter(action="bundle.exported").count() == exports == 3


def test_the_operator_of_the_software_exports_and_is_recorded_as_such(the: World) -> None:
    export_bundle(decisions=[portal.awarded(the, "2026-1")], kind="full", by=None, at=EXPORTED)
    assert Line.objects.get(action="bundle.exported").actor == "system"


def test_one_decision_outside_the_mandate_among_others_is_enough_to_refuse(the: World) -> None:
    needs = {"designation": "Mask", "unit": "box", "needs": {"000000009": "10"}}
    rules = lot_document(items=[{"id": "masks", **needs}])
    tender = tender_document(reference="2026-9", contracting_body="000000009", lots=[rules])
    elsewhere = tenders.draft_tender(document=tender, by=the.stranger, at=NOW)
    tenders.publish(tender=elsewhere, by=the.stranger, at=NOW)
    given = {"outcome": "without_follow_up", "reason": "The need is gone.", "by": the.stranger, "at": LATER}
    foreign = portal.services.end(lot=elsewhere.lots.get(), **given)
    own = portal.awarded(the, "2026-1")
    assert exported(the, own, by=the.auditor).content
    assert exported(the, foreign, by=the.stranger).content
    for person in (the.auditor, the.buyer, the.stranger):
        with pytest.raises(PermissionDenied, match="hospital"):
            exported(the, own, foreign, by=person)


def test_no_decision_an_unknown_kind_and_too_many_are_refused_in_a_sentence(
    the: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    decisions = [portal.ended_before_the_opening(the, f"2026-{number}") for number in (1, 2)]
    with pytest.raises(Invalid, match="“full” or “communicable”"):
        exported(the, decisions[0], kind="secret")
    with pytest.raises(Invalid, match="from 1 to 1000 decisions"):
        exported(the)
    monkeypatch.setattr(services, "MOST_DECISIONS", 1)
    with pytest.raises(Invalid, match="from 1 to 1 decisions"):
        exported(the, *decisions)


def test_a_sheet_of_before_is_in_no_bundle(the: World) -> None:
    decision = portal.awarded(the, "2026-1")
    with triggers_lifted():
        decision.sheet.evidence.delete()
    with pytest.raises(Refused, match="Sheet 1 of 2026-1/1 Masks and gloves was scored before cases had commitments"):
        exported(the, decision)


def test_a_decision_that_is_not_the_recorded_one_is_in_no_bundle(the: World) -> None:
    decision = portal.awarded(the, "2026-1")
    with triggers_lifted():
        Decision.objects.update(reason="Another one.")
    with pytest.raises(Refused, match="no line of the decision on 2026-1/1"):
        exported(the, decision)


def test_a_line_with_its_reason_in_clear_is_in_no_bundle(the: World) -> None:
    decision = portal.awarded(the, "2026-1")
    with triggers_lifted():
        Line.objects.filter(action="lot.awarded").update(reason="In clear.")
    with pytest.raises(Refused, match=r"Line \d+ of the record holds its reason itself"):
        exported(the, decision)


def test_a_record_that_contradicts_its_anchor_is_not_exported(the: World) -> None:
    decision = portal.awarded(the, "2026-1")
    exported(the, decision)
    with triggers_lifted():
        Line.objects.filter(action="tender.opened").update(hash="0" * 64)
    with pytest.raises(Refused):
        exported(the, decision)


def test_a_sheet_scored_meanwhile_stays_out(the: World, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its line is after those that were read: the bundle is of the moment before."""
    decision = portal.awarded(the, "2026-1")
    read = dossier.Dossier

    def simulated_first(**given: Any) -> Any:
        portal.services.simulate(lot=Lot.objects.get(), policy_version=None, by=the.buyer, at=LATER)
        given["sheets"] = {decision.lot_id: list(ScoreSheet.objects.select_related("evidence").order_by("number"))}
        return read(**given)

    monkeypatch.setattr(dossier, "Dossier", simulated_first)
    bundle = exported(the, decision)
    assert ScoreSheet.objects.count() == 2
    assert not [name for name in contents(bundle) if "/sheets/2/" in name]
    assert told(bundle.content)[0] == 0


# How much it asks of the database.


@pytest.mark.parametrize("kind", KINDS)
def test_the_documents_take_as_many_queries_for_four_decisions_as_for_one(
    the: World, kind: str, queries: Callable[[Callable[[], object]], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each decision has one line of its export more, and that is all."""
    decisions = [portal.simulated_afterwards(the, f"2026-{number}") for number in range(4)]
    exported(the, decisions[0])
    for_all = {number: queries(lambda n=number: exported(the, *decisions[:n], kind=kind)) for number in (1, 2, 4)}
    a_line = for_all[2] - for_all[1]
    assert for_all[4] - for_all[2] == 2 * a_line
    assert a_line <= 4
    assert for_all[1] <= 35


def test_progress_is_told_after_each_decision_and_outside_a_transaction(the: World) -> None:
    decisions = [portal.ended_before_the_opening(the, f"2026-{number}") for number in range(3)]
    heard: list[tuple[int, int, int]] = []
    depth = len(connection.savepoint_ids)
    export_bundle(
        decisions=decisions,
        kind="full",
        by=the.buyer,
        at=NOW,
        progress=lambda done, total: heard.append((done, total, len(connection.savepoint_ids) - depth)),
    )
    assert heard == [(1, 3, 0), (2, 3, 0), (3, 3, 0)]
