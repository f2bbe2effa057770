"""What the page of a tender shows: its next step, and of each lot the rules, the needs and what the guards say."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from procurement.citations import cited
from procurement.people.models import Hospital
from procurement.people.permissions import Permission, may
from procurement.people.templatetags.reading import money
from procurement.tenders import checks
from procurement.tenders.models import Criterion, Item, Lot, Stage, Tender
from procurement.tenders.price_curve import PriceCurve, price_curve
from procurement.tenders.profiles import checked
from procurement.tenders.rules import rules_of, total
from scoring.guards import GUARDS
from scoring.numbers import fixed

LOTS_AT_ONCE = 10  # whose rules one page shows in full; those of the next ones are a page further
SEVERITIES = ("block", "warn", "info", "not_assessed")
CARDS = {guard.code: guard.rests_on for guard in GUARDS}
FORMULAS = {
    "lowest_ratio": _("in proportion to the lowest price"),
    "linear_lowest": _("on a straight line from the lowest price"),
    "high_low": _("between the highest and the lowest price"),
    "squared_ratio": _("in proportion to the square of the lowest price"),
    "mean_bounded": _("around the mean price"),
    "absolute_linear": _("on a straight line from all at %(floor_price)s to none at %(ceiling)s"),
    "proportional": _("in proportion to the mark"),
    "best_ratio": _("in proportion to the best mark"),
}
TIE_BREAKS = {
    "lower_price": _("the lower price"),
    "higher_environment": _("the higher environmental quality"),
    "higher_european_share": _("the higher European share"),
    "earlier_submission": _("the earlier submission"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """The one next thing to do: its verb, and where it is done."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """A criterion of the rules. `effective`: what it counts for, out of 100 (2 decimals), where a bonus dilutes it."""

    criterion: dict[str, Any]
    kind: str
    formula: str
    effective: str | None
    scale: str | None
    minimum: str | None


@dataclass(frozen=True, slots=True)
class Needed:
    """An item with the need of each beneficiary, in their order (None: no need), and their sum."""

    item: Item
    quantities: list[Decimal | None]
    total: Decimal


@dataclass(frozen=True, slots=True)
class LotRules:
    """A lot as the page shows it."""

    lot: Lot
    criteria: list[Weighed]
    tie_break: list[str]
    decimals: int
    curve: PriceCurve | None
    beneficiaries: list[Hospital]
    needs: list[Needed]
    findings: list[dict[str, Any]]
    method_checked: bool  # of a draft: on its rules and its invented bids as they stand

    @property
    def diluted(self) -> bool:
        return any(weighed.effective is not None for weighed in self.criteria)

    @property
    def rated(self) -> bool:
        """Whether an item has its rate of VAT."""
        return any(needed.item.vat_rate is not None for needed in self.needs)

    @property
    def blocked(self) -> bool:
        return any(finding["severity"] == "block" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Listed:
    """A lot in the list of all; `page`: the one its rules stand on. Of a draft: how many findings block it or warn."""

    lot: Lot
    page: int
    blocks: int = 0
    warnings: int = 0


def lots_of(tender: Tender) -> list[Listed]:
    """The lots of a tender as a list names them, without their rules; one query."""
    lots = tender.lots.select_related("tender", "policy_version__policy").defer("rules")
    return [Listed(lot, place // LOTS_AT_ONCE + 1) for place, lot in enumerate(lots)]


def checked_lots(tender: Tender) -> list[Listed]:
    """The lots of a draft with what the guards say of each, in a fixed number of queries."""
    today = timezone.localdate()
    found = [(lot, Counter(f["severity"] for f in checks.findings(lot, today))) for lot in tender.lots.for_rules()]
    return [
        Listed(lot, place // LOTS_AT_ONCE + 1, blocks=counts["block"], warnings=counts["warn"])
        for place, (lot, counts) in enumerate(found)
    ]


def shown_rules(tender: Tender, lots: Sequence[Listed]) -> list[LotRules]:
    """Those of the lots of a tender with their rules and needs, in a fixed number of queries."""
    full = tender.lots.filter(pk__in=[listed.lot.pk for listed in lots]).for_rules()
    found = list(full.prefetch_related("items__needs__hospital", "profiles"))
    done = checked(found) if tender.stage == Stage.DRAFT else set()
    return [_lot(lot, method_checked=lot.pk in done) for lot in found]


def next_step(tender: Tender, lots: Sequence[Listed], user: Any) -> Step | None:
    """What this reader may do next with the tender, None when there is nothing left or it is not theirs to do."""
    if tender.stage == Stage.DRAFT and not lots and may(user, Permission.DRAFT_TENDER):
        return Step(gettext("Add a lot"), reverse("tenders:add_lot", args=[tender.pk]))
    if tender.stage == Stage.DRAFT and may(user, Permission.PUBLISH_TENDER):
        return Step(gettext("Publish"), reverse("tenders:publish", args=[tender.pk]))
    if tender.stage == Stage.PUBLISHED and may(user, Permission.OPEN_BIDS):
        return Step(gettext("Open the bids"), reverse("tenders:open", args=[tender.pk]))
    waiting = next((listed.lot for listed in lots if listed.lot.stage == tender.stage), None)
    if waiting is None or not may(user, Permission.SCORE_LOT):
        return None
    address = reverse("evaluation:lot", args=[waiting.pk])
    if tender.stage == Stage.OPENED:
        verb = gettext("Judge lot %(number)d") if waiting.bids.exists() else gettext("Enter the bids of lot %(number)d")
        return Step(verb % {"number": waiting.number}, address)
    if tender.stage == Stage.EVALUATED and not tender.training:
        return Step(gettext("Decide lot %(number)d") % {"number": waiting.number}, address)
    return None


def _lot(lot: Lot, *, method_checked: bool) -> LotRules:
    rules = lot.rules if lot.rules is not None else rules_of(lot)
    draft = lot.stage == Stage.DRAFT
    found = checks.findings(lot, timezone.localdate()) if draft or lot.policy_version_id else []
    weights = checks.effective_weights(found)
    items = list(lot.items.all())
    beneficiaries = _beneficiaries(items)
    return LotRules(
        lot=lot,
        criteria=[_weighed(criterion, weights, rules["tender"]["currency"]) for criterion in rules["criteria"]],
        tie_break=[str(TIE_BREAKS[name]) for name in rules["tie_break"]],
        decimals=rules["rounding"]["decimals"],
        curve=price_curve(lot, rules),
        beneficiaries=beneficiaries,
        needs=[_needed(item, beneficiaries) for item in items],
        findings=[_finding(finding, lot, rules) for finding in _in_order(found)] if draft else [],
        method_checked=method_checked,
    )


def _weighed(criterion: dict[str, Any], weights: dict[str, Fraction], currency: str) -> Weighed:
    weight = weights.get(criterion["id"])
    return Weighed(
        criterion=criterion,
        kind=str(Criterion.Kind(criterion["kind"]).label),
        formula=_points_given(criterion, currency),
        effective=None if weight is None else fixed(weight * 100, 2),
        scale=criterion.get("scale"),
        minimum=criterion.get("minimum"),
    )


def _points_given(criterion: dict[str, Any], currency: str) -> str:
    """How the points are given, with the prices and the bounds that were fixed for it."""
    words, params = str(FORMULAS[criterion["formula"]]), criterion.get("params") or {}
    if criterion["formula"] == "absolute_linear":
        return words % {name: money(params[name], currency) for name in ("floor_price", "ceiling")}
    if params.get("floor") == "no":
        return gettext("%(formula)s, and below zero beyond twice it") % {"formula": words}
    return words


def _beneficiaries(items: list[Item]) -> list[Hospital]:
    hospitals = {need.hospital for item in items for need in item.needs.all()}
    return sorted(hospitals, key=lambda hospital: (hospital.name, hospital.pk))


def _needed(item: Item, beneficiaries: list[Hospital]) -> Needed:
    by_hospital = {need.hospital_id: need.quantity for need in item.needs.all()}
    return Needed(item, [by_hospital.get(hospital.pk) for hospital in beneficiaries], total(by_hospital.values()))


def _in_order(found: list[checks.Finding]) -> list[checks.Finding]:
    return sorted(found, key=lambda finding: SEVERITIES.index(finding["severity"]))


def _finding(finding: checks.Finding, lot: Lot, rules: dict[str, Any]) -> dict[str, Any]:
    """A finding as `components/finding.html` draws it, without the advice, which is that of an award."""
    return {
        **finding,
        "sentence": checks.said(finding, lot, rules),
        "article": cited(finding["article"]),
        "card": reverse("policies:parameter", args=[CARDS[finding["code"]]]),
    }
