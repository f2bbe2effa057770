"""What stands at each place of a grid of marks, and what somebody read there before it changed.

The rows a mark leaves behind are only ever added, under the lock of their lot: the number (`pk`) of the last one that
somebody read says all that they read. Whoever writes with it writes over no mark they have not seen.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from procurement.evaluation.models import IndividualMark, MarkVersion
from procurement.fields import plain
from procurement.people.templatetags.reading import figure
from procurement.tenders.models import Lot

Place = tuple[int, int]  # the ids of a bid and of a criterion
Row = IndividualMark | MarkVersion
READ = "read"  # the field of a page that says up to which row it was read
NOTHING = 0  # the number of what was read where no mark stood


@dataclass(frozen=True, slots=True)
class Kept:
    """Every mark that was given at the places of a grid, oldest first."""

    rows: dict[Place, list[Row]]

    def now(self, place: Place) -> Row | None:
        """The mark that stands at ``place``."""
        return self.rows[place][-1] if place in self.rows else None

    def read(self, place: Place, number: int) -> Row | None:
        """The mark that stood at ``place`` when the row ``number`` was the last one."""
        return next((row for row in reversed(self.rows.get(place, [])) if row.pk <= number), None)

    def unread(self, place: Place, number: int) -> Row | None:
        """The mark that stands at ``place`` where it came after the row ``number``."""
        now = self.now(place)
        return now if now is not None and now.pk > number else None

    @property
    def number(self) -> int:
        """What tells all of this from anything given later."""
        return max((rows[-1].pk for rows in self.rows.values()), default=NOTHING)


def kept_of_panel(lot: Lot) -> Kept:
    """The marks that were agreed on; one query."""
    return _by_place(MarkVersion.objects.filter(bid__lot=lot))


def kept_of_member(lot: Lot, member: Any) -> Kept:
    """The marks that ``member`` gave; one query."""
    return _by_place(IndividualMark.objects.filter(bid__lot=lot, given_by=member))


def number_read(sent: Mapping[str, Any]) -> int | None:
    """The number that a page carried along and that was sent back with it; None where none was."""
    number = str(sent.get(READ, ""))
    if READ not in sent:
        return None
    return int(number) if re.fullmatch("[0-9]{1,18}", number) else NOTHING


def said(row: Row | None) -> tuple[str, str]:
    """A mark and its reason as the fields of a grid hold them."""
    return (plain(row.value), row.reason) if row else ("", "")


def unread_sentence(row: Row) -> str:
    """What somebody is told who writes over ``row`` without having read it."""
    told = {"person": row.given_by, "mark": figure(plain(row.value)), "reason": row.reason or "–"}
    return (
        _("Since you read this mark %(person)s gave %(mark)s, with the reason “%(reason)s”. It stands: read it first.")
        % told
    )


def _by_place(rows: Any) -> Kept:
    found: dict[Place, list[Row]] = {}
    every: Iterable[Row] = rows.select_related("given_by").order_by("pk")
    for row in every:
        found.setdefault((row.bid_id, row.criterion_id), []).append(row)
    return Kept(found)
