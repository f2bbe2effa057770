"""The verifier on a small bundle: what it says of a sound one, and of what is no bundle."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import scoring
from procurement.audit import verify
from tests.audit.bundles import FINGERPRINT, JSON_FILES, KINDS, OTHER_SEED, PLACE, Story, packed
from tests.audit.conftest import Told
from tests.audit.lies import drawn, lying_sheet
from tests.audit.pythons import OTHERS, interpreter


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_bundle_is_verified(told: Told, kind: str) -> None:
    status, said = told(Story().files(kind))
    assert status == 0
    assert "Decision 7 (tenders.Lot:12): same." in said
    assert said.splitlines()[-1].startswith("VERIFIED")
    assert "findings" in said
    assert ("unit prices, origins and evidence are secret" in said) == (kind == "communicable")


def test_the_fingerprint_may_be_typed_in_groups(told: Told) -> None:
    groups = ":".join(FINGERPRINT[i : i + 4] for i in range(0, 64, 4)).upper()
    assert told(Story().files(), groups)[0] == 0


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_key_only_integrity_is_vouched_for(told: Told, kind: str) -> None:
    status, said = told(Story().files(kind), None)
    assert status == 0
    assert said.splitlines()[-1].startswith("INTEGRITY ONLY")
    assert FINGERPRINT in said


def test_a_bundle_without_an_anchor_is_integrity_only_and_fails_when_a_key_is_asked_for(told: Told) -> None:
    unsigned = Story().files(seed=None)
    status, said = told(unsigned, None)
    assert status == 0
    assert said.splitlines()[-1].startswith("INTEGRITY ONLY")
    assert told(unsigned)[0] == 1


def test_a_bundle_of_another_chain_signed_by_another_key_is_refused(told: Told) -> None:
    status, said = told(Story().files(seed=OTHER_SEED))
    assert status == 1
    assert "another key than the one you gave" in said


def test_a_lot_that_ended_without_an_award_is_verified(told: Told) -> None:
    story = Story()
    story.decision.update(outcome="without_follow_up", bid=None)
    assert told(story.files())[0] == 0


def test_a_draw_between_first_bids_is_verified(told: Told) -> None:
    status, said = told(drawn().files())
    assert (status, said.count("DIFFERENT")) == (0, 0)
    assert told(drawn().files("communicable"))[0] == 0


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all", packed({})])
def test_what_is_no_bundle_is_refused_as_such(told: Told, content: bytes) -> None:
    status, said = told(content)
    assert status == 2
    assert "is not a bundle" in said


def test_a_missing_file_is_no_bundle(tmp_path: Path) -> None:
    assert verify.main([str(tmp_path / "absent.zip")]) == 2


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_bundle_is_refused(told: Told, part: float) -> None:
    content = packed(Story().files())
    assert told(content[: int(len(content) * part)])[0] == 2


def test_a_foreign_manifest_is_no_bundle(told: Told) -> None:
    files = Story().files()
    files["manifest.json"] = files["manifest.json"].replace(b"bareme-bundle/1", b"another-bundle/9")
    assert told(files)[0] == 2


def test_files_in_another_order_are_told(told: Told) -> None:
    files = Story().files()
    status, said = told(packed(files, sorted(files, reverse=True)))
    assert status == 1
    assert "not in the order of their names" in said


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_told(told: Told) -> None:
    files = Story().files()
    status, said = told(packed(files, sorted([*files, f"{PLACE}/sheet.json"])))
    assert status == 1
    assert "more than once" in said


@pytest.mark.parametrize("name", ["../evil.json", "/etc/passwd", "decisions/7/notes.txt", "policies/a/b.json"])
def test_a_file_that_no_bundle_holds_is_told(told: Told, name: str) -> None:
    status, said = told({**Story().files(), name: b"{}"})
    assert status == 1
    assert f"{name!r}: a bundle holds no file of this name" in said


@pytest.mark.parametrize("name", sorted({name for names in JSON_FILES.values() for name in names} | {"verify.py"}))
def test_a_file_that_is_missing_is_named(told: Told, name: str) -> None:
    for kind in KINDS:
        files = Story().files(kind)
        if files.pop(name, None) is not None:
            status, said = told(files)
            assert status == (2 if name == "manifest.json" else 1)
            assert name in said
            assert said.count(f"{name}: this file is missing.") <= 1


def test_a_case_without_a_policy_is_verified(told: Told) -> None:
    case = {**Story().case, "policy": None}
    assert scoring.evaluate(case)["winner"] == "B"
    for kind in KINDS:
        assert told(Story(case).files(kind))[0] == 0


@pytest.mark.parametrize("version", OTHERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_bundle_verifies_in_an_empty_folder_under_another_python(version: str, kind: str, tmp_path: Path) -> None:
    python = interpreter(version)
    shutil.copy(verify.__file__, tmp_path / "verify.py")
    for name, story, status in (("sound.zip", Story(), 0), ("altered.zip", lying_sheet(), 1)):
        (tmp_path / name).write_bytes(packed(story.files(kind)))
        command = [python, "-I", "verify.py", name, "--key", FINGERPRINT]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
        assert (run.returncode, run.stderr) == (status, "")
        assert ("/ranking/0/total" in run.stdout) == (status == 1)
