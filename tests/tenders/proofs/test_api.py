"""Proof documents over the API, as a program of the hospital uses it and as somebody who tries does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from procurement.ledger.models import Line
from procurement.people import services as people
from procurement.people.models import Mandate, User
from procurement.people.roles import Role
from procurement.tenders.models import Bid, ProofDocument
from procurement.tenders.proofs.examination import LONGEST
from tests.factories import UserFactory
from tests.tenders.proofs.files import pdf, png

Add = Callable[..., ProofDocument]
FIELDS = {"kind": "ecolabel", "issued_on": "2026-09-01"}


def program(person: User) -> APIClient:
    """A program with a token of this person."""
    _token, text = people.create_token(name="spreadsheet", by=person)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {text}", HTTP_ACCEPT_LANGUAGE="en")
    return client


def send(client: Any, bid: Bid, content: bytes = pdf(), name: str = "label.pdf", **fields: Any) -> Any:
    given = {"bid": bid.pk, **FIELDS, **fields, "file": SimpleUploadedFile(name, content)}
    return client.post(
        reverse("proof-list"), given, **({"format": "multipart"} if isinstance(client, APIClient) else {})
    )


def test_a_program_adds_a_document_reads_it_and_withdraws_it(bid: Bid, buyer: User) -> None:
    client = program(buyer)
    answer = send(client, bid, about="evidence/carbon", expires_on="2026-09-30", title="Label")

    assert answer.status_code == 201
    proof = ProofDocument.objects.get()
    assert answer.json() == {
        "id": proof.pk,
        "bid": bid.pk,
        "kind": "ecolabel",
        "about": "evidence/carbon",
        "title": "Label",
        "issued_on": "2026-09-01",
        "expires_on": "2026-09-30",
        "expired_on_receipt": True,
        "original_name": "label.pdf",
        "media_type": "application/pdf",
        "size": len(pdf()),
        "sha256": proof.sha256,
        "added_at": answer.json()["added_at"],
        "withdrawn": None,
    }
    file = client.get(reverse("proof-file", args=[proof.pk]))
    assert file.content == pdf()
    assert file["Content-Disposition"] == f'attachment; filename="proof-{proof.pk}.pdf"'
    withdrawn = client.post(reverse("proof-withdraw", args=[proof.pk]), {"reason": "Of another lot."}, format="json")
    assert withdrawn.json()["withdrawn"] == "Of another lot."
    again = client.post(reverse("proof-withdraw", args=[proof.pk]), {"reason": "Again."}, format="json")
    assert (again.status_code, again.json()["detail"]) == (409, "This document is withdrawn already.")


def test_a_session_adds_one_with_its_token_and_not_without(bid: Bid, buyer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(buyer)
    assert send(client, bid).status_code == 403
    client.get(reverse("tenders:add_proof", args=[bid.pk]))
    token = client.cookies["csrftoken"].value
    given = {"bid": bid.pk, **FIELDS, "file": SimpleUploadedFile("label.pdf", pdf())}
    assert client.post(reverse("proof-list"), given, headers={"X-CSRFToken": token}).status_code == 201


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"content": b""}, "The file is empty"),
        ({"content": png()}, "The content of the file is PNG"),
        ({"content": pdf(b"<< /S /JavaScript >>")}, "The PDF holds a script"),
        ({"content": pdf() + b" " * LONGEST}, "The file is larger than 20"),
        ({"issued_on": "2126-01-01"}, "issued in the future"),
        ({"expires_on": "2026-08-01"}, "expires before it is issued"),
        ({"about": "origin/nothing"}, "A document proves one of these"),
    ],
)
def test_what_cannot_be_is_answered_in_a_sentence_and_not_kept(
    bid: Bid, buyer: User, fields: dict[str, Any], said: str
) -> None:
    answer = send(program(buyer), bid, **fields)
    assert answer.status_code == 400
    assert said in answer.json()["detail"]
    assert not ProofDocument.objects.exists()


def test_a_form_with_something_missing_or_of_no_kind_names_the_field(bid: Bid, buyer: User) -> None:
    client = program(buyer)
    assert set(client.post(reverse("proof-list"), {}, format="multipart").json()) == {
        "bid", "file", "kind", "issued_on"
    }  # fmt: skip
    assert set(send(client, bid, kind="diploma", issued_on="soon").json()) == {"kind", "issued_on"}
    assert client.post(reverse("proof-list"), {"bid": bid.pk}, format="json").status_code == 415


def test_two_files_in_one_form_are_refused(bid: Bid, buyer: User) -> None:
    given = {**FIELDS, "bid": bid.pk, "file": SimpleUploadedFile("a.pdf", pdf()), "more": SimpleUploadedFile("b", b"b")}
    assert program(buyer).post(reverse("proof-list"), given, format="multipart").status_code == 400
    assert not ProofDocument.objects.exists()


def test_a_bid_of_another_hospital_is_one_that_never_was(add: Add, bid: Bid, stranger: User) -> None:
    add()
    client = program(stranger)
    hidden, never = (
        send(client, bid),
        client.post(
            reverse("proof-list"),
            {**FIELDS, "bid": bid.pk + 1000, "file": SimpleUploadedFile("label.pdf", pdf())},
            format="multipart",
        ),
    )
    assert (hidden.status_code, hidden.json()) == (never.status_code, never.json())
    assert client.get(reverse("proof-list")).json()["results"] == []
    for name, number in (("bid", bid.pk), ("lot", bid.lot_id)):
        answers = [client.get(reverse("proof-list"), {name: which}) for which in (number, number + 1000)]
        assert [answer.status_code for answer in answers] == [400, 400]
    assert ProofDocument.objects.count() == 1


def test_the_list_is_narrowed_by_bid_lot_and_kind(add: Add, bid: Bid, buyer: User) -> None:
    add()
    add(about="bid", kind="ecolabel")
    client = program(buyer)
    for given, found in (({"bid": bid.pk}, 2), ({"lot": bid.lot_id}, 2), ({"kind": "ecolabel"}, 1)):
        assert client.get(reverse("proof-list"), given).json()["count"] == found


def test_whatever_an_auditor_is_answered_of_a_document_leaves_its_line(add: Add, bid: Bid) -> None:
    proof, auditor = add(), UserFactory(role=Role.AUDITOR)
    mandate = Mandate.objects.create(auditor=auditor, starts_on="2026-01-01", ends_on="2026-12-31", reference="CRC 3")
    mandate.hospitals.add(bid.lot.tender.contracting_body)
    client = program(auditor)
    for address in (reverse("proof-list"), reverse("proof-detail", args=[proof.pk])):
        before = Line.objects.filter(action="proofdocument.read").count()
        assert client.get(address).status_code == 200
        assert Line.objects.filter(action="proofdocument.read").count() == before + 1
    assert send(client, bid).status_code == 403


def test_ten_documents_are_listed_with_as_few_queries_as_one(
    add: Add, buyer: User, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = Client()
    client.force_login(buyer)
    add(about="bid")
    client.get(reverse("proof-list"))
    one = queries(lambda: client.get(reverse("proof-list")))
    for number in range(9):
        add(content=pdf(b"(%d)" % number), about="bid")
    assert queries(lambda: client.get(reverse("proof-list"))) == one
