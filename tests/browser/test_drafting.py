"""A procedure of two lots, drafted with the keyboard alone, without JavaScript, by somebody who reads French."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bin.pages import Visitor
from tests.browser.conftest import NARROW
from tests.browser.test_use import focused

pytestmark = pytest.mark.browser
STEPS = 200  # more tabs than the page of a small lot has fields and buttons


def reach(tab: Page, selector: str) -> None:
    """Press Tab until the focus is there."""
    for _ in range(STEPS):
        tab.keyboard.press("Tab")
        if focused(tab, selector):
            return
    pytest.fail(f"{STEPS} tabs did not reach {selector}")


def fill(tab: Page, **typed: str) -> None:
    """Reach each field in the order of the page and type into it; `__` stands for the hyphen of a row's name."""
    for name, text in typed.items():
        reach(tab, f"main form[method=post] [name='{name.replace('__', '-')}']")
        tab.keyboard.press("Control+A")
        tab.keyboard.type(text)


def enter(tab: Page) -> None:
    """Press Enter and wait for the page it leads to."""
    with tab.expect_navigation():
        tab.keyboard.press("Enter")


def press(tab: Page, selector: str) -> None:
    reach(tab, selector)
    enter(tab)


def test_a_procedure_of_two_lots_is_drafted_with_the_keyboard_alone(visit: Callable[..., Visitor]) -> None:
    tab = (visitor := visit("buyer", java_script_enabled=False, locale="fr-FR")).tab
    tab.goto(f"{visitor.address}/tenders/")
    press(tab, "main .btn-primary")
    fill(tab, reference="CLAVIER-1", title="Pansements", cpv="33141110", estimated_value="1 234 567,50")
    enter(tab)
    expect(tab.locator("main .notice-success")).to_be_visible()

    fill(tab, title="Hydrocolloïdes", criteria__0__title="Prix", criteria__0__weight="54,5")
    fill(tab, criteria__1__title="Qualité", criteria__1__weight="40", criteria__1__scale="10")
    press(tab, "main [name=add][value=criteria]")
    fill(tab, criteria__2__weight="5,5")  # its title has the focus already: the cursor is where the new row begins
    tab.keyboard.press("Shift+Tab")
    reach(tab, "main [name='criteria-2-scale']")
    tab.keyboard.type("5")
    fill(tab, items__0__designation="Pansement 10 cm", items__0__unit="boîte", items__0__vat_rate="5,5")
    reach(tab, "main [name^='items-0-need_']")
    tab.keyboard.type("1 234,56")
    enter(tab)

    # The third criterion has no title: everything else stays as it was typed, and nothing is saved.
    expect(tab.locator("[name='criteria-2-title'][aria-invalid=true]")).to_have_count(1)
    expect(tab.locator("[name^='items-0-need_']").first).to_have_value("1 234,56")
    fill(tab, criteria__2__title="Environnement")
    enter(tab)
    expect(tab.locator("main .notice-success")).to_be_visible()
    expect(tab.get_by_role("cell", name="1\u202f234,56").first).to_be_visible()

    press(tab, "main a[href$='/lots/add/']")
    reach(tab, "main [name=copy]")
    tab.keyboard.type("CLAVIER-1/1")
    press(tab, "main form[method=get] button")
    fill(tab, title="Alginates")
    enter(tab)
    expect(tab.locator("section[aria-labelledby=lots] tbody tr")).to_have_count(2)


def test_the_weights_add_up_while_they_are_typed_and_the_page_fits_a_phone(visit: Callable[..., Visitor]) -> None:
    tab = (visitor := visit("buyer", viewport=NARROW, locale="fr-FR")).tab
    tab.goto(f"{visitor.address}/tenders/?stage=draft")
    tab.locator("main table tbody a").first.click()
    tab.locator("main a[href$='/lots/add/']").first.click()
    tab.locator("[name='criteria-0-weight']").fill("59,9")
    tab.locator("[name='criteria-1-weight']").fill("0,2")

    expect(tab.locator(".weights output")).to_have_text("60,1")
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
