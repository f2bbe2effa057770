"""Every page, as each role: readable by all, no sideways scroll at 390 px, nothing the security policy refuses."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from bin.pages import Visitor
from tests.browser.looking import looked_at

pytestmark = pytest.mark.browser
ADDRESSES_OF_A_KIND = 2  # two lots, two policies …: what differs between more of them is data


@pytest.mark.parametrize("person", ["buyer", "evaluator", "evaluator3", "policy", "auditor", "admin"])
def test_every_page_can_be_read_by_everybody(visit: Callable[..., Visitor], person: str) -> None:
    visitor = visit(person)
    wrong = {path: said for path in visitor.walk(ADDRESSES_OF_A_KIND) if (said := looked_at(visitor.tab))}
    assert wrong == {}
    assert visitor.complaints == []


def test_the_operations_of_the_api_are_drawn_under_the_security_policy(visit: Callable[..., Visitor]) -> None:
    visitor = visit("buyer")
    visitor.tab.goto(f"{visitor.address}/api/v1/docs/")
    visitor.tab.get_by_role("link", name="lots", exact=True).click()
    expect(visitor.tab.get_by_text("/api/v1/lots/{id}/score/")).to_be_visible()
    assert visitor.complaints == []


def test_the_login_page_can_be_read_by_everybody(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.tab.goto(f"{visitor.address}/login/")
    assert looked_at(visitor.tab) == []
    assert visitor.complaints == []
