"""Bonus points: + amount × c. Seen in the European priority, environmental quality and 80/20 goals.

Each measure's points are rounded, then their sum is kept under the policy's bonus_cap (specification 3.7).
"""

from __future__ import annotations

from scoring.measures.kind import Kind

KIND = Kind(key="add_points", title="Bonus points", acts_on="points", rising_harms=False)
