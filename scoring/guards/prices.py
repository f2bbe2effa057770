"""Prices: the abnormally low alert, and a bid that was compared with no other."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.guards.answers import finding
from scoring.guards.finding import Finding, Guard, Inquiry
from scoring.numbers import exact
from scoring.parameters import Parameters

EXPLANATIONS_FIRST = "abnormally_low.explanations_first"
SINGLE_BID = "practice.single_bid"


def abnormally_low(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """The double-mean alert: a warning, and for an award a block until the explanations are recorded."""
    alerts = inquiry.outcome.alerts
    if not alerts:
        return
    rests_on = [
        parameters.parameter(f"abnormally_low.{name}", on=inquiry.day)
        for name in ("explanations_first", "dropped_above", "alert_below")
    ]
    bids = [alert.bid.id for alert in alerts]
    yield finding(LOW.code, "warn", rests_on, bids=bids, exact_threshold=exact(alerts[0].threshold))
    if inquiry.case.facts.get("purpose") == "simulation":
        return
    explained = inquiry.fact("abnormally_low_explanations")
    unexplained = [bid for bid in bids if bid not in explained]
    if unexplained and inquiry.fact("purpose") == "award":
        yield finding(LOW.code, "block", rests_on[:1], bids=unexplained, missing_explanations=unexplained)


def single_bid(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """One bid is left."""
    rows = inquiry.outcome.rows
    if len(rows) == 1:
        rule = parameters.parameter(SINGLE_BID, on=inquiry.day)
        yield finding(SINGLE.code, "info", [rule], bid=rows[0].bid.id)


LOW = Guard("abnormally-low", EXPLANATIONS_FIRST, abnormally_low)
SINGLE = Guard("single-bid", SINGLE_BID, single_bid)
