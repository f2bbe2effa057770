"""The result of a simulation as it is read: its scenarios in one currency, numbered from 0, against the baseline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from procurement.problems import said
from procurement.simulation.models import Sweep
from procurement.simulation.parameters import Parameter, parameters
from scoring.portfolio.frontier import efficient, european_share
from scoring.problems import Phrase

Document = Mapping[str, Any]
HOME_CURRENCY = "EUR"
NO_MONEY = {"spend": 0, "european_value": 0, "cashback": 0, "cashback_granted": 0, "deadweight": 0}


@dataclass(frozen=True, slots=True)
class Standing:
    """What awards come to in one currency, in whole cents: under the baseline (`number` None) or a scenario."""

    number: int | None
    changes: Mapping[str, str]
    changed: int
    without_winner: int
    spend: int
    european_value: int
    cashback: int
    cashback_granted: int
    deadweight: int
    extra_cost: int  # against the baseline
    grams: int
    untold: int
    efficient: bool

    @property
    def share(self) -> Decimal:
        """The European share of what is spent, 0 to 1; 0 where nothing is."""
        return decimal(_share({"spend": self.spend, "european_value": self.european_value}))

    @property
    def money(self) -> dict[str, Decimal]:
        """Its sums in units of the currency."""
        return {name: units(getattr(self, name)) for name in ("extra_cost", "cashback_granted", "deadweight")}

    @property
    def deadweight_share(self) -> Decimal | None:
        """The part of the cash-back that goes to lots whose winner does not change; None without cash-back."""
        return decimal(Fraction(self.deadweight, self.cashback)) if self.cashback else None


class Result:
    """A finished simulation in one of its currencies; an unknown one is replaced by the usual one."""

    def __init__(self, sweep: Sweep, currency: str = "") -> None:
        assert sweep.result is not None
        self.sweep = sweep
        self.document: Document = sweep.result
        self.currencies = [money["currency"] for money in self.document["baseline"]["money"]]
        self.currency = currency if currency in self.currencies else self._usual()

    def _usual(self) -> str:
        """The euro, else the one most is spent in."""
        spends = {money["currency"]: money["spend"] for money in self.document["baseline"]["money"]}
        return HOME_CURRENCY if HOME_CURRENCY in spends else max(spends, key=lambda each: spends[each], default="")

    @property
    def knows_goods(self) -> bool:
        """Whether the archive knows where goods come from: else nobody knows how much of a spend is European."""
        return str(self.document["provenance"]["origin_of"]) == "goods"

    @cached_property
    def has_cashback(self) -> bool:
        """Whether a scenario pays any cash-back, in this currency."""
        return any(each.cashback for each in self.scenarios)

    @cached_property
    def parameters(self) -> list[Parameter]:
        """What the simulation varies, in the order of its axes."""
        known = parameters(self.sweep.policy_document)
        return [known[axis["path"]] for axis in self.sweep.axes]

    @property
    def curve_refused(self) -> str:
        """Why there is no step curve, in the reader's language; empty where there is one, or none was asked for."""
        refused = self.document["curve_refused"]
        return said(Phrase.of_json(refused)) if refused else ""

    @cached_property
    def baseline(self) -> Standing:
        """The awards as they were recorded, replayed."""
        known = self.document["baseline"]
        money = NO_MONEY | _in(known["money"], self.currency)
        return Standing(None, {}, 0, known["without_winner"], **money, extra_cost=0, grams=0, untold=0, efficient=False)

    @cached_property
    def scenarios(self) -> list[Standing]:
        """Every scenario in the order of the question."""
        found = [NO_MONEY | _in(each["money"], self.currency) for each in self.document["scenarios"]]
        best = _efficient(found)
        return [
            Standing(
                number,
                each["changes"],
                each["changed"],
                each["without_winner"],
                **money,
                extra_cost=money["spend"] - self.baseline.spend,
                grams=each["grams"],
                untold=each["untold"],
                efficient=best[number],
            )
            for number, (each, money) in enumerate(zip(self.document["scenarios"], found, strict=True))
        ]

    def chosen(self, asked: Mapping[str, str]) -> Standing:
        """The scenario an address asks for, by its number (`s=7`) or by the place of each value (`v0=1&v1=3`).

        Else the policy as it stands, or the last scenario.
        """
        number = _whole(asked.get("s", ""))
        if number is None and "v0" in asked:
            number = self._at([_whole(asked.get(f"v{place}", "")) for place in range(len(self.sweep.axes))])
        if number is not None and number < len(self.scenarios):
            return self.scenarios[number]
        today = {each.path: each.today for each in self.parameters}
        return next((each for each in self.scenarios if each.changes == today), self.scenarios[-1])

    def _at(self, places: list[int | None]) -> int | None:
        """The number of the scenario with these places of its values, the last axis fastest."""
        number = 0
        for axis, place in zip(self.sweep.axes, places, strict=True):
            if place is None or place >= len(axis["values"]):
                return None
            number = number * len(axis["values"]) + place
        return number

    def choices(self, standing: Standing) -> list[dict[str, Any]]:
        """The values of each axis to choose from, those of a scenario chosen."""
        return [
            {"heading": parameter.heading, "values": _choices(parameter, axis["values"], standing)}
            for parameter, axis in zip(self.parameters, self.sweep.axes, strict=True)
        ]

    def name(self, standing: Standing) -> str:
        """The values of a scenario in words: `Bonus for European share: 5 points · Cap of the bonuses: 8 points`."""
        return " · ".join(each.told(standing.changes[each.path]) for each in self.parameters)

    def value(self, standing: Standing, parameter: Parameter) -> str:
        """What a scenario puts in the place of a parameter, as the reader writes it."""
        return parameter.shown(standing.changes[parameter.path])

    def values(self, standing: Standing) -> list[str]:
        """The values of a scenario in the order of the axes."""
        return [self.value(standing, each) for each in self.parameters]


def _choices(parameter: Parameter, values: list[str], standing: Standing) -> list[dict[str, Any]]:
    chosen = standing.changes[parameter.path]
    return [
        {"place": place, "text": parameter.shown(value), "chosen": value == chosen}
        for place, value in enumerate(values)
    ]


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None


def _efficient(found: Sequence[Mapping[str, int]]) -> list[bool]:
    """Of each scenario's money whether no other reaches as large a European share for less."""
    shares = [_share(money) for money in found]
    order = {share: place for place, share in enumerate(sorted(set(shares)))}
    return efficient([(money["spend"], order[share]) for money, share in zip(found, shares, strict=True)])


def _in(money: list[dict[str, Any]], currency: str) -> dict[str, int]:
    """The cents of one currency, by what they are."""
    row = next((each for each in money if each["currency"] == currency), {})
    return {name: cents for name, cents in row.items() if name != "currency"}


def _share(money: Mapping[str, int]) -> Fraction:
    return european_share(money["european_value"], money["spend"]) or Fraction(0)


def units(cents: int) -> Decimal:
    """Whole cents as units of their currency, with two decimals."""
    return Decimal(cents).scaleb(-2)


def decimal(ratio: Fraction) -> Decimal:
    return Decimal(ratio.numerator) / Decimal(ratio.denominator)
