"""An estimate as a table to download, headed by its status, its risks and the hashes it rests on."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from procurement.cashback.models import Estimate
from procurement.cashback.presentation import RISKS, left_out, lines
from procurement.evaluation.exports.csv_tables import Cell

Line = list[Cell]


def table(estimate: Estimate, *, stale: bool) -> Iterator[Line]:
    """A finished estimate: head, empty line, one line per awarded lot, total, what was left out."""
    result = estimate.result
    assert result is not None
    yield from _head(estimate, stale)
    yield [_("Software version"), result["software"]]
    yield [_("Currency"), result["currency"]]
    yield []
    yield from _lots(result)
    for out in left_out(result):
        yield [out["lot"], out["title"], out["awarded_on"], out["sentence"]]


def _head(estimate: Estimate, stale: bool) -> Iterator[Line]:
    yield [_("Status"), _("Proposal: simulation only")]
    yield [_("Risks"), str(RISKS)]
    yield [_("Hospital"), str(estimate.hospital)]
    yield [_("Year of award"), estimate.year]
    yield [_("Policy"), str(estimate.policy_version)]
    yield [_("Cash-back scheme"), str(estimate.scheme_version or estimate.policy_version)]
    yield [_("Computed"), estimate.finished_at]
    yield [_("Stale"), _("yes") if stale else _("no")]
    yield [_("SHA-256 of the rules"), estimate.rules_sha256]
    yield [_("SHA-256 of the data"), estimate.data_sha256]
    yield [_("SHA-256 of the result"), estimate.result_sha256]


def _lots(result: dict[str, Any]) -> Iterator[Line]:
    yield [
        _("Lot"),
        _("Title"),
        _("Awarded on"),
        _("Price of the contract"),
        _("Part bought by the hospital"),
        _("European share"),
        _("Environmental quality"),
        _("Rate"),
        _("Before the caps"),
        _("Cash-back"),
        _("Why no cash-back"),
    ]
    for line in lines(result):
        numbers = (line[name] for name in ("price", "hospital_price", "european_share", "environment", "rate"))
        amounts = (line["before_caps"], line["amount"])
        yield [line["lot"], line["title"], line["awarded_on"], *numbers, *amounts, str(line["nothing_because"])]
    totals = {name: Decimal(total) for name, total in result["totals"].items()}
    yield [
        _("Total"),
        None,
        None,
        None,
        totals["hospital_price"],
        None,
        None,
        None,
        totals["before_caps"],
        totals["amount"],
    ]
