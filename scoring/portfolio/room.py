"""The room of one winner, by the engine: by how many cents it could raise its price and still win.

Raising one's price never helps, under any formula and any measure, so the prices that win have an end, which is found
by halving:

- the evaluated price rises with the price: every measure on it multiplies it by a factor above 0 (specification 2);
- a bid's own points of price fall, or stay, as its evaluated price rises, and those of the others rise, or stay:
  `lowest_ratio` and `squared_ratio` are (Pmin/P) and its square, `linear_lowest` is 2 − P/Pmin, `high_low`
  1 − (P−Pmin)/(Pmax−Pmin) and 1 for all when all are equal, `mean_bounded` 1 − P/(2·Pmean), where P/Pmean rises with
  the own price and falls with another one; `absolute_linear` reads no other price;
- marks, bonuses, their cap, exclusions and the conditions of measures read no price of the bid;
- totals are scaled by factors of at least 0, rounding keeps the order, and `lower_price` breaks ties for the cheaper
  bid. A right to match and a cash-back name no winner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from scoring.case import Case
from scoring.evaluate import winner_of
from scoring.policy import Policy
from scoring.portfolio.rows import LARGEST, case_of
from scoring.portfolio.sweep import Study

DEAREST = LARGEST * 100  # cents: the end of an archive's prices; whoever wins there has room without end


@dataclass(frozen=True, slots=True)
class Room:
    """By how many cents the winner of a lot could raise its price and still win; None = up to any price."""

    with_policy: int | None
    without: int | None

    @property
    def rent(self) -> int | None:
        """What the policy adds to the room; None where there is no end to one of them."""
        return None if self.with_policy is None or self.without is None else self.with_policy - self.without


def room(study: Study, lot: int, winner: int, policy: Policy) -> Room:
    """The room of a lot's winner under a policy, and what it has without any: 0 when it does not win then."""
    place = winner - int(study.snapshot.offsets[lot])
    case = case_of(study.snapshot, lot, policy, local_area=study.local_area)
    return Room(last_raise(case, place), last_raise(case_of(study.snapshot, lot, None), place))


def last_raise(case: Case, place: int) -> int | None:
    """The most cents by which the bid at a place could raise its price and win; 0 when it does not win as it is."""
    price = case.bids[place].price
    assert price is not None
    wins, loses = 0, DEAREST - int(price * 100)
    if not still_wins(case, place, wins):
        return 0
    if still_wins(case, place, loses):
        return None
    while loses - wins > 1:
        middle = (wins + loses) // 2
        if still_wins(case, place, middle):
            wins = middle
        else:
            loses = middle
    return wins


def still_wins(case: Case, place: int, cents: int) -> bool:
    """Whether the bid at a place wins with a price, and a cost, so much higher."""
    bids = list(case.bids)
    own, more = bids[place], Fraction(cents, 100)
    assert own.price is not None
    bids[place] = replace(own, price=own.price + more, cost=None if own.cost is None else own.cost + more)
    winner = winner_of(replace(case, bids=tuple(bids)))
    return winner is not None and winner.id == own.id
