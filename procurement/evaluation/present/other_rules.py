"""What other rules than the published ones give: shown after the decision, or on a training copy, and only then."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from procurement.evaluation.disclosure import other_rules_may_be_shown
from procurement.evaluation.models import ScoreSheet
from procurement.evaluation.present.reading import Reading, Row
from procurement.policies.models import PolicyVersion
from procurement.tenders.models import Lot
from scoring.parameters import lines_of

RISKS = ("cashback.nothing_in_force", "cashback.risks")


@dataclass(frozen=True, slots=True)
class Simulation:
    """A stored simulation: who wins there, and whether that is another than under the published rules."""

    sheet: ScoreSheet
    winner: str
    changed: bool


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Every bid under the published rules and under each policy simulated: a column for each of `sheets`.

    A row is a tenderer and its rows of those sheets' rankings, None where the rules exclude the bid.
    """

    sheets: list[ScoreSheet]
    rows: list[tuple[str, list[Row | None]]]


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
    side_by_side: SideBySide | None
    versions: list[PolicyVersion]


def other_rules(lot: Lot, reading: Reading) -> OtherRules | None:
    """None while the procedure is open. Two queries."""
    if not other_rules_may_be_shown(lot):
        return None
    sheets = list(lot.sheets.defer("case").select_related("policy_version__policy").order_by("-number"))
    published = next((sheet for sheet in sheets if sheet.purpose == ScoreSheet.Purpose.PUBLISHED_RULES), None)
    simulations = [sheet for sheet in sheets if sheet.purpose == ScoreSheet.Purpose.SIMULATION]
    versions = PolicyVersion.objects.approved().filter(policy__kind="preference").select_related("policy")
    cashback = _cashback(reading)
    return OtherRules(
        without_policy=_without_policy(reading),
        cashback=cashback,
        risks=risks() if cashback else "",
        simulations=[_simulation(sheet, published, reading) for sheet in simulations],
        side_by_side=_side_by_side(published, simulations, reading),
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
    """What is printed with every cash-back figure: that nothing pays it, its legal risks, and that it is static."""
    language = "en" if get_language() == "en" else "fr"
    return " ".join(lines_of(key)[-1].explanation[language] for key in RISKS)


def _simulation(sheet: ScoreSheet, published: ScoreSheet | None, reading: Reading) -> Simulation:
    winner = sheet.sheet["winner"]
    return Simulation(
        sheet=sheet,
        winner=reading.supplier(winner) or _("nobody alone"),
        changed=published is not None and winner != published.sheet["winner"],
    )


def _side_by_side(published: ScoreSheet | None, simulations: list[ScoreSheet], reading: Reading) -> SideBySide | None:
    """The published sheet first, then the latest simulation of each policy version; None with one column or none."""
    latest: dict[int | None, ScoreSheet] = {}
    for sheet in simulations:  # newest first
        latest.setdefault(sheet.policy_version_id, sheet)
    columns = ([published] if published else []) + list(latest.values())
    if len(columns) < 2:
        return None
    rankings: list[dict[str, Row]] = [{row["bid"]: row for row in sheet.sheet["ranking"]} for sheet in columns]
    in_order = [*rankings[0], *(bid for bid in reading.suppliers if bid not in rankings[0])]
    return SideBySide(columns, [(reading.supplier(bid), [r.get(bid) for r in rankings]) for bid in in_order])
