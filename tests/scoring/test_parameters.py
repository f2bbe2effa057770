"""Legal values: every line is whole, dated, referenced and marked, and is found by the day."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

import scoring
from scoring.canonical import canonical
from scoring.parameters import MissingParameterError, Parameter, Parameters, all_parameters, find, parameter
from scoring.parameters.reading import ParameterError, read_topic
from scoring.parameters.units import STATUSES, UNITS
from tests.scoring.documents import lot, offer

TODAY = date(2026, 11, 15)

ENTRY = """
works:
  title: {en: Threshold, fr: Seuil}
  explanation: {en: From here., fr: À partir d'ici.}
  unit: EUR
  status: in_force
  lines:
    - value: "5382000"
      valid_from: 2022-01-01
      valid_until: 2023-12-31
      reference: {article: art. 4, text: Directive}
      mark: S
      last_reviewed: 2026-11-15
    - value: "5538000"
      valid_from: 2024-01-01
      valid_until: null
      reference: {article: art. 4, text: Directive}
      mark: S
      last_reviewed: 2026-11-15
"""


@pytest.mark.parametrize("line", all_parameters(), ids=lambda line: f"{line.key}@{line.valid_from}")
def test_every_line_carries_what_its_card_shows(line: Parameter) -> None:
    assert line.unit in UNITS
    assert line.status in STATUSES
    assert line.mark in ("P", "S", "R")
    assert line.value
    assert line.reference.article
    assert line.reference.text
    assert line.last_reviewed >= TODAY
    for texts in (line.title, line.explanation):
        assert set(texts) == {"en", "fr"}
        assert all(text.strip() == text and text for text in texts.values())
    for sentence in line.explanation.values():
        assert sentence.endswith(".")
        assert sentence.count(". ") == 0, "an explanation is one sentence"


def test_no_two_lines_of_a_key_hold_on_the_same_day() -> None:
    days = {line.valid_from for line in all_parameters() if line.valid_from} | {TODAY}
    for day in days:
        held = Counter(line.key for line in all_parameters() if line.holds_on(day))
        assert not [key for key, count in held.items() if count > 1], day


@pytest.mark.parametrize(
    ("key", "value", "mark"),
    [
        ("eu_thresholds.central", "140000", "S"),
        ("eu_thresholds.sub_central", "216000", "S"),
        ("eu_thresholds.utility", "432000", "S"),
        ("eu_thresholds.works", "5404000", "S"),
        ("national_thresholds.no_publicity_supplies_services", "60000", "S"),
        ("national_thresholds.no_publicity_works", "100000", "S"),
        ("national_thresholds.national_publicity", "90000", "S"),
        ("ipi_2025_1197.estimated_value", "5000000", "S"),
        ("ipi_2025_1197.content_cap", "0.5", "S"),
        ("ipi_2025_1197.subcontracting_cap", "0.5", "S"),
        ("ipi_2025_1197.duration", "5", "S"),
        ("abnormally_low.dropped_above", "0.2", "S"),
        ("abnormally_low.alert_below", "0.1", "S"),
        ("method.neutralised_kept", "2/3", "R"),
        ("method.amplified_spread", "0.1", "R"),
        ("method.amplified_separation", "1/2", "R"),
        ("origin.local_margin", "1.04", "S"),
        ("origin.utilities_reject_below", "0.5", "P"),
        ("origin.utilities_preference", "0.03", "P"),
        ("decision.standstill_electronic", "11", "P"),
        ("decision.standstill_otherwise", "16", "P"),
        ("decision.reasons_on_request", "15", "P"),
        ("decision.retention_procedure", "5", "P"),
        ("decision.retention_contract", "5", "P"),
        ("decision.retention_works", "10", "P"),
        ("cashback.nearest_allocation", "0.02", "P"),
        ("proposals.procurement_act_content_floor", "0.5", "S"),
        ("proposals.procurement_act_quality", "0.3", "S"),
        ("proposals.procurement_act_quality_labour", "0.5", "S"),
        ("environment.carbon_score_weight", "0.1", "S"),
        ("environment.carbon_score_molecules", "18", "S"),
        ("practice.review_months", "12", "R"),
    ],
)
def test_the_figures_of_november_2026(key: str, value: str, mark: str) -> None:
    line = parameter(key, on=TODAY)
    assert (line.number, line.mark) == (Fraction(value), mark)


def test_the_environmental_criterion_is_required_from_the_21st_of_august_2026() -> None:
    assert find("environment.criterion_required", on=date(2026, 8, 20)) is None
    assert parameter("environment.criterion_required", on=date(2026, 8, 21)).day == date(2026, 8, 21)


def test_the_measure_on_medical_devices_lasts_five_years_from_the_30th_of_june_2025() -> None:
    held = [
        day
        for day in (date(2025, 6, 29), date(2025, 6, 30), date(2030, 6, 29), date(2030, 6, 30))
        if find("ipi_2025_1197.cpv_range", on=day)
    ]
    assert held == [date(2025, 6, 30), date(2030, 6, 29)]
    assert parameter("ipi_2025_1197.cpv_range", on=TODAY).names == ("33100000", "33199000")


def test_the_exemption_from_publicity_rose_on_the_1st_of_april_2026() -> None:
    key = "national_thresholds.no_publicity_supplies_services"
    assert [parameter(key, on=day).number for day in (date(2026, 3, 31), date(2026, 4, 1))] == [40000, 60000]


def test_the_areas_fit_into_each_other() -> None:
    union, economic_area, association, parties = (
        set(parameter(f"areas.{name}", on=TODAY).names) for name in ("eu", "eea", "efta", "gpa")
    )
    assert len(union) == 27
    assert economic_area - union == {"IS", "LI", "NO"}
    assert association - economic_area == {"CH"}
    assert not parties & union
    assert not parties & set(parameter("areas.not_gpa", on=TODAY).names)
    assert {"CN", "IN"} <= set(parameter("areas.not_gpa", on=TODAY).names)


def test_a_missing_key_or_day_is_said_in_one_sentence() -> None:
    with pytest.raises(MissingParameterError, match=r"^There is no legal parameter named areas\.mars\.$"):
        parameter("areas.mars", on=TODAY)
    with pytest.raises(MissingParameterError, match=r"^There is no legal parameter named areas\.mars\.$"):
        find("areas.mars", on=TODAY)
    with pytest.raises(MissingParameterError, match=r"^The legal parameter areas\.eu has no value on 2001-01-01"):
        parameter("areas.eu", on=date(2001, 1, 1))


def test_without_a_day_only_a_line_without_dates_is_found() -> None:
    assert parameter("method.neutralised_kept", on=None).number == Fraction(2, 3)
    with pytest.raises(MissingParameterError, match="has no value without a day"):
        parameter("areas.eu", on=None)


def test_a_value_is_read_in_its_unit_alone() -> None:
    with pytest.raises(TypeError, match=r"areas\.eu is in countries, which is not a number"):
        _ = parameter("areas.eu", on=TODAY).number
    with pytest.raises(TypeError, match="which is not a date"):
        _ = parameter("areas.eu", on=TODAY).day
    with pytest.raises(TypeError, match="which is not a list of names"):
        _ = parameter("eu_thresholds.works", on=TODAY).names


def test_the_lines_that_were_asked_for_are_remembered_once() -> None:
    parameters = Parameters()
    parameters.parameter("eu_thresholds.works", on=TODAY)
    parameters.parameter("eu_thresholds.works", on=date(2026, 1, 1))
    parameters.find("areas.eu", on=TODAY)
    parameters.find("areas.eu", on=date(2001, 1, 1))
    assert [line.key for line in parameters.used] == ["areas.eu", "eu_thresholds.works"]


@pytest.mark.parametrize("line", all_parameters(), ids=lambda line: f"{line.key}@{line.valid_from}")
def test_every_line_is_told_as_a_document_that_its_topic_could_be_read_from(line: Parameter) -> None:
    told = line.as_json()
    canonical(told)
    raw = date.fromisoformat(told["value"]) if line.unit == "date" else told["value"]
    assert UNITS[line.unit](raw) == line.value
    assert (told["article"], told["text"]) == (line.reference.article, line.reference.text)
    days = {"valid_from": line.valid_from, "valid_until": line.valid_until, "last_reviewed": line.last_reviewed}
    assert {name: told[name] for name in days} == {name: day and day.isoformat() for name, day in days.items()}


def test_an_evaluation_says_which_legal_values_its_guards_looked_at() -> None:
    document = lot(offer("A", "100", "60"), offer("B", "95", "60"))
    sheet, law = scoring.evaluate_with_law(document)
    assert sheet == scoring.evaluate(document)
    assert "method.neutralised_kept" in {line.key for line in law}
    assert list(law) == sorted(law, key=lambda line: (line.key, line.valid_from or date.min))


def test_a_topic_that_is_whole_is_read() -> None:
    (entry,) = read_topic("eu", ENTRY)
    assert entry.key == "eu.works"
    assert [line.value for line in entry.lines] == [5382000, 5538000]


@pytest.mark.parametrize(
    ("found", "instead", "sentence"),
    [
        ("      mark: S\n", "", "should have exactly the fields"),
        ("mark: S", "mark: X", "mark should be P, S or R"),
        ("unit: EUR", "unit: USD", "unit should be one of"),
        ("status: in_force", "status: perhaps", "status should be one of"),
        ('"5382000"', "5382000", "the value in EUR should be a quoted number"),
        ("valid_until: 2023-12-31", "valid_until: 2024-06-30", "each line should have ended before the next"),
        ("valid_until: 2023-12-31", "valid_until: 2021-12-31", "before it begins"),
        ("valid_from: 2022-01-01", "valid_from: soon", "should be a date"),
        ("last_reviewed: 2026-11-15", "last_reviewed: null", "last_reviewed should be a date"),
        ("fr: Seuil", "fr: ' '", "should have a text in each of en, fr"),
        (", fr: Seuil", "", "should have exactly the fields en, fr"),
        ("article: art. 4", "article: ''", "reference should have an article and a text"),
        ("  unit: EUR", "  unit: EUR\n  unit: EUR", "A key is written twice"),
    ],
)
def test_a_topic_that_is_not_whole_is_refused(found: str, instead: str, sentence: str) -> None:
    with pytest.raises(ParameterError, match=sentence):
        read_topic("eu", ENTRY.replace(found, instead, 1))


def test_a_topic_without_lines_is_refused() -> None:
    with pytest.raises(ParameterError, match="lines should hold at least one dated line"):
        read_topic("eu", ENTRY[: ENTRY.index("  lines:")] + "  lines: []\n")
    with pytest.raises(ParameterError, match="should be a mapping of entries"):
        read_topic("eu", "")


@pytest.mark.parametrize(
    ("unit", "bad"),
    [
        ("countries", ["FR", "FR"]),
        ("countries", ["fra"]),
        ("countries", []),
        ("cpv_range", ["33199000", "33100000"]),
        ("cpv_range", ["33100000"]),
        ("ratio_range", ["0.3", "0.1"]),
        ("ratio", 0.5),
        ("ratio", "1e3"),
        ("ratio", "1/0"),
        ("date", "2026-08-21"),
        ("rule", False),
    ],
)
def test_a_value_that_does_not_fit_its_unit_is_refused(unit: str, bad: object) -> None:
    with pytest.raises(ValueError, match=r"a |the "):
        UNITS[unit](bad)
