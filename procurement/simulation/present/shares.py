"""How often bids win over a box: the sentences of the archive, the rows of its lots, the bars of one lot."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from procurement.people.templatetags.reading import points, share
from procurement.simulation.models import Box
from procurement.simulation.names import short
from procurement.simulation.ranges import movable
from scoring.portfolio.sampling_error import error_of

WIDTH = 1000  # of a bar's picture, stretched to the width of the page


@dataclass(frozen=True, slots=True)
class Portion:
    """What became of some samples of a lot: a bid won them, or, without one, nobody did. `width` is that of its bar."""

    bid: str
    supplier: str
    country: str
    price: Any
    wins: int
    share: Decimal
    recorded: bool
    width: int


def error_points(samples: int) -> Decimal:
    """By how many percentage points a share may be off, 19 times out of 20; rounded up to a hundredth."""
    return (Decimal(error_of(samples)) * 100).quantize(Decimal("0.01"), ROUND_UP)


def ranges(box: Box) -> list[dict[str, str]]:
    """Each varied value with its ends, and those that stay as the policy has them, as the reader writes them."""
    moved = {each["path"]: each for each in box.ranges}
    rows = []
    for path, parameter in movable(box.policy_document).items():
        row = {"name": parameter.heading, "today": parameter.today_shown}
        if path in moved:
            row |= {end: parameter.shown(moved[path][end]) for end in ("low", "high")}
        rows.append(row)
    return rows


def sentences(box: Box) -> list[str]:
    """What becomes of the awards of the archive over the box."""
    known = box.result or {}
    steady = ngettext(
        "%(count)s award of %(lots)s stays as it was whatever the values: no sample changes it.",
        "%(count)s awards of %(lots)s stay as they were whatever the values: no sample changes them.",
        known["steady"],
    )
    contested = ngettext(
        "%(count)s depends on the values: some samples give it to one bid, some to another.",
        "%(count)s depend on the values: some samples give them to one bid, some to another.",
        known["contested"],
    )
    overturned = ngettext(
        "%(count)s changes in every sample, always to the same outcome.",
        "%(count)s change in every sample, always to the same outcome.",
        known["overturned"],
    )
    lots = points(str(known["lots"]))
    told = ((steady, "steady"), (contested, "contested"), (overturned, "overturned"))
    return [sentence % {"count": points(str(known[name])), "lots": lots} for sentence, name in told]


def error(box: Box) -> str:
    """How far a share of this box may be from the true one."""
    return _(
        "%(samples)s samples drawn evenly from the ranges, seed %(seed)s. Each sample is exact; the share of a bid is "
        "within %(error)s percentage points of the true one, 19 times out of 20."
    ) % {
        "samples": points(str(box.samples)),
        "seed": box.seed,
        "error": points(error_points(box.samples)),
    }


def certificate(box: Box) -> str:
    """How it is known that every winner of every sample is the one the rules name."""
    known = (box.result or {})["certificate"]
    return _(
        "%(settled)s winners were settled beforehand (one bid at most), %(kernel)s decided by a calculation whose "
        "error is bounded, %(redone)s done again in exact fractions; %(unverified)s unverified."
    ) % {name: points(str(number)) for name, number in known.items()}


def listed(rows: Iterable[dict[str, Any]], box: Box) -> list[dict[str, Any]]:
    """The lots as the table writes them, with `name` and the shares of the recorded award and of the most frequent."""
    return [
        {
            **row,
            "name": short(row["lot"]),
            "own_share": _share(row["own"], box.samples),
            "most_share": _share(row["most_wins"], box.samples),
        }
        for row in rows
    ]


def portions(row: dict[str, Any], bids: list[dict[str, Any]], box: Box) -> list[Portion]:
    """The bids of a lot by how often they win, those that may not win left out; then the samples that nobody wins."""
    places = enumerate(zip(bids, row["wins"], strict=True))
    found = [
        _of_bid(bid, wins, box, recorded=place == row["before_place"])
        for place, (bid, wins) in places
        if bid["admissible"] or wins
    ]
    found.sort(key=lambda each: -each.wins)
    if row["nobody"]:
        nobody = {"id": "", "supplier": "", "country": "", "price": None}
        found.append(_of_bid(nobody, row["nobody"], box, recorded=row["before_place"] is None))
    return found


def verdict(found: list[Portion]) -> str:
    """What the samples say of a lot, in a sentence."""
    first, *others = sorted(found, key=lambda each: -each.wins)
    name = f"{first.supplier} ({first.bid})" if first.bid else _("Nobody")
    if not any(each.wins for each in others):
        return _("%(name)s wins in every sample.") % {"name": name}
    return _("%(name)s wins in %(share)s of the samples.") % {"name": name, "share": share(first.share)}


def _of_bid(bid: dict[str, Any], wins: int, box: Box, *, recorded: bool) -> Portion:
    return Portion(
        bid=bid["id"],
        supplier=bid["supplier"],
        country=bid["country"] or "",
        price=bid["price"],
        wins=wins,
        share=_share(wins, box.samples),
        recorded=recorded,
        width=wins * WIDTH // box.samples,
    )


def _share(wins: int, samples: int) -> Decimal:
    return Decimal(wins) / samples
