"""The versions of a bid beside each other: what each one changed, and what one that was replaced said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from procurement.evaluation.models import BidVersion
from procurement.evaluation.services.versions import offered_alone
from procurement.evaluation.versions import former, snapshot
from procurement.fields import plain
from procurement.people.templatetags.reading import country, day, moment, points, share
from procurement.policies.seeded_texts import indicator_name
from procurement.tenders.entries import check_offer, moment_of
from procurement.tenders.models import Bid, Lot, StatedAmount
from procurement.tenders.models.bid import Assurance
from procurement.tenders.offered_lines import asked, of_documents
from procurement.tenders.rules import quantities_of
from procurement.tenders.schedules import Offered
from procurement.tenders.stated import with_cents
from procurement.tenders.templatetags.indicators import evidence
from scoring.canonical import sha256

Document = dict[str, Any]
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two versions say otherwise, as the reader writes it."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a bid, and what it changed of the one before; `former` None for the one that stands."""

    number: int
    sha256: str
    price: str
    came: BidVersion | None  # the row of the version it replaced, which says why and when; None for the first
    former: BidVersion | None
    differences: list[Difference]


def versions_of(bid: Bid, lot: Lot) -> list[Version]:
    """Every version of ``bid``, the one that stands first; none while there is but one. A fixed number of queries."""
    rows = former(bid)
    if not rows:
        return []
    items = designations(lot)
    documents = [row.document for row in rows] + [snapshot(bid)]
    shown = []
    for place, document in enumerate(documents):
        before = documents[place - 1] if place else None
        shown.append(
            Version(
                number=place + 1,
                sha256=sha256(document),
                price=document["bid"].get("price", ""),
                came=rows[place - 1] if place else None,
                former=rows[place] if place < len(rows) else None,
                differences=differences(before, document, items) if before else [],
            )
        )
    return shown[::-1]


def designations(lot: Lot) -> dict[str, str]:
    """What each item of a lot is called, by its key."""
    return dict(lot.items.values_list("key", "designation"))


def differences(before: Document, after: Document, items: Mapping[str, str]) -> list[Difference]:
    """What two versions (`versions.snapshot`) say otherwise, in the order of a bid's page.

    One that does not say when it came keeps the time of the former.
    """
    kept = {"submitted_at": before["bid"].get("submitted_at"), **after["bid"]}
    first, second = _said(before, items), _said({**after, "bid": kept}, items)
    labels = list(dict.fromkeys([*first, *second]))
    return [
        Difference(label, first.get(label, NOTHING), second.get(label, NOTHING))
        for label in labels
        if first.get(label, NOTHING) != second.get(label, NOTHING)
    ]


def of_schedule(offered: Offered, bid: Bid, lot: Lot) -> Document:
    """What a filled schedule offers, as the snapshot of a version says it."""
    document = offered_alone(offered.document)
    entry = check_offer({**document, "supplier": {"name": bid.supplier.name}}, lot)
    price = {} if entry.price is None else {"price": plain(entry.price)}
    return {"bid": {**document, **price}, "stated": document.get("stated", {})}


def read(version: BidVersion, lot: Lot) -> Document:
    """What the page of a version that was replaced shows of it."""
    items = asked(lot.items.all(), quantities_of(lot))
    named = {item.key: item.designation for item in items}
    bid = version.document["bid"]
    return {
        "price": bid.get("price", ""),
        "cost": bid.get("cost", ""),
        "received": moment_of(bid.get("submitted_at")),
        "lines": of_documents(bid.get("lines", []), items),
        "evidence": _evidence(version.document),
        "stated": [(label, _money(value)) for label, value in _stated(version.document.get("stated", {}), named)],
    }


def _said(document: Document, items: Mapping[str, str]) -> dict[str, str]:
    """Everything a version offers and when it came, by what it is about, as the reader writes it."""
    bid = document["bid"]
    said = {
        _("Received"): moment(moment_of(bid.get("submitted_at"))),
        _("Price"): _money(bid.get("price")),
        _("Life-cycle cost"): _money(bid.get("cost")),
    }
    for line in sorted(bid.get("lines", []), key=lambda line: str(line["id"])):
        name = items.get(line["id"], line["id"])
        said[_("Unit price: %(item)s") % {"item": name}] = _money(line["unit_price"])
        said[_("Origins: %(item)s") % {"item": name}] = _origins(line)
    for indicator, told in _evidence(document).items():
        said[_("Evidence: %(indicator)s") % {"indicator": indicator_name(indicator)}] = told
    for label, value in _stated(document.get("stated", {}), items):
        said[_("Stated: %(what)s") % {"what": label}] = _money(value)
    return {label: value for label, value in said.items() if value}


def _money(number: str | None) -> str:
    """With cents, so that `5` and `5.0` are read as the same price; empty for none."""
    return points(with_cents(Decimal(number))) if number else ""


def _origins(line: Document) -> str:
    words = dict(Assurance.choices)
    told = [
        f"{country(origin['country'])} {share(origin['share'])}, {words[origin.get('assurance', 'declared')]}"
        for origin in line.get("origins", [])
    ]
    return "; ".join(told) or _("unknown")


def _evidence(document: Document) -> dict[str, str]:
    words, valid = dict(Assurance.choices), document.get("valid_until", {})
    told = {}
    for indicator, piece in document["bid"].get("environment", {}).items():
        told[indicator] = f"{evidence(piece['value'])}, {words[piece.get('assurance', 'declared')]}"
        last = valid.get(indicator) or piece.get("expires_on")
        if last:
            told[indicator] += ", " + _("valid until %(day)s") % {"day": day(date.fromisoformat(last))}
    return told


def _stated(told: Document, items: Mapping[str, str]) -> list[tuple[str, str]]:
    lines = [(items.get(key, key), value) for key, value in told.get("lines", {}).items()]
    totals = [(str(StatedAmount.What(what).label), value) for what, value in told.items() if what != "lines"]
    return lines + totals
