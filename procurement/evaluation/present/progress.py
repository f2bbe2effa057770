"""How far a panel is, at a glance: who declared, who gave how many marks of how many on each criterion."""

from collections import Counter
from dataclasses import dataclass

from procurement.evaluation.models import Declaration, IndividualMark, Mark, MarkLock, Panelist
from procurement.evaluation.panels import unconflicted
from procurement.evaluation.present.panels import admissible, marked
from procurement.people.models import User
from procurement.tenders.models import Criterion, Lot


@dataclass(frozen=True, slots=True)
class Row:
    """How many marks stand on each criterion, of a member or, for all, of those agreed on."""

    counts: list[tuple[Criterion, int]]
    wanted: int  # of each criterion: one for each bid that is judged

    @property
    def given(self) -> int:
        return sum(count for _criterion, count in self.counts)

    @property
    def whole(self) -> int:
        return self.wanted * len(self.counts)


@dataclass(frozen=True, slots=True)
class MemberRow(Row):
    """A member: whether interests were declared, and a conflict among them."""

    person: User
    declared: bool
    conflict: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """The rows of a panel; ``given`` of ``wanted`` are the marks of the members without a conflict."""

    criteria: list[Criterion]
    members: list[MemberRow]
    agreed: Row
    locked: bool

    @property
    def given(self) -> int:
        return sum(member.given for member in self.members if not member.conflict)

    @property
    def wanted(self) -> int:
        return sum(member.whole for member in self.members if not member.conflict)


def progress(lot: Lot) -> Progress:
    """Seven queries, whatever the number of members, bids and criteria. What a declaration says stays out of it."""
    bids, criteria = admissible(lot), marked(lot)
    seats = Panelist.objects.filter(panel__lot=lot).select_related("user").order_by("pk")
    declarations = list(Declaration.objects.filter(lot=lot).values_list("declared_by", "conflict"))
    given = IndividualMark.objects.filter(bid__in=bids).standing()
    by_member = Counter(unconflicted(given, lot).values_list("given_by", "criterion"))
    agreed = Counter(Mark.objects.filter(bid__in=bids).values_list("criterion"))
    return Progress(
        criteria=criteria,
        members=[
            MemberRow(
                counts=[(criterion, by_member[(seat.user_id, criterion.pk)]) for criterion in criteria],
                wanted=len(bids),
                person=seat.user,
                declared=any(person == seat.user_id for person, _conflict in declarations),
                conflict=(seat.user_id, True) in declarations,
            )
            for seat in seats
        ],
        agreed=Row([(criterion, agreed[(criterion.pk,)]) for criterion in criteria], len(bids)),
        locked=MarkLock.objects.filter(lot=lot).exists(),
    )
