"""Exact values of many bids, each distinct value kept once: what a policy computes is computed once for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
FEW = 4  # numbers up to so many times as many as there are bids are counted rather than sorted
UNUSED = -1


@dataclass(frozen=True, eq=False)
class Coded:
    """`values[codes[i]]` is the value of bid i."""

    codes: Codes
    values: Sequence[Fraction]

    def map(self, function: Callable[[Fraction], Fraction]) -> Coded:
        """The function of every value."""
        return Coded(self.codes, [function(value) for value in self.values])

    def test(self, function: Callable[[Fraction], bool]) -> NDArray[np.bool_]:
        """Of which bids the function says yes."""
        return np.array([function(value) for value in self.values], dtype=bool)[self.codes]

    def take(self, bids: NDArray[np.int64]) -> Coded:
        """Of some of the bids."""
        return Coded(self.codes[bids], self.values)

    @cached_property
    def places(self) -> Codes:
        """Whole numbers in the order of the values."""
        order = {value: place for place, value in enumerate(sorted(set(self.values)))}
        return np.array([order[value] for value in self.values], dtype=np.int64)[self.codes]

    @cached_property
    def denominator(self) -> int:
        """The lowest common one of all the values."""
        return lcm(*[value.denominator for value in self.values])

    def floats(self) -> NDArray[np.float64]:
        """The nearest floats."""
        return np.array([float(value) for value in self.values], dtype=np.float64)[self.codes]

    def numerators(self) -> NDArray[np.float64]:
        """The numerators over `denominator`, as floats: exact where they are at most 2^53."""
        denominator = self.denominator
        whole = [value.numerator * (denominator // value.denominator) for value in self.values]
        return np.array(whole, dtype=np.float64)[self.codes]


def constant(value: Fraction, bids: int) -> Coded:
    """One value for all."""
    return Coded(np.zeros(bids, dtype=np.int64), [value])


def combined(*columns: Codes) -> tuple[Codes, NDArray[np.int64]]:
    """Codes that are the same where all the columns are; and for each code a bid that has it."""
    codes, first = _dense(columns[0])
    for column in columns[1:]:
        other, _ = _dense(column)
        codes, first = _dense(codes * (int(other.max(initial=0)) + 1) + other)
    return codes, first


def _dense(column: Codes) -> tuple[Codes, NDArray[np.int64]]:
    """The codes without gaps, in their order; and the first bid of each."""
    if len(column) and column.min() >= 0 and column.max() < FEW * len(column):
        first = np.full(int(column.max()) + 1, UNUSED)
        first[column[::-1]] = np.arange(len(column))[::-1]
        used = first != UNUSED
        return (np.cumsum(used) - 1)[column], first[used]
    _, first, codes = np.unique(column, return_index=True, return_inverse=True)
    return codes.astype(np.int64), first.astype(np.int64)
