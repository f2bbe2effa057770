"""The clauses on origin: the preference policy with what it does to whom, and the measure on medical devices."""

from collections.abc import Iterator
from typing import Any

from django.utils.text import capfirst

from procurement.citations import cited
from procurement.policies.models import PolicyVersion
from procurement.policies.presentation.document import of_version
from procurement.policies.presentation.law import card
from procurement.policies.presentation.measures import Description
from procurement.policies.references import Reference
from procurement.policies.seeded_texts import translated
from procurement.tenders.regulation.articles import article, carries_law
from procurement.tenders.regulation.blocks import Block, paragraph, table
from procurement.tenders.regulation.published import Published
from procurement.tenders.regulation.texts import say
from scoring.guards.ipi import TOPIC, conditions_that_may_hold
from scoring.parameters import Parameters, find

PROPOSALS = frozenset({"proposed", "not_adopted"})


def policy(lot: Published) -> Iterator[Block]:
    """The policy that applies, or that none does."""
    version = lot.lot.policy_version
    if version is None:
        yield paragraph(say("no_policy"))
        return
    yield paragraph(_status(version, lot))
    shown = of_version(version, on=lot.day)
    areas = [(area.words, ", ".join(names)) for area, names in shown["areas"]]
    if areas:
        yield table(say("areas_table"), [say("area"), say("countries")], areas)
    basis = article("origin.goods", on=lot.day)
    yield paragraph(say(shown["content_basis"], article=basis))
    yield paragraph(say("assurance", **dict(shown["assurance_factors"])))
    for measure in shown["measures"]:
        yield paragraph(" ".join(_measure(measure)))
    if shown["indicators"]:
        head = [say("indicator"), say("indicator_share"), say("indicator_value"), say("indicator_reference")]
        yield table(say("indicators_table"), head, [_indicator(indicator) for indicator in shown["indicators"]])
    if shown["bonus_cap"] is not None:
        yield paragraph(say("bonus_cap", bonus=shown["bonus_cap"]))
    yield paragraph(say("policy_hash", digest=version.sha256))


def ipi(lot: Published) -> Iterator[Block]:
    """The measure on medical devices; nothing where it is not certain that its conditions hold."""
    conditions = conditions_that_may_hold(lot.case.tender, Parameters())
    if conditions is None or conditions.missing:
        return
    countries = _value("countries", lot)
    reference = cited(conditions.countries.reference.article)
    yield paragraph(say("ipi_applies", reference=reference, countries=countries))
    yield paragraph(
        say(
            "ipi_obligations",
            content=_value("content_cap", lot),
            countries=countries,
            subcontracting=_value("subcontracting_cap", lot),
            article=article(f"{TOPIC}.content_cap", on=lot.day),
        )
    )
    exceptions = article(f"{TOPIC}.exceptions", on=lot.day)
    yield paragraph(say("ipi_exceptions", exceptions=_value("exceptions", lot), article=exceptions))


def _value(name: str, lot: Published) -> str:
    """What the measure says on the day of the launch, in words."""
    line = find(f"{TOPIC}.{name}", on=lot.day)
    assert line is not None, f"the measure holds on {lot.day}, and {name} is part of it"
    return str(card(line)["value"])


def _status(version: PolicyVersion, lot: Published) -> str:
    values = {
        "title": translated(version.policy.title),
        "identifier": version.policy.identifier,
        "version": version.version,
    }
    if version.document["status"] != "in_force":
        return say("policy_proposed", **values)
    return say("policy_in_force", **values, article=article("criteria.unpublished_bonus", on=lot.day))


def _measure(measure: Description) -> Iterator[str]:
    yield say("measure", title=measure.title, effect=measure.effect)
    if measure.conditions:
        yield say("measure_when", conditions=say("and_then").join(measure.conditions))
    else:
        yield say("measure_always")
    if measure.reads:
        yield say("measure_reads", driver=measure.reads)
    if measure.drawing:
        yield say("measure_curve", rows=_rows(measure.drawing.rows))
    yield _rests_on(measure.reference)


def _rests_on(reference: Reference) -> str:
    line = reference.parameter
    if line is not None and carries_law(line):
        return say("rests_on", reference=cited(line.reference.article))
    if line is not None and line.status in PROPOSALS:
        return say("rests_on_proposal", reference=cited(line.reference.article))
    return say("rests_on_nothing")


def _indicator(indicator: dict[str, Any]) -> tuple[str, str, str, str]:
    drawing = indicator["drawing"]
    rows = drawing.rows if drawing else [(shown, result) for shown, _key, result in indicator["labels"]]
    return capfirst(indicator["name"]), indicator["weight"], _rows(rows), indicator["reference"] or "–"


def _rows(rows: list[tuple[str, str]]) -> str:
    return say("and_then").join(say("pair", left=left, right=right) for left, right in rows)
