"""The report of presentation of a decided lot, as a page and as a text document."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from procurement.evaluation.french import LANGUAGE
from procurement.evaluation.report.composition import compose
from procurement.evaluation.views.decisions import DECISIONS
from procurement.people.permissions import Permission, fetch, may
from procurement.people.reader import reader
from procurement.people.services import record_file
from procurement.tenders.regulation.blocks import labelled
from procurement.tenders.regulation.word import DOCX, in_word
from scoring.canonical import sha256

REPORTED = DECISIONS.select_related("sheet__scored_by")


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """What the portal knows of a decided lot, in the order of the law, and what the buyer completes."""
    decision = fetch(request.user, Permission.READ_DECISION, REPORTED, pk)
    told = compose(decision)
    context = {
        "decision": decision,
        "lot": decision.lot,
        "tender": decision.lot.tender,
        "report": labelled(told),
        "digest": sha256(told),
        "exports": may(request.user, Permission.EXPORT_DECISION),
    }
    return render(request, "evaluation/report.html", context)


@require_safe
def report_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The same text as a document to complete, with its hash at its foot."""
    decision = fetch(request.user, Permission.EXPORT_DECISION, REPORTED, pk)
    told, lot = compose(decision), decision.lot
    name = f"lot-{lot.pk}-report.docx"
    record_file(row=decision, name=name, by=reader(request))
    content = in_word(told, f"{lot.tender.reference}/{lot.number} – SHA-256 {sha256(told)}", LANGUAGE)
    return HttpResponse(content, content_type=DOCX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
