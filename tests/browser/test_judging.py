"""A member of a panel fills in the grid: what is typed is never lost, keys and blocks of cells as in a spreadsheet."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from bin.demo_portal import PASSWORD
from bin.pages import Visitor
from tests.browser.looking import looked_at

pytestmark = pytest.mark.browser
AUTOMATES = "Automates de dispensation nominative"
PASTE = """([selector, text]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
  document.querySelector(selector).dispatchEvent(event);
}"""


def judging(visitor: Visitor, language: str = "en") -> Page:
    """The grid of a member, whose marks of the demonstration are partly given."""
    visitor.read_in(language)
    visitor.tab.goto(f"{visitor.address}/panels/")
    visitor.tab.get_by_role("link", name=AUTOMATES).click()
    visitor.tab.wait_for_load_state()
    while visitor.tab.locator(".undo [name=what][value=draft]").count():  # what another test left there
        with visitor.tab.expect_navigation():
            visitor.tab.locator(".undo button").click()
    return visitor.tab


def mark(tab: Page, row: int) -> Locator:
    return tab.locator("form.grid input[name$='-mark']").nth(row)


def reason(tab: Page, row: int) -> Locator:
    return tab.locator("form.grid textarea[name$='-reason']").nth(row)


def log_in_beside(tab: Page, address: str) -> None:
    """Log in as another tab of the same browser would."""
    page = tab.request.get(f"{address}/login/").text()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    fields = {"csrfmiddlewaretoken": token[1], "username": "evaluator2", "password": PASSWORD}
    assert tab.request.post(f"{address}/login/", form=fields, headers={"Referer": f"{address}/login/"}).ok


def told(tab: Page) -> Locator:
    return tab.locator(".autosave")


def test_what_is_typed_waits_and_stands_there_when_the_page_is_read_again(visit: Callable[..., Visitor]) -> None:
    visitor = visit("evaluator2")
    tab = judging(visitor, "fr")
    mark(tab, 3).fill("2,5")
    reason(tab, 3).fill("Échanges démontrés, sans reprise")
    expect(told(tab)).to_contain_text("Enregistré à")
    expect(tab.locator("#grid-state")).to_contain_text(re.compile(r"Notes données\s: 4 sur \d+"))

    tab.reload()

    expect(mark(tab, 3)).to_have_value("2,5")
    expect(reason(tab, 3)).to_have_value("Échanges démontrés, sans reprise")
    expect(tab.locator(".waits:visible")).to_have_count(1)
    assert looked_at(tab) == []
    tab.locator(".undo button").click()
    expect(mark(tab, 3)).to_have_value("")
    assert visitor.complaints == []


def test_a_mistake_stands_beside_its_field_and_goes_when_it_is_mended(visit: Callable[..., Visitor]) -> None:
    visitor = visit("evaluator2")
    tab = judging(visitor)
    mark(tab, 4).fill("9")
    mark(tab, 4).press("Tab")
    wrong = tab.locator("form.grid .errorlist")
    expect(wrong).to_have_text("A mark is a number from 0 to 4.")
    expect(mark(tab, 4)).to_have_attribute("aria-invalid", "true")
    expect(told(tab)).to_contain_text("1 field is to be corrected.")
    assert looked_at(tab) == []
    mark(tab, 4).fill("")
    mark(tab, 4).press("Tab")
    expect(wrong).to_have_count(0)


def test_without_a_connection_nothing_is_lost_and_it_is_said(visit: Callable[..., Visitor]) -> None:
    tab = judging(visit("evaluator2"))
    tab.context.set_offline(True)
    reason(tab, 5).fill("Written in the lift.")
    reason(tab, 5).press("Tab")
    expect(told(tab)).to_contain_text("the portal does not answer")
    expect(reason(tab, 5)).to_have_value("Written in the lift.")

    tab.context.set_offline(False)
    expect(told(tab)).to_contain_text("Saved at")

    tab.reload()
    expect(reason(tab, 5)).to_have_value("Written in the lift.")
    tab.locator(".undo button").click()


def test_whoever_was_logged_out_logs_in_beside_and_goes_on(visit: Callable[..., Visitor]) -> None:
    visitor = visit("evaluator2")
    tab = judging(visitor)
    tab.context.clear_cookies()
    reason(tab, 6).fill("Typed while logged out.")
    reason(tab, 6).press("Tab")
    expect(told(tab)).to_contain_text("Not saved: ")
    tab.get_by_role("button", name="Give the marks").click()
    expect(tab.locator("h1")).to_contain_text(AUTOMATES)
    expect(reason(tab, 6)).to_have_value("Typed while logged out.")

    log_in_beside(tab, visitor.address)
    tab.evaluate("dispatchEvent(new Event('online'))")

    expect(told(tab)).to_contain_text("Saved at")
    tab.reload()
    expect(reason(tab, 6)).to_have_value("Typed while logged out.")
    tab.locator(".undo button").click()


def test_an_answer_that_comes_late_does_not_undo_what_was_typed_meanwhile(visit: Callable[..., Visitor]) -> None:
    tab = judging(visit("evaluator2"))
    waiting: list[Route] = []
    tab.route("**/typed/", lambda route: route.continue_() if waiting else waiting.append(route))
    reason(tab, 7).fill("First")
    reason(tab, 7).press("Tab")
    expect(told(tab)).to_have_text("Saving…")
    reason(tab, 7).fill("First, and more")
    reason(tab, 7).press("Tab")
    waiting[0].continue_()

    expect(told(tab)).to_contain_text("Saved at")
    tab.reload()
    expect(reason(tab, 7)).to_have_value("First, and more")
    tab.locator(".undo button").click()


def test_enter_and_the_arrows_lead_from_cell_to_cell_and_send_nothing(visit: Callable[..., Visitor]) -> None:
    tab = judging(visit("evaluator2"))
    mark(tab, 0).focus()
    tab.keyboard.press("Enter")
    expect(mark(tab, 1)).to_be_focused()
    tab.keyboard.press("ArrowRight")
    expect(reason(tab, 1)).to_be_focused()
    tab.keyboard.press("ControlOrMeta+End")
    tab.keyboard.press("ArrowDown")
    expect(reason(tab, 2)).to_be_focused()
    tab.keyboard.press("ControlOrMeta+Home")
    tab.keyboard.press("ArrowLeft")
    expect(mark(tab, 2)).to_be_focused()
    tab.keyboard.press("ArrowDown")
    expect(mark(tab, 3)).to_be_focused()  # the first of the next criterion
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Shift+Enter")
    expect(mark(tab, 1)).to_be_focused()
    tab.keyboard.press("Tab")
    expect(reason(tab, 1)).to_be_focused()


def test_a_block_of_cells_fills_the_grid_and_one_that_does_not_fit_changes_nothing(
    visit: Callable[..., Visitor],
) -> None:
    tab = judging(visit("evaluator2"), "fr")
    first = "form.grid tbody tr:nth-child(1) input[name$='-mark']"
    before = mark(tab, 0).input_value()
    tab.evaluate(PASTE, [first, "1\n" * 60])
    expect(told(tab)).to_contain_text("Rien n'a été collé")
    expect(mark(tab, 0)).to_have_value(before)

    tab.evaluate(PASTE, [first, '2,5\tMis à l\'essai\n3\t"Sur deux\nlignes"\n'])

    expect(mark(tab, 0)).to_have_value("2,5")
    expect(reason(tab, 1)).to_have_value("Sur deux\nlignes")
    expect(told(tab)).to_contain_text("Enregistré à")
    expect(tab.locator(".waits:visible")).to_have_count(2)
    for _ in range(2):
        tab.locator(".undo button").click()
    expect(mark(tab, 0)).to_have_value(before)


def test_without_javascript_what_is_typed_is_kept_by_a_button_and_a_table_is_pasted(
    visit: Callable[..., Visitor],
) -> None:
    tab = judging(visit("evaluator2", java_script_enabled=False))
    reason(tab, 8).fill("Half a thought")
    mark(tab, 8).press("Enter")
    expect(tab.locator(".notice")).to_contain_text("waits here")
    expect(reason(tab, 8)).to_have_value("Half a thought")
    tab.locator(".undo button").click()

    tab.get_by_role("link", name="Paste a table").click()
    table = tab.get_by_label("Table")
    rows = table.input_value().split("\n")
    table.fill("\n".join([rows[0], rows[5].rpartition("\t")[0].rpartition("\t")[0] + "\t7\tToo much"]))
    tab.get_by_role("button", name="Fill in the grid").click()
    expect(tab.locator("main [role=alert]")).to_contain_text("Line 2: A mark is a number from 0 to 4.")
    table.fill(table.input_value().replace("\t7\t", "\t3\t"))
    tab.get_by_role("button", name="Fill in the grid").click()
    expect(mark(tab, 4)).to_have_value("3")
    expect(reason(tab, 4)).to_have_value("Too much")
    tab.locator(".undo button").click()


def test_a_change_that_was_given_is_undone(visit: Callable[..., Visitor]) -> None:
    tab = judging(visit("evaluator"))
    former = mark(tab, 0).input_value()
    mark(tab, 0).fill("1")
    tab.get_by_role("button", name="Give the marks").click()
    expect(tab.locator(".notice")).to_contain_text("1 mark is given.")
    expect(tab.locator(".undo")).to_contain_text(f"mark 1 becomes {former} again")
    tab.locator(".undo button").click()
    expect(mark(tab, 0)).to_have_value(former)


def test_the_buyer_sees_the_panel_go_on_without_loading_the_page(visit: Callable[..., Visitor]) -> None:
    buyer = visit("buyer")
    buyer.read_in("en")
    tab = buyer.tab
    tab.clock.install()
    tab.goto(f"{buyer.address}/tenders/?stage=opened")
    tab.get_by_role("link", name="GHT-2026-027").first.click()
    tab.get_by_role("link", name="Lot 1").first.click()
    tab.get_by_role("link", name="Panel").first.click()
    expect(tab.locator(".panel-progress")).to_contain_text(re.compile(r"16 of \d+"))
    member = judging(visit("evaluator2"))
    mark(member, 3).fill("3")
    reason(member, 3).fill("Shown on the ward.")
    member.get_by_role("button", name="Give the marks").click()
    expect(member.locator(".notice")).to_be_visible()

    tab.clock.fast_forward(10_000)

    expect(tab.locator(".panel-progress [role=status]")).to_contain_text(re.compile(r"17 of \d+"))
    assert looked_at(tab) == []
    assert buyer.complaints == []
