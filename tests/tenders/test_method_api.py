"""The check of a method over the API: invented bids in, who wins and why out, and the line that it was looked at."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

import scoring
from procurement.ledger.models import Line
from procurement.people.bounds import Bound
from procurement.people.models import User
from procurement.people.services import create_token
from procurement.tenders import services
from procurement.tenders.models import Lot, Profile
from tests.tenders import documents
from tests.tenders.conftest import NOW
from tests.tenders.test_api import of

RANGE = {"low": "100", "high": "400"}


@pytest.fixture
def api(buyer: User) -> APIClient:
    return of(buyer)


@pytest.fixture
def lot(buyer: User, hospital: Any) -> Lot:
    document = documents.tender(lots=[documents.lot(plausible_prices=RANGE)])
    return services.draft_tender(document=document, by=buyer, at=NOW).lots.get()


def profile(name: str, price: str, quality: str) -> dict[str, Any]:
    return {"name": name, "price": price, "marks": {"quality": quality, "carbon": "3"}}


INVENTED = [profile("Cheap", "100", "4"), profile("Middle", "150", "7"), profile("Fine", "220", "10")]


def at(lot: Lot, name: str) -> str:
    return f"/api/v1/lots/{lot.pk}/{name}/"


def test_invented_bids_are_kept_and_read_back_as_they_were_given(api: APIClient, lot: Lot) -> None:
    kept = api.put(at(lot, "profiles"), INVENTED, format="json")

    assert (kept.status_code, kept.json()) == (200, INVENTED)
    assert api.get(at(lot, "profiles")).json() == INVENTED


@pytest.mark.parametrize("profiles", [[], INVENTED[:2], INVENTED * 3, None, {}, [{"price": "1"}] * 3])
def test_too_few_too_many_or_no_bids_at_all_are_refused_in_words(api: APIClient, lot: Lot, profiles: Any) -> None:
    answer = api.put(at(lot, "profiles"), profiles, format="json")

    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("The profiles cannot be kept: ")
    assert not Profile.objects.exists()


def test_six_bids_are_proposed_from_the_plausible_prices(api: APIClient, lot: Lot) -> None:
    assert len(api.post(at(lot, "propose-profiles")).json()) == 6

    api.put(at(lot, "document"), documents.lot(), format="json")
    refused = api.post(at(lot, "propose-profiles"))
    assert (refused.status_code, "which prices are plausible" in refused.json()["detail"]) == (409, True)


def test_the_check_says_what_its_page_says_and_its_case_is_scored_alike_elsewhere(api: APIClient, lot: Lot) -> None:
    api.put(at(lot, "profiles"), INVENTED, format="json")

    said = api.get(at(lot, "method")).json()

    sheet = scoring.evaluate(said["case"])
    assert [row["total"] for row in said["ranking"]] == [row["total"] for row in sheet["ranking"]]
    assert said["winner"] == "Cheap (invented)"
    assert [row["won"] for row in said["ranking"]] == [True, False, False]
    assert list(said["point_worth"]) == ["Middle (invented)"]
    assert (said["currency"], said["recorded"], said["withdrawals"]) == ("EUR", False, {})
    assert {finding["code"] for finding in said["findings"]} == {finding["code"] for finding in sheet["findings"]}


def test_no_number_of_the_check_is_a_float(api: APIClient, lot: Lot) -> None:
    def refuse(number: str) -> None:
        raise AssertionError(number)

    api.put(at(lot, "profiles"), INVENTED, format="json")
    json.loads(api.get(at(lot, "method")).content, parse_float=refuse)


def test_that_it_was_looked_at_stands_in_the_record_until_the_rules_change(api: APIClient, lot: Lot) -> None:
    api.put(at(lot, "profiles"), INVENTED, format="json")

    assert api.post(at(lot, "method")).json()["recorded"] is True
    assert Line.objects.filter(action="lot.method_checked").count() == 1
    api.put(at(lot, "document"), documents.lot(rounding={"decimals": 3}), format="json")
    assert api.get(at(lot, "method")).json()["recorded"] is False


def test_without_bids_there_is_nothing_to_check(api: APIClient, lot: Lot) -> None:
    answer = api.get(at(lot, "method"))

    assert answer.status_code == 409
    assert answer.json()["detail"] == "A method is checked on 3 to 8 profiles; there are 0."


def test_bids_that_fit_the_rules_no_more_are_named_with_what_misfits(api: APIClient, lot: Lot) -> None:
    api.put(at(lot, "profiles"), INVENTED, format="json")
    short = [{**criterion, "scale": "5"} if "scale" in criterion else criterion for criterion in documents.criteria()]
    api.put(at(lot, "document"), documents.lot(criteria=short), format="json")

    for answer in (api.get(at(lot, "method")), api.post(at(lot, "method"))):
        assert answer.status_code == 400
        assert answer.json()["detail"].startswith("The method cannot be checked: ")
        assert answer.json()["errors"]


def test_a_published_lot_keeps_its_bids_and_can_still_be_looked_at(api: APIClient, lot: Lot) -> None:
    api.put(at(lot, "profiles"), INVENTED, format="json")
    api.post(f"/api/v1/tenders/{lot.tender_id}/publish/")

    assert api.put(at(lot, "profiles"), INVENTED, format="json").status_code == 409
    assert api.post(at(lot, "method")).status_code == 409
    assert api.get(at(lot, "method")).json()["winner"] == "Cheap (invented)"


def test_the_check_keeps_a_processor_busy_and_is_bounded_like_a_scoring(
    lot: Lot, buyer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bound, "count", lambda self, key: 30 if self.name == "scorings-by" else 0)
    _token, text = create_token(name="checks", by=buyer)
    api = APIClient(headers={"Authorization": f"Token {text}"})

    assert api.get(at(lot, "method")).status_code == 429
    assert api.get(at(lot, "profiles")).status_code == 200


def test_the_check_takes_the_same_queries_whatever_the_number_of_bids(api: APIClient, lot: Lot, queries: Any) -> None:
    counted = set()
    for many in (3, 8):
        api.put(at(lot, "profiles"), [profile(str(n), str(100 + n), "5") for n in range(many)], format="json")
        counted.add(queries(lambda: api.get(at(lot, "method"))))
    assert len(counted) == 1
