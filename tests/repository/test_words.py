"""What is written: French for every text, no machine's paths, no raised voice, vendored files as they came."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bin import messages
from tests.repository.files import ROOT, texts, tracked

VENDORED = Path("static/vendor")
# A path of one machine, and the hosts of package registries: neither belongs in a file others clone.
ON_ONE_MACHINE = re.compile(r"(?<![\w.:/~-])/(?:home|root|Users|work)/[\w.-]+")
REGISTRIES = re.compile(r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs)[\w.-]*", re.IGNORECASE)
PLACEHOLDER = re.compile(r"%\(\w+\)s")
RAISED_VOICE = re.compile("[!\N{EXCLAMATION QUESTION MARK}\U0001f300-\U0001faff\u2600-\u27bf]")


def catalogue() -> list[tuple[str, str]]:
    """Every text and its translation, plural forms apart."""
    with messages.CATALOGUE.open("rb") as file:
        entries = [message for message in read_po(file, locale=messages.LANGUAGE) if message.id]
    pairs = []
    for entry in entries:
        said = entry.id if isinstance(entry.id, tuple | list) else (entry.id,)
        translated = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
        pairs += list(zip(said, translated, strict=False))
    return pairs


def test_every_text_is_collected_translated_and_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("xgettext") is None:
        pytest.skip("gettext is not installed: what is not collected cannot be told (on Debian: apt install gettext)")
    for name in tracked():
        # With the data the packages read when they are imported: the software is started to read its texts.
        if name.suffix in {".py", ".html", ".po", ".mo", ".txt", ".yaml"} and name.parts[0] not in {"tests", "bench"}:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tmp_path / name)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "CATALOGUE", tmp_path / messages.CATALOGUE.relative_to(ROOT))
    assert messages.problems() == []


def test_a_translation_keeps_the_placeholders_of_its_text() -> None:
    both = [(set(PLACEHOLDER.findall(said)), set(PLACEHOLDER.findall(other))) for said, other in catalogue() if other]
    assert [pair for pair in both if pair[0] != pair[1]] == []


def test_nobody_raises_their_voice() -> None:
    assert [text for pair in catalogue() for text in pair if RAISED_VOICE.search(text or "")] == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    suffixes = (".py", ".html", ".css", ".md", ".toml", ".in", ".txt", ".yaml", ".json", ".po", ".sh", "")
    own = Path(__file__).resolve().relative_to(ROOT)
    found = {
        str(name): [*ON_ONE_MACHINE.findall(text), *REGISTRIES.findall(text)]
        for name, text in texts(*suffixes).items()
        if name != own and VENDORED not in name.parents
    }
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_every_vendored_file_is_listed_as_it_came() -> None:
    listing = (ROOT / VENDORED / "README.md").read_text()
    listed = dict(re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", listing, re.MULTILINE))
    present = {name.relative_to(VENDORED).as_posix(): name for name in tracked() if VENDORED in name.parents}
    del present["README.md"]
    assert {key: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for key, name in present.items()} == listed
