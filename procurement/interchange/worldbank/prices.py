"""Prices as the World Bank's pages write them: a currency code, then an amount with thousands separators."""

import re
from decimal import Decimal
from typing import NamedTuple

PRICE = re.compile(r"([A-Z]{3})\s*([0-9][0-9,]*(?:\.[0-9]+)?)")
CURRENCY_ALONE = re.compile(r"[A-Z]{3}")
WHOLE = re.compile(r"([0-9]{1,30})(?:\.[0-9]*)?")
SYMBOLIC = Decimal(1)  # "XAF 1.00" says nothing of what was asked
LIMIT = Decimal(10) ** 18  # the specification's 18 digits before the point
CENT = Decimal("0.01")


class Price(NamedTuple):
    """An amount in units of a currency."""

    currency: str
    amount: Decimal


class Unusable(Exception):
    """The price cannot be used; the message is a key of `simulation.reasons`."""


def evaluated_price(*, raw: str, currency: str, amount: str) -> Price:
    """The price of a bid from the text as written, checked against the two columns derived from it.

    `amount` is cut to whole units in the source, so it only has to agree there. Raises Unusable.
    """
    text = raw.strip().rstrip(";").strip()
    if not text:
        raise Unusable("no-evaluated-price")
    if CURRENCY_ALONE.fullmatch(text):
        raise Unusable("currency-without-amount")
    found = PRICE.fullmatch(text)
    if not found:
        raise Unusable("several-prices-in-one-cell" if len(PRICE.findall(text)) > 1 else "unreadable-price")
    price = Price(found[1], Decimal(found[2].replace(",", "")))
    _check_derived(price, currency.strip(), amount.strip())
    _check_size(price.amount)
    return price


def _check_derived(price: Price, currency: str, amount: str) -> None:
    if currency and currency != price.currency:
        raise Unusable("currency-disagrees")
    if amount and _whole(amount) != int(price.amount):
        raise Unusable("amount-disagrees")


def _whole(amount: str) -> int | None:
    found = WHOLE.fullmatch(amount)
    return int(found[1]) if found else None


def _check_size(amount: Decimal) -> None:
    if amount <= SYMBOLIC:
        raise Unusable("symbolic-price")
    if amount >= LIMIT:
        raise Unusable("price-too-large")
    if amount != amount.quantize(CENT):
        raise Unusable("more-than-two-decimals")
