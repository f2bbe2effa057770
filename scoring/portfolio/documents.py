"""The answer to a sweep as documents: made in parts by whoever is free, put together once, never with a hole in it.

A part holds the figures of some scenarios over all lots, so that nothing is added up across parts. Each says what it
was made from: the archive, the policy, the options and the code. Documents hold no moment and no name of a worker:
whoever makes a part again makes the same bytes. Money is in whole cents, within one currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from scoring.canonical import sha256
from scoring.portfolio.figures import Figures
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.problems import BadParts
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.sweep import Study
from scoring.portfolio.winners import Certificate
from scoring.problems import Phrase, gettext_noop

Document = dict[str, Any]
SCHEMA = "bareme-sweep/1"
PART = "bareme-sweep-part/1"
BASELINE = "bareme-sweep-baseline/1"
STATIC = "bids unchanged"
NAMED = 100  # lots whose recorded ranking does not come out
SAME = ("bound", "options", "lots")  # what all parts have to agree on


def part(study: Study, scenarios: Sequence[Scenario], *, code: str) -> Document:
    """The figures of some scenarios. `code` is the hash of the program. Raises BadScenario, BadParts."""
    result = study.run(scenarios)
    figures = [of_scenario(scenario, found) for scenario, found in zip(scenarios, result.figures, strict=True)]
    known = certificate(result.certificate, study.baseline.lots * len(scenarios))
    return {"schema": PART, **_made_from(study, code), "scenarios": figures, "certificate": known}


def baseline(study: Study, *, code: str) -> Document:
    """The archive as it was recorded, replayed: what the scenarios of every part are measured against."""
    replayed = study.baseline
    return {
        "schema": BASELINE,
        **_made_from(study, code),
        "provenance": asdict(study.snapshot.provenance),
        "bids": study.snapshot.bids,
        "lots_without_country": study.lots_without_country,
        "baseline": {
            "lots": replayed.lots,
            "reproduced": replayed.reproduced,
            "different": list(replayed.different[:NAMED]),
            "without_winner": int((replayed.winners == NOBODY).sum()),
            "money": _baseline_money(study),
        },
    }


def assembled(
    scenarios: Sequence[Scenario],
    replayed: Document,
    parts: Iterable[Document],
    *,
    curve: Document | None = None,
    curve_refused: Document | None = None,
) -> Document:
    """The `bareme-sweep/1` document of the scenarios, from the document of the baseline and the parts, in any order.

    `curve` is that of `switches`, `curve_refused` the phrase that says why there is none. Raises BadParts when a
    scenario is missing, there twice or not asked for, or when parts were made from different things.
    """
    figures: dict[str, Document] = {}
    known = Certificate()
    for each in parts:
        _require_same(replayed, each)
        for scenario in each["scenarios"]:
            if scenario["sha256"] in figures:
                raise BadParts(
                    gettext_noop("The scenario %(scenario)s was computed in two parts of the simulation."),
                    scenario=_told(scenario["changes"]),
                )
            figures[scenario["sha256"]] = scenario
        known += Certificate(*(each["certificate"][name] for name in ("settled", "kernel", "redone")))
    ordered = [_taken(figures, scenario) for scenario in scenarios]
    if figures:
        raise BadParts(
            gettext_noop("A part has the scenario %(scenario)s: nobody asked for it."),
            scenario=_told(next(iter(figures.values()))["changes"]),
        )
    return {
        "schema": SCHEMA,
        "bound": {**replayed["bound"], "scenarios": scenarios_sha256(scenarios)},
        "options": replayed["options"],
        "provenance": replayed["provenance"],
        "static": STATIC,
        "lots": replayed["lots"],
        "bids": replayed["bids"],
        "lots_without_country": replayed["lots_without_country"],
        "baseline": replayed["baseline"],
        "certificate": certificate(known, replayed["lots"] * len(ordered)),
        "scenarios": ordered,
        "curve": curve,
        "curve_refused": curve_refused,
    }


def of_scenario(scenario: Scenario, found: Figures) -> Document:
    """What a scenario changes, and its figures."""
    amounts = [*map(asdict, found.money)]
    return {"sha256": scenario.sha256, "changes": dict(scenario.changes), **asdict(found), "money": amounts}


def scenarios_sha256(scenarios: Iterable[Scenario]) -> str:
    """The hash of scenarios in their order."""
    return sha256([scenario.sha256 for scenario in scenarios])


def certificate(known: Certificate, winners: int) -> Document:
    """How so many winners of lots under scenarios were decided. Raises BadParts unless each one was, once."""
    unverified = winners - known.settled - known.kernel - known.redone
    if unverified:
        raise BadParts(
            gettext_noop(
                "%(decided)s winners were decided, and there are %(winners)s to decide: the figures are not kept."
            ),
            decided=winners - unverified,
            winners=winners,
        )
    return {**asdict(known), "unverified": unverified}


def _made_from(study: Study, code: str) -> Document:
    return {
        "bound": {"data": study.snapshot.sha256, "policy": sha256(study.policy), "code": code},
        "options": {"local_area": study.local_area, "carbon": study.carbon},
        "lots": study.baseline.lots,
    }


def _baseline_money(study: Study) -> list[Document]:
    ruler, winners = study.ruler, study.baseline.winners
    won = np.flatnonzero(winners != NOBODY)
    sums = np.zeros((2, len(ruler.currencies)), dtype=np.int64)
    for row, worth in zip(sums, (ruler.price, ruler.european_value), strict=True):
        np.add.at(row, ruler.currency[won], worth[winners[won]])
    return [
        {"currency": currency, "spend": spend, "european_value": european}
        for currency, spend, european in zip(ruler.currencies, *sums.tolist(), strict=True)
    ]


def _require_same(replayed: Document, part: Document) -> None:
    for key in SAME:
        if part[key] != replayed[key]:
            raise BadParts(
                gettext_noop(
                    "A part of the simulation was made from other things than its baseline: %(key)s %(part)s and not "
                    "%(baseline)s. Run the simulation again."
                ),
                key=key,
                part=_told(part[key]),
                baseline=_told(replayed[key]),
            )


def _taken(figures: dict[str, Document], scenario: Scenario) -> Document:
    if scenario.sha256 not in figures:
        raise BadParts(
            gettext_noop("No part of the simulation has the scenario %(scenario)s, or it was asked for twice."),
            scenario=_told(scenario.changes),
        )
    return figures.pop(scenario.sha256)


def _told(changes: Any) -> str | Phrase:
    if isinstance(changes, Mapping):
        written = ", ".join(f"{path} = {value}" for path, value in changes.items())
        return written or Phrase(gettext_noop("without changes"))
    return str(changes)
