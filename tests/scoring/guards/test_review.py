"""Review: legal values nobody has looked at for a year; and what holds for every guard."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from scoring import evaluate, evaluate_with_law
from scoring.facts import FACTS
from scoring.guards import GUARDS
from scoring.guards.review import months_before
from scoring.parameters import lines_of
from tests.scoring.guards.documents import (
    PRICE,
    bid,
    case,
    criterion,
    found,
    measure,
    missing,
    policy,
    severities,
)

STALE = "stale-rule"


def test_values_reviewed_a_year_ago_are_fresh_and_the_day_after_stale() -> None:
    assert severities(case(assessed_on="2027-11-15"), STALE) == []
    (finding,) = found(case(assessed_on="2027-11-16"), STALE)
    assert finding["severity"] == "warn"
    assert "method.neutralised_kept" in finding["values"]["parameters"]
    assert set(finding["values"]["last_reviewed"]) == {"2026-11-15"}


def test_only_the_values_that_were_used_are_named() -> None:
    (finding,) = found(case(assessed_on="2028-01-01"), STALE)
    assert "areas.eea" not in finding["values"]["parameters"]
    (finding,) = found(case(assessed_on="2028-01-01", policy=policy(measure())), STALE)
    assert "areas.eea" in finding["values"]["parameters"]


def test_what_a_check_that_could_not_be_made_cites_is_among_the_values_used() -> None:
    undated = case(tender={"launched_on": None}, criteria=[criterion(PRICE, weight="100")], bids=[bid("A", marks={})])
    sheet, law = evaluate_with_law(undated)
    cited = {(finding["article"], finding["mark"]) for finding in sheet["findings"]}
    assert cited <= {(line.reference.article, line.mark) for line in law}
    assert "environment.criterion_required" in {line.key for line in law}


def test_without_a_day_of_assessment_staleness_is_not_assessed() -> None:
    assert missing(case(assessed_on="omit"), STALE) == ["assessed_on"]


@pytest.mark.parametrize(
    ("day", "before"),
    [
        ("2027-11-15", "2026-11-15"),
        ("2028-02-29", "2027-02-28"),
        ("2029-02-28", "2028-02-28"),
        ("2028-03-01", "2027-03-01"),
        ("2027-01-31", "2026-01-31"),
    ],
)
def test_twelve_months_before_a_day(day: str, before: str) -> None:
    assert months_before(date.fromisoformat(day), 12) == date.fromisoformat(before)


def test_every_guard_rests_on_a_legal_value_and_has_its_own_code() -> None:
    codes = [guard.code for guard in GUARDS]
    assert len(set(codes)) == len(codes) == 22
    assert all(lines_of(guard.rests_on) for guard in GUARDS)
    assert codes[-1] == STALE, "it looks at what the others used"


def test_the_case_in_order_has_no_finding() -> None:
    assert evaluate(case())["findings"] == []


def test_findings_follow_the_table_hold_no_sentence_and_never_block_on_a_recalled_value() -> None:
    restless = case(
        policy=policy(measure(), status="proposed", content_basis="value_added"),
        facts={},
        tender={"launched_on": None, "estimated_value": None},
        assessed_on="omit",
    )
    findings = evaluate({**restless, "facts": {}})["findings"]
    codes = [guard.code for guard in GUARDS]
    assert [codes.index(f["code"]) for f in findings] == sorted(codes.index(f["code"]) for f in findings)
    assert not [f for f in findings if f["severity"] == "block" and f["mark"] == "R"]
    assert all(f["article"] and f["source"] for f in findings)
    for finding in findings:
        assert json.loads(json.dumps(finding)) == finding
        for value in finding["values"].values():
            assert not isinstance(value, str) or ". " not in value


def test_the_page_on_law_names_every_guard_and_every_fact() -> None:
    page = (Path(__file__).parents[3] / "docs" / "law.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    named = [row.split("`")[1] for row in rows]
    assert named == [*(guard.code for guard in GUARDS), *FACTS]
