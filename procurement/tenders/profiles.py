"""Invented bids: the case they make with the rules of a draft, and the six that are proposed.

Nothing here reads a bid that was received.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from procurement.fields import plain
from procurement.ledger.models import Line
from procurement.ledger.services import name_of
from procurement.people.refusals import Refused
from procurement.tenders import rules
from procurement.tenders.models import Lot
from scoring.numbers import decimal, fixed

FEWEST, MOST = 3, 8
Document = dict[str, Any]


def profiles_of(lot: Lot) -> list[Document]:
    """The invented bids of ``lot`` (`documents.PROFILE`), in order."""
    return [profile.document for profile in lot.profiles.all()]


def digest(lot: Lot, profiles: Sequence[Document]) -> str:
    """The SHA-256 of what a check of the method rests on: the rules of ``lot`` as they stand, and the profiles."""
    return rules.sha256({"rules": rules.sha256(rules_as_they_stand(lot)), "profiles": rules.sha256(list(profiles))})


def checked(lots: Sequence[Lot]) -> set[int]:
    """The ids of those of ``lots`` whose method was checked on the rules and the profiles as they now stand.

    One query, for lots whose rules and profiles are fetched.
    """
    lines = Line.objects.filter(action="lot.method_checked", object__in=[name_of(lot) for lot in lots])
    done = set(lines.values_list("object", "after"))
    return {lot.pk for lot in lots if (name_of(lot), digest(lot, profiles_of(lot))) in done}


def rules_as_they_stand(lot: Lot) -> Document:
    """The published rules of ``lot``, or those of its draft as they would be published."""
    return lot.rules if lot.rules is not None else rules.rules_of(lot)


def case_of(lot: Lot, profiles: Sequence[Document], on: date) -> Document:
    """The case (specification 2) of the rules of ``lot`` with invented bids alone: profile 1 is the bid "1"."""
    return rules.case_document(
        rules=rules_as_they_stand(lot),
        policy_document=lot.policy_version.document if lot.policy_version else None,
        bids=[_bid(str(number), profile) for number, profile in enumerate(profiles, start=1)],
        facts={
            **rules.facts_of(lot),
            "purpose": "simulation" if lot.tender.training else "award",
            # Nobody is asked about an invented price: what is low is signalled, not awaited.
            "abnormally_low_explanations": [str(number) for number in range(1, len(profiles) + 1)],
            "self_assessed_marks": [],
        },
        assessed_on=on,
    )


def _bid(key: str, profile: Document) -> Document:
    """A profile as a bid of one line, which carries its origins; what it says counts as verified."""
    origins = [{**origin, "assurance": "verified"} for origin in profile.get("origins", [])]
    evidence = profile.get("environment", {})
    return {
        "id": key,
        "supplier": {"name": profile["name"], "country": profile.get("country")},
        "status": "admissible",
        "price": profile["price"],
        "lines": [{"id": "1", "quantity": "1", "unit_price": profile["price"], "origins": origins}],
        "marks": profile.get("marks", {}),
        "environment": {key: {"value": value, "assurance": "verified"} for key, value in evidence.items()},
        **({"cost": profile["cost"]} if "cost" in profile else {}),
    }


def proposed(lot: Lot) -> list[Document]:
    """Six profiles made of the plausible prices, the scales and the policy of ``lot``; the same ones for the same lot.

    Raises Refused while the draft does not say which prices are plausible.
    """
    if lot.plausible_low is None or lot.plausible_high is None:
        raise Refused(_("Say in the draft of the lot which prices are plausible: the profiles are made of them."))
    low, high = Fraction(lot.plausible_low), Fraction(lot.plausible_high)

    def profile(name: str, part: str, mark: str, country: str | None, *origins: str, best: bool = False) -> Document:
        price = fixed(low + (high - low) * Fraction(part), 2)
        return {
            "name": name,
            "price": plain(Decimal(price)),
            "country": country,
            "origins": [{"country": each, "share": "1"} for each in origins],
            "marks": _marks(lot, Fraction(mark), best_environment=best),
            "environment": _best_evidence(lot) if best else {},
            **({"cost": plain(Decimal(price))} if _on_cost(lot) else {}),
        }

    return [
        profile(_("Cheapest, poor quality"), "0", "0.3", "FR", "FR"),
        profile(_("Dearest, best quality"), "1", "1", "DE", "DE"),
        profile(_("European, in the middle"), "0.5", "0.7", "FR", "FR"),
        profile(_("Cheap, from outside Europe"), "0.1", "0.6", "CN", "CN"),
        profile(_("Of unknown origin"), "0.4", "0.6", None),
        profile(_("Best for the environment"), "0.7", "0.6", "FR", "FR", best=True),
    ]


def _on_cost(lot: Lot) -> bool:
    return any(criterion.kind == "cost" for criterion in lot.criteria.all())


def _marks(lot: Lot, part: Fraction, *, best_environment: bool) -> dict[str, str]:
    """A mark per marked criterion: ``part`` of its scale, never under its minimum; the whole where it is the best."""
    marks = {}
    for criterion in lot.criteria.all():
        if criterion.scale is not None:
            whole = best_environment and criterion.kind == "environment"
            mark = criterion.scale if whole else Decimal(fixed(Fraction(criterion.scale) * part, 2))
            marks[criterion.key] = plain(max(mark, criterion.minimum or Decimal(0)))
    return marks


def _best_evidence(lot: Lot) -> dict[str, str]:
    """For each indicator of the policy, the value that counts for most."""
    indicators = lot.policy_version.document["indicators"] if lot.policy_version else []
    return {indicator["id"]: _best_value(indicator) for indicator in indicators}


def _best_value(indicator: Document) -> str:
    if indicator["kind"] == "label":
        return str(max(indicator["labels"], key=lambda label: decimal(indicator["labels"][label])))
    curve = indicator.get("curve") or [["1", "1"]]
    return str(max(curve, key=lambda point: decimal(point[1]))[0])
