"""How a policy treats hypothetical bids that differ in nothing but one country.

Countries that no origin-driven measure and no tie-break can tell apart are treated alike and need no computing. For
two that are not, the measures that tell them apart are evaluated on bids whose goods come from one country for a
part of their value (the rest unknown), at every place where a curve or a threshold can make a difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

from scoring.case import Case
from scoring.drivers import ONE
from scoring.guards.hypothesis import Hypothesis, contexts, drivers_of, shares
from scoring.measures import KINDS
from scoring.policy import Measure, Policy

TIE_BREAK = "higher_european_share"
_Seen = tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class Disadvantage:
    """Countries placed lower than a reference, as operators or as origin of goods, and what places them so."""

    operators: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    tie_breaks: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.operators or self.goods)


def uses_origin(measure: Measure) -> bool:
    """Whether the origin of the operator or of the goods can decide what the measure does."""
    when = measure.when
    by_operator = when.supplier_in is not None or when.supplier_not_in is not None
    return by_operator or any(driver.is_origin for driver in drivers_of(measure))


def breaks_ties_by_origin(case: Case) -> bool:
    """Whether equal totals are told apart by the European share."""
    return case.policy is not None and TIE_BREAK in case.tie_break


def disadvantage(case: Case, countries: Collection[str], references: Collection[str]) -> Disadvantage:
    """Which of `countries` the case's policy places lower than one of `references`, as operators or as goods.

    Only what can happen in this procedure counts: a measure whose tender conditions fail does nothing.
    """
    if case.policy is None:
        return Disadvantage()
    return _Comparison(case, case.policy).disadvantage(sorted(countries), sorted(references))


@dataclass(frozen=True, slots=True)
class _Party:
    """Where a hypothetical bid's operator and its goods come from."""

    operator: str
    goods: str


@dataclass
class _Comparison:
    """Compares countries under the origin-driven measures and the tie-break of one case."""

    case: Case
    policy: Policy
    measures: list[Measure] = field(init=False)
    _known: dict[tuple[_Seen, _Seen], set[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        tender = self.case.tender
        self.measures = [m for m in self.policy.measures if uses_origin(m) and m.when.holds_for_tender(tender)]

    def disadvantage(self, countries: Sequence[str], references: Sequence[str]) -> Disadvantage:
        """Swaps one country at a time, the operator's or the goods', for a reference."""
        standards = [alike[0] for alike in self._groups(references)]
        partners = [alike[0] for alike in self._groups([*references, *countries])]
        operators, goods, causes = set[str](), set[str](), set[str]()
        for alike, standard, partner in product(self._groups(countries), standards, partners):
            as_operator = self._causes(_Party(alike[0], partner), _Party(standard, partner))
            as_goods = self._causes(_Party(partner, alike[0]), _Party(partner, standard))
            operators.update(alike if as_operator else ())
            goods.update(alike if as_goods else ())
            causes |= as_operator | as_goods
        return Disadvantage(
            operators=tuple(sorted(operators)),
            goods=tuple(sorted(goods)),
            measures=tuple(m.id for m in self.measures if m.id in causes),
            tie_breaks=(TIE_BREAK,) if TIE_BREAK in causes else (),
        )

    def _groups(self, countries: Iterable[str]) -> list[list[str]]:
        """The countries in groups that neither a measure nor the tie-break can tell apart."""
        groups: dict[_Seen, list[str]] = {}
        for country in countries:
            groups.setdefault(self._seen(_Party(country, country)), []).append(country)
        return list(groups.values())

    def _causes(self, party: _Party, standard: _Party) -> set[str]:
        """The measures (and TIE_BREAK) that make the party worse off than the standard; empty if it is not."""
        seen = self._seen(party), self._seen(standard)
        if seen not in self._known:
            apart = [m for m, one, other in zip(self.measures, *seen, strict=False) if one != other]
            self._known[seen] = {
                cause
                for subject in dict.fromkeys(KINDS[m.kind].acts_on for m in apart)
                for cause in self._harm([m for m in apart if KINDS[m.kind].acts_on == subject], party, standard)
            }
            if seen[0][-1] < seen[1][-1]:
                self._known[seen].add(TIE_BREAK)
        return self._known[seen]

    def _harm(self, measures: list[Measure], party: _Party, standard: _Party) -> list[str]:
        """Of measures that act on one thing: those that harm the party, unless together they never do."""
        if not self._worse(measures, party, standard):
            return []
        return [m.id for m in measures if self._worse([m], party, standard)]

    def _worse(self, measures: list[Measure], party: _Party, standard: _Party) -> bool:
        for share, levels in product(shares(measures, self._greatest), contexts(measures)):
            hypothesis = Hypothesis(self.case.tender, self.policy, share, levels)
            harmed = hypothesis.advantage(measures, party.operator, party.goods)
            if harmed < hypothesis.advantage(measures, standard.operator, standard.goods):
                return True
        return False

    def _seen(self, party: _Party) -> _Seen:
        """What each measure, then the tie-break, can see of a party: two that look the same are treated alike."""
        areas = self.policy.areas
        ties = breaks_ties_by_origin(self.case) and self._greatest > 0
        by_measures = [
            (
                m.when.holds_for_operator(party.operator, areas),
                *(party.goods in areas[driver.name] for driver in drivers_of(m) if driver.is_origin),
            )
            for m in self.measures
        ]
        return (*by_measures, (ties and party.goods in areas[self.policy.european_area],))

    @property
    def _greatest(self) -> Fraction:
        """The greatest share a bid can be given, all its goods being of one origin."""
        return max(self.policy.assurance_factors.values(), default=ONE)
