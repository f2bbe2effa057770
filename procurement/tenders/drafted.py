"""From the rows of a draft back to the documents it was drafted from: to be changed in a form, or copied."""

from typing import Any

from procurement.fields import plain
from procurement.tenders.models import Criterion, Item, Lot, Tender
from procurement.tenders.rules import criterion_document, sha256

Document = dict[str, Any]


def terms_document(tender: Tender) -> Document:
    """The terms of ``tender``: `documents.TENDER` without its lots."""
    value = tender.estimated_value
    return {
        "reference": tender.reference,
        "title": tender.title,
        "contracting_body": tender.contracting_body.finess,
        "procedure": tender.procedure,
        "technique": tender.technique,
        "framework": _framework(tender),
        "launched_on": tender.launched_on.isoformat() if tender.launched_on else None,
        "cpv": tender.cpv,
        "estimated_value": None if value is None else plain(value),
        "currency": tender.currency,
        "price_basis": "incl_vat" if tender.prices_include_vat else "excl_vat",
        "ipi_announced": tender.ipi_announced,
        "training": tender.training,
    }


def lot_document(lot: Lot) -> Document:
    """``lot`` as `documents.LOT`; from `Lot.objects.for_draft()` without a query."""
    document: Document = {
        "number": lot.number,
        "title": lot.title,
        "criteria": [_criterion(criterion) for criterion in lot.criteria.all()],
        "items": [_item(item) for item in lot.items.all()],
        "policy": _policy(lot),
        "rounding": {"decimals": lot.rounding_decimals},
        "tie_break": list(lot.tie_break),
        "anonymous": lot.anonymous,
        "two_envelopes": lot.two_envelopes,
        "plausible_prices": _plausible_prices(lot),
    }
    return document | ({"cpv": lot.cpv} if lot.cpv else {})


def lot_documents(tender: Tender) -> list[Document]:
    """The lots of ``tender`` as `documents.LOT`, by number, in a fixed number of queries."""
    return [lot_document(lot) for lot in tender.lots.for_draft()]


def draft_digest(lot: Lot) -> str:
    """The SHA-256 of ``lot`` as it stands: who changes it says by this what was read."""
    return sha256(lot_document(Lot.objects.for_draft().get(pk=lot.pk)))


def _framework(tender: Tender) -> Document | None:
    maximum = tender.framework_maximum
    if maximum is None:
        return None
    return {"maximum": plain(maximum), "months": tender.framework_months, "holders": tender.framework_holders}


def _plausible_prices(lot: Lot) -> Document | None:
    low, high = lot.plausible_low, lot.plausible_high
    return None if low is None or high is None else {"low": plain(low), "high": plain(high)}


def _criterion(criterion: Criterion) -> Document:
    document = criterion_document(criterion)
    return document | ({"steps": criterion.steps} if criterion.steps else {})


def _item(item: Item) -> Document:
    document: Document = {
        "id": item.key,
        "designation": item.designation,
        "unit": item.unit,
        "needs": {need.hospital.finess: plain(need.quantity) for need in item.needs.all()},
    }
    return document | ({"vat_rate": plain(item.vat_rate)} if item.vat_rate is not None else {})


def _policy(lot: Lot) -> Document | None:
    version = lot.policy_version
    return None if version is None else {"id": version.policy.identifier, "version": version.version}
