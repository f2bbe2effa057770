"""Photographs every page as each role, in both languages, wide and narrow: `python -m bin.screenshots FOLDER`.

The portal must be running with its demonstration data (`make demo`).
"""

import argparse
from pathlib import Path

from playwright.sync_api import sync_playwright

from bin.demo_portal import PASSWORD
from bin.pages import Visitor, chromium, launch

PEOPLE = ("buyer", "evaluator", "policy", "auditor", "admin")
LANGUAGES = ("fr", "en")
WIDTHS = (1440, 390)
HEIGHT = 900


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--address", default="http://127.0.0.1:8000")
    reader.add_argument("--people", nargs="+", default=PEOPLE)
    reader.add_argument("--languages", nargs="+", default=LANGUAGES)
    reader.add_argument("--widths", nargs="+", type=int, default=WIDTHS)
    asked = reader.parse_args()
    executable = chromium()
    if executable is None:
        print("No Chromium was found: name one in BAREME_CHROMIUM (on Debian: apt install chromium).")
        return 1
    with sync_playwright() as playwright:
        browser = launch(playwright, executable)
        for person in asked.people:
            for language in asked.languages:
                for width in asked.widths:
                    tab = browser.new_page(viewport={"width": width, "height": HEIGHT})
                    photograph(
                        Visitor(tab, asked.address), person, language, asked.folder / f"{person}-{language}-{width}"
                    )
                    tab.context.close()
    return 0


def photograph(visitor: Visitor, person: str, language: str, folder: Path) -> None:
    """One PNG for each page ``person`` can reach, named after its path."""
    folder.mkdir(parents=True, exist_ok=True)
    visitor.log_in(person, PASSWORD)
    visitor.read_in(language)
    for path in visitor.walk():
        name = path.strip("/").replace("/", "-") or "home"
        visitor.tab.screenshot(path=folder / f"{name}.png", full_page=True)
    for complaint in visitor.complaints:
        print(f"{person} {language}: {complaint}")


if __name__ == "__main__":
    raise SystemExit(main())
