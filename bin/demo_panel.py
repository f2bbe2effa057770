"""A panel of the demonstration judges to the end: a member gives the marks that miss, the buyer agrees and locks.

The lot has two envelopes: its member is told no price before the lock, and every price after it.
"""

from typing import Any

from bin.demo_portal import Portal, Unexpected

MEMBER, BUYER = "evaluator2", "buyer"


def judge(portal: Portal) -> None:
    """Carry the panel of two envelopes from where it stands to the lock; Unexpected where a secret is told."""
    portal.log_in(MEMBER)
    panel = _panel(portal)
    _require_prices(portal, panel, told=False)
    given = _mark_the_rest(portal, panel)
    portal.log_in(BUYER)
    lot = _lot(portal, panel)
    agreed = _agree_and_lock(portal, lot)
    portal.log_in(MEMBER)
    _require_prices(portal, panel, told=True)
    print(f"Panel of lot {panel['number']} of {panel['reference']}: {given} marks given, {agreed} agreed and locked;")
    print("  its member was told no price before the lock, and every price after it.")


def _panel(portal: Portal) -> Any:
    panels = portal.ask("GET", "panels/")["results"]
    found = next((panel for panel in panels if panel["stage"] == "opened" and panel["two_envelopes"]), None)
    if found is None:
        raise Unexpected(f"No panel of {MEMBER} judges an opened lot of two envelopes.")
    return portal.ask("GET", f"panels/{found['id']}/")


def _mark_the_rest(portal: Portal, panel: Any) -> int:
    """Give each bid the marks it has not got from this member, half of the highest; how many."""
    marks = [
        {
            "bid": bid["bid"],
            "criterion": criterion["key"],
            "value": "2",
            "reason": "Answers most of what was asked for. (Simulated mark.)",
        }
        for bid in portal.ask("GET", f"panels/{panel['id']}/bids/")
        for criterion in panel["criteria"]
        if criterion["key"] not in {mark["criterion"] for mark in bid["marks"]}
    ]
    kept: int = portal.ask("POST", f"panels/{panel['id']}/marks/", marks)["kept"]
    return kept


def _lot(portal: Portal, panel: Any) -> Any:
    lots = portal.ask("GET", "lots/?stage=opened&training=false&page_size=100")["results"]
    place = (panel["reference"], panel["number"])
    return next(lot for lot in lots if (lot["reference"], lot["number"]) == place)


def _agree_and_lock(portal: Portal, lot: Any) -> int:
    """Agree on the lowest of the individual marks everywhere, which lies among them, and lock; how many."""
    marks = [
        {
            "bid": place["bid"],
            "criterion": place["criterion"],
            "value": place["individual"][0]["value"],
            "reason": "The more cautious of the marks, after discussion. (Simulated mark.)",
        }
        for place in portal.ask("GET", f"lots/{lot['id']}/agreed-marks/")
    ]
    kept: int = portal.ask("POST", f"lots/{lot['id']}/agreed-marks/", marks)["kept"]
    portal.ask("POST", f"lots/{lot['id']}/lock-marks/")
    return kept


def _require_prices(portal: Portal, panel: Any, *, told: bool) -> None:
    bids = portal.ask("GET", f"panels/{panel['id']}/bids/")
    if any((bid["price"] is not None) != told for bid in bids):
        raise Unexpected(f"A price is {'withheld after' if told else 'told before'} the lock: {bids}")
