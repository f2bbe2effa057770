"""The address of the browser, where a proxy stands in front and where none does."""

from typing import Any

import pytest
from django.test import RequestFactory

from procurement.people.addresses import client_address


def seen(settings: Any, *, connected: str, forwarded: str | None, proxy: bool) -> str | None:
    settings.BEHIND_PROXY = proxy
    named = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=connected, **named))


def test_without_a_proxy_nobody_chooses_an_address(settings: Any) -> None:
    assert seen(settings, connected="192.0.2.7", forwarded="203.0.113.9", proxy=False) == "192.0.2.7"


def test_a_proxy_names_the_browser_and_what_the_browser_claimed_is_passed_over(settings: Any) -> None:
    assert seen(settings, connected="127.0.0.1", forwarded="10.0.0.1, 203.0.113.9", proxy=True) == "203.0.113.9"


@pytest.mark.parametrize("forwarded", [None, "", "unknown", "203.0.113.9, ", "<script>", "1.2.3.4.5", "203.0.113.9:80"])
def test_what_is_no_address_leaves_the_one_connected(settings: Any, forwarded: str | None) -> None:
    """A database column of addresses would refuse it, and the log-in page fail."""
    assert seen(settings, connected="127.0.0.1", forwarded=forwarded, proxy=True) == "127.0.0.1"


def test_a_local_socket_has_no_address(settings: Any) -> None:
    assert seen(settings, connected="", forwarded=None, proxy=False) is None


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("2a01:e0a:1:2:3:4:5:6", "2a01:e0a:1:2::"),
        ("2a01:e0a:1:2:ffff::1", "2a01:e0a:1:2::"),
        ("2a01:e0a:1:3::1", "2a01:e0a:1:3::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::1"),
        ("::1", "::1"),
    ],
)
def test_the_addresses_of_one_subscriber_are_one(settings: Any, written: str, one: str) -> None:
    assert seen(settings, connected=written, forwarded=None, proxy=False) == one
