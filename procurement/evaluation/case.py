"""From rows to a case document: the only bridge.

The rules are those frozen at the publication, never the rows they were drafted from; bids, marks and facts are
read from the rows of the moment.
"""

from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _

from procurement.evaluation.models import AbnormallyLowExplanation, Mark, ScoreSheet
from procurement.fields import plain
from procurement.people.refusals import Refused
from procurement.policies.models import PolicyVersion
from procurement.tenders import rules
from procurement.tenders.models import Lot
from scoring.canonical import sha256

Purpose = Literal["award", "simulation"]
Published = Literal["published"]


def build(
    lot: Lot, *, policy: PolicyVersion | Published | None = "published", purpose: Purpose, assessed_on: date
) -> dict[str, Any]:
    """The case of a lot (specification 2): its published rules, its bids, its marks, its facts.

    ``policy``: the published one, another version (a simulation), or None for plain scoring. ``assessed_on`` is
    the day the guards take for today. Raises Refused when the rules or the policy are no longer those that were
    published.
    """
    published = _published_rules(lot)
    version = lot.policy_version if policy == "published" else policy
    if policy == "published":
        _check_policy(published["policy"], version)
    return rules.case_document(
        rules=published,
        policy_document=version.document if version else None,
        bids=_marked(rules.bid_documents(lot), lot),
        facts=_facts(lot, purpose),
        assessed_on=assessed_on,
    )


def purpose_of(lot: Lot) -> Purpose:
    """What the published rules of a lot are computed for: nothing is ever awarded on a training copy."""
    return "simulation" if lot.tender.training else "award"


def unchanged(lot: Lot, sheet: ScoreSheet) -> bool:
    """Whether bids, marks and facts are still those this sheet of the published rules was made of, on its day."""
    day = date.fromisoformat(sheet.case["assessed_on"])
    return sha256(build(lot, purpose=purpose_of(lot), assessed_on=day)) == sheet.case_sha256


def _published_rules(lot: Lot) -> dict[str, Any]:
    if lot.rules is None:
        raise Refused(_("This lot is not published yet: it has no rules to score under."))
    if sha256(lot.rules) != lot.rules_sha256:
        raise Refused(
            _("The rules of this lot are not those that were published: their hash differs. Tell the administrator.")
        )
    document: dict[str, Any] = lot.rules
    return document


def _check_policy(named: dict[str, Any] | None, version: PolicyVersion | None) -> None:
    """The rules name their policy by its hash; the version beside them must have that hash, and its document too."""
    expected = named["sha256"] if named else None
    found = sha256(version.document) if version else None
    if found != expected:
        raise Refused(_("The policy of this lot is not the one that was published: its hash differs."))


def _marked(bids: list[dict[str, Any]], lot: Lot) -> list[dict[str, Any]]:
    marks: dict[str, dict[str, str]] = {bid["id"]: {} for bid in bids}
    given = Mark.objects.filter(bid__lot=lot).order_by("criterion__position")
    for bid, criterion, value in given.values_list("bid__key", "criterion__key", "value"):
        marks[bid][criterion] = plain(value)
    return [{**bid, "marks": marks[bid["id"]]} for bid in bids]


def _facts(lot: Lot, purpose: Purpose) -> dict[str, Any]:
    standing = AbnormallyLowExplanation.objects.of_the_standing_price()
    explained = standing.filter(bid__lot=lot).order_by("bid__key").distinct()
    return {
        **rules.facts_of(lot),
        "purpose": purpose,
        "abnormally_low_explanations": list(explained.values_list("bid__key", flat=True)),
        # Tenderers have no account here: every mark is given by a person of the contracting body.
        "self_assessed_marks": [],
    }
