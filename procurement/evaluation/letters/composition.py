"""The letters of a decided lot, as documents that keep for good.

A letter says of other tenderers only what CCP R2181-3 has it say: the winner's name, its points and, where no unit
price follows from it, its total price. Nothing comes from a simulation or from another rule than the published one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from procurement.citations import cited
from procurement.evaluation.french import LANGUAGE
from procurement.evaluation.letters.comparison import both, own, rows_of
from procurement.evaluation.letters.sending import Sending
from procurement.evaluation.letters.texts import say
from procurement.evaluation.models import Decision, LetterParagraph
from procurement.evaluation.present.ranking import excluded
from procurement.evaluation.present.reading import Reading, Row
from procurement.people.templatetags.reading import day, money, points
from procurement.tenders.models import Bid, ConsortiumMember
from procurement.tenders.regulation.blocks import Block, Section, paragraph, section
from scoring.parameters import parameter

Letter = dict[str, Any]  # {"bid", "supplier", "kind", "title", "subtitle", "sections"}
GROUNDS = {
    Bid.Exclusion.LATE: "decision.late_bid",
    Bid.Exclusion.IRREGULAR: "decision.irregular_bid",
    Bid.Exclusion.UNACCEPTABLE: "decision.unacceptable_bid",
    Bid.Exclusion.INAPPROPRIATE: "decision.inappropriate_bid",
    Bid.Exclusion.ABNORMALLY_LOW: "decision.abnormally_low_bid",
}
RECALLED = "R"  # the mark of a legal value that is to be confirmed


def compose(decision: Decision, sending: Sending) -> list[Letter]:
    """One letter for each tenderer of a decided lot, by key of its bid; a constant number of queries.

    ``decision`` comes with its lot, tender, contracting body, bid and sheet.
    """
    reading = Reading.of(decision.sheet, decision.lot) if decision.sheet else None
    bids = decision.lot.bids.select_related("supplier").prefetch_related("members__supplier").order_by("key")
    written = paragraphs(decision)
    with override(LANGUAGE):
        every = _Letters(decision, sending, reading, written)
        return [every.to(bid) for bid in bids if every.concern(bid)]


def paragraphs(decision: Decision) -> dict[int, str]:
    """What the buyer adds to the letters of a lot, by id of the bid."""
    rows = LetterParagraph.objects.filter(bid__lot=decision.lot).order_by("pk")
    return dict(rows.values_list("bid", "text"))


@dataclass(frozen=True, slots=True)
class _Letters:
    decision: Decision
    sending: Sending
    reading: Reading | None
    written: Mapping[int, str]

    def concern(self, bid: Bid) -> bool:
        """Whether ``bid`` gets a letter: an award was made among the bids of its sheet."""
        return self.decision.bid is None or (self.reading is not None and bid.key in self.reading.suppliers)

    def to(self, bid: Bid) -> Letter:
        kind, sections = self._told(bid)
        lot, name = self.decision.lot, bid.supplier.name
        added = [paragraph(line) for line in self.written.get(bid.pk, "").splitlines() if line.strip()]
        sections += [section(say("paragraph"), added)] if added else []
        subtitle = say(
            "subtitle",
            body=lot.tender.contracting_body.name,
            supplier=_addressed(bid),
            reference=lot.tender.reference,
            tender=lot.tender.title,
            number=lot.number,
            lot=lot.title,
        )
        title = say(f"title_{kind}", number=lot.number)
        return {
            "bid": bid.key,
            "supplier": name,
            "kind": kind,
            "title": title,
            "subtitle": subtitle,
            "sections": [*sections, self._signature()],
        }

    def _told(self, bid: Bid) -> tuple[str, list[Section]]:
        if self.decision.bid is None or self.reading is None:
            return "ended", [section(say("decision"), [*self._ended(), *self._ground(bid)])]
        winner = self.reading.row(self.decision.bid.key)
        row = self.reading.row(bid.key)
        if winner is None or row is None:
            return "excluded", [section(say("decision"), self._excluded(bid)), *self._attribution(winner, priced=False)]
        if bid.pk == self.decision.bid_id:
            return "winner", self._winner(self.reading, row)
        return "ranked", self._ranked(self.reading, row, winner)

    def _winner(self, reading: Reading, row: Row) -> list[Section]:
        ranked = len(reading.ranking)
        sentence = "winner" if ranked > 1 else "winner_alone"
        told = [paragraph(say(sentence, total=points(row["total"]), ranked=ranked))]
        told += [paragraph(say("winner_drawn"))] if self.decision.draw else []
        return [
            section(say("decision"), [*told, paragraph(say("no_contract"))]),
            section(say("reasons"), [own(rows_of(reading, row))]),
        ]

    def _ranked(self, reading: Reading, row: Row, winner: Row) -> list[Section]:
        values = {"total": points(row["total"]), "ranked": len(reading.ranking), "article": _reasons()}
        sentence = "rejected_drawn" if row["rank"] == winner["rank"] else "rejected"
        return [
            section(say("decision"), [paragraph(say(sentence, rank=row["rank"], **values))]),
            section(say("reasons"), both(rows_of(reading, row, winner), row, winner)),
            *self._attribution(winner, priced=True),
            section(say("further"), [paragraph(self._on_request())]),
        ]

    def _on_request(self) -> str:
        """What may be asked for by whoever was not excluded as irregular, inappropriate or unacceptable."""
        asked = parameter("decision.reasons_on_request", on=self.sending.on)
        return say("on_request", days=asked.number, article=cited(asked.reference.article))

    def _excluded(self, bid: Bid) -> list[Block]:
        return [paragraph(say("excluded", article=_reasons())), *self._ground(bid)]

    def _ground(self, bid: Bid) -> list[Block]:
        """Why ``bid`` is not ranked, as it was recorded; nothing for a bid that is."""
        told = []
        if bid.exclusion:
            rule = parameter(GROUNDS[Bid.Exclusion(bid.exclusion)], on=self.sending.on)
            known = "ground_recalled" if rule.mark == RECALLED else "ground"  # nobody is told a text that was not read
            ground = say(f"ground_{bid.exclusion}")
            told.append(say(known, ground=ground, article=cited(rule.reference.article)))
        out = [out.reason for out in excluded(self.reading) if out.bid == bid.key] if self.reading else []
        told += out or ([bid.exclusion_reason] if bid.exclusion_reason else [])
        return [paragraph(text) for text in told]

    def _ended(self) -> list[Block]:
        article = cited(parameter("decision.reasons_for_ending", on=self.sending.on).reference.article)
        ended = say(f"ended_{self.decision.outcome}", article=article)
        return [paragraph(text) for text in (ended, *self.decision.reason.splitlines()) if text.strip()]

    def _attribution(self, winner: Row | None, *, priced: bool) -> list[Section]:
        """The winner's name and the reasons for its choice; ``priced``: what it asks in all too."""
        if self.reading is None or winner is None:
            return []
        told = [say("awarded_to", winner=self.reading.supplier(winner["bid"]), total=points(winner["total"]))]
        told += self._price(self.reading, winner) if priced else []
        return [section(say("attribution"), [paragraph(text) for text in told])]

    def _price(self, reading: Reading, winner: Row) -> list[str]:
        """What the winner asks in all; of a single line its unit price would follow, which is the winner's secret."""
        lines = next(bid.get("lines", []) for bid in reading.case["bids"] if bid["id"] == winner["bid"])
        if len(lines) < 2 or winner["price"] is None:
            return []
        key = "price_gross" if self.decision.lot.tender.prices_include_vat else "price_net"
        return [say(key, price=money(winner["price"], reading.case["tender"]["currency"]))]

    def _signature(self) -> Section:
        sending, first = self.sending, self.sending.signable_on(self.decision)
        values = {"sent": day(sending.on), "way": say(f"way_{sending.way}")}
        if first is not None:
            rule = sending.standstill
            values |= {"day": day(first), "days": str(rule.number), "article": cited(rule.reference.article)}
            return section(say("signature"), [paragraph(say("standstill", **values))])
        if self.decision.bid is not None:
            return section(say("signature"), [paragraph(say("no_standstill", **values))])
        return section(say("sending"), [paragraph(say("sent", **values))])


def _addressed(bid: Bid) -> str:
    """The tenderer, with those it leads where it bids for a consortium."""
    members = [m.supplier.name for m in bid.members.all() if m.role == ConsortiumMember.Role.MEMBER]
    if not members:
        return bid.supplier.name
    return say("group", supplier=bid.supplier.name, members=", ".join(members))


def _reasons() -> str:
    return cited(parameter("decision.reasons_for_rejection", on=None).reference.article)
