"""Bundles that lie in one thing, with the record, the manifest and the signature in agreement with the lie.

Whoever holds the database and the key could write them: only recomputing and comparing shows them.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable

from scoring import canonical, sha256
from tests.audit.bundles import Files, Story
from tests.scoring.documents import effect, preference


def drawn() -> Story:
    """Two bids share the first rank, and one was drawn."""
    story = Story()
    case = copy.deepcopy(story.case)
    case["bids"] = [case["bids"][0], {**case["bids"][0], "id": "D"}]
    story = Story(case)
    assert story.sheet["tied"]
    story.decision.update(bid="D", draw="By lot, in public.")
    return story


def lying_sheet() -> Story:
    story = Story()
    story.sheet["ranking"][0]["total"] = "99.99"
    return story


def lying_winner() -> Story:
    story = Story()
    story.decision["bid"] = "B"
    return story


def needless_draw() -> Story:
    story = Story()
    story.decision["draw"] = "By lot."
    return story


def draw_not_recorded() -> Story:
    story = drawn()
    story.decision["draw"] = ""
    return story


def award_of_nothing() -> Story:
    story = Story()
    story.decision.update(outcome="unsuccessful")
    return story


def other_weights() -> Story:
    story = Story()
    story.rules["criteria"][0]["weight"], story.rules["criteria"][1]["weight"] = "60", "40"
    return story


def other_tie_break() -> Story:
    story = Story()
    story.rules["tie_break"] = []
    return story


def unpublished_policy() -> Story:
    story = Story()
    story.rules["policy"] = None
    return story


def unapproved_policy() -> Story:
    """The case applies another amount than the approved policy has."""
    story = Story()
    story.policy["measures"][0]["amount"] = "4"
    return story


def unpublished_rules() -> Story:
    story = Story()
    story.published_lots = {"2": "0" * 64}
    return story


def hidden_sheet() -> Story:
    """A later sheet was recorded and is not in the bundle."""
    story = Story()
    story.extra_lines = [("lot.scored", "tenders.Lot:12", "cd" * 32, "")]
    return story


def of_another_tender() -> Story:
    story = Story()
    story.decision["tender"] = "tenders.Tender:4"
    return story


def of_another_lot() -> Story:
    story = Story()
    story.decision["lot"] = "tenders.Lot:13"
    return story


def stray_policy() -> Story:
    story = Story()
    story.extra_files["policies/other-1.json"] = canonical(preference(effect("x"), id="other"))
    return story


def another_title() -> Story:
    """The rules agree with the case; the approved policy has another title."""
    story = Story()
    story.policy["title"] = "Another title"
    return story


LIES: dict[Callable[[], Story], str] = {
    lying_sheet: "/ranking/0/total",
    lying_winner: "does not win",
    needless_draw: "/draw",
    draw_not_recorded: "/draw",
    award_of_nothing: "/bid",
    other_weights: "/criteria/0/weight",
    other_tie_break: "/tie_break",
    unpublished_policy: "is not the one the published rules name",
    unapproved_policy: "/measures/0/amount",
    unpublished_rules: "these rules were published",
    hidden_sheet: "is missing",
    of_another_tender: "/tender",
    of_another_lot: "/lot",
    stray_policy: "policy was approved",
}


def wrong_previous() -> Files:
    """A line that names another previous hash, in a chain hashed and signed anew."""
    story = Story()
    record = story.record

    def broken(*line: str, **more: str) -> None:
        record(*line, **more)
        if line[0] == "lot.awarded":
            changed = {**story.lines[-1], "previous": "ef" * 32}
            del changed["hash"]
            story.lines[-1] = {**changed, "hash": sha256(changed)}

    story.record = broken
    return story.files()


def changed_copy_of_verify() -> Files:
    return {**Story().files(), "verify.py": b"# another\n"}


def no_export_line() -> Files:
    story = Story()
    record = story.record
    story.record = lambda action, *more, **named: record(
        "bundle.seen" if action == "bundle.exported" else action, *more, **named
    )
    return story.files()


def changed_signature() -> Files:
    files = Story().files()
    proof = json.loads(files["ledger/proof.json"])
    proof["anchor"]["document"]["at"] = "2020-01-01T00:00:00.000000+00:00"
    return {**files, "ledger/proof.json": canonical(proof)}


def path_of_another() -> Files:
    files = Story().files()
    proof = json.loads(files["ledger/proof.json"])
    proof["inclusion"]["2"], proof["inclusion"]["3"] = proof["inclusion"]["3"], proof["inclusion"]["2"]
    return {**files, "ledger/proof.json": canonical(proof)}
