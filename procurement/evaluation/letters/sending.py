"""When and by which means letters leave, and from which day on the contract may be signed."""

from dataclasses import dataclass
from datetime import date, timedelta

from procurement.evaluation.models import Decision, SentLetters
from scoring.parameters import Parameter, parameter

STANDSTILLS = {  # CCP R2182-1
    SentLetters.Way.ELECTRONIC: "decision.standstill_electronic",
    SentLetters.Way.OTHER: "decision.standstill_otherwise",
}


@dataclass(frozen=True, slots=True)
class Sending:
    """The day letters leave and the means, a value of `SentLetters.Way`; all of a lot leave together."""

    way: str
    on: date

    @property
    def standstill(self) -> Parameter:
        """The legal value of the standstill after such a sending, in days."""
        return parameter(STANDSTILLS[SentLetters.Way(self.way)], on=self.on)

    def signable_on(self, decision: Decision) -> date | None:
        """The first day the contract may be signed, so many whole days after the sending; None without standstill.

        Calendar days: what falls on a weekend or a public holiday is not put off.
        """
        if decision.outcome != Decision.Outcome.AWARDED or not decision.lot.tender.formalised:
            return None
        return self.on + timedelta(days=int(self.standstill.number))
