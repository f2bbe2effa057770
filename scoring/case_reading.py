"""From a case document to a Case, every problem reported at once; and the validation of any document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.case import Bid, Case, Criterion, Evidence, Line, Origin, Supplier, Tender
from scoring.case_rules import ON_PRICE, add_line_totals, problems_of_case
from scoring.case_shape import CASE, DEFAULT_DECIMALS, DEFAULT_TIE_BREAK
from scoring.numbers import decimal
from scoring.policy import Policy
from scoring.policy_reading import parse_policy, policy_of
from scoring.policy_rules import warnings_of_policy
from scoring.problems import InvalidDocument, Problem, Report, child, gettext_noop
from scoring.reading import check_json
from scoring.shapes import Members, either

Parsed = Mapping[str, Any]
SCHEMAS = ("bareme-case/1", "bareme-policy/1")


def read_case(document: Any) -> Case:
    """The case of a document. Raises InvalidDocument with every problem; nothing is computed then."""
    parsed, problems = _parse_case(document)
    if problems:
        raise InvalidDocument(problems)
    return _case(parsed, document)


def validate(document: Any) -> Report:
    """The errors and the warnings of a case or a policy, recognised by its `schema`; raises nothing."""
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema == "bareme-policy/1":
        parsed, problems = parse_policy(document)
        warnings = warnings_of_policy(parsed, "") if isinstance(parsed, Members) else []
    elif schema == "bareme-case/1":
        parsed, problems = _parse_case(document)
        warnings = _warnings_of_case(parsed) if isinstance(parsed, Members) else []
    else:
        template = gettext_noop("A document is an object whose schema is %(schemas)s.")
        place = "/schema" if isinstance(document, dict) else ""
        return Report((Problem(place, template, {"schemas": either(SCHEMAS)}),), ())
    return Report(tuple(problems), tuple(warnings))


def _parse_case(document: Any) -> tuple[Any, list[Problem]]:
    problems = check_json(document)
    if problems:
        return None, problems
    parsed = CASE.read(document, "", problems)
    if isinstance(parsed, Members):
        add_line_totals(parsed)
        problems += problems_of_case(parsed)
    return parsed, problems


def _warnings_of_case(parsed: Parsed) -> list[Problem]:
    on_price = {c.get("id") for c in parsed.get("criteria", []) if isinstance(c, dict) and c["kind"] in ON_PRICE}
    template = gettext_noop('The mark is ignored: the criterion "%(criterion)s" is scored on the price or cost.')
    ignored = [
        Problem(child(f"/bids/{index}/marks", key), template, {"criterion": key})
        for index, bid in enumerate(parsed.get("bids", []))
        if isinstance(bid, dict)
        for key in bid.get("marks", {})
        if key in on_price
    ]
    return ignored + (warnings_of_policy(parsed["policy"], "/policy") if parsed.get("policy") else [])


def _case(parsed: Parsed, document: Mapping[str, Any]) -> Case:
    policy = None if parsed.get("policy") is None else policy_of(parsed["policy"], document["policy"])
    return Case(
        tender=Tender(**parsed["tender"]),
        decimals=parsed.get("rounding", {}).get("decimals", DEFAULT_DECIMALS),
        criteria=tuple(_criterion(criterion) for criterion in parsed["criteria"]),
        bids=tuple(_bid(bid, policy) for bid in parsed["bids"]),
        policy=policy,
        tie_break=tuple(parsed.get("tie_break", DEFAULT_TIE_BREAK)),
        assessed_on=parsed.get("assessed_on"),
        facts=parsed.get("facts", {}),
    )


def _criterion(parsed: Parsed) -> Criterion:
    unscaled = {"scale": None, "minimum": None} if parsed["kind"] in ON_PRICE else {}
    return Criterion(**{"title": "", "params": {}, **parsed, **unscaled})


def _bid(parsed: Parsed, policy: Policy | None) -> Bid:
    return Bid(
        id=parsed["id"],
        supplier=Supplier(**parsed["supplier"]),
        status=parsed["status"],
        exclusion_reason=parsed.get("exclusion_reason", ""),
        submitted_at=parsed.get("submitted_at"),
        price=parsed.get("price", parsed.get("lines_price")),
        cost=parsed.get("cost"),
        lines=tuple(_line(line) for line in parsed.get("lines", [])),
        marks=parsed.get("marks", {}),
        environment={key: _evidence(key, item, policy) for key, item in parsed.get("environment", {}).items()},
    )


def _line(parsed: Parsed) -> Line:
    return Line(
        id=parsed["id"],
        quantity=parsed["quantity"],
        unit_price=parsed["unit_price"],
        origins=tuple(Origin(**origin) for origin in parsed["origins"]),
    )


def _evidence(indicator_id: str, parsed: Parsed, policy: Policy | None) -> Evidence:
    numeric = policy is not None and any(i.id == indicator_id and i.kind == "number" for i in policy.indicators)
    return Evidence(
        value=decimal(parsed["value"]) if numeric else parsed["value"],
        assurance=parsed.get("assurance", "declared"),
    )
