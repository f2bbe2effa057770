"""What other rules than the published ones give: shown after the decision, or on a training copy, and only then."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from procurement.evaluation.disclosure import other_rules_may_be_shown
from procurement.evaluation.models import ScoreSheet
from procurement.evaluation.present.reading import Reading
from procurement.policies.models import PolicyVersion
from procurement.tenders.models import Lot
from scoring.parameters import lines_of

RISKS = "cashback.risks"


@dataclass(frozen=True, slots=True)
class Simulation:
    """A stored simulation beside the sheet on the page: who wins there, and whether that is somebody else."""

    sheet: ScoreSheet
    winner: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Cashback:
    """What a bid would have brought its buyer under the policy's scheme, were it awarded and the scheme in force."""

    supplier: str
    amount: str


@dataclass(frozen=True, slots=True)
class OtherRules:
    """`without_policy` is a sentence, `simulations` newest first, `versions` what may be simulated next."""

    without_policy: str
    cashback: list[Cashback]
    risks: str
    simulations: list[Simulation]
    versions: list[PolicyVersion]


def other_rules(lot: Lot, reading: Reading) -> OtherRules | None:
    """None while the procedure is open. Two queries."""
    if not other_rules_may_be_shown(lot):
        return None
    simulations = lot.sheets.filter(purpose=ScoreSheet.Purpose.SIMULATION).defer("case").order_by("-number")
    versions = PolicyVersion.objects.approved().filter(policy__kind="preference").select_related("policy")
    cashback = _cashback(reading)
    return OtherRules(
        without_policy=_without_policy(reading),
        cashback=cashback,
        risks=risks() if cashback else "",
        simulations=[_simulation(s, reading) for s in simulations.select_related("policy_version__policy")],
        versions=list(versions),
    )


def _without_policy(reading: Reading) -> str:
    if reading.case["policy"] is None:
        return _("These bids were scored without a policy.")
    plain = reading.sheet["without_policy"]
    if not plain["changed"]:
        return _("Without the policy the winner would be the same.")
    if plain["winner"] is None:
        return _("Without the policy nobody would win alone.")
    return _("Without the policy %(winner)s would win.") % {"winner": reading.supplier(plain["winner"])}


def _cashback(reading: Reading) -> list[Cashback]:
    return [
        Cashback(reading.supplier(row["bid"]), row["cashback"])
        for row in reading.ranking
        if row["cashback"] is not None
    ]


def risks() -> str:
    """What is printed with every cash-back figure: the legal risks of the scheme, and that it is static."""
    explanation: Mapping[str, str] = lines_of(RISKS)[-1].explanation
    return explanation["en" if get_language() == "en" else "fr"]


def _simulation(sheet: ScoreSheet, reading: Reading) -> Simulation:
    document: dict[str, Any] = sheet.sheet
    winner = document["winner"]
    return Simulation(
        sheet=sheet,
        winner=reading.supplier(winner) or _("nobody alone"),
        changed=winner != reading.sheet["winner"],
    )
