"""Exact rationals as the reader's decimals."""

from decimal import Decimal
from fractions import Fraction

from procurement.people.templatetags import reading


def decimal(value: Fraction) -> Decimal:
    """The decimal of a rational; those of a document are plain decimals, so nothing is lost."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def number(value: Fraction) -> str:
    """`2,5` or `2.5`."""
    return reading.points(decimal(value))


def percent(value: Fraction) -> str:
    """A part of 1 as `62,5 %` or `62.5%`."""
    return reading.share(decimal(value))
