"""Whatever is changed in a bundle is seen: by whoever changes a file, the whole chain, or the portal itself."""

from __future__ import annotations

import copy
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.audit import verify
from scoring import canonical
from tests.audit import altered, bundles, lies
from tests.audit.altered import also, in_turn
from tests.audit.bundles import COMMITMENT_KEY, JSON_FILES, KINDS, PLACE, Files, Story, packed
from tests.audit.conftest import Told
from tests.audit.lies import LIES
from tests.scoring.mutations import broken


def changed_values(value: Any) -> Iterator[str]:
    """Change every scalar of a document in turn, say which it was, and put it back."""
    members = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    for key, member in members:
        if isinstance(member, dict | list) and member:
            yield from changed_values(member)
        else:
            value[key] = other(member)
            yield f"{key}: {member!r}"
            value[key] = member


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool) or value is None or value in ([], {}):
        return "0" if value is None else not value
    if isinstance(value, int):
        return value + 1
    if value.isdigit() or not value:
        return value + "1"
    return value[:-1] + ("0" if value[-1] != "0" else "1")


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in KINDS for name in JSON_FILES[kind]])
def test_every_field_of_every_file_is_protected(told: Told, kind: str, name: str) -> None:
    files = Story().files(kind)
    document = json.loads(files[name])
    count = 0
    for what in changed_values(document):
        status, said = told({**files, name: canonical(document)})
        assert status != 0, what
        assert name in said or status == 2
        count += 1
    assert count or document == []


def relined(files: Files, change: Callable[[list[Any]], Any]) -> Files:
    """The files with other lines."""
    lines = json.loads(files["ledger/lines.json"])
    change(lines)
    return {**files, "ledger/lines.json": canonical(lines)}


@pytest.mark.parametrize("index", range(5))
def test_a_line_removed_swapped_doubled_or_added_is_told(told: Told, index: int) -> None:
    files = Story().files()
    foreign = json.loads(files["ledger/lines.json"])[index] | {"sequence": 99}

    def swap(lines: list[Any]) -> None:
        lines[index], lines[index - 1] = lines[index - 1], lines[index]

    for change in (
        lambda lines: lines.pop(index),
        lambda lines: lines.insert(index, copy.deepcopy(lines[index])),
        lambda lines: lines.append(foreign),
        swap,
    ):
        status, said = told(relined(files, change))
        assert status == 1
        assert "ledger/" in said


def test_a_chain_recomputed_without_the_key_is_told(told: Told) -> None:
    """Everything is changed consistently; only the signature cannot be."""
    sound, forged = Story(), lies.lying_sheet()
    files = forged.files()
    files["ledger/proof.json"] = sound.files()["ledger/proof.json"]
    status, said = told(files)
    assert status == 1
    assert "is not in the tree that the anchor signs" in said


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_lie_the_whole_record_agrees_with_is_told(told: Told, lie: Callable[[], Story], kind: str) -> None:
    status, said = told(lie().files(kind))
    assert status == 1
    assert LIES[lie] in said
    assert "Decision 7 (tenders.Lot:12): " in said


RECOMPUTED_WITHOUT_SECRETS = ["total", "points", "bonus", "evaluated_price", "rank", "winner", "comparisons"]


@pytest.mark.parametrize("field", RECOMPUTED_WITHOUT_SECRETS)
def test_what_rests_on_no_secret_is_recomputed_from_a_communicable_case(told: Told, field: str) -> None:
    story = Story()
    first = story.sheet["ranking"][0]
    changes: dict[str, Callable[[], Any]] = {
        "total": lambda: first.update(total="1.00"),
        "points": lambda: first["criteria"]["price"].update(points="1.00"),
        "bonus": lambda: first.update(bonus="1.00"),
        "evaluated_price": lambda: first.update(exact_evaluated_price="1/1"),
        "rank": lambda: story.sheet["ranking"][1].update(rank=3),
        "winner": lambda: (story.sheet.update(winner="B"), story.decision.update(bid="B")),
        "comparisons": lambda: story.sheet["comparisons"][0].update(total="0.00"),
    }
    changes[field]()
    status, said = told(story.files("communicable"))
    assert status == 1
    assert "recomputed from what is visible" in said


def test_only_secrets_are_hidden(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "SECRET", re.compile(r"/bids/0/marks/quality|/criteria/0/weight"))
    status, said = told(Story().files("communicable"))
    assert status == 1
    assert "/bids/0/marks/quality is hidden and is no secret" in said


def test_the_name_the_lot_was_awarded_to_is_no_secret(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Story, "winning_name", lambda _story: None)
    status, said = told(Story().files("communicable"))
    assert status == 1
    assert "/bids/0/supplier/name is hidden and is no secret" in said


def test_a_case_that_cannot_be_scored_is_told_and_not_a_traceback(told: Told) -> None:
    story = Story()
    story.case["bids"][0]["price"] = "1e3"
    status, said = told(story.files())
    assert status == 1
    assert "/bids/0/price" in said


ALONE: dict[str, Callable[[], altered.Altered]] = {
    "check_files": lies.changed_copy_of_verify,
    "check_chain": lies.wrong_previous,
    "check_export_line": lies.no_export_line,
    "check_inclusion": lies.path_of_another,
    "check_signature": lies.changed_signature,
    "check_published": lambda: lies.unpublished_rules().files(),
    "check_rests_on": lambda: lies.hidden_sheet().files(),
    "check_outcome": lambda: lies.lying_winner().files(),
    "check_policies": lambda: lies.stray_policy().files(),
    "check_case_policy": lambda: lies.another_title().files(),
    "tell_differences": lambda: lies.lying_sheet().files(),
    "check_turns": altered.told(also("lot.ended")),
    "check_approvals": altered.told(in_turn("policy_version.approved", "tender.published")),
    "check_lifted": altered.told(lambda story: story.decision.update(lifted=[])),
    "check_disclosed": lambda: lies.lying_sheet().files("communicable"),
}


@pytest.mark.parametrize("check", ALONE)
def test_each_check_sees_what_no_other_sees(told: Told, check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    files = ALONE[check]()
    assert told(files)[0] == 1
    monkeypatch.setattr(verify, check, lambda *_given: None)
    assert told(files, None)[0] == 0


def test_the_salts_and_root_of_a_full_case_are_verified(told: Told) -> None:
    files = Story().files()
    commitment = json.loads(files[f"{PLACE}/commitment.json"])
    commitment["key"] = COMMITMENT_KEY[::-1].hex()
    status, said = told({**files, f"{PLACE}/commitment.json": canonical(commitment)})
    assert status == 1
    assert "is not the root of the case under this key" in said


PARTS = ("case", "sheet", "decision", "rules", "policy")


@given(data=st.data(), part=st.sampled_from(PARTS), kind=st.sampled_from(KINDS))
def test_a_broken_document_gets_sentences_and_never_a_traceback(data: st.DataObject, part: str, kind: str) -> None:
    story = Story()
    setattr(story, part, data.draw(broken(st.just(getattr(story, part)))))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        path.write_bytes(packed(story.files(kind)))
        assert verify.main([str(path)]) in (verify.VERIFIED, verify.DIFFERENT)


def test_what_a_bundle_says_cannot_pass_for_a_last_line_or_give_orders_to_a_terminal(told: Told) -> None:
    story = Story()
    seal = story.sealed
    story.rules["tender"]["id"] = story.case["tender"]["id"] = "A\x1b[2K\nVERIFIED: nothing differs\u202e/2"
    story.sealed = lambda files, *more: seal({**files, "policies/\x1b[1A-1.json": b"{}"}, *more)
    status, said = told(story.files(), None)
    assert status == 1
    assert all(line.isprintable() for line in said.splitlines())
    assert "\\x1b[1A-1.json" in said
    assert [line for line in said.splitlines() if line.startswith("VERIFIED")] == []


def test_numbers_no_computer_counts_to_are_names_no_bundle_has(told: Told) -> None:
    files = Story().files()
    for name in (f"decisions/{'9' * 5000}/decision.json", f"decisions/7/sheets/{'9' * 5000}/sheet.json"):
        status, said = told({**files, name: b"{}"})
        assert status == 1
        assert "a bundle holds no file of this name" in said


def test_a_pointer_that_is_deeper_than_documents_are_is_told(told: Told) -> None:
    files = Story().files("communicable")
    name = f"{PLACE}/case.redacted.json"
    document = json.loads(files[name])
    document["leaves"].append({"pointer": "/z" * 5000, "hash": "0" * 64})
    status, said = told({**files, name: canonical(document)})
    assert status == 1
    assert "are not those of the leaves of one document" in said


def test_a_line_taken_out_with_its_proof_is_told(told: Told) -> None:
    for index in range(8):
        files = Story().files()
        lines, proof = json.loads(files["ledger/lines.json"]), json.loads(files["ledger/proof.json"])
        taken = lines.pop(min(index, len(lines) - 1))
        del proof["inclusion"][str(taken["sequence"])]
        status, _said = told({**files, "ledger/lines.json": canonical(lines), "ledger/proof.json": canonical(proof)})
        assert status == 1, taken
