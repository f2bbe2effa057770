"""Published criteria: every notice ends once, kept, repaired by a stated rule or refused, and all its rows with it."""

from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from procurement.interchange import csv_files
from procurement.interchange.boamp import lots, notices, parts
from procurement.interchange.boamp.lots import Row
from procurement.interchange.boamp.words import WORDS, kind_of
from procurement.ledger.models import Line
from procurement.tenders.models import ReferenceGrid, ReferenceImport, ReferenceRefusal
from procurement.tenders.reference.folding import folded
from procurement.tenders.reference.reading import ReadNotice, ReferenceReading
from procurement.tenders.reference.reasons import REASONS, REPAIRS
from procurement.tenders.services import keep_reference
from tests.real_data import data_file

HEADER = "avis_num,mois,acheteur,cp,ville,etablissement_sante_heuristique,procedure,critere,poids"
Criteria = list[tuple[str, object]]


def lines(*criteria: tuple[str, object], notice: str = "21-1", buyer: str = "CH de Nantes") -> list[str]:
    return [f'{notice},2021-01,{buyer},44000,Nantes,1,,"{title}",{weight}' for title, weight in criteria]


@pytest.fixture
def written(tmp_path: Path):
    """Writes rows below the header; the file."""

    def write(*rows: str, name: str = "criteria.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
        return path

    return write


@pytest.fixture
def one(written):
    """Reads the criteria of one notice."""

    def read(*criteria: tuple[str, object]) -> ReadNotice:
        (notice,) = notices.read(written(*lines(*criteria))).notices
        return notice

    return read


def told(read: ReadNotice) -> list[tuple[str, list[tuple[str, int, str]]]]:
    """Each grid as its lots and its criteria: title, weight, what it is a part of."""
    return [(grid.lots, [(each.title, each.weight, each.parent) for each in grid.criteria]) for grid in read.grids]


def test_weights_that_total_100_are_kept_as_they_stand(one) -> None:
    read = one(("Prix", 60), ("Valeur technique", 40))
    assert (read.repair, read.reason, read.total) == ("", "", 100)
    assert told(read) == [("", [("Prix", 60, ""), ("Valeur technique", 40, "")])]
    assert read.grids[0].shape() == "price-60 quality-40"


def test_lots_named_in_one_list_become_a_grid_each_in_whatever_order_they_stand(one) -> None:
    read = one(("Lot 2 : Prix", 70), ("LOT n° 01 - Prix", 60), ("Lot lot 1 : Qualité", 40), ("Lot 2 : Qualité", 30))
    assert read.repair == "lots-named"
    assert told(read) == [
        ("2", [("Prix", 70, ""), ("Qualité", 30, "")]),
        ("1", [("Prix", 60, ""), ("Qualité", 40, "")]),
    ]


def test_lots_that_share_their_criteria_make_one_grid(one) -> None:
    read = one(("LOTS 1, 2 et 3 : Prix", 60), ("LOTS 1, 2 et 3 : Délai", 40), ("Lot 4 : Prix", 100))
    assert [(grid.lots, grid.rows) for grid in read.grids] == [("1, 2 et 3", 2), ("4", 1)]


@pytest.mark.parametrize("title", ["Lot 1.2 : Prix", "Lotissement : prix", "Prix (lot 1)", "Lot 1", "Allotissement 3"])
def test_what_only_looks_like_a_lot_names_none(title: str) -> None:
    assert lots.with_lots(title, 40) == Row(title, 40)


def test_a_list_in_which_only_some_criteria_name_their_lot_is_refused(one) -> None:
    assert one(("Lot 1 : Prix", 64), ("Lot 2 : Prix", 64), ("Valeur technique", 36)).reason == "some-lots-named"


def test_lists_of_100_in_a_row_are_lots_when_each_has_its_price(one) -> None:
    read = one(("Prix", 60), ("Qualité", 40), ("Qualité", 30), ("Coût global", 70))
    assert read.repair == "lots-in-order"
    assert [grid.lots for grid in read.grids] == ["1", "2"]
    assert [grid.shape() for grid in read.grids] == ["price-60 quality-40", "cost-70 quality-30"]


def test_parts_in_percent_are_not_taken_for_a_second_lot(one) -> None:
    assert one(("Prix", 40), ("Qualité", 60), ("Moyens", 50), ("Méthode", 50)).reason == "no-way"
    marked = [("Prix", 40), ("Qualité", 60), ("Sous-critère 1 : prix unitaires", 50), ("Sous-critère 2 : qualité", 50)]
    assert one(*marked).reason == "no-way"


def test_parts_named_after_their_criterion_stand_for_it_wherever_they_are(one) -> None:
    read = one(
        ("Valeur technique : Délai", 10),
        ("Prix", 60),
        ("Valeur technique", 40),
        ("VALEUR TECHNIQUE – moyens humains", 30),
    )
    assert read.repair == "sub-criteria-named"
    assert told(read) == [
        (
            "",
            [
                ("Valeur technique : Délai", 10, "Valeur technique"),
                ("Prix", 60, ""),
                ("VALEUR TECHNIQUE – moyens humains", 30, "Valeur technique"),
            ],
        )
    ]
    assert [each.kind for each in read.grids[0].criteria] == ["delivery", "price", "quality"]
    assert read.grids[0].rows == 4


def test_parts_that_do_not_add_up_to_their_criterion_are_refused(one) -> None:
    percents = [("Prix", 60), ("Qualité", 40), ("Qualité : moyens", 50), ("Qualité : méthode", 50)]
    assert one(*percents).reason == "parts-do-not-add-up"
    nested = [("Prix", 60), ("Qualité", 40), ("Qualité : moyens", 40), ("Qualité : moyens : équipe", 40)]
    assert one(*nested).reason == "parts-do-not-add-up"


def test_parts_below_their_criterion_stand_for_it_when_there_is_one_way_only(one) -> None:
    read = one(("1. Qualité", 60), ("1.1 Moyens", 35), ("1.2 Environnement", 25), ("2. Prix", 40))
    assert read.repair == "sub-criteria-in-order"
    assert [each.parent for each in read.grids[0].criteria] == ["1. Qualité", "1. Qualité", ""]
    assert read.grids[0].shape() == "price-40 quality-35 environment-25"


def test_parts_that_can_be_read_in_several_ways_are_refused(one) -> None:
    assert one(("A", 20), ("B", 10), ("C", 10), ("D", 20), ("E", 10), ("F", 10), ("Prix", 40)).reason == (
        "several-ways"
    )


def test_the_parts_of_each_lot_stand_for_their_criterion(one) -> None:
    read = one(
        ("Lot 1 : Prix", 60), ("Lot 1 : Qualité", 40), ("Lot 1 : Qualité : goût", 25), ("Lot 1 : Qualité : tenue", 15),
        ("Lot 2 : Prix", 100),
    )  # fmt: skip
    assert read.repair == "lots-and-sub-criteria"
    assert [grid.shape() for grid in read.grids] == ["price-60 quality-40", "price-100"]
    assert one(("Lot 1 : Prix", 60), ("Lot 2 : Prix", 100)).reason == "lot-does-not-total-100"


def ways(rows: list[Row]) -> list[frozenset[int]]:
    """Every set of criteria that can be left out, each followed by its parts: all subsets tried, slow and obvious."""
    found = []
    for number in range(1, len(rows)):
        for out in combinations(range(len(rows)), number):
            rest = sum(row.weight for place, row in enumerate(rows) if place not in out)
            if rest == 100 and all(has_its_parts(rows, place, out) for place in out):
                found.append(frozenset(out))
    return found


def has_its_parts(rows: list[Row], parent: int, out: tuple[int, ...]) -> bool:
    """Some run of two rows or more below ``parent``, none of them left out, adds up to it."""
    end = min([place for place in out if place > parent], default=len(rows))
    runs = [rows[parent + 1 : last] for last in range(parent + 3, end + 1)]
    return any(sum(row.weight for row in run) == rows[parent].weight for run in runs)


def test_leaving_out_criteria_agrees_with_trying_every_subset() -> None:
    chance, ends = Random(21), []
    for _time in range(1500):
        rows = [Row(f"c{place}", chance.choice([10, 10, 20, 20, 40])) for place in range(chance.randint(4, 9))]
        if sum(row.weight for row in rows) == 100:
            continue
        expected = ways(rows)
        ends.append(min(len(expected), 2))
        assert left_out(rows) == {0: "no-way", 1: next(iter(expected), None)}.get(len(expected), "several-ways")
    assert set(ends) == {0, 1, 2}


def left_out(rows: list[Row]) -> frozenset[int] | str:
    try:
        return frozenset(parts.in_order(rows).values())
    except parts.NoWay as refusal:
        return str(refusal)


def test_a_long_list_that_cannot_be_read_is_refused_at_once(one) -> None:
    rows = [("x", weight) for _time in range(100) for weight in (4, 2, 2)]
    assert one(*rows, ("y", 1)).reason == "no-way"
    assert one(*[("x", 1)] * 501).reason == "too-many-criteria"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Prix des prestations", "price"),
        ("Critère 1 - Valeur financière de l'offre", "price"),
        ("L'offre financière (coût d'utilisation)", "price"),
        ("Coût d'utilisation", "cost"),
        ("Coût", "price"),
        ("Valeur technique et environnementale", "quality"),
        ("Qualité environnementale", "environment"),
        ("Performances en matière de protection de l’environnement", "environment"),
        ("DÉVELOPPEMENT DURABLE", "environment"),
        ("Délai de garantie", "quality"),
        ("Délai d'exécution", "delivery"),
        ("Performances en matière d'insertion professionnelle", "social"),
        ("Insertion dans l'environnement", "environment"),
        ("Insertion paysagère", "quality"),
        ("Surcoût", None),
        ("Simplicité", None),
        ("", None),
    ],
)
def test_the_first_word_of_the_table_says_the_kind_and_the_longest_where_several_start(
    title: str, kind: str | None
) -> None:
    assert kind_of(title) == kind


def test_every_word_of_the_table_is_written_as_titles_are_compared_and_once() -> None:
    words = [word for listed in WORDS.values() for word in listed]
    assert [word for word in words if folded(word) != word] == []
    assert len(set(words)) == len(words)
    assert [word for kind, listed in WORDS.items() for word in listed if kind_of(word) != kind] == []


def test_a_part_of_the_price_is_price_and_a_title_without_a_word_is_quality_counted_apart(written) -> None:
    rows = lines(("Prix", 60), ("Prix : livraison", 20), ("Prix : DPGF", 40), ("Simplicité", 40))
    reading = notices.read(written(*rows))
    assert [each.kind for each in reading.notices[0].grids[0].criteria] == ["price", "price", "quality"]
    assert reading.counts()["without_a_word"] == 1


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (lines(("Prix", 100), notice=" "), "no-notice-number"),
        (lines(("Prix", 100), notice="2" * 21), "field-too-long"),
        (lines(("Prix", 60)) + lines(("Qualité", 40), buyer="Another"), "notice-twice"),
        (lines(("Prix", 60), (" ", 40)), "no-words"),
        (lines(("Prix", 60), ("Qualité", "40.0")), "weight-not-whole"),
        (lines(("Prix", 60), ("Qualité", "-1")), "weight-not-whole"),
        (lines(("Prix", 60), ("Qualité", "²")), "weight-not-whole"),
        (lines(("Prix", 101)), "weight-not-whole"),
        (lines(("Prix", 60), ("Qualité", 60)), "no-way"),
        (lines(("Prix", 0)), "no-way"),
    ],
)
def test_rows_that_are_no_criteria_are_refused_with_their_reason(written, rows: list[str], reason: str) -> None:
    reading = notices.read(written(*rows))
    assert [(read.rows, read.reason) for read in reading.notices] == [(len(rows), reason)]


def test_a_file_that_is_none_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text("critere,poids\nPrix,60\n", encoding="utf-8")
    with pytest.raises(csv_files.UnreadableFile, match="lacks the column 'avis_num'"):
        notices.read(tmp_path / "wrong.csv")


def stored() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (ReferenceGrid, ReferenceRefusal, Line))


@pytest.mark.django_db
def test_a_second_import_changes_nothing_and_the_counts_are_printed(written, capsys) -> None:
    rows = lines(("Prix", 60), ("Qualité", 40)) + lines(("Prix", 70), notice="21-2")
    path = str(written(*rows))
    call_command("import_criteria", path)
    before = stored()
    call_command("import_criteria", path)
    assert stored() == before == (1, 1, 1)
    output = capsys.readouterr().out
    assert "imported before: nothing changes" in output
    assert "1       1  no rule brings the weights to 100" in output
    assert "1 grids" in output


@pytest.mark.django_db
def test_another_file_replaces_nothing_it_adds_the_notices_that_are_new(written) -> None:
    first = notices.read(written(*lines(("Prix", 100))))
    second = notices.read(written(*lines(("Qualité", 100)), *lines(("Prix", 100), notice="21-2"), name="more.csv"))
    keep_reference(reading=first, by=None)
    kept = keep_reference(reading=second, by=None)
    assert list(ReferenceGrid.objects.values_list("notice", "shape")) == [("21-1", "price-100"), ("21-2", "price-100")]
    assert kept.reference_import.counts["notices"] == {
        "read": 2, "kept": 1, "repaired": {}, "refused": {"known-notice": 1},
    }  # fmt: skip


@pytest.mark.django_db
def test_a_wrong_file_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_criteria", str(tmp_path))
    assert not ReferenceImport.objects.exists()


@pytest.mark.django_db
def test_a_failure_half_way_keeps_nothing(written, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise RuntimeError("the record is full")

    monkeypatch.setattr("procurement.tenders.services.reference.ledger.record", fail)
    with pytest.raises(RuntimeError):
        keep_reference(reading=notices.read(written(*lines(("Prix", 100)))), by=None, at=timezone.now())
    assert not ReferenceGrid.objects.exists()


@pytest.fixture(scope="module")
def real() -> ReferenceReading:
    return notices.read(data_file("boamp/boamp_2021T1_criteres_ponderes.csv"))


def test_the_real_file_goes_through_as_documented_and_every_row_ends_once(real: ReferenceReading) -> None:
    counts = real.counts()
    for of, read in (("rows", 11_142), ("notices", 3_975)):
        fates = counts[of]
        assert fates["read"] == read
        assert read == fates["kept"] + sum(fates["repaired"].values()) + sum(fates["refused"].values())
    assert counts["notices"]["kept"] == 3_762
    assert counts["notices"]["repaired"] == {
        "lots-and-sub-criteria": 18, "lots-named": 63, "sub-criteria-in-order": 30, "sub-criteria-named": 47,
    }  # fmt: skip
    assert counts["notices"]["refused"] == {
        "lot-does-not-total-100": 11, "no-way": 31, "parts-do-not-add-up": 12, "some-lots-named": 1,
    }  # fmt: skip
    assert (counts["grids"], counts["without_a_word"]) == (4_134, 135)
    assert set(counts["rows"]["refused"]) <= set(REASONS)
    assert set(counts["rows"]["repaired"]) <= set(REPAIRS)


def test_every_grid_of_the_real_file_totals_100_and_holds_all_rows_but_the_parents(real: ReferenceReading) -> None:
    for read in real.notices:
        assert all(sum(each.weight for each in grid.criteria) == 100 for grid in read.grids)
        assert not read.grids or sum(grid.rows for grid in read.grids) == read.rows


@pytest.mark.django_db
def test_the_real_file_is_kept_row_for_row(real: ReferenceReading) -> None:
    keep_reference(reading=real, by=None)
    rows = list(ReferenceGrid.objects.values_list("rows", flat=True))
    assert sum(rows) + sum(ReferenceRefusal.objects.values_list("rows", flat=True)) == 11_142
