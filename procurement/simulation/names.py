"""What past lots are called on pages."""


def short(key: str) -> str:
    """The key of a lot as a table shows it: of a web address the last part, of anything else the whole."""
    return key.rstrip("/").rpartition("/")[2] if "://" in key else key
