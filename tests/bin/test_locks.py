"""The locks: pinned, hashed, naming no host, and saying what requirements*.in ask for."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from bin import packages

LOCKS = [packages.DEMO, packages.TEST]


def pins(lock: Path) -> dict[str, Requirement]:
    lines = re.findall(r"^([a-z0-9][^\n]*?) \\$", lock.read_text(), flags=re.MULTILINE)
    return {requirement.name: requirement for requirement in map(Requirement, lines)}


def version(requirement: Requirement) -> Version:
    (specifier,) = requirement.specifier
    assert specifier.operator == "=="
    return Version(specifier.version)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_to_one_version_with_its_hashes(lock: Path) -> None:
    text = lock.read_text()
    assert len(pins(lock)) > 20
    for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+", block), block.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block.splitlines()[0]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host_and_no_path(lock: Path) -> None:
    assert not re.search(r"://|find-links|index-url|file:|(^|\s)/", lock.read_text())


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_satisfies_what_was_asked_for(lock: Path) -> None:
    locked = pins(lock)
    asked = [line.partition("#")[0].strip() for line in lock.with_suffix(".in").read_text().splitlines()]
    for requirement in (Requirement(line) for line in asked if line and not line.startswith("-")):
        name = requirement.name.lower()
        assert version(locked[name]) in requirement.specifier, f"{requirement} is not in {lock.name}: run `make lock`"


def test_both_sets_agree_on_what_they_share() -> None:
    """The version of each; a package of the tests may want one on more platforms."""
    demo, test = pins(packages.DEMO), pins(packages.TEST)
    assert {name: requirement.specifier for name, requirement in demo.items()} == {
        name: test[name].specifier for name in demo
    }


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_line_of_a_set_gives_its_reason(lock: Path) -> None:
    for line in lock.with_suffix(".in").read_text().splitlines():
        if line and not line.startswith(("#", "-")):
            assert re.search(r"  # \S+", line), line
