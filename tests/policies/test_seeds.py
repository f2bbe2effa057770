"""The seeded policies: valid, approved by two persons, and the one in force founded on the law's own figures."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from procurement.people.models import User
from procurement.people.refusals import Refused
from procurement.policies import references, services
from procurement.policies.documents import report
from procurement.policies.models import PolicyVersion
from procurement.policies.seeded_texts import translated
from procurement.policies.seeds import read_seeds
from scoring.parameters import parameter
from tests.policies.conftest import NOW

TODAY = date(2026, 11, 16)
SEEDS = {seed["document"]["id"]: seed for seed in read_seeds(on=TODAY)}
PROPOSAL = SEEDS["european-priority-2020"]["document"]
IN_FORCE = SEEDS["rules-in-force-2026"]["document"]


@pytest.mark.parametrize("identifier", sorted(SEEDS))
def test_a_seed_is_valid_and_warns_of_nothing(identifier: str) -> None:
    found = report(SEEDS[identifier]["document"], kind=SEEDS[identifier]["kind"])
    assert (found.errors, found.warnings) == ((), ())


@pytest.mark.parametrize("identifier", sorted(SEEDS))
def test_every_text_of_a_seed_is_said_in_french(identifier: str) -> None:
    seed = SEEDS[identifier]
    indicators = seed["document"].get("indicators", [])
    shown = [seed["title"], seed["note"], *(indicator["reference"] for indicator in indicators)]
    shown += [label for indicator in indicators for label in indicator.get("labels", {})]

    with translation.override("fr"):
        assert [text for text in shown if translated(text) == text] == []
        assert translated("What an officer wrote") == "What an officer wrote"


def test_the_seeds_are_approved_by_a_second_person_and_only_once(drafter: User, approver: User) -> None:
    added = services.seed(drafter=drafter, approver=approver, at=NOW)
    assert {v.policy.identifier: v.status for v in added} == {
        "european-priority-2020": "proposed",
        "rules-in-force-2026": "in_force",
        "cashback-contract-value": "proposed",
    }
    assert all(v.state == "approved" and v.approved_by == approver and v.drafted_by == drafter for v in added)
    assert services.seed(drafter=drafter, approver=approver, at=NOW) == []


def test_one_person_alone_seeds_nothing(drafter: User) -> None:
    with pytest.raises(Refused):
        services.seed(drafter=drafter, approver=drafter, at=NOW)
    assert not PolicyVersion.objects.exists()


def test_the_command_seeds_and_says_what_it_added(
    drafter: User, approver: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("seed_policies", drafter="drafter", approver="approver")
    call_command("seed_policies", drafter="drafter", approver="approver")
    said = capsys.readouterr().out
    assert "rules-in-force-2026 1: in_force" in said
    assert said.endswith("Every policy was there already.\n")


def test_the_command_names_the_account_that_is_missing(drafter: User) -> None:
    with pytest.raises(CommandError, match="nobody-here"):
        call_command("seed_policies", drafter="drafter", approver="nobody-here")


def test_the_european_share_earns_nothing_at_half_and_five_points_at_the_whole() -> None:
    measure = next(m for m in PROPOSAL["measures"] if m["id"] == "european-priority")
    assert (measure["amount"], measure["curve"]) == ("5", [["0.5", "0"], ["1", "1"]])
    assert PROPOSAL["bonus_cap"] == "10"


def test_every_measure_in_force_rests_on_law_that_was_read_or_reported() -> None:
    assert references.unfounded(IN_FORCE, on=TODAY) == []
    assert references.unfounded(PROPOSAL, on=TODAY) != []


def test_the_ipi_measures_say_the_law_s_own_figures() -> None:
    def law(name: str) -> Any:
        return parameter(f"ipi_2025_1197.{name}", on=TODAY)

    gate, cap = (next(m for m in IN_FORCE["measures"] if m["kind"] == kind) for kind in ("gate", "execution_cap"))
    expected = {
        "launched_from": law("launched_from").day.isoformat(),
        "launched_until": law("cpv_range").valid_until.isoformat(),
        "cpv_from": law("cpv_range").names[0],
        "cpv_to": law("cpv_range").names[1],
        "estimated_value_from": str(law("estimated_value").number),
    }
    assert gate["when"] == {**expected, "supplier_in": "CN"}
    assert (cap["when"], cap["driver"]) == (expected, "share:CN")
    assert Fraction(cap["amount"]) == law("content_cap").number
    assert IN_FORCE["areas"]["CN"] == list(law("countries").names)


def test_covered_content_counts_every_state_and_agreement_country_alike() -> None:
    covered = set(IN_FORCE["areas"]["COVERED"])
    for key in ("areas.eu", "areas.eea", "areas.gpa", "areas.other_agreements"):
        assert covered >= set(parameter(key, on=TODAY).names)
    assert "CN" not in covered
    origin_driven = [m["driver"] for m in IN_FORCE["measures"] if m["kind"] == "add_points"]
    assert origin_driven == ["environment", "share:COVERED"]
