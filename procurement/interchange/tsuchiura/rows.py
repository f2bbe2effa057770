"""The columns read of the file, what the city's codes mean, and yen as written."""

import re
from datetime import date, datetime

from procurement.interchange.csv_files import Row

COLUMNS = (
    "pid",
    "date",
    "reserveprice",
    "minprice",
    "uneditedbidder",
    "bid",
    "bidresult",
    "bidresult_details",
    "winner",
)
LOST, WON, WON_BY_LOT, DISQUALIFIED = "1", "2", "3", "4"  # `bidresult`
RESULTS = {LOST, WON, WON_BY_LOT, DISQUALIFIED}
YEN = re.compile(r"[1-9][0-9]{0,12}")  # whole yen, as the archive takes them: under 90 million million


def yen(text: str) -> int | None:
    """A price as written; None for anything but a whole number of yen from 1 on."""
    return int(text) if YEN.fullmatch(text.strip()) else None


def day(text: str) -> date | None:
    """A day written `20070607`; None for anything else."""
    try:
        return datetime.strptime(text.strip(), "%Y%m%d").date()  # noqa: DTZ007 – a day has no time zone
    except ValueError:
        return None


def bidder(row: Row) -> str:
    """The bidder's name as written, apart from spaces and capitals.

    The edited names of the source are not read: they give one name to different firms that bid against each other.
    """
    return " ".join(row["uneditedbidder"].split()).casefold()
