"""Texts to translate: collects them into `locale/` and compiles them; `--check` only tells whether that was
done.

Collecting needs gettext (on Debian: apt install gettext); compiling does not. Both files are committed, so that
the portal speaks French as soon as its packages are installed.
"""

import argparse
import io
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "fr"
CATALOGUE = ROOT / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def compile_messages() -> None:
    """Write `django.mo` beside the catalogue, as Django reads it; fuzzy entries are left out."""
    if CATALOGUE.exists():
        CATALOGUE.with_suffix(".mo").write_bytes(_compiled(CATALOGUE.read_bytes()))


def collect() -> None:
    """Bring the catalogue up to date with the sources and the templates."""
    (ROOT / "locale").mkdir(exist_ok=True)
    ignored = [f"--ignore={folder}" for folder in (".venv*", "var", "tests", "static", "bench")]
    command = [
        sys.executable,
        "manage.py",
        "makemessages",
        "--locale",
        LANGUAGE,
        "--no-obsolete",
        "--no-wrap",
        "--add-location=file",
        *ignored,
    ]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def problems() -> list[str]:
    """What is not translated, or not collected: one sentence each. The catalogue is left as it was."""
    if shutil.which("xgettext") is None:
        return ["gettext is missing: install it (on Debian: apt install gettext)."]
    if not CATALOGUE.exists():
        return [f"{CATALOGUE.relative_to(ROOT)} is missing: run `make messages`."]
    before = CATALOGUE.read_bytes()
    try:
        collect()
        after = CATALOGUE.read_bytes()
    finally:
        CATALOGUE.write_bytes(before)
    kept, found = _texts(_read(before)), _texts(_read(after))
    sentences = [f"{found[key]!r} is not in the catalogue: run `make messages`." for key in found.keys() - kept]
    sentences += [f"{kept[key]!r} is no longer in the sources: run `make messages`." for key in kept.keys() - found]
    for message in _read(before):
        if message.id and (message.fuzzy or not all(_strings(message.string))):
            sentences.append(f"{message.id!r} has no sure translation in {CATALOGUE.relative_to(ROOT)}.")
    compiled = CATALOGUE.with_suffix(".mo")
    if not compiled.exists() or _entries(compiled.read_bytes()) != _entries(_compiled(before)):
        sentences.append(f"{compiled.relative_to(ROOT)} is not compiled from the catalogue: run `make messages`.")
    return sentences


def _compiled(content: bytes) -> bytes:
    compiled = io.BytesIO()
    write_mo(compiled, _read(content))
    return compiled.getvalue()


def _entries(compiled: bytes) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The translations of a compiled catalogue, without its header, whose dates say nothing of them."""
    entries = [message for message in read_mo(io.BytesIO(compiled)) if message.id]
    return {(message.context or "", *_strings(message.id)): _strings(message.string) for message in entries}


def _read(content: bytes) -> Catalog:
    return read_po(io.BytesIO(content), locale=LANGUAGE)


def _strings(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def _texts(catalogue: Catalog) -> dict[tuple[str, ...], str]:
    """Every text by what an entry is known by: context, text and plural."""
    entries = [(message.context or "", *_strings(message.id)) for message in catalogue if message.id]
    return {entry: entry[1] for entry in entries}


def main() -> int:
    """Collect and compile, or check; 1 with one sentence for each problem found by the check."""
    parser = argparse.ArgumentParser(prog="python -m bin.messages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; say what is not up to date")
    parser.add_argument("--compile", action="store_true", help="compile what is collected, which needs no gettext")
    options = parser.parse_args()
    if options.check:
        found = problems()
        print("\n".join(found) or "Every text is collected and translated.")
        return 1 if found else 0
    if not options.compile:
        collect()
    compile_messages()
    return 0


if __name__ == "__main__":
    sys.exit(main())
