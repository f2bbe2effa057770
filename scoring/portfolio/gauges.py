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
from scoring.portfolio.local import at_home
from scoring.portfolio.problems import BadScenario
from scoring.portfolio.rows import criteria_of, evidence_value
from scoring.portfolio.snapshot import ASSURANCES, MARK_DECIMALS, Snapshot, tender_of
from scoring.predicates import Predicate
from scoring.problems import gettext_noop

FITS = 2**62
NOWHERE = -1  # the code of no country


class Gauges:
    """Reads the drivers and the predicates of every bid; each driver is computed once."""

    def __init__(self, snapshot: Snapshot, policy: Policy, *, local_area: str = "") -> None:
        """`local_area` names the area that stands for the country of each lot's buyer, if one does."""
        self._snapshot = snapshot
        self._policy = policy
        self._local_area = local_area or None
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
        lot = self._snapshot.lot
        columns = [encoded(lot("launched_on")), self._snapshot.coded("cpv"), encoded(lot("estimated_value"))]
        codes, first = combined(*(column for column, _values in columns))
        tenders = [tender_of(*(values[column[lot]] for column, values in columns)) for lot in first]
        holds = np.array([when.holds_for_tender(tender) for tender in tenders], dtype=bool)
        return holds[codes][self._snapshot.lot_of_bid]

    def _operators(self, when: Predicate) -> NDArray[np.bool_]:
        country, countries = encoded(self._snapshot.bid("country"))
        if self._local_area is None or self._local_area not in (when.supplier_in, when.supplier_not_in):
            areas = self._policy.areas
            return np.array([when.holds_for_operator(each, areas) for each in countries], dtype=bool)[country]
        buyer, buyers = self._snapshot.coded("country")
        of_buyers = [at_home(self._policy, self._local_area, each).areas for each in buyers]
        holds = [[when.holds_for_operator(each, areas) for each in countries] for areas in of_buyers]
        table = np.array(holds, dtype=bool).reshape(len(buyers), len(countries))
        return table[buyer[self._snapshot.lot_of_bid], country]

    def _share(self, area: str) -> Coded:
        bid_of, country, countries, assurance, parts = self._snapshot_origins()
        inside = self._inside(area, bid_of, country, countries)
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

    def _inside(self, area: str, bid_of: Codes, country: Codes, countries: Sequence[str | None]) -> NDArray[np.bool_]:
        """Whether each country of origin is in an area; in the local one, whether it is that of the lot's buyer."""
        if area != self._local_area:
            return np.array([each in self._policy.areas[area] for each in countries], dtype=bool)[country]
        buyer, buyers = self._snapshot.coded("country")
        codes = {each: code for code, each in enumerate(countries) if each}
        own = np.array([codes.get(each or "", NOWHERE) for each in buyers], dtype=np.int64)[buyer]
        return np.asarray(country == own[self._snapshot.lot_of_bid[bid_of]])

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
        text, texts = self._snapshot.coded("criteria")
        positions, scales = zip(*(_scaled(str(each), criterion) for each in texts), strict=True)
        lots = self._snapshot.lot_of_bid
        marks = self._snapshot.bid("marks")
        starts = np.asarray(marks.offsets[:-1]).astype(np.int64)
        has = np.diff(np.asarray(marks.offsets)) > 0
        lacking = (np.array(positions)[text] < 0)[lots] & has
        if lacking.any():
            lot = self._snapshot.lot("id")[int(lots[np.argmax(lacking)])].as_py()
            raise BadScenario(
                gettext_noop(
                    "The policy reads the mark of the criterion %(criterion)s, which the lot %(lot)s does not have."
                ),
                criterion=criterion,
                lot=lot,
            )
        places = starts + np.array(positions)[text][lots]
        units, fits = units_of(marks.values)
        if not fits.all():
            raise BadScenario(
                gettext_noop("A mark of the criterion %(criterion)s is too large to be read."), criterion=criterion
            )
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
