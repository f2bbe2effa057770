"""Budgets of the generated tests: a fixed, quick set of examples by default, many random ones on request.

`HYPOTHESIS_PROFILE=thorough pytest tests/scoring` draws twenty times as many cases, from a new seed each time, and
reduces a failing case to a small one; the quick profile shows the first failing case as it is.
"""

import os

from hypothesis import HealthCheck, Phase, settings

SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

settings.register_profile(
    "quick",
    max_examples=60,
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=SLOW_TO_DRAW,
)
settings.register_profile("ci", parent=settings.get_profile("quick"))  # the verifier draws more: tests/audit
settings.register_profile(
    "thorough", max_examples=1200, deadline=None, print_blob=True, suppress_health_check=SLOW_TO_DRAW
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
