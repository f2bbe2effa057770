"""The check of a method before publication: invented bids under the rules of a draft, and what the rules do to them."""
