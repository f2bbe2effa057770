"""The scenarios that the benches of the archive ask about."""

from __future__ import annotations

from fractions import Fraction

from bench import archive
from scoring.policy import Policy
from scoring.portfolio.asked import read_all
from scoring.portfolio.scenario import Scenario

EUROPEAN, GREEN = "measures.european.amount", "measures.green.amount"


def grid(count: int) -> list[Scenario]:
    """Amounts on a coarse grid, where products end on the boundary of a rounding as often as can be."""
    return [Scenario({EUROPEAN: f"{place % 40 * 0.25}", GREEN: f"{place // 40 * 0.25}"}) for place in range(count)]


def along(count: int) -> list[Scenario]:
    """Values of one amount, evenly from 0 to 10."""
    return [Scenario({EUROPEAN: f"{10 * place / count:.4f}"}) for place in range(count)]


def read(scenarios: list[Scenario]) -> list[Policy]:
    """The policies of scenarios, as a sweep reads them."""
    return [each.policy for each in read_all(archive.POLICY, scenarios)]


def weights(scenario: Scenario) -> list[float]:
    """Of the criteria, then the amounts of the scenario."""
    criteria = [float(criterion["weight"]) for criterion in archive.CRITERIA]
    return [*criteria, *(float(Fraction(scenario.changes[path])) for path in (EUROPEAN, GREEN))]
