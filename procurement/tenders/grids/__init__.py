"""Templates of criteria a lot can start from: one file each, in English and French.

Lawful for a consultation launched from 21 August 2026, when a criterion on the environmental characteristics of the
bid is required; works are not among them. Each says how often its shape (`reference.shapes`) was seen in the corpus.
docs/reference-grids.md tells where the weights come from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from procurement.tenders.reference.shapes import shape_of

FOLDER = Path(__file__).parent
IDENTIFIERS = (
    "generic_medicines",
    "shortage_prone_medicines",
    "innovative_medicines",
    "sterile_disposables",
    "protective_disposables",
    "dressings",
    "implants",
    "laboratory_reagents",
    "reagents_with_analysers",
    "imaging_equipment",
    "biomedical_equipment",
    "beds_and_furniture",
    "cleaning",
    "catering",
    "linen",
    "software",
    "computers",
    "equipment_maintenance",
    "patient_transport",
)
NOTICES = 3975  # of the corpus in which shapes were counted: BOAMP, January to March 2021 (DILA, Licence Ouverte 2.0)
LANGUAGES = ("en", "fr")
Document = dict[str, Any]


class Unknown(LookupError):
    """No template has the identifier that was asked for."""


@dataclass(frozen=True, slots=True)
class Seen:
    """In how many notices of the corpus the shape stands in one lot at least; ``health`` = of hospitals, as guessed."""

    notices: int
    health: int


@dataclass(frozen=True, slots=True)
class Template:
    """A grid to start from. ``written`` is its file, in which every text is {"en", "fr"} and a scale is named."""

    identifier: str
    written: Mapping[str, Any]

    @property
    def title(self) -> str:
        """In the reader's language."""
        return _in(self.written["title"], get_language())

    @property
    def purpose(self) -> str:
        """For what it is meant, in one sentence in the reader's language."""
        return _in(self.written["purpose"], get_language())

    @property
    def shape(self) -> str:
        return shape_of(self.written["criteria"])

    @property
    def seen(self) -> Seen:
        return Seen(**self.written["seen"])

    def lot(self, language: str) -> Document:
        """The document of a lot (`documents.LOT`) in ``language``, but for its items, which the buyer gives."""
        return {
            "title": _in(self.written["title"], language),
            "criteria": [_criterion(criterion, language) for criterion in self.written["criteria"]],
            "rounding": dict(self.written["rounding"]),
            "tie_break": list(self.written["tie_break"]),
            "policy": None,
            "items": [],
        }


@cache
def all() -> tuple[Template, ...]:
    """Every template, in the order in which they are offered."""
    return tuple(Template(identifier, _read(identifier)) for identifier in IDENTIFIERS)


def template(identifier: str) -> Template:
    """The template ``identifier``. Raises Unknown."""
    for each in all():
        if each.identifier == identifier:
            return each
    raise Unknown(identifier)


def lot_document(identifier: str, language: str) -> Document:
    """`Template.lot` of the template ``identifier``. Raises Unknown."""
    return template(identifier).lot(language)


def _criterion(written: Mapping[str, Any], language: str) -> Document:
    criterion: Document = {**written, "title": _in(written["title"], language)}
    if "parent" in written:
        criterion["parent"] = _in(written["parent"], language)
    return criterion | (scale(written["scale"], language) if "scale" in written else {})


def scale(name: str, language: str | None) -> Document:
    """The highest mark of the scale ``name`` of `scales.yaml`, and what each of its steps means."""
    steps = scales()[name]
    meanings = [{"value": step["value"], "meaning": _in(step["meaning"], language)} for step in steps]
    return {"scale": steps[-1]["value"], "steps": meanings}


def _in(text: Mapping[str, str], language: str | None) -> str:
    """``text`` in ``language`` ("fr", "fr-be"), in English where it is none of `LANGUAGES`."""
    return text.get((language or "")[:2], text["en"])


@cache
def scales() -> Mapping[str, Any]:
    """The steps of every scale by its name, each with its value and its meaning in every language."""
    read: Mapping[str, Any] = _read("scales")
    return read


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
