"""The proofs on the page of a bid: added, shown with what they prove and what had expired, handed out, withdrawn."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from procurement.evaluation import services as evaluation
from procurement.ledger.models import Line
from procurement.people.models import Mandate, User
from procurement.people.roles import Role
from procurement.registry.services import register_supplier
from procurement.tenders import services
from procurement.tenders.models import Bid, Lot, ProofDocument, Stage
from procurement.tenders.proofs.examination import LONGEST
from tests.factories import MembershipFactory, UserFactory
from tests.tenders.conftest import NOW
from tests.tenders.proofs.files import jpeg, pdf, png

Add = Callable[..., ProofDocument]
Count = Callable[[Callable[[], object]], int]
FIELDS = {"kind": "ecolabel", "about": "bid", "title": "", "issued_on": "2026-09-01", "expires_on": ""}


def client_of(person: User, language: str = "en", **options: bool) -> Client:
    client = Client(**options)
    client.force_login(person)
    client.cookies["language"] = language
    return client


def send(client: Client, bid: Bid, content: bytes = pdf(), name: str = "label.pdf", **fields: str) -> str:
    """The page that answers the form, after the redirect where the document is kept."""
    given = {**FIELDS, **fields, "file": SimpleUploadedFile(name, content)}
    return client.post(reverse("tenders:add_proof", args=[bid.pk]), given, follow=True).content.decode()


def page(person: User, bid: Bid, language: str = "en") -> str:
    return client_of(person, language).get(reverse("evaluation:bid", args=[bid.lot_id, bid.key])).content.decode()


def test_a_bid_without_proofs_says_what_will_stand_there(bid: Bid, buyer: User) -> None:
    shown = page(buyer, bid)
    assert "other documents of this bid will stand here" in shown
    assert reverse("tenders:add_proof", args=[bid.pk]) in shown


def test_a_document_is_added_by_form_and_stands_on_the_page(bid: Bid, buyer: User) -> None:
    shown = send(client_of(buyer), bid, title="EU Ecolabel FR/012", expires_on="2027-09-01")

    proof = ProofDocument.objects.get()
    assert "The document is kept with the bid." in shown
    assert "EU Ecolabel FR/012" in shown
    assert "1 September 2027" in shown
    assert proof.sha256 in shown
    assert reverse("tenders:proof", args=[proof.pk]) in shown


def test_the_form_offers_what_this_bid_says_and_no_more(bid: Bid, buyer: User) -> None:
    form = client_of(buyer).get(reverse("tenders:add_proof", args=[bid.pk])).content.decode()
    for offered in ("bid", "operator", "origin/masks-2r/FR", "origin/gloves", "evidence/carbon"):
        assert f'<option value="{offered}"' in form
    assert "Select a valid choice" in send(client_of(buyer), bid, about="origin/masks-2r/CN")
    assert not ProofDocument.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "label.pdf", "The file is empty"),
        (b"MZ", "label.pdf", "The file is no PDF, PNG or JPEG"),
        (png(), "label.pdf", "The content of the file is PNG"),
        (pdf(b"<< /S /Launch >>"), "label.pdf", "The PDF holds an action that opens a program"),
        (pdf(trailer=b"/Encrypt 9 0 R"), "label.pdf", "The PDF is protected by a password"),
        (jpeg()[:-2], "photo.jpg", "The image is damaged or cut off"),
        (pdf() + b" " * LONGEST, "label.pdf", "The file is larger than 20"),
    ],
)
def test_a_hostile_file_is_answered_in_one_sentence_and_leaves_nothing(
    bid: Bid, buyer: User, folder: Path, content: bytes, name: str, said: str
) -> None:
    shown = send(client_of(buyer), bid, content, name, title="My label")

    assert shown.count('role="alert"') == 1
    assert said in shown
    assert "Choose the file once more" in shown
    assert 'value="My label"' in shown, "what was typed is not lost"
    assert not ProofDocument.objects.exists()
    assert not folder.exists()


def test_a_form_without_a_file_or_with_dates_that_are_none_says_so(bid: Bid, buyer: User) -> None:
    shown = (
        client_of(buyer)
        .post(reverse("tenders:add_proof", args=[bid.pk]), {**FIELDS, "issued_on": "31/31/2026"})
        .content.decode()
    )
    assert shown.count("errorlist") == 2
    assert "expires before it is issued" in send(client_of(buyer), bid, expires_on="2026-08-01")


def test_markup_in_names_and_titles_is_text(bid: Bid, buyer: User) -> None:
    shown = send(client_of(buyer), bid, name="<b>x.pdf", title="<script>alert(1)</script>")
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<b>x" not in shown


def test_the_token_of_the_form_is_asked_for(bid: Bid, buyer: User) -> None:
    client = client_of(buyer, enforce_csrf_checks=True)
    answer = client.post(
        reverse("tenders:add_proof", args=[bid.pk]), {**FIELDS, "file": SimpleUploadedFile("a.pdf", pdf())}
    )
    assert answer.status_code == 403
    assert not ProofDocument.objects.exists()


def test_the_file_is_handed_out_as_an_attachment_that_names_nobody(add: Add, buyer: User) -> None:
    proof = add(name="MedTech Loire EUR.1.pdf")
    answer = client_of(buyer).get(reverse("tenders:proof", args=[proof.pk]))

    assert answer.content == pdf()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="proof-{proof.pk}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_what_an_auditor_reads_leaves_two_lines_that_he_read_and_took_it(add: Add, bid: Bid, buyer: User) -> None:
    proof, auditor = add(), UserFactory(role=Role.AUDITOR)
    mandate = Mandate.objects.create(auditor=auditor, starts_on="2026-01-01", ends_on="2026-12-31", reference="CRC 3")
    mandate.hospitals.add(bid.lot.tender.contracting_body)

    assert client_of(auditor).get(reverse("tenders:proof", args=[proof.pk])).content == pdf()

    lines = Line.objects.filter(actor=f"user:{auditor.pk}", object=f"tenders.ProofDocument:{proof.pk}")
    assert [line.action for line in lines.order_by("sequence")] == ["proofdocument.read", "file.exported"]
    assert "Add a proof document" not in page(auditor, bid)


@pytest.mark.parametrize("kind", ["stranger", Role.EVALUATOR, Role.POLICY_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_nobody_else_gets_a_file_nor_learns_that_there_is_one(kind: str, add: Add, bid: Bid, stranger: User) -> None:
    proof, person = add(), stranger
    if kind == Role.EVALUATOR:
        person = MembershipFactory(hospital=bid.lot.tender.contracting_body, user__role=kind).user
        evaluation.seat(lot=bid.lot, person=person, by=proof.added_by, at=NOW)
        evaluation.declare_interests(lot=bid.lot, conflict=False, text="", by=person, at=NOW)
    elif kind != "stranger":
        person = UserFactory(role=kind)
    client = client_of(person)
    numbers = {"tenders:proof": proof.pk, "tenders:withdraw_proof": proof.pk, "tenders:add_proof": bid.pk}
    for name, number in numbers.items():
        answer = client.get(reverse(name, args=[number]))
        assert answer.status_code in (403, 404), name
        for secret in ("EUR.1", proof.sha256, "MedTech"):
            assert secret not in answer.content.decode()
        gone = client.get(reverse(name, args=[number + 1000]))
        assert gone.status_code == answer.status_code, "a hidden row answers as one that never was"


def test_no_page_of_a_panel_tells_of_the_documents(add: Add, bid: Bid, buyer: User) -> None:
    member = MembershipFactory(hospital=bid.lot.tender.contracting_body, user__role=Role.EVALUATOR).user
    seat = evaluation.seat(lot=bid.lot, person=member, by=buyer, at=NOW)
    evaluation.declare_interests(lot=bid.lot, conflict=False, text="", by=member, at=NOW)
    proof = add()

    shown = client_of(member).get(reverse("evaluation:judge", args=[seat.panel_id])).content.decode()

    assert "MedTech" in shown, "the lot is not anonymous: the page itself is there"
    assert proof.title not in shown
    assert reverse("tenders:proof", args=[proof.pk]) not in shown


def test_a_document_is_withdrawn_with_its_reason_and_stays(add: Add, bid: Bid, buyer: User) -> None:
    proof, client = add(), client_of(buyer)
    address = reverse("tenders:withdraw_proof", args=[proof.pk])
    assert "Withdraw “EUR.1 of the masks”" in client.get(address).content.decode()
    assert "errorlist" in client.post(address, {"reason": "  "}).content.decode()

    shown = client.post(address, {"reason": "Issued for another lot."}, follow=True).content.decode()

    assert "Issued for another lot." in shown
    assert proof.title in shown
    assert address not in shown
    assert "withdrawn already" in client.get(address).content.decode()
    assert client.post(address, {"reason": "Again."}).status_code == 409
    assert client.get(reverse("tenders:proof", args=[proof.pk])).status_code == 200


def test_what_had_expired_when_the_bid_was_received_says_so(add: Add, bid: Bid, buyer: User) -> None:
    """The bid was received on 1 October 2026; a document valid until that very day had not expired."""
    add(expires_on=date(2026, 10, 1))
    assert "expired on the date of receipt" not in page(buyer, bid)
    add(about="operator", expires_on=date(2026, 9, 30))
    assert page(buyer, bid).count("expired on the date of receipt") == 2, "in the list, and beside what it proves"


def test_without_a_time_of_receipt_the_day_of_the_opening_counts(add: Add, bid: Bid, buyer: User) -> None:
    Bid.objects.filter(pk=bid.pk).update(submitted_at=None)
    add(about="operator", expires_on=date(2026, 10, 31))
    shown = page(buyer, bid)
    assert "expired on the date of receipt" in shown
    assert "1 November 2026" in shown


def test_a_document_of_later_than_the_bid_says_so(add: Add, bid: Bid, buyer: User) -> None:
    add(issued_on=date(2026, 10, 20))
    assert "(after the receipt of the bid)" in page(buyer, bid)


def test_what_is_called_documented_without_a_document_is_told_until_there_is_one(
    add: Add, bid: Bid, buyer: User
) -> None:
    told = "No document here proves what the tenderer calls documented or verified"
    shown = page(buyer, bid)
    assert told in shown
    assert "<li>Surgical mask, type IIR: France (FR) (documented)" in shown
    assert "<li>Environmental evidence: carbon (verified)" in shown

    chosen = client_of(buyer).get(f"{reverse('tenders:add_proof', args=[bid.pk])}?about=origin/masks-2r/FR")
    assert '<option value="origin/masks-2r/FR" selected>' in chosen.content.decode()
    assert "?about=origin/masks-2r/FR" in shown

    origin, _label = add(about="origin"), add(about="evidence/carbon", title="Environmental sheet")
    shown = page(buyer, bid)
    assert told not in shown
    assert f'(proof: <a href="#proof-{origin.pk}">EUR.1 of the masks</a>)' in shown

    services.withdraw_proof(proof=origin, reason="Of another lot.", by=buyer, at=NOW)
    assert "<li>Surgical mask, type IIR: France (FR) (documented)" in page(buyer, bid)


def test_a_proof_of_another_country_proves_nothing_of_this_one(add: Add, bid: Bid, buyer: User) -> None:
    line = bid.lines.get(item__key="masks-2r")
    line.origins.create(country="DE", share="0.1", assurance="documented")
    add(about="origin/masks-2r/DE")
    shown = page(buyer, bid)
    assert "<li>Surgical mask, type IIR: France (FR) (documented)" in shown
    assert "<li>Surgical mask, type IIR: Germany (DE) (documented)" not in shown


def test_in_a_consortium_a_document_proves_the_origin_of_one_operator_or_of_all(
    add: Add, bid: Bid, buyer: User
) -> None:
    partner = register_supplier(
        name="Nordmed", by=buyer, address_country="DE", operator_country="DE", operator_origin_basis="constitution"
    )
    bid.members.create(supplier=partner, role="member", operator_country="DE")
    form = client_of(buyer).get(reverse("tenders:add_proof", args=[bid.pk])).content.decode()
    assert "The origins of all the operators" in form
    assert f'<option value="operator/{bid.supplier_id}">The origin of MedTech Loire</option>' in form

    add(about=f"operator/{partner.pk}", title="Handelsregister")
    shown = page(buyer, bid)
    leader, _mark, member = shown.partition('id="operators"')[2].partition("Nordmed")
    assert "Handelsregister" not in leader
    assert "Handelsregister" in member.partition("</table>")[0]
    add(about="operator", title="Statutes of both")
    leader, _mark, member = page(buyer, bid).partition('id="operators"')[2].partition("Nordmed")
    assert "Statutes of both" in leader
    assert "Statutes of both" in member.partition("</table>")[0]


def test_after_the_decision_the_documents_stay_and_none_is_offered_to_be_added(add: Add, bid: Bid, buyer: User) -> None:
    proof = add()
    evaluation.end(lot=bid.lot, outcome="without_follow_up", reason="The need is gone.", by=buyer, at=NOW)
    shown = page(buyer, bid)
    assert proof.title in shown
    assert reverse("tenders:add_proof", args=[bid.pk]) not in shown
    assert reverse("tenders:withdraw_proof", args=[proof.pk]) not in shown
    form = client_of(buyer).get(reverse("tenders:add_proof", args=[bid.pk])).content.decode()
    assert "no document is added any more" in form
    assert '<input type="file"' not in form
    assert "is decided" in send(client_of(buyer), bid)


def test_a_decided_bid_without_documents_says_that_it_has_none(bid: Bid, buyer: User) -> None:
    evaluation.end(lot=bid.lot, outcome="without_follow_up", reason="The need is gone.", by=buyer, at=NOW)
    assert "No proof document was added to this bid." in page(buyer, bid)


def test_a_lost_file_is_told_in_a_sentence(add: Add, buyer: User, folder: Path) -> None:
    proof = add()
    (folder / proof.sha256).unlink()
    answer = client_of(buyer).get(reverse("tenders:proof", args=[proof.pk]))
    assert answer.status_code == 409
    assert "restore it from the backup" in answer.content.decode()


def test_the_page_costs_the_same_with_one_document_and_with_ten(
    add: Add, bid: Bid, buyer: User, queries: Count
) -> None:
    client, address = client_of(buyer), reverse("evaluation:bid", args=[bid.lot_id, bid.key])
    first = add(about="bid")
    services.withdraw_proof(proof=first, reason="Of another lot.", by=buyer, at=NOW)
    client.get(address)
    one = queries(lambda: client.get(address))
    for number in range(10):
        add(content=pdf(b"(%d)" % number), about="bid")
    assert queries(lambda: client.get(address)) == one


def test_a_training_copy_takes_no_document_along_and_none_in_and_says_so(add: Add, bid: Bid, buyer: User) -> None:
    add()
    Lot.objects.update(stage=Stage.AWARDED)
    services.settle(bid.lot.tender)
    copy = services.copy_for_training(tender=bid.lot.tender, by=buyer, at=NOW)
    copied = Bid.objects.get(lot__tender=copy)

    assert "without the documents of the tenderers" in services.what_was_copied(copy)
    shown = page(buyer, copied)
    assert "none was taken along into this training procedure" in shown
    assert reverse("tenders:add_proof", args=[copied.pk]) not in shown
    assert "documents of tenderers are kept with real procedures alone" in send(client_of(buyer), copied)
    assert ProofDocument.objects.count() == 1
