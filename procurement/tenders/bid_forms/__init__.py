"""The forms a received bid is typed in: they build a `documents.BID` and show what is wrong beside its field."""

from procurement.tenders.bid_forms.entry import BidEntry

__all__ = ["BidEntry"]
