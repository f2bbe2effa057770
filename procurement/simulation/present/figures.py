"""The figures of scenarios beside those of the baseline, a line for each: on the page of one, and side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from procurement.people.templatetags.reading import money, points, share, signed
from procurement.simulation.present.result import Result, Standing, decimal, units

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
            *_awards(result, standings),
            *_money(result, standings),
            *(_european(result, standings) if result.knows_goods else ()),
            *(_cashback(result, standings) if result.has_cashback else ()),
            *(_carbon(standings) if result.sweep.carbon else ()),
        )
    ]


def _awards(result: Result, standings: Sequence[Standing]) -> Iterator[tuple[str, list[Value]]]:
    yield _("Changed awards"), [Value(_count(each.changed)) for each in standings]
    base = result.baseline.without_winner
    yield (
        _("Lots without a winner"),
        [
            Value(_count(each.without_winner), signed(Decimal(each.without_winner - base)) if _is_one(each) else "")
            for each in standings
        ],
    )


def _money(result: Result, standings: Sequence[Standing]) -> Iterator[tuple[str, list[Value]]]:
    yield (
        _("Spend, and extra cost"),
        [
            Value(money(units(each.spend), result.currency), _extra(result, each) if _is_one(each) else "")
            for each in standings
        ],
    )


def _european(result: Result, standings: Sequence[Standing]) -> Iterator[tuple[str, list[Value]]]:
    base, currency = result.baseline, result.currency
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


def _count(number: int) -> str:
    return points(str(number))


def _extra(result: Result, standing: Standing) -> str:
    """The extra cost, and what part of the spend of the baseline it is."""
    cost = _signed_money(standing.extra_cost, result.currency)
    percent = _percent_more(result, standing)
    return f"{cost} ({percent})" if percent else cost


def _percent_more(result: Result, standing: Standing) -> str:
    """The extra cost in percent of the spend of the baseline, signed; empty where there is none to compare."""
    if not result.baseline.spend or not standing.extra_cost:
        return ""
    part = decimal(Fraction(abs(standing.extra_cost), result.baseline.spend))
    return ("+" if standing.extra_cost > 0 else "\N{MINUS SIGN}") + share(part)


def headline(result: Result, chosen: Standing) -> str:
    """What a scenario would have changed, as one tells it."""
    return " ".join([_how_many(result, chosen), *(_at_what(result, chosen) if chosen.changed else ())])


def _how_many(result: Result, chosen: Standing) -> str:
    counts = {"count": points(str(chosen.changed)), "lots": points(str(result.document["lots"]))}
    if not chosen.changed:
        return _("None of the %(lots)s awards would have changed.") % counts
    if len(result.currencies) == 1:
        return ngettext(
            "%(count)s award of %(lots)s would have changed.",
            "%(count)s awards of %(lots)s would have changed.",
            chosen.changed,
        ) % counts  # fmt: skip
    counts["currency"] = result.currency  # awards are counted in all of them, money in one
    return ngettext(
        "%(count)s award of %(lots)s would have changed, in all currencies together. The money below is %(currency)s.",
        "%(count)s awards of %(lots)s would have changed, in all currencies together. The money below is %(currency)s.",
        chosen.changed,
    ) % counts  # fmt: skip


def _at_what(result: Result, chosen: Standing) -> Iterator[str]:
    cost = {"cost": money(units(abs(chosen.extra_cost)), result.currency), "percent": _percent_more(result, chosen)}
    if chosen.extra_cost > 0:
        yield _("Spend would have risen by %(cost)s (%(percent)s).") % cost
    elif chosen.extra_cost < 0:
        yield _("Spend would have fallen by %(cost)s (%(percent)s).") % cost
    else:
        yield _("Spend would have been the same.")
    if result.knows_goods:
        yield _("The European share would have been %(share)s instead of %(before)s.") % {
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
