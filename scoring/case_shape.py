"""The form of a case document, key by key (specification 2). Rules across keys are in `case_rules`."""

from __future__ import annotations

from scoring.countries import Country
from scoring.facts import FACTS_SHAPE
from scoring.formulas import FORMULAS, Formula
from scoring.policy_shape import ASSURANCE, CPV, IDENTIFIER, POLICY
from scoring.problems import Phrase, gettext_noop
from scoring.shapes import (
    ByKey,
    Choice,
    Day,
    Flag,
    Integer,
    ListOf,
    MapOf,
    Moment,
    Nullable,
    Number,
    Object,
    Pattern,
    Shape,
    Text,
)

CURRENCY = Pattern("[A-Z]{3}", Phrase(gettext_noop('A currency code of 3 capitals ("EUR")')))
MONEY = Number(above=0, decimals=2)
KINDS_BY_BASIS = {"price": ("price", "cost"), "mark": ("quality", "environment", "delivery", "social")}
TIE_BREAKS = ("lower_price", "higher_environment", "higher_european_share", "earlier_submission")
DEFAULT_TIE_BREAK = ("lower_price", "higher_environment")
DEFAULT_DECIMALS = 2

TENDER = Object(
    {"id": IDENTIFIER, "currency": CURRENCY},
    {
        "launched_on": Nullable(Day()),
        "cpv": Nullable(CPV),
        "estimated_value": Nullable(Number()),
        "price_basis": Choice(("excl_vat", "incl_vat")),
    },
)


def _criterion(kind: str, formula: Formula) -> Shape:
    needed: dict[str, Shape] = {
        "id": IDENTIFIER,
        "kind": Choice((kind,)),
        "weight": Number(above=0),
        "formula": Choice((formula.key,)),
    }
    allowed: dict[str, Shape] = {"title": Text(), "parent": Text(), "counts_environment": Flag()}
    (needed if formula.params.required else allowed)["params"] = formula.params
    if formula.on == "mark":
        needed["scale"] = Number(above=0)
        allowed["minimum"] = Number()
    else:
        allowed |= {"scale": Number(), "minimum": Number()}  # known keys, without effect on a price
    return Object(needed, allowed)


CRITERION = ByKey(
    "kind",
    {
        kind: ByKey("formula", {f.key: _criterion(kind, f) for f in FORMULAS.values() if f.on == basis})
        for basis, kinds in KINDS_BY_BASIS.items()
        for kind in kinds
    },
)

ORIGIN = Object({"country": Country(), "share": Number(at_least=0)}, {"assurance": ASSURANCE})
LINE = Object(
    {"id": IDENTIFIER, "quantity": Number(above=0), "unit_price": Number(at_least=0), "origins": ListOf(ORIGIN)}
)
EVIDENCE = Object({"value": Text()}, {"assurance": ASSURANCE})

BID = Object(
    {
        "id": IDENTIFIER,
        "supplier": Object({"name": Text()}, {"country": Nullable(Country())}),
        "status": Choice(("admissible", "excluded")),
    },
    {
        "exclusion_reason": Text(),
        "submitted_at": Moment(),
        "price": MONEY,
        "cost": MONEY,
        "lines": ListOf(LINE),
        "marks": MapOf(Number()),
        "environment": MapOf(EVIDENCE),
    },
)

CASE = Object(
    {
        "schema": Choice(("bareme-case/1",)),
        "tender": TENDER,
        "criteria": ListOf(CRITERION, filled=Phrase(gettext_noop("one criterion"))),
        "bids": ListOf(BID),
    },
    {
        "assessed_on": Day(),
        "facts": FACTS_SHAPE,
        "rounding": Object(optional={"decimals": Integer(at_least=0, at_most=6)}),
        "policy": Nullable(POLICY),
        "tie_break": ListOf(Choice(TIE_BREAKS)),
    },
)
