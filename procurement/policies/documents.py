"""Reading the document of a policy or a scheme: from text, and against the row it belongs to."""

import json
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from procurement.people.refusals import Invalid
from procurement.policies.models import Policy
from procurement.problems import listed
from scoring.case_reading import validate
from scoring.parameters import parameter
from scoring.policy_reading import read_scheme
from scoring.problems import InvalidDocument, Problem, Report, gettext_noop
from scoring.reading import loads


def read(text: str | bytes) -> Any:
    """The JSON value of what somebody wrote or sent. Raises Invalid with every problem and its pointer."""
    try:
        return loads(text)
    except InvalidDocument as invalid:
        raise refusal(invalid.problems) from invalid


def blank(*, on: date) -> dict[str, Any]:
    """A policy that does nothing yet, to start a draft from; its European area is the EEA of that day."""
    return {
        "schema": "bareme-policy/1",
        "id": "",
        "version": 1,
        "title": "",
        "status": "proposed",
        "content_basis": "ucc_origin",
        "areas": {"EEA": list(parameter("areas.eea", on=on).names)},
        "european_area": "EEA",
        "indicators": [],
        "measures": [],
        "bonus_cap": None,
        "cashback": None,
    }


def named(document: Any, identifier: str, title: str) -> Any:
    """The document with the identifier and the title of its form where it left them empty, as `blank` does."""
    if not isinstance(document, dict):
        return document
    given = {"id": identifier, "title": title}
    return document | {key: value for key, value in given.items() if document.get(key) == ""}


def pretty(document: Any) -> str:
    """A document as people read and type it."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def report(document: Any, *, kind: str) -> Report:
    """Errors and warnings of a document alone, by the specification."""
    if kind == Policy.Kind.CASHBACK:
        try:
            read_scheme(document)
        except InvalidDocument as invalid:
            return Report(invalid.problems, ())
        return Report((), ())
    return validate(document)


def check(document: Any, *, kind: str, identifier: str, title: str, version: int) -> None:
    """Raise Invalid unless the document is valid and says the identifier, title and version of its row."""
    errors = list(report(document, kind=kind).errors)
    if isinstance(document, dict):
        errors += _disagreements(document, kind=kind, identifier=identifier, title=title, version=version)
    if errors:
        raise refusal(errors)


def refusal(problems: Any) -> Invalid:
    """The refusal that lists ``problems`` by pointer."""
    return Invalid(
        _("The document cannot be used: each problem is listed with its place."),
        listed(problems),
    )


def _disagreements(document: dict[str, Any], *, kind: str, identifier: str, title: str, version: int) -> list[Problem]:
    expected: dict[str, str | int] = {"id": identifier}
    if kind == Policy.Kind.PREFERENCE:
        expected |= {"version": version, "title": title}
    return [
        Problem(
            f"/{key}",
            gettext_noop("%(found)s stands here; this version says %(expected)s."),
            {"found": document[key], "expected": right},
        )
        for key, right in expected.items()
        if key in document and document[key] != right
    ]
