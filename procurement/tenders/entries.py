"""What is wrong with a bid handed in: its form, its tenderer and items, and what scoring says of it."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any

from procurement.fields import plain
from procurement.people.templatetags.reading import moment
from procurement.registry.models import Supplier
from procurement.tenders import consortia, stated
from procurement.tenders.documents import BID, OFFERED, key
from procurement.tenders.models import Bid, Lot
from procurement.tenders.rules import case_document, quantities_of
from scoring.case_reading import read_case
from scoring.numbers import fixed
from scoring.problems import InvalidDocument, Phrase, Problem, child
from scoring.problems import gettext_noop as _
from scoring.reading import check_json

Document = dict[str, Any]
INDICATOR = key(60)
LATE_AT = "/submitted_at"  # where a bid that is late, and not entered so, is told it
OF_THE_BID = "/bids/0"  # where the bid stands in the case it is tried in


@dataclass(slots=True)
class Entry:
    """A bid's document read beside the rows it names; usable when `problems` is empty."""

    problems: list[Problem]
    key: str = ""
    supplier: Supplier | None = None
    price: Decimal | None = None  # payable; the sum of the lines where the document gives none


def check_bid(document: Any, lot: Lot, newcomers: Container[str] = ()) -> Entry:
    """The entry of a bid (`documents.BID`) for a published lot, with every problem.

    ``newcomers``: the names of operators that are registered with the bid.
    """
    return _checked(document, lot, partial(_check_arrival, newcomers=newcomers))


def check_offer(document: Any, lot: Lot) -> Entry:
    """As `check_bid`, of what is offered alone, whoever offers it and whenever it came."""
    return _checked(document, lot, lambda document, lot, entry: None)


def moment_of(text: str | None) -> datetime | None:
    """A moment of a document (YYYY-MM-DDThh:mm:ssZ)."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) if text else None


def is_late(document: Document) -> bool:
    """Whether a bid comes in as one that was received too late."""
    return document.get("status") == Bid.Status.EXCLUDED and document.get("exclusion") == Bid.Exclusion.LATE


def free_key(lot: Lot) -> str:
    """The id of the next bid of ``lot``: a number in order of entry, as keys stand in bundles anybody may read."""
    taken = set(Bid.objects.filter(lot=lot).values_list("key", flat=True))
    return next(key for number in count(len(taken) + 1) if (key := f"offre-{number}") not in taken)


def _checked(document: Any, lot: Lot, check_arrival: Callable[[Document, Lot, Entry], None]) -> Entry:
    entry = Entry(check_json(document))
    parsed = None if entry.problems else BID.read(document, "", entry.problems)
    if entry.problems or not isinstance(parsed, dict):
        return entry
    if "id" not in document:
        document = {"id": free_key(lot), **document}
    entry.key = document["id"]
    for indicator in document.get("environment", {}):
        INDICATOR.read(indicator, child("/environment", indicator), entry.problems)
    check_arrival(document, lot, entry)
    _check_exclusion(document, entry)
    sums = quantities_of(lot)
    quantities = {item.key: sums[item.pk] for item in lot.items.all()}
    _check_lines(document, quantities, entry)
    entry.problems += consortia.problems_of(document)
    entry.problems += stated.problems_of(document, quantities)
    if not entry.problems:
        _try(document, lot, quantities, entry)
    return entry


def _check_arrival(document: Document, lot: Lot, entry: Entry, newcomers: Container[str]) -> None:
    """Whose bid it is, when it came, and that it was not opened where that was too late."""
    _check_tenderer(document, lot, entry, newcomers)
    _check_receipt(document, lot, entry)
    _check_unopened(document, entry)


def _check_tenderer(document: Document, lot: Lot, entry: Entry, newcomers: Container[str]) -> None:
    name = document["supplier"]["name"]
    supplier = entry.supplier = Supplier.objects.filter(name=name).first()
    if supplier is None and name not in newcomers:
        _add(entry, "/supplier/name", _("No supplier is registered as “%(name)s”: register it first."), name=name)
    elif supplier and document["supplier"].get("country", supplier.operator_country or None) != (
        supplier.operator_country or None
    ):
        template = _("The register has the operator's origin %(origin)s: leave it out, or correct the register first.")
        _add(entry, "/supplier/country", template, origin=supplier.operator_country or Phrase(_("unknown")))
    if supplier and Bid.objects.filter(lot=lot, supplier=supplier).exists():
        _add(entry, "/supplier/name", _("%(supplier)s already has a bid for this lot."), supplier=supplier)
    if Bid.objects.filter(lot=lot, key=document["id"]).exists():
        _add(entry, "/id", _("This lot already has a bid “%(id)s”."), id=document["id"])
    entry.problems += consortia.unregistered(document, newcomers)


def _check_exclusion(document: Document, entry: Entry) -> None:
    excluded = document.get("status") == Bid.Status.EXCLUDED
    if excluded and not (document.get("exclusion") and document.get("exclusion_reason")):
        _add(entry, "/exclusion", _("An excluded bid has its ground (exclusion) and its reason (exclusion_reason)."))
    if not excluded and ("exclusion" in document or "exclusion_reason" in document):
        _add(entry, "/exclusion", _("Only a bid of status “excluded” has a ground or a reason of exclusion."))


def _check_receipt(document: Document, lot: Lot, entry: Entry) -> None:
    """What came after the deadline is eliminated (CCP R2151-5): it is entered as such, and stays visible.

    So a deadline asks when a bid came, unless another ground excludes it whenever it did.
    """
    due, received = lot.tender.bids_due_at, moment_of(document.get("submitted_at"))
    excluded, late = document.get("status") == Bid.Status.EXCLUDED, is_late(document)
    if due is None:
        return
    if received is None:
        if late or not excluded:
            _add(entry, LATE_AT, _("Say when the bid was received: what came after the deadline is not judged."))
        return
    if received > due and not excluded:
        template = _(
            "Received after the deadline for bids, %(due)s: such a bid is eliminated (CCP R2151-5). Enter it as "
            "excluded, late, or correct the time."
        )
        _add(entry, LATE_AT, template, due=moment(due))
    if received <= due and late:
        template = _("Received before the deadline for bids, %(due)s: this bid is not late.")
        _add(entry, "/exclusion", template, due=moment(due))


def _check_unopened(document: Document, entry: Entry) -> None:
    """A late bid is eliminated without being opened: nobody knows what it offers."""
    for name in OFFERED:
        if is_late(document) and document.get(name):
            _add(entry, f"/{name}", _("A bid that came late is not opened: leave out what it offers."))


def _check_lines(document: Document, quantities: Mapping[str, Decimal], entry: Entry) -> None:
    """Lines price the items of the lot, each once and all of them, in the quantities of the needs."""
    lines = document.get("lines", [])
    for index, line in enumerate(lines):
        quantity = quantities.get(line["id"])
        if quantity is None:
            _add(entry, f"/lines/{index}/id", _("The lot has no item “%(id)s”."), id=line["id"])
        elif "quantity" in line and Decimal(line["quantity"]) != quantity:
            template = _("Bids are compared on the sum of the needs, %(quantity)s: leave the quantity out.")
            _add(entry, f"/lines/{index}/quantity", template, quantity=plain(quantity))
    missing = sorted(set(quantities) - {line["id"] for line in lines})
    if lines and missing and document.get("status") != Bid.Status.EXCLUDED:
        _add(entry, "/lines", _("These items have no price: %(items)s."), items=", ".join(missing))


def _try(document: Document, lot: Lot, quantities: Mapping[str, Decimal], entry: Entry) -> None:
    """Read the bid as scoring will, in a case of its lot where it is alone."""
    assert lot.rules is not None  # as of every published lot
    assert lot.tender.launched_on is not None
    case = case_document(
        rules=lot.rules,
        policy_document=lot.policy_version.document if lot.policy_version else None,
        bids=[_case_bid(document, lot.rules, quantities)],
        facts={},
        assessed_on=lot.tender.launched_on,
    )
    try:
        price = read_case(case).bids[0].price
    except InvalidDocument as invalid:
        entry.problems += [problem.at(problem.pointer.removeprefix(OF_THE_BID)) for problem in invalid.problems]
        return
    entry.price = None if price is None else Decimal(fixed(price, 2))


def _case_bid(document: Document, rules: Document, quantities: Mapping[str, Decimal]) -> Document:
    """The bid as a case has it. Marks are given later, by the evaluation: here each is the lowest there is."""
    optional = ("exclusion_reason", "price", "cost")
    bid = {
        "id": document["id"],
        "supplier": document["supplier"],
        "status": document.get("status", Bid.Status.ADMISSIBLE.value),
        "lines": [
            {"origins": [], **line, "quantity": plain(quantities[line["id"]])} for line in document.get("lines", [])
        ],
        "marks": {criterion["id"]: "0" for criterion in rules["criteria"] if "scale" in criterion},
        **{name: document[name] for name in optional if name in document},
    }
    if "environment" in document:
        bid["environment"] = {indicator: _declared(piece) for indicator, piece in document["environment"].items()}
    if document.get("submitted_at"):
        bid["submitted_at"] = document["submitted_at"]
    return bid


def _declared(piece: Document) -> Document:
    """Evidence as a case has it: as it was declared, expired or not."""
    return {name: value for name, value in piece.items() if name != "expires_on"}


def _add(entry: Entry, pointer: str, template: str, **values: Any) -> None:
    entry.problems.append(Problem(pointer, template, values))
