"""The small grammar the checks are written in: a set of JSON pointers that are wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from .numbers import decimals_written, is_number, number

ISO_3166_1 = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
COUNTRIES = frozenset(ISO_3166_1.split())
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def below(at: str, key: str | int) -> str:
    return f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}"


class Checker:
    """Every method answers the usable value or whether there is one, and notes the pointer when there is not."""

    def __init__(self) -> None:
        self.wrong: set[str] = set()

    def no(self, at: str) -> bool:
        self.wrong.add(at)
        return False

    def members(self, value: Any, at: str, required: Iterable[str], optional: Iterable[str] = ()) -> bool:
        """An object with all of `required`, and nothing beyond these and `optional`."""
        if not isinstance(value, dict):
            return self.no(at)
        required = set(required)
        for key in value.keys() - required - set(optional):
            self.no(below(at, key))
        for key in required - value.keys():
            self.no(below(at, key))
        return True

    def array(self, value: Any, at: str) -> bool:
        return isinstance(value, list) or self.no(at)

    def text(self, value: Any, at: str) -> bool:
        return isinstance(value, str) or self.no(at)

    def id(self, value: Any, at: str) -> bool:
        return (isinstance(value, str) and value != "") or self.no(at)

    def currency(self, value: Any, at: str) -> bool:
        return (isinstance(value, str) and re.fullmatch("[A-Z]{3}", value) is not None) or self.no(at)

    def one_of(self, value: Any, at: str, choices: Iterable[str]) -> bool:
        return (isinstance(value, str) and value in set(choices)) or self.no(at)

    def boolean(self, value: Any, at: str) -> bool:
        return isinstance(value, bool) or self.no(at)

    def integer(self, value: Any, at: str, low: int | None = None, high: int | None = None) -> bool:
        if not isinstance(value, int) or isinstance(value, bool):
            return self.no(at)
        return not ((low is not None and value < low) or (high is not None and value > high)) or self.no(at)

    def number(self, value: Any, at: str, places: int | None = None) -> Fraction | None:
        if not is_number(value) or (places is not None and decimals_written(value) > places):
            self.no(at)
            return None
        return number(value)

    def number_between(self, value: Any, at: str, low: int, high: Fraction) -> Fraction | None:
        exact = self.number(value, at)
        if exact is not None and not low <= exact <= high:
            self.no(at)
            return None
        return exact

    def positive(self, value: Any, at: str, places: int | None = None) -> Fraction | None:
        exact = self.number(value, at, places)
        if exact is not None and exact <= 0:
            self.no(at)
            return None
        return exact

    def not_negative(self, value: Any, at: str, places: int | None = None) -> Fraction | None:
        exact = self.number(value, at, places)
        if exact is not None and exact < 0:
            self.no(at)
            return None
        return exact

    def date(self, value: Any, at: str) -> bool:
        if not isinstance(value, str) or not DATE.fullmatch(value):
            return self.no(at)
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            return self.no(at)
        return True

    def instant(self, value: Any, at: str) -> bool:
        if not isinstance(value, str) or not INSTANT.fullmatch(value):
            return self.no(at)
        try:
            dt.datetime.fromisoformat(value)
        except ValueError:
            return self.no(at)
        return True

    def country(self, value: Any, at: str) -> bool:
        return (isinstance(value, str) and value in COUNTRIES) or self.no(at)

    def cpv(self, value: Any, at: str) -> bool:
        return (isinstance(value, str) and re.fullmatch("[0-9]{8}", value) is not None) or self.no(at)

    def unique_ids(self, items: list[Any], at: str) -> None:
        seen = set()
        for index, item in enumerate(items):
            key = item.get("id") if isinstance(item, dict) else None
            if isinstance(key, str):
                if key and key in seen:
                    self.no(below(below(at, index), "id"))
                seen.add(key)
