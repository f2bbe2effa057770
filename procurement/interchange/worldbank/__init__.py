"""World Bank contract awards: every bidder of a financed contract, with nationality, status and evaluated price.

Two CSV files, bids and contracts, joined by the contract's address (columns in `rows.py`). Open data of the
World Bank (CC BY 4.0). Origin is the nationality of the bidder, never that of the goods; there are no quality marks.
"""
