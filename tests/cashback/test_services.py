"""Estimates: asked for, computed by hand-checked figures, finished once, stale when something changed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

import scoring
from procurement.cashback import services
from procurement.cashback.models import Estimate
from procurement.cashback.staleness import freshness
from procurement.jobs import services as jobs
from procurement.jobs.models import Job
from procurement.ledger.models import Line
from procurement.people.models import Hospital, User
from procurement.people.refusals import Invalid, Refused
from procurement.policies import services as policies
from procurement.policies.models import PolicyVersion
from procurement.tenders.models import Need
from scoring.canonical import sha256
from tests.cashback.conftest import NOW, approved, award, policy_document, scheme
from tests.factories import MandateFactory, MembershipFactory


def asked(hospital: Hospital, policy: PolicyVersion, by: User, **options: Any) -> Estimate:
    return services.request_estimate(hospital=hospital, year=2026, policy_version=policy, by=by, **options)


def computed(estimate: Estimate) -> Estimate:
    """The estimate after a worker took its job."""
    job = jobs.claim(str(estimate.job_id))
    assert job is not None
    services.estimate(job=job)
    return Estimate.objects.get(pk=estimate.pk)


def result(estimate: Estimate) -> dict[str, Any]:
    return computed(estimate).result


def test_the_cash_back_of_a_lot_is_shared_by_the_part_each_hospital_buys(
    hospital: Hospital, neighbour: Hospital, buyer: User, policy: PolicyVersion
) -> None:
    # 100 × 300 for Nantes and 50 × 300 for Ancenis: 45,000, European for 80 %, environment 0.5.
    # 45,000 × 0.8 × 2 % × (1 + 0.25 × 0.5) = 810, of which two thirds are Nantes': 540.
    award({"pump": {hospital: "100", neighbour: "50"}}, unit_prices={"pump": "300"}, by=buyer)
    found = result(asked(hospital, policy, buyer))
    line = found["lots"][0]
    assert (line["price"], line["hospital_price"], line["hospital_share"]) == ("45000.00", "30000.00", "2/3")
    assert (line["european_share"], line["environment"], line["rate"]) == ("0.8000", "0.5000", "1/50")
    assert (line["before_caps"], line["amount"], line["awarded_on"]) == ("540.00", "540.00", "2026-11-16")
    assert found["totals"] == {"hospital_price": "30000.00", "before_caps": "540.00", "amount": "540.00"}
    assert found["envelope"] == {"amount": None, "applied": False}


def test_the_parts_of_the_beneficiaries_add_up_to_the_contract_s_cash_back(
    group: Any, hospital: Hospital, neighbour: Hospital, policy: PolicyVersion
) -> None:
    buyer = MembershipFactory(hospital=None, group=group).user
    needs = {"swab": {hospital: "1000", neighbour: "1000.5"}, "gauze": {neighbour: "333"}}
    lot = award(needs, unit_prices={"swab": "1.2345", "gauze": "7.07"}, by=buyer)
    amounts = [Decimal(result(asked(each, policy, buyer))["lots"][0]["amount"]) for each in (hospital, neighbour)]
    case = lot.decision.sheet.case
    sheet = scoring.evaluate({**case, "policy": policy.document})
    assert sum(amounts) == Decimal(sheet["ranking"][0]["cashback"])


def test_the_amount_is_the_one_of_the_score_sheet_under_the_policy(
    hospital: Hospital, buyer: User, policy: PolicyVersion
) -> None:
    lot = award({"bed": {hospital: "7"}}, unit_prices={"bed": "3333.33"}, origins=(("DE", "0.55"),), by=buyer)
    sheet = scoring.evaluate({**lot.decision.sheet.case, "policy": policy.document})
    assert result(asked(hospital, policy, buyer))["lots"][0]["amount"] == sheet["ranking"][0]["cashback"] == "144.37"


def test_the_contract_s_cap_is_applied_before_sharing_and_the_year_s_cap_in_the_order_of_award(
    hospital: Hospital, neighbour: Hospital, buyer: User
) -> None:
    policy = approved(policy_document(cashback=scheme(cap_per_contract="600", cap_per_hospital_year="900")))
    needs = {"pump": {hospital: "100", neighbour: "50"}}
    later = award(needs, unit_prices={"pump": "300"}, by=buyer, day=datetime(2026, 6, 1, tzinfo=UTC))
    first = award(needs, unit_prices={"pump": "300"}, by=buyer, day=datetime(2026, 2, 1, tzinfo=UTC))
    last = award(needs, unit_prices={"pump": "300"}, by=buyer, day=datetime(2026, 9, 1, tzinfo=UTC))
    found = result(asked(hospital, policy, buyer))
    rows = [(line["id"], line["before_caps"], line["under_contract_cap"], line["amount"]) for line in found["lots"]]
    assert rows == [
        (str(first.pk), "540.00", "400.00", "400.00"),
        (str(later.pk), "540.00", "400.00", "400.00"),
        (str(last.pk), "540.00", "400.00", "100.00"),
    ]
    assert found["totals"] == {"hospital_price": "90000.00", "before_caps": "1620.00", "amount": "900.00"}


def test_the_national_envelope_is_stated_and_not_applied(hospital: Hospital, buyer: User) -> None:
    policy = approved(policy_document(cashback=scheme(envelope_year="1")))
    award({"pump": {hospital: "100"}}, unit_prices={"pump": "300"}, by=buyer)
    found = result(asked(hospital, policy, buyer))
    assert found["envelope"] == {"amount": "1", "applied": False}
    assert found["totals"]["amount"] == "540.00"


def test_only_awarded_lots_of_the_year_with_a_need_of_the_hospital_count(
    hospital: Hospital, neighbour: Hospital, buyer: User, policy: PolicyVersion
) -> None:
    mine, prices = {"pump": {hospital: "1"}}, {"pump": "100"}
    counted = award(mine, unit_prices=prices, by=buyer)
    award({"pump": {neighbour: "1"}}, unit_prices=prices, by=buyer)
    award(mine, unit_prices=prices, by=buyer, training=True)
    award(mine, unit_prices=prices, by=buyer, outcome="unsuccessful")
    award(mine, unit_prices=prices, by=buyer, day=datetime(2025, 12, 31, 22, 59, tzinfo=UTC))
    new_year = award(mine, unit_prices=prices, by=buyer, day=datetime(2025, 12, 31, 23, 30, tzinfo=UTC))  # in Paris
    found = result(asked(hospital, policy, buyer))
    assert {line["id"] for line in found["lots"]} == {str(counted.pk), str(new_year.pk)}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"origins": (("CN", "0.9"),)}, "below_first_tier"),
        ({"carbon": "10", "unit_prices": {"pump": "10"}}, "below_minimum_contract"),
    ],
)
def test_a_lot_that_earns_nothing_says_why(options: dict[str, Any], code: str, hospital: Hospital, buyer: User) -> None:
    policy = approved(policy_document(cashback=scheme(minimum_contract="25000")))
    award({"pump": {hospital: "100"}}, **{"unit_prices": {"pump": "300"}, "by": buyer, **options})
    line = result(asked(hospital, policy, buyer))["lots"][0]
    assert (line["amount"], line["nothing_because"]) == ("0.00", code)


def test_a_lot_outside_the_conditions_says_so(hospital: Hospital, buyer: User) -> None:
    policy = approved(policy_document(cashback=scheme(when={"supplier_in": "CN"})))
    award({"pump": {hospital: "100"}}, unit_prices={"pump": "300"}, by=buyer)
    line = result(asked(hospital, policy, buyer))["lots"][0]
    assert (line["amount"], line["nothing_because"]) == ("0.00", "outside_conditions")


def test_what_cannot_be_estimated_is_left_out_with_its_reason(
    hospital: Hospital, neighbour: Hospital, buyer: User
) -> None:
    gate = {"id": "no-french", "kind": "gate", "when": {"driver_from": ["share:EEA", "0.9"]}}
    policy = approved(policy_document(measures=[gate]))
    both, prices = {"pump": {hospital: "1", neighbour: "1"}}, {"pump": "100"}
    excluded = award(both, unit_prices=prices, origins=(("FR", "1"),), by=buyer)
    dollars = award(both, unit_prices=prices, currency="USD", by=buyer)
    lump_sum = award(both, unit_prices=prices, price="200", by=buyer)
    no_number = award(both, unit_prices=prices, carbon="low", by=buyer)
    changed = award(both, unit_prices=prices, by=buyer)
    Need.objects.filter(item__lot=changed, hospital=neighbour).update(quantity=Decimal(2))
    found = result(asked(hospital, policy, buyer))
    assert found["lots"] == []
    assert {(line["id"], line["reason"], line["place"]) for line in found["left_out"]} == {
        (str(excluded.pk), "excluded", "no-french"),
        (str(dollars.pk), "other_currency", "USD"),
        (str(lump_sum.pk), "no_unit_prices", ""),
        (str(no_number.pk), "case_does_not_fit", "/bids/0/environment/carbon/value"),
        (str(changed.pk), "needs_changed", "pump"),
    }


def test_a_lump_sum_is_estimated_when_one_hospital_alone_buys(
    hospital: Hospital, buyer: User, policy: PolicyVersion
) -> None:
    award({"pump": {hospital: "1"}}, unit_prices={"pump": "1"}, price="30000", by=buyer)
    line = result(asked(hospital, policy, buyer))["lots"][0]
    assert (line["hospital_price"], line["nothing_because"]) == ("30000.00", "below_first_tier")  # origin unknown


def test_a_scheme_takes_the_place_of_the_policy_s_own(hospital: Hospital, buyer: User, policy: PolicyVersion) -> None:
    own = approved({"id": "flat", "base": "contract", "tiers": [["0", "0.1"]]}, kind="cashback")
    award({"pump": {hospital: "100"}}, unit_prices={"pump": "300"}, by=buyer)
    estimate = computed(asked(hospital, policy, buyer, scheme_version=own))
    assert estimate.result["totals"]["amount"] == "3000.00"
    assert estimate.rules_sha256 == sha256({**policy.document, "cashback": own.document})


def test_the_result_is_bound_to_its_data_rules_and_software_and_recorded(
    hospital: Hospital, buyer: User, policy: PolicyVersion
) -> None:
    award({"pump": {hospital: "100"}}, unit_prices={"pump": "300"}, by=buyer)
    request = asked(hospital, policy, buyer)
    assert (request.result, request.finished_at, request.job.state) == (None, None, "queued")
    estimate = computed(request)
    assert estimate.result_sha256 == sha256(estimate.result)
    assert estimate.result["data_sha256"] == estimate.data_sha256
    assert estimate.result["rules_sha256"] == estimate.rules_sha256 == sha256(policy.document)
    assert estimate.result["software"] == scoring.__version__
    job = Job.objects.get()
    assert (job.state, job.done, job.result) == ("done", 1, {"cashback.Estimate": estimate.pk})
    actions = list(Line.objects.filter(object=f"cashback.Estimate:{estimate.pk}").values_list("action", flat=True))
    assert actions == ["cashback_estimate.requested", "cashback_estimate.finished"]
    assert Line.objects.get(action="cashback_estimate.finished").after == estimate.result_sha256


def test_the_job_starts_after_the_commit_and_leaves_nothing_without_it(
    hospital: Hospital, buyer: User, policy: PolicyVersion, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        asked(hospital, policy, buyer)
    assert len(callbacks) == 1
    with transaction.atomic():
        asked(hospital, policy, buyer)
        transaction.set_rollback(True)
    assert Estimate.objects.count() == Job.objects.count() == 1


def test_a_worker_that_lost_its_claim_writes_no_result(hospital: Hospital, buyer: User, policy: PolicyVersion) -> None:
    award({"pump": {hospital: "100"}}, unit_prices={"pump": "300"}, by=buyer)
    request = asked(hospital, policy, buyer)
    lost = jobs.claim(str(request.job_id))
    assert lost is not None
    Job.objects.filter(pk=lost.pk).update(state="queued", claim=None)
    finished = computed(request)
    with pytest.raises(jobs.Superseded):
        services.estimate(job=lost)
    assert Estimate.objects.get().finished_at == finished.finished_at
    assert Line.objects.filter(action="cashback_estimate.finished").count() == 1


def test_the_database_itself_keeps_a_finished_result(hospital: Hospital, buyer: User, policy: PolicyVersion) -> None:
    finished = computed(asked(hospital, policy, buyer))
    for change in ({"result": {}}, {"result_sha256": "0" * 64}, {"year": 2025}):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            Estimate.objects.filter(pk=finished.pk).update(**change)


def test_an_auditor_reads_the_estimates_of_the_years_of_the_mandate(
    hospital: Hospital, buyer: User, policy: PolicyVersion
) -> None:
    asked(hospital, policy, buyer)
    within, before = MandateFactory(), MandateFactory(starts_on=date(2024, 1, 1), ends_on=date(2025, 12, 31))
    for mandate in (within, before):
        mandate.hospitals.add(hospital)
    assert Estimate.objects.visible_to(within.auditor).count() == 1
    assert not Estimate.objects.visible_to(before.auditor).exists()


def test_a_cancelled_job_leaves_no_result(hospital: Hospital, buyer: User, policy: PolicyVersion) -> None:
    award({"pump": {hospital: "100"}}, unit_prices={"pump": "300"}, by=buyer)
    request = asked(hospital, policy, buyer)
    job = jobs.claim(str(request.job_id))
    assert job is not None
    jobs.cancel(job=job, by=buyer)
    with pytest.raises(jobs.Cancelled):
        services.estimate(job=job)
    assert Estimate.objects.get().result is None


def stale(estimate: Estimate) -> tuple[bool, bool]:
    found = freshness([Estimate.objects.get(pk=estimate.pk)])[estimate.pk]
    return found.data_changed, found.rules_changed


def test_a_new_award_or_another_need_makes_the_data_stale(
    hospital: Hospital, buyer: User, policy: PolicyVersion
) -> None:
    lot = award({"pump": {hospital: "100"}}, unit_prices={"pump": "300"}, by=buyer)
    estimate = computed(asked(hospital, policy, buyer))
    assert stale(estimate) == (False, False)
    Need.objects.filter(item__lot=lot).update(quantity=Decimal(101))
    assert stale(estimate) == (True, False)
    Need.objects.filter(item__lot=lot).update(quantity=Decimal(100))
    assert stale(estimate) == (False, False)
    award({"pump": {hospital: "1"}}, unit_prices={"pump": "300"}, by=buyer)
    assert stale(estimate) == (True, False)


def test_a_newer_version_or_a_retirement_makes_the_rules_stale_and_computing_again_takes_the_newest(
    hospital: Hospital, buyer: User, policy: PolicyVersion
) -> None:
    award({"pump": {hospital: "100"}}, unit_prices={"pump": "300"}, by=buyer)
    estimate = computed(asked(hospital, policy, buyer))
    newer = approved(policy_document(version=2, cashback=scheme(base="contract")))
    assert stale(estimate) == (False, True)
    again = services.recompute(estimate=estimate, by=buyer)
    assert (again.policy_version, computed(again).result["totals"]["amount"]) == (newer, "675.00")
    assert stale(again) == (False, False)
    policies.retire(version=newer, by=newer.drafted_by, at=NOW)
    policies.retire(version=policy, by=policy.drafted_by, at=NOW)
    assert stale(again) == (False, True)
    with pytest.raises(Refused, match="not approved"):
        services.recompute(estimate=Estimate.objects.get(pk=again.pk), by=buyer)


def test_the_freshness_of_ten_estimates_takes_as_many_queries_as_of_one(
    hospital: Hospital, buyer: User, policy: PolicyVersion, django_assert_num_queries: Any
) -> None:
    award({"pump": {hospital: "100"}}, unit_prices={"pump": "300"}, by=buyer)
    estimates = [computed(asked(hospital, policy, buyer)) for _ in range(10)]
    rows = list(Estimate.objects.select_related("policy_version", "scheme_version"))
    assert len(rows) == len(estimates)
    for some in (rows[:1], rows):
        with django_assert_num_queries(3):
            freshness(some)


def test_a_buyer_estimates_his_own_hospitals_alone(
    hospital: Hospital, neighbour: Hospital, buyer: User, stranger: User, policy: PolicyVersion
) -> None:
    for by, whose in ((buyer, neighbour), (stranger, hospital), (policy.drafted_by, hospital)):
        with pytest.raises(PermissionDenied):
            asked(whose, policy, by)
    assert not Job.objects.exists()


@pytest.mark.parametrize("year", [1999, 2027])
def test_a_year_is_one_that_has_begun(year: int, hospital: Hospital, buyer: User, policy: PolicyVersion) -> None:
    with pytest.raises(Invalid):
        services.request_estimate(hospital=hospital, year=year, policy_version=policy, by=buyer)


def test_rules_that_cannot_be_computed_are_refused_before_any_job(
    hospital: Hospital, buyer: User, policy: PolicyVersion
) -> None:
    plain = approved(policy_document(id="plain", title="Plain", cashback=None))
    foreign = approved({"id": "far", "base": "contract", "tiers": [], "when": {"supplier_in": "MARS"}}, kind="cashback")
    with pytest.raises(Invalid, match="pays no cash-back"):
        asked(hospital, plain, buyer)
    with pytest.raises(Invalid, match="does not fit") as refused:
        asked(hospital, policy, buyer, scheme_version=foreign)
    assert refused.value.details[0]["pointer"] == "/cashback/when/supplier_in"
    with pytest.raises(Invalid, match="preference policy"):
        asked(hospital, foreign, buyer)
    with pytest.raises(Invalid, match="cash-back scheme"):
        asked(hospital, policy, buyer, scheme_version=plain)
    assert not Job.objects.exists()
