"""Proof documents of a bid: added, handed out, withdrawn. Their list stands on the page of the bid."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.people.services import record_file
from procurement.tenders import services
from procurement.tenders.models import Bid, ProofDocument
from procurement.tenders.models.stage import DECIDED
from procurement.tenders.proofs import files
from procurement.tenders.proofs.examination import LONGEST
from procurement.tenders.proofs.forms import ProofForm, WithdrawalForm
from procurement.uploads import takes_a_file

BIDS = Bid.objects.with_lines().select_related("supplier", "lot__tender")
PROOFS = ProofDocument.objects.with_people().select_related("bid__supplier", "bid__lot__tender")
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@takes_a_file(LONGEST)
@GET_OR_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A file, what it proves and its dates; kept once it was looked into."""
    bid = fetch(request.user, Permission.ADD_PROOF, BIDS, pk)
    sent = request.method == "POST"
    given = (request.POST, request.FILES) if sent else ()
    form = ProofForm(*given, bid=bid, initial={"about": request.GET.get("about")})
    refusal = None
    if sent and form.is_valid():
        file = form.cleaned_data.pop("file")
        document = {**form.cleaned_data, "content": file.read(), "name": file.name}
        try:
            services.add_proof(bid=bid, **document, by=reader(request), at=timezone.now())
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The document is kept with the bid."))
            return redirect("evaluation:bid", bid.lot_id, bid.key)
    context = {"bid": bid, "form": form, "refusal": refusal, "decided": bid.lot.stage in DECIDED}
    context["training"] = bid.lot.tender.training
    return render(request, "tenders/proof_form.html", context)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself, as an attachment under a name that gives nobody away."""
    return handed_out(request, fetch(request.user, Permission.READ_PROOF, PROOFS, pk))


@GET_OR_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a document with the reason; it stays on the page of the bid."""
    proof = fetch(request.user, Permission.WITHDRAW_PROOF, PROOFS, pk)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.withdraw_proof(proof=proof, **form.cleaned_data, by=reader(request), at=timezone.now())
        messages.success(request, _("The document is withdrawn; it stays visible with the reason."))
        return redirect("evaluation:bid", proof.bid.lot_id, proof.bid.key)
    stopped = not proof.standing or proof.bid.lot.stage in DECIDED
    context = {"bid": proof.bid, "proof": proof, "form": form, "stopped": stopped}
    return render(request, "tenders/proof_withdrawal.html", context)


def handed_out(request: HttpRequest, proof: ProofDocument) -> HttpResponse:
    """The file of a proof that the reader may read; that it leaves the portal is recorded."""
    content = files.read(proof.sha256)
    record_file(row=proof, name=proof.file_name, by=reader(request))
    headers = {"Content-Disposition": f'attachment; filename="{proof.file_name}"'}
    return HttpResponse(content, content_type=proof.media_type, headers=headers)
