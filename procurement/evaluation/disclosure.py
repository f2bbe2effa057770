"""What of a stored sheet may be read, and when.

While a procedure is open only its published rules are shown for it: computing another rule on real bids leaves the
trace of an unpublished criterion. The sheet holds two such results, which pages, API and exports take from here.
"""

from typing import Any

from procurement.evaluation.models import ScoreSheet
from procurement.tenders.models import Lot

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
