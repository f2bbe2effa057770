"""What a scenario does to the awards by hospital, by CPV family or by country of the winner: bars and their table."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from procurement.evaluation.present.drawing import Scale, length
from procurement.people.templatetags.reading import country
from procurement.simulation.present.result import units

WIDTH = 1000  # of a bar's picture, stretched to the width of the page
DRAWN = 12  # groups that get a bar, those with the largest spend; the table has all
BY: dict[str, Promise] = {
    "country": gettext_lazy("Country of the winner"),
    "family": gettext_lazy("CPV family"),
    "hospital": gettext_lazy("Hospital"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its awards before and after, in units of the currency; lengths are those of its bars."""

    name: str
    lots: int
    changed: int
    spend_before: Decimal
    spend_after: Decimal
    european_before: Decimal
    european_after: Decimal
    rent: Decimal
    width_before: str
    width_after: str

    @property
    def difference(self) -> Decimal:
        return self.spend_after - self.spend_before


@dataclass(frozen=True, slots=True)
class Groups:
    """All groups of one kind, the largest spend first."""

    by: str
    title: Promise
    width: int
    groups: list[Group]

    @property
    def drawn(self) -> list[Group]:
        return self.groups[:DRAWN]


def groups(document: dict[str, Any], by: str, currency: str) -> Groups:
    """The groups of a look in one currency; by country of the winner unless another known kind is asked for."""
    by = by if by in BY else "country"
    rows = [row for row in document["groups"][by] if row["currency"] == currency]
    rows.sort(key=lambda row: (-max(row["spend_before"], row["spend_after"]), row["name"] or ""))
    most = max((max(row["spend_before"], row["spend_after"]) for row in rows), default=0)
    scale = Scale(Decimal(0), Decimal(most or 1), WIDTH)
    return Groups(by, BY[by], WIDTH, [_group(row, by, scale) for row in rows])


def _group(row: dict[str, Any], by: str, scale: Scale) -> Group:
    name = row["name"] or ""
    return Group(
        name=country(name) if by == "country" else name,
        lots=row["lots"],
        changed=row["changed"],
        spend_before=units(row["spend_before"]),
        spend_after=units(row["spend_after"]),
        european_before=units(row["european_before"]),
        european_after=units(row["european_after"]),
        rent=units(row["rent"]),
        width_before=length(scale.at(Decimal(row["spend_before"]))),
        width_after=length(scale.at(Decimal(row["spend_after"]))),
    )
