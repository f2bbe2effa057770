"""From the two files to past contracts, with the fate of every row. The rules stand in docs/archive-worldbank.md."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from procurement.interchange import csv_files
from procurement.interchange.csv_files import Row
from procurement.interchange.fates import KEPT, MERGED, REFUSED, Fates
from procurement.interchange.worldbank.countries import alpha2
from procurement.interchange.worldbank.prices import Price, Unusable, evaluated_price
from procurement.interchange.worldbank.rows import BID_COLUMNS, CONTRACT_COLUMNS
from procurement.simulation.models import ArchiveCase
from procurement.simulation.reading import LONGEST_KEY, ArchiveReading, PastContract

SOURCE = "worldbank"
BIDS, CONTRACTS = "bids", "contracts"
TOO_FAR_APART = 100


@dataclass(frozen=True, slots=True)
class Offer:
    """A bid that has not been refused; `price` is None for a bid the World Bank rejected."""

    row: Row
    bidder: str
    country: str
    price: Price | None

    @property
    def awarded(self) -> bool:
        return self.row["status"] == "Awarded"


def read(*, bids: Path, contracts: Path) -> ArchiveReading:
    """Read both files. Raises UnreadableFile; after that every row is kept, merged or refused, never guessed."""
    bid_rows, bid_bytes = csv_files.read(bids, BID_COLUMNS)
    contract_rows, contract_bytes = csv_files.read(contracts, CONTRACT_COLUMNS)
    fates = Fates()
    by_contract = _bids_by_contract(bid_rows, fates)
    countries = _countries(contract_rows, set(by_contract), fates)
    past = [
        contract
        for key, offered in sorted(by_contract.items())
        if (contract := _past_contract(key, countries.get(key), offered, fates))
    ]
    return ArchiveReading(SOURCE, csv_files.digest(bid_bytes, contract_bytes), fates.in_order(), tuple(past))


def _countries(contract_rows: Iterable[Row], wanted: set[str], fates: Fates) -> dict[str, str]:
    """The country of each contract that has bids; "" where it is a region or unknown."""
    found: dict[str, str] = {}
    for row in contract_rows:
        key = row["contract"].strip()
        if not _named(key):
            fates.end(CONTRACTS, row, REFUSED, "no-contract-name")
        elif key not in wanted:
            fates.end(CONTRACTS, row, REFUSED, "no-bids")
        elif key in found:
            fates.end(CONTRACTS, row, MERGED, "contract-described-above")
        else:
            found[key] = alpha2(row["contract.country"])
            fates.end(CONTRACTS, row, KEPT)
    return found


def _bids_by_contract(bid_rows: Iterable[Row], fates: Fates) -> dict[str, list[Row]]:
    seen: set[tuple[str, ...]] = set()
    by_contract: dict[str, list[Row]] = defaultdict(list)
    for row in bid_rows:
        if not _named(row["contract"].strip()):
            fates.end(BIDS, row, REFUSED, "no-contract-name")
            continue
        by_contract[row["contract"].strip()]  # a contract is known even when each of its rows is refused
        if row.whole() in seen:
            fates.end(BIDS, row, MERGED, "exact-duplicate")
            continue
        seen.add(row.whole())
        if not row["bidder.name"].strip():
            fates.end(BIDS, row, REFUSED, "no-bidder-name")
        elif row["status"] not in {"Awarded", "Evaluated", "Rejected"}:
            fates.end(BIDS, row, REFUSED, "unknown-status")
        else:
            by_contract[row["contract"].strip()].append(row)
    return by_contract


def _named(contract: str) -> bool:
    return 0 < len(contract) <= LONGEST_KEY


def _past_contract(key: str, country: str | None, offered: list[Row], fates: Fates) -> PastContract | None:
    """The contract as a case when its bids can be compared; else its rows are refused with the reason."""
    offers = _evaluated(offered, fates)
    reason = _why_not_comparable(offers)
    if country is None or reason:
        _refuse(offered, reason if country is not None else "no-contract", fates)
        return None
    offers += _rejected(offered, {offer.bidder for offer in offers}, fates)
    for offer in offers:
        fates.end(BIDS, offer.row, KEPT)
    return _document(key, country, sorted(offers, key=lambda offer: offer.row.number))


def _refuse(offered: list[Row], reason: str, fates: Fates) -> None:
    for row in offered:
        fates.end(BIDS, row, REFUSED, reason)


def _evaluated(offered: list[Row], fates: Fates) -> list[Offer]:
    """The bids with a usable evaluated price; the same bidder at the same price counts once, awarded first."""
    offers: dict[tuple[str, Price], Offer] = {}
    for row in sorted(offered, key=lambda row: (row["status"] != "Awarded", row.number)):
        if row["status"] == "Rejected":
            continue
        try:
            price = evaluated_price(
                raw=row["evaluated.price.raw"],
                currency=row["evaluated.price.currency"],
                amount=row["evaluated.price.amount"],
            )
        except Unusable as refusal:
            fates.end(BIDS, row, REFUSED, str(refusal))
            continue
        bidder = _bidder(row)
        if (bidder, price) in offers:
            fates.end(BIDS, row, MERGED, "same-bid-again")
        else:
            offers[bidder, price] = Offer(row, bidder, alpha2(row["bidder.country"]), price)
    return list(offers.values())


def _why_not_comparable(offers: list[Offer]) -> str:
    """A key of `simulation.reasons`, or "" when the contract can be compared."""
    prices = [offer.price for offer in offers if offer.price]
    if len({offer.bidder for offer in offers}) < len(offers):
        return "contract-with-a-bidder-at-two-prices"
    if len(offers) < 2:
        return "contract-with-fewer-than-two-bids"
    if len({price.currency for price in prices}) > 1:
        return "contract-in-several-currencies"
    amounts = [price.amount for price in prices]
    if max(amounts) > TOO_FAR_APART * min(amounts):
        return "contract-with-prices-100-times-apart"
    return ""


def _rejected(offered: list[Row], evaluated: set[str], fates: Fates) -> list[Offer]:
    """The rejected bidders, once each, without those that also have an evaluated bid."""
    rejected: dict[str, Offer] = {}
    for row in offered:
        if row["status"] != "Rejected":
            continue
        bidder = _bidder(row)
        if bidder in evaluated:
            fates.end(BIDS, row, MERGED, "rejected-and-evaluated")
        elif bidder in rejected:
            fates.end(BIDS, row, MERGED, "same-bid-again")
        else:
            rejected[bidder] = Offer(row, bidder, alpha2(row["bidder.country"]), None)
    return list(rejected.values())


def _bidder(row: Row) -> str:
    """The bidder's name as written, apart from spaces and capitals: nothing else is taken for the same bidder."""
    return " ".join(row["bidder.name"].split()).casefold()


def _document(key: str, country: str, offers: list[Offer]) -> PastContract:
    admissible = [offer for offer in offers if offer.price]
    known = [offer.country for offer in admissible]
    domestic = [code == country for code in known]
    awarded = [f"r{offer.row.number}" for offer in admissible if offer.awarded]
    return PastContract(
        key=key,
        country=country,
        origin=ArchiveCase.Origin.BIDDERS,
        domestic_and_foreign=bool(country) and all(known) and any(domestic) and not all(domestic),
        awarded_bid=awarded[0] if len(awarded) == 1 else "",
        document={
            "schema": "bareme-case/1",
            "tender": {"id": key, "currency": admissible[0].price.currency if admissible[0].price else ""},
            "criteria": [
                {"id": "price", "title": "Price", "kind": "price", "weight": "100", "formula": "lowest_ratio"}
            ],
            "bids": [_bid(offer) for offer in offers],
            "policy": None,
        },
    )


def _bid(offer: Offer) -> dict[str, Any]:
    name = " ".join(offer.row["bidder.name"].split())
    bid: dict[str, Any] = {
        "id": f"r{offer.row.number}",
        "supplier": {"name": name, "country": offer.country or None},
        "status": "admissible" if offer.price else "excluded",
    }
    if offer.price:
        return {**bid, "price": format(offer.price.amount, "f")}
    return {**bid, "exclusion_reason": "rejected by the World Bank's borrower"}
