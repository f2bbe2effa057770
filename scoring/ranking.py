"""Points, totals and ranks of any selection of a case's standings (specification 3.6, 3.8 and 3.9).

The explanations rank hundreds of selections of the same standings that differ by one bid. What changes from one to
the next is the field of a criterion at most, so points are kept per field; totals are whole numbers of units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from scoring.case import Case, Criterion
from scoring.drivers import ZERO
from scoring.formulas import FORMULAS, Field
from scoring.formulas.formula import Statistic
from scoring.numbers import numerators, rounded_units, total, units
from scoring.outcome import Points
from scoring.standing import Standing

Entry = int  # the place of a standing in Contest.standings


class Contest:
    """Ranks selections of `standings`, all of one case; an entry is a standing's place in that list."""

    def __init__(self, case: Case, standings: Sequence[Standing]) -> None:
        self.standings = standings
        self._columns = [_Column(criterion, standings, case.decimals) for criterion in case.criteria]
        self._bonuses = [rounded_units(standing.bonus, case.decimals) for standing in standings]
        self._ties = _tie_keys(case, standings)

    def points(self, entries: Sequence[Entry]) -> list[dict[Entry, Points]]:
        """Per criterion in document order, the points of each entry in the field of exactly the entries."""
        present = frozenset(entries)
        return [column.in_field_of(present).points(entries) for column in self._columns]

    def totals(self, entries: Sequence[Entry]) -> dict[Entry, int]:
        """Each entry's total in units: points and bonus, then the score measures, rounded after each."""
        present = frozenset(entries)
        columns = [column.in_field_of(present) for column in self._columns]
        return {entry: self._scaled(entry, sum([column[entry] for column in columns])) for entry in entries}

    def keys(self, entries: Sequence[Entry]) -> dict[Entry, tuple[int, ...]]:
        """Each entry's place to be: the smaller key ranks higher, equal keys are tied."""
        return {entry: (-count, *self._ties[entry]) for entry, count in self.totals(entries).items()}

    def first(self, entries: Sequence[Entry]) -> Entry | None:
        """The only entry of rank 1, or None when nobody or several have it."""
        keys = self.keys(entries)
        best = min(keys.values(), default=None)
        leaders = [entry for entry, key in keys.items() if key == best]
        return leaders[0] if len(leaders) == 1 else None

    def rank(self, entry: Entry, entries: Sequence[Entry]) -> int:
        """The rank of one of the entries among them."""
        keys = self.keys(entries)
        own = keys[entry]
        return 1 + sum(key < own for key in keys.values())

    def _scaled(self, entry: Entry, points: int) -> int:
        count = points + self._bonuses[entry]
        for factor in self.standings[entry].factors:
            count = units(count * factor.numerator, factor.denominator, 0)
        return count


class _InField(dict[Entry, int]):
    """The points of one criterion in one field, in units, computed when first asked for."""

    def __init__(self, criterion: Criterion, values: Sequence[Fraction], field: Field, decimals: int) -> None:
        super().__init__()
        self._criterion, self._values, self._field, self._decimals = criterion, values, field, decimals
        self._formula = FORMULAS[criterion.formula]

    def __missing__(self, entry: Entry) -> int:
        self[entry] = count = rounded_units(self.exact(entry), self._decimals)
        return count

    def exact(self, entry: Entry) -> Fraction:
        """The unrounded points of an entry."""
        criterion = self._criterion
        return self._formula.points(self._values[entry], self._field, criterion.weight, criterion.params)

    def points(self, entries: Iterable[Entry]) -> dict[Entry, Points]:
        """The points of the entries, exact and rounded."""
        exact = {entry: self.exact(entry) for entry in entries}
        self.update((entry, rounded_units(value, self._decimals)) for entry, value in exact.items())
        return {entry: Points(value, self[entry]) for entry, value in exact.items()}


class _Column:
    """One criterion over all the standings, and the fields it was asked for."""

    def __init__(self, criterion: Criterion, standings: Sequence[Standing], decimals: int) -> None:
        self._criterion = criterion
        self._decimals = decimals
        formula = FORMULAS[criterion.formula]
        on_price = formula.on == "price"
        self._values = [s.evaluated_price if on_price else s.bid.marks[criterion.id] for s in standings]
        self._reads = formula.reads
        self._ascending: list[Entry] = []
        if "lowest" in formula.reads or "highest" in formula.reads:
            self._ascending = sorted(range(len(standings)), key=numerators(self._values).__getitem__)
        self._fields: dict[tuple[frozenset[Entry], ...], _InField] = {}

    def in_field_of(self, present: frozenset[Entry]) -> _InField:
        """The points in the field of exactly the entries present."""
        makers = tuple(self._makers(name, present) for name in self._reads) if present else ()
        if makers not in self._fields:
            scale = self._criterion.scale
            statistics = {name: self._mean(of) for name, of in zip(self._reads, makers, strict=False)}
            field = Field(**statistics) if scale is None else Field(**statistics, scale=scale)
            self._fields[makers] = _InField(self._criterion, self._values, field, self._decimals)
        return self._fields[makers]

    def _makers(self, name: Statistic, present: frozenset[Entry]) -> frozenset[Entry]:
        """The entries a statistic is the mean of: one for the lowest and the highest, all for the mean."""
        if name == "mean":
            return present
        order = self._ascending if name == "lowest" else reversed(self._ascending)
        return frozenset((next(entry for entry in order if entry in present),))

    def _mean(self, entries: frozenset[Entry]) -> Fraction:
        return total(self._values[entry] for entry in entries) / len(entries)


def _tie_keys(case: Case, standings: Sequence[Standing]) -> list[tuple[int, ...]]:
    """Per standing, what decides between equal totals, in the order of the case's tie_break; smaller is better."""
    columns = [_TIE_BREAKS[name](standings) for name in case.tie_break]
    return list(zip(*columns, strict=True)) if columns else [() for _ in standings]


def _by_price(standings: Sequence[Standing]) -> list[int]:
    return numerators(standing.price for standing in standings)


def _by_environment(standings: Sequence[Standing]) -> list[int]:
    return numerators(-(standing.environment or ZERO) for standing in standings)


def _by_european_share(standings: Sequence[Standing]) -> list[int]:
    return numerators(-(standing.european_share or ZERO) for standing in standings)


def _by_submission(standings: Sequence[Standing]) -> list[int]:
    moments = [standing.bid.submitted_at for standing in standings]
    known = sorted({moment for moment in moments if moment is not None})
    places = {moment: place for place, moment in enumerate(known)}
    return [len(known) if moment is None else places[moment] for moment in moments]


_TIE_BREAKS: dict[str, Callable[[Sequence[Standing]], list[int]]] = {
    "lower_price": _by_price,
    "higher_environment": _by_environment,
    "higher_european_share": _by_european_share,
    "earlier_submission": _by_submission,
}
