"""The curve of the price criterion over the plausible range, and what a euro, a percent and a point are worth."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from procurement.people.models import User
from procurement.tenders.models import Lot, Tender
from procurement.tenders.price_curve import PriceCurve, price_curve, significant
from procurement.tenders.rules import rules_of
from procurement.tenders.services import change_lot
from scoring.formulas import FORMULAS
from tests.tenders import documents
from tests.tenders.conftest import NOW

RANGE = {"low": "100000", "high": "200000"}


def criteria(formula: str, **params: Any) -> list[dict[str, Any]]:
    price, *others = documents.criteria()
    return [{**price, "formula": formula, "params": params}, *others]


def curve_of(draft: Tender, buyer: User, **changes: Any) -> PriceCurve | None:
    document = documents.lot(**{"plausible_prices": RANGE, **changes})
    change_lot(lot=draft.lots.get(), document=document, by=buyer, at=NOW)
    lot = Lot.objects.for_rules().get(tender=draft)
    return price_curve(lot, rules_of(lot))


def drawn(draft: Tender, buyer: User, **changes: Any) -> PriceCurve:
    found = curve_of(draft, buyer, **changes)
    assert found is not None
    return found


def test_a_euro_is_worth_most_where_prices_are_low(draft: Tender, buyer: User) -> None:
    low, middle, high = drawn(draft, buyer).worths

    assert [low.points, middle.points, high.points] == [60, 40, 30]
    assert low.euro == 60 - Fraction(60 * 100000, 100001)
    assert middle.euro == 40 - Fraction(60 * 100000, 150001)
    assert high.euro == Fraction(60 * 100000, 199999) - 30
    assert low.percent == 60 - Fraction(6000, 101)
    assert low.euro_shown == "0.000600"


def test_the_price_of_a_point_is_said_to_the_cent(draft: Tender, buyer: User) -> None:
    low, middle, high = drawn(draft, buyer).worths

    assert low.point is None
    assert middle.point == Decimal("3658.54")  # 150000 − 6000000/41
    assert high.point == Decimal("6451.62")


@pytest.mark.parametrize("formula", [key for key, formula in FORMULAS.items() if formula.on == "price"])
def test_every_formula_is_drawn_from_its_points_at_the_low_end_to_those_at_the_high_end(
    draft: Tender, buyer: User, formula: str
) -> None:
    params = {"ceiling": "200000", "floor_price": "100000"} if formula == "absolute_linear" else {}

    curve = drawn(draft, buyer, criteria=criteria(formula, **params))

    assert len(curve.drawing.rows) == 21
    assert curve.drawing.rows[0] == ("€100,000.00", "40.00" if formula == "mean_bounded" else "60.00")
    assert curve.worths[0].points > curve.worths[1].points > curve.worths[2].points
    assert bool(FORMULAS[formula].reads) == ("taken here to be" in curve.beside)


def test_a_range_narrower_than_the_step_has_no_worth_of_it(draft: Tender, buyer: User) -> None:
    worths = drawn(draft, buyer, plausible_prices={"low": "100.00", "high": "100.01"}).worths

    assert [worth.euro for worth in worths] == [None, None, None]
    assert [worth.percent for worth in worths] == [None, None, None]
    assert all(worth.points > 59 for worth in worths)


def test_without_a_range_or_a_criterion_on_prices_nothing_is_drawn(draft: Tender, buyer: User) -> None:
    quality = {**documents.criteria()[1], "weight": "90"}

    assert curve_of(draft, buyer, plausible_prices=None) is None
    assert curve_of(draft, buyer, criteria=[quality, documents.criteria()[2]]) is None


def test_small_numbers_of_points_keep_three_digits() -> None:
    assert significant(Fraction(1, 3000)) == "0.000333"
    assert significant(Fraction(5, 2)) == "2.50"
    assert significant(Fraction(0)) == "0.00"
    assert significant(None) == ""


def test_the_page_of_a_procedure_draws_the_curve_or_says_what_it_waits_for(
    client: Client, draft: Tender, buyer: User
) -> None:
    client.force_login(buyer)
    address = reverse("tenders:tender", args=[draft.pk])

    assert "which prices are plausible" in client.get(address).content.decode()
    drawn(draft, buyer)
    page = client.get(address).content.decode()

    assert "<polyline" in page
    assert "€3,658.54" in page
    assert "0.000600" in page
