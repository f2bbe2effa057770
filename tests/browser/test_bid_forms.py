"""A bid is typed in with the keyboard alone, without JavaScript, in French."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bin.pages import Visitor
from tests.browser.looking import looked_at

pytestmark = pytest.mark.browser
RECEIVED = "2026-10-30"  # before the deadline of the first procedure whose bids are opened
STEPS = 200  # more tabs than the page has fields


def type_into(tab: Page, name: str, text: str) -> None:
    """Tab to a field and type into it."""
    reach(tab, f"[name='{name}']")
    tab.keyboard.type(text)


def reach(tab: Page, selector: str) -> None:
    for _ in range(STEPS):
        if tab.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        tab.keyboard.press("Tab")
    pytest.fail(f"{STEPS} tabs did not reach {selector}")


def test_a_bid_is_typed_read_again_and_entered_by_keyboard(visit: Callable[..., Visitor]) -> None:
    visitor = visit("buyer", java_script_enabled=False)
    visitor.read_in("fr")
    tab = visitor.tab
    tab.goto(f"{visitor.address}/tenders/?stage=opened")
    tab.locator("main table tbody a").first.click()
    tab.locator("main a[href*='/tenders/lots/'], main a[href*='/lots/']").first.click()
    tab.locator("main a[href$='/bids/enter/']").click()
    type_into(tab, "tenderer", "Atelier des Landes")
    reach(tab, "[name=newcomer]")
    tab.keyboard.press("Space")
    type_into(tab, "received_on", "10302026")  # a browser that is not told otherwise has American dates
    type_into(tab, "received_at", "0900AM")
    type_into(tab, "price", "1 234,5x")
    tab.keyboard.press("Enter")
    expect(tab.locator("main [role=alert]")).to_contain_text("un point est à corriger")
    expect(tab.locator("[name=tenderer]")).to_have_value("Atelier des Landes")
    reach(tab, "[name=price]")
    tab.keyboard.press("Control+A")
    tab.keyboard.type("1 234,56")
    tab.keyboard.press("Enter")
    expect(tab.locator("main dl")).to_contain_text("1 234,56")
    reach(tab, "[name=enter]")
    tab.keyboard.press("Enter")
    expect(tab.locator("h1")).to_contain_text("Atelier des Landes")


def test_the_pages_of_an_entry_can_be_read_by_everybody(visit: Callable[..., Visitor]) -> None:
    visitor = visit("buyer")
    tab = visitor.tab
    tab.goto(f"{visitor.address}/tenders/?stage=opened")
    tab.locator("main table tbody a").first.click()
    tab.locator("main a[href*='/lots/']").first.click()
    tab.locator("main a[href$='/bids/enter/']").click()
    for summary in tab.locator("main details > summary").all()[:2]:
        summary.click()
    assert looked_at(tab) == []
    tab.locator("[name=tenderer]").fill("Atelier de Provence")
    tab.locator("[name=newcomer]").check()
    tab.locator("[name=received_on]").fill(RECEIVED)
    tab.locator("[name=received_at]").fill("09:00")
    tab.locator("[name=price]").fill("1234.56")
    tab.locator("main form .btn-primary").click()
    expect(tab.locator("[name=enter]")).to_be_visible()
    assert looked_at(tab) == []
    assert visitor.complaints == []
