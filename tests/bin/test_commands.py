"""`make` and what stands behind it: tests run only on servers that were named, keys are made once."""

import os
import re
import secrets
import stat
import subprocess
from pathlib import Path

import pytest
from django.core import management
from django.db import OperationalError

import manage
from bin import demo, messages, packages
from bin import test as testing

ROOT = packages.ROOT


def test_tests_run_on_sqlite_alone_unless_a_server_is_named() -> None:
    assert list(testing.runs({"PATH": "/bin"})) == ["SQLite and the embedded broker"]


@pytest.mark.parametrize("named", [("DATABASE_URL",), ("REDIS_URL",), ("DATABASE_URL", "REDIS_URL")])
def test_tests_run_again_on_the_servers_that_are_named(named: tuple[str, ...]) -> None:
    environment = dict.fromkeys(named, "somewhere")
    first, second = testing.runs(environment).values()
    assert first == {}
    assert second == environment


def test_a_browser_is_the_one_named_or_the_one_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAREME_CHROMIUM", "/opt/chromium")
    assert testing.chromium() == "/opt/chromium"
    monkeypatch.delenv("BAREME_CHROMIUM")
    monkeypatch.setattr(testing.shutil, "which", lambda _name: None)
    assert testing.chromium() is None


def test_the_key_of_a_machine_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    key = tmp_path / "secret_key"
    demo.write_once(key, secrets.token_urlsafe(64))
    made = key.read_text()
    demo.write_once(key, secrets.token_urlsafe(64))
    assert key.read_text() == made
    assert len(made) >= 64
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_check_never_uses_a_server_that_happens_to_be_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/else")
    monkeypatch.setenv("REDIS_URL", "redis://somewhere/else")
    assert not {"DATABASE_URL", "REDIS_URL"} & set(demo.environment(tmp_path, check=True))
    assert {"DATABASE_URL", "REDIS_URL"} <= set(demo.environment(tmp_path, check=False))


def test_the_help_names_every_command() -> None:
    text = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for command in ("demo", "test", "lint", "bench", "lock"):
        assert f"make {command} " in text


def test_a_text_that_is_not_translated_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    catalogue.write_text(f'{head}msgid "Lot"\nmsgstr ""\n\n#, fuzzy\nmsgid "Bid"\nmsgstr "Lot"\n')
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "CATALOGUE", catalogue)
    monkeypatch.setattr(messages, "collect", lambda: catalogue.write_text(f'{head}msgid "Lot"\nmsgstr ""\n'))
    monkeypatch.setattr(messages.shutil, "which", lambda _name: "/usr/bin/xgettext")
    messages.compile_messages()
    assert messages.problems() == [
        "'Bid' is no longer in the sources: run `make messages`.",
        "'Lot' has no sure translation in locale/fr/LC_MESSAGES/django.po.",
        "'Bid' has no sure translation in locale/fr/LC_MESSAGES/django.po.",
    ]
    assert "Bid" in catalogue.read_text(), "a check changes nothing"


def test_a_translation_that_is_not_compiled_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = tmp_path / "django.po"
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    catalogue.write_text(f'{head}msgid "Bid"\nmsgstr "Pli"\n')
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "CATALOGUE", catalogue)
    monkeypatch.setattr(messages, "collect", lambda: None)
    monkeypatch.setattr(messages.shutil, "which", lambda _name: "/usr/bin/xgettext")
    missing = ["django.mo is not compiled from the catalogue: run `make messages`."]
    assert messages.problems() == missing
    messages.compile_messages()
    assert messages.problems() == []
    catalogue.write_text(f'{head}msgid "Bid"\nmsgstr "Offre"\n')
    assert messages.problems() == missing


def test_the_example_of_the_environment_names_every_variable_the_settings_read() -> None:
    example = (ROOT / ".env.example").read_text()
    settings = (ROOT / "config" / "settings.py").read_text()
    read = set(re.findall(r"(?:environ\.get|environment\.(?:flag|words))\(\s*\"([A-Z_]+)\"", settings))
    assert len(read) >= 8
    assert {name for name in read if f"{name}=" not in example} == set()


def test_ci_runs_the_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text()
    ci = (ROOT / ".ci" / "run").read_text()
    lint = re.search(r"^lint: ([a-z -]+)", makefile, flags=re.MULTILINE)
    assert lint is not None
    for target in lint.group(1).split():
        assert target in ci
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_a_step_that_fails_ends_the_demonstration_with_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "STEPS", (("Doing the impossible", ["no_such_command"]),))
    variables = demo.environment(tmp_path, check=True) | {"DEBUG": "1"}
    assert demo.prepare(tmp_path, variables) == 1
    assert "Doing the impossible failed: the lines above say why." in capsys.readouterr().err


def test_a_command_that_finds_the_database_taken_says_so_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_arguments: list[str]) -> None:
        raise OperationalError(said)

    monkeypatch.setattr(management, "execute_from_command_line", run)
    said = "database is locked"
    with pytest.raises(SystemExit, match="Another process has been writing to the database for a while: try again"):
        manage.main()
    said = "no such table: jobs_job"
    with pytest.raises(OperationalError, match="no such table"):
        manage.main()
