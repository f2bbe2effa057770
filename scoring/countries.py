"""Country codes: ISO 3166-1 alpha-2, officially assigned (list of 2026; EL and UK are not codes, GR and GB are)."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from scoring.problems import gettext_noop
from scoring.shapes import Problems, Shape, refuse, shown

COUNTRIES = frozenset((files("scoring") / "iso_3166_1.txt").read_text(encoding="ascii").split())


@dataclass(frozen=True, slots=True)
class Country(Shape):
    """An ISO 3166-1 alpha-2 code in capitals."""

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if isinstance(value, str) and value in COUNTRIES:
            return value
        template = gettext_noop('An ISO 3166-1 alpha-2 country code ("FR") is expected, not %(found)s.')
        return refuse(problems, pointer, template, found=shown(value))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Z]{2}$", "description": "ISO 3166-1 alpha-2"}
