"""A lot keeps in an archive all that a policy reads of it, and nothing of its lines and names."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from scoring.case_reading import read_case
from scoring.evaluate import evaluate_case
from scoring.policy_reading import read_policy
from scoring.portfolio.rows import case_of
from tests.scoring.documents import from_countries, lot, offer, preference
from tests.scoring.strategies import cases

from .archives import archive


@given(case=cases())
def test_a_case_and_what_the_archive_makes_of_it_come_out_the_same(case: dict[str, Any]) -> None:
    policy = case.get("policy")
    kept = case_of(archive([case]), 0, None if policy is None else read_policy(policy))
    before, _ = evaluate_case(read_case(case))
    after, _ = evaluate_case(kept)
    for one, other in zip(before.rows, after.rows, strict=True):
        assert (one.bid.id, one.rank, one.tied, one.total) == (other.bid.id, other.rank, other.tied, other.total)
        assert one.criteria == other.criteria
        assert (one.european_share, one.environment) == (other.european_share, other.environment)
        assert (one.cashback, one.bonus, one.evaluated_price) == (other.cashback, other.bonus, other.evaluated_price)
    assert [(each.bid.id, each.reason) for each in before.excluded] == [
        (each.bid.id, each.reason) for each in after.excluded
    ]


def test_neither_a_name_nor_a_line_price_is_in_the_archive() -> None:
    lines = from_countries("98765.43", ("FR", "0.25"))
    snapshot = archive([lot(offer("Secret SA", "98765.43", **lines), policy=preference())])
    kept = str(snapshot.rows(0))
    assert "S-9" in kept
    assert "Secret" not in kept.replace("'id': 'Secret SA'", "")  # ids of bids are the caller's to choose
    assert "987654" not in kept


def test_a_value_is_kept_in_the_smallest_whole_numbers() -> None:
    snapshot = archive([lot(offer("A", "100", **from_countries("100", ("FR", "0.5"), ("CN", "0.25"))))])
    origins = snapshot.bid("origins").to_pylist()[0]
    assert {(each["country"], each["part"]) for each in origins} == {("FR", "2"), ("CN", "1"), (None, "1")}
