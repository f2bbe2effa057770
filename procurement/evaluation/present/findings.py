"""The findings of a sheet in sentences, blocking first, each with its article's card and what lifted it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement import sentences
from procurement.citations import cited
from procurement.evaluation import blocks
from procurement.evaluation.models import LiftedBlock
from procurement.evaluation.present.reading import Reading
from procurement.policies.seeded_texts import titles_of
from scoring.guards import GUARDS

SEVERITIES = {  # in the order they are shown
    "block": gettext_lazy("blocks the award"),
    "warn": gettext_lazy("warning"),
    "info": gettext_lazy("for information"),
    "not_assessed": gettext_lazy("not assessed"),
}
ORDER = list(SEVERITIES)
CARDS = {guard.code: guard.rests_on for guard in GUARDS}


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as `components/finding.html` draws it, and the lift of it where there is one."""

    code: str
    severity: str
    sentence: str
    advice: str
    article: str
    source: str
    mark: str
    card: str
    lifted: LiftedBlock | None

    @property
    def severity_label(self) -> str:
        """The severity in words; a block that was lifted blocks no longer."""
        return _("block lifted") if self.lifted else str(SEVERITIES[self.severity])

    @property
    def assessed(self) -> bool:
        return self.severity != "not_assessed"


def shown(findings: Iterable[dict[str, Any]], reading: Reading, lifted: Iterable[LiftedBlock] = ()) -> list[Shown]:
    """The findings in sentences: what blocks first, then warnings, information, and what was not assessed.

    ``reading`` names the tenderers and the criteria, ``lifted`` are the lifts of the lot.
    """
    lifts = {lift.finding_sha256: lift for lift in lifted}
    in_order = sorted(findings, key=lambda finding: ORDER.index(finding["severity"]))
    return [_shown(finding, reading, lifts.get(blocks.digest(finding))) for finding in in_order]


def _shown(finding: dict[str, Any], reading: Reading, lift: LiftedBlock | None) -> Shown:
    return Shown(
        code=finding["code"],
        severity=finding["severity"],
        sentence=sentences.sentence(
            finding,
            reading.suppliers,
            reading.titles,
            reading.case["tender"]["currency"],
            titles_of(reading.case.get("policy")),
        ),
        advice=_advice(finding, reading),
        article=cited(finding["article"]),
        source=finding["source"],
        mark=finding["mark"],
        card=reverse("policies:parameter", args=[CARDS[finding["code"]]]),
        lifted=lift if finding["severity"] == "block" else None,
    )


def _advice(finding: dict[str, Any], reading: Reading) -> str:
    """What to do about the finding; for low prices, what is left to do once their explanations are recorded."""
    explained = set(reading.case.get("facts", {}).get("abnormally_low_explanations", []))
    alerted = finding["code"] == "abnormally-low" and finding["severity"] == "warn"
    if alerted and explained.issuperset(finding["values"]["bids"]):
        return _("The explanations are recorded: award if they justify the price, exclude the bid if they do not.")
    return sentences.advice(finding)
