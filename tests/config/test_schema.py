"""The document of the API, made once in each language."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from config import schema
from tests.factories import UserFactory


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was made anew since the process began."""
    counted: list[Any] = []

    def make(self: Any, request: Any = None, public: bool = False) -> dict[str, Any]:
        counted.append(public)
        return {"openapi": "3.1.0", "made": len(counted)}

    monkeypatch.setattr(SchemaGenerator, "get_schema", make)
    monkeypatch.setattr(schema, "_made", {})
    monkeypatch.setattr(schema, "_written", {})
    return counted


@pytest.mark.django_db
def test_whoever_asks_in_one_language_gets_what_was_made_for_the_first(made: list[Any]) -> None:
    answers = []
    for language in ("en", "en", "fr", "fr"):
        client = Client()
        client.force_login(UserFactory(language=language))
        answers.append(client.get(reverse("schema"), headers={"Accept": "application/vnd.oai.openapi+json"}).json())

    assert [answer["made"] for answer in answers] == [1, 1, 2, 2]


@pytest.mark.django_db
def test_what_was_written_once_is_answered_again_in_its_own_kind_of_text(made: list[Any]) -> None:
    client = Client()
    client.force_login(UserFactory())
    kinds = ("application/vnd.oai.openapi+json", "application/vnd.oai.openapi", "application/vnd.oai.openapi+json")

    json, yaml, again = (client.get(reverse("schema"), headers={"Accept": kind}) for kind in kinds)

    assert (again.content, again["Content-Type"]) == (json.content, json["Content-Type"])
    assert json["Content-Type"] != yaml["Content-Type"]
    assert b"openapi: 3.1.0" in yaml.content
    assert Client().get(reverse("schema")).status_code == 401


@pytest.mark.django_db
def test_addresses_made_up_without_end_fill_no_memory(made: list[Any]) -> None:
    client = Client()
    client.force_login(UserFactory())

    for made_up in range(3):
        assert client.get(reverse("schema"), {"lang": f"x{made_up}", "more": made_up}).status_code == 200

    assert schema._written == {}
    assert set(schema._made) <= set(schema.LANGUAGES)


def test_a_schema_of_one_reader_is_remembered_for_nobody(made: list[Any]) -> None:
    generator = schema.RememberedSchema()

    assert generator.get_schema(public=False) != generator.get_schema(public=False)
    assert schema._made == {}
