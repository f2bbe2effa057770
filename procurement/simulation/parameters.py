"""What of a policy a simulation can vary, by its place in the document, with the name and the unit people know it by.

Every amount of every measure that changes a ranking, the cap of the bonuses, and the rates and limits of the cash-back
scheme. An obligation during the contract (`execution_cap`) changes no ranking and is left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from procurement.fields import plain
from procurement.people.figures import PERCENT
from procurement.people.templatetags.reading import points
from procurement.policies.presentation.areas import names_of
from procurement.policies.presentation.conditions import driver_name
from procurement.policies.presentation.measures import TITLES
from procurement.policies.presentation.numbers import percent
from procurement.policies.seeded_texts import INDICATORS
from scoring.policy import Measure, Policy
from scoring.policy_reading import read_policy

Unit = Literal["points", "percent", "money"]
UNITS = {
    "points": pgettext_lazy("unit", "points"),
    "percent": pgettext_lazy("unit", "%"),
    "money": pgettext_lazy("unit", "currency of the contract"),
}
SCHEME_LIMITS: dict[str, tuple[Any, Unit]] = {
    "environment_multiplier": (gettext_lazy("Cash-back: supplement for the environment"), "percent"),
    "minimum_contract": (gettext_lazy("Cash-back: smallest contract"), "money"),
    "cap_per_contract": (gettext_lazy("Cash-back: cap of a contract"), "money"),
    "cap_per_hospital_year": (gettext_lazy("Cash-back: cap of a hospital’s year"), "money"),
    "envelope_year": (gettext_lazy("Cash-back: national envelope of a year"), "money"),
}
WITHOUT_EFFECT = {"execution_cap"}  # kinds of measures that rank nobody otherwise


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of a policy document. `today` is as the document writes it, None where it has none (no cap)."""

    path: str
    name: str
    unit: Unit
    today: str | None

    def shown(self, written: str) -> str:
        """A value of the document as the reader reads it: `0.05` is `5 %` of a rate and `5` of an amount of points."""
        number = points(plain(self.typed(written)))
        if self.unit != "percent":
            return number
        return f"{number}%" if get_language() == "en" else f"{number}\N{NARROW NO-BREAK SPACE}%"

    def told(self, written: str) -> str:
        """The name with a value in its unit, where neither heading nor column says it: `Bonus for …: 5 points`."""
        value = self.shown(written)
        if self.unit == "points":
            value = ngettext("%(number)s point", "%(number)s points", _plural(self.typed(written))) % {"number": value}
        return _("%(name)s: %(value)s") % {"name": self.name, "value": value}

    def typed(self, written: str) -> Decimal:
        """A value of the document as people type it: rates in percent."""
        return Decimal(written).scaleb(2 if self.unit == "percent" else 0)

    def written(self, typed: str) -> str:
        """What people typed, a plain decimal, as the document writes it. Raises ValidationError beyond 12 decimals."""
        return plain(Decimal(typed).scaleb(-2 if self.unit == "percent" else 0))

    @property
    def sign(self) -> str:
        """What may be typed behind a value, as `read_figure` takes it; amounts are in the currency of each contract."""
        return PERCENT if self.unit == "percent" else ""

    @property
    def heading(self) -> str:
        """The name with its unit, at the head of a column or of a slider."""
        return f"{self.name} ({UNITS[self.unit]})"

    @property
    def today_shown(self) -> str:
        """Today's value as the reader reads it."""
        return _("none") if self.today is None else self.shown(self.today)

    @property
    def today_typed(self) -> str:
        """Today's value as a plain decimal, rates in percent; empty where there is none."""
        return "" if self.today is None else plain(self.typed(self.today))

    @property
    def choice(self) -> str:
        """The name with today's value, in a list to choose from."""
        return _("%(name)s – %(value)s today") % {"name": self.name, "value": self.today_shown}


def parameters(document: Mapping[str, Any]) -> dict[str, Parameter]:
    """What can be varied in a policy document, by path, in its order. The document is a valid one."""
    policy = read_policy(document)
    return {each.path: each for each in (*_of_measures(policy), *_cap(document), *_of_scheme(document))}


def _plural(number: Decimal) -> int:
    """What decides on the plural: both languages say "1.5 points" in the plural or leave it to the whole part."""
    whole = int(abs(number))
    return whole if get_language() != "en" or number == whole else whole + 2


def carbon_indicators(document: Mapping[str, Any], measured: Iterable[str]) -> list[str]:
    """The indicators whose evidence may be kilograms of CO2e: of a policy document, and those `measured` in an archive.

    Those of the seeds are ratios.
    """
    numbers = [each["id"] for each in document["indicators"] if each["kind"] == "number"]
    return [each for each in dict.fromkeys([*numbers, *measured]) if each not in INDICATORS]


def measure_name(measure: Measure, policy: Policy) -> str:
    """What people call a measure of a policy; with its id where the policy has several of that name."""
    areas = names_of(policy.areas)
    name = _measure(measure, areas)
    doubled = sum(_measure(each, areas) == name for each in policy.measures) > 1
    return f"{name} ({measure.id})" if doubled else name


def _of_measures(policy: Policy) -> Iterator[Parameter]:
    return (
        Parameter(
            path=f"measures.{measure.id}.amount",
            name=measure_name(measure, policy),
            unit="points" if measure.kind == "add_points" else "percent",
            today=measure.amount_written,
        )
        for measure in policy.measures
        if measure.amount is not None and measure.kind not in WITHOUT_EFFECT
    )


def _measure(measure: Measure, areas: Mapping[str, str]) -> str:
    title, driver = str(TITLES[measure.kind]), measure.driver
    if driver is None or driver.kind == "one":
        return title
    short = driver.text == "european_share"
    what = pgettext("what a bonus is for", "European share") if short else driver_name(driver, areas)
    if measure.kind == "add_points":
        return _("Bonus for %(what)s") % {"what": what}
    return _("%(measure)s: %(what)s") % {"measure": title, "what": what}


def _cap(document: Mapping[str, Any]) -> Iterator[Parameter]:
    if "bonus_cap" in document:
        yield Parameter("bonus_cap", _("Cap of the bonuses"), "points", document["bonus_cap"])


def _of_scheme(document: Mapping[str, Any]) -> Iterator[Parameter]:
    scheme = document.get("cashback") or {}
    for place, (start, rate) in enumerate(scheme.get("tiers", [])):
        name = _("Cash-back: rate from a European share of %(share)s") % {"share": percent(Fraction(start))}
        yield Parameter(f"cashback.tiers.{place}.1", name, "percent", rate)
    for key, (name, unit) in SCHEME_LIMITS.items():
        if scheme.get(key) is not None:
            yield Parameter(f"cashback.{key}", str(name), unit, scheme[key])
