"""What scenarios would have changed, cost and brought, in whole cents: sums over the lots whose winner they change.

*Static*: bids are taken as unchanged. The European value of an award is its price × its European share in whole cents,
under the policy as it stands, whatever a scenario makes of assurances: one ruler for all. Cash-back is what the
scenario's own scheme pays, by award before caps (specification 4), and after the cap of each hospital and year and the
envelope of each year. Lots without a winner add nothing. Money is summed within one currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from scoring.cashback import rate
from scoring.numbers import decimal, is_decimal, rounded_units
from scoring.policy import Cashback, Policy
from scoring.portfolio.adding import add_up, add_up_shared
from scoring.portfolio.baseline import Baseline
from scoring.portfolio.buckets import Answers
from scoring.portfolio.coded import Coded, combined
from scoring.portfolio.columns import Columns, Facts
from scoring.portfolio.gauges import encoded
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.problems import BadSnapshot
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.together import Shared
from scoring.problems import gettext_noop

Ints = NDArray[np.int64]
FITS = float(2**62)
LARGEST_GRAMS = 2**40  # of a bid: a million tons; more is a slip, and says nothing
NO_YEAR = 0  # of a lot without a day of award


@dataclass(frozen=True, slots=True)
class Money:
    """Cents of one currency."""

    currency: str
    spend: int
    european_value: int
    cashback: int
    cashback_granted: int
    deadweight: int

    def __sub__(self, other: Money) -> Money:
        return Money(
            self.currency,
            self.spend - other.spend,
            self.european_value - other.european_value,
            self.cashback - other.cashback,
            self.cashback_granted - other.cashback_granted,
            self.deadweight - other.deadweight,
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one scenario: lots whose winner differs from the baseline's, lots without one, and money by currency.

    `grams` is the change of CO2e over the changed lots where both winners say theirs; `untold` counts the others.
    """

    changed: int
    without_winner: int
    money: tuple[Money, ...]
    grams: int
    untold: int


class Ruler:
    """What every award is worth, and by which currency, hospital and year it is summed."""

    def __init__(self, facts: Facts, columns: Columns, *, carbon: str = "") -> None:
        """`carbon` names the indicator whose evidence is the kilograms of CO2e of a bid; empty: nobody says any."""
        self.facts = facts
        if float(facts.price.sum(dtype=np.float64)) >= FITS:
            raise BadSnapshot(
                gettext_noop("The prices of this archive add up to more than whole cents of 64 bits: split it.")
            )
        self.grams, self.told = grams_of(facts.snapshot, carbon)
        self.price = facts.price
        self.european_value = times(facts.price, columns.european_share)
        snapshot = facts.snapshot
        self.currency, self.currencies = snapshot.coded("currency")
        hospital, _names = snapshot.coded("hospital")
        awarded = np.asarray(snapshot.lot("awarded_on").fill_null(0)).astype("datetime64[Y]").astype(np.int64) + 1970
        year = np.where(np.asarray(snapshot.lot("awarded_on").is_valid()), awarded, NO_YEAR)
        self.account, first = combined(self.currency, year, hospital)  # what one cap of a hospital's year holds for
        self.account_currency, self.account_year = self.currency[first], year[first]


class Sums:
    """The figures of many scenarios under one cash-back scheme, added up answer by answer."""

    def __init__(
        self, ruler: Ruler, cashback: Ints, scheme: Cashback | None, baseline: Baseline, scenarios: int
    ) -> None:
        self._ruler, self._cashback, self._scheme, self._baseline = ruler, cashback, scheme, baseline
        currencies, accounts = len(ruler.currencies), len(ruler.account_year)
        self._changed = np.zeros(scenarios, dtype=np.int64)
        self._without = np.zeros(scenarios, dtype=np.int64)
        self._grams, self._untold = np.zeros(scenarios, dtype=np.int64), np.zeros(scenarios, dtype=np.int64)
        self._spend, self._european, self._kept = (np.zeros((scenarios, currencies), dtype=np.int64) for _ in range(3))
        self._paid = np.zeros((scenarios, accounts), dtype=np.int64)
        won = baseline.winners != NOBODY
        lots, bids = np.flatnonzero(won), baseline.winners[won]
        self._without += int((~won).sum())
        for sums, worth in ((self._spend, ruler.price), (self._european, ruler.european_value), (self._kept, cashback)):
            row = np.zeros(currencies, dtype=np.int64)
            np.add.at(row, ruler.currency[lots], worth[bids])
            sums += row
        row = np.zeros(accounts, dtype=np.int64)
        np.add.at(row, ruler.account[lots], cashback[bids])
        self._paid += row

    def add(self, answers: Answers | Shared) -> None:
        """Put the new winners in the place of those of the baseline."""
        ruler = self._ruler
        known = (
            self._baseline.winners, ruler.currency, ruler.account, ruler.price, ruler.european_value, self._cashback,
            ruler.grams, ruler.told,
        )  # fmt: skip
        sums = (
            self._changed, self._without, self._grams, self._untold,
            self._spend, self._european, self._kept, self._paid,
        )  # fmt: skip
        if isinstance(answers, Shared):
            add_up_shared(answers.members, answers.lots, answers.bids, answers.masks, *known, *sums)
        else:
            add_up(answers.scenarios, answers.lots, answers.bids, *known, *sums)

    def figures(self) -> list[Figures]:
        """Of each scenario."""
        before = _by_currency(self._ruler, self._paid)
        granted = self._granted()
        return [
            Figures(
                int(self._changed[scenario]),
                int(self._without[scenario]),
                tuple(
                    Money(str(currency), *(int(sums[scenario, place]) for sums in columns))
                    for place, currency in enumerate(self._ruler.currencies)
                ),
                int(self._grams[scenario]),
                int(self._untold[scenario]),
            )
            for scenario in range(len(self._changed))
            for columns in [(self._spend, self._european, before, granted, self._kept)]
        ]

    def _granted(self) -> Ints:
        """By scenario and currency, after the caps: each account up to its cap, then each year up to its envelope."""
        scheme, ruler = self._scheme, self._ruler
        paid = self._paid
        if scheme is None:
            return _by_currency(ruler, paid)
        if scheme.cap_per_hospital_year is not None:
            paid = np.minimum(paid, _cents(scheme.cap_per_hospital_year))
        if scheme.envelope_year is None:
            return _by_currency(ruler, paid)
        years, first = combined(ruler.account_currency, ruler.account_year)
        by_year = np.zeros((len(paid), len(first)), dtype=np.int64)
        np.add.at(by_year.T, years, paid.T)
        by_year = np.minimum(by_year, _cents(scheme.envelope_year))
        sums = np.zeros((len(paid), len(ruler.currencies)), dtype=np.int64)
        np.add.at(sums.T, ruler.account_currency[first], by_year.T)
        return sums


def grams_of(snapshot: Snapshot, indicator: str) -> tuple[Ints, NDArray[np.bool_]]:
    """Of every bid the grams of CO2e that its evidence for an indicator says in kilograms, and whether it says any.

    Evidence that is no number says nothing.
    """
    evidence = snapshot.bid("evidence")
    bid_of = np.repeat(np.arange(snapshot.bids), np.diff(np.asarray(evidence.offsets)))
    mine = np.asarray(pc.equal(evidence.values.field("indicator"), indicator))
    codes, texts = encoded(evidence.values.field("value").filter(pa.array(mine)))
    known = [_grams(text) for text in texts]
    told = np.array([each is not None for each in known], dtype=bool)[codes]
    grams = np.array([each or 0 for each in known], dtype=np.int64)
    of_bids, says = np.zeros(snapshot.bids, dtype=np.int64), np.zeros(snapshot.bids, dtype=bool)
    of_bids[bid_of[mine]], says[bid_of[mine]] = grams[codes], told
    return of_bids, says


def _grams(kilograms: str) -> int | None:
    grams = rounded_units(decimal(kilograms), 3) if is_decimal(kilograms) else LARGEST_GRAMS
    return grams if abs(grams) < LARGEST_GRAMS else None


def _cents(limit: Fraction) -> int:
    """A cap or an envelope in cents; beyond all sums it limits nothing."""
    return min(rounded_units(limit, 2), int(FITS))


def cashback_of(columns: Columns, policy: Policy | None) -> Ints:
    """What a policy's scheme would pay for each ranked bid, in cents, caps of years apart (specification 4)."""
    facts, scheme = columns.facts, None if policy is None else policy.cashback
    cents = np.zeros(len(facts.price), dtype=np.int64)
    if scheme is None or columns.gauges is None:
        return cents
    holds = columns.gauges.holds(scheme.when) & facts.priced & columns.alive
    holds &= facts.price >= float(scheme.minimum_contract * 100)
    paid = np.where(holds, times(facts.price, _rates(scheme, columns)), 0)
    cap = scheme.cap_per_contract
    return paid if cap is None else np.minimum(paid, _cents(cap))


def _rates(scheme: Cashback, columns: Columns) -> Coded:
    """What a scheme pays for each cent of a bid's price."""
    share, environment = columns.european_share, columns.environment
    codes, first = combined(share.codes, environment.codes)
    pairs = [(share.values[share.codes[bid]], environment.values[environment.codes[bid]]) for bid in first]
    return Coded(codes, [rate(scheme, share, environment) for share, environment in pairs])


def times(cents: Ints, ratio: Coded) -> Ints:
    """cents × ratio, rounded half away from zero; both at least 0."""
    tops, bottoms = (
        np.array([part(value) for value in ratio.values], dtype=object)[ratio.codes]
        for part in (lambda value: value.numerator, lambda value: value.denominator)
    )
    largest = 2 * float(cents.max(initial=0)) * float(max(tops, default=0)) + 2 * float(max(bottoms, default=1))
    if largest < FITS:
        tops, bottoms, whole = tops.astype(np.int64), bottoms.astype(np.int64), cents
    else:
        whole = cents.astype(object)
    return np.asarray((2 * whole * tops + bottoms) // (2 * bottoms)).astype(np.int64)


def _by_currency(ruler: Ruler, paid: Ints) -> Ints:
    sums = np.zeros((len(paid), len(ruler.currencies)), dtype=np.int64)
    np.add.at(sums.T, ruler.account_currency, paid.T)
    return sums
