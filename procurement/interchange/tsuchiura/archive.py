"""From the file of bids to past auctions, with the fate of every row. The rules stand in docs/archive-tsuchiura.md."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from procurement.interchange import csv_files
from procurement.interchange.csv_files import Row
from procurement.interchange.fates import KEPT, MERGED, REFUSED, Fates
from procurement.interchange.tsuchiura.auction import Auction, Offer, Unusable, auction_of
from procurement.interchange.tsuchiura.rows import COLUMNS, DISQUALIFIED, RESULTS, bidder, yen
from procurement.simulation.reading import LONGEST_KEY, ArchiveReading, PastContract

SOURCE = "tsuchiura"
BIDS = "bids"


def read(*, bids: Path) -> ArchiveReading:
    """Read the file. Raises UnreadableFile; after that every row is kept, merged or refused, never guessed."""
    rows, content = csv_files.read(bids, COLUMNS)
    fates = Fates()
    past = [
        contract
        for key, offered in sorted(_by_auction(rows, fates).items())
        if (contract := _past_contract(key, offered, fates))
    ]
    return ArchiveReading(SOURCE, csv_files.digest(content), fates.in_order(), tuple(past))


def _by_auction(rows: Iterable[Row], fates: Fates) -> dict[str, list[Offer]]:
    """The usable bids of each auction, whose rows need not stand together."""
    seen: set[tuple[str, ...]] = set()
    auctions: dict[str, list[Offer]] = defaultdict(list)
    for row in rows:
        if row.whole() in seen:
            fates.end(BIDS, row, MERGED, "exact-duplicate")
            continue
        seen.add(row.whole())
        if reason := _why_unusable(row):
            fates.end(BIDS, row, REFUSED, reason)
        else:
            price = yen(row["bid"]) if row["bid"].strip() else None
            auctions[row["pid"].strip()].append(Offer(row, bidder(row), price))
    return auctions


def _why_unusable(row: Row) -> str:
    """A key of `simulation.reasons`, or "" for a bid that can be read."""
    if not 0 < len(row["pid"].strip()) <= LONGEST_KEY:
        return "no-contract-name"
    if not bidder(row):
        return "no-bidder-name"
    if row["bidresult"].strip() not in RESULTS:
        return "unknown-result"
    if not row["bid"].strip():
        return "" if row["bidresult"].strip() == DISQUALIFIED else "no-price"
    return "" if yen(row["bid"]) else "not-whole-yen"


def _past_contract(key: str, offered: list[Offer], fates: Fates) -> PastContract | None:
    """The auction as a case; None when the source contradicts itself or names no winner, and its rows are refused."""
    offers = _once_each(offered, fates)
    try:
        auction: Auction = auction_of(key, offers)
    except Unusable as refusal:
        for offer in offered:
            fates.end(BIDS, offer.row, REFUSED, str(refusal))
        return None
    for offer in offers:
        fates.end(BIDS, offer.row, KEPT)
    return auction.past_contract()


def _once_each(offered: list[Offer], fates: Fates) -> list[Offer]:
    """The bids without those of the same bidder, price and result as one above."""
    once: dict[tuple[str, int | None, str], Offer] = {}
    for offer in offered:
        key = (offer.bidder, offer.price, offer.result)
        if key in once:
            fates.end(BIDS, offer.row, MERGED, "same-bid-again")
        else:
            once[key] = offer
    return list(once.values())
