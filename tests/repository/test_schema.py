"""The description of the API: valid, without a warning, and nothing open but the log-in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path: Path = tmp_path_factory.mktemp("schema") / "openapi.yaml"
    call_command("spectacular", file=str(path), validate=True, fail_on_warn=True)
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def operations(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path.removeprefix('/api/v1')}": operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def test_the_description_is_valid_and_made_without_a_warning(schema: dict[str, Any]) -> None:
    wanted = {"GET /tenders/", "POST /lots/{id}/score/", "POST /lots/{id}/award/", "POST /score/", "GET /jobs/{id}/"}
    assert wanted <= operations(schema).keys()


def test_only_asking_for_a_token_needs_no_token(schema: dict[str, Any]) -> None:
    unlocked = {name for name, operation in operations(schema).items() if {} in operation.get("security", [{}])}
    assert unlocked == {"POST /tokens/"}


def test_every_operation_says_what_it_does(schema: dict[str, Any]) -> None:
    own = {"list", "retrieve", "destroy"}
    silent = {
        name
        for name, operation in operations(schema).items()
        if not operation.get("description") and operation["operationId"].rsplit("_", 1)[-1] not in own
    }
    assert silent == set()


def handed_in(schema: dict[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    """The parts of what an operation is given, each with where it stands."""

    def parts(place: str, part: Any) -> Iterator[tuple[str, Any]]:
        yield place, part
        for key, inner in part.get("properties", {}).items():
            yield from parts(f"{place}/{key}", inner)
        for inner in [part[key] for key in ("items", "additionalProperties") if isinstance(part.get(key), dict)]:
            yield from parts(f"{place}/*", inner)

    yield from parts("", operations(schema)[name]["requestBody"]["content"]["application/json"]["schema"])


HANDED_IN = (
    "POST /tenders/", "PUT /tenders/{id}/document/", "PUT /tenders/{id}/terms/", "POST /tenders/{id}/lots/",
    "PUT /lots/{id}/document/", "PUT /lots/{id}/profiles/", "POST /bids/", "POST /score/",
)  # fmt: skip


@pytest.mark.parametrize("name", HANDED_IN)
def test_a_document_is_handed_in_from_its_description_alone(schema: dict[str, Any], name: str) -> None:
    assert {place for place, part in handed_in(schema, name) if not part} == set()


def test_the_terms_of_a_tender_are_its_document_without_the_lots(schema: dict[str, Any]) -> None:
    whole, terms = (
        operations(schema)[name]["requestBody"]["content"]["application/json"]["schema"]
        for name in ("POST /tenders/", "PUT /tenders/{id}/terms/")
    )
    assert (
        set(whole["properties"]) - set(terms["properties"])
        == set(whole["required"]) - set(terms["required"])
        == {"lots"}
    )


def test_who_changes_a_draft_may_say_what_was_read(schema: dict[str, Any]) -> None:
    for name in ("PUT /tenders/{id}/terms/", "PUT /lots/{id}/document/"):
        assert "If-Match" in {parameter["name"] for parameter in operations(schema)[name]["parameters"]}
