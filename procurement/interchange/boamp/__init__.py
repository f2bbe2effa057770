"""Award criteria with their weights as French buyers published them, January to March 2021.

One CSV file, a row per criterion (columns in `notices.py`), extracted from notices of the BOAMP: data of the DILA,
Licence Ouverte 2.0. Rules and counts stand in docs/reference-grids.md.
"""
