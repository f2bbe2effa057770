"""The document of a version, read out part by part."""

from datetime import date
from typing import Any, NamedTuple

from procurement.policies.models import Policy, PolicyVersion
from procurement.policies.presentation.areas import country, names_of
from procurement.policies.presentation.conditions import Areas, sentences
from procurement.policies.presentation.curves import draw
from procurement.policies.presentation.measures import describe
from procurement.policies.presentation.numbers import decimal, number, percent
from procurement.policies.references import look_up
from procurement.policies.seeded_texts import indicator_name, translated
from procurement.sentences import letters
from scoring.policy import Cashback, Indicator
from scoring.policy import Policy as PolicyDocument
from scoring.policy_reading import read_policy, read_scheme


class _Area(NamedTuple):
    """An area by the key its document gives it, and in words: the key again where it has none."""

    key: str
    words: str


def of_version(version: PolicyVersion, *, on: date) -> dict[str, Any]:
    """What the page of a version shows of its document; references as the law stands on that day."""
    if version.policy.kind == Policy.Kind.CASHBACK:
        return {"cashback": _cashback(read_scheme(version.document), {}, on)}
    policy = read_policy(version.document)
    areas = names_of(policy.areas)
    return {
        "content_basis": policy.content_basis,
        "european_area": _Area(policy.european_area, areas[policy.european_area]),
        "areas": [(_Area(key, areas[key]), countries(codes)) for key, codes in policy.areas.items()],
        "assurance_factors": [(name, percent(factor)) for name, factor in policy.assurance_factors.items()],
        "indicators": [_indicator(indicator, policy) for indicator in policy.indicators],
        "measures": [describe(measure, areas=areas, on=on) for measure in policy.measures],
        "bonus_cap": None if policy.bonus_cap is None else number(policy.bonus_cap),
        "cashback": _cashback(policy.cashback, areas, on) if policy.cashback else None,
    }


def countries(codes: frozenset[str] | tuple[str, ...]) -> list[str]:
    """The names of countries in the reader's language, in its alphabetical order."""
    return sorted(map(country, codes), key=letters)


def _indicator(indicator: Indicator, policy: PolicyDocument) -> dict[str, Any]:
    whole = sum(each.weight for each in policy.indicators)
    return {
        "id": indicator.id,
        "name": indicator_name(indicator.id),
        "weight": percent(indicator.weight / whole),
        "drawing": draw(indicator.curve, say_x=number, say_y=percent, unit_span=False)
        if indicator.kind == "number"
        else None,
        "labels": [(translated(text), text, percent(result)) for text, result in indicator.labels.items()],
        "reference": translated(indicator.reference),
    }


def _cashback(scheme: Cashback, areas: Areas, on: date) -> dict[str, Any]:
    return {
        "id": scheme.id,
        "base": scheme.base,
        "tiers": [(percent(start), percent(rate)) for start, rate in scheme.tiers],
        "environment_multiplier": percent(scheme.environment_multiplier) if scheme.environment_multiplier else None,
        "minimum_contract": decimal(scheme.minimum_contract),
        "caps": {
            name: None if cap is None else decimal(cap)
            for name, cap in (
                ("contract", scheme.cap_per_contract),
                ("hospital_year", scheme.cap_per_hospital_year),
                ("envelope", scheme.envelope_year),
            )
        },
        "rationing": scheme.rationing,
        "conditions": sentences(scheme.when, areas),
        "reference": look_up(scheme.reference, on=on),
    }
