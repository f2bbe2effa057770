"""The verifier is held against the engine on as many cases as the profile of the generated tests says."""

import os

from tests.scoring import conftest as budgets

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")
CASES = {"quick": 100, "ci": 1000, "thorough": 5000}.get(PROFILE, budgets.settings().max_examples)
"""How many valid cases, and how many broken ones."""
