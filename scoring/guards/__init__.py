"""Guards: one file per legal topic, facts in, findings out. The table of them, in the order of the findings."""

from __future__ import annotations

from typing import Any

from scoring.guards.finding import Finding, Guard, Inquiry

GUARDS: tuple[Guard, ...] = ()

__all__ = ["GUARDS", "Finding", "Guard", "Inquiry", "findings"]


def findings(inquiry: Inquiry) -> list[dict[str, Any]]:
    """The findings of every guard, in the table's order, as the score sheet writes them."""
    if not GUARDS:
        return []
    from scoring.parameters import PARAMETERS

    return [finding.as_json() for guard in GUARDS for finding in guard.check(inquiry, PARAMETERS)]
