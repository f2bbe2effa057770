"""The form of a policy document, key by key (specification 2 and 4). Rules across keys are in `policy_rules`."""

from __future__ import annotations

from scoring.countries import Country
from scoring.measures import KINDS, Kind
from scoring.problems import Phrase, gettext_noop
from scoring.shapes import (
    Anything,
    ByKey,
    Choice,
    Day,
    Integer,
    ListOf,
    MapOf,
    Nullable,
    Number,
    Object,
    Pair,
    Pattern,
    Shape,
    Text,
)

ASSURANCE = Choice(("declared", "documented", "verified"))
CPV = Pattern("[0-9]{8}", Phrase(gettext_noop("A CPV code of 8 digits")))
IDENTIFIER = Text(filled=True)
RATIO = Number(at_least=0, at_most=1)
CAP = Nullable(Number(at_least=0, decimals=2))
ONE_POINT = Phrase(gettext_noop("one point"))
CURVE = ListOf(Pair(Number(), Number()), filled=ONE_POINT)
THRESHOLD = Pair(Text(), Number(), in_part=True)  # a driver is looked up even where its number cannot be read

PREDICATE = Object(
    optional={
        "launched_from": Day(),
        "launched_until": Day(),
        "cpv_from": CPV,
        "cpv_to": CPV,
        "estimated_value_from": Number(),
        "supplier_in": Text(),
        "supplier_not_in": Text(),
        "driver_below": THRESHOLD,
        "driver_from": THRESHOLD,
    }
)

_INDICATOR: dict[str, Shape] = {"id": IDENTIFIER, "weight": Number(above=0)}
INDICATOR = ByKey(
    "kind",
    {
        # A curve of labels and labels of a number are known keys without effect.
        "number": Object(
            {"kind": Choice(("number",)), **_INDICATOR},
            {
                "curve": ListOf(Pair(Number(), RATIO), filled=ONE_POINT),
                "labels": MapOf(Number()),
                "reference": Text(),
            },
        ),
        "label": Object(
            {"kind": Choice(("label",)), **_INDICATOR, "labels": MapOf(RATIO)},
            {"curve": CURVE, "reference": Text()},
        ),
    },
)


def _measure(kind: Kind) -> Shape:
    needed: dict[str, Shape] = {"id": IDENTIFIER, "kind": Choice((kind.key,))}
    allowed: dict[str, Shape] = {"curve": CURVE, "params": kind.params, "when": PREDICATE, "reference": Text()}
    (needed if kind.needs_driver else allowed)["driver"] = Text() if kind.needs_driver else Anything()
    (needed if kind.needs_amount else allowed)["amount"] = Number() if kind.needs_amount else Anything()
    return Object(needed, allowed)


MEASURE = ByKey("kind", {key: _measure(kind) for key, kind in KINDS.items()})

CASHBACK = Object(
    {
        "id": IDENTIFIER,
        "base": Choice(("european_value", "contract")),
        "tiers": ListOf(Pair(Number(), Number())),
    },
    {
        "environment_multiplier": Number(),
        "minimum_contract": Number(),
        "cap_per_contract": CAP,
        "cap_per_hospital_year": CAP,
        "envelope_year": CAP,
        "rationing": Choice(("pro_rata", "first_come")),
        "when": PREDICATE,
        "reference": Text(),
    },
)

POLICY = Object(
    {
        "schema": Choice(("bareme-policy/1",)),
        "id": IDENTIFIER,
        "version": Integer(),
        "status": Choice(("in_force", "proposed")),
        "content_basis": Choice(("ucc_origin", "value_added")),
        "areas": MapOf(ListOf(Country())),
        "european_area": Text(),
        "indicators": ListOf(INDICATOR),
        "measures": ListOf(MEASURE),
    },
    {
        "title": Text(),
        "assurance_factors": Object(optional=dict.fromkeys(ASSURANCE.options, RATIO)),
        "bonus_cap": Nullable(Number()),
        "cashback": Nullable(CASHBACK),
    },
)
