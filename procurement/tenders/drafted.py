"""From the rows of a draft back to the documents it was drafted from: to be changed in a form, or copied."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from procurement.fields import plain
from procurement.tenders.models import Criterion, Item, Lot, Need, Tender
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
    return _lot(lot, [_item(item) for item in lot.items.all()])


def _lot(lot: Lot, items: list[Document]) -> Document:
    document: Document = {
        "number": lot.number,
        "title": lot.title,
        "criteria": [_criterion(criterion) for criterion in lot.criteria.all()],
        "items": items,
        "policy": _policy(lot),
        "rounding": {"decimals": lot.rounding_decimals},
        "tie_break": list(lot.tie_break),
        "anonymous": lot.anonymous,
        "two_envelopes": lot.two_envelopes,
        "plausible_prices": _plausible_prices(lot),
    }
    return document | ({"cpv": lot.cpv} if lot.cpv else {})


def lot_documents(tender: Tender) -> list[Document]:
    """The lots of ``tender`` as `documents.LOT`, by number, in a fixed number of queries.

    Items and needs, of which a large procedure has thousands, are read as values: as rows they took most of the time.
    Published rules and the text of policies are left where they are: no document of a draft says them. A need is
    taken as the column has it, a plain decimal.
    """
    needs: dict[int, dict[str, str]] = defaultdict(dict)
    asked = Need.objects.filter(item__lot__tender=tender).annotate(written=Cast("quantity", TextField()))
    for item, finess, quantity in asked.values_list("item", "hospital__finess", "written"):
        needs[item][finess] = quantity
    items: dict[int, list[Document]] = defaultdict(list)
    named = Item.objects.filter(lot__tender=tender)
    read = named.values_list("lot", "pk", "key", "designation", "unit", "vat_rate")
    for owner, item, key, designation, unit, rate in read:
        items[owner].append(_item_document(key, designation, unit, needs[item], rate))
    lots = tender.lots.select_related("policy_version__policy").prefetch_related("criteria")
    return [_lot(lot, items[lot.pk]) for lot in lots.defer("rules", "policy_version__document")]


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
    needs = {need.hospital.finess: plain(need.quantity) for need in item.needs.all()}
    return _item_document(item.key, item.designation, item.unit, needs, item.vat_rate)


def _item_document(key: str, designation: str, unit: str, needs: dict[str, str], vat_rate: Decimal | None) -> Document:
    document: Document = {"id": key, "designation": designation, "unit": unit, "needs": needs}
    return document | ({"vat_rate": plain(vat_rate)} if vat_rate is not None else {})


def _policy(lot: Lot) -> Document | None:
    version = lot.policy_version
    return None if version is None else {"id": version.policy.identifier, "version": version.version}
