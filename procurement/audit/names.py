"""Names that a communicable bundle hides in the case and spells all the same: in the key of a bid, in a written reason.

Keys and reasons are in what the record vouches for and cannot be hidden behind a hash, so whoever exports is told.
"""

import re
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext as _

from procurement.audit.dossier import Dossier
from procurement.evaluation.models import Decision, ScoreSheet

SHORTEST = 4  # letters of a word that may give a name away


def told(dossier: Dossier) -> list[str]:
    """One sentence for each secret name that the keys and the reasons of the decisions spell."""
    sentences: dict[str, None] = {}
    for decision in dossier.decisions:
        for sheet in dossier.sheets.get(decision.lot_id, []):
            sentences |= dict.fromkeys(_of_sheet(decision, sheet, dossier))
    return list(sentences)


def _of_sheet(decision: Decision, sheet: ScoreSheet, dossier: Dossier) -> Iterator[str]:
    lifts = [lift.reason for lift in dossier.lifted.get(decision.lot_id, [])]
    reasons = [bid.get("exclusion_reason", "") for bid in sheet.case["bids"]]
    written = _plain(" ".join([decision.reason, decision.draw, *lifts, *reasons]))
    for bid in sheet.case["bids"]:
        if decision.bid and bid["id"] == decision.bid.key:
            continue
        partners = dossier.partners.get(decision.lot_id, {}).get(bid["id"], [])
        for name in dict.fromkeys([bid["supplier"]["name"], *partners]):
            yield from _of_name(decision, bid["id"], name, written)


def _of_name(decision: Decision, key: str, name: str, written: str) -> Iterator[str]:
    words = _plain(name)
    if any(word in _plain(key) for word in words.split() if len(word) >= SHORTEST):
        yield _("%(lot)s: the key “%(key)s” of a bid that did not win spells the name of its tenderer.") % {
            "lot": decision.lot,
            "key": key,
        }
    if words and f" {words} " in f" {written} ":
        yield _("%(lot)s: a written reason names %(name)s, which did not win.") % {"lot": decision.lot, "name": name}


def _plain(text: str) -> str:
    """Small letters and digits without accents, words apart by one space."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", bare.replace("_", " ")))
