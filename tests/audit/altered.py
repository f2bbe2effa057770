"""One altered bundle for each sentence the verifier can say: the kind, what is done to it, a part of the sentence."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from procurement.audit.verify import committed_leaf
from scoring import canonical
from tests.audit.bundles import OTHER_SEED, PLACE, Files, Story, announcement, packed
from tests.audit.lies import LIES, changed_signature, hidden_sheet, no_export_line, path_of_another, wrong_previous

Altered = Files | bytes
LINES, PROOF, MANIFEST = "ledger/lines.json", "ledger/proof.json", "manifest.json"
ANNOUNCEMENT = "decisions/7/announcement.json"
DECISION, SHEET, REDACTED = "decisions/7/decision.json", f"{PLACE}/sheet.json", f"{PLACE}/case.redacted.json"


def with_bytes(name: str, content: bytes, kind: str = "full") -> Callable[[], Altered]:
    """The bundle with other bytes in one file."""
    return lambda: {**Story().files(kind), name: content}


def without(name: str) -> Callable[[], Altered]:
    return lambda: {key: content for key, content in Story().files().items() if key != name}


def edited(name: str, change: Callable[[Any], object], kind: str = "full", **given: Any) -> Callable[[], Altered]:
    """The bundle with one document changed in place."""

    def build() -> Altered:
        files = Story().files(kind, **given)
        document = json.loads(files[name])
        change(document)
        return {**files, name: canonical(document)}

    return build


def told(change: Callable[[Story], object], kind: str = "full", **given: Any) -> Callable[[], Altered]:
    """A story that was changed before it was recorded and signed."""

    def build() -> Altered:
        story = Story()
        change(story)
        return story.files(kind, **given)

    return build


def recorded(wanted: str, **fields: str) -> Callable[[Story], None]:
    """Record the lines of an action otherwise: ``fields`` are action, thing, after, before."""

    def change(story: Story) -> None:
        record = story.record

        def otherwise(action: str, thing: str, after: str, before: str = "") -> None:
            line = {"action": action, "thing": thing, "after": after, "before": before}
            record(**{**line, **(fields if action == wanted else {})})

        story.record = otherwise

    return change


def unlisted_policy(story: Story) -> None:
    """Neither the zip nor the manifest has the policy that the case applies."""
    seal = story.sealed

    def sealed(files: Files, kind: str, seed: bytes | None) -> Files:
        return seal({name: content for name, content in files.items() if "policies/" not in name}, kind, seed)

    story.sealed = sealed


def zipped(change: Callable[[zipfile.ZipFile, Files], None]) -> Callable[[], Altered]:
    """A zip that is written in another way."""

    def build() -> Altered:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            change(archive, Story().files())
        return content.getvalue()

    return build


def commented(archive: zipfile.ZipFile, files: Files) -> None:
    archive.comment = b"hidden"
    for name in sorted(files):
        archive.writestr(zipfile.ZipInfo(name), files[name])


def dated(archive: zipfile.ZipFile, files: Files) -> None:
    for name in sorted(files):
        archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), files[name])


def twice(archive: zipfile.ZipFile, files: Files) -> None:
    for name in sorted([*files, DECISION]):
        archive.writestr(zipfile.ZipInfo(name), files[name])


def no_award(story: Story) -> None:
    story.decision.update(outcome="without_follow_up", bid=None)


def untold(story: Story) -> None:
    """A line that the manifest, and with it the line of the export, does not know of."""
    story.named = lambda lines: [line for line in lines if line["action"] != "lot.block_lifted"]


def without_a_line() -> Altered:
    """The line of the opening taken out, and its proof with it."""
    files = Story().files()
    lines, proof = json.loads(files[LINES]), json.loads(files[PROOF])
    del proof["inclusion"][str(lines.pop(3)["sequence"])]
    return {**files, LINES: canonical(lines), PROOF: canonical(proof)}


def also(action: str, thing: str = "tenders.Lot:12") -> Callable[[Story], None]:
    """One more line about the lot, or another thing, before its decision."""
    return lambda story: story.extra_lines.append((action, thing, "cd" * 32, ""))


def unannounced(story: Story) -> None:
    """The lot was published before lots announced their criteria in words."""
    story.announcement = None


def of_a_lot_that_announced_nothing(story: Story) -> None:
    """A text that no record vouches for, slipped in beside the rules."""
    unannounced(story)
    story.extra_files[ANNOUNCEMENT] = canonical({"rules_sha256": "0" * 64, **announcement()})


def in_turn(first: str, second: str) -> Callable[[Story], None]:
    """Record two things in the other order."""

    def change(story: Story) -> None:
        record, held = story.record, []

        def turned(action: str, *more: str) -> None:
            if action == first:
                held.append((action, *more))
            else:
                record(action, *more)
            if action == second:
                record(*held.pop())

        story.record = turned

    return change


def deflated_otherwise(archive: zipfile.ZipFile, files: Files) -> None:
    for name in sorted(files):
        archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_BZIP2)


def of_two_documents(document: Any) -> None:
    """A leaf below another leaf."""
    leaf = next(leaf for leaf in document["leaves"] if leaf["pointer"] == "/assessed_on")
    document["leaves"].insert(document["leaves"].index(leaf) + 1, {**leaf, "pointer": "/assessed_on/x"})


def decided_on_no_sheet(story: Story) -> None:
    no_award(story)
    story.decision["sheet"] = None
    recorded("lot.ended", before="ef" * 32)(story)


def other_everywhere(story: Story) -> None:
    for row in story.sheet["ranking"]:
        for field in ("total", "price", "evaluated_price", "bonus", "european_share", "environment"):
            row[field] = "1.23"
        row["exact_evaluated_price"], row["rank"] = "1/3", 9


def hidden_mark(document: Any) -> None:
    """A leaf that is no secret is shown as its hash."""
    leaf = next(leaf for leaf in document["leaves"] if leaf["pointer"] == "/bids/0/marks/quality")
    leaf["hash"] = committed_leaf(bytes.fromhex(leaf.pop("salt")), leaf["pointer"], leaf.pop("value")).hex()


def foreign_measure(story: Story) -> None:
    measures = story.sheet["ranking"][0]["measures"]
    measures["other"] = next(iter(measures.values()))


def price_of_nothing() -> Altered:
    """The price follows from lines that are secret, and the sheet gives none."""
    case = Story().case
    for bid in case["bids"]:
        del bid["price"]
    story = Story(case)
    story.sheet["ranking"][0]["price"] = "0.00"
    return story.files("communicable")


def excluded_for_nothing(story: Story) -> None:
    last = story.sheet["ranking"].pop()
    story.sheet["excluded"] = [{"bid": last["bid"], "reason": "excluded"}]


def told_without_an_anchor() -> Altered:
    files = Story().files(seed=None)
    return {**files, PROOF: canonical({"anchor": None, "inclusion": {"2": []}})}


ALTERED: list[tuple[str, Callable[[], Altered]]] = [
    *[(sentence, lambda lie=lie: lie().files()) for lie, sentence in LIES.items() if sentence != "is missing"],
    # the zip
    ("The zip carries a comment", zipped(commented)),
    (f"{DECISION}: this file is in the zip more than once", zipped(twice)),
    ("not in the order of their names", lambda: packed(Story().files(), sorted(Story().files(), reverse=True))),
    ("'notes.txt': a bundle holds no file of this name", with_bytes("notes.txt", b"")),
    ("gives this file a date", zipped(dated)),
    ("this file is neither stored nor deflated", zipped(deflated_otherwise)),
    ("bytes that belong to none of its files", lambda: b"hidden" + packed(Story().files())),
    # the files
    ("policies/other-1.json: this file is not in the manifest", with_bytes("policies/other-1.json", b"{}")),
    ("documents.json: this file is missing", without("documents.json")),
    ("policies/preference-1.json: this file is missing", told(unlisted_policy)),
    ("verify.py: its bytes are not those of the manifest", with_bytes("verify.py", b"")),
    (f"{DECISION}: the document: this is not JSON", with_bytes(DECISION, b"{")),
    ("documents.json: /0/name: this is a text", edited("documents.json", lambda all_: all_[0].update(name=1))),
    # the record
    (f"{LINES}: these are not the canonical bytes", lambda: {**Story().files(), LINES: Story().files()[LINES] + b"\n"}),
    (f"{LINES}: it holds no line", with_bytes(LINES, b"[]")),
    ("line 3: its content does not have its hash", edited(LINES, lambda lines: lines[1].update(actor="user:2"))),
    ("it stands after line 3", edited(LINES, lambda lines: lines.insert(1, lines[1]))),
    ("its previous hash is not that of line", wrong_previous),
    ("line 1: the first line of a chain", edited(LINES, lambda lines: lines[0].update(sequence=1))),
    ("no line of the record says that this manifest was exported", no_export_line),
    ("not one for each decision of the manifest", told(recorded("bundle.exported", thing="evaluation.Decision:8"))),
    ("line 8 is not among the lines that the manifest names", told(untold)),
    ("a line that the manifest names is missing", without_a_line),
    ("it proves inclusion in no anchor", told_without_an_anchor),
    ("inclusion/3: the bundle holds no such line", edited(LINES, lambda lines: lines.pop(1))),
    ("line 3 has no proof of inclusion", edited(PROOF, lambda proof: proof["inclusion"].pop("3"))),
    ("is not in the tree that the anchor signs", path_of_another),
    ("anchor/document/head", edited(PROOF, lambda proof: proof["anchor"]["document"].update(head="0" * 64))),
    ("no anchor to hold against the key you gave", lambda: Story().files(seed=None)),
    ("the key of the anchor did not sign it", changed_signature),
    ("another key than the one you gave", lambda: Story().files(seed=OTHER_SEED)),
    # the decision
    ("it lists no decision", edited(MANIFEST, lambda manifest: manifest.update(decisions=[]))),
    ("it lists a decision more than once", edited(MANIFEST, lambda manifest: manifest.update(decisions=["7", "7"]))),
    ("decisions/7: this decision is not in", edited(MANIFEST, lambda manifest: manifest.update(decisions=["8"]))),
    ('/id is "8" in the folder of decision 7', told(lambda story: story.decision.update(id="8"))),
    ("no line of the record says that this was decided", edited(DECISION, lambda told_: told_.update(reason="Other."))),
    ("/outcome does not go with lot.ended", told(recorded("lot.awarded", action="lot.ended"))),
    (
        "these are not the rules that tender.json has for lot 2",
        edited("decisions/7/tender.json", lambda tender: tender["lots"].update({"2": "0" * 64})),
    ),
    # the announcement
    ("the hashes of what was announced are not in the bundle", told(of_a_lot_that_announced_nothing)),
    (
        "a line of the record says that criteria were announced",
        told(lambda story: (unannounced(story), also("tender.announced", "tenders.Tender:3")(story))),
    ),
    ("no line of the record says that this was announced", told(recorded("tender.announced", after="ef" * 32))),
    ("announced criteria of tenders.Tender:99", told(recorded("tender.announced", thing="tenders.Tender:99"))),
    ("criteria are announced after the publication", told(in_turn("tender.announced", "tender.opened"))),
    (
        "this is not the text that was announced for the lot",
        edited(ANNOUNCEMENT, lambda document: document["texts"]["en"].update(title="Other criteria")),
    ),
    ("/rules_sha256 is not that of the rules", told(lambda story: story.announcement.update(rules_sha256="0" * 64))),
    ("/sheet: sheet 2 is not in the bundle", told(lambda story: story.decision.update(sheet=2))),
    ("names a sheet, the decision none", told(decided_on_no_sheet)),
    ("names another sheet", told(recorded("lot.awarded", before="ef" * 32))),
    ("this is not the last sheet of the rules before", lambda: hidden_sheet().files()),
    ("the sheet that line 8 recorded is missing", lambda: hidden_sheet().files()),
    ("it was computed for tenders.Lot:99", told(recorded("lot.scored", thing="tenders.Lot:99"))),
    ("/decided_at: line 9 was written", told(lambda story: story.decision.update(decided_at="2026-03-01"))),
    # the turns things take
    ("these rules were published after line 8 had decided", told(in_turn("tender.published", "lot.awarded"))),
    ("tenders.Lot:12 is decided more than once", told(also("lot.ended"))),
    ("scored after the bids were opened and before", told(in_turn("tender.opened", "lot.scored"))),
    ("other rules are tried after the decision alone", told(also("lot.simulated"))),
    ("this policy was approved after line 2 had used it", told(in_turn("policy_version.approved", "tender.published"))),
    ("blocks the award, and nobody lifted it", told(lambda story: story.decision.update(lifted=[]))),
    ("blocks the award as it was lifted", told(lambda story: story.decision["lifted"][0].update(code="other"))),
    (
        "no line says that a second person lifted",
        told(lambda story: story.decision["lifted"][0].update(lifted_at="2026-03-01")),
    ),
    # the sheets
    (
        "this sheet was computed from this case",
        edited(SHEET, lambda sheet: sheet.update(findings=[{}])),
    ),
    ("more differences (recomputed from the case)", told(other_everywhere)),
    ("case.json: /bids/0/price", told(lambda story: story.case["bids"][0].update(price="1e3"))),
    (
        "/case_root is not the root of the case under this key",
        edited(f"{PLACE}/commitment.json", lambda document: document.update(key="0" * 64)),
    ),
    # communicable
    ("not in the order of their pointers", edited(REDACTED, lambda d: d["leaves"].reverse(), "communicable")),
    ("not those of the leaves of one document", edited(REDACTED, of_two_documents, "communicable")),
    (
        "a leaf has a value and its salt, or a hash alone",
        edited(REDACTED, lambda d: d["leaves"][0].update(hash="0" * 64), "communicable"),
    ),
    (
        "the leaves do not make the root",
        edited(REDACTED, lambda d: d["leaves"][0].update(salt="0" * 32), "communicable"),
    ),
    ("/bids/0/marks/quality is hidden and is no secret", edited(REDACTED, hidden_mark, "communicable")),
    (
        "case.redacted.json: /bids/0/price",
        told(lambda story: story.case["bids"][0].update(price="1e3"), "communicable"),
    ),
    ("does not rank or exclude each bid", told(lambda story: story.sheet["ranking"].pop(), "communicable")),
    ("is excluded for", told(excluded_for_nothing, "communicable")),
    ("has a measure that its policy has not", told(foreign_measure, "communicable")),
    ("a ranked bid has no price above 0", price_of_nothing),
]
