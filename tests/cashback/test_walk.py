"""From the published procedure to the estimate: the services of every app in the order a buyer meets them."""

from decimal import Decimal

import scoring
from procurement.cashback import services
from procurement.cashback.models import Estimate
from procurement.evaluation import services as evaluation
from procurement.jobs import services as jobs
from procurement.people.models import Hospital, User
from procurement.policies.models import PolicyVersion
from tests.cashback.conftest import approved, policy_document, scheme
from tests.evaluation.conftest import LATER, NOW, OFFERS, enter, published_lot


def computed(hospital: Hospital, policy: PolicyVersion, by: User) -> Estimate:
    asked = services.request_estimate(hospital=hospital, year=LATER.year, policy_version=policy, by=by)
    job = jobs.claim(str(asked.job_id))
    assert job is not None
    services.estimate(job=job)
    return Estimate.objects.get(pk=asked.pk)


def test_an_award_made_by_the_services_is_estimated_and_an_open_procedure_never_is(
    hospital: Hospital, neighbour: Hospital, buyer: User
) -> None:
    policy = approved(policy_document(cashback=scheme(tiers=[["0", "0.02"]])))
    lot = published_lot(buyer)
    enter(lot, OFFERS, buyer)
    sheet = evaluation.score(lot=lot, by=buyer, at=NOW)
    assert computed(hospital, policy, buyer).result["lots"] == []
    winner = lot.bids.get(key=sheet.sheet["winner"])
    evaluation.award(lot=lot, bid=winner, sheet=sheet, reason="First in the ranking.", by=buyer, at=LATER)
    simulated = scoring.evaluate({**sheet.case, "policy": policy.document})
    whole = next(row for row in simulated["ranking"] if row["bid"] == winner.key)
    line = computed(hospital, policy, buyer).result["lots"][0]
    # 100 boxes of masks and 40.5 of gloves at 2.00 and 5.00, of 100 and 50: 402.50 of 450.00.
    assert (whole["price"], line["price"], line["hospital_price"]) == ("450.00", "450.00", "402.50")
    assert line["european_share"] == whole["european_share"]
    assert Decimal(line["amount"]) == (Decimal(whole["cashback"]) * Decimal("402.5") / 450).quantize(Decimal("0.01"))
    assert Decimal(line["amount"]) > 0
