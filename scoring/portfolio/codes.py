"""The numbers by which kernels know formulas: whoever adds a formula to them adds it here.

A lot whose formula has no number is scored by `scoring.evaluate` alone.
"""

LOWEST_RATIO, LINEAR_LOWEST, HIGH_LOW, SQUARED_RATIO, MEAN_BOUNDED, ABSOLUTE_LINEAR, PROPORTIONAL, BEST_RATIO = range(8)
ON_MARK = PROPORTIONAL  # this formula and those after it
FORMULAS = {
    "lowest_ratio": LOWEST_RATIO,
    "linear_lowest": LINEAR_LOWEST,
    "high_low": HIGH_LOW,
    "squared_ratio": SQUARED_RATIO,
    "mean_bounded": MEAN_BOUNDED,
    "absolute_linear": ABSOLUTE_LINEAR,
    "proportional": PROPORTIONAL,
    "best_ratio": BEST_RATIO,
}
