"""Criterion formulas: one file each, and the table of them (specification 3.6)."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.formulas import (
    absolute_linear,
    best_ratio,
    high_low,
    linear_lowest,
    lowest_ratio,
    mean_bounded,
    proportional,
    squared_ratio,
)
from scoring.formulas.formula import Field, Formula

FORMULAS: Mapping[str, Formula] = {
    "lowest_ratio": lowest_ratio.FORMULA,
    "linear_lowest": linear_lowest.FORMULA,
    "high_low": high_low.FORMULA,
    "squared_ratio": squared_ratio.FORMULA,
    "mean_bounded": mean_bounded.FORMULA,
    "absolute_linear": absolute_linear.FORMULA,
    "proportional": proportional.FORMULA,
    "best_ratio": best_ratio.FORMULA,
}

__all__ = ["FORMULAS", "Field", "Formula"]
