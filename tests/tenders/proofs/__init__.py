"""Proof documents: their files, their life, their pages, their API."""
