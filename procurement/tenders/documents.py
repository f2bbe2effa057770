"""The documents people hand in: a tender to draft, a lot, a bid. Their forms, and how a refusal lists its problems.

Numbers are plain decimals in strings and dates are YYYY-MM-DD, as in a case; the widths are those of the columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from procurement.people.refusals import Invalid
from procurement.problems import listed, said
from procurement.tenders.models import Bid, ConsortiumMember, Tender
from scoring.case_shape import BID as CASE_BID
from scoring.case_shape import CASE, CURRENCY, LINE, MONEY, ORIGIN
from scoring.countries import Country
from scoring.policy_shape import CPV
from scoring.problems import Phrase, Problem, gettext_noop
from scoring.shapes import (
    Anything,
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
)

LARGEST_AMOUNT = 10**13  # what an estimated value or a maximum may be, in units of the currency
LONGEST_FRAMEWORK = 600  # months


def words(most: int) -> Pattern:
    """Text that starts with something visible and fits a column of ``most`` characters."""
    return Pattern(
        rf"[^\s\x00][^\x00]{{0,{most - 1}}}", Phrase(gettext_noop("A text of 1 to %(most)s characters"), {"most": most})
    )


def key(most: int) -> Pattern:
    """A short name without spaces, which documents use as an id."""
    expected = gettext_noop("An id of 1 to %(most)s letters, digits, hyphens or underscores")
    return Pattern(rf"[A-Za-z0-9_-]{{1,{most}}}", Phrase(expected, {"most": most}))


@dataclass(frozen=True, slots=True)
class ReadAsCase(Anything):
    """A part that is checked as what it becomes, a case without bids: ``form`` only tells callers what is right."""

    form: Shape

    def schema(self) -> dict[str, Any]:
        return self.form.schema()


class CriteriaWithSteps(ReadAsCase):
    """Criteria of a case, of which a marked one may say what each step of its scale means."""

    def schema(self) -> dict[str, Any]:
        return _with_steps(self.form.schema())


def _with_steps(schema: dict[str, Any]) -> dict[str, Any]:
    if "items" in schema:
        return {**schema, "items": _with_steps(schema["items"])}
    if "oneOf" in schema:
        return {**schema, "oneOf": [_with_steps(form) for form in schema["oneOf"]]}
    return {**schema, "properties": {**schema["properties"], "steps": STEPS.schema()}}


STEPS = ListOf(Object({"value": Number(at_least=0), "meaning": words(500)}))
FINESS = Pattern("[0-9AB]{9}", Phrase(gettext_noop("A FINESS number of 9 characters")))
AMOUNT = Number(at_least=0, at_most=LARGEST_AMOUNT, decimals=2)
FRAMEWORK = Object(
    {
        "maximum": AMOUNT,
        "months": Integer(at_least=1, at_most=LONGEST_FRAMEWORK),
        "holders": Integer(at_least=1, at_most=1000),
    }
)
ITEM = Object(
    {"id": key(40), "designation": words(300), "unit": words(40), "needs": MapOf(Number(above=0))},
    {"vat_rate": Nullable(Number(at_least=0, at_most=100, decimals=2))},  # in percent
)
# What a bid may plausibly cost in all, in units of the currency.
PLAUSIBLE_PRICES = Object(
    {name: Number(above=0, at_most=LARGEST_AMOUNT, decimals=2) for name in ("low", "high")},
)
# Criteria are read as those of a case; these are the widths alone.
CRITERION_WIDTHS = {"id": key(40), "title": words(200), "parent": words(200)}
LOT = Object(
    {
        "title": words(300),
        "criteria": CriteriaWithSteps(CASE.required["criteria"]),
        "items": ListOf(ITEM, filled=Phrase(gettext_noop("one item"))),
    },
    {
        "number": Integer(at_least=1, at_most=9999),
        "cpv": CPV,
        "policy": Nullable(Object({"id": words(80), "version": Integer(at_least=1, at_most=10**6)})),
        "rounding": ReadAsCase(CASE.optional["rounding"]),
        "tie_break": ReadAsCase(CASE.optional["tie_break"]),
        "anonymous": Flag(),
        "two_envelopes": Flag(),
        "plausible_prices": Nullable(PLAUSIBLE_PRICES),
    },
)
TENDER = Object(
    {
        "reference": words(60),
        "title": words(300),
        "contracting_body": FINESS,
        "procedure": Choice(tuple(Tender.Procedure.values)),
        "cpv": CPV,
        "lots": ListOf(LOT),
    },
    {
        "technique": Choice(tuple(Tender.Technique.values)),
        "framework": Nullable(FRAMEWORK),
        "launched_on": Nullable(Day()),
        "estimated_value": Nullable(AMOUNT),
        "currency": CURRENCY,
        "price_basis": Choice(("excl_vat", "incl_vat")),
        "ipi_announced": Nullable(Flag()),
        "training": Flag(),
    },
)
BID_LINE = Object(
    {"id": key(40), "unit_price": LINE.required["unit_price"]},
    {"quantity": LINE.required["quantity"], "origins": ListOf(ORIGIN)},
)
OFFERED = ("price", "cost", "lines", "stated", "environment")  # what a bid offers, whoever makes it
# A bid comes in before its price is looked at: nobody enters one as abnormally low (CCP L2152-6).
ENTERED_EXCLUDED = tuple(ground for ground in Bid.Exclusion.values if ground != Bid.Exclusion.ABNORMALLY_LOW)
# What the tenderer states beside its unit prices: kept as it is and compared, never computed with.
STATED = Object(
    {},
    {
        "lines": MapOf(Number(at_least=0)),  # by id of the item, on the basis of the prices of the tender
        "total_excl_vat": Number(at_least=0),
        "vat": Number(at_least=0),
        "total_incl_vat": Number(at_least=0),
    },
)
MOST_MEMBERS = 30  # operators beside the tenderer that one bid names
OPERATOR = Object({"name": words(300)}, {"country": Nullable(Country())})
# Who makes a bid with its tenderer, which leads them. Shares are parts of the value of the contract, 0 to 1.
CONSORTIUM = Object(
    {
        "members": ListOf(
            Object(
                {"supplier": OPERATOR},
                {
                    "role": Choice(tuple(ConsortiumMember.Role.values)),
                    "share": Nullable(Number(at_least=0, at_most=1)),
                },
            )
        )
    },
    {"form": Nullable(Choice(tuple(Bid.Consortium.values)))},
)
BID = Object(
    {"supplier": OPERATOR},
    {
        "id": key(40),  # a number in order of entry where it is left out
        "submitted_at": Nullable(Moment()),
        "status": CASE_BID.required["status"],
        "exclusion": Choice(ENTERED_EXCLUDED),
        "exclusion_reason": words(2000),
        "price": MONEY,
        "cost": MONEY,
        "lines": ListOf(BID_LINE),
        "consortium": CONSORTIUM,
        "stated": STATED,
        "environment": MapOf(
            # The last day on which it is valid is kept beside the case, which has no place for it.
            Object({"value": words(120)}, {"assurance": ORIGIN.optional["assurance"], "expires_on": Nullable(Day())}),
        ),
    },
)
# An invented bid: one price, one operator, where the goods come from, what it shows. Never a bid that was received.
PROFILE = Object(
    {"name": words(120), "price": MONEY},
    {
        "cost": MONEY,
        "country": Nullable(Country()),
        "origins": ListOf(Object({"country": Country(), "share": Number(at_least=0)})),
        "marks": MapOf(Number()),
        "environment": MapOf(words(120)),
    },
)


def unopened(bid: Mapping[str, Any]) -> dict[str, Any]:
    """The document of a bid without what it offers: who makes it, when it came, and why it is out."""
    return {name: said for name, said in bid.items() if name not in OFFERED}


def refuse(sentence: str, problems: Sequence[Problem]) -> NoReturn:
    """Raise Invalid: ``sentence`` with the first problem in its "%(first)s", and every problem with its pointer."""
    raise Invalid(sentence % {"first": said(problems[0])}, listed(problems))
