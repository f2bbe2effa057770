"""Dates and numbers as the reader writes them, in the portal's zone."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from procurement.people.templatetags.reading import day, figure, moment, signed

LATE = datetime(2026, 11, 21, 23, 56, tzinfo=UTC)  # already the 22nd in Paris


@pytest.mark.parametrize(("language", "written"), [("fr", "22 novembre 2026"), ("en", "22 November 2026")])
def test_the_day_of_a_moment_is_that_of_the_portal_s_zone(language: str, written: str) -> None:
    with translation.override(language), timezone.override("Europe/Paris"):
        assert day(LATE) == written
        assert moment(LATE) == f"{written}, 00:56"


def test_a_date_has_no_zone_to_move_it() -> None:
    with translation.override("fr"), timezone.override("Pacific/Auckland"):
        assert day(date(2026, 8, 1)) == "1er août 2026"


@pytest.mark.parametrize(
    ("value", "written"),
    [("2.35", "+2,35"), (Decimal("-2.35"), "−2,35"), (Decimal("0.00"), "0,00"), ("", "0"), (None, "0")],
)
def test_no_difference_has_the_decimals_of_the_differences_around_it(value: str | Decimal | None, written: str) -> None:
    with translation.override("fr"):
        assert signed(value) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [("0.78", "0,78"), ("-12", "-12"), ("EPD verified", "EPD verified"), ("2025-06", "2025-06"), ("", "")],
)
def test_what_somebody_wrote_is_a_number_only_where_it_is_one(text: str, written: str) -> None:
    with translation.override("fr"):
        assert figure(text) == written
