"""What is wrong with a drafted tender or lot: its form, the hospitals and policies it names, and its rules."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import scoring
from procurement.people.models import Hospital, User
from procurement.people.scope import hospitals_of
from procurement.policies.models import Policy, PolicyVersion
from procurement.tenders.documents import CRITERION_WIDTHS, FINESS, LOT, STEPS, TENDER
from procurement.tenders.drafted import lot_documents
from procurement.tenders.models import Lot, Tender
from scoring.numbers import is_decimal
from scoring.problems import Problem, child
from scoring.problems import gettext_noop as _
from scoring.reading import check_json

Document = dict[str, Any]
LARGEST_QUANTITY = 10**18  # exclusive: a number of a case has at most 18 digits before the point
ON_PRICE = ("price", "cost")
RULES = ("criteria", "rounding", "tie_break")


@dataclass(slots=True)
class Draft:
    """A document read beside the rows it names; usable when `problems` is empty. One policy (or None) per lot."""

    problems: list[Problem]
    contracting_body: Hospital | None = None
    hospitals: dict[str, Hospital] = field(default_factory=dict)
    policies: list[PolicyVersion | None] = field(default_factory=list)


def check_tender(document: Any, by: User, *, instead_of: Tender | None = None) -> Draft:
    """The draft of a whole tender (`documents.TENDER`) by a buyer, with every problem."""
    draft = Draft(check_json(document))
    parsed = None if draft.problems else TENDER.read(document, "", draft.problems)
    if not isinstance(parsed, dict):
        return draft
    _check_terms(parsed, draft.problems)
    finess = parsed.get("contracting_body")
    body = draft.contracting_body = hospitals_of(by).filter(finess=finess).first() if finess else None
    if finess and body is None:
        _add(draft, "/contracting_body", _("None of your hospitals has the FINESS number %(finess)s."), finess=finess)
    same = Tender.objects.filter(contracting_body=body, reference=parsed.get("reference"))
    if instead_of:
        same = same.exclude(pk=instead_of.pk)
    if body and same.exists():
        _add(draft, "/reference", _("%(body)s already has a procedure under this reference."), body=body)
    lots = [(f"/lots/{index}", lot) for index, lot in enumerate(parsed.get("lots", [])) if isinstance(lot, dict)]
    numbers = [lot.get("number", index + 1) for index, (_pointer, lot) in enumerate(lots)]
    _check_unique(numbers, [f"{pointer}/number" for pointer, _lot in lots], draft)
    _check_lots(lots, body, by, draft)
    return draft


def check_terms(terms: Any, by: User, tender: Tender) -> Draft:
    """The draft of the terms of ``tender`` (`documents.TENDER` without its lots), beside the lots it has."""
    draft = Draft(check_json(terms))
    if draft.problems:
        return draft
    if not isinstance(terms, dict) or "lots" in terms:
        _add(draft, "", _("The terms are an object, without the lots: these are changed one by one."))
        return draft
    return check_tender({**terms, "lots": lot_documents(tender)}, by, instead_of=tender)


def check_lot(document: Any, by: User, lot: Lot) -> Draft:
    """The draft of one lot (`documents.LOT`) in the tender of ``lot``, which it replaces; an unsaved one is new."""
    draft = Draft(check_json(document))
    parsed = None if draft.problems else LOT.read(document, "", draft.problems)
    if not isinstance(parsed, dict):
        return draft
    number = parsed.get("number")
    if number is not None and Lot.objects.filter(tender=lot.tender, number=number).exclude(pk=lot.pk).exists():
        _add(draft, "/number", _("The tender already has a lot %(number)s."), number=number)
    _check_lots([("", parsed)], lot.tender.contracting_body, by, draft)
    return draft


def _check_terms(parsed: Document, problems: list[Problem]) -> None:
    framework = parsed.get("technique") == Tender.Technique.FRAMEWORK
    if framework and parsed.get("framework") is None:
        template = _("A framework agreement states its maximum, its duration in months and its number of holders.")
        problems.append(Problem("/framework", template))
    if not framework and parsed.get("framework") is not None:
        problems.append(Problem("/technique", _("These terms are those of a framework agreement: write “framework”.")))


def _check_lots(lots: list[tuple[str, Document]], body: Hospital | None, by: User, draft: Draft) -> None:
    named = {finess for _pointer, lot in lots for _index, item in _items(lot) for finess in item.get("needs", {})}
    readable = [finess for finess in named if re.fullmatch(FINESS.pattern, finess)]
    draft.hospitals = {hospital.finess: hospital for hospital in Hospital.objects.filter(finess__in=readable)}
    for pointer, lot in lots:
        _check_items(pointer, lot, body, draft)
        _check_plausible_prices(pointer, lot, draft)
        policy = _policy(pointer, lot, by, draft)
        draft.policies.append(policy)
        draft.problems += _problems_of_rules(pointer, lot, policy)


def _items(lot: Document) -> Iterator[tuple[int, Document]]:
    return ((index, item) for index, item in enumerate(lot.get("items", [])) if isinstance(item, dict))


def _check_items(pointer: str, lot: Document, body: Hospital | None, draft: Draft) -> None:
    items = list(_items(lot))
    ids = [item.get("id") for _index, item in items]
    _check_unique(ids, [f"{pointer}/items/{index}/id" for index, _item in items], draft)
    for index, item in items:
        place = f"{pointer}/items/{index}/needs"
        needs: Mapping[str, Any] = item.get("needs", {})
        if not needs:
            _add(draft, place, _("Give the quantity that at least one hospital needs."))
        if sum(need for need in needs.values() if isinstance(need, Fraction)) >= LARGEST_QUANTITY:
            _add(draft, place, _("The sum of the needs has too many digits: at most 18 before the point."))
        for finess in needs:
            hospital = draft.hospitals.get(finess)
            if body and (hospital is None or not _buys_with(body, hospital)):
                template = _("No hospital of the group of %(body)s has the FINESS number %(finess)s.")
                _add(draft, child(place, finess), template, body=body, finess=finess)


def _check_plausible_prices(pointer: str, lot: Document, draft: Draft) -> None:
    given = lot.get("plausible_prices") or {}
    if "low" in given and "high" in given and given["low"] >= given["high"]:
        _add(draft, f"{pointer}/plausible_prices/high", _("The highest plausible price must be above the lowest."))


def _buys_with(body: Hospital, hospital: Hospital) -> bool:
    """Whether ``body`` may buy for ``hospital``: for itself, and for the members of its group."""
    return hospital == body or (body.group_id is not None and hospital.group_id == body.group_id)


def _policy(pointer: str, lot: Document, by: User, draft: Draft) -> PolicyVersion | None:
    named = lot.get("policy")
    if named is None or len(named) < 2:
        return None
    rows = PolicyVersion.objects.visible_to(by).approved().select_related("policy")
    version = rows.filter(
        policy__kind=Policy.Kind.PREFERENCE, policy__identifier=named["id"], version=named["version"]
    ).first()
    if version is None:
        template = _("No approved preference policy is “%(id)s”, version %(version)s.")
        _add(draft, f"{pointer}/policy", template, **named)
    return version


def _problems_of_rules(pointer: str, lot: Document, policy: PolicyVersion | None) -> list[Problem]:
    """What scoring says of the lot's rules as a case without bids, and what would not fit the columns."""
    if "criteria" not in lot:
        return []
    case = {
        "schema": "bareme-case/1",
        "tender": {"id": "draft", "currency": "EUR"},
        "bids": [],
        "policy": policy.document if policy else None,
        **{name: lot[name] for name in RULES if name in lot},
        "criteria": _without_steps(lot["criteria"]),
    }
    report = scoring.validate(case)
    problems = [error.at(pointer + error.pointer) for error in report.errors]
    criteria = lot["criteria"] if isinstance(lot["criteria"], list) else []
    for index, criterion in enumerate(criteria):
        if not isinstance(criterion, dict):
            continue
        for name, shape in CRITERION_WIDTHS.items():
            if isinstance(criterion.get(name), str):
                shape.read(criterion[name], f"{pointer}/criteria/{index}/{name}", problems)
        if criterion.get("kind") in ON_PRICE:
            _refuse_marks(criterion, f"{pointer}/criteria/{index}", problems)
        else:
            _check_steps(criterion, f"{pointer}/criteria/{index}/steps", problems)
    return problems


def _without_steps(criteria: Any) -> Any:
    """The criteria as a case has them: what a mark means is announced, and changes no score."""
    if not isinstance(criteria, list):
        return criteria
    return [
        {name: value for name, value in criterion.items() if name != "steps"}
        if isinstance(criterion, dict)
        else criterion
        for criterion in criteria
    ]


def _refuse_marks(criterion: Document, pointer: str, problems: list[Problem]) -> None:
    """A case may give a price a scale, without effect; a draft that does was not meant so."""
    for name in ("scale", "minimum", "steps"):
        if criterion.get(name):
            problems.append(Problem(f"{pointer}/{name}", _("A price is not marked: leave this out.")))


def _check_steps(criterion: Document, pointer: str, problems: list[Problem]) -> None:
    """Steps rise from one to the next and stay within the scale."""
    given = criterion.get("steps", [])
    before = len(problems)
    steps = STEPS.read(given, pointer, problems)
    if len(problems) > before:
        return
    values = [step["value"] for step in steps if "value" in step]
    for index, value in enumerate(values):
        place = f"{pointer}/{index}/value"
        if index and value <= values[index - 1]:
            problems.append(Problem(place, _("Steps go from the lowest mark to the highest, each once.")))
        scale = criterion.get("scale")
        if isinstance(scale, str) and is_decimal(scale) and value > Fraction(scale):
            template = _("The step %(step)s is above the highest mark, %(scale)s.")
            problems.append(Problem(place, template, {"step": given[index]["value"], "scale": scale}))


def _check_unique(values: list[Any], pointers: list[str], draft: Draft) -> None:
    """None, which could not be read, is passed over."""
    for index, value in enumerate(values):
        if value is not None and value in values[:index]:
            _add(draft, pointers[index], _("“%(value)s” is used more than once: give each its own."), value=value)


def _add(draft: Draft, pointer: str, template: str, **values: Any) -> None:
    draft.problems.append(Problem(pointer, template, values))
