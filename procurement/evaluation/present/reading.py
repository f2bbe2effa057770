"""A stored sheet as it is read: what may be shown of it, and the names its ids stand for."""

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from procurement.evaluation.disclosure import for_reader
from procurement.evaluation.models import ScoreSheet
from procurement.people.templatetags.reading import points
from procurement.policies.presentation.areas import names_of
from procurement.tenders.models import Lot

Row = dict[str, Any]  # a row of `ranking`, specification 5
ADDED = "bonus"  # the component of the points added on top of the criteria
OPACITIES = ("1", "0.65", "0.4")  # of the components of one colour, in their order; the last for all further ones
SCALED = "scaling"  # the component of what `scale_score` measures changed


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a total: a criterion, a bonus, or the adjustment of the score.

    `kind` is that of the criterion, `ADDED` or `SCALED`; `colour` names the fill, hatched unless it is a criterion's,
    and `opacity` (0 to 1) tells the components of one colour apart. `weight` is that of a criterion, out of 100.
    """

    key: str
    title: str
    kind: str
    colour: str
    weight: str = ""
    opacity: str = OPACITIES[0]

    @property
    def heading(self) -> str:
        """The title at the head of a column, with what its points are out of."""
        if not self.weight:
            return _("%(title)s, points") % {"title": self.title}
        return _("%(title)s, out of %(weight)s") % {"title": self.title, "weight": points(self.weight)}

    @property
    def hatched(self) -> bool:
        """Colour never speaks alone: what comes on top of the published criteria is hatched."""
        return self.kind in (ADDED, SCALED)


@dataclass(frozen=True)
class Reading:
    """The document of a sheet as it may be shown, and the case it was made of."""

    sheet: dict[str, Any]
    case: dict[str, Any]

    @classmethod
    def of(cls, stored: ScoreSheet, lot: Lot) -> "Reading":
        return cls(for_reader(stored, lot), stored.case)

    @property
    def ranking(self) -> list[Row]:
        rows: list[Row] = self.sheet["ranking"]
        return rows

    def row(self, bid: str | None) -> Row | None:
        """The row of a ranked bid."""
        return next((row for row in self.ranking if row["bid"] == bid), None)

    @property
    def origin_decides(self) -> bool:
        """Whether what is unknown of the origins could change a rank."""
        return any(row["rank_if_european"] != row["rank_if_not"] for row in self.ranking)

    def supplier(self, bid: str | None) -> str:
        """The name of the tenderer of a bid."""
        return self.suppliers.get(bid or "", "")

    @cached_property
    def suppliers(self) -> dict[str, str]:
        """The names of the tenderers by bid id."""
        return {bid["id"]: bid["supplier"]["name"] for bid in self.case["bids"]}

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles of the criteria by id."""
        return {criterion["id"]: criterion.get("title") or criterion["id"] for criterion in self.case["criteria"]}

    @cached_property
    def measures(self) -> dict[str, dict[str, Any]]:
        """The measures of the policy by id, in document order."""
        policy = self.case["policy"]
        return {measure["id"]: measure for measure in policy["measures"]} if policy else {}

    @cached_property
    def _areas(self) -> dict[str, str]:
        """The areas of the policy in words, by key."""
        return names_of({key: frozenset(codes) for key, codes in self.case["policy"]["areas"].items()})

    def measure(self, key: str) -> str:
        """What a measure is called in a sentence: by what it rewards, and by its id where that does not tell."""
        measure = self.measures[key]
        driver = measure.get("driver")
        if [m.get("driver") for m in self.measures.values()].count(driver) == 1 and measure["kind"] == "add_points":
            if driver == "environment":
                return _("environment bonus")
            if driver in ("european_share", f"share:{self.case['policy']['european_area']}"):
                return _("European priority bonus")
            if str(driver).startswith("share:"):
                return _("origin bonus “%(area)s”") % {"area": self._areas[str(driver).removeprefix("share:")]}
        return _("measure “%(id)s”") % {"id": key}

    @cached_property
    def components(self) -> list[Component]:
        """What the totals are made of, in the order it is drawn; over all rows the same."""
        found = [
            Component(c["id"], c.get("title") or c["id"], c["kind"], c["kind"], c["weight"])
            for c in self.case["criteria"]
        ]
        if not self.capped:
            found += [Component(key, capfirst(self.measure(key)), ADDED, self._colour(key)) for key in self._adding]
        elif self._adding:
            found.append(Component(ADDED, _("Bonus, capped"), ADDED, "european"))
        if any(self._scaling(row) for row in self.ranking):
            found.append(Component(SCALED, _("Score adjustment"), SCALED, "unknown"))
        return _told_apart(found)

    def _colour(self, measure: str) -> str:
        return "environment" if self.measures[measure].get("driver") == "environment" else "european"

    def points(self, row: Row) -> list[Decimal]:
        """The points of each component, in their order; they add up to the row's total, exactly."""
        return [self._points(row, component) for component in self.components]

    def _points(self, row: Row, component: Component) -> Decimal:
        if component.kind == SCALED:
            return self._scaling(row)
        if component.kind != ADDED:
            return Decimal(row["criteria"][component.key]["points"])
        if component.key == ADDED:
            return Decimal(row["bonus"])
        return _measure_points(row, component.key)

    @cached_property
    def _adding(self) -> list[str]:
        return [key for key, measure in self.measures.items() if measure["kind"] == "add_points"]

    @cached_property
    def capped(self) -> bool:
        """Whether the cap cuts the bonus of some bid, which is then no longer the sum of its measures."""
        return any(
            sum((_measure_points(row, key) for key in self._adding), Decimal(0)) != Decimal(row["bonus"])
            for row in self.ranking
        )

    @staticmethod
    def _scaling(row: Row) -> Decimal:
        criteria = sum((Decimal(entry["points"]) for entry in row["criteria"].values()), Decimal(0))
        return Decimal(row["total"]) - criteria - Decimal(row["bonus"])


def _told_apart(components: list[Component]) -> list[Component]:
    """The components, each further one of a colour paler than the one before."""
    met: Counter[str] = Counter()
    found = []
    for component in components:
        found.append(replace(component, opacity=OPACITIES[min(met[component.colour], len(OPACITIES) - 1)]))
        met[component.colour] += 1
    return found


def _measure_points(row: Row, key: str) -> Decimal:
    entry = row["measures"].get(key)
    return Decimal(entry["points"]) if entry else Decimal(0)
