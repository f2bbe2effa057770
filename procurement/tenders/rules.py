"""From rows to documents: the rules a lot publishes, its bids, its facts, and the case scoring reads.

The published rules are a document of their own, hashed with scoring's `sha256` (RFC 8785): what a case needs beyond
its bids, and the policy by name and hash instead of its text.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from typing import Any

from procurement.fields import plain
from procurement.policies.models import PolicyVersion
from procurement.tenders.models import Bid, BidLine, Criterion, Lot, Tender
from procurement.tenders.operators import judged_country
from scoring.canonical import sha256
from scoring.parameters import parameter

__all__ = [
    "bid_document",
    "bid_documents",
    "case_document",
    "criterion_document",
    "facts_of",
    "quantities_of",
    "rules_of",
    "sha256",
    "written",
]

EXACT_DIGITS = 60  # sums and products of the specification's numbers (30 digits) stay exact
BUYER_CATEGORY = "eu_thresholds.hospital_category"  # recalled (R): no block ever rests on it (docs/law.md)
Document = dict[str, Any]


def rules_of(lot: Lot) -> Document:
    """The rules of ``lot`` from its rows, as publication freezes them in `Lot.rules`:

    {"tender", "rounding", "criteria", "tie_break"} as in a case (specification 2), and
    "policy": {"id", "version", "sha256"} or None. A published lot is read from `Lot.rules`, never from here.
    """
    return {
        "tender": _tender(lot),
        "rounding": {"decimals": lot.rounding_decimals},
        "criteria": [criterion_document(criterion) for criterion in lot.criteria.all()],
        "tie_break": list(lot.tie_break),
        "policy": _policy(lot.policy_version),
    }


def facts_of(lot: Lot) -> Document:
    """The facts of a case that the procedure knows; an unknown one is left out, so that its guard says so.

    ``ipi_exception`` None = none was recorded. Evaluation adds the facts it knows (purpose, explanations, …).
    """
    policy = (lot.rules if lot.rules is not None else rules_of(lot))["policy"]
    facts: Document = {
        "buyer_category": parameter(BUYER_CATEGORY, on=None).names[0],
        "ipi_exception": lot.ipi_exception or None,
        "published_policy": policy and {"id": policy["id"], "version": policy["version"]},
    }
    if lot.tender.ipi_announced is not None:
        facts["ipi_announced"] = lot.tender.ipi_announced
    return facts


def case_document(
    *, rules: Document, policy_document: Document | None, bids: list[Document], facts: Document, assessed_on: date
) -> Document:
    """The case (specification 2) of a lot's rules, with the policy's text, bids that have their marks, and facts."""
    return {
        "schema": "bareme-case/1",
        "tender": rules["tender"],
        "assessed_on": assessed_on.isoformat(),
        "facts": facts,
        "rounding": rules["rounding"],
        "criteria": rules["criteria"],
        "bids": bids,
        "policy": policy_document,
        "tie_break": rules["tie_break"],
    }


def bid_documents(lot: Lot) -> list[Document]:
    """The bids of ``lot`` by key, as a case has them but without marks, which are evaluation's to add.

    Seven queries, nine where somebody bids with others, whatever the number of bids.
    """
    quantities = quantities_of(lot)
    return [bid_document(bid, quantities) for bid in lot.bids.with_lines()]


def bid_document(bid: Bid, quantities: dict[int, Decimal]) -> Document:
    """One bid (from `with_lines`) as a case has it, without marks; ``quantities`` as `quantities_of` gives them."""
    document: Document = {
        "id": bid.key,
        "supplier": {"name": bid.supplier.name, "country": judged_country(bid)},
        "status": bid.status,
        "lines": [_line(line, quantities[line.item_id]) for line in bid.lines.all()],
        "environment": {e.indicator: {"value": e.value, "assurance": e.assurance} for e in bid.evidence.all()},
    }
    if bid.submitted_at is not None:
        document["submitted_at"] = written(bid.submitted_at)
    if bid.status == Bid.Status.EXCLUDED:
        document["exclusion_reason"] = bid.exclusion_reason
    if bid.price is not None:
        document["price"] = plain(bid.price)
    if bid.cost is not None:
        document["cost"] = plain(bid.cost)
    return document


def written(moment: datetime) -> str:
    """A moment as documents write it: YYYY-MM-DDThh:mm:ssZ."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def quantities_of(lot: Lot) -> dict[int, Decimal]:
    """How much of each item bids are compared on: the sum of the beneficiaries' needs, by item id."""
    return {item.pk: total(need.quantity for need in item.needs.all()) for item in lot.items.prefetch_related("needs")}


def total(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum of the specification's numbers."""
    with localcontext(prec=EXACT_DIGITS):
        return sum(numbers, Decimal(0))


def _tender(lot: Lot) -> Document:
    tender: Tender = lot.tender
    value = tender.estimated_value
    return {
        "id": f"{tender.reference}/{lot.number}",
        "launched_on": tender.launched_on.isoformat() if tender.launched_on else None,
        "cpv": lot.cpv or tender.cpv,
        "estimated_value": None if value is None else plain(value),
        "currency": tender.currency,
        "price_basis": "incl_vat" if tender.prices_include_vat else "excl_vat",
    }


def criterion_document(criterion: Criterion) -> Document:
    """A criterion as a case has it."""
    document: Document = {
        "id": criterion.key,
        "title": criterion.title,
        "kind": criterion.kind,
        "weight": plain(criterion.weight),
        "formula": criterion.formula,
        "params": criterion.params,
        "counts_environment": criterion.counts_environment,
    }
    if criterion.scale is not None:
        document["scale"] = plain(criterion.scale)
    if criterion.minimum is not None:
        document["minimum"] = plain(criterion.minimum)
    if criterion.parent:
        document["parent"] = criterion.parent
    return document


def _policy(version: PolicyVersion | None) -> Document | None:
    if version is None:
        return None
    return {"id": version.policy.identifier, "version": version.version, "sha256": version.sha256}


def _line(line: BidLine, quantity: Decimal) -> Document:
    return {
        "id": line.item.key,
        "quantity": plain(quantity),
        "unit_price": plain(line.unit_price),
        "origins": [
            {"country": o.country, "share": plain(o.share), "assurance": o.assurance} for o in line.origins.all()
        ],
    }
