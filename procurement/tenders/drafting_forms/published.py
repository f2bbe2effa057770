"""A lot begun with a grid that another buyer published: criteria and weights as printed, and what today's law adds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

import scoring
from procurement.sentences import sentence
from procurement.tenders import grids
from procurement.tenders.drafting_forms.criteria import new_key
from procurement.tenders.drafting_forms.written import Document
from procurement.tenders.drafts import ON_PRICE
from procurement.tenders.grids.wording import ENVIRONMENT
from procurement.tenders.models import ReferenceGrid, Tender
from procurement.tenders.rules import case_document

LONGEST = 200  # characters of the title of a criterion
SCALES = {"environment": "evidence", "delivery": "commitment"}  # of templates; that of any other kind is "answer"
MISSING = ("environment-criterion-missing", "price-only")  # the findings that a criterion on the environment answers


@dataclass(frozen=True, slots=True)
class Begun:
    """The criteria a lot is begun with (`documents.LOT`), and what its buyer is told of them."""

    criteria: list[Document]
    notes: list[str]


def begun(grid: ReferenceGrid, tender: Tender) -> Begun:
    """A lot of ``tender`` with the criteria of ``grid`` that weigh something, its prices added up: rules have one.

    A notice says neither formulas nor scales; those of templates stand there. Where the law at the launch (today, as
    long as the draft has no day) wants a criterion on the environment that is not printed, a row without a weight
    stands for it.
    """
    weighed = [written for written in grid.criteria if int(written["weight"])]
    priced = [written for written in weighed if written["kind"] in ON_PRICE]
    criteria: list[Document] = []
    for written in [*_joined(priced), *(written for written in weighed if written not in priced)]:
        criteria.append(_criterion(written, criteria))
    blocks = _blocks(criteria, tender)
    notes = [_origin(grid), *_of_prices(len(priced))]
    notes += [sentence(block, criteria={each["id"]: each["title"] for each in criteria}) for block in blocks]
    if any(block["code"] in MISSING for block in blocks):
        title = ENVIRONMENT.get((get_language() or "")[:2], ENVIRONMENT["en"])
        criteria.append(_criterion({"title": title, "kind": "environment", "weight": ""}, criteria))
        notes.append(_("A last row stands for the criterion that is missing: give it a weight, taken from the others."))
    return Begun(criteria, notes)


def _origin(grid: ReferenceGrid) -> str:
    return _(
        "Criteria and weights as notice %(notice)s of %(buyer)s printed them. It said neither formulas nor scales: "
        "those below are only proposed."
    ) % {"notice": grid.notice, "buyer": grid.buyer}


def _of_prices(count: int) -> list[str]:
    if count == 0:
        return [_("The notice has no criterion on prices: say how the price counts.")]
    if count == 1:
        return []
    return [
        ngettext(
            "Rules have one criterion on prices: the weights of the %(count)d of the notice are added up.",
            "Rules have one criterion on prices: the weights of the %(count)d of the notice are added up.",
            count,
        )
        % {"count": count}
    ]


def _joined(priced: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The criteria on prices as one: the price where one of them is, under the first title or that of the whole."""
    if len(priced) < 2:
        return [dict(written) for written in priced]
    kind = "price" if any(written["kind"] == "price" for written in priced) else "cost"
    wholes = {written.get("parent") for written in priced}
    title = wholes.pop() if len(wholes) == 1 else None
    weight = sum(int(written["weight"]) for written in priced)
    return [{"title": title or priced[0]["title"], "kind": kind, "weight": str(weight)}]


def _criterion(written: Mapping[str, Any], before: Sequence[Document]) -> Document:
    """A published criterion as that of a lot, under an id that none of ``before`` has."""
    title = Truncator(written["title"]).chars(LONGEST)
    criterion: Document = {
        "id": new_key(title, {each["id"] for each in before}),
        "title": title,
        "kind": written["kind"],
        "weight": written["weight"],
    }
    if written["kind"] in ON_PRICE:
        return criterion | {"formula": "lowest_ratio"}
    if written.get("parent"):
        criterion["parent"] = Truncator(written["parent"]).chars(LONGEST)
    scale = grids.scale(SCALES.get(written["kind"], "answer"), get_language())
    return criterion | {"formula": "proportional"} | scale


def _blocks(criteria: Sequence[Document], tender: Tender) -> list[Document]:
    """The findings on such criteria that would block a publication; none where they make no rules yet."""
    today = timezone.localdate()
    case = case_document(
        rules={
            "tender": {
                "id": tender.reference,
                "launched_on": (tender.launched_on or today).isoformat(),
                "cpv": tender.cpv,
                "currency": tender.currency,
            },
            "rounding": {"decimals": 2},
            "criteria": [{name: each[name] for name in each if name != "steps"} for each in criteria],
            "tie_break": [],
        },
        policy_document=None,
        bids=[],
        facts={"purpose": "award"},
        assessed_on=today,
    )
    if scoring.validate(case).errors:
        return []
    return [found for found in scoring.evaluate(case)["findings"] if found["severity"] == "block"]
