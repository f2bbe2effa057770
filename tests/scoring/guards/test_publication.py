"""Publication: an unpublished bonus, a policy that is only proposed."""

from __future__ import annotations

import pytest

from tests.scoring.guards.documents import case, found, measure, missing, policy, severities

PUBLISHED = {"id": "preference", "version": 2}


def test_a_bonus_the_published_rules_do_not_name_is_blocked() -> None:
    (finding,) = found(case(policy=policy(measure())), "bonus-unpublished")
    assert (finding["severity"], finding["mark"]) == ("block", "S")
    assert finding["article"] == "CE 31.3.2010 n°334279; CE 2.8.2011 n°348711"
    assert finding["values"] == {
        "policy": "preference", "version": 2, "published": [], "measures": ["european"],
        "tie_breaks": [],
    }  # fmt: skip


@pytest.mark.parametrize("published", [{"id": "preference", "version": 1}, {"id": "another", "version": 2}])
def test_another_policy_or_version_is_not_the_published_one(published: dict[str, object]) -> None:
    (finding,) = found(case(policy=policy(measure()), facts={"published_policy": published}), "bonus-unpublished")
    assert finding["values"]["published"] == [published["id"], published["version"]]


def test_the_published_version_is_in_order() -> None:
    assert severities(case(policy=policy(measure()), facts={"published_policy": PUBLISHED}), "bonus-unpublished") == []


def test_without_the_published_rules_nothing_is_assumed() -> None:
    document = case(policy=policy(measure()), without=("published_policy",))
    assert missing(document, "bonus-unpublished") == ["facts.published_policy"]


@pytest.mark.parametrize("kind", ["add_to_price", "deduct_from_price", "deflate_price", "add_points", "scale_score"])
def test_every_kind_that_moves_price_points_or_score_must_be_published(kind: str) -> None:
    moved = policy(measure("m", kind, driver="one", amount="0.1"))
    assert severities(case(policy=moved, tie_break=[]), "bonus-unpublished") == ["block"]


def test_a_gate_or_an_obligation_moves_nothing() -> None:
    still = policy(
        {"id": "ipi", "kind": "gate", "when": {"supplier_in": "CN"}},
        measure("half", "execution_cap", driver="share:CN", amount="0.5"),
    )
    assert severities(case(policy=still, tie_break=["lower_price"]), "bonus-unpublished") == []
    assert severities(case(policy=None), "bonus-unpublished") == []


def test_a_tie_broken_by_origin_must_be_published() -> None:
    document = case(policy=policy(), tie_break=["higher_european_share"])
    (finding,) = found(document, "bonus-unpublished")
    assert (finding["values"]["measures"], finding["values"]["tie_breaks"]) == ([], ["higher_european_share"])


PROPOSED = policy(status="proposed")


def test_nothing_is_awarded_under_a_proposed_policy() -> None:
    (finding,) = found(case(policy=PROPOSED), "policy-proposed")
    assert (finding["severity"], finding["values"]) == ("block", {"policy": "preference", "version": 2})


def test_a_proposed_policy_may_be_simulated() -> None:
    assert severities(case(policy=PROPOSED, facts={"purpose": "simulation"}), "policy-proposed") == ["info"]


def test_a_proposed_policy_without_a_purpose_is_not_assessed() -> None:
    assert missing(case(policy=PROPOSED, without=("purpose",)), "policy-proposed") == ["facts.purpose"]


def test_a_policy_in_force_or_none_is_in_order() -> None:
    assert severities(case(policy=policy(), without=("purpose",)), "policy-proposed") == []
    assert severities(case(policy=None, without=("purpose",)), "policy-proposed") == []
