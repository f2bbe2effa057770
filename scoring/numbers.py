"""Exact numbers of the documents: plain decimals in, fixed decimals and reduced fractions out (specification 1).

Values are `fractions.Fraction`. A *unit* is one step of a rounding: with 2 decimals, 12.34 is 1234 units.
"""

from __future__ import annotations

import re
from fractions import Fraction

PLAIN_DECIMAL = r"-?[0-9]{1,18}(\.[0-9]{1,12})?"
_plain_decimal = re.compile(PLAIN_DECIMAL)


def is_decimal(text: str) -> bool:
    """Whether `text` is a plain decimal as the documents write them: no exponent, separator, space or plus sign."""
    return _plain_decimal.fullmatch(text) is not None


def decimal(text: str) -> Fraction:
    """The exact value of a plain decimal. Raises ValueError on any other text."""
    if not is_decimal(text):
        raise ValueError(f"{text!r} is not a plain decimal")
    whole, _, part = text.partition(".")
    return Fraction(int(whole + part), 10 ** len(part)) if part else Fraction(int(whole))


def decimals_of(text: str) -> int:
    """How many decimals a plain decimal is written with."""
    return len(text.partition(".")[2])


def units(numerator: int, denominator: int, decimals: int) -> int:
    """numerator ÷ denominator (> 0) in units of 10^-decimals, rounded half away from zero."""
    magnitude = (2 * abs(numerator) * 10**decimals + denominator) // (2 * denominator)
    return -magnitude if numerator < 0 else magnitude


def rounded_units(value: Fraction, decimals: int) -> int:
    """`value` in units of 10^-decimals, rounded half away from zero."""
    return units(value.numerator, value.denominator, decimals)


def rounded(value: Fraction, decimals: int) -> Fraction:
    """`value` rounded half away from zero to `decimals`."""
    return Fraction(rounded_units(value, decimals), 10**decimals)


def fixed_units(count: int, decimals: int) -> str:
    """A count of units as a fixed decimal: 1234 with 2 decimals is "12.34". Zero has no minus sign."""
    digits = str(abs(count)).rjust(decimals + 1, "0")
    sign = "-" if count < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


def fixed(value: Fraction, decimals: int) -> str:
    """`value` rounded half away from zero and written with exactly `decimals` decimals."""
    return fixed_units(rounded_units(value, decimals), decimals)


def exact(value: Fraction) -> str:
    """ "numerator/denominator" in lowest terms, the denominator always written ("3/1")."""
    return f"{value.numerator}/{value.denominator}"
