"""The règlement of a lot on criteria: as it would be published, then as it was."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.people.services import record_file
from procurement.tenders.models import Lot
from procurement.tenders.regulation.announcement import as_written, preview_of
from procurement.tenders.regulation.blocks import labelled
from procurement.tenders.regulation.texts import LANGUAGES
from procurement.tenders.regulation.word import DOCX, file_name, text_document

LOTS = Lot.objects.for_rules().select_related("tender__contracting_body", "tender__copied_from", "announcement")


@require_safe
def regulation(request: HttpRequest, pk: int) -> HttpResponse:
    """The text in the reader's language: frozen, or of the draft as it stands; none where none was ever made."""
    lot = fetch(request.user, Permission.READ_LOT, LOTS, pk)
    kept = getattr(lot, "announcement", None)
    told = kept or preview_of(lot, on=timezone.localdate())
    document = told.document if told else None
    context = {
        "lot": lot,
        "tender": lot.tender,
        "kept": kept,
        "as_written": [] if kept or not told else as_written(lot),
        "announced": document and labelled(document["texts"][_language(document)]),
    }
    return render(request, "tenders/regulation.html", context)


@require_safe
def text(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The frozen text in one of its languages, as a file for the consultation documents."""
    return handed_out(request, fetch(request.user, Permission.READ_LOT, LOTS, pk), language)


def handed_out(request: HttpRequest, lot: Lot, language: str) -> HttpResponse:
    """The frozen text of a lot as an answer; that it leaves the portal is recorded."""
    kept = getattr(lot, "announcement", None)
    if kept is None or language not in kept.document["texts"]:
        raise Http404(_("A lot has its text in French and in English once its rules are published."))
    name = file_name(kept, language)
    content = text_document(kept, language)
    record_file(row=lot, name=name, by=reader(request))
    return HttpResponse(content, content_type=DOCX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _language(document: dict[str, Any]) -> str:
    reading = (get_language() or "")[:2]
    return reading if reading in document["texts"] else LANGUAGES[0]
