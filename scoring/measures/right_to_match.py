"""Right to match: a bid that reaches the amount may take the contract at the winner's price. Seen in India, Class I.

Reported only, and only when the winner's driver is below the amount (specification 3.9).
"""

from __future__ import annotations

from scoring.measures.kind import Kind
from scoring.shapes import Number, Object

KIND = Kind(
    key="right_to_match",
    title="Right to match the winner's price",
    acts_on="report",
    params=Object(optional={"margin": Number()}),
)
