"""When a measure or a cash-back applies, one condition a line."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.utils.translation import gettext as _

from procurement.people.templatetags import reading
from procurement.policies.presentation.numbers import number, percent
from scoring.drivers import Driver
from scoring.predicates import Predicate

Areas = Mapping[str, str]


def sentences(when: Predicate, areas: Areas) -> list[str]:
    """What must hold, all of it; empty = always. ``areas``: those of the policy in words, by key."""
    return [*_of_the_tender(when), *_of_the_bid(when, areas)]


def driver_name(driver: Driver, areas: Areas) -> str:
    """What a driver is called in a sentence."""
    if driver.text == "european_share":
        return _("European share (goods originating in “%(area)s”)") % {"area": areas.get(driver.name, driver.name)}
    if driver.kind == "share":
        return _("share of goods originating in “%(area)s”") % {"area": areas.get(driver.name, driver.name)}
    if driver.kind == "mark":
        return _("mark on %(criterion)s") % {"criterion": driver.name}
    return _("environmental quality") if driver.kind == "environment" else _("the same for every bid")


def _of_the_tender(when: Predicate) -> Iterator[str]:
    if when.launched_from:
        yield _("procedure launched from %(day)s") % {"day": _day(when.launched_from)}
    if when.launched_until:
        yield _("procedure launched until %(day)s") % {"day": _day(when.launched_until)}
    if when.cpv_from:
        yield _("CPV code from %(code)s") % {"code": when.cpv_from}
    if when.cpv_to:
        yield _("CPV code up to %(code)s") % {"code": when.cpv_to}
    if when.estimated_value_from is not None:
        yield _("estimated value from %(value)s, VAT excluded") % {"value": number(when.estimated_value_from)}


def _of_the_bid(when: Predicate, areas: Areas) -> Iterator[str]:
    if when.supplier_in:
        yield _("tenderer originating in “%(area)s”") % {"area": areas.get(when.supplier_in, when.supplier_in)}
    if when.supplier_not_in:
        area = areas.get(when.supplier_not_in, when.supplier_not_in)
        yield _("tenderer of known origin outside “%(area)s”") % {"area": area}
    if when.driver_below:
        driver, limit = when.driver_below
        yield _("%(driver)s below %(limit)s") % {"driver": driver_name(driver, areas), "limit": percent(limit)}
    if when.driver_from:
        driver, limit = when.driver_from
        yield _("%(driver)s of %(limit)s or more") % {"driver": driver_name(driver, areas), "limit": percent(limit)}


def _day(day: date) -> str:
    return reading.day(day)
