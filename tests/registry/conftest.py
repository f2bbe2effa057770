"""The procedures of the tests of tenders: suppliers are shown with the bids they made there."""

from tests.tenders.conftest import bid, buyer, draft, hospital, lot, opened, published, stranger, supplier

__all__ = ["bid", "buyer", "draft", "hospital", "lot", "opened", "published", "stranger", "supplier"]
