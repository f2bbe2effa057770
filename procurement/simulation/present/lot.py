"""Why a scenario gives a lot to somebody else: both rankings, and the two winners component by component."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from procurement.people.templatetags.reading import money, points
from procurement.simulation.explanation import Explained
from procurement.simulation.parameters import measure_name
from procurement.simulation.present.result import decimal
from procurement.tenders.models import Criterion
from scoring.case import Case
from scoring.outcome import Effect, Outcome, Row
from scoring.policy import Policy

ZERO = Decimal(0)
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Place:
    """What one policy makes of a bid; `rank` is None for one that is excluded, and `reason` says why."""

    rank: int | None
    total: Decimal | None
    bonus: Decimal | None
    evaluated_price: Decimal | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tenderer:
    """A bid under both policies, and whether it wins under one or the other."""

    bid: str
    supplier: str
    country: str
    price: Decimal | None
    before: Place
    after: Place
    won_before: bool
    won_after: bool


@dataclass(frozen=True, slots=True)
class Component:
    """Points of the former winner and of the new one under one policy."""

    title: str
    old: Decimal
    new: Decimal

    @property
    def difference(self) -> Decimal:
        """By how much the new winner has more."""
        return self.new - self.old


@dataclass(frozen=True, slots=True)
class Account:
    """The two winners under one policy: components that add up to the total, and what the measures do to each."""

    title: str
    components: list[Component]
    total: Component
    measures: list[tuple[str, str, str]]


def tenderers(explained: Explained) -> list[Tenderer]:
    """Every bid of the lot by its rank under the scenario, the excluded ones last."""
    before, after = explained.before, explained.after
    found = [
        Tenderer(
            bid=bid.id,
            supplier=bid.supplier.name,
            country=bid.supplier.country or "",
            price=None if bid.price is None else decimal(bid.price),
            before=_place(before, bid.id, explained.case),
            after=_place(after, bid.id, explained.case),
            won_before=_wins(before, bid.id),
            won_after=_wins(after, bid.id),
        )
        for bid in explained.case.bids
    ]
    return sorted(found, key=lambda each: (each.after.rank is None, each.after.rank or 0, each.bid))


def _place(outcome: Outcome, bid: str, case: Case) -> Place:
    row = outcome.row(bid)
    if row is None:
        reasons = {out.bid.id: _reason(out.reason, case) for out in outcome.excluded}
        return Place(None, None, None, None, reasons.get(bid, ""))
    return Place(row.rank, rounded(row.total, case), rounded(row.bonus, case), decimal(row.evaluated_price))


def _reason(reason: str, case: Case) -> str:
    """What more there is to say of an exclusion than that it is one: nothing where the archive has the bid excluded."""
    kind, _colon, criterion = reason.partition(":")
    if kind == "minimum" and criterion:
        return _("The mark on “%(criterion)s” is under the minimum.") % {"criterion": called(criterion, case)}
    return "" if reason == "excluded" else reason


def _wins(outcome: Outcome, bid: str) -> bool:
    return outcome.winner is not None and outcome.winner.id == bid


def sentences(explained: Explained) -> list[str]:
    """Who wins under the baseline and under the scenario, and by how much."""
    return [
        _("Under the baseline: %(told)s") % {"told": _told(explained.before, explained.case)},
        _("Under the scenario: %(told)s") % {"told": _told(explained.after, explained.case)},
        *_why(explained),
        *_raised(explained),
    ]


def _why(explained: Explained) -> Iterator[str]:
    """What the policy gives the new winner more than the former one, where it is points."""
    found = accounts(explained)
    if len(found) == 2:
        bonuses = [account.components[len(explained.case.criteria)].difference for account in found]
        if bonuses[1] > bonuses[0]:
            yield _("The bonus gives the new winner %(points)s points more than the former one.") % {
                "points": points(bonuses[1] - bonuses[0])
            }


def _raised(explained: Explained) -> Iterator[str]:
    """At which prices the two winners are compared under the policy, where it does not leave them as offered."""
    currency = explained.row["currency"]
    for outcome in (explained.before, explained.after):
        row = None if outcome.winner is None else explained.after.row(outcome.winner.id)
        if row is None or row.bid.price is None or row.evaluated_price == row.bid.price:
            continue
        yield _(
            "Under the scenario %(supplier)s (%(bid)s) is ranked as if it asked %(price)s; it would be paid %(paid)s."
        ) % {
            "supplier": row.bid.supplier.name,
            "bid": row.bid.id,
            "price": money(decimal(row.evaluated_price).quantize(CENT), currency),
            "paid": money(decimal(row.bid.price), currency),
        }


def rounded(exact: Fraction, case: Case) -> Decimal:
    """Points of a total or a bonus, with the decimals the lot rounds to."""
    return decimal(exact).quantize(Decimal(1).scaleb(-case.decimals))


def _told(outcome: Outcome, case: Case) -> str:
    if outcome.winner is None:
        return _("several bids share the first rank, so that nobody wins.") if outcome.rows else _("no bid is left.")
    winner, *others = outcome.rows
    names = {"winner": f"{winner.bid.supplier.name} ({winner.bid.id})", "total": points(rounded(winner.total, case))}
    if not others:
        return _("%(winner)s wins alone with %(total)s points.") % names
    lead = winner.total - others[0].total
    names |= {"second": f"{others[0].bid.supplier.name} ({others[0].bid.id})", "lead": points(rounded(lead, case))}
    if lead:
        return _("%(winner)s wins with %(total)s points, %(lead)s ahead of %(second)s.") % names
    return _("%(winner)s wins with %(total)s points, as many as %(second)s: the tie-break decides.") % names


def accounts(explained: Explained) -> list[Account]:
    """Both winners under the baseline, then under the scenario; nothing where one of them is not ranked there."""
    if explained.before.winner is None or explained.after.winner is None:
        return []
    old, new = explained.before.winner.id, explained.after.winner.id
    known = (
        (_("Under the baseline"), explained.before, explained.recorded),
        (_("Under the scenario"), explained.after, explained.policy),
    )
    pairs = [(title, outcome.row(old), outcome.row(new), policy) for title, outcome, policy in known]
    return [_account(title, one, other, explained.case, policy) for title, one, other, policy in pairs if one and other]


def _account(title: str, old: Row, new: Row, case: Case, policy: Policy | None) -> Account:
    components = [
        Component(called(criterion.id, case), *(_points(row, criterion.id, case) for row in (old, new)))
        for criterion in case.criteria
    ]
    components.append(Component(_("Bonus"), rounded(old.bonus, case), rounded(new.bonus, case)))
    whole = Component(_("Total"), rounded(old.total, case), rounded(new.total, case))
    scaled = [getattr(whole, side) - sum((getattr(each, side) for each in components), ZERO) for side in ("old", "new")]
    if any(scaled):
        components.append(Component(_("Score adjustment"), *scaled))
    return Account(title, components, whole, list(_effects(old, new, policy)))


def called(key: str, case: Case) -> str:
    """What a criterion is called: its title, else its kind where it is the only one of it, else its id."""
    (criterion,) = [each for each in case.criteria if each.id == key]
    alone = sum(each.kind == criterion.kind for each in case.criteria) == 1
    if criterion.title or not alone:
        return criterion.title or key
    return str(Criterion.Kind(criterion.kind).label)


def _points(row: Row, criterion: str, case: Case) -> Decimal:
    return Decimal(row.criteria[criterion].units).scaleb(-case.decimals)


def _effects(old: Row, new: Row, policy: Policy | None) -> Iterator[tuple[str, str, str]]:
    if policy is None:
        return
    for measure in policy.measures:
        effects = old.effects.get(measure.id), new.effects.get(measure.id)
        if any(effects):
            yield measure_name(measure, policy), _effect(effects[0]), _effect(effects[1])


def _effect(effect: Effect | None) -> str:
    """What a measure does to a bid: points, or the factor of its price or of its total."""
    if effect is None:
        return "–"
    if effect.points is not None:
        return _("%(points)s points") % {"points": points(_short(decimal(effect.points.exact)))}
    return "–" if effect.factor is None else _("× %(factor)s") % {"factor": points(_short(decimal(effect.factor)))}


def _short(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.0001")).normalize()
