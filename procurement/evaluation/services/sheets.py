"""Scoring a lot: under its published rules while it is open, under any approved policy once it is decided."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

import scoring
from procurement.evaluation import case, commitment
from procurement.evaluation.disclosure import other_rules_may_be_shown
from procurement.evaluation.evidence import sheet_digest
from procurement.evaluation.models import ScoreSheet, SheetEvidence
from procurement.evaluation.services.locking import require_judged
from procurement.evaluation.services.lots import UNDER_EVALUATION, advance, held, require_under_evaluation
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused
from procurement.people.writes import service
from procurement.policies.models import Policy, PolicyVersion
from procurement.problems import listed, said
from procurement.tenders.models import Bid, Lot, Stage
from scoring.canonical import sha256
from scoring.case_reading import read_case
from scoring.numbers import fixed
from scoring.parameters import Parameter
from scoring.problems import InvalidDocument

MOST_BIDS = 200  # that are scored while the caller waits


@service
def score(*, lot: Lot, by: User, at: datetime) -> ScoreSheet:
    """Score a lot under its published rules: a new sheet beside the earlier ones; the lot is then evaluated.

    Raises Refused before the opening, while a panel judges and after the decision, Invalid with every problem of the
    case.
    """
    permissions.require(by, Permission.SCORE_LOT, lot)
    lot = held(lot)
    require_under_evaluation(lot)
    require_judged(lot)
    document = case.build(lot, purpose=case.purpose_of(lot), assessed_on=timezone.localdate(at))
    earlier = lot.sheets.published().last()
    sheet = _add(lot, document, lot.policy_version, ScoreSheet.Purpose.PUBLISHED_RULES, by, at)
    advance(lot, Stage.EVALUATED)
    before = sheet_digest(earlier) if earlier else ""
    ledger.record("lot.scored", lot, by=by, at=at, before=before, after=sheet_digest(sheet))
    return sheet


@service
def simulate(*, lot: Lot, policy_version: PolicyVersion | None, by: User, at: datetime) -> ScoreSheet:
    """Score a decided lot, or a training copy, under another policy (None: under none).

    Raises Refused while the procedure is open: only its published rules may be computed on its bids.
    """
    permissions.require(by, Permission.SIMULATE_LOT, lot)
    lot = held(lot)
    if not other_rules_may_be_shown(lot):
        raise Refused(
            _(
                "While a procedure is open only its published rules are computed on its bids, because any other "
                "result would be the trace of an unpublished criterion: simulate after the decision, or on a "
                "training copy."
            )
        )
    if policy_version:
        _require_usable(policy_version, by)
    document = case.build(lot, policy=policy_version, purpose="simulation", assessed_on=timezone.localdate(at))
    sheet = _add(lot, document, policy_version, ScoreSheet.Purpose.SIMULATION, by, at)
    ledger.record("lot.simulated", lot, by=by, at=at, after=sheet_digest(sheet), reason=_named(policy_version))
    return sheet


def evaluated(document: Any) -> dict[str, Any]:
    """The sheet of a case document. Raises Invalid with every problem of the case, each with its place."""
    return _evaluated_with_law(document)[0]


def _evaluated_with_law(document: Any) -> tuple[dict[str, Any], tuple[Parameter, ...]]:
    try:
        return scoring.evaluate_with_law(document)
    except InvalidDocument as invalid:
        raise Invalid(
            _("This cannot be scored: %(first)s") % {"first": said(invalid.problems[0])},
            listed(invalid.problems),
        ) from invalid


def score_document(*, document: Any, by: User) -> dict[str, Any]:
    """The sheet of a case somebody brings; nothing is stored.

    Raises Invalid with every problem, Refused for the case of an open procedure: brought back under other rules,
    it would be the trace of an unpublished criterion.
    """
    permissions.require(by, Permission.SCORE_DOCUMENT)
    if isinstance(document, dict):
        _require_not_open(document.get("tender"), by)
        _require_answerable(document.get("bids"))
    sheet = evaluated(document)
    _require_no_open_bid(document, by)
    return sheet


def _require_not_open(tender: Any, by: User) -> None:
    reference, _slash, number = str(tender.get("id")).rpartition("/") if isinstance(tender, dict) else ("", "", "")
    lots = Lot.objects.visible_to(by).filter(stage__in=UNDER_EVALUATION, tender__training=False)
    if number in map(str, lots.filter(tender__reference=reference).values_list("number", flat=True)):
        raise _open_procedure()


def _require_no_open_bid(document: dict[str, Any], by: User) -> None:
    """The bids of an open procedure under other names are still its bids: two of its prices give them away.

    One price alone, which may be kept for years, tells with its tenderer's name.
    """
    bids = [bid for bid in read_case(document).bids if bid.status == "admissible"]
    offers = [(bid.supplier.name, Decimal(fixed(bid.price, 2))) for bid in bids if bid.price is not None]
    waiting = Bid.objects.visible_to(by).of_open_procedures()
    shared = waiting.sharing(price for _name, price in offers)
    if max(shared.values(), default=0) > 1 or (len(offers) == 1 and waiting.offering(offers)):
        raise _open_procedure()


def _open_procedure() -> Refused:
    return Refused(
        _("This is the case of an open procedure: it is scored on its lot, under its published rules alone.")
    )


def _require_answerable(bids: Any) -> None:
    if isinstance(bids, list) and len(bids) > MOST_BIDS:
        raise Invalid(
            _("A case of more than %(most)d bids is scored at the command line: python -m scoring evaluate FILE.")
            % {"most": MOST_BIDS}
        )


def _require_usable(version: PolicyVersion, by: User) -> None:
    if not PolicyVersion.objects.visible_to(by).approved().filter(pk=version.pk).exists():
        raise Refused(_("Only an approved policy version can be simulated."))  # first: a draft's title is a secret
    if version.policy.kind != Policy.Kind.PREFERENCE:
        raise Refused(_("%(policy)s is a cash-back scheme: it ranks no bids.") % {"policy": version.policy})


def _named(version: PolicyVersion | None) -> str:
    return f"{version.policy.identifier} {version.version}" if version else ""


def _add(
    lot: Lot, document: dict[str, Any], version: PolicyVersion | None, purpose: str, by: User, at: datetime
) -> ScoreSheet:
    """One more sheet of the lot, which `held` keeps from getting two of the same number."""
    sheet, law = _evaluated_with_law(document)
    last = lot.sheets.aggregate(last=Max("number"))["last"] or 0
    added = ScoreSheet.objects.create(
        lot=lot,
        number=last + 1,
        purpose=purpose,
        policy_version=version,
        case=document,
        case_sha256=sheet["case_sha256"],
        sheet=sheet,
        sheet_sha256=sha256(sheet),
        software=scoring.__version__,
        scored_by=by,
        scored_at=at,
    )
    key = commitment.new_key()
    SheetEvidence.objects.create(
        sheet=added,
        case_root=commitment.case_root(document, key),
        commitment_key=key,
        legal_values=[value.as_json() for value in law],
    )
    return added
