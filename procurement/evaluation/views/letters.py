"""The letters to the tenderers of a decided lot: read, completed, taken away as files, recorded as sent."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from procurement.evaluation import services
from procurement.evaluation.letter_forms import ParagraphForm, SendingForm
from procurement.evaluation.letters.composition import paragraphs
from procurement.evaluation.letters.files import file_name, in_archive, in_docx
from procurement.evaluation.models import Decision, SentLetters
from procurement.evaluation.present.letters import Letters, letters_of, shown
from procurement.evaluation.views.lots import LOTS
from procurement.people.permissions import Permission, fetch, may
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.people.services import record_file
from procurement.tenders.models import Lot
from procurement.tenders.regulation.word import DOCX


@require_safe
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """Every letter of a lot, as sent or as a draft; before the decision, when they come."""
    lot = fetch(request.user, Permission.READ_DECISION, LOTS, pk)
    found = letters_of(lot, request.GET.dict(), today=timezone.localdate())
    context = {
        "lot": lot,
        "tender": lot.tender,
        "found": found,
        "letters": shown(found) if found else [],
        "dating": found and SendingForm(initial=found.known, correction=False),
        "writes": may(request.user, Permission.WRITE_LETTER),
        "exports": may(request.user, Permission.EXPORT_DECISION),
        "asked": request.GET.urlencode(),
    }
    return render(request, "evaluation/letters.html", context)


@require_safe
def letter(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One letter as a text document."""
    lot, found = _found(request, pk)
    told = found.to(key)
    if told is None:
        raise Http404(_("No letter of this lot is about this bid."))
    return _file(request, lot, file_name(lot, told), in_docx(lot, told, sent=found.sent is not None), DOCX)


@require_safe
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """All letters of a lot in one archive of text documents."""
    lot, found = _found(request, pk)
    content = in_archive(lot, found.letters, sent=found.sent is not None)
    return _file(request, lot, f"lot-{lot.pk}-letters.zip", content, "application/zip")


@require_http_methods(["GET", "HEAD", "POST"])
def paragraph(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """What the buyer adds to one letter."""
    lot = fetch(request.user, Permission.WRITE_LETTER, LOTS, pk)
    bid = get_object_or_404(lot.bids.select_related("supplier"), key=key)
    decision = _decided(lot)
    form = ParagraphForm(request.POST or None, initial={"text": paragraphs(decision).get(bid.pk, "")})
    if request.method == "POST" and form.is_valid():
        services.write_paragraph(bid=bid, **form.cleaned_data, by=reader(request), at=timezone.now())
        messages.success(request, _("The paragraph is kept."))
        return redirect(f"{reverse('evaluation:letters', args=[lot.pk])}?draft#letter-{bid.key}")
    title = _("Paragraph of the letter to %(supplier)s") % {"supplier": bid.supplier}
    context = {"lot": lot, "form": form, "title": title, "verb": _("Keep"), "here": bid.supplier.name}
    return render(request, "evaluation/letter_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the letters were sent, and how; read again before it is done."""
    lot = fetch(request.user, Permission.WRITE_LETTER, LOTS, pk)
    decision = _decided(lot)
    known = {"sent_on": timezone.localdate(), "way": SentLetters.Way.ELECTRONIC, **request.GET.dict()}
    form = SendingForm(request.POST or None, initial=known, correction=decision.sent_letters.exists())
    filled = request.method == "POST" and form.is_valid()
    if filled and "confirmed" in request.POST:
        services.record_letters(lot=lot, **form.cleaned_data, by=reader(request), at=timezone.now())
        messages.success(request, _("The letters are recorded as sent."))
        return redirect("evaluation:letters", lot.pk)
    title = _("Record the letters as sent")
    context = {"lot": lot, "form": form, "title": title, "verb": title if filled else _("Continue")}
    summary = form.summary() if filled else []
    return render(request, "evaluation/letter_form.html", {**context, "confirm": filled, "summary": summary})


def _found(request: HttpRequest, pk: int) -> tuple[Lot, Letters]:
    lot = fetch(request.user, Permission.EXPORT_DECISION, LOTS, pk)
    found = letters_of(lot, request.GET.dict(), today=timezone.localdate())
    if found is None or not found.letters:
        raise Http404(_("This lot has no letters: they come after the decision, one for each tenderer."))
    return lot, found


def _decided(lot: Lot) -> Decision:
    decision = Decision.objects.filter(lot=lot).first()
    if decision is None:
        raise Refused(_("Nothing is decided on this lot yet: its letters come after the decision."))
    decision.lot = lot
    return decision


def _file(request: HttpRequest, lot: Lot, name: str, content: bytes, kind: str) -> HttpResponse:
    """A file that leaves the portal, which is recorded."""
    record_file(row=lot, name=name, by=reader(request))
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
