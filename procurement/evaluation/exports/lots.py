"""A lot's ranking and its decision as tables, headed by their status, their date and the hashes they rest on."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from procurement.evaluation.exports.csv_tables import Cell
from procurement.evaluation.models import Decision, ScoreSheet
from procurement.evaluation.present.findings import Shown, shown
from procurement.evaluation.present.lot import strip
from procurement.evaluation.present.other_rules import risks
from procurement.evaluation.present.ranking import RankedBid, excluded, grounds_of, ranked
from procurement.evaluation.present.reading import Reading
from procurement.tenders.models import Lot

Line = list[Cell]
STATUSES = {
    "training": gettext_lazy("Training copy"),
    "proposal": gettext_lazy("Proposal: simulation only"),
    "in_force": gettext_lazy("In force"),
}

MARKS = {  # as components/mark.html says them
    "P": gettext_lazy("Primary source"),
    "S": gettext_lazy("Secondary source"),
    "R": gettext_lazy("Recalled, to be checked"),
}


def ranking_table(stored: ScoreSheet, lot: Lot) -> Iterator[Line]:
    """One sheet of a lot: head, empty line, one line per bid."""
    yield from _head(lot, stored)
    yield []
    yield from _bids(Reading.of(stored, lot), lot)


def decision_table(decision: Decision, lot: Lot) -> Iterator[Line]:
    """A decision: head, what was decided, the ranking it rests on, its findings and the blocks that were lifted."""
    stored = decision.sheet
    yield from _head(lot, stored)
    yield [_("Outcome"), decision.get_outcome_display()]
    yield [_("Awarded to"), str(decision.bid.supplier) if decision.bid else ""]
    yield [_("Decided by"), str(decision.decided_by)]
    yield [_("Decided"), decision.decided_at]
    yield [_("Reason"), decision.reason]
    yield [_("Draw"), decision.draw]
    if stored is None:
        return
    reading = Reading.of(stored, lot)
    yield []
    yield from _bids(reading, lot)
    yield []
    lifted = lot.lifted_blocks.select_related("lifted_by")
    yield from _findings(shown(reading.sheet["findings"], reading, lifted))


def _head(lot: Lot, stored: ScoreSheet | None) -> Iterator[Line]:
    yield [_("Status"), str(STATUSES[strip(lot, stored)])]
    yield [_("Contracting body"), str(lot.tender.contracting_body)]
    yield [_("Lot"), str(lot)]
    yield [_("SHA-256 of the published rules"), lot.rules_sha256]
    if stored is None:
        return
    yield [_("Policy"), str(stored.policy_version or "")]
    yield [_("Scored"), stored.scored_at]
    yield [_("SHA-256 of the case"), stored.case_sha256]
    yield [_("SHA-256 of the score sheet"), stored.sheet_sha256]
    yield [_("Software version"), stored.software]
    yield [_("Currency"), stored.case["tender"]["currency"]]


def _bids(reading: Reading, lot: Lot) -> Iterator[Line]:
    with_cashback = any(row.get("cashback") is not None for row in reading.ranking)
    if with_cashback:
        yield [_("Cash-back: a simulation, nothing in force pays it."), risks()]
    yield [
        _("Rank"),
        _("Bid"),
        _("Tenderer"),
        _("Country"),
        _("Price"),
        _("Evaluated price"),
        *[component.heading for component in reading.components],
        _("Total"),
        _("European share"),
        _("Share of unknown origin"),
        _("Ranks by unknown origin"),
        _("Reason for the exclusion"),
        *([_("Cash-back (simulation)")] if with_cashback else []),
    ]
    for bid in ranked(reading):
        yield [*_ranked(bid), None, *([_number(bid.row["cashback"])] if with_cashback else [])]
    for out in excluded(reading, grounds_of(lot)):
        empty: Line = [None] * (len(reading.components) + 7)
        yield [None, out.bid, out.supplier, *empty, out.reason, *([None] if with_cashback else [])]


def _ranked(bid: RankedBid) -> Line:
    return [
        bid.row["rank"],
        bid.row["bid"],
        bid.supplier,
        bid.country,
        _number(bid.row["price"]),
        _number(bid.row["evaluated_price"]),
        *bid.points,
        _number(bid.row["total"]),
        _number(bid.share.european) if bid.share else None,
        _number(bid.share.unknown) if bid.share else None,
        bid.ranks,
    ]


def _findings(findings: list[Shown]) -> Iterator[Line]:
    head = [_("Finding"), _("Severity"), _("Sentence"), _("Article"), pgettext("source", "Mark")]
    yield [*head, _("Lifted by"), _("Reason for the lift")]
    for finding in findings:
        lift = finding.lifted
        lifted: Line = [str(lift.lifted_by), lift.reason] if lift else [None, None]
        known = str(MARKS[finding.mark])
        yield [finding.code, finding.severity_label, finding.sentence, finding.article, known, *lifted]


def _number(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)
