"""The report of a decided lot, in French: what the portal knows, and what it does not, which is never invented."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import override

from procurement.citations import cited
from procurement.evaluation.french import LANGUAGE
from procurement.evaluation.models import Decision
from procurement.evaluation.present.findings import Shown, shown
from procurement.evaluation.present.ranking import excluded, grounds_of, ranked
from procurement.evaluation.present.reading import Component, Reading
from procurement.evaluation.report.conduct import acts, explanations, hashes, interests, regularisations
from procurement.evaluation.report.texts import say
from procurement.evaluation.report.threshold import reached, threshold_of
from procurement.people.templatetags.reading import day, moment, money, points, share
from procurement.tenders.models import Bid, ConsortiumMember, Tender
from procurement.tenders.regulation.blocks import Block, paragraph, section, table
from scoring.parameters import parameter

Report = dict[str, Any]  # {"title", "subtitle", "sections"}


def compose(decision: Decision) -> Report:
    """The report of a decided lot; a constant number of queries.

    ``decision`` comes with its lot, tender, contracting body, policy, bid, sheet and who decided.
    """
    lot = decision.lot
    reading = Reading.of(decision.sheet, lot) if decision.sheet else None
    bids = list(lot.bids.select_related("supplier").prefetch_related("members__supplier").order_by("key"))
    findings = _findings_of(decision, reading)
    with override(LANGUAGE):
        parts = [
            (say("procedure"), _procedure(lot.tender)),
            (say("tenderers"), _tenderers(decision, reading, bids)),
            (say("exclusions"), _exclusions(decision, reading, bids)),
            (say("award"), _award(decision, reading, bids)),
            (say("lifted"), _lifts(findings)),
            (say("low"), explanations(lot)),
            (say("regularisations"), regularisations(lot)),
            (say("findings"), _findings(findings)),
            (say("interests"), interests(lot)),
            (say("decided"), acts(decision)),
            (say("hashes"), hashes(decision)),
            (say("missing"), _missing(decision, bids)),
        ]
        return {**_heading(decision), "sections": [section(title, blocks) for title, blocks in parts if blocks]}


def _heading(decision: Decision) -> dict[str, str]:
    lot, tender = decision.lot, decision.lot.tender
    title = "title_summary" if reached(tender) is False else "title"
    told = {"body": tender.contracting_body.name, "reference": tender.reference, "tender": tender.title}
    return {
        "title": say(title, number=lot.number),
        "subtitle": say("subtitle", number=lot.number, lot=lot.title, **told),
    }


def _procedure(tender: Tender) -> list[Block]:
    estimated = tender.estimated_value_cents
    value = "" if estimated is None else money(Decimal(estimated).scaleb(-2), tender.currency)
    facts = [
        ("body", tender.contracting_body.name),
        ("kind", str(tender.get_procedure_display())),
        ("technique", str(tender.get_technique_display())),
        ("cpv", tender.cpv),
        ("launched", day(tender.launched_on)),
        ("due", moment(tender.bids_due_at)),
        ("opened", moment(tender.opened_at)),
        ("estimated", value),
    ]
    lots = [[str(lot.number), lot.title, str(lot.get_stage_display())] for lot in tender.lots.all()]
    return [
        paragraph(_required(tender)),
        table(say("facts"), [say("fact"), say("value")], [[say(key), told] for key, told in facts if told]),
        table(say("lots"), [say("lot"), say("lot_title"), say("stage")], lots),
    ]


def _required(tender: Tender) -> str:
    """Whether the law asks for the report of this procedure."""
    article = cited(parameter("decision.presentation_report", on=tender.launched_on).reference.article)
    asked = reached(tender)
    if asked is None:
        return say("unknown", article=article)
    threshold = money(str(int(threshold_of(tender).number)))
    return say("required" if asked else "summary", threshold=threshold, article=article)


def _tenderers(decision: Decision, reading: Reading | None, bids: list[Bid]) -> list[Block]:
    if not bids:
        return [paragraph(say("no_tenderers"))]
    rows = {row["bid"]: row for row in reading.ranking} if reading else {}
    cells = []
    for bid in bids:
        row = rows.get(bid.key)
        rank, total = (str(row["rank"]), points(row["total"])) if row else ("", "")
        cells.append([bid.supplier.name, moment(bid.submitted_at), rank, total, _fate(decision, bid, reading)])
    head = [say("tenderer"), say("received"), say("rank"), say("total"), say("fate")]
    return [table(say("tenderers_table"), head, cells)]


def _fate(decision: Decision, bid: Bid, reading: Reading | None) -> str:
    if bid.pk == decision.bid_id:
        return say("fate_awarded")
    if reading and reading.row(bid.key):
        return say("fate_ranked")
    out = {entry["bid"] for entry in reading.sheet["excluded"]} if reading else set()
    return say("fate_excluded" if bid.exclusion or bid.key in out else "fate_entered")


def _exclusions(decision: Decision, reading: Reading | None, bids: list[Bid]) -> list[Block]:
    """Each excluded bid with its ground and reason: those of the sheet, or of the rows where nothing was scored."""
    if reading:
        out = excluded(reading, grounds_of(decision.lot))
        return [paragraph(say("exclusion", supplier=each.supplier, reason=each.reason)) for each in out]
    return [
        paragraph(
            say(
                "exclusion_ground",
                supplier=bid.supplier.name,
                ground=bid.get_exclusion_display(),
                reason=bid.exclusion_reason,
            )
        )
        for bid in bids
        if bid.exclusion
    ]


def _award(decision: Decision, reading: Reading | None, bids: list[Bid]) -> list[Block]:
    told = [say(decision.outcome)] if decision.bid is None else []
    winner = reading.row(decision.bid.key) if reading and decision.bid else None
    if reading and winner:
        named = {"supplier": reading.supplier(winner["bid"]), "total": points(winner["total"])}
        told.append(say("awarded", ranked=len(reading.ranking), **named))
        if winner["price"] is not None:
            vat = say("gross" if decision.lot.tender.prices_include_vat else "net")
            amount = money(winner["price"], reading.case["tender"]["currency"])
            told.append(say("price", price=f"{amount} {vat}"))
    told.append(say("reason", reason=decision.reason))
    told += [say("draw", draw=decision.draw)] if decision.draw else []
    told += _subcontractors(next((bid for bid in bids if bid.pk == decision.bid_id), None))
    return [*(paragraph(text) for text in told), *_points(reading)]


def _subcontractors(bid: Bid | None) -> list[str]:
    """Those the winning bid names, with the part of the value they take."""
    known = [m for m in bid.members.all() if m.role == ConsortiumMember.Role.SUBCONTRACTOR] if bid else []
    parts = [(m.supplier.name, say("share_unknown") if m.share is None else share(m.share)) for m in known]
    return [say("subcontractor", supplier=name, share=part) for name, part in parts]


def _points(reading: Reading | None) -> list[Block]:
    """The points of every ranked bid; each line adds up to its total."""
    if reading is None or not reading.ranking:
        return []
    heads = [_head(part) for part in reading.components]
    rows = [
        [bid.supplier, *(points(value) for value in bid.points), points(bid.row["total"]), str(bid.row["rank"])]
        for bid in ranked(reading)
    ]
    return [table(say("points"), [say("tenderer"), *heads, say("total"), say("rank")], rows)]


def _head(part: Component) -> str:
    return say("criterion", title=part.title, weight=points(part.weight)) if part.weight else part.title


def _findings_of(decision: Decision, reading: Reading | None) -> list[Shown]:
    if reading is None:
        return []
    with override(LANGUAGE):
        return shown(reading.sheet["findings"], reading, decision.lot.lifted_blocks.select_related("lifted_by"))


def _lifts(findings: Iterable[Shown]) -> list[Block]:
    return [
        paragraph(
            say(
                "lift",
                finding=finding.sentence,
                person=finding.lifted.lifted_by,
                day=moment(finding.lifted.lifted_at),
                reason=finding.lifted.reason,
            )
        )
        for finding in findings
        if finding.lifted
    ]


def _findings(findings: list[Shown]) -> list[Block]:
    if not findings:
        return [paragraph(say("no_findings"))]
    rows = [[finding.sentence, finding.severity_label, finding.article] for finding in findings]
    return [table(say("findings"), [say("finding"), say("severity"), say("article")], rows)]


def _missing(decision: Decision, bids: list[Bid]) -> list[Block]:
    """What CCP R2184-1 asks for and no row of the portal says."""
    tender = decision.lot.tender
    gaps = {
        "missing_estimated": tender.estimated_value_cents is None,
        "missing_amount": decision.bid is not None,
        "missing_parts": decision.bid is not None
        and not _subcontractors(next((bid for bid in bids if bid.pk == decision.bid_id), None)),
        "missing_candidates": True,
        "missing_negotiated": tender.procedure == Tender.Procedure.NEGOTIATED,
        "missing_electronic": True,
        "missing_allotment": tender.lots.count() == 1,
        "missing_interests": True,
    }
    return [paragraph(say("missing_told")), *(paragraph(f"– {say(key)}") for key, gap in gaps.items() if gap)]
