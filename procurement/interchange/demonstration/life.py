"""The life of the demonstration's procedures as dated events, so that the record tells them in their order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from procurement.evaluation import services as evaluation
from procurement.interchange.demonstration.examination import carry_out
from procurement.interchange.demonstration.reading import bid_document, marks
from procurement.people.models import User
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot, Tender

Document = dict[str, Any]
Event = tuple[datetime, Callable[[datetime], object]]


@dataclass(slots=True)
class Procedure:
    """One procedure of the demonstration, and the buyer who runs it; `tender` exists from the draft on."""

    story: Document
    buyer: User
    tender: Tender | None = None

    def events(self) -> Iterator[Event]:
        """What happened to it, each with its time and the call that does it."""
        life = self.story["life"]
        steps: dict[str, Callable[[datetime], object]] = {
            "drafted": self.draft,
            "published": self.publish,
            "seated": self.seat,
            "opened": self.open,
            "judged": self.judge,
            "scored": self.score,
            "explained": self.explain,
            "decided": self.decide,
        }
        for name, step in steps.items():
            if name in life:
                yield datetime.fromisoformat(life[name]), step
        for number, told in self.story.get("examination", {}).items():
            for each in told:
                yield datetime.fromisoformat(each["at"]), partial(self.examine, number, each)
        if "copied_for_training" in self.story:
            yield datetime.fromisoformat(self.story["copied_for_training"]), self.copy

    def draft(self, at: datetime) -> None:
        self.tender = tenders.draft_tender(document=self.story["tender"], by=self.buyer, at=at)

    def publish(self, at: datetime) -> None:
        tenders.publish(tender=self._tender(), by=self.buyer, at=at)

    def seat(self, at: datetime) -> None:
        """Let the evaluators sit on the panels of the lots."""
        for lot, panel in self._panels():
            for person in panel:
                evaluation.seat(lot=lot, person=User.objects.get(username=person), by=self.buyer, at=at)

    def open(self, at: datetime) -> None:
        """Open the bids after their deadline, and enter them with their simulated marks."""
        due = datetime.fromisoformat(self.story["life"]["due"])
        tenders.open_bids(tender=self._tender(), by=self.buyer, at=at, bids_due_at=due)
        for lot in self._lots():
            for bid in self.story["bids"][lot.number]:
                entered = tenders.enter_bid(lot=lot, document=bid_document(bid), by=self.buyer, at=at)
                criteria = {criterion.key: criterion for criterion in lot.criteria.all()}
                for criterion, value, reason in marks(bid):
                    evaluation.mark(
                        bid=entered,
                        criterion=criteria[criterion],
                        value=Decimal(value),
                        reason=reason,
                        simulated=True,
                        by=self.buyer,
                        at=at,
                    )

    def examine(self, number: int, step: Document, at: datetime) -> None:
        """What is proved, asked, answered or offered anew of one bid of the lot ``number``."""
        lot = self._tender().lots.get(number=number)
        carry_out(step, lot.bids.select_related("supplier", "lot").get(key=step["bid"]), self.buyer, at)

    def judge(self, at: datetime) -> None:
        """Each member declares and gives the simulated marks he has; those of whom nothing is told still wait."""
        for lot, panel in self._panels():
            for person, does in panel.items():
                member = User.objects.get(username=person)
                if "declares" in does:
                    evaluation.declare_interests(lot=lot, **{"text": "", **does["declares"]}, by=member, at=at)
                if "marks" in does:
                    evaluation.give_marks(lot=lot, given=_given(lot, does["marks"]), by=member, at=at)

    def score(self, at: datetime) -> None:
        for lot in self._lots():
            if self.story["bids"][lot.number]:
                evaluation.score(lot=lot, by=self.buyer, at=at)

    def explain(self, at: datetime) -> None:
        """Record the explanations of the low prices, and score again with them."""
        for lot in self._lots():
            for bid in self.story["bids"][lot.number]:
                if "explained" in bid:
                    request, answer, conclusion = bid["explained"]
                    evaluation.explain_abnormally_low(
                        bid=lot.bids.get(key=bid["id"]),
                        request=request,
                        answer=answer,
                        conclusion=conclusion,
                        by=self.buyer,
                        at=at,
                    )
                    evaluation.score(lot=lot, by=self.buyer, at=at)

    def decide(self, at: datetime) -> None:
        for lot in self._lots():
            self._decide(lot, self.story["decisions"][lot.number], at)

    def copy(self, at: datetime) -> None:
        tenders.copy_for_training(tender=self._tender(), by=self.buyer, at=at)

    def _decide(self, lot: Lot, decision: Document, at: datetime) -> None:
        if "end" in decision:
            evaluation.end(lot=lot, outcome=decision["end"], reason=decision["reason"], by=self.buyer, at=at)
            return
        sheet = lot.sheets.published().latest("number")
        bid = lot.bids.get(key=decision["award"])
        evaluation.award(lot=lot, bid=bid, sheet=sheet, reason=decision["reason"], by=self.buyer, at=at)

    def _panels(self) -> Iterator[tuple[Lot, Document]]:
        """The lots that have a panel, each with what its members do by username."""
        panels = self.story["panels"]
        return ((lot, panels[lot.number]) for lot in self._lots() if lot.number in panels)

    def _tender(self) -> Tender:
        if self.tender is None:
            raise ValueError(f"{self.story['tender']['reference']} has no draft: its life must begin with `drafted`.")
        self.tender.refresh_from_db()
        return self.tender

    def _lots(self) -> list[Lot]:
        return list(self._tender().lots.order_by("number"))


def _given(lot: Lot, marked: Document) -> list[evaluation.Given]:
    """What a member thinks of the bids, by their ids; each reason says that the mark is simulated."""
    bids = {bid.key: bid for bid in lot.bids.all()}
    criteria = {criterion.key: criterion for criterion in lot.criteria.all()}
    return [
        evaluation.Given(bids[key], criteria[criterion], Decimal(value), f"{reason} (Note simulée.)")
        for key, given in marked.items()
        for criterion, value, reason in marks({"id": key, "marks": given})
    ]
