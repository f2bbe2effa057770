"""Legal parameters as cards: value, unit, reference, mark, last review, in the reader's language."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, cast

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from procurement.people.templatetags import reading
from procurement.policies.presentation.document import countries
from procurement.policies.presentation.numbers import decimal, number, percent
from scoring.parameters import Parameter, all_parameters

TOPICS = {
    "origin": gettext_lazy("Origin and equal treatment"),
    "areas": gettext_lazy("Countries and agreements"),
    "ipi_2025_1197": gettext_lazy("International Procurement Instrument: medical devices from China"),
    "environment": gettext_lazy("Environment"),
    "criteria": gettext_lazy("Criteria and ranking"),
    "method": gettext_lazy("Scoring methods"),
    "abnormally_low": gettext_lazy("Abnormally low tenders"),
    "eu_thresholds": gettext_lazy("European thresholds"),
    "national_thresholds": gettext_lazy("National thresholds"),
    "decision": gettext_lazy("Decision, standstill, retention"),
    "cashback": gettext_lazy("Cash-back"),
    "proposals": gettext_lazy("Proposals, not in force"),
    "practice": gettext_lazy("Rules of caution of this portal"),
}
STATUSES = {
    "in_force": gettext_lazy("In force"),
    "utilities_only": gettext_lazy("In force for utilities alone, not for hospitals"),
    "case_law": gettext_lazy("Case law"),
    "proposed": gettext_lazy("Proposed"),
    "not_adopted": gettext_lazy("Not adopted"),
    "guidance": gettext_lazy("Guidance"),
    "not_in_force": gettext_lazy("Nothing in force"),
    "practice": gettext_lazy("Practice of this portal"),
}
CODES = {
    "no_other_compliant_tender": gettext_lazy("no other tender meets the requirements"),
    "overriding_public_interest": gettext_lazy("overriding reasons of public interest"),
    "sub_central": gettext_lazy("sub-central contracting authority"),
    "gpa_equal_treatment": gettext_lazy("equal treatment under the GPA"),
    "free_movement_of_goods": gettext_lazy("free movement of goods"),
    "state_aid": gettext_lazy("state aid"),
    "static_estimate": gettext_lazy("bids taken as unchanged"),
}
RECALLED = "R"
TO_BE_CHECKED = gettext_lazy("%(status)s as recalled: to be checked before anything rests on it")
# How the strip under the title says it: law, proposal, or neither.
STRIPS = {"in_force": "in_force", "case_law": "in_force", "proposed": "proposal", "not_adopted": "proposal"}


def topics() -> list[dict[str, Any]]:
    """Every legal value, by topic: {"title", "cards"}; a value that changed has one card a line."""
    by_topic: dict[str, list[dict[str, Any]]] = {topic: [] for topic in TOPICS}
    for line in all_parameters():
        by_topic.setdefault(line.key.partition(".")[0], []).append(card(line))
    return [
        {"topic": topic, "title": TOPICS.get(topic, topic.replace("_", " ")), "cards": cards}
        for topic, cards in by_topic.items()
        if cards
    ]


def cards(key: str) -> list[dict[str, Any]]:
    """The cards of one legal value, the latest line first; empty for a key nobody has."""
    return [card(line) for line in reversed(all_parameters()) if line.key == key]


def card(line: Parameter) -> dict[str, Any]:
    """One dated line as its card shows it; a recalled one is never shown as law."""
    known = line.mark != RECALLED or line.status == "practice"  # a limit of this portal claims no law
    language = get_language() or "fr"
    return {
        "key": line.key,
        "title": line.title[language],
        "explanation": line.explanation[language],
        "value": VALUES[line.unit](line.value),
        "status": STATUSES[line.status] if known else TO_BE_CHECKED % {"status": STATUSES[line.status]},
        "strip": STRIPS.get(line.status, "plain") if known else "plain",
        "in_force": known and line.status == "in_force",
        "reference": line.reference,
        "mark": line.mark,
        "valid_from": line.valid_from,
        "valid_until": line.valid_until,
        "last_reviewed": line.last_reviewed,
    }


def _days(value: Any) -> str:
    return ngettext("%(count)s day", "%(count)s days", int(value)) % {"count": number(value)}


def _months(value: Any) -> str:
    return ngettext("%(count)s month", "%(count)s months", int(value)) % {"count": number(value)}


def _years(value: Any) -> str:
    return ngettext("%(count)s year", "%(count)s years", int(value)) % {"count": number(value)}


def _money(value: Any) -> str:
    return _("%(amount)s, VAT excluded") % {"amount": reading.money(decimal(value))}


def _two(value: Any) -> str:
    low, high = (percent(end) if isinstance(end, Fraction) else end for end in value)
    return _("%(first)s to %(last)s") % {"first": low, "last": high}


VALUES: dict[str, Callable[[Any], str]] = {
    "EUR": _money,
    "ratio": percent,
    "ratio_range": _two,
    "days": _days,
    "months": _months,
    "years": _years,
    "count": number,
    "date": lambda value: reading.day(cast(date, value)),
    "rule": lambda value: _("A rule without a figure"),
    "countries": lambda value: ", ".join(countries(value)),
    "cpv_range": _two,
    "cpv_prefixes": ", ".join,
    "phrases": ", ".join,
    "codes": lambda value: ", ".join(str(CODES[code]) for code in value),
}
