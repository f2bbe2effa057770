"""The règlement de la consultation on award criteria: what a lot announces besides its rules, in words.

`announcement.announcement_of` makes the document that publication freezes in `Lot.announcement`. It holds the text in
French and in English, whole, so that page, print and file are made of it alone and never change with the code.
"""
