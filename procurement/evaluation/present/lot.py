"""The lot page, top to bottom, in a fixed number of queries whatever the number of bids."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from procurement.evaluation import case
from procurement.evaluation.models import AbnormallyLowExplanation, Decision, LiftedBlock, Mark, ScoreSheet
from procurement.evaluation.panels import judging
from procurement.evaluation.present import blocked
from procurement.evaluation.present.bars import Bars, bars
from procurement.evaluation.present.chart import Chart, chart
from procurement.evaluation.present.examination import requests_of
from procurement.evaluation.present.findings import Shown, shown
from procurement.evaluation.present.other_rules import other_rules
from procurement.evaluation.present.pair import Pair, pair
from procurement.evaluation.present.ranking import ExcludedBid, RankedBid, excluded, grounds_of, ranked
from procurement.evaluation.present.reading import Reading
from procurement.evaluation.present.unchecked import unchecked
from procurement.evaluation.present.winner import sentence, what_would_change_it
from procurement.people.permissions import Permission, may
from procurement.tenders.models import Lot, Stage
from procurement.tenders.partners import remarks_on


@dataclass(frozen=True, slots=True)
class Alert:
    """A bid whose price looks abnormally low."""

    bid: str
    supplier: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A stored sheet as the page shows it."""

    stored: ScoreSheet
    reading: Reading
    winner: str
    changes: list[str]
    findings: list[Shown]
    unchecked: list[dict[str, Any]]
    ranked: list[RankedBid]
    excluded: list[ExcludedBid]
    bars: Bars
    chart: Chart | None
    pair: Pair | None
    alerts: list[Alert]

    @property
    def blocked(self) -> bool:
        """Whether a finding stands in the way of an award."""
        return any(finding.severity == "block" and not finding.lifted for finding in self.findings)


def lot_page(lot: Lot, user: Any, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The context of the lot page. ``parameters``: `sheet` a sheet's number, `a` and `b` the pair to compare."""
    sheets = list(lot.sheets.defer("case", "sheet").select_related("policy_version__policy", "scored_by"))
    decision = Decision.objects.filter(lot=lot).select_related("bid__supplier").first()
    chosen = _chosen(sheets, decision, parameters.get("sheet"))
    lifted = list(lot.lifted_blocks.select_related("lifted_by"))
    explanations = AbnormallyLowExplanation.objects.filter(bid__lot=lot)
    scored = _scored(chosen, lot, lifted, parameters) if chosen else None
    marks = list(Mark.objects.filter(bid__lot=lot).select_related("bid__supplier", "criterion", "given_by"))
    return {
        "lot": lot,
        "tender": lot.tender,
        "decision": decision,
        "scored": scored,
        "sheets": sheets,
        "strip": strip(lot, chosen),
        "strip_text": _strip_text(lot, chosen),
        "stale": lot.stage == Stage.EVALUATED and not _current(lot, sheets),
        "marks": marks,
        "unmarked": not marks and _asks_for_marks(lot),
        "explanations": list(explanations.select_related("bid__supplier", "recorded_by")),
        "bids": [] if scored else list(lot.bids.select_related("supplier").prefetch_related("members__supplier")),
        "other": other_rules(lot, scored.reading) if scored else None,
        "judging": judging(lot),
        "requests": requests_of(lot),
        "partners": remarks_on(lot),
        "may_lift": blocked.may_lift(lot, chosen, user),
        "another_awards": blocked.another_awards(lot, chosen, lifted, user),
        "may": {permission.value: may(user, permission) for permission in Permission},
    }


def _asks_for_marks(lot: Lot) -> bool:
    """Whether the published rules give points for marks, which somebody has to give before the lot can be scored."""
    return any("scale" in criterion for criterion in (lot.rules or {}).get("criteria", []))


def _chosen(sheets: list[ScoreSheet], decision: Decision | None, number: str | None) -> ScoreSheet | None:
    """The sheet asked for, else that of the decision, else the latest under the published rules."""
    by_number = {str(sheet.number): sheet for sheet in sheets}
    if number in by_number:
        return by_number[number]
    if decision and decision.sheet_id:
        return next(sheet for sheet in sheets if sheet.pk == decision.sheet_id)
    published = [sheet for sheet in sheets if sheet.purpose == ScoreSheet.Purpose.PUBLISHED_RULES]
    return published[-1] if published else None


def _current(lot: Lot, sheets: list[ScoreSheet]) -> bool:
    """Whether the latest sheet under the published rules is still that of the bids, marks and facts as they are."""
    published = [sheet for sheet in sheets if sheet.purpose == ScoreSheet.Purpose.PUBLISHED_RULES]
    return bool(published) and case.unchanged(lot, published[-1])


def _scored(chosen: ScoreSheet, lot: Lot, lifted: list[LiftedBlock], parameters: Mapping[str, str]) -> Scored:
    chosen.refresh_from_db(fields=["case", "sheet"])
    reading = Reading.of(chosen, lot)
    return Scored(
        stored=chosen,
        reading=reading,
        winner=sentence(reading),
        changes=what_would_change_it(reading),
        findings=shown(reading.sheet["findings"], reading, lifted),
        unchecked=unchecked(reading.case),
        ranked=ranked(reading),
        excluded=excluded(reading, grounds_of(lot)),
        bars=bars(reading),
        chart=chart(reading),
        pair=pair(reading, parameters.get("a"), parameters.get("b")),
        alerts=[Alert(alert["bid"], reading.supplier(alert["bid"])) for alert in reading.sheet["alerts"]],
    )


def strip(lot: Lot, chosen: ScoreSheet | None) -> str:
    """The kind of the status strip, which every head of an export says too."""
    if lot.tender.training:
        return "training"
    return "proposal" if chosen and chosen.purpose == ScoreSheet.Purpose.SIMULATION else "in_force"


def _strip_text(lot: Lot, chosen: ScoreSheet | None) -> str:
    """One sentence instead of the usual one; empty = the usual one."""
    if chosen is None:
        return ""
    if lot.tender.training:
        tried = chosen.purpose == ScoreSheet.Purpose.SIMULATION
        return _("A simulation under other rules than those published with the copy.") if tried else ""
    if chosen.purpose == ScoreSheet.Purpose.SIMULATION:
        return _("A simulation after the decision: it changes nothing that was decided.")
    if lot.decided:
        return _("Scored under the published rules; what other rules give, further down, is a simulation.")
    return ""
