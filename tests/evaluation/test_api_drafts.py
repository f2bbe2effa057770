"""What waits, is pasted and undone over the API: the same grid as on the pages, the same refusals."""

from typing import Any

import pytest

from procurement.evaluation.models import IndividualMark, Mark, MarkDraft
from procurement.ledger.models import Line
from procurement.people.models import Hospital, User
from procurement.tenders import services as tenders
from tests.evaluation.conftest import NOW
from tests.evaluation.panels import Judged, agree, declare, give, give_all, judged, locked, registered
from tests.evaluation.test_api_panels import lots, of, panels
from tests.tenders import documents


@pytest.fixture
def case(buyer: User, hospital: Hospital) -> Judged:
    """Anonymous, in two envelopes; its first member has declared."""
    case = judged(buyer, hospital, anonymous=True, two_envelopes=True)
    declare(case, case.members[0])
    return case


def typed(bid: str, mark: str, reason: str = "", criterion: str = "quality") -> dict[str, str]:
    return {"bid": bid, "criterion": criterion, "mark": mark, "reason": reason}


def letters(case: Judged) -> dict[str, str]:
    """By letter, what a member's bids are called over the API."""
    told = of(case.members[0]).get(panels(case, "bids")).json()
    return {bid["tenderer"]: bid["bid"] for bid in told}


def test_what_a_member_types_waits_on_his_page_and_is_given_by_himself_alone(case: Judged) -> None:
    api, bid = of(case.members[0]), letters(case)["B"]

    kept = api.post(panels(case, "marks/drafts"), [typed(bid, "7.50", "Half")], format="json")

    assert kept.status_code == 200
    assert kept.json()["waiting"] == [{**typed(bid, "7.5", "Half"), "mistakes": []}]
    assert (kept.json()["given"], kept.json()["wanted"]) == (0, 6)
    assert not IndividualMark.objects.exists()
    assert str(MarkDraft.objects.get().mark) == "7.5"
    [row] = kept.json()["waiting"]
    given = {"bid": row["bid"], "criterion": row["criterion"], "value": row["mark"], "reason": row["reason"]}
    assert api.post(panels(case, "marks"), [given], format="json").status_code == 201
    after = api.get(panels(case, "marks/drafts")).json()
    assert (after["waiting"], after["given"]) == ([], 1)


def test_what_is_wrong_waits_too_and_says_what_is_wrong(case: Judged) -> None:
    api, bid = of(case.members[0]), letters(case)["A"]

    [row] = api.post(panels(case, "marks/drafts"), [typed(bid, "eleven")], format="json").json()["waiting"]
    assert row["mark"] == "eleven"
    assert len(row["mistakes"]) == 1
    [row] = api.post(panels(case, "marks/drafts"), [typed(bid, "11")], format="json").json()["waiting"]
    assert row["mistakes"] == ["A mark is a number from 0 to 10."]
    assert api.post(panels(case, "marks/drafts"), [typed(bid, "")], format="json").json()["waiting"] == []


def test_nobody_else_reads_what_waits_and_the_record_says_nothing_of_it(case: Judged) -> None:
    declare(case, case.members[1])
    lines = Line.objects.count()
    of(case.members[0]).post(panels(case, "marks/drafts"), [typed(letters(case)["A"], "7")], format="json")

    assert of(case.members[1]).get(panels(case, "marks/drafts")).json()["waiting"] == []
    assert of(case.buyer).get(lots(case, "agreed-marks/drafts")).json()["waiting"] == []
    assert Line.objects.count() == lines


@pytest.mark.parametrize(
    "rows",
    [
        [],
        {},
        None,
        "7",
        [None],
        [{"bid": "alpha", "criterion": "quality", "mark": "7"}],
        [{"bid": "A", "criterion": "price", "mark": "7"}],
        [{"bid": "A", "criterion": "quality", "mark": "7" * 61}],
        [{"bid": "A", "criterion": "quality", "reason": "x" * 2001}],
        [{"bid": "A", "criterion": "quality", "mark": "7\0"}],
        [{"bid": "A", "criterion": "quality", "mark": "7"}] * 2,
        [{"bid": "A", "criterion": "quality", "mark": "7"}, {"bid": "A", "criterion": "nothing", "mark": "7"}],
    ],
)
def test_what_is_no_list_of_places_of_the_grid_keeps_nothing(case: Judged, rows: Any) -> None:
    """The key of a bid, which may spell its tenderer, is no name of it here."""
    if isinstance(rows, list):
        a = letters(case)["A"]
        rows = [{**row, "bid": a} if row and row["bid"] == "A" else row for row in rows]

    answer = of(case.members[0]).post(panels(case, "marks/drafts"), rows, format="json")

    assert answer.status_code == 400
    assert not MarkDraft.objects.exists()


def test_a_table_is_read_filled_in_and_pasted_whole_or_not_at_all(case: Judged) -> None:
    api = of(case.members[0])
    table = api.get(panels(case, "marks/table")).json()["table"]
    lines = table.splitlines()
    assert (lines[0].split("\t"), len(lines)) == (["Tenderer", "Criterion", "Mark", "Reason"], 7)
    assert "MedTech" not in table

    filled = "\n".join([lines[0], *(line.rstrip("\t") + "\t4\tTried." for line in lines[1:])])
    pasted = api.post(panels(case, "marks/table"), {"table": filled}, format="json")
    assert (pasted.status_code, len(pasted.json()["waiting"])) == (200, 6)

    wrong = api.post(panels(case, "marks/table"), {"table": "A\tTechnical value\t12\tToo much."}, format="json")
    assert (wrong.status_code, wrong.json()["errors"]) == (
        400,
        [{"message": "Line 1: A mark is a number from 0 to 10."}],
    )
    named = api.post(panels(case, "marks/table"), {"table": "MedTech Loire\tTechnical value\t1\tHim."}, format="json")
    assert "There are: A, B, C." in named.json()["errors"][0]["message"]
    assert {draft.mark for draft in MarkDraft.objects.all()} == {"4"}
    assert api.post(panels(case, "marks/table"), {}, format="json").status_code == 400


def test_the_last_thing_typed_is_forgotten_then_the_last_change_undone(case: Judged) -> None:
    give(case, case.members[0], "3")
    give(case, case.members[0], "5", reason="Tried again.")
    api = of(case.members[0])
    api.post(panels(case, "marks/drafts"), [typed(letters(case)["A"], "1", "A thought.", "carbon")], format="json")

    undo = api.get(panels(case, "marks/drafts")).json()["undo"]
    assert undo["what"] == "draft"
    after = api.post(panels(case, "marks/undo"), undo, format="json").json()
    assert (after["waiting"], after["undo"]["what"], len(after["undo"]["sentences"])) == ([], "mark", 1)
    assert api.post(panels(case, "marks/undo"), undo, format="json").status_code == 409, "it is undone once"
    done = api.post(panels(case, "marks/undo"), after["undo"], format="json")

    assert done.status_code == 200
    assert [str(mark.value) for mark in IndividualMark.objects.order_by("pk")] == ["3", "5", "3"]
    assert api.post(panels(case, "marks/undo"), after["undo"], format="json").status_code == 409
    for wrong in ({}, {"what": "all", "seen": 1}, {"what": "mark", "seen": "last"}, []):
        assert api.post(panels(case, "marks/undo"), wrong, format="json").status_code == 400


def test_agreed_marks_wait_are_pasted_and_undone_alike(case: Judged) -> None:
    for member, value in zip(case.members, "234", strict=True):
        declare(case, member)
        give_all(case, member, value)
    api = of(case.buyer)

    kept = api.post(lots(case, "agreed-marks/drafts"), [typed("alpha", "3", "Agreed.")], format="json").json()
    assert kept["waiting"] == [{**typed("alpha", "3", "Agreed."), "mistakes": []}]
    table = api.get(lots(case, "agreed-marks/table")).json()["table"]
    assert "MedTech Loire\tTechnical value\t3\tAgreed." in table
    pasted = api.post(lots(case, "agreed-marks/table"), {"table": table.replace("\t3\t", "\t4\t")}, format="json")
    assert pasted.json()["waiting"] == [{**typed("alpha", "4", "Agreed."), "mistakes": []}]
    agree(case, "3")
    agree(case, "2", reason="Talked over.")
    forgotten = api.post(lots(case, "agreed-marks/undo"), pasted.json()["undo"], format="json").json()
    undone = api.post(lots(case, "agreed-marks/undo"), forgotten["undo"], format="json").json()

    assert (undone["waiting"], undone["given"]) == ([], 1)
    assert str(Mark.objects.get().value) == "3"


def test_the_lock_ends_typing_pasting_and_undoing(case: Judged) -> None:
    api, bid = of(case.members[0]), letters(case)["A"]
    give(case, case.members[0], "1")
    locked(case)
    undo = api.get(panels(case, "marks/drafts")).json()["undo"]

    assert api.post(panels(case, "marks/drafts"), [typed(bid, "7")], format="json").status_code in (400, 409)
    assert api.post(panels(case, "marks/undo"), undo, format="json").status_code == 409
    body = {"table": "MedTech Loire\tTechnical value\t1\tHim."}
    assert api.post(panels(case, "marks/table"), body, format="json").status_code == 409
    assert of(case.buyer).post(lots(case, "agreed-marks/table"), body, format="json").status_code == 409
    assert not MarkDraft.objects.exists()


def test_a_grid_takes_the_same_queries_for_three_bids_and_for_ten(case: Judged, queries: Any) -> None:
    give_all(case, case.members[0], "3")
    ways = [panels(case, "marks/drafts"), panels(case, "marks/table")]
    ours = [lots(case, "agreed-marks/drafts"), lots(case, "agreed-marks/table")]
    asked = [*((of(case.members[0]), at) for at in ways), *((of(case.buyer), at) for at in ours)]
    few = [queries(lambda api=api, at=at: api.get(at)) for api, at in asked]
    for number in range(7):
        document = documents.bid(id=f"more-{number}", supplier={"name": registered(f"Tenderer {number}", case.buyer)})
        tenders.enter_bid(lot=case.lot, document=document, by=case.buyer, at=NOW)

    assert [queries(lambda api=api, at=at: api.get(at)) for api, at in asked] == few
