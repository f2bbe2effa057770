"""How a policy treats hypothetical bids that differ in nothing but one country.

Countries that no origin-driven measure and no tie-break can tell apart are treated alike and need no computing. For
two that are not, the measures that tell them apart are evaluated on bids whose goods come from one country for a
part of their value (the rest unknown), at every place where a curve or a threshold can make a difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product

from scoring.case import Case
from scoring.drivers import ONE
from scoring.guards.hypothesis import Hypothesis, Treatment, contexts, drivers_of, shares
from scoring.policy import Measure, Policy

TIE_BREAK = "higher_european_share"


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
            tie_breaks=(TIE_BREAK,) if "" in causes else (),
        )

    def _groups(self, countries: Iterable[str]) -> list[list[str]]:
        """The countries in groups that neither a measure nor the tie-break can tell apart."""
        groups: dict[tuple[bool, ...], list[str]] = {}
        for country in countries:
            groups.setdefault(tuple(country in area for area in self._areas()), []).append(country)
        return list(groups.values())

    def _areas(self) -> list[frozenset[str]]:
        names = [self.policy.european_area] if breaks_ties_by_origin(self.case) else []
        for measure in self.measures:
            names += [area for area in (measure.when.supplier_in, measure.when.supplier_not_in) if area]
            names += [driver.name for driver in drivers_of(measure) if driver.is_origin]
        return [self.policy.areas[name] for name in dict.fromkeys(names)]

    def _causes(self, party: _Party, standard: _Party) -> set[str]:
        """The measures (and "" for the tie-break) that make the party worse off than the standard, if it is."""
        measures = [m for m in self.measures if self._seen(m, party) != self._seen(m, standard)]
        causes = set[str]()
        greatest = max(self.policy.assurance_factors.values(), default=ONE)
        for share, levels in product(shares(measures, greatest), contexts(measures)):
            hypothesis = Hypothesis(self.case.tender, self.policy, share, levels)
            if self._worse(hypothesis, measures, party, standard):
                causes.update(m.id for m in measures if self._worse(hypothesis, [m], party, standard))
        european = self.policy.areas[self.policy.european_area]
        ties = breaks_ties_by_origin(self.case) and greatest > 0
        if ties and party.goods not in european and standard.goods in european:
            causes.add("")
        return causes

    def _seen(self, measure: Measure, party: _Party) -> tuple[bool, ...]:
        areas = self.policy.areas
        goods = (party.goods in areas[driver.name] for driver in drivers_of(measure) if driver.is_origin)
        return (measure.when.holds_for_operator(party.operator, areas), *goods)

    @staticmethod
    def _worse(hypothesis: Hypothesis, measures: list[Measure], party: _Party, standard: _Party) -> bool:
        def treated(one: _Party) -> Treatment:
            return hypothesis.treatment(measures, one.operator, one.goods)

        return treated(party).is_worse_than(treated(standard))
