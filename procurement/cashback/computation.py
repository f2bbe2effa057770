"""The cash-back of a hospital's awards, lot by lot, then under the hospital-year cap. No database, no clock.

The estimate is static: the awarded bid is read as it was, under other rules. Each lot's cash-back is what the
specification (4) gives the awarded bid; it is shared between the beneficiaries by their part of the awarded value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from procurement.cashback.apportionment import apportion
from procurement.cashback.awards import Award
from scoring import __version__
from scoring.case import Bid, Case
from scoring.case_reading import read_case
from scoring.cashback import estimate
from scoring.numbers import exact, fixed, fixed_units, rounded_units
from scoring.outcome import Exclusion
from scoring.policy import Cashback
from scoring.problems import InvalidDocument
from scoring.rationing import ration
from scoring.standing import Standing, standing

SCHEMA = "bareme-cashback-estimate/1"
CURRENCY = "EUR"  # of caps and envelopes; amounts in another currency are not converted


class Reason(StrEnum):
    """Why an award cannot be estimated."""

    EXCLUDED = "excluded"
    CASE_DOES_NOT_FIT = "case_does_not_fit"
    OTHER_CURRENCY = "other_currency"
    NO_UNIT_PRICES = "no_unit_prices"
    NEEDS_CHANGED = "needs_changed"


class Nothing(StrEnum):
    """Why an award earns nothing."""

    OUTSIDE_CONDITIONS = "outside_conditions"
    BELOW_MINIMUM_CONTRACT = "below_minimum_contract"
    BELOW_FIRST_TIER = "below_first_tier"


class LeftOut(Exception):
    """An award that cannot be estimated; `place` is the pointer, measure, item or currency it stands on."""

    def __init__(self, reason: Reason, place: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


def line_of(award: Award, case_document: dict[str, Any], *, rules: dict[str, Any], hospital: int) -> dict[str, Any]:
    """The line of one award for one hospital, before the hospital-year cap. Raises LeftOut with a code.

    ``case_document`` is the decided case; money in the line is in its currency, excluding VAT or not as it says.
    """
    case = _case(case_document, rules)
    bid = next(bid for bid in case.bids if bid.id == award.bid)
    placed = standing(bid, case)
    if isinstance(placed, Exclusion):
        raise LeftOut(Reason.EXCLUDED, placed.reason)
    weights = _values(award, bid)
    return {
        "id": str(award.lot),
        "lot": award.reference,
        "title": award.title,
        "decision": award.decision,
        "case_sha256": award.case_sha256,
        "awarded_on": award.awarded_on.isoformat(),
        "price_basis": case.tender.price_basis,
        "price": fixed(placed.price, 2),
        "hospital_price": _part(placed.price, weights, hospital),
        "hospital_share": exact(weights[hospital] / sum(weights.values())),
        **_rates(placed, case, weights, hospital),
    }


def result_of(
    lines: Sequence[dict[str, Any]],
    left_out: Sequence[dict[str, Any]],
    *,
    scheme: dict[str, Any],
    hospital: str,
    year: int,
    provenance: Mapping[str, Any],
) -> dict[str, Any]:
    """The result document: the lines after the hospital-year cap, their totals, what it was computed from.

    The yearly envelope is national: it would take the awards of every hospital, which are theirs. It is stated and
    not applied.
    """
    capped = ration({**scheme, "envelope_year": None}, [_claim(line, hospital, year) for line in lines])
    complete = [{**line, "amount": granted["amount"]} for line, granted in zip(lines, capped, strict=True)]
    return {
        "schema": SCHEMA,
        "hospital": hospital,
        "year": year,
        "currency": CURRENCY,
        "lots": complete,
        "left_out": list(left_out),
        "totals": {key: _total(complete, key) for key in ("hospital_price", "before_caps", "amount")},
        "cap_per_hospital_year": scheme.get("cap_per_hospital_year"),
        "envelope": {"amount": scheme.get("envelope_year"), "applied": False},
        "software": __version__,
        **provenance,
    }


def _case(document: dict[str, Any], rules: dict[str, Any]) -> Case:
    try:
        case = read_case({**document, "policy": rules})
    except InvalidDocument as invalid:
        raise LeftOut(Reason.CASE_DOES_NOT_FIT, invalid.problems[0].pointer) from invalid
    if case.tender.currency != CURRENCY:
        raise LeftOut(Reason.OTHER_CURRENCY, case.tender.currency)
    return case


def _values(award: Award, bid: Bid) -> dict[int, Fraction]:
    """The awarded value by beneficiary: unit prices × their quantities."""
    if len(award.hospitals) == 1:
        return dict.fromkeys(award.hospitals, Fraction(1))
    if not bid.lines:
        raise LeftOut(Reason.NO_UNIT_PRICES)
    values = dict.fromkeys(sorted(award.hospitals), Fraction(0))
    for line in bid.lines:
        needs = award.needs.get(line.id, {})
        if sum(map(Fraction, needs.values()), Fraction(0)) != line.quantity:
            raise LeftOut(Reason.NEEDS_CHANGED, line.id)
        for hospital, quantity in needs.items():
            values[hospital] += line.unit_price * Fraction(quantity)
    return values


def _rates(placed: Standing, case: Case, weights: Mapping[int, Fraction], hospital: int) -> dict[str, Any]:
    scheme, uncapped = _scheme(case), _without_contract_cap(case)
    share, environment = placed.european_share, placed.environment
    assert share is not None
    assert environment is not None
    amounts = [estimate(placed.bid, each, placed.gauge) or Fraction(0) for each in (uncapped, case)]
    return {
        "european_share": fixed(share, 4),
        "environment": fixed(environment, 4),
        "rate": exact(scheme.rate(share)),
        "nothing_because": _nothing_because(placed, case, scheme),
        "before_caps": _part(amounts[0], weights, hospital),
        "under_contract_cap": _part(amounts[1], weights, hospital),
    }


def _nothing_because(placed: Standing, case: Case, scheme: Cashback) -> Nothing | None:
    """What keeps a contract from any cash-back; None when nothing does."""
    assert placed.gauge is not None
    assert case.policy is not None
    if not scheme.when.holds(case.tender, placed.bid.supplier.country, case.policy.areas, placed.gauge):
        return Nothing.OUTSIDE_CONDITIONS
    if placed.price < scheme.minimum_contract:
        return Nothing.BELOW_MINIMUM_CONTRACT
    return None if scheme.rate(placed.gauge.european_share) else Nothing.BELOW_FIRST_TIER


def _scheme(case: Case) -> Cashback:
    assert case.policy is not None
    assert case.policy.cashback is not None
    return case.policy.cashback


def _without_contract_cap(case: Case) -> Case:
    assert case.policy is not None
    return replace(case, policy=replace(case.policy, cashback=replace(_scheme(case), cap_per_contract=None)))


def _part(amount: Fraction, weights: Mapping[int, Fraction], hospital: int) -> str:
    return fixed_units(apportion(rounded_units(amount, 2), weights)[hospital], 2)


def _claim(line: dict[str, Any], hospital: str, year: int) -> dict[str, Any]:
    return {
        "id": line["id"],
        "hospital": hospital,
        "year": year,
        "awarded_on": line["awarded_on"],
        "amount": line["under_contract_cap"],
    }


def _total(lines: Sequence[dict[str, Any]], key: str) -> str:
    return fixed_units(sum(rounded_units(Fraction(line[key]), 2) for line in lines), 2)
