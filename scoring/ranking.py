"""Points, totals and ranks of any selection of a case's standings (specification 3.6, 3.8 and 3.9).

The explanations rank hundreds of selections of the same standings, which differ by one bid. What can change from one
to the next is the field of a criterion, so points are kept per field, and totals are whole numbers of units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from scoring.case import Case, Criterion
from scoring.formulas import FORMULAS, Field
from scoring.numbers import rounded_units, units
from scoring.standing import Standing

Entry = int  # the place of a standing in Contest.standings
ExactAndUnits = tuple[Fraction, int]


class Contest:
    """Ranks selections of `standings`, all of one case; an entry is a standing's place in that list."""

    def __init__(self, case: Case, standings: Sequence[Standing]) -> None:
        self.standings = standings
        self._columns = [_Column(criterion, standings, case.decimals) for criterion in case.criteria]
        self._bonuses = [rounded_units(standing.bonus, case.decimals) for standing in standings]
        self._ties = _tie_keys(case, standings)

    def points(self, entries: Sequence[Entry]) -> list[dict[Entry, ExactAndUnits]]:
        """Per criterion in document order, each entry's points: exact, and rounded in units."""
        return [column.points(entries) for column in self._columns]

    def totals(self, entries: Sequence[Entry]) -> dict[Entry, int]:
        """Each entry's total in units: points and bonus, then the score measures, rounded after each."""
        columns = self.points(entries)
        return {entry: self._total(entry, columns) for entry in entries}

    def keys(self, entries: Sequence[Entry]) -> dict[Entry, tuple[int, ...]]:
        """Each entry's place to be: the smaller key ranks higher, equal keys are tied."""
        return {entry: (-total, *self._ties[entry]) for entry, total in self.totals(entries).items()}

    def first(self, entries: Sequence[Entry]) -> Entry | None:
        """The only entry of rank 1, or None when nobody or several have it."""
        keys = self.keys(entries)
        if not keys:
            return None
        best = min(keys.values())
        leaders = [entry for entry, key in keys.items() if key == best]
        return leaders[0] if len(leaders) == 1 else None

    def rank(self, entry: Entry, entries: Sequence[Entry]) -> int:
        """The rank of one of the entries among them."""
        keys = self.keys(entries)
        own = keys[entry]
        return 1 + sum(key < own for key in keys.values())

    def _total(self, entry: Entry, columns: list[dict[Entry, ExactAndUnits]]) -> int:
        total = self._bonuses[entry]
        for column in columns:
            total += column[entry][1]
        for factor in self.standings[entry].factors:
            total = units(total * factor.numerator, factor.denominator, 0)
        return total


class _Column:
    """The points of one criterion, kept for every field they were asked for."""

    def __init__(self, criterion: Criterion, standings: Sequence[Standing], decimals: int) -> None:
        self._formula = FORMULAS[criterion.formula]
        self._criterion = criterion
        self._decimals = decimals
        on_price = self._formula.on == "price"
        self._values = [s.evaluated_price if on_price else s.bid.marks[criterion.id] for s in standings]
        self._ascending = sorted(range(len(standings)), key=self._values.__getitem__)
        self._known: dict[tuple[Fraction, ...], dict[Entry, ExactAndUnits]] = {}

    def points(self, entries: Sequence[Entry]) -> dict[Entry, ExactAndUnits]:
        """Points of at least the entries, in the field of exactly the entries."""
        if not entries:
            return {}
        statistics = {name: self._statistic(name, entries) for name in self._formula.reads}
        known = self._known.setdefault(tuple(statistics.values()), {})
        missing = [entry for entry in entries if entry not in known]
        if missing:
            scale = self._criterion.scale
            field = Field(**statistics) if scale is None else Field(**statistics, scale=scale)
            known.update((entry, self._points(entry, field)) for entry in missing)
        return known

    def _statistic(self, name: str, entries: Sequence[Entry]) -> Fraction:
        if name == "mean":
            return sum((self._values[entry] for entry in entries), Fraction(0)) / len(entries)
        present = set(entries)
        order = self._ascending if name == "lowest" else reversed(self._ascending)
        return self._values[next(entry for entry in order if entry in present)]

    def _points(self, entry: Entry, field: Field) -> ExactAndUnits:
        criterion = self._criterion
        exact = self._formula.points(self._values[entry], field, criterion.weight, criterion.params)
        return exact, rounded_units(exact, self._decimals)


def _tie_keys(case: Case, standings: Sequence[Standing]) -> list[tuple[int, ...]]:
    """Per standing, what decides between equal totals, in the order of the case's tie_break; smaller is better."""
    columns = [_TIE_BREAKS[name](standings) for name in case.tie_break]
    return list(zip(*columns, strict=True)) if columns else [() for _ in standings]


def _by_price(standings: Sequence[Standing]) -> list[int]:
    return _places(standing.price for standing in standings)


def _by_environment(standings: Sequence[Standing]) -> list[int]:
    return _places(-(standing.environment or Fraction(0)) for standing in standings)


def _by_european_share(standings: Sequence[Standing]) -> list[int]:
    return _places(-(standing.european_share or Fraction(0)) for standing in standings)


def _by_submission(standings: Sequence[Standing]) -> list[int]:
    moments = [standing.bid.submitted_at for standing in standings]
    known = sorted({moment for moment in moments if moment is not None})
    places = {moment: place for place, moment in enumerate(known)}
    return [len(known) if moment is None else places[moment] for moment in moments]


def _places(values: Iterable[Fraction]) -> list[int]:
    """Each value's place among the distinct values, from the smallest."""
    listed = list(values)
    places = {value: place for place, value in enumerate(sorted(set(listed)))}
    return [places[value] for value in listed]


_TIE_BREAKS: dict[str, Callable[[Sequence[Standing]], list[int]]] = {
    "lower_price": _by_price,
    "higher_environment": _by_environment,
    "higher_european_share": _by_european_share,
    "earlier_submission": _by_submission,
}
