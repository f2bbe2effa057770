"""The proof documents of bids as a bundle lists them: which files they are and when they are valid, never the files."""

from typing import Any

from procurement.audit.bundles import Kind
from procurement.audit.dossier import Dossier
from procurement.tenders.models import ProofDocument
from procurement.tenders.proofs.document import described, document_of

Document = dict[str, Any]


def proofs_listed(dossier: Dossier, kind: Kind) -> list[Document]:
    """Each document under the name its bid gives it; its words and what it proves in a full bundle alone.

    Of a full one, the hash of an entry without `name` and `withdrawn` is the one the record names (`bid.proof_added`).
    """
    return [
        _listed(f"decisions/{decision.pk}/bids/{proof.bid.key}/{proof.file_name}", proof, kind)
        for decision in dossier.decisions
        for proof in dossier.proofs.get(decision.lot_id, [])
    ]


def _listed(name: str, proof: ProofDocument, kind: Kind) -> Document:
    said = document_of(proof) if kind == Kind.FULL else described(proof)
    return {"name": name, **said, "withdrawn": not proof.standing}
