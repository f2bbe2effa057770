"""Execution cap: an obligation of the winner for the life of the contract. Seen in the 50 % rule of the IPI.

Reported only (specification 3.9).
"""

from __future__ import annotations

from scoring.measures.kind import Kind

KIND = Kind(key="execution_cap", title="Cap during execution", acts_on="report")
