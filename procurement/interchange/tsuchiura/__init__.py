"""Municipal auctions of public works in Tsuchiura, Japan, 2007–2015: every bid, with reserve and minimum price.

One CSV file, a row per bid (columns in `rows.py`), collected by S. Chassang and co-authors for their work on missing
bids (MIT licence). Prices are whole yen. Of where bidders or goods come from it says nothing; there are no marks.
"""
