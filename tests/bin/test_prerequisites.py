"""One sentence for each thing a machine lacks."""

import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from bin import packages, prerequisites

Usage = namedtuple("Usage", "total used free")
FIND_PYTHON = ["sh", str(prerequisites.ROOT / "bin" / "find-python")]


def test_a_machine_that_has_everything_is_told_nothing() -> None:
    assert prerequisites.missing(install=False) == []


def test_another_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert len(prerequisites.missing(install=True)) == 1
    assert "use Python 3.11, 3.12 or 3.13" in prerequisites.missing(install=True)[0]


def test_a_python_without_pip_in_its_environments_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    find = prerequisites.importlib.util.find_spec
    monkeypatch.setattr(
        prerequisites.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find(name)
    )
    (sentence,) = prerequisites.missing(install=False)
    assert sentence.startswith("This Python has no venv with pip")


def test_missing_make_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prerequisites.shutil, "which", lambda _name: None)
    (sentence,) = prerequisites.missing(install=False)
    assert sentence.startswith("make is missing")


def test_a_full_disk_is_said_before_anything_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prerequisites.shutil, "disk_usage", lambda _path: Usage(10**9, 9 * 10**8, 10**8))
    monkeypatch.setattr(prerequisites, "_index_answers", lambda _pip: True)
    (sentence,) = prerequisites.missing(install=True)
    assert "Only 100 MB are free" in sentence


def test_an_index_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    (sentence,) = prerequisites.missing(install=True)
    assert sentence.startswith("The package index does not answer")


def test_nothing_is_asked_of_the_index_when_nothing_is_to_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prerequisites, "_index_answers", lambda _pip: pytest.fail("the index was asked"))
    assert prerequisites.missing(install=False) == []


def test_the_python_found_is_a_supported_one() -> None:
    found = subprocess.run(FIND_PYTHON, check=True, capture_output=True, text=True).stdout.strip()
    command = [found, "-c", "import sys; print(sys.version_info[:2])"]
    version = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    assert version in {"(3, 11)", "(3, 12)", "(3, 13)"}


@pytest.mark.parametrize(("python", "sentence"), [("", "No Python between 3.11"), ("false", "PYTHON=false is not")])
def test_a_machine_without_a_supported_python_is_told_so(tmp_path: Path, python: str, sentence: str) -> None:
    answer = subprocess.run(
        ["/bin/sh", *FIND_PYTHON[1:]],
        env={"PATH": str(tmp_path), "PYTHON": python},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith(sentence)
    assert answer.stderr.count("\n") == 1


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment of which only the stamps matter."""
    monkeypatch.setattr(packages, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(packages, "PYTHON", tmp_path / "python")
    return tmp_path


def test_packages_are_installed_once_for_each_lock(environment: Path) -> None:
    assert not packages.is_current(packages.DEMO)
    (environment / "python").touch()
    packages._stamp(packages.DEMO).write_text(packages._digest(packages.DEMO))
    assert packages.is_current(packages.DEMO)
    assert not packages.is_current(packages.TEST)
    packages._stamp(packages.DEMO).write_text("the digest of an older lock")
    assert not packages.is_current(packages.DEMO)


def test_the_test_set_serves_the_demonstration_too(environment: Path) -> None:
    (environment / "python").touch()
    packages._stamp(packages.TEST).write_text(packages._digest(packages.TEST))
    assert packages.is_current(packages.DEMO)


def test_a_missing_prerequisite_ends_the_install_with_its_sentence(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prerequisites, "missing", lambda install: ["make is missing: install it."])
    with pytest.raises(SystemExit, match="make is missing"):
        packages.install(packages.DEMO)
    assert list(environment.iterdir()) == []
