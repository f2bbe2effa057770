"""How a lot was examined and decided, for its report: what was asked, declared, done, and by whom."""

from procurement.evaluation.models import (
    AbnormallyLowExplanation,
    Decision,
    Declaration,
    MarkLock,
    Panelist,
    Regularisation,
)
from procurement.evaluation.report.texts import say
from procurement.people.models import User
from procurement.people.templatetags.reading import day, moment
from procurement.tenders.models import Lot
from procurement.tenders.regulation.blocks import Block, paragraph, table


def explanations(lot: Lot) -> list[Block]:
    """What was asked about low prices, what was answered, what followed."""
    rows = AbnormallyLowExplanation.objects.filter(bid__lot=lot).select_related("bid__supplier", "recorded_by")
    told = []
    for row in rows.order_by("bid__key", "pk"):
        name = row.bid.supplier.name
        concluded = {"person": row.recorded_by, "day": moment(row.recorded_at), "text": row.get_conclusion_display()}
        told += [
            say("low_asked", supplier=name, text=row.request),
            say("low_answered" if row.answer else "low_unanswered", supplier=name, text=row.answer),
            say("low_concluded", supplier=name, **concluded),
        ]
        told += [say("low_reason", supplier=name, text=row.reason)] if row.reason else []
    return [paragraph(text) for text in told]


def regularisations(lot: Lot) -> list[Block]:
    """What tenderers were asked to mend, and how it ended."""
    told = []
    for row in Regularisation.objects.filter(bid__lot=lot).with_what_came().order_by("bid__key", "pk"):
        name = row.bid.supplier.name
        told += [
            say("irregular", supplier=name, text=row.irregularity),
            say("asked", supplier=name, day=day(row.sent_at), text=row.asked),
        ]
        ended = row.concluded
        if ended is None:
            told.append(say("pending", supplier=name))
        else:
            by = {"person": ended.concluded_by, "day": moment(ended.concluded_at), "text": ended.reason}
            told.append(say("regularised" if ended.regularised else "not_regularised", supplier=name, **by))
    return [paragraph(text) for text in told]


def interests(lot: Lot) -> list[Block]:
    """Who declared a conflict, and what followed; what the interest is stays out: it is personal."""
    declared: dict[User, bool] = {}
    for row in Declaration.objects.filter(lot=lot).select_related("declared_by").order_by("pk"):
        declared[row.declared_by] = declared.get(row.declared_by, False) or row.conflict
    seated = [seat.user for seat in Panelist.objects.filter(panel__lot=lot).select_related("user").order_by("pk")]
    people = list(dict.fromkeys([*seated, *declared]))
    if not people:
        return [paragraph(say("no_panel"))]
    rows = [[str(person), say(_stands(declared.get(person), seated=person in seated))] for person in people]
    return [table(say("members"), [say("member"), say("declared")], rows)]


def _stands(conflict: bool | None, *, seated: bool) -> str:
    """What became of somebody who declared a conflict, none, or nothing (None)."""
    if conflict is None:
        return "not_declared"
    if conflict:
        return "conflict" if seated else "conflict_unseated"
    return "no_conflict" if seated else "no_conflict_unseated"


def acts(decision: Decision) -> list[Block]:
    """The acts that made the decision, with the person and the time."""
    rows = [(say("act_decided"), decision.decided_by, decision.decided_at)]
    if decision.sheet:
        sheet = decision.sheet
        rows.insert(0, (say("act_scored", number=sheet.number), sheet.scored_by, sheet.scored_at))
    lock = MarkLock.objects.filter(lot=decision.lot).select_related("locked_by").first()
    if lock:
        rows.insert(0, (say("act_locked"), lock.locked_by, lock.locked_at))
    for sent in decision.sent_letters.select_related("recorded_by"):
        told = say("act_sent", number=sent.number, day=day(sent.sent_on))
        rows.append((told, sent.recorded_by, sent.recorded_at))
    cells = [[act, str(person), moment(at)] for act, person, at in rows]
    return [table(say("decided_table"), [say("act"), say("person"), say("at")], cells)]


def hashes(decision: Decision) -> list[Block]:
    """What the report rests on, so that anybody can check that it is this."""
    lot = decision.lot
    rows = [[say("rules"), lot.rules_sha256]] if lot.rules_sha256 else []
    if lot.policy_version:
        rows.append([say("policy", title=lot.policy_version), lot.policy_version.sha256])
    if sheet := decision.sheet:
        rows += [
            [say("case"), sheet.case_sha256],
            [say("sheet"), sheet.sheet_sha256],
            [say("software"), sheet.software],
        ]
    return [table(say("hashes_table"), [say("fact"), say("value")], rows)] if rows else []
