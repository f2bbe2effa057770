"""The address a request came from."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings


def client_address(request: Any) -> str | None:
    """Of the browser, as the proxy in front of the portal names it; without a proxy, of whoever is connected.

    Behind a proxy it is the last address of `X-Forwarded-For`, which the proxy adds itself: those before it are
    whatever the browser cared to send. None where neither is an address (a connection over a local socket).
    """
    connected = request.META.get("REMOTE_ADDR", "")
    named = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() if settings.BEHIND_PROXY else ""
    return _written(named) or _written(connected)


def _written(text: str) -> str | None:
    try:
        address = ip_address(text.partition("%")[0])  # without the name of the machine's own network card
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        if address.is_global:  # one subscriber has 2^64 of them, and could send each request from another
            return str(ip_network((address, 64), strict=False).network_address)
    return str(address)
