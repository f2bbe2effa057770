"""Section 1 of the specification: numbers read exactly, rounded half away from zero, written plainly."""

from __future__ import annotations

import re
from fractions import Fraction

PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")


def is_number(value: object) -> bool:
    return isinstance(value, str) and PLAIN_DECIMAL.fullmatch(value) is not None


def number(text: str) -> Fraction:
    return Fraction(text)


def decimals_written(text: str) -> int:
    return len(text.partition(".")[2])


def rounded(value: Fraction, decimals: int) -> Fraction:
    """Half away from zero: add one half to the absolute value, drop what follows, give the sign back."""
    scaled = abs(value) * 10**decimals + Fraction(1, 2)
    whole = scaled.numerator // scaled.denominator
    nearest = Fraction(whole, 10**decimals)
    return -nearest if value < 0 else nearest


def fixed(value: Fraction, decimals: int) -> str:
    """A rounded value with exactly so many decimals; a zero has no minus sign."""
    nearest = rounded(value, decimals)
    units = abs(nearest) * 10**decimals
    digits = str(units.numerator).zfill(decimals + 1)
    sign = "-" if nearest < 0 else ""
    if decimals == 0:
        return sign + digits
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def ratio(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"
