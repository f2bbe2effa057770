"""A portal of its own with the demonstration in it, and people who look at it in a real Chromium."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from bin import serve
from bin.demo_portal import PASSWORD
from bin.pages import Visitor, chromium, launch
from tests.migrated import copied

ROOT = Path(__file__).resolve().parents[2]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
AN_ESTIMATE = """
from procurement.cashback.services import request_estimate
from procurement.people.models import Hospital, User
from procurement.people.scope import hospitals_of
from procurement.policies.models import PolicyVersion
buyer = User.objects.get(username="buyer")
proposal = PolicyVersion.objects.filter(status="proposed", policy__kind="preference").first()
request_estimate(hospital=hospitals_of(buyer).first(), year=2026, policy_version=proposal, by=buyer)
"""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A browser sees the same pages on every database; what a test says is worth both is driven on both."""
    if os.environ.get("DATABASE_URL") and not item.get_closest_marker("both_databases"):
        pytest.skip("on another server the browser would see the same pages as on SQLite")


@pytest.fixture(scope="session")
def portal(chrome: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a web server over a database of its own: SQLite, or one on the server DATABASE_URL names."""
    folder = tmp_path_factory.mktemp("portal")
    with copied(os.environ.get("DATABASE_URL", ""), f"bareme_browser_{os.getpid()}", folder) as url:
        yield from running({"BAREME_VAR": str(folder), "DATABASE_URL": url, "REDIS_URL": "", "DEBUG": "0"})


def running(settings: dict[str, str]) -> Iterator[str]:
    """The address of a portal over a migrated database, with the demonstration, as long as it is asked for."""
    environment = os.environ | settings
    for command in (["load_demonstration"], ["shell", "-v", "0", "-c", AN_ESTIMATE]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
    with socket.socket() as probe:
        probe.bind((serve.HOST, 0))
        port = probe.getsockname()[1]
    children = serve.start({"web server": serve.web_command(port)}, environment)
    try:
        assert serve.wait_until_it_answers(port, children)
        yield f"http://{serve.HOST}:{port}"
    finally:
        serve.stop(children)


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    if (program := chromium()) is None:
        pytest.skip("no Chromium was found: name one in BAREME_CHROMIUM (on Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = launch(playwright, str(program))
        yield browser
        browser.close()


@pytest.fixture
def visit(chrome: Browser, portal: str) -> Iterator[Callable[..., Visitor]]:
    """A tab of one's own, logged in where a name is given: `visit("buyer", viewport=NARROW)`.

    It is in French, whatever language another test left with the account.
    """
    tabs = []

    def open_tab(username: str = "", **options: Any) -> Visitor:
        tabs.append(chrome.new_page(**({"viewport": WIDE, "reduced_motion": "reduce"} | options)))
        visitor = Visitor(tabs[-1], portal)
        if username:
            visitor.log_in(username, PASSWORD)
            visitor.read_in("fr")
        return visitor

    yield open_tab
    for tab in tabs:
        tab.context.close()
