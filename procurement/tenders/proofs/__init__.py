"""Proof documents of bids: looked into before they are kept, kept under their hash, shown with what they prove."""
