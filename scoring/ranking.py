"""Points, totals and ranks of any selection of a case's standings (specification 3.6, 3.8 and 3.9).

The explanations rank hundreds of selections of the same standings that differ by one bid. What changes from one to
the next is the field of a criterion at most, so points are kept per field; totals are whole numbers of units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from scoring.case import Case, Criterion
from scoring.drivers import ZERO
from scoring.formulas import FORMULAS, Field
from scoring.formulas.formula import Statistic
from scoring.numbers import Ratio, numerators, on_one_denominator, rounded_units, units
from scoring.outcome import Points
from scoring.standing import Standing

Entry = int  # the place of a standing in Contest.standings
Key = tuple[int, ...]  # the place to be: the smaller key ranks higher, equal keys are tied; minus the total comes first
FieldKey = tuple[Entry | frozenset[Entry], ...]


class Contest:
    """Ranks selections of `standings`, all of one case; an entry is a standing's place in that list."""

    def __init__(self, case: Case, standings: Sequence[Standing]) -> None:
        self.standings = standings
        self._columns = [_Column(criterion, standings, case.decimals) for criterion in case.criteria]
        self._bonuses = [rounded_units(standing.bonus, case.decimals) for standing in standings]
        self._ties = _tie_keys(case, standings)
        self._boards: dict[tuple[FieldKey, ...], _Board] = {}

    def points(self, entries: Sequence[Entry]) -> list[dict[Entry, Points]]:
        """Per criterion in document order, the points of each entry in the field of exactly the entries."""
        present = frozenset(entries)
        return [column.in_field(column.field_key(present)).points(entries) for column in self._columns]

    def keys(self, entries: Sequence[Entry]) -> Mapping[Entry, Key]:
        """The place to be of each entry, where exactly the entries compete."""
        board = self._board(entries)
        return {entry: board[entry] for entry in entries}

    def first(self, entries: Sequence[Entry]) -> Entry | None:
        """The only entry of rank 1, or None when nobody or several have it."""
        board = self._board(entries)
        best = min([board[entry] for entry in entries], default=None)
        leaders = [entry for entry in entries if board[entry] == best]
        return leaders[0] if len(leaders) == 1 else None

    def rank(self, entry: Entry, entries: Sequence[Entry]) -> int:
        """The rank of one of the entries among them."""
        board = self._board(entries)
        own = board[entry]
        return 1 + sum([board[other] < own for other in entries])

    def key(self, entry: Entry, columns: Sequence[_InField]) -> Key:
        """The place to be of an entry with the points of these columns."""
        count = self._bonuses[entry] + sum([column[entry] for column in columns])
        for factor in self.standings[entry].factors:
            count = units(count * factor.numerator, factor.denominator, 0)
        return (-count, *self._ties[entry])

    def _board(self, entries: Sequence[Entry]) -> _Board:
        present = frozenset(entries)
        fields = tuple([column.field_key(present) for column in self._columns])
        if fields not in self._boards:
            columns = [column.in_field(key) for column, key in zip(self._columns, fields, strict=True)]
            self._boards[fields] = _Board(self, columns)
        return self._boards[fields]


class _Board(dict[Entry, Key]):
    """The places to be in one field of every criterion, computed when first asked for."""

    def __init__(self, contest: Contest, columns: Sequence[_InField]) -> None:
        super().__init__()
        self._contest, self._columns = contest, columns

    def __missing__(self, entry: Entry) -> Key:
        self[entry] = key = self._contest.key(entry, self._columns)
        return key


class _InField(dict[Entry, int]):
    """The points of one criterion in one field, in units, computed when first asked for."""

    def __init__(self, criterion: Criterion, values: Sequence[Fraction], field: Field, decimals: int) -> None:
        super().__init__()
        self._criterion, self._values, self._field, self._decimals = criterion, values, field, decimals
        self._formula = FORMULAS[criterion.formula]

    def __missing__(self, entry: Entry) -> int:
        top, bottom = self._ratio(entry)
        self[entry] = count = units(top, bottom, self._decimals)
        return count

    def points(self, entries: Iterable[Entry]) -> dict[Entry, Points]:
        """The points of the entries, exact and rounded."""
        found = {}
        for entry in entries:
            top, bottom = self._ratio(entry)
            self[entry] = count = units(top, bottom, self._decimals)
            found[entry] = Points(Fraction(top, bottom), count)
        return found

    def _ratio(self, entry: Entry) -> Ratio:
        criterion = self._criterion
        return self._formula.points(self._values[entry], self._field, criterion.weight, criterion.params)


class _Column:
    """One criterion over all the standings, and the fields it was asked for."""

    def __init__(self, criterion: Criterion, standings: Sequence[Standing], decimals: int) -> None:
        self._criterion = criterion
        self._decimals = decimals
        formula = FORMULAS[criterion.formula]
        on_price = formula.on == "price"
        self._values = [s.evaluated_price if on_price else s.bid.marks[criterion.id] for s in standings]
        self._reads = formula.reads
        if "mean" in formula.reads:
            # Multiplied by their common denominator, which no ratio sees: the mean of many long fractions, taken
            # again for every field, is then a sum of whole numbers.
            self._values = [Fraction(top) for top in self._numerators[0]]
        self._ascending: list[Entry] = []
        if "lowest" in formula.reads or "highest" in formula.reads:
            self._ascending = sorted(range(len(standings)), key=self._numerators[0].__getitem__)
        self._fields: dict[FieldKey, _InField] = {}

    def field_key(self, present: frozenset[Entry]) -> FieldKey:
        """What the field of the entries present is made of: for each statistic, the entries that make it."""
        return tuple([self._makers(name, present) for name in self._reads]) if present else ()

    def in_field(self, key: FieldKey) -> _InField:
        """The points in a field."""
        if key not in self._fields:
            scale = self._criterion.scale
            statistics = {name: self._statistic(makers) for name, makers in zip(self._reads, key, strict=False)}
            field = Field(**statistics) if scale is None else Field(**statistics, scale=scale)
            self._fields[key] = _InField(self._criterion, self._values, field, self._decimals)
        return self._fields[key]

    def _makers(self, name: Statistic, present: frozenset[Entry]) -> Entry | frozenset[Entry]:
        """One entry makes the lowest and the highest value; all of them make the mean."""
        if name == "mean":
            return present
        order = self._ascending if name == "lowest" else reversed(self._ascending)
        return next(entry for entry in order if entry in present)

    def _statistic(self, makers: Entry | frozenset[Entry]) -> Fraction | Ratio:
        if isinstance(makers, Entry):
            return self._values[makers]
        return sum([self._values[entry].numerator for entry in makers]), len(makers)

    @cached_property
    def _numerators(self) -> tuple[list[int], int]:
        return on_one_denominator(self._values)


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
