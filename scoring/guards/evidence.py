"""Evidence: what is rated must be the offer, by the panel, and an unknown origin is never guessed."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.guards.answers import finding
from scoring.guards.finding import Finding, Guard, Inquiry, Severity
from scoring.guards.words import first_named
from scoring.outcome import Row
from scoring.parameters import Parameters

COMPANY_RATING = "criteria.company_rating"
UNKNOWN_ORIGIN = "practice.unknown_origin"
SELF_ASSESSMENT = "practice.self_assessment"


def company_rating_criterion(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """A criterion's or an indicator's title names a rating of the company; an indicator's title is its id."""
    phrases = parameters.parameter("criteria.company_rating_names", on=inquiry.day).names
    policy = inquiry.case.policy
    criteria = {c.id: first_named(c.title or c.id, phrases) for c in inquiry.case.criteria}
    indicators = {i.id: first_named(i.id, phrases) for i in policy.indicators} if policy else {}
    named = [name for name in (*criteria.values(), *indicators.values()) if name]
    if named:
        yield finding(
            COMPANY.code,
            "warn",
            [parameters.parameter(COMPANY_RATING, on=inquiry.day)],
            criteria=[key for key, name in criteria.items() if name],
            indicators=[key for key, name in indicators.items() if name],
            names=list(dict.fromkeys(named)),
        )


def unknown_origin(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """The winner's or the runner-up's rank depends on an origin nobody has given.

    An origin measure decides, which makes it a warning, when the winner owes its place to the policy or when one
    of the readings gives the first place to another bid.
    """
    if_european, if_not = inquiry.explanation.rank_if_european, inquiry.explanation.rank_if_not
    uncertain = [row for row in _first_two(inquiry) if if_european.get(row.bid.id) != if_not.get(row.bid.id)]
    if not uncertain:
        return
    readings = [(row.rank, if_european[row.bid.id], if_not[row.bid.id]) for row in uncertain]
    decides = inquiry.explanation.winner_without_policy != inquiry.outcome.winner or any(
        (1 in ranks) and set(ranks) != {1} for ranks in readings
    )
    severity: Severity = "warn" if decides else "info"
    yield finding(
        UNKNOWN.code,
        severity,
        [parameters.parameter(UNKNOWN_ORIGIN, on=inquiry.day)],
        bids=[row.bid.id for row in uncertain],
        rank_if_european=[_rank(if_european[row.bid.id]) for row in uncertain],
        rank_if_not=[_rank(if_not[row.bid.id]) for row in uncertain],
    )


def self_assessment(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """A mark was given by the bidder itself, be its bid ranked or eliminated by that very mark."""
    marked = {bid.id for bid in inquiry.case.bids if bid.marks and bid.status == "admissible"}
    if not marked:
        return
    bids = marked.intersection(inquiry.fact("self_assessed_marks"))
    if bids:
        rule = parameters.parameter(SELF_ASSESSMENT, on=inquiry.day)
        yield finding(SELF.code, "warn", [rule], bids=sorted(bids))


def _first_two(inquiry: Inquiry) -> list[Row]:
    """The bids of the first two ranks given, several where they are tied."""
    ranks = sorted({row.rank for row in inquiry.outcome.rows})[:2]
    return [row for row in inquiry.outcome.rows if row.rank in ranks]


def _rank(rank: int | None) -> int | str:
    return "excluded" if rank is None else rank


COMPANY = Guard("company-rating-criterion", COMPANY_RATING, company_rating_criterion)
UNKNOWN = Guard("unknown-origin", UNKNOWN_ORIGIN, unknown_origin)
SELF = Guard("self-assessment", SELF_ASSESSMENT, self_assessment)
