"""`manage.py export_bundle`: one bundle or one sentence, and never half a file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from procurement.ledger.models import Line
from tests.audit import portal
from tests.audit.bundles import FINGERPRINT
from tests.audit.conftest import Told
from tests.audit.portal import World, world
from tests.evaluation.conftest import OFFERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def the(anchored: Path) -> World:
    return world()


def run(*decisions: object, to: Path, **options: Any) -> tuple[str, str]:
    """What the command prints, and what it warns of."""
    out, err = io.StringIO(), io.StringIO()
    given = [word for decision in decisions for word in ("--decision", str(decision))]
    call_command("export_bundle", *given, "-o", str(to), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_it_writes_a_bundle_that_verifies_and_names_the_key(the: World, tmp_path: Path, told: Told) -> None:
    decisions = [portal.awarded(the, "2026-1"), portal.ended_before_the_opening(the, "2026-2")]
    path = tmp_path / "evidence.zip"
    printed, warned = run(*[decision.pk for decision in decisions], to=path)
    assert printed.splitlines() == [
        f"{path}: 2 decisions, full, {path.stat().st_size} bytes.",
        f"Signed by the key {FINGERPRINT}.",
    ]
    assert warned == ""
    assert told(path.read_bytes())[0] == 0
    assert {line.actor for line in Line.objects.filter(action="bundle.exported")} == {"system"}
    assert path.stat().st_mode & 0o077 == 0, "the bundle is for nobody else on this machine"


def test_the_kind_and_the_person_are_as_asked(the: World, tmp_path: Path) -> None:
    offers = [OFFERS[0], ("nordmed", *OFFERS[1][1:]), OFFERS[2]]
    decision = portal.award(the, portal.scored(the, portal.opened(the, "2026-1", offers)))
    printed, warned = run(decision.pk, to=tmp_path / "a.zip", kind="communicable", by=the.buyer.username)
    assert ": 1 decision, communicable, " in printed
    assert (
        warned
        == "2026-1/1 Masks and gloves: the key “nordmed” of a bid that did not win spells the name of its tenderer.\n"
    )
    assert Line.objects.get(action="bundle.exported").actor == f"user:{the.buyer.pk}"


def test_without_a_key_it_says_that_nobody_vouches_for_the_bundle(the: World, tmp_path: Path, settings: Any) -> None:
    settings.ANCHOR_KEY = ""
    printed, _warned = run(portal.awarded(the, "2026-1").pk, to=tmp_path / "a.zip")
    assert "No key signs the record (BAREME_ANCHOR_KEY): the bundle shows integrity only." in printed


def refused(path: Path, *decisions: object, **options: Any) -> str:
    """The sentence of a refusal that leaves nothing behind."""
    before = {file: file.read_bytes() for file in path.parent.iterdir()} if path.parent.is_dir() else {}
    exports = Line.objects.filter(action="bundle.exported").count()
    with pytest.raises(CommandError) as error:
        run(*decisions, to=path, **options)
    assert "\n" not in str(error.value)
    if path.parent.is_dir():
        assert {file: file.read_bytes() for file in path.parent.iterdir()} == before
    assert Line.objects.filter(action="bundle.exported").count() == exports
    return str(error.value)


def test_what_it_refuses_it_refuses_in_one_sentence(the: World, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    path, decision = folder / "a.zip", portal.awarded(the, "2026-1").pk
    assert refused(path, decision, 998, 999) == "There is no decision 998, 999."
    assert refused(path, decision, by="nobody").startswith("There is nobody with the username nobody")
    assert refused(path, decision, by=the.stranger.username) == "This belongs to a hospital you do not work for."
    assert "Your role does not allow this." in refused(path, decision, by=the.in_force.approved_by.username)
    assert refused(folder / "no" / "a.zip", decision).endswith("cannot be written: No such file or directory.")
    path.write_bytes(b"another")
    assert refused(path, decision) == f"{path} exists: choose another name, or replace it with --force."
    assert "invalid int value" in refused(path, "seven")


@pytest.mark.parametrize(("words", "sentence"), [(["--kind", "secret"], "invalid choice"), ([], "required")])
def test_a_command_line_that_says_too_little_or_something_else_is_refused(words: list[str], sentence: str) -> None:
    asked = ["--decision", "1", *words] if words else []
    with pytest.raises(CommandError, match=sentence):
        call_command("export_bundle", "-o", "a.zip", *asked)


def test_force_replaces_the_file(the: World, tmp_path: Path, told: Told) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"another")
    run(portal.awarded(the, "2026-1").pk, to=path, force=True)
    assert told(path.read_bytes())[0] == 0
    assert [file.name for file in tmp_path.glob("*a.zip*")] == ["a.zip"]


def test_a_record_that_cannot_be_anchored_leaves_no_file(the: World, tmp_path: Path, settings: Any) -> None:
    decision, folder = portal.awarded(the, "2026-1").pk, tmp_path / "out"
    folder.mkdir()
    settings.ANCHORS = "/dev/null/anchors.jsonl"
    with pytest.raises(CommandError, match="/dev/null/anchors"):
        run(decision, to=folder / "a.zip")
    assert list(folder.iterdir()) == []


def test_a_folder_in_place_of_the_file_is_told_and_left_alone(the: World, tmp_path: Path) -> None:
    folder = tmp_path / "a.zip"
    folder.mkdir()
    with pytest.raises(CommandError, match="cannot be written"):
        run(portal.awarded(the, "2026-1").pk, to=folder, force=True)
    assert list(tmp_path.glob(".a.zip*")) == []
    assert list(folder.iterdir()) == []
