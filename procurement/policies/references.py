"""What a measure rests on: its reference, where it is the key of a legal parameter, with the parameter's mark.

A reference such as `ipi_2025_1197.content_cap` is looked up among the legal parameters; any other text is a
reference nobody has marked. A measure may be in force only on a text in force, read or reported: mark P or S.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from scoring.parameters import MissingParameterError, Parameter, find

READ_OR_REPORTED = frozenset({"P", "S"})
LAW = frozenset({"in_force", "case_law"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as written, and the legal parameter it names on the day asked for, if it names one."""

    text: str
    parameter: Parameter | None

    @property
    def carries_law(self) -> bool:
        """Whether a measure may be in force on it: a text in force that was read (P) or reported (S)."""
        return self.parameter is not None and self.parameter.mark in READ_OR_REPORTED and self.parameter.status in LAW


def look_up(text: str, *, on: date) -> Reference:
    """The reference written as ``text``, with the parameter in force on that day."""
    try:
        return Reference(text, find(text, on=on))
    except MissingParameterError:
        return Reference(text, None)


def unfounded(document: dict[str, Any], *, on: date) -> list[dict[str, str]]:
    """The measures and the cash-back of a valid document that no law carries: [{"pointer", "reference"}, …]."""
    return [
        {"pointer": f"{pointer}/reference", "reference": text}
        for pointer, text in _references(document)
        if not look_up(text, on=on).carries_law
    ]


def _references(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "measures" not in document:
        yield "", document.get("reference", "")
        return
    for index, measure in enumerate(document["measures"]):
        yield f"/measures/{index}", measure.get("reference", "")
    if document.get("cashback"):
        yield "/cashback", document["cashback"].get("reference", "")
