"""The rows a bundle is made of, read in a constant number of queries whatever the number of decisions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from procurement.audit.bundles import Kind
from procurement.evaluation.models import Decision, LiftedBlock, ScoreSheet
from procurement.ledger.models import Line
from procurement.policies.models import PolicyVersion
from procurement.tenders.models import Announcement, Bid, ConsortiumMember, Lot, ProofDocument

# What was done, and led to a decision: neither readings nor refusals, which tell of the readers.
OF_TENDERS = ("tender.published", "tender.announced", "tender.opened", "tender.deadline_changed")
OF_LOTS = (
    "lot.drafted",
    "lot.changed",
    "lot.profiles_invented",
    "lot.method_checked",
    "lot.ipi_exception",
    "lot.marks_taken",
    "lot.marks_locked",
    "lot.scored",
    "lot.simulated",
    "lot.block_lifted",
    "lot.awarded",
    "lot.ended",
    "lot.letters_sent",
)
# Their digests are of bids with their secrets and have no salt, so that secrets could be tried out on them.
OF_BIDS = (
    "bid.entered",
    "bid.members_recorded",
    "bid.group_origin_retained",
    "bid.schedule_read",
    "bid.marked",
    "bid.price_explanation_requested",
    "bid.price_explanation_answered",
    "bid.price_explained",
    "bid.origin_taken",
    "bid.excluded",
    "bid.amounts_stated",
    "bid.regularisation_requested",
    "bid.regularisation_answered",
    "bid.regularisation_concluded",
    "bid.version_entered",
    "bid.proof_added",
    "bid.proof_withdrawn",
    "bid.letter_written",
)
OF_POLICIES = ("policy_version.approved",)
Document = dict[str, Any]
Row = TypeVar("Row", ScoreSheet, LiftedBlock)


@dataclass(frozen=True, slots=True)
class Dossier:
    """Decisions with the sheets and lifted blocks of their lots, the policies of both, and what the record says.

    ``lots`` has the hash of the rules of every lot of a tender, by tender id and number, ``announced`` that of what it
    announced, since lots do; ``announcements`` the texts by lot; ``partners`` the names of those who made a bid with
    its tenderer, by lot and key of the bid.
    """

    decisions: list[Decision]
    lines: list[Line]
    sheets: dict[int, list[ScoreSheet]]
    lifted: dict[int, list[LiftedBlock]]
    lots: dict[int, dict[str, str]]
    announced: dict[int, dict[str, str]]
    announcements: dict[int, Document]
    policies: list[PolicyVersion]
    proofs: dict[int, list[ProofDocument]]
    partners: dict[int, dict[str, list[str]]]


def read(decisions: list[Decision], kind: Kind) -> Dossier:
    """The dossier of ``decisions``, which come with lot, tender and bid."""
    lots = [decision.lot_id for decision in decisions]
    # The lines before the sheets: a sheet that is recorded meanwhile is in no line read here and then stays out.
    lines = list(Line.objects.filter(_about(decisions, kind)))
    sheets = ScoreSheet.objects.filter(lot__in=lots).select_related("evidence").order_by("number")
    by_lot = _grouped(sheets)
    _give_sheets(decisions, by_lot)
    policies = _policies(decisions, by_lot)
    lines += Line.objects.filter(object__in=[_named(version) for version in policies], action__in=OF_POLICIES)
    return Dossier(
        decisions=decisions,
        lines=sorted(lines, key=lambda line: line.sequence),
        sheets=by_lot,
        lifted=_grouped(LiftedBlock.objects.filter(lot__in=lots)),
        lots=_rules(decisions),
        announced=_announced(decisions),
        announcements=dict(Announcement.objects.filter(lot__in=lots).values_list("lot", "document")),
        policies=policies,
        proofs=_proofs(lots),
        partners=_partners(lots),
    )


def _about(decisions: list[Decision], kind: Kind) -> Q:
    tenders = {f"tenders.Tender:{decision.lot.tender_id}" for decision in decisions}
    lots = [f"tenders.Lot:{decision.lot_id}" for decision in decisions]
    about = Q(object__in=tenders, action__in=OF_TENDERS) | Q(object__in=lots, action__in=OF_LOTS)
    if kind == Kind.FULL:
        bids = Bid.objects.filter(lot__in=[decision.lot_id for decision in decisions]).order_by()
        names = bids.annotate(name=Concat(Value("tenders.Bid:"), Cast("pk", CharField()))).values("name")
        about |= Q(object__in=names, action__in=OF_BIDS)
    return about


def _grouped(rows: Iterable[Row]) -> dict[int, list[Row]]:
    by_lot: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_lot[row.lot_id].append(row)
    return by_lot


def _give_sheets(decisions: list[Decision], by_lot: dict[int, list[ScoreSheet]]) -> None:
    """Every decision gets the sheet it rests on from those that were read."""
    known = {sheet.pk: sheet for sheets in by_lot.values() for sheet in sheets}
    for decision in decisions:
        if decision.sheet_id is not None:
            decision.sheet = known[decision.sheet_id]


def _policies(decisions: list[Decision], by_lot: dict[int, list[ScoreSheet]]) -> list[PolicyVersion]:
    """The published policies and those of the sheets, simulations included."""
    used = [sheet.policy_version_id for sheets in by_lot.values() for sheet in sheets]
    used += [decision.lot.policy_version_id for decision in decisions]
    return list(PolicyVersion.objects.filter(pk__in={pk for pk in used if pk is not None}))


def _proofs(lots: list[int]) -> dict[int, list[ProofDocument]]:
    """By lot, the proof documents of its bids in the order they were added."""
    rows = ProofDocument.objects.filter(bid__lot__in=lots).select_related("bid", "withdrawal").order_by("pk")
    by_lot: dict[int, list[ProofDocument]] = defaultdict(list)
    for proof in rows:
        by_lot[proof.bid.lot_id].append(proof)
    return by_lot


def _rules(decisions: list[Decision]) -> dict[int, dict[str, str]]:
    rows = Lot.objects.filter(tender__in={decision.lot.tender_id for decision in decisions})
    digests: dict[int, dict[str, str]] = defaultdict(dict)
    for tender, number, digest in rows.values_list("tender_id", "number", "rules_sha256"):
        digests[tender][str(number)] = digest
    return digests


def _partners(lots: list[int]) -> dict[int, dict[str, list[str]]]:
    members = ConsortiumMember.objects.filter(bid__lot__in=lots).order_by("pk")
    names: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for lot, key, name in members.values_list("bid__lot_id", "bid__key", "supplier__name"):
        names[lot][key].append(name)
    return names


def _announced(decisions: list[Decision]) -> dict[int, dict[str, str]]:
    rows = Announcement.objects.filter(lot__tender__in={decision.lot.tender_id for decision in decisions})
    digests: dict[int, dict[str, str]] = defaultdict(dict)
    for tender, number, digest in rows.values_list("lot__tender", "lot__number", "sha256"):
        digests[tender][str(number)] = digest
    return digests


def _named(version: PolicyVersion) -> str:
    return f"policies.PolicyVersion:{version.pk}"
