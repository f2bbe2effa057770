"""Review: a legal value nobody has looked at for a year may have changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from scoring.guards.answers import finding
from scoring.guards.finding import Finding, Guard, Inquiry, MissingFactError
from scoring.parameters import Parameters

REVIEW = "practice.review_months"


def stale_rule(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """A legal value that the guards before this one used was last reviewed too long before the assessment."""
    used, assessed_on = parameters.used, inquiry.case.assessed_on
    if assessed_on is None:
        raise MissingFactError("assessed_on")
    rule = parameters.parameter(REVIEW, on=assessed_on)
    oldest = months_before(assessed_on, int(rule.number))
    stale = [line for line in used if line.last_reviewed < oldest]
    if stale:
        yield finding(
            STALE.code,
            "warn",
            [rule],
            parameters=[line.key for line in stale],
            last_reviewed=[line.last_reviewed.isoformat() for line in stale],
        )


def months_before(day: date, months: int) -> date:
    """The same day of the month that many months earlier, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(f"{day} has no day {months} months earlier.")


STALE = Guard("stale-rule", REVIEW, stale_rule)
