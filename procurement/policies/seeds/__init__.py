"""The policies and the scheme every installation starts with, as YAML; `services.seed` drafts and approves them."""

from datetime import date
from importlib import resources
from typing import Any

import yaml

from scoring.parameters import parameter


def read_seeds(*, on: date) -> list[dict[str, Any]]:
    """The seeds by file name: {"kind", "status", "title", "note", "document"}.

    A seed names the legal parameters of its areas; the countries are read there, as they stand on that day.
    """
    files = sorted(
        (file for file in resources.files(__package__).iterdir() if file.name.endswith(".yaml")),
        key=lambda file: file.name,
    )
    return [_with_areas(yaml.safe_load(file.read_text(encoding="utf-8")), on) for file in files]


def _with_areas(raw: dict[str, Any], on: date) -> dict[str, Any]:
    document = raw["document"]
    if "areas" in raw:
        areas = {
            name: sorted({country for key in keys for country in parameter(key, on=on).names})
            for name, keys in raw["areas"].items()
        }
        document = {**document, "areas": areas}
    return {**raw, "title": raw.get("title") or document["title"], "document": document}
