"""Rules of a policy that look at several keys at once: references, curves, limits, tiers (specification 2 and 4).

They read what `policy_shape` could read of a document, so a faulty part hides no other fault; a rule about several
values is applied where all of them could be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from scoring.drivers import Driver, driver
from scoring.measures import KINDS, Kind
from scoring.problems import Problem, gettext_noop
from scoring.shapes import INVALID, Members, numbered, unique

Parsed = Members
Scaled = Mapping[str, bool]

UNIT_CURVE: list[tuple[Fraction, Fraction]] = [(Fraction(0), Fraction(0)), (Fraction(1), Fraction(1))]

INDICATOR_TWICE = gettext_noop('The indicator id "%(id)s" is used more than once; give each its own.')
MEASURE_TWICE = gettext_noop('The measure id "%(id)s" is used more than once; give each its own.')
NO_AREA = gettext_noop('"%(area)s" is not one of the policy\'s areas.')
NO_CRITERION = gettext_noop('"%(criterion)s" is not a criterion of the case.')


def problems_of_policy(policy: Parsed, pointer: str, scaled: Scaled | None) -> list[Problem]:
    """Every problem of a policy at `pointer`.

    `scaled` says of each criterion of the case whether it has marks; None (a policy alone) leaves the drivers
    `mark:CRITERION` unchecked.
    """
    return list(_Rules(policy, pointer, scaled).problems())


def warnings_of_policy(policy: Parsed, pointer: str) -> list[Problem]:
    """The maluses that grow with the share of what they target: goods of unknown origin escape them."""
    return [
        Problem(
            f"{pointer}/measures/{index}/driver",
            gettext_noop(
                "This malus grows with the share of what it targets, so that goods of unknown origin escape it; "
                "write it on the covered share with a falling curve."
            ),
        )
        for index, measure in numbered(policy.get("measures"))
        if _grows_with_its_target(measure)
    ]


class _Rules:
    def __init__(self, policy: Parsed, pointer: str, scaled: Scaled | None) -> None:
        self.policy, self.pointer, self.scaled = policy, pointer, scaled
        self.areas: Mapping[str, Any] | None = policy.get("areas")
        self.european_area: str = policy.get("european_area", "")

    def problems(self) -> Iterator[Problem]:
        yield from self._european_area()
        yield from unique(numbered(self.policy.get("indicators")), f"{self.pointer}/indicators", INDICATOR_TWICE)
        yield from unique(numbered(self.policy.get("measures")), f"{self.pointer}/measures", MEASURE_TWICE)
        for index, indicator in numbered(self.policy.get("indicators")):
            yield from _curve(indicator, f"{self.pointer}/indicators/{index}/curve")
        for index, measure in numbered(self.policy.get("measures")):
            yield from self._measure(measure, f"{self.pointer}/measures/{index}")
        if self.policy.get("cashback") is not None:
            yield from self._cashback(self.policy["cashback"], f"{self.pointer}/cashback")

    def _european_area(self) -> Iterator[Problem]:
        if "european_area" in self.policy and self.areas is not None and self.european_area not in self.areas:
            yield Problem(f"{self.pointer}/european_area", NO_AREA, {"area": self.european_area})

    def _measure(self, measure: Parsed, pointer: str) -> Iterator[Problem]:
        kind = KINDS[measure["kind"]]
        if kind.needs_driver and "driver" in measure:
            yield from self._driver(measure["driver"], f"{pointer}/driver")
        yield from _curve(measure, f"{pointer}/curve")
        yield from _limit(kind, measure, f"{pointer}/amount")
        yield from self._predicate(measure.get("when", Members()), f"{pointer}/when")

    def _predicate(self, when: Parsed, pointer: str) -> Iterator[Problem]:
        for key in ("supplier_in", "supplier_not_in"):
            if key in when:
                yield from self._area(when[key], f"{pointer}/{key}")
        for key in ("driver_below", "driver_from"):
            if key in when and when[key][0] is not INVALID:
                yield from self._driver(when[key][0], f"{pointer}/{key}/0")

    def _driver(self, text: str, pointer: str) -> Iterator[Problem]:
        read = driver(text, self.european_area)
        if read is None:
            template = gettext_noop(
                '"%(driver)s" is not a driver; drivers are share:AREA, european_share, mark:CRITERION, '
                "environment and one."
            )
            yield Problem(pointer, template, {"driver": text})
        elif read.kind == "share" and text != "european_share":
            yield from self._area(read.name, pointer)
        elif read.kind == "mark":
            yield from self._mark(read, pointer)

    def _area(self, area: str, pointer: str) -> Iterator[Problem]:
        if self.areas is not None and area not in self.areas:
            yield Problem(pointer, NO_AREA, {"area": area})

    def _mark(self, read: Driver, pointer: str) -> Iterator[Problem]:
        if self.scaled is None:
            return
        if read.name not in self.scaled:
            yield Problem(pointer, NO_CRITERION, {"criterion": read.name})
        elif not self.scaled[read.name]:
            template = gettext_noop('The criterion "%(criterion)s" has no marks: it is scored on the price or cost.')
            yield Problem(pointer, template, {"criterion": read.name})

    def _cashback(self, cashback: Parsed, pointer: str) -> Iterator[Problem]:
        yield from tiers_problems(cashback, pointer)
        yield from self._predicate(cashback.get("when", Members()), f"{pointer}/when")


def tiers_problems(cashback: Parsed, pointer: str) -> Iterator[Problem]:
    """The tiers of a scheme whose share does not exceed the one before."""
    tiers = cashback.get("tiers", [])
    if INVALID in tiers:
        return
    for index, (before, after) in enumerate(pairwise(tiers), start=1):
        if after[0] <= before[0]:
            template = gettext_noop("The shares the tiers start from must strictly increase.")
            yield Problem(f"{pointer}/tiers/{index}/0", template)


def _curve(item: Parsed, pointer: str) -> Iterator[Problem]:
    points = item.get("curve", [])
    if INVALID not in points and any(after[0] < before[0] for before, after in pairwise(points)):
        yield Problem(pointer, gettext_noop("The x of a curve's points must not decrease."))


def _limit(kind: Kind, measure: Parsed, pointer: str) -> Iterator[Problem]:
    if kind.limit is None or "amount" not in measure or "curve" in measure.faulty:
        return
    points = measure.get("curve", UNIT_CURVE)
    if INVALID not in points and not all(kind.limit.allows(measure["amount"] * y) for _, y in points):
        yield Problem(pointer, gettext_noop("For %(kind)s, %(limit)s."), {"kind": kind.key, "limit": kind.limit.phrase})


def _grows_with_its_target(measure: Parsed) -> bool:
    harms = KINDS[measure["kind"]].rising_harms
    read = driver(measure.get("driver", ""), "") if harms is not None else None
    points = measure.get("curve", UNIT_CURVE)
    if read is None or not read.is_origin or "amount" not in measure or "curve" in measure.faulty or INVALID in points:
        return False
    sign = 1 if harms else -1
    malus = [max(sign * measure["amount"] * y, Fraction(0)) for _, y in points]
    return any(after > before for before, after in pairwise(malus))
