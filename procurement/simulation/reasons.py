"""Why a row of a foreign archive was merged or refused: keys kept in the database, sentences for the reader."""

from django.utils.translation import gettext_lazy as _

REASONS = {
    "exact-duplicate": _("the same row stands above, cell for cell"),
    "same-bid-again": _("the same bidder with the same price stands above"),
    "rejected-and-evaluated": _("the bidder also has an evaluated bid on this contract"),
    "contract-described-above": _("the contract is described above"),
    "no-bids": _("the contract has no row in the file of bids"),
    "no-contract": _("the contract is not in the file of contracts"),
    "no-contract-name": _("the contract has no name, or one of more than 300 characters"),
    "no-bidder-name": _("the bidder has no name"),
    "unknown-status": _("the status is none of Awarded, Evaluated, Rejected"),
    "no-evaluated-price": _("the bid has no evaluated price"),
    "currency-without-amount": _("the price is a currency without an amount"),
    "several-prices-in-one-cell": _("the cell holds several prices"),
    "unreadable-price": _("the price is not a currency code followed by an amount"),
    "amount-disagrees": _("the amount column and the price as written disagree"),
    "currency-disagrees": _("the currency column and the price as written disagree"),
    "symbolic-price": _("the price is symbolic: 1 or less"),
    "more-than-two-decimals": _("the price has more than two decimals"),
    "price-too-large": _("the price has more than 18 digits before the point"),
    "contract-with-fewer-than-two-bids": _("fewer than two bids of the contract can be compared"),
    "contract-in-several-currencies": _("the bids of the contract are in several currencies"),
    "contract-with-a-bidder-at-two-prices": _("a bidder of the contract has two different prices"),
    "unknown-result": _("the result is none of 1 lost, 2 won, 3 won by lot, 4 disqualified"),
    "no-price": _("the bid has no price, and was not disqualified"),
    "not-whole-yen": _("the price is not a whole number of yen"),
    "auction-described-in-two-ways": _("the rows of the auction disagree on its day, its reserve or its minimum price"),
    "auction-without-day-or-limits": _("the day, the reserve or the minimum price of the auction cannot be read"),
    "result-disagrees": _("the columns of the result and of the winner disagree in the auction"),
    "auction-with-a-bid-outside-its-limits": _(
        "a bid of the auction was taken although it is above the reserve or below the minimum price"
    ),
    "auction-with-several-winners": _("the auction names several winners"),
    "auction-without-winner": _("the auction names no winner"),
    "contract-with-prices-100-times-apart": _("the highest price of the contract is over 100 times the lowest"),
}
