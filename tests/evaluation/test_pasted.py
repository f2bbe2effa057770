"""A table from a spreadsheet fills the grid, or says line by line why not; nothing of it is given."""

import pytest

from procurement.evaluation.models import IndividualMark, MarkDraft, Panel
from procurement.evaluation.pasted import LONGEST_TABLE, read_table, require_right, table_of
from procurement.evaluation.present.panels import own_grid
from procurement.people.models import Hospital, User
from procurement.people.refusals import Invalid
from procurement.registry.models import Supplier
from tests.evaluation.panels import PRICES, Judged, agree_all, declare, give, give_all, judged, lock
from tests.evaluation.test_pages import as_
from tests.evaluation.test_panel_pages import of_lot, own, read


@pytest.fixture
def case(buyer: User, hospital: Hospital) -> Judged:
    case = judged(buyer, hospital)
    declare(case, case.members[0])
    return case


def taken(case: Judged, table: str) -> list[tuple[str, str, str, str]]:
    """What a table fills in: key of the bid, key of the criterion, mark, reason."""
    panel, member = Panel.objects.get(), case.members[0]
    pasted = read_table(table, own_grid(panel, member, None))
    filled = own_grid(panel, member, pasted.data)
    require_right(pasted, filled)
    return [(each.bid.key, each.criterion.key, each.mark, each.reason) for each in filled.typed()]


def refused(case: Judged, table: str) -> list[str]:
    """The sentences for a table that is not taken."""
    with pytest.raises(Invalid) as refusal:
        taken(case, table)
    return [problem["message"] for problem in refusal.value.details] or [refusal.value.sentence]


def title(case: Judged) -> str:
    return str(case.lot.criteria.get(key="quality").title)


def row(case: Judged, mark: str, reason: str = "Tried.", tenderer: str = "MedTech Loire") -> str:
    return f"{tenderer}\t{title(case)}\t{mark}\t{reason}\n"


def test_the_table_of_the_grid_comes_back_as_it_went(case: Judged) -> None:
    member = case.members[0]
    give(case, member, "4.5", reason='He said "fine",\nthen\tleft.')
    table = table_of(own_grid(Panel.objects.get(), member, None))

    assert table.count("MedTech Loire") == 2
    found = taken(case, table)
    assert len(found) == 6
    assert found[0] == ("alpha", "quality", "4.5", 'He said "fine",\nthen\tleft.')


def test_the_order_of_rows_capitals_spaces_and_empty_columns_do_not_matter(case: Judged) -> None:
    table = f"\n  nordmed \t{title(case).upper()}\t3\tGood.\t\t\n" + row(case, " 4 ").replace("\n", "\r\n")
    assert sorted(taken(case, table)) == [("alpha", "quality", "4", "Tried."), ("beta", "quality", "3", "Good.")]


def test_a_row_without_its_reason_fills_in_the_mark(case: Judged) -> None:
    assert taken(case, row(case, "4").rpartition("\t")[0]) == [("alpha", "quality", "4", "")]


@pytest.mark.parametrize(
    ("mark", "sentence"),
    [("99", "Line 2: A mark is a number from 0 to 10."), ("good", "Line 2: This is not a number")],
)
def test_a_wrong_mark_is_named_by_its_line_and_nothing_is_taken(case: Judged, mark: str, sentence: str) -> None:
    table = row(case, "4", tenderer="Nordmed") + row(case, mark)
    assert refused(case, table)[0].startswith(sentence)
    answer = as_(case.members[0]).post(own(case, "paste_own"), {"table": table})
    assert (answer.status_code, sentence in answer.content.decode()) == (400, True)
    assert not MarkDraft.objects.exists()


def test_the_line_is_that_of_the_text_also_after_a_reason_of_several_lines(case: Judged) -> None:
    table = row(case, "4", '"One\ntwo\nthree"', "Nordmed") + row(case, "99")
    assert refused(case, table) == ["Line 4: A mark is a number from 0 to 10."]


def test_names_that_are_not_there_rows_twice_and_other_columns_are_said(case: Judged) -> None:
    known = "There are: MedTech Loire, Nordmed, Pacific Care."
    assert refused(case, row(case, "4", tenderer="Nobody")) == [
        f"Line 1, column 1: no tenderer is called “Nobody” here. {known}"
    ]
    assert refused(case, "Nordmed\tBeauty\t4\tNice.")[0].startswith("Line 1, column 2: no criterion is called “Beauty”")
    assert refused(case, row(case, "4") * 2) == ["Line 2 repeats line 1."]
    assert refused(case, "4\n5\n") == [
        f"Line {line} has not four columns: tenderer, criterion, mark, reason." for line in (1, 2)
    ]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("", "Nothing was pasted"),
        (" \n\t\t\t\n", "Nothing was pasted"),
        ("Tenderer\tCriterion\tMark\tReason\n", "Nothing was pasted"),
        ("x" * (LONGEST_TABLE + 1), "too long"),
        ("x" * 140_000, "cannot be read"),
        ("\0", "Nothing was pasted"),
        ('"', "Nothing was pasted"),
    ],
)
def test_what_is_no_table_gets_one_sentence(case: Judged, table: str, sentence: str) -> None:
    assert sentence in refused(case, table)[0]


def test_a_name_that_a_spreadsheet_would_compute_is_written_as_text_and_read_back(case: Judged) -> None:
    Supplier.objects.filter(name="Nordmed").update(name='=HYPERLINK("x")')
    table = table_of(own_grid(Panel.objects.get(), case.members[0], None))
    assert "\"'=HYPERLINK" in table
    assert len(taken(case, table)) == 6


def test_a_pasted_table_waits_in_the_grid_until_it_is_given(case: Judged) -> None:
    client = as_(case.members[0])
    shown = client.post(own(case, "paste_own"), {"table": row(case, "4")}, follow=True).content.decode()
    assert "The table stands in the grid" in shown
    assert "1 is typed and not given yet." in " ".join(shown.split())
    assert not IndividualMark.objects.exists()


def test_a_french_member_pastes_french_numbers(case: Judged) -> None:
    member = case.members[0]
    member.language = "fr"
    member.save()
    as_(member).post(own(case, "paste_own"), {"table": row(case, "4,5")})
    assert MarkDraft.objects.get().mark == "4.5"


def test_the_buyer_pastes_the_agreed_marks(case: Judged) -> None:
    give_all(case, case.members[0], "3")
    assert "MedTech Loire" in read(case.buyer, of_lot(case, "paste_agreed"))
    as_(case.buyer).post(of_lot(case, "paste_agreed"), {"table": row(case, "3", "Agreed.")})
    assert MarkDraft.objects.get(kind="agreed").written_by == case.buyer


def test_on_an_anonymous_lot_the_table_has_letters_and_no_name_is_found(buyer: User, hospital: Hospital) -> None:
    case = judged(buyer, hospital, anonymous=True, two_envelopes=True)
    declare(case, case.members[0])
    client = as_(case.members[0])
    shown = client.get(own(case, "paste_own")).content.decode()
    wrong = client.post(own(case, "paste_own"), {"table": row(case, "4")}).content.decode()
    for secret in ("Nordmed", "Pacific Care", *PRICES.values()):
        assert secret not in shown + wrong
    assert "There are: A, B, C." in wrong


def test_after_the_lock_and_before_the_declaration_no_table_is_taken(case: Judged) -> None:
    assert as_(case.members[1]).get(own(case, "paste_own")).status_code == 409
    give_all(case, case.members[0], "3")
    agree_all(case)
    lock(case)
    assert as_(case.members[0]).post(own(case, "paste_own"), {"table": row(case, "4")}).status_code == 409
