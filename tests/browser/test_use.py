"""With the keyboard alone, without JavaScript, in the other language, on paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bin.demo_portal import PASSWORD
from bin.pages import Visitor

pytestmark = pytest.mark.browser
STEPS = 60  # more tabs than any page has before its primary action


def focused(tab: Page, selector: str) -> bool:
    inside: bool = tab.evaluate("selector => document.activeElement.matches(selector)", selector)
    return inside


def test_the_first_tab_skips_to_the_content(visit: Callable[..., Visitor]) -> None:
    tab = visit("buyer").tab
    tab.keyboard.press("Tab")
    assert focused(tab, ".skip-link")
    tab.keyboard.press("Enter")
    assert focused(tab, "main")


@pytest.mark.parametrize(("person", "path"), [("admin", "/people/"), ("admin", "/record/"), ("policy", "/policies/")])
def test_the_primary_action_is_reached_with_the_keyboard(visit: Callable[..., Visitor], person: str, path: str) -> None:
    visitor = visit(person)
    visitor.tab.goto(visitor.address + path)
    expect(visitor.tab.locator("main .btn-primary")).to_have_count(1)
    for _ in range(STEPS):
        visitor.tab.keyboard.press("Tab")
        if focused(visitor.tab, "main .btn-primary"):
            return
    pytest.fail(f"{STEPS} tabs did not reach the primary action of {path}")


def test_logging_in_and_out_with_the_keyboard_alone(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    tab = visitor.tab
    tab.goto(f"{visitor.address}/login/")
    tab.locator("[name=username]").focus()
    tab.keyboard.type("buyer")
    tab.keyboard.press("Tab")
    tab.keyboard.type(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(f"{visitor.address}/")
    tab.locator("form[action='/logout/'] button").focus()
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(f"{visitor.address}/login/")


def test_a_lot_is_read_and_filtered_without_javascript(visit: Callable[..., Visitor]) -> None:
    visitor = visit("buyer", java_script_enabled=False)
    tab = visitor.tab
    tab.goto(f"{visitor.address}/tenders/?stage=awarded")
    tab.locator("main table tbody a").first.click()
    expect(tab.locator("h1")).not_to_be_empty()
    tab.goto(f"{visitor.address}/tenders/")
    tab.locator("main form.filters button").click()
    expect(tab.locator("main table tbody tr").first).to_be_visible()


def test_the_language_is_one_click_away_and_leads_back_to_the_page(visit: Callable[..., Visitor]) -> None:
    visitor = visit("policy2")
    visitor.tab.goto(f"{visitor.address}/policies/law/")
    expect(visitor.tab.locator("html")).to_have_attribute("lang", "fr")
    visitor.read_in("en")
    expect(visitor.tab).to_have_url(f"{visitor.address}/policies/law/")
    expect(visitor.tab.locator("html")).to_have_attribute("lang", "en")


def test_paper_carries_title_strip_and_date_but_no_navigation(visit: Callable[..., Visitor]) -> None:
    visitor = visit("admin")
    tab = visitor.tab
    tab.goto(f"{visitor.address}/record/")
    tab.emulate_media(media="print")
    for shown in ("h1", ".strip", ".print-foot", ".print-foot .hash"):
        expect(tab.locator(shown).first).to_be_visible()
    for hidden in (".rooms", ".person", ".breadcrumb", ".filters", ".skip-link"):
        expect(tab.locator(hidden).first).to_be_hidden()


def test_paper_names_the_proofs_a_bid_rests_on(visit: Callable[..., Visitor]) -> None:
    visitor = visit("buyer")
    tab = visitor.tab
    tab.goto(f"{visitor.address}/tenders/")
    for name in ("GHT-2026-025", "Neuronavigation et microscopes opératoires", "Optique Chirurgicale du Jura"):
        tab.get_by_role("link", name=name).first.click()
    tab.emulate_media(media="print")
    proof = tab.locator("[href^='#proof-']").first
    expect(proof).to_be_visible()
    expect(proof).to_have_text("Extrait Kbis du mandataire")
