"""The columns read of the two files; the others of a row only tell whether it stands above, cell for cell."""

BID_COLUMNS = (
    "contract",
    "bidder.name",
    "status",
    "bidder.country",
    "evaluated.price.currency",
    "evaluated.price.amount",
    "evaluated.price.raw",
)
CONTRACT_COLUMNS = ("contract", "contract.country")
