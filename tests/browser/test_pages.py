"""Every page, as each role: readable by all, no sideways scroll at 390 px, nothing the security policy refuses."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bin.pages import Visitor
from tests.browser.conftest import NARROW, WIDE

pytestmark = pytest.mark.browser
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
ADDRESSES_OF_A_KIND = 2  # two lots, two policies …: what differs between more of them is data


def violations(tab: Page, options: dict[str, object] | None = None) -> list[str]:
    """What axe finds wrong, with the first element it finds it on."""
    found = (Axe().run(tab, options=options) if options else Axe().run(tab)).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


def scrolls_sideways(tab: Page) -> bool:
    wider: bool = tab.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wider


def looked_at(tab: Page) -> list[str]:
    """What is wrong with the page a tab shows: wide and narrow, light and dark."""
    wrong = violations(tab)
    tab.emulate_media(color_scheme="dark")
    wrong += [f"dark: {one}" for one in violations(tab, CONTRAST)]
    tab.emulate_media(color_scheme="light")
    tab.set_viewport_size(NARROW)
    wrong += ["scrolls sideways at 390 px"] if scrolls_sideways(tab) else []
    tab.set_viewport_size(WIDE)
    return wrong


@pytest.mark.parametrize("person", ["buyer", "evaluator", "evaluator3", "policy", "auditor", "admin"])
def test_every_page_can_be_read_by_everybody(visit: Callable[..., Visitor], person: str) -> None:
    visitor = visit(person)
    wrong = {path: said for path in visitor.walk(ADDRESSES_OF_A_KIND) if (said := looked_at(visitor.tab))}
    assert wrong == {}
    assert visitor.complaints == []


def test_the_operations_of_the_api_are_drawn_under_the_security_policy(visit: Callable[..., Visitor]) -> None:
    visitor = visit("buyer")
    visitor.tab.goto(f"{visitor.address}/api/v1/docs/")
    expect(visitor.tab.get_by_text("/api/v1/lots/{id}/score/")).to_be_visible()
    assert visitor.complaints == []


def test_the_login_page_can_be_read_by_everybody(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.tab.goto(f"{visitor.address}/login/")
    assert looked_at(visitor.tab) == []
    assert visitor.complaints == []
