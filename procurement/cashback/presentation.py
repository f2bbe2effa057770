"""What the page and the export of an estimate say: its lines, what was left out and why, the risks."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from procurement.cashback.computation import Nothing, Reason
from procurement.policies.presentation.numbers import decimal

RISKS = _(
    "Simulation of a proposed scheme, nothing in force pays it; legal risks to settle first: GPA art. IV equal "
    "treatment, free movement of goods (CJEU 249/81 “Buy Irish”), state aid if it reaches suppliers; static: bids are "
    "taken as unchanged."
)
LEFT_OUT: dict[str, Promise] = {
    Reason.EXCLUDED: _("The awarded bid is excluded under this policy (%(place)s)."),
    Reason.CASE_DOES_NOT_FIT: _("The case does not fit this policy, at %(place)s."),
    Reason.OTHER_CURRENCY: _("The prices are in %(place)s and the scheme counts in euros."),
    Reason.NO_UNIT_PRICES: _("The awarded bid has no price by item: its value cannot be shared between beneficiaries."),
    Reason.NEEDS_CHANGED: _("The needs of %(place)s are no longer those the bids were compared on."),
}
NOTHING_BECAUSE: dict[str, Promise] = {
    Nothing.OUTSIDE_CONDITIONS: _("outside the scheme's conditions"),
    Nothing.BELOW_MINIMUM_CONTRACT: _("contract too small"),
    Nothing.BELOW_FIRST_TIER: _("European share below the first tier"),
}


def lines(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The awarded lots of a result, numbers as decimals."""
    return [
        {
            **line,
            **{name: Decimal(line[name]) for name in NUMBERS},
            "awarded_on": date.fromisoformat(line["awarded_on"]),
            "rate": decimal(Fraction(line["rate"])),
            "hospital_share": decimal(Fraction(line["hospital_share"])),
            "nothing_because": NOTHING_BECAUSE.get(line["nothing_because"], ""),
        }
        for line in result["lots"]
    ]


def left_out(result: dict[str, Any]) -> list[dict[str, str]]:
    """The awarded lots that could not be estimated, each with the sentence that says why."""
    return [
        {**line, "sentence": str(LEFT_OUT[line["reason"]]) % {"place": line["place"]}} for line in result["left_out"]
    ]


NUMBERS = ("price", "hospital_price", "european_share", "environment", "before_caps", "amount")
