"""Numbers, money and dates as the reader writes them; available in every template."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from django import template
from django.utils import timezone
from django.utils.translation import get_language

from procurement.citations import cited
from procurement.fields import PLAIN_DECIMAL

DIGITS = 40  # more than a number of the specification has (30): none is too long to be written
register = template.Library()


def _locale() -> str:
    return "en_GB" if get_language() == "en" else "fr_FR"


@register.filter
def points(value: str | Decimal | None) -> str:
    """Points with exactly the decimals they carry: `84,20` or `84.20`; nothing for nothing."""
    return "" if value is None or value == "" else _points(str(value), _locale())


@lru_cache(maxsize=4096)
def _points(value: str, locale: str) -> str:
    """Remembered, because a page of marks and prices says few numbers many times."""
    number = Decimal(value)
    decimals = max(0, -int(number.as_tuple().exponent))
    with localcontext(prec=DIGITS):
        return str(format_decimal(number, format="#,##0" + ("." + "0" * decimals if decimals else ""), locale=locale))


@register.filter
def figure(text: str) -> str:
    """What somebody wrote: a plain number as the reader writes numbers, anything else as it stands."""
    return points(text) if PLAIN_DECIMAL.fullmatch(text) else text


@register.filter
def signed(value: str | Decimal | None) -> str:
    """As `points`, with the sign always written: `+2,35`, `−2,35`, `0,00`."""
    number = Decimal("0" if value is None or value == "" else value)
    sign = "+" if number > 0 else "\N{MINUS SIGN}" if number < 0 else ""
    return sign + points(abs(number))


@register.filter
def money(value: str | Decimal | None, currency: str = "EUR") -> str:
    """`1 234 567,50 €` or `€1,234,567.50`; nothing for nothing."""
    if value is None or value == "":
        return ""
    return str(format_currency(Decimal(value), currency or "EUR", locale=_locale()))


def currency_sign(currency: str) -> str:
    """What stands for a currency in `money`: `€`, or its code where it has no sign of its own."""
    return str(get_currency_symbol(currency, locale=_locale()))


@register.filter
def share(value: str | Decimal | None) -> str:
    """A part of 1 as a percentage with at most 2 decimals: `64,25 %`; nothing for nothing."""
    if value is None or value == "":
        return ""
    percent = format_decimal(Decimal(value) * 100, format="#,##0.##", locale=_locale())
    return f"{percent}\u202f%" if get_language() != "en" else f"{percent}%"


@register.filter
def country(code: str | None) -> str:
    """A country by its ISO 3166-1 code: `Allemagne (DE)`, `Germany (DE)`; nothing for none."""
    return f"{Locale.parse(_locale()).territories.get(code, code)} ({code})" if code else ""


@register.filter
def day(value: date | str | None) -> str:
    """A date in words, of a moment that of the portal's zone: `21 août 2026`, `1er août 2026`, `21 August 2026`.

    A text is a date as documents write it: 2026-08-21.
    """
    if isinstance(value, str):
        value = date.fromisoformat(value) if value else None
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return _first(str(format_date(value, "d MMMM y", locale=_locale()))) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """A time in the portal's zone: `21 août 2026, 14:05`."""
    if not value:
        return ""
    return _first(str(format_datetime(timezone.localtime(value), "d MMMM y, HH:mm", locale=_locale())))


@register.filter
def clock(value: datetime | None) -> str:
    """The time of day in the portal's zone: `14:05`."""
    return str(format_time(timezone.localtime(value), "HH:mm", locale=_locale())) if value else ""


def _first(written: str) -> str:
    """The first of a month is an ordinal in French: `1er août`."""
    return "1er" + written[1:] if written.startswith("1 ") and _locale() == "fr_FR" else written


@register.filter
def law(reference: str) -> str:
    """A reference to a text of law in the reader's language: `Règlement (UE) 2022/1031 art. 8`."""
    return cited(reference)


@register.filter
def entry(table: Mapping[str, Any], key: str) -> Any:
    """What `table` holds under `key`; nothing where it holds nothing."""
    return table.get(key, "")
