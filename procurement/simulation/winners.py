"""Who wins the samples of the lots of a box, bid by bid: for its files and over the API."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from procurement.simulation.models import Box
from procurement.simulation.snapshot_files import archived_bids

DECIMALS = Decimal("0.000001")  # to which a share is said
NOBODY: dict[str, Any] = {"id": None, "supplier": None, "country": None}


@dataclass(frozen=True, slots=True)
class Winner:
    """A bid with the samples of its lot that it won; without `bid`, those that nobody won. Unknown texts are None.

    `recorded`: the lot was awarded so.
    """

    bid: str | None
    supplier: str | None
    country: str | None
    recorded: bool
    wins: int
    share: Decimal


def winners(lots: Sequence[dict[str, Any]], box: Box) -> Iterator[list[Winner]]:
    """Per lot of its file, the bids that win a sample, the most frequent first, and the recorded award in any case.

    Raises Refused when the file of the archive is not on this machine.
    """
    listed = [_places(lot) for lot in lots]
    places = [(lot["number"], place) for lot, found in zip(lots, listed, strict=True) for place in found]
    named = iter(archived_bids(box.snapshot, places))
    for lot, found in zip(lots, listed, strict=True):
        of_lot = [_winner(next(named), place == lot["before_place"], lot["wins"][place], box) for place in found]
        unawarded = lot["before_place"] is None
        if lot["nobody"] or unawarded:
            of_lot.append(_winner(NOBODY, unawarded, lot["nobody"], box))
        yield of_lot


def _places(lot: dict[str, Any]) -> list[int]:
    listed = [place for place, wins in enumerate(lot["wins"]) if wins or place == lot["before_place"]]
    return sorted(listed, key=lambda place: -lot["wins"][place])


def _winner(bid: dict[str, Any], recorded: bool, wins: int, box: Box) -> Winner:
    share = (Decimal(wins) / box.samples).quantize(DECIMALS)
    return Winner(bid["id"], bid["supplier"], bid["country"], recorded, wins, share)
