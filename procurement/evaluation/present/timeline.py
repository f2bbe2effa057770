"""What was done about a decision, from the record: whole sentences, day by day, each with its lines."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from procurement import sentences
from procurement.evaluation.evidence import sheet_digest
from procurement.evaluation.models import Decision, MarkVersion
from procurement.evaluation.present import deeds
from procurement.ledger.models import Line
from procurement.ledger.reasons import texts_of
from procurement.ledger.services import name_of
from procurement.people.actions import REFUSALS, actors, deed
from procurement.people.coded_reasons import in_words
from procurement.people.models import User
from procurement.people.permissions import Permission, may
from procurement.people.roles import Role
from procurement.people.templatetags.reading import points
from procurement.policies.seeded_texts import titles_of


@dataclass(frozen=True, slots=True)
class Event:
    """What one person did at one time, in a sentence, with the reason given; `lines` are the numbers in the record.

    The same thing done several times in a row without a reason is one event, from `at` to `until`.
    """

    at: datetime
    until: datetime
    sentence: str
    reason: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """What was done on one day, in the order it was done."""

    day: date
    events: list[Event]


def timeline(decision: Decision, by: User) -> list[Day]:
    """What led to the decision; for those who read the record also what was read, exported and refused since.

    The number of queries does not depend on the number of lines.
    """
    told = _Told(decision)
    lines = list(_lines(told, by).order_by("sequence"))
    people, reasons = actors(lines), texts_of(lines)
    events = [told.event(line, people.get(line.actor, line.actor), reasons.get(line.reason, "")) for line in lines]
    days = groupby(_joined(events), key=lambda event: timezone.localdate(event.at))
    return [Day(day, list(on_it)) for day, on_it in days]


def _lines(told: "_Told", by: User) -> QuerySet[Line]:
    """The lines of a decision ``by`` may read, about it and what it rests on: who sees the one sees the other."""
    lines = Line.objects.filter(
        Q(object__in=told.objects) | Q(object__in=told.policies, action="policy_version.approved")
    )
    return lines if may(by, Permission.READ_RECORD) else lines.filter(action__in=deeds.LED_TO_IT)


def _joined(events: Iterable[Event]) -> Iterator[Event]:
    """The events, those that say the same in a row on one day as one."""
    for _same, group in groupby(events, key=lambda e: (timezone.localdate(e.at), e.sentence, e.reason)):
        alike = list(group)
        if alike[0].reason:
            yield from alike
        else:
            lines = tuple(number for event in alike for number in event.lines)
            yield Event(alike[0].at, alike[-1].at, alike[0].sentence, "", lines)


class _Told:
    """The rows a decision rests on, by the names the record gives them."""

    def __init__(self, decision: Decision) -> None:
        lot = decision.lot
        self.decision = decision
        bids = list(lot.bids.select_related("supplier"))
        sheets = list(lot.sheets.select_related("evidence").defer("case", "sheet"))
        self.bids = {name_of(bid): bid.supplier.name for bid in bids}
        self.sheets = {name_of(sheet): sheet.number for sheet in sheets}
        self.scored = {sheet_digest(sheet): sheet.number for sheet in sheets}
        self.policies = {name_of(lot.policy_version): str(lot.policy_version)} if lot.policy_version else {}
        self.objects = [name_of(lot), name_of(lot.tender), name_of(decision), *self.bids, *self.sheets]
        self.lifted: dict[tuple[str, datetime], list[str]] = {}
        self.marks: dict[tuple[str, datetime], deque[MarkVersion]] = {}
        for mark in MarkVersion.objects.filter(bid__lot=lot).select_related("bid", "criterion").order_by("pk"):
            self.marks.setdefault((name_of(mark.bid), mark.given_at), deque()).append(mark)
        names = {bid.key: bid.supplier.name for bid in bids}
        titles = titles_of(lot.policy_version.document) if lot.policy_version else {}
        for lift in lot.lifted_blocks.all():
            self.lifted.setdefault((lift.code, lift.lifted_at), []).append(
                sentences.sentence(lift.finding, names, policies=titles)
            )

    def event(self, line: Line, name: str, written: str) -> Event:
        """A line in words; ``written`` is the text of its reason."""
        code, _colon, text = written.partition(": ")
        finding = self.lifted.get((code, line.at)) if line.action == "lot.block_lifted" else None
        mark = self._mark(line)
        facts = {
            "who": _person(name, line.role),
            "tenderer": self.bids.get(line.object, ""),
            "winner": self.decision.bid.supplier.name if self.decision.bid else "",
            "policy": self.policies.get(line.object, ""),
            "sheet": str(self._sheet(line) or "–"),
            "finding": " ".join(finding or [code]),
            "what": _what(line.action),
            "criterion": str(mark.criterion) if mark else "",
            "mark": points(mark.value) if mark else "",
        }
        reason = text if finding else in_words(line.action, written)
        if reason != written and not reason.endswith((".", "?", "!", "…")):
            reason += "."  # a code, told in words
        return Event(line.at, line.at, deeds.sentence(line.action, facts), reason, (line.sequence,))

    def _mark(self, line: Line) -> MarkVersion | None:
        """What a line says was marked: the lines of a bid and the versions of its marks were written in one order."""
        written = self.marks.get((line.object, line.at)) if line.action == "bid.marked" else None
        return written.popleft() if written else None

    def _sheet(self, line: Line) -> int | None:
        if line.action == "lot.awarded":
            return self.decision.sheet.number if self.decision.sheet else None
        return self.sheets.get(line.object) or self.scored.get(line.after)


def _what(action: str) -> str:
    """What somebody was refused; of any other action what `deeds` says only where it has no sentence."""
    noun, _dot, verb = action.rpartition(".")
    return str(REFUSALS[noun]) if verb == "refused" and noun in REFUSALS else deed(action)


def _person(name: str, role: str) -> str:
    """Who acted, with the role held then; the software has none."""
    if role not in Role.values:
        return name
    return _("%(name)s (%(role)s)") % {"name": name, "role": str(Role(role).label).lower()}
