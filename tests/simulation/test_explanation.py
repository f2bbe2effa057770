"""Why a lot changes is told in words: at which price a bid is compared, and why one is not ranked."""

from decimal import Decimal
from typing import Any

from django.utils import translation

from procurement.simulation.back_test import preference
from procurement.simulation.explanation import Explained
from procurement.simulation.present.lot import accounts, called, sentences, tenderers
from scoring.case_reading import read_case
from scoring.evaluate import evaluate_case

CASE: dict[str, Any] = {
    "schema": "bareme-case/1",
    "tender": {"id": "c1", "currency": "EUR"},
    "criteria": [{"id": "price", "kind": "price", "weight": "100", "formula": "lowest_ratio"}],
    "bids": [
        {"id": "a", "supplier": {"name": "S1", "country": "CN"}, "status": "admissible", "price": "1000"},
        {"id": "b", "supplier": {"name": "S2", "country": "KE"}, "status": "admissible", "price": "1050"},
        {"id": "c", "supplier": {"name": "S3", "country": "KE"}, "status": "excluded", "exclusion_reason": "Rejected"},
    ],
}


def explained() -> Explained:
    """A contract in Kenya that a preference of 10 % gives to a bidder from there."""
    case = read_case({**CASE, "policy": preference(Decimal("0.1"), ["KE"])})
    assert case.policy is not None
    before, _contest = evaluate_case(read_case(CASE))
    after, _contest = evaluate_case(case)
    return Explained({"currency": "EUR"}, case, None, case.policy, before, after)


def test_a_preference_on_price_says_at_which_price_the_former_winner_is_compared() -> None:
    with translation.override("en"):
        said = sentences(explained())
    assert said[-1] == "Under the scenario S1 (a) is ranked as if it asked €1,100.00; it would be paid €1,000.00."
    assert sum("as if it asked" in sentence for sentence in said) == 1


def test_a_bid_the_archive_has_as_excluded_shows_no_key_of_the_program() -> None:
    (out,) = [each for each in tenderers(explained()) if each.bid == "c"]
    assert (out.before.rank, out.after.rank, out.after.reason) == (None, None, "")


def test_a_criterion_is_called_by_its_title_else_by_its_kind_else_by_its_id() -> None:
    marked = {"kind": "quality", "weight": "20", "formula": "proportional", "scale": "10"}
    criteria = [
        {**CASE["criteria"][0], "weight": "40"},
        {**marked, "id": "q1", "title": "Confort de pose"},
        {**marked, "id": "q2"},
        {**marked, "id": "d1", "kind": "delivery"},
    ]
    case = read_case({**CASE, "criteria": criteria, "bids": []})
    with translation.override("en"):
        assert [called(each.id, case) for each in case.criteria] == ["Price", "Confort de pose", "q2", "Delivery"]


def test_a_measure_is_called_as_where_it_is_varied() -> None:
    with translation.override("en"):
        measures = [name for account in accounts(explained()) for name, _old, _new in account.measures]
    assert measures == ["Price increase for the evaluation"]
