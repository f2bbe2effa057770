"""The figures of scenarios beside those of the baseline, a line for each: on the page of one, and side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from procurement.people.templatetags.reading import money, points, share, signed
from procurement.simulation.present.result import Result, Standing, units

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Value:
    """A figure as the reader writes it, and its difference to the baseline; empty where there is none to say."""

    text: str
    difference: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of several standings, in their order."""

    title: str
    values: list[Value]


def lines(result: Result, standings: Sequence[Standing]) -> list[Line]:
    """Every figure there is of the standings; cash-back and CO2e where the simulation has them."""
    return [
        Line(title, values)
        for title, values in (
            *_awards(standings),
            *_money(result, standings),
            *(_cashback(result, standings) if any(each.cashback for each in result.scenarios) else ()),
            *(_carbon(standings) if result.sweep.carbon else ()),
        )
    ]


def _awards(standings: Sequence[Standing]) -> Iterator[tuple[str, list[Value]]]:
    yield _("Changed awards"), [Value(points(str(each.changed))) for each in standings]
    yield _("Lots without a winner"), [Value(points(str(each.without_winner))) for each in standings]


def _money(result: Result, standings: Sequence[Standing]) -> Iterator[tuple[str, list[Value]]]:
    base, currency = result.baseline, result.currency
    yield (
        _("Spend, and extra cost"),
        [
            Value(money(units(each.spend), currency), _signed_money(each.extra_cost, currency) if _is_one(each) else "")
            for each in standings
        ],
    )
    yield (
        _("European value"),
        [
            Value(
                money(units(each.european_value), currency),
                _signed_money(each.european_value - base.european_value, currency) if _is_one(each) else "",
            )
            for each in standings
        ],
    )
    yield (
        _("European share"),
        [
            Value(share(each.share), _signed_points(each.share - base.share) if _is_one(each) else "")
            for each in standings
        ],
    )


def _cashback(result: Result, standings: Sequence[Standing]) -> Iterator[tuple[str, list[Value]]]:
    def amounts(name: str) -> list[Value]:
        return [
            Value(money(units(getattr(each, name)), result.currency) if _is_one(each) else NOTHING)
            for each in standings
        ]

    yield _("Cash-back before the caps of a year"), amounts("cashback")
    yield _("Cash-back granted"), amounts("cashback_granted")
    yield _("Deadweight: cash-back where the winner stays the same"), amounts("deadweight")
    shares = [each.deadweight_share for each in standings]
    yield _("Deadweight, part of the cash-back"), [Value(share(each) or NOTHING) for each in shares]


def _carbon(standings: Sequence[Standing]) -> Iterator[tuple[str, list[Value]]]:
    yield (
        _("Change of the CO2e, kg"),
        [Value(signed(Decimal(each.grams).scaleb(-3).normalize()) if _is_one(each) else NOTHING) for each in standings],
    )
    yield (
        _("Changed awards whose CO2e is not known"),
        [Value(points(str(each.untold)) if _is_one(each) else NOTHING) for each in standings],
    )


def _is_one(standing: Standing) -> bool:
    """Whether it is a scenario, which has differences to the baseline."""
    return standing.number is not None


def _signed_money(cents: int, currency: str) -> str:
    sign = "+" if cents > 0 else "\N{MINUS SIGN}" if cents < 0 else ""
    return sign + money(units(abs(cents)), currency)


def _signed_points(difference: Decimal) -> str:
    """A difference of shares in points of percentage."""
    number = signed((difference * 100).quantize(Decimal("0.01")))
    return _("%(number)s percentage points") % {"number": number}


def headline(result: Result, chosen: Standing) -> str:
    """What a scenario would have changed, in a sentence."""
    sentence = ngettext(
        "%(count)s award of %(lots)s would have changed: %(cost)s of spend, and a European share of %(share)s instead "
        "of %(before)s.",
        "%(count)s awards of %(lots)s would have changed: %(cost)s of spend, and a European share of %(share)s instead "
        "of %(before)s.",
        chosen.changed,
    )
    if len(result.currencies) > 1:  # awards are counted in all of them, money in one
        sentence = ngettext(
            "%(count)s award of %(lots)s would have changed, in all currencies together. Of those in %(currency)s: "
            "%(cost)s of spend, and a European share of %(share)s instead of %(before)s.",
            "%(count)s awards of %(lots)s would have changed, in all currencies together. Of those in %(currency)s: "
            "%(cost)s of spend, and a European share of %(share)s instead of %(before)s.",
            chosen.changed,
        )
    return sentence % {
        "count": points(str(chosen.changed)),
        "currency": result.currency,
        "lots": points(str(result.document["lots"])),
        "cost": _signed_money(chosen.extra_cost, result.currency),
        "share": share(chosen.share),
        "before": share(result.baseline.share),
    }


def certificate(result: Result) -> list[str]:
    """How it is known that every winner is the one the rules name."""
    known, lots, scenarios = result.document["certificate"], result.document["lots"], len(result.document["scenarios"])
    counts = {name: points(str(known[name])) for name in ("settled", "kernel", "redone", "unverified")}
    baseline = result.document["baseline"]
    return [
        _(
            "%(lots)s lots × %(scenarios)s scenarios: %(settled)s winners were settled beforehand (one bid at most), "
            "%(kernel)s decided by a calculation whose error is bounded, %(redone)s done again in exact fractions; "
            "%(unverified)s unverified."
        )
        % {"lots": points(str(lots)), "scenarios": points(str(scenarios)), **counts},
        _("%(reproduced)s of %(lots)s recorded rankings reproduced.")
        % {"reproduced": points(str(baseline["reproduced"])), "lots": points(str(baseline["lots"]))},
    ]
