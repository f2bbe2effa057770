"""An irregular bid is mended: what is asked of its tenderer, what it answers, what follows."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from procurement.evaluation import services
from procurement.evaluation.examination_forms import AnswerForm, ConclusionForm, RequestForm
from procurement.evaluation.models import Regularisation
from procurement.evaluation.standing import number_read
from procurement.evaluation.views.bids import GET_OR_POST
from procurement.evaluation.views.lots import LOTS
from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.tenders.models import Bid, Lot


@GET_OR_POST
def regularise(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Ask a tenderer to mend what makes its bid irregular."""
    lot, bid = _examined(request, pk, key)
    form = RequestForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = refused(services.request_regularisation, request, bid=bid, **form.cleaned_data)
        if refusal is None:
            messages.success(request, _("The request is recorded: send it on the buyer profile if it is not sent yet."))
            return redirect("evaluation:bid", pk, key)
    title = _("Ask %(supplier)s to regularise its bid") % {"supplier": bid.supplier}
    context = {
        "lot": lot,
        "bid": bid,
        "form": form,
        "title": title,
        "refusal": refusal,
        "verb": _("Record the request"),
    }
    return render(request, "evaluation/regularise.html", context)


@GET_OR_POST
def answer(request: HttpRequest, pk: int, key: str, number: int) -> HttpResponse:
    """Record what a tenderer answered to a request, and when."""
    lot, bid = _examined(request, pk, key)
    asked = _asked(bid, number)
    form = AnswerForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = refused(services.answer_regularisation, request, regularisation=asked, **form.cleaned_data)
        if refusal is None:
            messages.success(request, _("The answer is recorded."))
            return redirect("evaluation:bid", pk, key)
    title = _("What %(supplier)s answered") % {"supplier": bid.supplier}
    context = {"lot": lot, "bid": bid, "form": form, "title": title, "refusal": refusal, "verb": _("Record the answer")}
    return render(request, "evaluation/regularise.html", {**context, "asked": asked})


@GET_OR_POST
def conclude(request: HttpRequest, pk: int, key: str, number: int) -> HttpResponse:
    """Say whether a bid is regular now; it is read again before it is done, because it may exclude the bid."""
    lot, bid = _examined(request, pk, key)
    asked = _asked(bid, number)
    form = ConclusionForm(request.POST or None)
    filled = request.method == "POST" and form.is_valid()
    refusal = None
    if filled and "confirmed" in request.POST:
        given = {**form.cleaned_data, "read": number_read(request.POST)}
        refusal = refused(services.conclude_regularisation, request, regularisation=asked, **given)
        if refusal is None:
            messages.success(request, _("The conclusion is recorded."))
            return redirect("evaluation:bid", pk, key)
    confirm = filled and refusal is None
    verb = _("Record the conclusion") if confirm else _("Continue")
    title = _("Is the bid of %(supplier)s regular now?") % {"supplier": bid.supplier}
    context = {"lot": lot, "bid": bid, "form": form, "title": title, "refusal": refusal, "verb": verb, "asked": asked}
    context |= {"confirm": confirm, "summary": form.summary() if confirm else []}
    return render(request, "evaluation/regularise.html", context)


def _examined(request: HttpRequest, pk: int, key: str) -> tuple[Lot, Bid]:
    """The lot and the bid, for those who may have it mended."""
    lot = fetch(request.user, Permission.REGULARISE_BID, LOTS, pk)
    bid = get_object_or_404(lot.bids.select_related("supplier"), key=key)
    bid.lot = lot
    return lot, bid


def _asked(bid: Bid, number: int) -> Regularisation:
    asked = get_object_or_404(bid.regularisations.with_what_came(), pk=number)
    asked.bid = bid
    return asked


def refused(write: Callable[..., Any], request: HttpRequest, **given: Any) -> Refused | None:
    """Do it; the refusal, which the page shows above what was typed."""
    try:
        write(**given, by=reader(request), at=timezone.now())
    except Refused as refusal:
        return refusal
    return None
