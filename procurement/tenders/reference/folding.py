"""How words are compared: without capitals, accents, kinds of apostrophe or number of spaces."""

import unicodedata


def folded(text: str) -> str:
    """``text`` in small letters without accents, apostrophes and spaces all alike."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("`", "'"))
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(bare.casefold().split())
