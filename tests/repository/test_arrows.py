"""The arrows between the apps, where import-linter cannot see them: the relations of the models."""

import tomllib
from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

from tests.repository.files import ROOT

HOUSE = "procurement."


def floors() -> list[set[str]]:
    """The apps from the top of the house to its bottom, as the import contract lists them; neighbours share a floor."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["type"] == "layers" and c["layers"][0].startswith(HOUSE))
    return [{name.strip().removeprefix(HOUSE) for name in layer.split("|")} for layer in layers]


def places() -> dict[str, int]:
    """The floor of every app, 0 at the top."""
    return {label: number for number, floor in enumerate(floors()) for label in floor}


def relations() -> Iterator[tuple[type[Model], type[Model]]]:
    """Every relation a model of the house declares, with where it points."""
    for model in apps.get_models(include_auto_created=True):
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if field.is_relation and field.related_model and model.__module__.startswith(HOUSE):
                yield model, field.related_model


def test_every_app_has_its_place_in_the_order() -> None:
    installed = {config.label for config in apps.get_app_configs() if config.name.startswith(HOUSE)}
    assert installed == set(places())


def test_every_relation_points_to_the_same_app_or_further_down() -> None:
    place = places()
    wrong = [
        f"{model._meta.label} points up to {target._meta.label}"
        for model, target in relations()
        if target._meta.app_label in place
        and place[target._meta.app_label] <= place[model._meta.app_label]
        and target._meta.app_label != model._meta.app_label
    ]
    assert wrong == []
    assert any(model._meta.app_label != target._meta.app_label for model, target in relations())


def test_the_record_points_to_nothing() -> None:
    assert [model for model, _target in relations() if model._meta.app_label == "ledger"] == []
