"""What of a stored sheet, and of the bids a panel judges, may be read, and when.

While a procedure is open only its published rules are shown for it: computing another rule on real bids leaves the
trace of an unpublished criterion. The sheet holds two such results, which pages, API and exports take from here.

Members of a panel open no page of a lot or a bid. What theirs show of bids is taken from here too: in two envelopes
no price, and on an anonymous lot no name, before the marks are locked.
"""

import hmac
from collections.abc import Iterable, Sequence
from typing import Any

from procurement.evaluation.models import Panel, ScoreSheet
from procurement.evaluation.panels import locked
from procurement.people.roles import Role
from procurement.tenders.models import Bid, Lot

WITHHELD = ("without_policy", "cashback")  # of the sheet, and of each row of its ranking


def other_rules_may_be_shown(lot: Lot) -> bool:
    """Whether results of other rules than the published ones may be seen: decided, or a training copy."""
    return lot.decided or lot.tender.training


def for_reader(stored: ScoreSheet, lot: Lot) -> dict[str, Any]:
    """The sheet's document as it may be shown now: before the decision, without what `WITHHELD` names."""
    document: dict[str, Any] = stored.sheet
    if other_rules_may_be_shown(lot):
        return document
    return {
        **{key: value for key, value in document.items() if key not in WITHHELD},
        "ranking": [{key: value for key, value in row.items() if key not in WITHHELD} for row in document["ranking"]],
    }


def prices_may_be_shown(lot: Lot, reader: Any) -> bool:
    """Whether a reader may know what the bids cost: in two envelopes no evaluator does before the lock."""
    return reader.role != Role.EVALUATOR or not lot.two_envelopes or locked(lot)


def bidders(panel: Panel, bids: Sequence[Bid], reader: Any) -> dict[int, str]:
    """By id of the bid, the tenderer as a reader may know him: by name, or by his letter before the lock."""
    lot = panel.lot
    if reader.role != Role.EVALUATOR or not lot.anonymous or locked(lot):
        return {bid.pk: bid.supplier.name for bid in bids}
    return {bid: letter(place) for place, bid in enumerate(lettered(panel, [bid.pk for bid in bids]))}


def lettered(panel: Panel, bids: Iterable[int]) -> list[int]:
    """The ids of ``bids`` in the order of their letters: first those that have one, then as the secret draws."""
    given: list[int] = panel.lettered
    drawn = sorted(set(bids) - set(given), key=lambda bid: hmac.digest(panel.seed.encode(), b"%d" % bid, "sha256"))
    return given + drawn


def field_name(panel: Panel, bid: int) -> str:
    """What the fields of a bid are called in forms: its key would name the tenderer, its number the order of entry."""
    return hmac.digest(panel.seed.encode(), b"field %d" % bid, "sha256").hex()[:12]


def letter(place: int) -> str:
    """A to Z, then AA, AB…, as the columns of a spreadsheet."""
    before, last = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + last)
