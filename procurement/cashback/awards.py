"""What an estimate reads: the awarded lots of a hospital's year, and their hash.

An award counts in the calendar year of its decision; a training copy and a lot without need of the hospital never
count, a lot that is not decided cannot: only what was decided is read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from procurement.evaluation.models import Decision
from procurement.fields import plain
from procurement.tenders.models import Need
from scoring.canonical import sha256

Year = tuple[int, int]  # hospital id, calendar year


@dataclass(frozen=True, slots=True)
class Award:
    """An awarded lot. `needs`: quantity by item key and hospital id; `bid`: the key of the awarded bid."""

    decision: int
    lot: int
    reference: str
    title: str
    awarded_on: date
    bid: str
    sheet: int
    case_sha256: str
    needs: dict[str, dict[int, Decimal]]

    @property
    def hospitals(self) -> frozenset[int]:
        """The beneficiaries, by id."""
        return frozenset(hospital for by_hospital in self.needs.values() for hospital in by_hospital)

    def content(self) -> dict[str, Any]:
        """What of the award the estimate depends on, as it is hashed."""
        return {
            "decision": self.decision,
            "awarded_on": self.awarded_on.isoformat(),
            "bid": self.bid,
            "case_sha256": self.case_sha256,
            "needs": {
                item: {str(hospital): plain(quantity) for hospital, quantity in by_hospital.items()}
                for item, by_hospital in self.needs.items()
            },
        }


def awards_of(years: Collection[Year]) -> dict[Year, list[Award]]:
    """The awards of each hospital's year, by day of award then lot; two queries, however many years are asked."""
    awards = _awards(years)
    return {
        (hospital, year): [a for a in awards if a.awarded_on.year == year and hospital in a.hospitals]
        for hospital, year in years
    }


def digest(awards: Iterable[Award]) -> str:
    """The hash an estimate is bound to; another one later means that the data changed."""
    return sha256([award.content() for award in awards])


def _awards(years: Collection[Year]) -> list[Award]:
    decisions = (
        Decision.objects.filter(
            outcome=Decision.Outcome.AWARDED,
            decided_at__year__in={year for _, year in years},
            lot__tender__training=False,
            lot__items__needs__hospital__in={hospital for hospital, _ in years},
        )
        .select_related("lot__tender", "bid", "sheet")
        .defer("lot__rules", "sheet__case", "sheet__sheet")
        .distinct()
    )
    found = list(decisions)
    needs = _needs(decision.lot_id for decision in found)
    return sorted((_award(decision, needs[decision.lot_id]) for decision in found), key=lambda a: (a.awarded_on, a.lot))


def _award(decision: Decision, needs: dict[str, dict[int, Decimal]]) -> Award:
    assert decision.bid is not None
    assert decision.sheet is not None
    return Award(
        decision=decision.pk,
        lot=decision.lot_id,
        reference=f"{decision.lot.tender.reference}/{decision.lot.number}",
        title=decision.lot.title,
        awarded_on=timezone.localdate(decision.decided_at),
        bid=decision.bid.key,
        sheet=decision.sheet.pk,
        case_sha256=decision.sheet.case_sha256,
        needs=needs,
    )


def _needs(lots: Iterable[int]) -> dict[int, dict[str, dict[int, Decimal]]]:
    found: dict[int, dict[str, dict[int, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    rows = Need.objects.filter(item__lot__in=list(lots)).order_by("item__key", "hospital")
    for lot, item, hospital, quantity in rows.values_list("item__lot", "item__key", "hospital", "quantity"):
        found[lot][item][hospital] = quantity
    return found
