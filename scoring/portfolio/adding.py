"""New winners put in the place of those of the baseline: compiled loops over whole numbers.

`winners` are those of the baseline, per lot. Sums are by scenario, and by scenario and currency or account.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from scoring.portfolio.batches import LANES

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]


@njit(cache=True, nogil=True)
def add_up(
    scenarios: Numbers,
    lots: Numbers,
    bids: Numbers,
    winners: Ints,
    currency: Ints,
    account: Ints,
    price: Ints,
    european: Ints,
    cashback: Ints,
    grams: Ints,
    told: NDArray[np.bool_],
    changed: Ints,
    without: Ints,
    carbon: Ints,
    untold: Ints,
    spend: Ints,
    european_value: Ints,
    kept: Ints,
    paid: Ints,
) -> None:
    """Take the baseline's award of each answer out of the sums, and put the new one in."""
    for place in range(len(scenarios)):
        scenario, lot, bid = scenarios[place], lots[place], bids[place]
        before = winners[lot]
        changed[scenario] += 1
        without[scenario] += int(bid < 0) - int(before < 0)
        if before >= 0:
            spend[scenario, currency[lot]] -= price[before]
            european_value[scenario, currency[lot]] -= european[before]
            kept[scenario, currency[lot]] -= cashback[before]
            paid[scenario, account[lot]] -= cashback[before]
        if bid >= 0:
            spend[scenario, currency[lot]] += price[bid]
            european_value[scenario, currency[lot]] += european[bid]
            paid[scenario, account[lot]] += cashback[bid]
        if bid >= 0 and before >= 0 and told[bid] and told[before]:
            carbon[scenario] += grams[bid] - grams[before]
        else:
            untold[scenario] += 1


@njit(cache=True, nogil=True)
def add_up_shared(
    members: Ints,
    lots: Numbers,
    bids: Numbers,
    masks: NDArray[np.uint64],
    winners: Ints,
    currency: Ints,
    account: Ints,
    price: Ints,
    european: Ints,
    cashback: Ints,
    grams: Ints,
    told: NDArray[np.bool_],
    changed: Ints,
    without: Ints,
    carbon: Ints,
    untold: Ints,
    spend: Ints,
    european_value: Ints,
    kept: Ints,
    paid: Ints,
) -> None:
    """The same for answers of several scenarios: the difference of two awards is looked up once for all."""
    counts, money = np.zeros((4, LANES), np.int64), np.zeros((3, spend.shape[1], LANES), np.int64)
    by_account, on = np.zeros((paid.shape[1], LANES), np.int64), np.empty(LANES, np.int64)
    for place in range(len(lots)):
        lot, bid, mask = lots[place], bids[place], masks[place]
        before = winners[lot]
        nobody, value, share, back = int(bid < 0) - int(before < 0), 0, 0, 0
        keeps = -cashback[before] if before >= 0 else 0
        if before >= 0:
            value, share, back = -price[before], -european[before], -cashback[before]
        if bid >= 0:
            value, share, back = value + price[bid], share + european[bid], back + cashback[bid]
        says = bid >= 0 and before >= 0 and told[bid] and told[before]
        carbons = grams[bid] - grams[before] if says else 0
        for lane in range(LANES):
            on[lane] = -np.int64((mask >> np.uint64(lane)) & np.uint64(1))
        own_account, own_currency = by_account[account[lot]], money[:, currency[lot]]
        for lane in range(LANES):
            counts[0, lane] -= on[lane]
            own_account[lane] += on[lane] & back
            own_currency[0, lane] += on[lane] & value
            own_currency[1, lane] += on[lane] & share
            own_currency[2, lane] += on[lane] & keeps
        if nobody or carbons or not says:
            for lane in range(LANES):
                counts[1, lane] += on[lane] & nobody
                counts[2, lane] += on[lane] & carbons
                counts[3, lane] += on[lane] & int(not says)
    for lane in range(len(members)):
        scenario = members[lane]
        changed[scenario] += counts[0, lane]
        without[scenario] += counts[1, lane]
        carbon[scenario] += counts[2, lane]
        untold[scenario] += counts[3, lane]
        spend[scenario] += money[0, :, lane]
        european_value[scenario] += money[1, :, lane]
        kept[scenario] += money[2, :, lane]
        paid[scenario] += by_account[:, lane]
