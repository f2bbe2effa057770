"""The drivers of all bids of a snapshot under a policy, exact: what `scoring.drivers` reads of one bid."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from scoring.drivers import ONE, ZERO, Driver
from scoring.numbers import on_one_denominator
from scoring.policy import Indicator, Policy
from scoring.portfolio.coded import Coded, Codes, combined, constant
from scoring.portfolio.exact import units_of
from scoring.portfolio.problems import BadScenario
from scoring.portfolio.rows import criteria_of, evidence_value
from scoring.portfolio.snapshot import ASSURANCES, MARK_DECIMALS, Snapshot, tender_of
from scoring.predicates import Predicate

FITS = 2**62


class Gauges:
    """Reads the drivers and the predicates of every bid; each driver is computed once."""

    def __init__(self, snapshot: Snapshot, policy: Policy) -> None:
        self._snapshot = snapshot
        self._policy = policy
        self._bids = snapshot.bids
        self._known: dict[Driver, Coded] = {}
        self.european_share_driver = Driver("european_share", "share", policy.european_area)
        self.environment_driver = Driver("environment", "environment")

    def __call__(self, driver: Driver) -> Coded:
        """The driver's value of every bid. Raises BadScenario when a lot does not have what it reads."""
        key = Driver("", driver.kind, driver.name)
        if key not in self._known:
            self._known[key] = self._read(driver)
        return self._known[key]

    def _read(self, driver: Driver) -> Coded:
        if driver.kind == "share":
            return self._share(driver.name)
        if driver.kind == "environment":
            return self._environment()
        if driver.kind == "mark":
            return self._mark(driver.name)
        return constant(ONE, self._bids)

    def holds(self, when: Predicate) -> NDArray[np.bool_]:
        """For which bids a predicate holds."""
        holds = self._tenders(when) & self._operators(when)
        if when.driver_below is not None:
            driver, limit = when.driver_below
            holds &= self(driver).test(lambda value: value < limit)
        if when.driver_from is not None:
            driver, start = when.driver_from
            holds &= self(driver).test(lambda value: value >= start)
        return holds

    def _tenders(self, when: Predicate) -> NDArray[np.bool_]:
        columns = [encoded(self._snapshot.lot(name)) for name in ("launched_on", "cpv", "estimated_value")]
        codes, first = combined(*(column for column, _values in columns))
        tenders = [tender_of(*(values[column[lot]] for column, values in columns)) for lot in first]
        holds = np.array([when.holds_for_tender(tender) for tender in tenders], dtype=bool)
        return holds[codes][self._snapshot.lot_of_bid]

    def _operators(self, when: Predicate) -> NDArray[np.bool_]:
        codes, countries = encoded(self._snapshot.bid("country"))
        areas = self._policy.areas
        return np.array([when.holds_for_operator(country, areas) for country in countries], dtype=bool)[codes]

    def _share(self, area: str) -> Coded:
        bid_of, country, countries, assurance, parts = self._snapshot_origins()
        inside = np.array([each in self._policy.areas[area] for each in countries], dtype=bool)[country]
        factors, denominator = on_one_denominator(self._policy.assurance_factors[each] for each in ASSURANCES)
        whole = np.zeros(self._bids, dtype=parts.dtype)
        within = np.zeros(self._bids, dtype=parts.dtype)
        factor = np.array(factors, dtype=object)
        if parts.dtype != object:
            if float(parts.sum(dtype=np.float64)) * max(denominator, *factors) >= FITS:
                parts, whole, within = parts.astype(object), whole.astype(object), within.astype(object)
            else:
                factor = factor.astype(np.int64)
        np.add.at(whole, bid_of, parts * denominator)
        np.add.at(within, bid_of, np.where(inside, parts, 0) * factor[assurance])
        return _ratios(within, whole)

    def _snapshot_origins(self) -> tuple[Codes, Codes, Sequence[str | None], Codes, NDArray[Any]]:
        origins = self._snapshot.bid("origins")
        bid_of: Codes = np.repeat(np.arange(self._bids, dtype=np.int64), np.diff(np.asarray(origins.offsets)))
        flat = origins.values
        country, countries = encoded(flat.field("country"))
        assurance: Codes = np.asarray(flat.field("assurance")).astype(np.int64)
        texts = flat.field("part")
        longest = pc.max(pc.binary_length(texts)).as_py() or 0
        whole = longest <= 18
        parts = (
            np.asarray(texts.cast(pa.int64())) if whole else np.array([int(each) for each in texts.to_pylist()], object)
        )
        return bid_of, country, countries, assurance, parts

    def _environment(self) -> Coded:
        indicators = self._policy.indicators
        if not indicators:
            return constant(ZERO, self._bids)
        columns = [self._evidence_codes(indicator) for indicator in indicators]
        codes, first = combined(*(column for column, _known in columns))
        weights = sum((indicator.weight for indicator in indicators), ZERO)
        values = [sum((known[column[bid]] for column, known in columns), ZERO) / weights for bid in first]
        return Coded(codes, values)

    def _evidence_codes(self, indicator: Indicator) -> tuple[Codes, list[Fraction]]:
        """Per bid a code of what it brings for an indicator, and weight × value × factor of each; code 0 is nothing."""
        evidence = self._snapshot.bid("evidence")
        bid_of = np.repeat(np.arange(self._bids), np.diff(np.asarray(evidence.offsets)))
        flat = evidence.values
        mine = np.asarray(pc.equal(flat.field("indicator"), indicator.id))
        text, texts = encoded(flat.field("value").filter(pa.array(mine)))
        assurance = np.asarray(flat.field("assurance"))[mine].astype(np.int64)
        codes = np.zeros(self._bids, dtype=np.int64)
        codes[bid_of[mine]] = 1 + text * len(ASSURANCES) + assurance
        factors = self._policy.assurance_factors
        known = [ZERO]
        for each in texts:
            result = indicator.result(evidence_value(indicator.id, str(each), self._policy))
            known += [indicator.weight * result * factors[assurance] for assurance in ASSURANCES]
        return codes, known

    def _mark(self, criterion: str) -> Coded:
        text, texts = encoded(self._snapshot.lot("criteria"))
        positions, scales = zip(*(_scaled(str(each), criterion) for each in texts), strict=True)
        lots = self._snapshot.lot_of_bid
        marks = self._snapshot.bid("marks")
        starts = np.asarray(marks.offsets[:-1]).astype(np.int64)
        has = np.diff(np.asarray(marks.offsets)) > 0
        lacking = (np.array(positions)[text] < 0)[lots] & has
        if lacking.any():
            lot = self._snapshot.lot("id")[int(lots[np.argmax(lacking)])].as_py()
            raise BadScenario(
                f"The policy reads the mark of the criterion {criterion}, which the lot {lot} does not have."
            )
        places = starts + np.array(positions)[text][lots]
        units, fits = units_of(marks.values)
        if not fits.all():
            raise BadScenario(f"A mark of the criterion {criterion} is too large to be read.")
        mine = np.where(has, units[np.where(has, places, 0)], 0) if len(units) else np.zeros(self._bids, dtype=np.int64)
        codes, first = combined(mine, text[lots])
        step = 10**MARK_DECIMALS
        return Coded(codes, [Fraction(int(mine[bid]), step) / scales[text[lots[bid]]] for bid in first])


def _scaled(text: str, criterion: str) -> tuple[int, Fraction]:
    """Where the marks of a criterion stand among those of its lot, and its scale; -1 when the lot has none."""
    scaled = [each for each in criteria_of(text) if each.scale is not None]
    for place, each in enumerate(scaled):
        if each.id == criterion and each.scale is not None:
            return place, each.scale
    return -1, ONE


def _ratios(top: NDArray[Any], bottom: NDArray[Any]) -> Coded:
    """top ÷ bottom, 0 where the bottom is."""
    common = np.gcd(top, bottom)
    common = np.where(common == 0, 1, common)
    tops, bottoms = top // common, bottom // common
    codes, first = combined(_as_codes(tops), _as_codes(bottoms))
    values = [Fraction(int(tops[bid]), int(bottoms[bid])) if bottoms[bid] else ZERO for bid in first]
    return Coded(codes, values)


def _as_codes(column: NDArray[Any]) -> Codes:
    if column.dtype != object:
        return column.astype(np.int64)
    known: dict[int, int] = {}
    return np.array([known.setdefault(value, len(known)) for value in column], dtype=np.int64)


def encoded(column: pa.Array) -> tuple[Codes, Sequence[Any]]:
    """Codes of a column and what each stands for, null as one of them."""
    encoded = pc.dictionary_encode(column, null_encoding="encode")
    return np.asarray(encoded.indices).astype(np.int64), encoded.dictionary.to_pylist()
