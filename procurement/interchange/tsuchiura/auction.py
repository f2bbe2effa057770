"""One auction: the bids the city took, those it disqualified, the one that won; and when it cannot be used."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from procurement.interchange.csv_files import Row
from procurement.interchange.tsuchiura.rows import DISQUALIFIED, WON, WON_BY_LOT, day, yen
from procurement.simulation.models import ArchiveCase
from procurement.simulation.reading import PastContract


class Unusable(Exception):
    """The auction cannot be used; the message is a key of `simulation.reasons`."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A bid; `price` is in yen, None where the city disqualified a bid and the source gives no price."""

    row: Row
    bidder: str
    price: int | None

    @property
    def id(self) -> str:
        return f"r{self.row.number}"

    @property
    def result(self) -> str:
        return self.row["bidresult"].strip()

    @property
    def taken(self) -> bool:
        """Whether the city took the bid into account."""
        return self.result != DISQUALIFIED

    @property
    def won(self) -> bool:
        return self.result in {WON, WON_BY_LOT}


@dataclass(frozen=True, slots=True)
class Auction:
    """An auction whose rows agree. `reserve` and `minimum` are in yen; `minimum` is None where the city set none."""

    key: str
    held_on: date
    reserve: int
    minimum: int | None
    offers: tuple[Offer, ...]

    def past_contract(self) -> PastContract:
        """The auction as a case: the price alone counts, and who is disqualified is excluded with the reason."""
        return PastContract(
            key=self.key,
            country="JP",
            origin=ArchiveCase.Origin.UNKNOWN,
            domestic_and_foreign=False,
            awarded_bid=next(offer.id for offer in self.offers if offer.won),
            awarded_on=self.held_on,
            document={
                "schema": "bareme-case/1",
                "tender": {"id": self.key, "currency": "JPY", "estimated_value": str(self.reserve)},
                "criteria": [
                    {"id": "price", "title": "Price", "kind": "price", "weight": "100", "formula": "lowest_ratio"}
                ],
                "bids": [self._bid(offer) for offer in self.offers],
                "policy": None,
            },
        )

    def _bid(self, offer: Offer) -> dict[str, Any]:
        bid: dict[str, Any] = {
            "id": offer.id,
            "supplier": {"name": " ".join(offer.row["uneditedbidder"].split()), "country": None},
            "status": "admissible" if offer.taken else "excluded",
        }
        if offer.price is not None:
            bid["price"] = str(offer.price)
        return bid if offer.taken else {**bid, "exclusion_reason": self._why_excluded(offer)}

    def _why_excluded(self, offer: Offer) -> str:
        if offer.price is not None and self.minimum is not None and offer.price < self.minimum:
            return f"below the minimum price of the auction, {self.minimum:,} JPY"
        words = " ".join(offer.row["bidresult_details"].split())
        return f"disqualified by the city: {words}" if words else "disqualified by the city, which gives no reason"


def auction_of(key: str, offers: list[Offer]) -> Auction:
    """The auction its rows describe. Raises Unusable when they contradict each other or name no winner."""
    auction = _described(key, offers)
    taken = [offer for offer in offers if offer.taken]
    if any(offer.row["winner"].strip() != str(int(offer.won)) for offer in offers):
        raise Unusable("result-disagrees")
    if any(_outside(offer, auction) for offer in taken):
        raise Unusable("auction-with-a-bid-outside-its-limits")
    if len({offer.bidder for offer in taken}) < len(taken):
        raise Unusable("contract-with-a-bidder-at-two-prices")
    winners = sum(offer.won for offer in offers)
    if winners != 1:
        raise Unusable("auction-with-several-winners" if winners else "auction-without-winner")
    return auction


def _described(key: str, offers: list[Offer]) -> Auction:
    said = {tuple(offer.row[column].strip() for column in ("date", "reserveprice", "minprice")) for offer in offers}
    if len(said) > 1:
        raise Unusable("auction-described-in-two-ways")
    held, reserve, minimum = said.pop()
    held_on, reserve_yen, minimum_yen = day(held), yen(reserve), yen(minimum)
    if held_on is None or reserve_yen is None or (minimum and minimum_yen is None):
        raise Unusable("auction-without-day-or-limits")
    return Auction(key, held_on, reserve_yen, minimum_yen, tuple(sorted(offers, key=lambda offer: offer.row.number)))


def _outside(offer: Offer, auction: Auction) -> bool:
    """Whether a bid the city took lies above the reserve price or below the minimum price."""
    assert offer.price is not None
    return offer.price > auction.reserve or (auction.minimum is not None and offer.price < auction.minimum)
