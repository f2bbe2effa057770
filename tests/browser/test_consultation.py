"""The first half of a consultation, driven by those who run it in a real Chromium, and the score of the second.

Prepared, checked, published, opened; three bids from their price schedules and one typed in; judged by three members
of a panel who see letters and no price; agreed, locked, scored: and the score is that of the command line.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bin.pages import Visitor
from scoring.canonical import sha256
from tests.browser.conftest import NARROW, WIDE
from tests.browser.looking import scrolls_sideways, violations
from tests.tenders.filled import altered, part_of, with_cell

pytestmark = [pytest.mark.browser, pytest.mark.both_databases]
Visit = Callable[..., Visitor]
REFERENCE = "PARCOURS-1"
RECEIVED = "2026-09-30"  # before the deadline
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PANEL = {"evaluator": "Caron", "evaluator2": "Haddad", "evaluator3": "Lemoine"}


LOOKED_AT: set[str] = set()  # how pages are built that nothing was found wrong with
STRUCTURE = "[...document.querySelectorAll('body *')].map(one => one.tagName + one.className + one.hidden).join()"


@dataclass(frozen=True)
class Offer:
    """A bid: ``price`` of 1,000 dressings and of nothing else, whose digits stand nowhere else."""

    name: str
    price: str
    marks: tuple[int, int, int]  # of the trial, the training and the environment, out of 4

    @property
    def total(self) -> str:
        """The price of the whole, digits alone, as every way of writing it has them."""
        return self.price.replace(".", "")


READ = [
    Offer("Atelier de Brocéliande", "31.41592", (3, 3, 2)),
    Offer("Pansements du Ventoux", "27.18281", (2, 3, 3)),
    Offer("Manufacture de Noirmoutier", "16.18033", (2, 2, 1)),
]
TYPED = Offer("Compresses d'Aunis", "24.14213", (3, 2, 3))
OFFERS = [*READ, TYPED]


def test_a_consultation_is_run_from_its_draft_to_its_score(visit: Visit, tmp_path: Path) -> None:
    buyer = visit("buyer")
    buyer.read_in("en")
    lot = drafted(buyer)
    checked(buyer)
    published(buyer)
    opened(buyer)
    for offer in READ:
        read_from_its_schedule(buyer, lot, offer)
    typed_in(buyer, lot, TYPED)
    seated(buyer, lot)

    members = [visit(username) for username in PANEL]
    for member, change in zip(members, (0, 1, 0), strict=True):
        declared(member)
        marked(member, change)
        assert nothing_secret(member, lot)
    agreed_and_locked(buyer, lot)
    for member in members:
        assert prices_and_names(member)

    scored(buyer, lot, tmp_path)
    assert [complaint for visitor in (buyer, *members) for complaint in visitor.complaints] == []


# The buyer prepares ------------------------------------------------------------------------------------------


def drafted(buyer: Visitor) -> str:
    """A procedure of one lot, from a template; the address of its lot."""
    tab = buyer.tab
    tab.goto(f"{buyer.address}/tenders/")
    follow(tab, tab.get_by_role("link", name="Draft a procedure"))
    fill(tab, reference=REFERENCE, title="Pansements de nuit", cpv="33141110", estimated_value="90,000")
    tab.locator("[name=contracting_body]").select_option(label="CHU de Valmont")
    press(tab, "Save and add a lot")

    tab.locator("[name=template]").select_option(label="Dressings and wound care")
    press(tab, "Fill in the form below")
    fill(tab, title="Pansements de nuit", plausible_low="15,000", plausible_high="35,000")
    tab.locator("[name=policy]").select_option(value="rules-in-force-2026@1")
    tab.locator("[name=anonymous]").check()
    tab.locator("[name=two_envelopes]").check()
    row = tab.locator("table.draft-items tbody tr")
    row.locator("[name$=designation]").fill("Pansement de nuit 10 × 12 cm")
    row.locator("[name$=unit]").fill("pièce")
    row.locator("[name*=need_]").first.fill("1,000")
    press(tab, "Save the lot")
    expect(tab.locator(".notice-success")).to_be_visible()
    follow(tab, tab.locator("section[aria-labelledby=lots] tbody a").first)
    return tab.url


def checked(buyer: Visitor) -> None:
    """What the rules do to invented bids is looked at, and that it was is recorded."""
    tab = procedure(buyer)
    follow(tab, tab.get_by_role("link", name="Check the method of lot 1"))
    press(tab, "Propose six invented bids")
    expect(tab.locator("main")).to_contain_text("would win")
    press(tab, "Record this check")
    follow(tab, tab.get_by_role("link", name="Change the invented bids"))


def published(buyer: Visitor) -> None:
    """The rules are frozen, and the text that announces them with them."""
    tab = procedure(buyer)
    follow(tab, tab.get_by_role("link", name="Publish"))
    expect(tab.locator("main")).to_contain_text("The method was checked on invented bids")
    fill(tab, launched_on="2026-09-01")
    press(tab, "Publish and freeze the rules")
    follow(tab, tab.get_by_role("link", name="Read what lot 1 announces"))
    expect(tab.locator("main")).to_contain_text("no longer changes")


def opened(buyer: Visitor) -> None:
    tab = procedure(buyer)
    follow(tab, tab.get_by_role("link", name="Open the bids"))
    fill(tab, bids_due_at_0=f"{datetime.now(UTC):%Y-%m-%d}", bids_due_at_1="00:00")
    press(tab, "Open the bids")
    expect(tab.locator("main .stage").first).to_have_text("Opened")


# Bids come in ------------------------------------------------------------------------------------------------


def read_from_its_schedule(buyer: Visitor, lot: str, offer: Offer) -> None:
    """The empty schedule is downloaded, filled in, sent, looked at, and entered as a bid."""
    tab = buyer.tab
    tab.goto(lot)
    follow(tab, tab.locator("main a[href$='/schedule/']").first)
    with tab.expect_download() as download:
        tab.locator("a[href$='.en.xlsx']").click()
    content = download.value.path().read_bytes()
    for place, value in {"Tenderer!B5": offer.name, "Prices!F5": float(offer.price)}.items():
        sheet, cell = place.split("!")
        content = altered(content, part_of(content, sheet), lambda xml, c=cell, v=value: with_cell(xml, c, v))
    tab.locator("input[type=file]").set_input_files({"name": "offre.xlsx", "mimeType": XLSX, "buffer": content})
    press(tab, "Read the schedule")
    expect(tab.locator("main")).to_contain_text(offer.name)
    tab.locator("[name=submitted_at]").fill(f"{RECEIVED}T12:00")
    press(tab, "Enter the bid")
    expect(tab.locator("h1")).to_contain_text(offer.name)


def typed_in(buyer: Visitor, lot: str, offer: Offer) -> None:
    tab = buyer.tab
    tab.goto(lot)
    follow(tab, tab.locator("main a[href$='/bids/enter/']").first)
    fill(tab, tenderer=offer.name, received_on=RECEIVED, received_at="12:00")
    tab.locator("[name=newcomer]").check()
    tab.locator("main form [name$='unit_price']").first.fill(offer.price)
    press(tab, "Read again")
    expect(tab.locator("main dl").first).to_contain_text("24,142.13")
    press(tab, "Enter the bid")
    expect(tab.locator("h1")).to_contain_text(offer.name)


# The panel judges --------------------------------------------------------------------------------------------


def seated(buyer: Visitor, lot: str) -> None:
    tab = buyer.tab
    tab.goto(lot)
    follow(tab, tab.get_by_role("link", name="The panel of the lot"))
    for name in PANEL.values():
        option = tab.locator("[name=person] option", has_text=name).get_attribute("value")
        tab.locator("[name=person]").select_option(value=option)
        press(tab, "Let this person sit on the panel")
        expect(tab.locator(".notice-success")).to_contain_text(name)


def declared(member: Visitor) -> None:
    """From the home page, in French: no interest to declare."""
    tab = member.tab
    follow(tab, tab.locator("main a", has_text=REFERENCE).first)
    tab.locator("[name=conflict][value=no]").check()
    press(tab, "Déclarer")


def marked(member: Visitor, change: int) -> None:
    """A mark, written the French way, and a reason for every letter on every criterion."""
    tab = member.tab
    expect(tab.locator("tbody th", has_text="A").first).to_be_visible()
    for number, mark in enumerate(tab.locator("main form [name$='-mark']").all()):
        mark.fill(f"{2 + (number + change) % 2},5")
    for reason in tab.locator("main form [name$='-reason']").all():
        reason.fill("Essayé dans deux services.")
    submit(tab)
    expect(tab.locator("[name$='-mark']").first).to_have_value(re.compile("[23],5"))


def nothing_secret(member: Visitor, lot: str) -> bool:
    """No page an evaluator reaches tells a price or a name, and the pages of the buyer stay closed."""
    shown = [text_of(member.tab)] + [said(member, path) for path in ("/", "/panels/")]
    secrets = [secret for offer in OFFERS for secret in (offer.total, offer.name)]
    found = [secret for secret in secrets if any(secret in text for text in shown)]
    for page in ("", "agreed/", "panel/", "bids/offre-1/"):
        refused = member.tab.request.get(lot + page)
        assert refused.status == HTTPStatus.FORBIDDEN
        found += [secret for secret in secrets if secret in figures(refused.text())]
    return found == []


def agreed_and_locked(buyer: Visitor, lot: str) -> None:
    """The buyer writes down what the panel agreed on, inside the spread of its marks, and locks it for good."""
    tab = buyer.tab
    tab.goto(f"{lot}panel/")
    follow(tab, tab.get_by_role("link", name="Write down the agreed marks"))
    for mark in tab.locator("main form [name$='-mark']").all():
        mark.fill("3")
    for reason in tab.locator("main form [name$='-reason']").all():
        reason.fill("Agreed after discussion.")
    press(tab, "Write down the agreed marks")
    follow(tab, tab.get_by_role("link", name="Lock the marks"))
    press(tab, "Lock the marks")
    expect(tab.locator(".notice-success")).to_contain_text("locked")


def prices_and_names(member: Visitor) -> bool:
    """After the lock the same page of the same member tells both."""
    tab = member.tab
    tab.goto(f"{member.address}/")
    follow(tab, tab.locator("main a", has_text=REFERENCE).first)
    text = text_of(tab)
    return all(offer.total in text and offer.name in text for offer in OFFERS)


# The score ---------------------------------------------------------------------------------------------------


def scored(buyer: Visitor, lot: str, folder: Path) -> None:
    """The sheet of the portal is, to its hash, what the command line makes of the exported case."""
    tab = buyer.tab
    tab.goto(lot)
    press(tab, "Score")
    expect(tab.locator("main")).to_contain_text("Manufacture de Noirmoutier wins")
    case = folder / "case.json"
    with tab.expect_download() as download:
        tab.locator("a[href$='case.json']").first.click()
    download.value.save_as(case)
    told = subprocess.run(
        [sys.executable, "-m", "scoring", "evaluate", str(case)], check=True, capture_output=True, text=True
    )
    sheet = json.loads(told.stdout)
    assert sha256(sheet) in (tab.locator(".print-foot").text_content() or "")


# On the way --------------------------------------------------------------------------------------------------


def procedure(buyer: Visitor) -> Page:
    """The page of the procedure."""
    buyer.tab.goto(f"{buyer.address}/tenders/?search={REFERENCE}")
    follow(buyer.tab, buyer.tab.locator("main table tbody a").first)
    return buyer.tab


def follow(tab: Page, link: Locator) -> None:
    """To the page a link leads to, and look at it."""
    with tab.expect_navigation():
        link.click()
    looked_at(tab)


def press(tab: Page, name: str) -> None:
    """Press the button of that name, and look at the page it leads to."""
    with tab.expect_navigation():
        tab.get_by_role("button", name=name, exact=True).click()
    looked_at(tab)


def submit(tab: Page) -> None:
    """Press the button that does what the page is for."""
    with tab.expect_navigation():
        tab.locator("main form .btn-primary").first.click()
    looked_at(tab)


def looked_at(tab: Page) -> None:
    """Every page on the way can be read by everybody, wide and narrow; one that is built as another was, is not new."""
    built = tab.evaluate(STRUCTURE)
    if built in LOOKED_AT:
        return
    wrong = violations(tab)
    tab.set_viewport_size(NARROW)
    wrong += ["scrolls sideways at 390 px"] if scrolls_sideways(tab) else []
    tab.set_viewport_size(WIDE)
    assert wrong == [], tab.url
    LOOKED_AT.add(built)


def fill(tab: Page, **typed: str) -> None:
    for name, text in typed.items():
        tab.locator(f"main form [name='{name}']").last.fill(text)


def said(member: Visitor, path: str) -> str:
    member.tab.goto(member.address + path)
    return text_of(member.tab)


def text_of(tab: Page) -> str:
    """What a page says and what its fields hold, each figure as its digits alone."""
    fields = tab.eval_on_selector_all("input:not([type=hidden]), textarea", "all => all.map(one => one.value)")
    return figures("\n".join([tab.locator("body").inner_text(), *fields]))


def figures(text: str) -> str:
    """``text`` with each figure as its digits alone, however it is written."""
    return re.sub(r"(?<=\d)[\s.,\u00a0\u202f](?=\d)", "", text)
