"""The reference corpus: criteria and weights that other buyers published, to look at while a lot is prepared.

Nothing of it is a rule here: a lot's own criteria are written by its buyer.
"""
