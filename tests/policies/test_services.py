"""The life of a version: drafted, submitted, approved by a second person for good, retired."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused, Stale
from procurement.policies import services
from procurement.policies.models import Policy, PolicyVersion
from scoring.canonical import sha256
from tests.ledger.told import reason_of
from tests.policies.conftest import NOW, approved, draft, policy_document


def actions(version: PolicyVersion) -> list[str]:
    lines = Line.objects.filter(object=f"policies.PolicyVersion:{version.pk}").order_by("sequence")
    return list(lines.values_list("action", flat=True))


def pointers(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [detail["pointer"] for detail in refused.value.details]


def test_a_draft_holds_its_document_and_its_hash(drafter: User) -> None:
    version = draft(drafter)
    assert (version.state, version.status, version.version) == ("draft", "", 1)
    assert version.document == policy_document()
    assert version.sha256 == sha256(policy_document())
    assert actions(version) == ["policy_version.drafted"]


def test_every_problem_of_a_document_is_told_and_nothing_is_saved(drafter: User) -> None:
    wrong = {"european_area": "EUROPE", "bonus_cap": "ten", "version": 4}
    with pytest.raises(Invalid) as refused:
        draft(drafter, **wrong)
    assert set(pointers(refused)) == {"/european_area", "/bonus_cap", "/version"}
    assert not Policy.objects.exists()


def test_a_document_that_is_no_object_is_one_problem(drafter: User) -> None:
    with pytest.raises(Invalid) as refused:
        services.draft_version(
            identifier="content", title="Content", kind="preference", document=["no"], note="", by=drafter, at=NOW
        )
    assert len(pointers(refused)) == 1


def test_an_identifier_is_a_short_name_for_addresses(drafter: User) -> None:
    with pytest.raises(Invalid):
        services.draft_version(
            identifier="two words",
            title="T",
            kind="preference",
            document=policy_document(id="two words"),
            note="",
            by=drafter,
            at=NOW,
        )


def test_a_title_belongs_to_one_policy(drafter: User, approver: User) -> None:
    approved(drafter, approver)
    with pytest.raises(Invalid) as refused:
        services.draft_version(
            identifier="content",
            title="Another",
            kind="preference",
            document=policy_document(version=2, title="Another"),
            note="",
            by=drafter,
            at=NOW,
        )
    assert "Covered content" in refused.value.sentence


def test_a_second_version_waits_for_the_end_of_the_first(drafter: User, approver: User) -> None:
    first = draft(drafter)
    with pytest.raises(Refused, match="Version 1"):
        draft(drafter, version=2)
    services.submit(version=first, by=drafter, at=NOW)
    services.approve(version=first, status="proposed", by=approver, at=NOW)
    assert draft(drafter, version=2).version == 2


def test_a_buyer_drafts_no_policy(buyer: User) -> None:
    with pytest.raises(PermissionDenied):
        draft(buyer)


def test_a_draft_changes_until_it_is_submitted(drafter: User) -> None:
    version = draft(drafter)
    services.change_draft(version=version, document=policy_document(bonus_cap="4"), note="A cap.", by=drafter, at=NOW)
    assert PolicyVersion.objects.get().document["bonus_cap"] == "4"
    services.submit(version=version, by=drafter, at=NOW)
    with pytest.raises(Stale):
        services.change_draft(version=version, document=policy_document(), note="", by=drafter, at=NOW)
    assert actions(version) == ["policy_version.drafted", "policy_version.changed", "policy_version.submitted"]


def test_a_draft_that_somebody_else_changed_is_not_overwritten(drafter: User, approver: User) -> None:
    version = draft(drafter)
    same = PolicyVersion.objects.get(pk=version.pk)
    services.change_draft(version=same, document=policy_document(bonus_cap="4"), note="", by=approver, at=NOW)
    with pytest.raises(Stale):
        services.change_draft(version=version, document=policy_document(bonus_cap="5"), note="", by=drafter, at=NOW)
    assert PolicyVersion.objects.get().document["bonus_cap"] == "4"


def test_the_approval_writes_the_status_into_the_document_and_hashes_it_again(drafter: User, approver: User) -> None:
    version = approved(drafter, approver, status="in_force")
    expected = policy_document(status="in_force")
    assert (version.state, version.status, version.document) == ("approved", "in_force", expected)
    assert version.sha256 == sha256(expected)
    assert actions(version)[-1] == "policy_version.approved"
    line = Line.objects.get(action="policy_version.approved")
    assert (line.before, line.after) == (sha256(policy_document()), version.sha256)


@pytest.mark.parametrize("who", ["drafter", "submitter"])
def test_nobody_approves_what_he_drafted_or_submitted(who: str, drafter: User, approver: User) -> None:
    version = draft(drafter)
    services.submit(version=version, by=approver, at=NOW)
    with pytest.raises(Refused, match="second person"):
        services.approve(version=version, status="proposed", by=drafter if who == "drafter" else approver, at=NOW)
    assert PolicyVersion.objects.get().state == "submitted"


@pytest.mark.parametrize(
    "reference",
    [
        "A colleague said so",
        "",
        "ipi_2025_1197.charge",  # recalled
        "proposals.procurement_act",  # read, but only proposed
        "environment.carbon_score_weight",  # read, but guidance
    ],
)
def test_a_measure_without_law_behind_it_is_only_proposed(reference: str, drafter: User, approver: User) -> None:
    measure = {**policy_document()["measures"][0], "reference": reference}
    version = draft(drafter, measures=[measure])
    services.submit(version=version, by=drafter, at=NOW)
    with pytest.raises(Refused) as refused:
        services.approve(version=version, status="in_force", by=approver, at=NOW)
    assert pointers(refused) == ["/measures/0/reference"]
    services.approve(version=version, status="proposed", by=approver, at=NOW)
    assert version.status == "proposed"


def test_a_cash_back_is_never_in_force_on_the_rule_that_nothing_pays_it(drafter: User, approver: User) -> None:
    scheme = {
        "id": "c",
        "base": "contract",
        "tiers": [["0.5", "0.01"]],
        "reference": "cashback.nothing_in_force",
    }
    version = draft(drafter, cashback=scheme)
    services.submit(version=version, by=drafter, at=NOW)
    with pytest.raises(Refused) as refused:
        services.approve(version=version, status="in_force", by=approver, at=NOW)
    assert pointers(refused) == ["/cashback/reference"]


def test_a_status_is_chosen_at_the_approval(drafter: User, approver: User) -> None:
    version = draft(drafter)
    services.submit(version=version, by=drafter, at=NOW)
    with pytest.raises(Invalid):
        services.approve(version=version, status="perhaps", by=approver, at=NOW)


def test_a_draft_is_not_approved_before_it_is_submitted(drafter: User, approver: User) -> None:
    with pytest.raises(Stale):
        services.approve(version=draft(drafter), status="proposed", by=approver, at=NOW)


def test_a_version_sent_back_is_a_draft_again_with_its_reason_recorded(drafter: User, approver: User) -> None:
    version = draft(drafter)
    services.submit(version=version, by=drafter, at=NOW)
    with pytest.raises(Invalid):
        services.send_back(version=version, reason=" ", by=approver, at=NOW)
    services.send_back(version=version, reason="The amount has no source.", by=approver, at=NOW)
    assert (version.state, version.submitted_by) == ("draft", None)
    assert reason_of(Line.objects.get(action="policy_version.sent_back")) == "The amount has no source."


@pytest.mark.parametrize(
    "field",
    [
        {"document": {}},
        {"sha256": "0" * 64},
        {"status": "in_force"},
        {"version": 9},
        {"submitted_by": None},
        {"state": "submitted", "status": ""},
    ],
)
def test_the_database_itself_keeps_an_approved_version(field: dict[str, Any], drafter: User, approver: User) -> None:
    version = approved(drafter, approver)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).update(**field)


def test_the_database_itself_keeps_an_approved_version_and_the_name_it_is_published_under(
    drafter: User, approver: User
) -> None:
    version = approved(drafter, approver)
    with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).delete()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Policy.objects.filter(pk=version.policy_id).update(identifier="another-name")
    services.retire(version=version, by=drafter, at=NOW)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).update(state="approved")


def test_a_retired_version_stays_as_it_was(drafter: User, approver: User) -> None:
    version = approved(drafter, approver)
    services.retire(version=version, by=drafter, at=NOW)
    assert (version.state, version.retired_at, version.status) == ("retired", NOW, "proposed")
    with pytest.raises(Stale):
        services.retire(version=version, by=drafter, at=NOW)


def test_drafts_are_policy_staffs_and_approved_versions_everybodys(drafter: User, approver: User, buyer: User) -> None:
    version = draft(drafter)
    assert list(PolicyVersion.objects.visible_to(approver)) == [version]
    assert not PolicyVersion.objects.visible_to(buyer).exists()
    services.submit(version=version, by=drafter, at=NOW)
    services.approve(version=version, status="proposed", by=approver, at=NOW)
    assert list(PolicyVersion.objects.visible_to(buyer)) == [version]


def test_a_scheme_is_versioned_like_a_policy_and_keeps_its_document(drafter: User, approver: User) -> None:
    scheme = {"id": "half", "base": "contract", "tiers": [["0.5", "0.01"]]}
    version = services.draft_version(
        identifier="half", title="Half", kind="cashback", document=scheme, note="", by=drafter, at=NOW
    )
    services.submit(version=version, by=drafter, at=NOW)
    services.approve(version=version, status="proposed", by=approver, at=NOW)
    assert (version.document, version.status) == (scheme, "proposed")
    with pytest.raises(Invalid) as refused:
        services.draft_version(
            identifier="half",
            title="Half",
            kind="cashback",
            document={**scheme, "tiers": [["0.5", "0.01"], ["0.5", "0.02"]]},
            note="",
            by=drafter,
            at=NOW,
        )
    assert pointers(refused) == ["/tiers/1/0"]
