"""The proofs of a bid as its page shows them: what each proves, what had expired, what is called proved and is not."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from procurement.people.permissions import Permission, may
from procurement.tenders.models import Bid, EnvironmentalEvidence, LineOrigin, ProofDocument
from procurement.tenders.models.bid import Assurance
from procurement.tenders.models.stage import DECIDED
from procurement.tenders.proofs.expiry import had_expired, received_on
from procurement.tenders.proofs.subjects import evidence_of, operator_of, origin_of, proves, subjects


@dataclass(frozen=True, slots=True)
class ShownProof:
    """A document; `expired` and `issued_later` say how it stood on the day the bid was received."""

    document: ProofDocument
    about: str
    expired: bool
    issued_later: bool

    @property
    def standing(self) -> bool:
        return self.document.standing


@dataclass(frozen=True, slots=True)
class Proofs:
    """Everything the page says of proofs.

    `unproved`: the path of each claim without a document, and its words. `of_operators` (by supplier), `of_origins` and
    `of_evidence`: those that stand, by the id of what they prove.
    """

    received_on: date | None
    shown: list[ShownProof]
    of_operators: dict[int, list[ShownProof]]
    of_origins: dict[int, list[ShownProof]]
    of_evidence: dict[int, list[ShownProof]]
    unproved: list[tuple[str, str]]
    expired_evidence: list[EnvironmentalEvidence]
    may_add: bool
    may_withdraw: bool
    may_read: bool
    training: bool  # documents of tenderers are kept with real procedures alone


def proofs_of(bid: Bid, user: Any) -> Proofs:
    """What the page of ``bid`` (from `with_lines`, with its lot and tender) shows, in one query."""
    words, received = subjects(bid), received_on(bid)
    shown = [_shown(proof, words, received) for proof in bid.proofs.with_people()]
    standing = [proof for proof in shown if proof.standing]
    origins = {
        origin.pk: (origin, origin_of(line.item.key, origin.country))
        for line in bid.lines.all()
        for origin in line.origins.all()
    }
    evidence = {piece.pk: (piece, evidence_of(piece.indicator)) for piece in bid.evidence.all()}
    operators = [bid.supplier_id, *(member.supplier_id for member in bid.members.all())]
    claims: list[tuple[LineOrigin | EnvironmentalEvidence, str]] = [*origins.values(), *evidence.values()]
    training = bid.lot.tender.training
    changing = bid.lot.stage not in DECIDED and not training
    opened = bid.exclusion != Bid.Exclusion.LATE
    return Proofs(
        received_on=received,
        shown=shown,
        of_operators={pk: _proving(operator_of(pk), standing) for pk in operators},
        of_origins={pk: _proving(subject, standing) for pk, (_origin, subject) in origins.items()},
        of_evidence={pk: _proving(subject, standing) for pk, (_piece, subject) in evidence.items()},
        unproved=[
            (
                subject,
                _("%(what)s (%(assurance)s)") % {"what": words[subject], "assurance": claim.get_assurance_display()},
            )
            for claim, subject in claims
            if claim.assurance != Assurance.DECLARED and not training and not _proving(subject, standing)
        ],
        expired_evidence=[piece for piece, _subject in evidence.values() if had_expired(piece.expires_on, received)],
        may_add=changing and opened and may(user, Permission.ADD_PROOF),
        may_withdraw=changing and may(user, Permission.WITHDRAW_PROOF),
        may_read=may(user, Permission.READ_PROOF),
        training=training,
    )


def _shown(proof: ProofDocument, words: dict[str, str], received: date | None) -> ShownProof:
    return ShownProof(
        document=proof,
        about=words.get(proof.about, proof.about),
        expired=had_expired(proof.expires_on, received),
        issued_later=received is not None and proof.issued_on > received,
    )


def _proving(subject: str, proofs: list[ShownProof]) -> list[ShownProof]:
    return [proof for proof in proofs if proves(proof.document.about, subject)]
