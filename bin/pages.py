"""Walks every page a person can reach by links in a real Chromium: the browser tests and the screenshots use it."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMED = re.compile(r"/[^/]*[0-9.-][^/]*(?=/)")  # the part of a path that names a row: a number, a key, an identifier
NO_PAGE = re.compile(r"\.(csv|docx|json|parquet|py|svg|xlsx|zip)$|/(schema|docs|admin|export)/|/(csv|json)/$")
SAMPLES = 3  # how many addresses of one pattern (three lots, three policies) are looked at


def chromium() -> str | None:
    """The Chromium to drive: the one BAREME_CHROMIUM names, or the one of the system."""
    return os.environ.get("BAREME_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def launch(playwright: Playwright, executable: str) -> Browser:
    return playwright.chromium.launch(executable_path=executable, args=FLAGS)


@dataclass
class Visitor:
    """One person in one tab. `complaints` collects what the browser's console refused or failed to do."""

    tab: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tab.on("console", self._listen)
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{urlsplit(self.tab.url).path}: {message.text}")

    def log_in(self, username: str, password: str) -> None:
        self.tab.goto(f"{self.address}/login/")
        self.tab.fill("[name=username]", username)
        self.tab.fill("[name=password]", password)
        self.tab.click("main form button")
        self.tab.wait_for_url(f"{self.address}/")

    def read_in(self, language: str) -> None:
        """Switch the language, where the page is not in it already; the page is there in it then."""
        self.tab.wait_for_load_state()
        button = self.tab.locator(f"button[name=language][value={language}]")
        if button.count():
            with self.tab.expect_navigation():
                button.click()

    def walk(self, samples: int = SAMPLES) -> Iterator[str]:
        """Go to each page reachable by links from home, `samples` of each pattern; yields its path once loaded."""
        waiting, met, looked_at = ["/"], {"/"}, dict[str, int]()
        while waiting:
            path = waiting.pop(0)
            pattern = NAMED.sub("/*", path.partition("?")[0])
            if looked_at.get(pattern, 0) >= samples:
                continue
            looked_at[pattern] = looked_at.get(pattern, 0) + 1
            self.tab.goto(self.address + path)
            yield path
            for link in self._links():
                if link not in met:
                    met.add(link)
                    waiting.append(link)

    def _links(self) -> list[str]:
        """The pages of the portal this page leads to; an order or a filter of the same page is not another page."""
        found: list[str] = self.tab.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        paths = [urlsplit(link) for link in found if link.startswith(self.address + "/")]
        return [path.path for path in paths if not NO_PAGE.search(path.path)]
