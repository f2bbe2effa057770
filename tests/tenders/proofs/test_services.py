"""The life of a proof document: kept whole with its hash, never changed, withdrawn with a reason."""

import hashlib
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from procurement.evaluation import services as evaluation
from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.people.roles import Role
from procurement.tenders import services
from procurement.tenders.models import Bid, ProofDocument, ProofWithdrawal
from procurement.tenders.proofs import files
from procurement.tenders.proofs.document import digest_of
from tests.factories import MembershipFactory, UserFactory
from tests.ledger.told import reason_of
from tests.tenders.conftest import NOW
from tests.tenders.proofs.conftest import GIVEN
from tests.tenders.proofs.files import jpeg, pdf, png

Add = Callable[..., ProofDocument]


def nothing_stored(folder: Path) -> bool:
    return not ProofDocument.objects.exists() and not folder.exists()


def test_a_document_is_kept_under_its_hash_and_recorded(add: Add, bid: Bid, buyer: User, folder: Path) -> None:
    proof = add()

    proof.refresh_from_db()
    assert proof.sha256 == hashlib.sha256(pdf()).hexdigest()
    assert (proof.size, proof.media_type, proof.original_name) == (len(pdf()), "application/pdf", "EUR.1 Loire.pdf")
    assert [path.name for path in folder.iterdir()] == [proof.sha256]
    assert files.read(proof.sha256) == pdf()
    line = Line.objects.latest("sequence")
    assert (line.action, line.object, line.after) == ("bid.proof_added", f"tenders.Bid:{bid.pk}", digest_of(proof))


def test_its_file_can_be_read_by_the_portal_alone(add: Add, folder: Path) -> None:
    file = folder / add().sha256
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_without_a_title_it_is_called_as_its_file(add: Add) -> None:
    assert add(title="  ").title == "EUR.1 Loire.pdf"


def test_a_hostile_name_is_shown_tamed_and_leads_nowhere(add: Add, folder: Path) -> None:
    proof = add(name="../../../settings\u202e.py/..\\x\0y.pdf")
    assert proof.original_name == "xy.pdf"
    assert [path.name for path in folder.rglob("*")] == [proof.sha256]


def test_one_file_may_prove_several_things_and_is_kept_once(add: Add, folder: Path) -> None:
    first, second = add(about="origin/masks-2r"), add(about="operator")
    assert first.sha256 == second.sha256
    assert len(list(folder.iterdir())) == 1
    with pytest.raises(Invalid, match=r"proves the same already, as “EUR\.1 of the masks”"):
        add()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"content": b""}, "is empty"),
        ({"content": b"MZ"}, "no PDF, PNG or JPEG"),
        ({"content": png()}, "The content of the file is PNG"),
        ({"content": pdf(b"<< /S /JavaScript >>")}, "holds a script"),
        ({"kind": "diploma"}, "The kind of document is one of: origin_declaration"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"title": "a\0b"}, "at most 200 characters"),
        ({"issued_on": date(2026, 11, 2), "expires_on": None}, "issued in the future"),
        ({"expires_on": date(2026, 8, 31)}, "expires before it is issued"),
        ({"about": ""}, "A document proves one of these: bid, operator, origin, origin/gloves"),
        ({"about": "origin/masks-2r/CN"}, "A document proves one of these"),
        ({"about": "evidence/water"}, "A document proves one of these"),
        ({"about": "../origin"}, "A document proves one of these"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(
    add: Add, folder: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        add(**changes)
    assert said in refusal.value.sentence
    assert nothing_stored(folder)


def test_it_may_expire_on_the_day_it_is_issued_and_be_issued_today(add: Add) -> None:
    proof = add(issued_on=NOW.date(), expires_on=NOW.date())
    assert proof.expires_on == proof.issued_on


def test_the_same_bid_does_not_take_documents_without_end(add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.proofs, "MOST", 1)
    add()
    with pytest.raises(Refused, match="which is the most"):
        add(about="bid")


def test_a_withdrawn_document_stays_with_its_reason_and_file(add: Add, bid: Bid, buyer: User, folder: Path) -> None:
    proof = add()
    services.withdraw_proof(proof=proof, reason=" Of another lot. ", by=buyer, at=NOW)

    kept = ProofDocument.objects.with_people().get()
    assert not kept.standing
    assert (kept.withdrawal.reason, kept.withdrawal.withdrawn_by) == ("Of another lot.", buyer)
    assert files.read(kept.sha256) == pdf()
    line = Line.objects.latest("sequence")
    assert (line.action, line.object, line.before) == (
        "bid.proof_withdrawn",
        f"tenders.Bid:{bid.pk}",
        digest_of(proof),
    )
    assert reason_of(line) == "Of another lot."
    with pytest.raises(Refused, match="withdrawn already"):
        services.withdraw_proof(proof=proof, reason="Again.", by=buyer, at=NOW)
    assert add().standing, "what was withdrawn by mistake is added again"


def test_nobody_withdraws_without_a_reason(add: Add, buyer: User) -> None:
    with pytest.raises(Invalid, match="Write why"):
        services.withdraw_proof(proof=add(), reason=" \n", by=buyer, at=NOW)
    assert not ProofWithdrawal.objects.exists()


def test_after_the_decision_nothing_is_added_and_nothing_withdrawn(
    add: Add, bid: Bid, buyer: User, folder: Path
) -> None:
    proof = add()
    evaluation.end(lot=bid.lot, outcome="without_follow_up", reason="The need is gone.", by=buyer, at=NOW)
    bid.refresh_from_db()

    with pytest.raises(Refused, match="is decided"):
        add(bid=Bid.objects.get(pk=bid.pk), content=jpeg(), name="late.jpg")
    with pytest.raises(Refused, match="is decided"):
        services.withdraw_proof(proof=proof, reason="Late.", by=buyer, at=NOW)
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("kind", ["stranger", Role.EVALUATOR, Role.AUDITOR, Role.POLICY_OFFICER, Role.ADMINISTRATOR])
def test_nobody_but_the_buyers_of_the_hospital_adds_or_withdraws(
    kind: str, add: Add, bid: Bid, stranger: User, folder: Path
) -> None:
    hospital = bid.lot.tender.contracting_body
    person = (
        stranger
        if kind == "stranger"
        else MembershipFactory(hospital=hospital, user__role=kind).user
        if kind == Role.EVALUATOR
        else UserFactory(role=kind)
    )
    with pytest.raises(PermissionDenied):
        add(by=person)
    assert nothing_stored(folder)
    proof = add()
    with pytest.raises(PermissionDenied):
        services.withdraw_proof(proof=proof, reason="Mine.", by=person, at=NOW)
    assert not ProofWithdrawal.objects.exists()


def test_a_file_that_was_lost_or_changed_on_the_disk_is_not_handed_out(add: Add, folder: Path) -> None:
    proof = add()
    (folder / proof.sha256).write_bytes(pdf() + b" ")
    with pytest.raises(Refused, match="was changed on the disk"):
        files.read(proof.sha256)
    (folder / proof.sha256).unlink()
    with pytest.raises(Refused, match="restore it from the backup"):
        files.read(proof.sha256)


def test_when_the_row_cannot_be_written_neither_is_its_line(
    add: Add, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """The file may stay behind: it lies under its hash, and no page leads to it."""

    def broken(*_given: Any, **_named: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(services.proofs.ledger, "record", broken)
    before = Line.objects.count()
    with pytest.raises(IntegrityError):
        add()
    assert not ProofDocument.objects.exists()
    assert Line.objects.count() == before
    monkeypatch.undo()


def changed(proof: ProofDocument, **values: Any) -> Callable[[], object]:
    return lambda: ProofDocument.objects.filter(pk=proof.pk).update(**values)


def test_the_database_itself_lets_nothing_be_changed_or_taken_away(add: Add, buyer: User) -> None:
    proof = add()
    services.withdraw_proof(proof=proof, reason="Of another lot.", by=buyer, at=NOW)
    for bypass in (
        changed(proof, title="Another"),
        changed(proof, expires_on=date(2030, 1, 1)),
        lambda: ProofDocument.objects.filter(pk=proof.pk)._raw_delete("default"),
        lambda: ProofWithdrawal.objects.update(reason="Another."),
        lambda: ProofWithdrawal.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            bypass()


@pytest.mark.parametrize(
    "values", [{"expires_on": date(2026, 8, 1)}, {"about": ""}, {"title": ""}, {"size": 0}, {"sha256": ""}]
)
def test_the_database_itself_refuses_what_no_proof_is(bid: Bid, buyer: User, values: dict[str, Any]) -> None:
    given = {name: GIVEN[name] for name in ("kind", "about", "title", "issued_on", "expires_on")}
    row = {**given, "original_name": "a.pdf", "media_type": "application/pdf", "size": 1, "sha256": "ab" * 32}
    with pytest.raises(IntegrityError), transaction.atomic():
        ProofDocument.objects.create(bid=bid, added_by=buyer, added_at=NOW, **{**row, **values})
