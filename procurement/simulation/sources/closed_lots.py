"""Snapshots of this portal: lots whose award can no longer change (docs/decisions/0130).

Never an open procedure, never a training copy: the query says so, in one place.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from procurement.evaluation.models import Decision, Mark, SentLetters
from procurement.simulation.sources.content import Content, Provenance, Row, in_order, row_of
from procurement.simulation.sources.pseudonyms import of_confidential_name
from procurement.tenders.models.stage import DECIDED
from scoring.parameters import parameter

COUNTRY = "FR"  # of every hospital of the portal


class ClosedLots:
    """The awarded lots of this portal, once every lot of their procedure is decided and the standstill is over."""

    source = "portal"

    def any(self) -> bool:
        """Whether a lot is closed today."""
        return closed(timezone.localdate()).exists()

    def content(self) -> Content:
        """The lots that are closed today, by hospital, reference and number."""
        decisions = closed(timezone.localdate())
        names = ("lot__tender__contracting_body__finess", "lot__tender__reference", "lot__number", "pk")
        keys = [row[-1] for row in sorted(decisions.values_list(*names))]
        return Content(_rows(in_order(decisions, keys)), len(keys), _provenance(decisions))


def closed(today: date) -> QuerySet[Decision]:
    """The awards that nothing can change any more on a day.

    The longer standstill is counted from the decision, whatever the procedure: not every buyer records when the letters
    left. Where one did, and later, that standstill is waited for as well.
    """
    standstill = timedelta(days=int(parameter("decision.standstill_otherwise", on=today).number))
    waiting = SentLetters.objects.filter(signable_on__gt=today)
    found = Decision.objects.filter(
        outcome=Decision.Outcome.AWARDED,
        lot__stage__in=DECIDED,
        lot__tender__stage__in=DECIDED,
        lot__tender__training=False,
        decided_at__date__lt=today - standstill,
    ).exclude(pk__in=waiting.values("decision"))
    return found.select_related("lot__tender__contracting_body", "sheet")


def _provenance(decisions: QuerySet[Decision]) -> Provenance:
    """One simulated mark makes the archive simulated: only invented procedures have any, and their weights are too."""
    marks = Mark.objects.filter(bid__lot__in=decisions.values("lot"))
    simulated = marks.filter(simulated=True).exists()
    return {
        "title": gettext_noop("Closed lots of this portal"),
        "source": gettext_noop("Awarded lots of the hospitals of this portal"),
        "licence": gettext_noop("Confidential: for the policy officers of this portal, not for publication"),
        "origin_of": "goods",
        "marks": "simulated" if simulated else "real" if marks.exists() else "none",
        "weights": "simulated" if simulated else "real",
    }


def _rows(decisions: Iterator[Decision]) -> Iterator[Row]:
    for decision in decisions:
        assert decision.sheet is not None
        tender = decision.lot.tender
        row = row_of(
            decision.sheet.case,
            id=f"{tender.contracting_body.finess}:{tender.reference}/{decision.lot.number}",
            buyer=tender.contracting_body.name,
            country=COUNTRY,
            awarded_on=timezone.localdate(decision.decided_at),
            pseudonym=of_confidential_name,
        )
        recorded = {ranked["bid"]: ranked["rank"] for ranked in decision.sheet.sheet["ranking"]}
        for number, bid in enumerate(row["bids"], start=1):
            bid["rank"] = recorded.get(bid["id"])  # as the sheet has it, so that the replay is a check
            bid["id"] = str(number)  # a buyer may have named his bids after the tenderers
        yield row
