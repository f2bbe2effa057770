"""What is wrong with a page that a browser shows: what axe finds, and sideways scroll at 390 px."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import NARROW, WIDE

CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


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
