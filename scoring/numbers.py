"""Exact numbers of the documents: plain decimals in, fixed decimals and reduced fractions out (specification 1).

Values are `fractions.Fraction`. A *unit* is one step of a rounding: with 2 decimals, 12.34 is 1234 units.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from math import lcm

Ratio = tuple[int, int]
"""A numerator and a denominator > 0 that need not be reduced: rounding it takes no greatest common divisor."""

PLAIN_DECIMAL = r"-?[0-9]{1,18}(\.[0-9]{1,12})?"
_LONG_DIGITS = 4000
_LONG = 10**_LONG_DIGITS
_plain_decimal = re.compile(PLAIN_DECIMAL)


def total(values: Iterable[Fraction]) -> Fraction:
    """The exact sum, reduced once at the end: far cheaper than adding fractions one by one."""
    terms = list(values)
    if len(terms) == 1:
        return terms[0]
    denominator = lcm(*[term.denominator for term in terms])
    return Fraction(sum([term.numerator * (denominator // term.denominator) for term in terms]), denominator)


def total_of_products(pairs: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """The exact sum of the products of the pairs, reduced once at the end."""
    terms = [(a.numerator * b.numerator, a.denominator * b.denominator) for a, b in pairs]
    denominator = lcm(*[bottom for _, bottom in terms])
    return Fraction(sum([top * (denominator // bottom) for top, bottom in terms]), denominator)


def over(part: Fraction, whole: Fraction) -> Ratio:
    """part ÷ whole (> 0)."""
    (top, bottom), (whole_top, whole_bottom) = part.as_integer_ratio(), whole.as_integer_ratio()
    return top * whole_bottom, bottom * whole_top


def portion(amount: Fraction, part: Fraction, whole: Fraction) -> Ratio:
    """amount × part ÷ whole (> 0)."""
    (top, bottom), (part_top, part_bottom) = amount.as_integer_ratio(), part.as_integer_ratio()
    whole_top, whole_bottom = whole.as_integer_ratio()
    return top * part_top * whole_bottom, bottom * part_bottom * whole_top


def difference(left: Fraction, right: Fraction) -> Fraction:
    """left − right, reduced once."""
    (top, bottom), (right_top, right_bottom) = left.as_integer_ratio(), right.as_integer_ratio()
    if bottom == right_bottom:
        return Fraction(top - right_top, bottom)
    return Fraction(top * right_bottom - right_top * bottom, bottom * right_bottom)


def on_one_denominator(values: Iterable[Fraction]) -> tuple[list[int], int]:
    """The numerators of the values over their lowest common denominator, and it."""
    terms = list(values)
    denominator = lcm(*[term.denominator for term in terms])
    return [term.numerator * (denominator // term.denominator) for term in terms], denominator


def numerators(values: Iterable[Fraction]) -> list[int]:
    """The values as whole numbers of one same fraction: they compare as the values do, and faster."""
    return on_one_denominator(values)[0]


def is_decimal(text: str) -> bool:
    """Whether `text` is a plain decimal as the documents write them: no exponent, separator, space or plus sign."""
    return _plain_decimal.fullmatch(text) is not None


def decimal(text: str) -> Fraction:
    """The exact value of a plain decimal. Raises ValueError on any other text."""
    written = _plain_decimal.fullmatch(text)
    if written is None:
        raise ValueError(f"{text!r} is not a plain decimal")
    part = written[1]
    if part is None:
        return Fraction(int(text))
    return Fraction(int(text.replace(".", "")), 10 ** (len(part) - 1))


def decimals_of(text: str) -> int:
    """How many decimals a plain decimal is written with."""
    return len(text.partition(".")[2])


def units(numerator: int, denominator: int, decimals: int) -> int:
    """numerator ÷ denominator (> 0) in units of 10^-decimals, rounded half away from zero."""
    magnitude: int = (2 * abs(numerator) * 10**decimals + denominator) // (2 * denominator)
    return -magnitude if numerator < 0 else magnitude


def rounded_units(value: Fraction, decimals: int) -> int:
    """`value` in units of 10^-decimals, rounded half away from zero."""
    return units(*value.as_integer_ratio(), decimals)


def rounded(value: Fraction, decimals: int) -> Fraction:
    """`value` rounded half away from zero to `decimals`."""
    return Fraction(rounded_units(value, decimals), 10**decimals)


def fixed_units(count: int, decimals: int) -> str:
    """A count of units as a fixed decimal: 1234 with 2 decimals is "12.34". Zero has no minus sign."""
    if not decimals:
        return str(count)
    digits = str(count).zfill(decimals + 1 + (count < 0))
    return f"{digits[:-decimals]}.{digits[-decimals:]}"


def fixed(value: Fraction, decimals: int) -> str:
    """`value` rounded half away from zero and written with exactly `decimals` decimals."""
    return fixed_units(rounded_units(value, decimals), decimals)


def exact(value: Fraction) -> str:
    """ "numerator/denominator" in lowest terms, the denominator always written ("3/1")."""
    top, bottom = value.as_integer_ratio()
    if -_LONG < top < _LONG and bottom < _LONG:
        return f"{top}/{bottom}"
    return f"{_digits(top)}/{_digits(bottom)}"


def _digits(number: int) -> str:
    """The decimal digits of any whole number: the mean of many evaluated prices can pass Python's limit of 4300."""
    if abs(number) < _LONG:
        return str(number)
    sign = "-" if number < 0 else ""
    head, tail = divmod(abs(number), _LONG)
    return f"{sign}{_digits(head)}{str(tail).rjust(_LONG_DIGITS, '0')}"
