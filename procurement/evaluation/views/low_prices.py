"""A price that seems abnormally low: what is asked of its tenderer, what it answers, what follows."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from procurement.evaluation import services
from procurement.evaluation.examination_forms import AnswerForm, PriceConclusionForm, PriceRequestForm
from procurement.evaluation.models import PriceRequest
from procurement.evaluation.standing import number_read
from procurement.evaluation.views.bids import GET_OR_POST
from procurement.evaluation.views.examination import refused
from procurement.evaluation.views.lots import LOTS
from procurement.people.permissions import Permission, fetch
from procurement.tenders.models import Bid, Lot


@GET_OR_POST
def ask(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Ask a tenderer to explain its price."""
    lot, bid = _examined(request, pk, key)
    form = PriceRequestForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = refused(services.request_price_explanation, request, bid=bid, **form.cleaned_data)
        if refusal is None:
            messages.success(request, _("The request is recorded: send it on the buyer profile if it is not sent yet."))
            return redirect("evaluation:bid", pk, key)
    title = _("Ask %(supplier)s to explain its price") % {"supplier": bid.supplier}
    context = {"lot": lot, "bid": bid, "form": form, "title": title, "refusal": refusal}
    return render(request, "evaluation/low_price.html", context | {"verb": _("Record the request")})


@GET_OR_POST
def answer(request: HttpRequest, pk: int, key: str, number: int) -> HttpResponse:
    """Record what a tenderer answered about its price, and when."""
    lot, bid = _examined(request, pk, key)
    asked = _asked(bid, number)
    form = AnswerForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = refused(services.answer_price_explanation, request, asked=asked, **form.cleaned_data)
        if refusal is None:
            messages.success(request, _("The answer is recorded."))
            return redirect("evaluation:bid", pk, key)
    title = _("What %(supplier)s answered about its price") % {"supplier": bid.supplier}
    context = {"lot": lot, "bid": bid, "form": form, "title": title, "refusal": refusal, "asked": asked}
    return render(request, "evaluation/low_price.html", context | {"verb": _("Record the answer")})


@GET_OR_POST
def conclude(request: HttpRequest, pk: int, key: str, number: int) -> HttpResponse:
    """Say whether the price is explained; where it is not, the exclusion comes next."""
    lot, bid = _examined(request, pk, key)
    asked = _asked(bid, number)
    form = PriceConclusionForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "read": number_read(request.POST)}
        refusal = refused(services.conclude_price_explanation, request, asked=asked, **given)
        if refusal is None and form.rejects:
            messages.success(request, _("The conclusion is recorded: exclude the bid, then score the lot again."))
            return redirect("evaluation:exclude", pk, key)
        if refusal is None:
            messages.success(request, _("The conclusion is recorded: score the lot again."))
            return redirect("evaluation:lot", pk)
    title = _("Is the price of %(supplier)s explained?") % {"supplier": bid.supplier}
    context = {"lot": lot, "bid": bid, "form": form, "title": title, "refusal": refusal, "asked": asked}
    return render(request, "evaluation/low_price.html", context | {"verb": _("Record the conclusion")})


def _examined(request: HttpRequest, pk: int, key: str) -> tuple[Lot, Bid]:
    """The lot and the bid, for those who judge them."""
    lot = fetch(request.user, Permission.SCORE_LOT, LOTS, pk)
    bid = get_object_or_404(lot.bids.select_related("supplier"), key=key)
    bid.lot = lot
    return lot, bid


def _asked(bid: Bid, number: int) -> PriceRequest:
    asked = get_object_or_404(bid.price_requests.with_what_came(), pk=number)
    asked.bid = bid
    return asked
