"""One exported bundle of three decisions, altered everywhere in turn: each time the verifier says what was altered."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from procurement.audit import verify
from procurement.audit.services import export_bundle
from scoring import canonical
from tests.audit import portal
from tests.audit.bundles import FINGERPRINT, KINDS, Files, packed
from tests.audit.test_verify_tampering import changed_values
from tests.standing import standing

pytestmark = pytest.mark.django_db
LINES, PROOF, MANIFEST = "ledger/lines.json", "ledger/proof.json", "manifest.json"
STORIES = [portal.drawn, portal.unsuccessful, portal.ended_before_the_opening]


@pytest.fixture(scope="module")
def exported(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Files]]:
    """The files of a bundle of each kind, from the services of the portal."""
    with standing(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.ANCHOR_KEY", bytes(range(32)).hex())
        patch.setattr("django.conf.settings.ANCHORS", str(tmp_path_factory.mktemp("outside") / "anchors.jsonl"))
        the = portal.world()
        decisions = [story(the, f"2026-{number}") for number, story in enumerate(STORIES)]
        yield {kind: unpacked(the, decisions, kind) for kind in KINDS}


def unpacked(the: portal.World, decisions: list[Any], kind: str) -> Files:
    bundle = export_bundle(decisions=decisions, kind=kind, by=the.buyer, at=portal.EXPORTED)
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def told(content: Files | bytes) -> str:
    """What the verifier has against a bundle, one sentence a line; empty when nothing differs."""
    file = io.BytesIO(content if isinstance(content, bytes) else packed(content, stored=True))
    try:
        _said, report = verify.verify(file, FINGERPRINT)
    except verify.NotABundle as error:
        return f"not a bundle: {error}"
    assert report.differences or not report.unsigned
    return "\n".join(report.differences)


def resealed(files: Files) -> Files:
    """With the hashes of the files as they are now in the manifest, as whoever alters them would also write it."""
    manifest = json.loads(files[MANIFEST])
    manifest["files"] = {name: hashlib.sha256(files[name]).hexdigest() for name in manifest["files"] if name in files}
    return {**files, MANIFEST: canonical(manifest)}


@pytest.mark.parametrize("kind", KINDS)
def test_the_bundle_as_it_is_verifies(exported: dict[str, Files], kind: str) -> None:
    assert told(exported[kind]) == ""
    assert told(resealed(exported[kind])) == ""


@pytest.mark.parametrize("kind", KINDS)
def test_every_leaf_of_every_file_is_protected_and_its_file_is_named(exported: dict[str, Files], kind: str) -> None:
    """More than a thousand leaves, each changed alone; lines and manifest have tests of their own.

    Of the communicable bundle, those of the files that the full one holds otherwise or not at all.
    """
    files, changed = exported[kind], 0
    alike = {name for name, content in exported["full"].items() if kind != "full" and files.get(name) == content}
    for name in sorted(files.keys() - {LINES, MANIFEST, "verify.py"} - alike):
        document = json.loads(files[name])
        for what in changed_values(document):
            assert name in told({**files, name: canonical(document)}), (name, what)
            changed += 1
    assert changed > 600


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_line_is_protected_and_the_line_is_named(exported: dict[str, Files], kind: str) -> None:
    files = exported[kind]
    lines = json.loads(files[LINES])
    for index, line in enumerate(lines):
        for field in changed_values(line):
            said = told({**files, LINES: canonical(lines)})
            changed = f"{LINES}: line {line['sequence']}: its content does not have its hash: a field was changed."
            assert changed in said or f"{LINES}: /{index}/" in said, field
    assert len(lines) >= 9


@pytest.mark.parametrize("kind", KINDS)
def test_every_leaf_of_the_manifest_is_protected(exported: dict[str, Files], kind: str) -> None:
    files = exported[kind]
    manifest = json.loads(files[MANIFEST])
    for what in changed_values(manifest):
        said = told({**files, MANIFEST: canonical(manifest)})
        assert MANIFEST in said, what
    renamed = {**manifest["files"], "policies/other.json": manifest["files"]["documents.json"]}
    assert "policies/other.json: this file is missing" in told(
        {**files, MANIFEST: canonical({**manifest, "files": renamed})}
    )


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_alters_a_file_and_the_manifest_is_told_by_the_line_of_the_export(
    exported: dict[str, Files], kind: str
) -> None:
    for name, content in exported[kind].items():
        if name not in (LINES, PROOF, MANIFEST):
            said = told(resealed({**exported[kind], name: content + b" "}))
            assert "no line of the record says that this manifest was exported" in said, name


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_removed_added_cut_swapped_or_emptied_is_named(exported: dict[str, Files], kind: str) -> None:
    files = exported[kind]
    names = sorted(files)
    for name, other in zip(names, [*names[1:], names[0]], strict=True):
        without = {key: content for key, content in files.items() if key != name}
        assert name in told(without) or "no manifest.json" in told(without)
        for content in (b"", files[name][:-1], files[name][: len(files[name]) // 2], files[name] + b"\n", b"{}"):
            assert name in told({**files, name: content}), (name, content[:20])
        if files[name] != files[other]:
            said = told({**files, name: files[other], other: files[name]})
            assert (name in said and other in said) or said.startswith("not a bundle"), (name, other)
    for added in ("decisions/999/decision.json", "policies/another-1.json", "notes.txt", "decisions/1/case.json"):
        assert added in told({**files, added: b"{}"})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_in_the_zip_twice_or_out_of_order_is_told(exported: dict[str, Files], kind: str) -> None:
    files = exported[kind]
    for name in files:
        assert f"{name}: this file is in the zip more than once" in told(packed(files, sorted([*files, name])))
    backwards = sorted(files, reverse=True)
    assert "not in the order of their names" in told(packed(files, backwards))


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_removed_doubled_swapped_or_added_is_told(exported: dict[str, Files], kind: str) -> None:
    files = exported[kind]
    lines = json.loads(files[LINES])
    for index, line in enumerate(lines):
        number = line["sequence"]
        without, doubled, swapped = copy.copy(lines), copy.copy(lines), copy.copy(lines)
        del without[index]
        doubled.insert(index, line)
        swapped[index - 1], swapped[index] = swapped[index], swapped[index - 1]
        assert f"inclusion/{number}: the bundle holds no such line" in told({**files, LINES: canonical(without)})
        assert f"it stands after line {number}" in told({**files, LINES: canonical(doubled)})
        assert "lines are in order, each once" in told({**files, LINES: canonical(swapped)})
    foreign = {**lines[-1], "sequence": lines[-1]["sequence"] + 1, "previous": lines[-1]["hash"]}
    foreign = {**foreign, "hash": verify.sha256({key: foreign[key] for key in foreign if key != "hash"})}
    said = told({**files, LINES: canonical([*lines, foreign])})
    assert f"line {foreign['sequence']} has no proof of inclusion" in said


@pytest.mark.parametrize("kind", KINDS)
def test_a_zip_cut_anywhere_is_no_bundle(exported: dict[str, Files], kind: str) -> None:
    content = packed(exported[kind])
    for part in range(1, 50):
        said = told(content[: len(content) * part // 50])
        assert said.startswith("not a bundle")
    assert told(content[:-1]).startswith("not a bundle")


def test_bytes_that_hide_around_the_files_of_the_zip_are_told(exported: dict[str, Files]) -> None:
    content = packed(exported["full"])
    listed = content.index(b"PK\x01\x02")
    sound = "The zip holds bytes that belong to none of its files."
    assert told(b"hidden" + content) == sound
    assert sound in told(_moved(content, listed, b"hidden"))


def _moved(content: bytes, listed: int, hidden: bytes) -> bytes:
    """The zip with bytes between its files and the list of them, which its end finds all the same."""
    end = content.rindex(b"PK\x05\x06")
    place = (listed + len(hidden)).to_bytes(4, "little")
    return content[:listed] + hidden + content[listed : end + 16] + place + content[end + 20 :]


def test_a_full_case_in_a_communicable_bundle_is_told(exported: dict[str, Files]) -> None:
    full, files = exported["full"], exported["communicable"]
    name = min(name for name in full if name.endswith("sheets/1/case.json"))
    assert name in told({**files, name: full[name]})


@pytest.mark.parametrize("kind", KINDS)
def test_the_ledger_of_another_bundle_does_not_fit(exported: dict[str, Files], kind: str) -> None:
    """Of the same chain, under the same key: the other export."""
    other = exported[next(other for other in KINDS if other != kind)]
    said = told({**exported[kind], LINES: other[LINES], PROOF: other[PROOF]})
    assert "no line of the record says that this manifest was exported" in said
