"""Verify a bundle of evidence: python3 verify.py BUNDLE.zip [--key FINGERPRINT]

One file, the standard library alone, Python 3.9 or later. It was written from the scoring specification, from the
description of the bundle and from the standards named below, and shares no line with the software that wrote the
bundle: what both say was said twice.

    python3 verify.py bundle.zip --key FINGERPRINT   every check; FINGERPRINT as the hospital publishes it
    python3 verify.py bundle.zip                     the same, but who signed is not known: integrity only
    python3 verify.py --cases FILE.jsonl             one case a line in, one sheet or {"errors": [pointers]} a line out

Exit status: 0 verified, 1 something differs, 2 this is not a bundle.

What is recomputed: every score sheet, from its case, to the last digit. What is not: the `findings` of a sheet, which
are the law's guards and no arithmetic; they are covered by the hash of the sheet alone.

Sections: 1 JSON · 2 canonical JSON (RFC 8785) · 3 exact numbers · 4 validation · 5 evaluation · 6 cash-back ·
7 the sheet and its explanations · 8 Merkle trees (RFC 6962) · 9 Ed25519 (RFC 8032) · 10 the bundle as a file ·
11 the record · 12 decisions and their sheets · 13 communicable cases · 14 the command line.
"""

from __future__ import annotations

import argparse
import copy
import datetime
import hashlib
import hmac
import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

Document = dict[str, Any]

# ---------------------------------------------------------------------------------------------------------------------
# 1. JSON. Specification, sections 1 and 8.
# ---------------------------------------------------------------------------------------------------------------------

LARGEST = 2**53 - 1  # of a whole number either side of zero: what RFC 8785 writes exactly
DEEPEST = 64  # levels of nesting


class Invalid(Exception):
    """A document that may not be used; `problems` is one sentence by JSON pointer (RFC 6901)."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{at or 'the document'}: {sentence}" for at, sentence in problems.items()))
        self.problems = problems


class _Object(dict[str, Any]):
    """An object as read, with the keys that were written more than once."""

    repeated: tuple[str, ...] = ()


class _NotWhole:
    """A JSON number with a point, an exponent or too many digits to be looked at."""


def below(at: str, key: str | int) -> str:
    """The pointer of a member of what stands at `at`."""
    return f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}"


def read_json(content: bytes) -> Any:
    """The value of a JSON text in UTF-8. Raises Invalid: not JSON, repeated keys, numbers that are not whole."""
    try:
        text = content.decode("utf-8-sig")
        value = json.loads(
            text,
            object_pairs_hook=_members,
            parse_constant=_no_constant,
            parse_float=lambda _text: _NotWhole(),
            parse_int=lambda digits: int(digits) if len(digits) <= 20 else _NotWhole(),
        )
    except (ValueError, RecursionError) as error:
        raise Invalid({"": f"this is not JSON in UTF-8 that a document may hold ({error})"}) from None
    problems = dict(_unfit(value, "", 0))
    if problems:
        raise Invalid(problems)
    return value


def _members(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _value in pairs]
        found.repeated = tuple(sorted({key for key in keys if keys.count(key) > 1}))
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _unfit(value: Any, at: str, depth: int) -> Iterator[tuple[str, str]]:
    """What a text may hold and a document may not, with its place."""
    if isinstance(value, (_Object, list)) and depth >= DEEPEST:
        yield "", f"it is nested deeper than {DEEPEST} levels"
    elif isinstance(value, _Object):
        repeated = [key for key in value.repeated if _encodes(key)]
        yield from ((below(at, key), "this key is written more than once") for key in repeated)
        for key, member in value.items():
            if not _encodes(key):
                yield at, "a key holds half of a surrogate pair"
            else:
                yield from _unfit(member, below(at, key), depth + 1)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _unfit(member, below(at, index), depth + 1)
    elif isinstance(value, _NotWhole) or (isinstance(value, int) and abs(value) > LARGEST):
        yield at, f"a JSON number is whole and at most {LARGEST} either side of zero; other numbers are texts"
    elif isinstance(value, str) and not _encodes(value):
        yield at, "the text holds half of a surrogate pair"


def _encodes(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


# ---------------------------------------------------------------------------------------------------------------------
# 2. Canonical JSON. RFC 8785, for documents without fractions.
# ---------------------------------------------------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of texts, whole numbers, booleans, nulls, lists and objects."""
    return _written(value).encode("utf-8")


def _written(value: Any) -> str:
    if isinstance(value, dict):
        # Keys are ordered by UTF-16 code unit (RFC 8785, 3.2.3), which is not the order of code points.
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join([_scalar(key) + ":" + _written(value[key]) for key in keys]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([_written(member) for member in value]) + "]"
    return _scalar(value)


_scalar = json.JSONEncoder(ensure_ascii=False).encode  # made once: a bundle has a hundred thousand texts and more


def sha256(document: Any) -> str:
    """Hexadecimal SHA-256 of the canonical JSON of a document."""
    return hashlib.sha256(canonical(document)).hexdigest()


# ---------------------------------------------------------------------------------------------------------------------
# 3. Exact numbers. Specification, section 1.
# ---------------------------------------------------------------------------------------------------------------------

PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")
ZERO, ONE = Fraction(0), Fraction(1)


def is_number(value: Any) -> bool:
    """Whether a value is a plain decimal text."""
    return isinstance(value, str) and PLAIN_DECIMAL.fullmatch(value) is not None


def total(values: Iterable[Fraction]) -> Fraction:
    """The exact sum."""
    return sum(values, ZERO)


def rounded(value: Fraction, decimals: int) -> Fraction:
    """Half away from zero, to so many decimals."""
    unit = 10**decimals
    units = (abs(value.numerator) * unit * 2 + value.denominator) // (value.denominator * 2)
    return Fraction(-units if value < 0 else units, unit)


def fixed(value: Fraction, decimals: int) -> str:
    """A value *rounded* and written with exactly so many decimals; a zero has no sign."""
    nearest = rounded(value, decimals)
    units = str(abs(nearest.numerator) * 10**decimals // nearest.denominator).zfill(decimals + 1)
    whole, part = units[: len(units) - decimals], units[len(units) - decimals :]
    return ("-" if nearest < 0 else "") + whole + ("." + part if part else "")


def ratio(value: Fraction) -> str:
    """`numerator/denominator` in lowest terms."""
    return f"{value.numerator}/{value.denominator}"


# ---------------------------------------------------------------------------------------------------------------------
# 4. Validation. Specification, sections 1 to 3 and 5; decision 0010 where these can be read in two ways.
# ---------------------------------------------------------------------------------------------------------------------

ISO_3166_1 = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
"""The officially assigned codes of ISO 3166-1 alpha-2."""
COUNTRIES = frozenset(ISO_3166_1.split())

PRICE_FORMULAS = (
    "lowest_ratio",
    "linear_lowest",
    "high_low",
    "squared_ratio",
    "mean_bounded",
    "absolute_linear",
)
MARK_FORMULAS = ("proportional", "best_ratio")
PRICE_KINDS = ("price", "cost")
MARK_KINDS = ("quality", "environment", "delivery", "social")
ASSURANCES = ("declared", "documented", "verified")
TIE_BREAKS = ("lower_price", "higher_environment", "higher_european_share", "earlier_submission")
PRICE_MEASURES = ("add_to_price", "deduct_from_price", "deflate_price")
MEASURES = ("gate", "floor", *PRICE_MEASURES, "add_points", "scale_score", "right_to_match", "execution_cap")
INDICATORS = ("number", "label")
DEFAULT_CURVE = [["0", "0"], ["1", "1"]]


class Problems:
    """The problems found so far: one sentence by pointer, the first that was said of a place."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def add(self, at: str, sentence: str) -> None:
        """Note a problem, unless its place already has one."""
        self.found.setdefault(at, sentence)

    def sound(self, at: str) -> bool:
        """Whether nothing was found at a place or inside it."""
        return not any(place == at or place.startswith(at + "/") for place in self.found)


Check = Callable[[Problems, Any, str], None]
"""Adds what is wrong with a value at a place."""


def matching(holds: Callable[[Any], bool], sentence: str) -> Check:
    """A value for which `holds`."""

    def check(problems: Problems, value: Any, at: str) -> None:
        if not holds(value):
            problems.add(at, sentence)

    return check


def one_of(*choices: str) -> Check:
    """One of some texts."""
    return matching(lambda value: isinstance(value, str) and value in choices, f"this is one of: {', '.join(choices)}")


def number(accepted: Callable[[Fraction], bool] | None = None, rule: str = "", places: int = 12) -> Check:
    """A plain decimal of at most `places` decimals as written that `accepted` takes; `rule` says which."""

    def check(problems: Problems, value: Any, at: str) -> None:
        if not is_number(value):
            problems.add(at, 'a number is a text like "12.50": up to 18 digits, a point, up to 12 decimals')
        elif len(value.partition(".")[2]) > places:
            problems.add(at, f"this has at most {places} decimals")
        elif accepted is not None and not accepted(Fraction(value)):
            problems.add(at, f"this is {rule}")

    return check


def _is_date(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        datetime.date(int(value[:4]), int(value[5:7]), int(value[8:]))
    except ValueError:
        return False
    return True


def _is_moment(value: Any) -> bool:
    pattern = "[0-9-]{10}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None and _is_date(value[:10])


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_country(value: Any) -> bool:
    return isinstance(value, str) and value in COUNTRIES


def _is_text_of(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


ANYTHING = matching(lambda _value: True, "")
TEXT = matching(lambda value: isinstance(value, str), "this is a text")
IDENTIFIER = matching(lambda value: isinstance(value, str) and value != "", "an id is a text that is not empty")
BOOLEAN = matching(lambda value: isinstance(value, bool), "this is true or false")
INTEGER = matching(_is_integer, "this is a whole JSON number")
DATE = matching(_is_date, "a date is a day of the calendar, YYYY-MM-DD")
MOMENT = matching(_is_moment, "a moment is YYYY-MM-DDThh:mm:ssZ")
COUNTRY = matching(_is_country, "a country is an assigned code of ISO 3166-1 alpha-2")
CURRENCY = matching(_is_text_of("[A-Z]{3}"), "a currency is three capitals")
CPV = matching(_is_text_of("[0-9]{8}"), "a CPV code is eight digits")
DECIMALS = matching(lambda value: _is_integer(value) and 0 <= value <= 6, "decimals is a whole number from 0 to 6")
NUMBER = number()
POSITIVE = number(lambda value: value > 0, "above 0")
NOT_NEGATIVE = number(lambda value: value >= 0, "at least 0")
PART = number(lambda value: 0 <= value <= 1, "from 0 to 1")
PRICE = number(lambda value: value > 0, "above 0", places=2)
CENTS = number(lambda value: value >= 0, "at least 0", places=2)


def nullable(check: Check) -> Check:
    """Null, or what `check` takes."""

    def checked(problems: Problems, value: Any, at: str) -> None:
        if value is not None:
            check(problems, value, at)

    return checked


def listed(check: Check) -> Check:
    """A list of what `check` takes."""

    def checked(problems: Problems, value: Any, at: str) -> None:
        if not isinstance(value, list):
            problems.add(at, "this is a list")
            return
        for index, member in enumerate(value):
            check(problems, member, below(at, index))

    return checked


def identified(check: Check, readable: Callable[[Any], bool] = lambda _member: True) -> Check:
    """A list of objects whose ids are unique, among those that are `readable`."""
    members = listed(check)

    def checked(problems: Problems, value: Any, at: str) -> None:
        members(problems, value, at)
        seen = set()
        for index, key in enumerate(ids_of(value)):
            if key is None or not readable(value[index]):
                continue
            if key in seen:
                problems.add(f"{at}/{index}/id", "another one has this id")
            seen.add(key)

    return checked


def ids_of(members: Any) -> list[str | None]:
    """The id of each member of a list, None where it has none."""
    given = members if isinstance(members, list) else []
    ids = [member.get("id") if isinstance(member, dict) else None for member in given]
    return [key if isinstance(key, str) else None for key in ids]


def keyed(check: Check) -> Check:
    """An object of any keys whose values `check` takes."""

    def checked(problems: Problems, value: Any, at: str) -> None:
        if not isinstance(value, dict):
            problems.add(at, "this is an object")
            return
        for key, member in value.items():
            check(problems, member, below(at, key))

    return checked


def record(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    """An object with every required key, and of the others only the optional ones."""
    known = {**(optional or {}), **required}

    def checked(problems: Problems, value: Any, at: str) -> None:
        if not isinstance(value, dict):
            problems.add(at, "this is an object")
            return
        for key in value.keys() - known.keys():
            problems.add(below(at, key), "this key is unknown here")
        for key in required.keys() - value.keys():
            problems.add(below(at, key), "this is missing")
        for key in known.keys() & value.keys():
            known[key](problems, value[key], below(at, key))

    return checked


def pair(first: Check, second: Check) -> Check:
    """A list of two."""

    def checked(problems: Problems, value: Any, at: str) -> None:
        if not isinstance(value, list) or len(value) != 2:
            problems.add(at, "this is a list of two")
            return
        first(problems, value[0], at + "/0")
        second(problems, value[1], at + "/1")

    return checked


def curve(y: Check) -> Check:
    """A curve: at least one point, x never decreasing."""
    members = listed(pair(NUMBER, y))

    def checked(problems: Problems, value: Any, at: str) -> None:
        if value == []:
            problems.add(at, "a curve has at least one point")
        members(problems, value, at)
        if problems.sound(at):
            xs = [Fraction(x) for x, _y in value]
            if xs != sorted(xs):
                problems.add(at, "the x of a curve never decreases")

    return checked


def is_curve(value: Any) -> bool:
    """Whether this is a list of points, at least one, in any order."""
    pairs = isinstance(value, list) and all(isinstance(point, list) and len(point) == 2 for point in value)
    return bool(pairs and value and all(is_number(part) for point in value for part in point))


def tiers(problems: Problems, value: Any, at: str) -> None:
    """The tiers of a cash-back scheme: [from, rate], from strictly increasing."""
    listed(pair(NUMBER, NUMBER))(problems, value, at)
    if problems.sound(at):
        for index in range(1, len(value)):
            if Fraction(value[index][0]) <= Fraction(value[index - 1][0]):
                problems.add(f"{at}/{index}/0", "each tier starts above the one before")


def origins(problems: Problems, value: Any, at: str) -> None:
    """The origins of a line: shares of at most 1 in total, where all of them can be read."""
    listed(record({"country": COUNTRY, "share": NOT_NEGATIVE}, {"assurance": one_of(*ASSURANCES)}))(problems, value, at)
    if not isinstance(value, list) or not all(isinstance(origin, dict) for origin in value):
        return
    sound = all(problems.sound(f"{at}/{index}/share") for index in range(len(value)))
    if sound and total(Fraction(origin["share"]) for origin in value) > 1:
        problems.add(at, "the shares of a line are at most 1 in total")


FACTS = record(
    {},
    {
        "purpose": one_of("award", "simulation"),
        "published_policy": nullable(record({"id": IDENTIFIER, "version": INTEGER})),
        "buyer_category": one_of("sub_central", "central", "utility"),
        "ipi_announced": BOOLEAN,
        "ipi_exception": nullable(one_of("no_other_compliant_tender", "overriding_public_interest")),
        "evidence_counted_twice": BOOLEAN,
        "self_assessed_marks": listed(TEXT),
        "abnormally_low_explanations": listed(TEXT),
    },
)
TENDER = record(
    {"id": IDENTIFIER, "currency": CURRENCY},
    {
        "launched_on": nullable(DATE),
        "cpv": nullable(CPV),
        "estimated_value": nullable(NUMBER),
        "price_basis": one_of("excl_vat", "incl_vat"),
    },
)
LINE = record({"id": IDENTIFIER, "quantity": POSITIVE, "unit_price": NOT_NEGATIVE, "origins": origins})
PARAMS: dict[str, Check] = {
    "absolute_linear": record({"ceiling": NUMBER, "floor_price": NUMBER}),
    "linear_lowest": record({}, {"floor": one_of("yes", "no")}),
}


def criterion(problems: Problems, value: Any, at: str) -> None:
    """A criterion. Its kind and its formula decide what else it has: where one is wrong, only this is told."""
    if not isinstance(value, dict):
        problems.add(at, "this is an object")
        return
    formulas = formulas_of(value.get("kind"))
    one_of(*PRICE_KINDS, *MARK_KINDS)(problems, value.get("kind"), at + "/kind")
    if not formulas:
        return
    one_of(*formulas)(problems, value.get("formula"), at + "/formula")
    if not is_readable(value):
        return
    required = {"id": IDENTIFIER, "kind": ANYTHING, "weight": POSITIVE, "formula": ANYTHING}
    optional = {"title": TEXT, "parent": TEXT, "counts_environment": BOOLEAN, "minimum": NUMBER}
    (optional if is_priced(value) else required)["scale"] = NUMBER if is_priced(value) else POSITIVE
    has_limits = value["formula"] == "absolute_linear"
    (required if has_limits else optional)["params"] = PARAMS.get(value["formula"], record({}))
    record(required, optional)(problems, value, at)
    if has_limits and isinstance(value.get("params"), dict):
        check_limits(problems, value["params"], at + "/params")


def check_limits(problems: Problems, params: Document, at: str) -> None:
    """The parameters of `absolute_linear`."""
    if not is_number(params.get("ceiling")) or not is_number(params.get("floor_price")):
        return
    if Fraction(params["ceiling"]) <= Fraction(params["floor_price"]):
        problems.add(at, "the ceiling is above the floor price")


def formulas_of(kind: Any) -> tuple[str, ...]:
    """The formulas a kind of criterion takes; none for what is no kind."""
    if kind in PRICE_KINDS:
        return PRICE_FORMULAS
    return MARK_FORMULAS if kind in MARK_KINDS else ()


def is_readable(given: Any) -> bool:
    """Whether this is a criterion of a known kind and a formula that fits it."""
    return isinstance(given, dict) and given.get("formula") in formulas_of(given.get("kind"))


def is_of_kind(given: Any, kinds: tuple[str, ...]) -> bool:
    """Whether this is an object of one of these kinds."""
    return isinstance(given, dict) and given.get("kind") in kinds


def is_priced(given: Document) -> bool:
    """Whether a criterion is of kind price or cost."""
    return given.get("kind") in PRICE_KINDS


def criteria(problems: Problems, value: Any, at: str) -> None:
    """The criteria: at least one, weights of 100 in total, one of kind price or cost at most."""
    identified(criterion, is_readable)(problems, value, at)
    if value == []:
        problems.add(at, "a case has at least one criterion")
    given = list(enumerate(value)) if isinstance(value, list) else []
    for index, _priced in [(i, k) for i, k in given if is_readable(k) and is_priced(k)][1:]:
        problems.add(f"{at}/{index}/kind", "only one criterion is of kind price or cost")
    weighed = bool(given) and all(is_readable(k) and problems.sound(f"{at}/{i}/weight") for i, k in given)
    if weighed and total(Fraction(k["weight"]) for _index, k in given) != 100:
        problems.add(at, "the weights are exactly 100 in total")


class Criteria(NamedTuple):
    """The criteria of a case that can be read and have an id; whether these are all, so that an unknown name can be
    told; and whether one of those that can be read is of kind cost."""

    readable: list[Document]
    complete: bool
    by_cost: bool

    def ids(self, marked_only: bool = False) -> frozenset[str] | None:
        """The ids, or those of the criteria that have marks; None when they are not all known."""
        chosen = [k["id"] for k in self.readable if not (marked_only and is_priced(k))]
        return frozenset(chosen) if self.complete else None


def criteria_of(case: Document) -> Criteria:
    """The criteria of a case as far as they can be read."""
    given = case.get("criteria")
    given = given if isinstance(given, list) else []
    by_cost = any(is_readable(k) and k["kind"] == "cost" for k in given)
    readable = [k for k in given if is_readable(k) and isinstance(k.get("id"), str) and k["id"]]
    return Criteria(readable, bool(given) and len(readable) == len(given), by_cost)


class Names(NamedTuple):
    """What a policy may name; None = it cannot be looked up, and any name will do."""

    areas: frozenset[str] | None
    marked: frozenset[str] | None

    def has_driver(self, name: Any) -> bool:
        """Whether this names a driver."""
        if name in ("one", "environment", "european_share"):
            return True
        kind, _colon, argument = name.partition(":") if isinstance(name, str) else ("", "", "")
        known = {"share": self.areas, "mark": self.marked}.get(kind, frozenset())
        return known is None or argument in known

    def driver(self) -> Check:
        """The name of a driver."""
        return matching(
            self.has_driver, "this is no driver: one, environment, european_share, share:AREA, mark:CRITERION"
        )

    def area(self) -> Check:
        """The name of an area."""
        areas = self.areas
        return matching(
            lambda value: isinstance(value, str) and (areas is None or value in areas), "no area has this name"
        )

    def predicate(self) -> Check:
        """The `when` of a measure or a scheme."""
        compared = pair(self.driver(), NUMBER)
        keys = {"launched_from": DATE, "launched_until": DATE, "cpv_from": CPV, "cpv_to": CPV}
        keys.update(estimated_value_from=NUMBER, supplier_in=self.area(), supplier_not_in=self.area())
        return record({}, {**keys, "driver_below": compared, "driver_from": compared})


def measure(names: Names) -> Check:
    """A measure. Its kind decides what else it has: where this is wrong, only this is told."""

    def checked(problems: Problems, value: Any, at: str) -> None:
        kind = value.get("kind") if isinstance(value, dict) else None
        if isinstance(value, dict) and kind not in MEASURES:
            one_of(*MEASURES)(problems, kind, at + "/kind")
            return
        required = {"id": IDENTIFIER, "kind": ANYTHING}
        optional = {"curve": curve(NUMBER), "params": record({}), "when": names.predicate(), "reference": TEXT}
        if kind == "right_to_match":
            optional["params"] = record({}, {"margin": NUMBER})
        if kind == "gate":
            optional.update(driver=ANYTHING, amount=ANYTHING)
        else:
            required.update(driver=names.driver(), amount=NUMBER)
        record(required, optional)(problems, value, at)
        if kind in MEASURES and kind != "gate" and problems.sound(at + "/amount"):
            check_strength(problems, value, at)

    return checked


def check_strength(problems: Problems, given: Document, at: str) -> None:
    """The limits of amount × every y of the curve, by kind of measure."""
    the_curve = given.get("curve", DEFAULT_CURVE)
    if not is_curve(the_curve):
        return
    products = [Fraction(given["amount"]) * Fraction(y) for _x, y in the_curve]
    too_strong = {
        "deduct_from_price": max(products) >= 1,
        "add_to_price": min(products) <= -1,
        "deflate_price": min(products) <= -1,
        "scale_score": max(products) > 1,
    }
    if too_strong.get(given["kind"]):
        problems.add(at + "/amount", "with this amount the measure would leave no price, or turn the score round")


def indicator(problems: Problems, value: Any, at: str) -> None:
    """An indicator; the curve of a label and the labels of a number are without effect."""
    kind = value.get("kind") if isinstance(value, dict) else None
    if isinstance(value, dict) and kind not in INDICATORS:
        one_of(*INDICATORS)(problems, kind, at + "/kind")
        return
    required = {"id": IDENTIFIER, "kind": ANYTHING, "weight": POSITIVE}
    optional = {"reference": TEXT, "curve": curve(PART), "labels": keyed(NUMBER)}
    if kind == "label":
        required["labels"] = keyed(PART)
        optional["curve"] = curve(NUMBER)
    record(required, optional)(problems, value, at)


def scheme(names: Names) -> Check:
    """A cash-back scheme."""
    return record(
        {"id": IDENTIFIER, "base": one_of("european_value", "contract"), "tiers": tiers},
        {
            "environment_multiplier": NUMBER,
            "minimum_contract": NUMBER,
            "cap_per_contract": nullable(CENTS),
            "cap_per_hospital_year": nullable(CENTS),
            "envelope_year": nullable(CENTS),
            "rationing": one_of("pro_rata", "first_come"),
            "when": names.predicate(),
            "reference": TEXT,
        },
    )


def policy(marked: frozenset[str] | None) -> Check:
    """A policy; `marked` are the ids of the criteria that have marks."""

    def checked(problems: Problems, value: Any, at: str) -> None:
        areas = value.get("areas") if isinstance(value, dict) else None
        names = Names(frozenset(areas) if isinstance(areas, dict) else None, marked)
        required = {
            "schema": one_of("bareme-policy/1"),
            "id": IDENTIFIER,
            "version": INTEGER,
            "status": one_of("in_force", "proposed"),
            "content_basis": one_of("ucc_origin", "value_added"),
            "areas": keyed(listed(COUNTRY)),
            "european_area": names.area(),
            "indicators": identified(indicator, lambda given: is_of_kind(given, INDICATORS)),
            "measures": identified(measure(names), lambda given: is_of_kind(given, MEASURES)),
        }
        optional = {
            "title": TEXT,
            "assurance_factors": record({}, dict.fromkeys(ASSURANCES, PART)),
            "bonus_cap": nullable(NUMBER),
            "cashback": nullable(scheme(names)),
        }
        record(required, optional)(problems, value, at)

    return checked


def marks(ids: frozenset[str] | None) -> Check:
    """The marks a bid gives: numbers, of criteria of the case."""
    return keyed(NUMBER) if ids is None else record({}, dict.fromkeys(ids, NUMBER))


def evidence(numeric: frozenset[str]) -> Check:
    """The environmental evidence of a bid; that of the indicators in `numeric` is a number."""

    def checked(problems: Problems, value: Any, at: str) -> None:
        keyed(ANYTHING)(problems, value, at)
        for key, given in value.items() if isinstance(value, dict) else ():
            of_kind = NUMBER if key in numeric else TEXT
            record({"value": of_kind}, {"assurance": one_of(*ASSURANCES)})(problems, given, below(at, key))

    return checked


def bid(case_criteria: Criteria, numeric: frozenset[str]) -> Check:
    """A bid: its form, and for an admissible one all that scoring needs."""
    form = record(
        {
            "id": IDENTIFIER,
            "supplier": record({"name": TEXT}, {"country": nullable(COUNTRY)}),
            "status": one_of("admissible", "excluded"),
        },
        {
            "submitted_at": MOMENT,
            "exclusion_reason": TEXT,
            "price": PRICE,
            "cost": PRICE,
            "lines": identified(LINE),
            "marks": marks(case_criteria.ids()),
            "environment": evidence(numeric),
        },
    )

    def checked(problems: Problems, value: Any, at: str) -> None:
        form(problems, value, at)
        if isinstance(value, dict):
            check_price(problems, value, at)
            if value.get("status") == "admissible":
                check_admissible(problems, value, at, case_criteria)

    return checked


def line_value(line: Document) -> Fraction:
    """Quantity × unit price."""
    return Fraction(line["quantity"]) * Fraction(line["unit_price"])


def has_values(problems: Problems, lines: Any, at: str) -> bool:
    """Whether the value of every line can be read; it can when there are none."""
    if not isinstance(lines, list):
        return False
    return all(isinstance(line, dict) for line in lines) and all(
        problems.sound(f"{at}/{index}/{key}") for index in range(len(lines)) for key in ("quantity", "unit_price")
    )


def check_price(problems: Problems, given: Document, at: str) -> None:
    """The agreement of price and lines; an admissible bid has a real price above 0."""
    lines, has_price, admissible = given.get("lines", []), "price" in given, given.get("status") == "admissible"
    if not problems.sound(at + "/price") or not has_values(problems, lines, at + "/lines"):
        return
    if not lines:
        if admissible and not has_price:
            problems.add(at + "/price", "an admissible bid has a price, or lines that add up to it")
        return
    worth = rounded(total(line_value(line) for line in lines), 2)
    if has_price and Fraction(given["price"]) != worth:
        problems.add(at + "/price", f"the price is what the lines add up to, {fixed(worth, 2)}")
    elif admissible and not has_price and worth <= 0:
        problems.add(at + "/price", "the price is above 0")


def check_admissible(problems: Problems, given: Document, at: str, case_criteria: Criteria) -> None:
    """The cost and the marks without which a bid cannot be scored."""
    if case_criteria.by_cost and "cost" not in given:
        problems.add(at + "/cost", "an admissible bid has a cost, since a criterion is of kind cost")
    given_marks = given.get("marks", {})
    if not isinstance(given_marks, dict):
        return
    for wanted in case_criteria.readable:
        key = wanted["id"]
        if is_priced(wanted):
            continue
        where = below(at + "/marks", key)
        if key not in given_marks:
            problems.add(where, "an admissible bid has a mark for every criterion that has marks")
            continue
        scale = wanted.get("scale", "")
        comparable = problems.sound(where) and is_number(scale) and Fraction(scale) > 0
        if comparable and not 0 <= Fraction(given_marks[key]) <= Fraction(scale):
            problems.add(where, "a mark is from 0 to the scale of its criterion")


def numeric_indicators(case: Document) -> frozenset[str]:
    """The ids of the indicators whose evidence is a number."""
    the_policy = case.get("policy")
    given = the_policy.get("indicators") if isinstance(the_policy, dict) else None
    chosen = [i for i in given if isinstance(i, dict) and i.get("kind") == "number"] if isinstance(given, list) else []
    return frozenset(i["id"] for i in chosen if isinstance(i.get("id"), str))


def case_problems(case: Any) -> dict[str, str]:
    """Every problem of a case: one sentence by pointer; none when it can be scored."""
    problems = Problems()
    given = case if isinstance(case, dict) else {}
    case_criteria = criteria_of(given)
    form = record(
        {
            "schema": one_of("bareme-case/1"),
            "tender": TENDER,
            "criteria": criteria,
            "bids": identified(bid(case_criteria, numeric_indicators(given))),
        },
        {
            "assessed_on": DATE,
            "facts": FACTS,
            "rounding": record({}, {"decimals": DECIMALS}),
            "policy": nullable(policy(case_criteria.ids(marked_only=True))),
            "tie_break": listed(one_of(*TIE_BREAKS)),
        },
    )
    form(problems, case, "")
    return problems.found


# ---------------------------------------------------------------------------------------------------------------------
# 5. Evaluation. Specification, sections 3 and 4.
# ---------------------------------------------------------------------------------------------------------------------


class Rules:
    """What a case lays down for all its bids, with every default filled in."""

    def __init__(self, case: Document, with_policy: bool = True) -> None:
        self.tender: Document = case["tender"]
        self.policy: Document | None = case.get("policy") if with_policy else None
        self.criteria: list[Document] = case["criteria"]
        self.measures: list[Document] = self.policy["measures"] if self.policy else []
        self.decimals: int = case.get("rounding", {}).get("decimals", 2)
        self.tie_break: list[str] = case.get("tie_break", ["lower_price", "higher_environment"])
        self.scales = {k["id"]: Fraction(k["scale"]) for k in self.criteria if not is_priced(k)}
        self.by_cost = any(k["kind"] == "cost" for k in self.criteria)

    def of_kind(self, *kinds: str) -> list[Document]:
        """The measures of these kinds, in document order."""
        return [given for given in self.measures if given["kind"] in kinds]


class Bidder:
    """A bid under the rules, in one reading of its unknown origin: all that does not depend on the other bids."""

    def __init__(self, rules: Rules, given: Document, unknown_is_european: bool = False) -> None:
        self.rules, self.given, self.unknown_is_european = rules, given, unknown_is_european
        self.id: str = given["id"]
        self._drivers: dict[str, Fraction] = {}

    @cached_property
    def price(self) -> Fraction:
        """The real price."""
        if "price" in self.given:
            return Fraction(self.given["price"])
        return rounded(total(line_value(line) for line in self.given["lines"]), 2)

    @cached_property
    def european_share(self) -> Fraction:
        """The exact European share; 0 without a policy."""
        return self.driver("european_share") if self.rules.policy else ZERO

    @cached_property
    def environment(self) -> Fraction:
        """The exact environmental value; 0 without a policy."""
        return self.driver("environment") if self.rules.policy else ZERO

    def mark(self, key: str) -> Fraction:
        """The mark for a criterion."""
        return Fraction(self.given["marks"][key])

    def driver(self, name: str) -> Fraction:
        """The value of a driver."""
        if name not in self._drivers:
            self._drivers[name] = driver_value(self, name)
        return self._drivers[name]

    def product(self, given: Document) -> Fraction:
        """amount × curve(driver) of a measure."""
        return Fraction(given["amount"]) * self.slope(given)

    def slope(self, given: Document) -> Fraction:
        """curve(driver) of a measure."""
        return curve_at(given.get("curve", DEFAULT_CURVE), self.driver(given["driver"]))

    def meets(self, given: Document) -> bool:
        """Whether the `when` of a measure or a scheme holds."""
        return all(key_holds(self, key, wanted) for key, wanted in given.get("when", {}).items())

    @cached_property
    def effects(self) -> dict[str, Effect]:
        """What the measures whose `when` holds do to price, points and score, by id in document order."""
        moving = self.rules.of_kind(*PRICE_MEASURES, "add_points", "scale_score")
        return {m["id"]: Effect(m["kind"], self.driver(m["driver"]), self.product(m)) for m in moving if self.meets(m)}

    @cached_property
    def exclusion(self) -> str | None:
        """The first reason to exclude the bid, or None."""
        return reason_to_exclude(self)

    @cached_property
    def evaluated_price(self) -> Fraction:
        """The cost or the real price, moved by the price measures."""
        value = Fraction(self.given["cost"]) if self.rules.by_cost else self.price
        for effect in self.effects.values():
            if effect.kind in PRICE_MEASURES:
                value *= effect.factor
        return value

    @cached_property
    def bonus(self) -> Fraction:
        """The sum of the rounded points of the measures, capped and rounded."""
        places = self.rules.decimals
        value = total(rounded(e.product, places) for e in self.effects.values() if e.kind == "add_points")
        cap = self.rules.policy.get("bonus_cap") if self.rules.policy else None
        return rounded(value if cap is None else min(value, Fraction(cap)), places)

    def scaled(self, value: Fraction) -> Fraction:
        """A total after each `scale_score` factor, rounded after each."""
        for effect in self.effects.values():
            if effect.kind == "scale_score":
                value = rounded(value * effect.factor, self.rules.decimals)
        return value


class Effect(NamedTuple):
    """What one measure does to one bid; `product` is amount × c."""

    kind: str
    driver: Fraction
    product: Fraction

    @property
    def factor(self) -> Fraction:
        """What the price or the total is multiplied by."""
        if self.kind == "add_to_price":
            return 1 + self.product
        return 1 / (1 + self.product) if self.kind == "deflate_price" else 1 - self.product


def curve_at(given: list[list[str]], x: Fraction) -> Fraction:
    """A curve at x: flat before and after its points, straight between two, the last of several at one x."""
    exact = [(Fraction(px), Fraction(py)) for px, py in given]
    passed = [index for index, (px, _py) in enumerate(exact) if px <= x]
    if not passed:
        return exact[0][1]
    left = passed[-1]
    if left == len(exact) - 1:
        return exact[left][1]
    (x0, y0), (x1, y1) = exact[left], exact[left + 1]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def driver_value(bidder: Bidder, name: str) -> Fraction:
    """A driver, by its name."""
    the_policy = bidder.rules.policy or {}
    if name == "one":
        return ONE
    if name == "environment":
        return environment_of(the_policy, bidder.given)
    if name == "european_share":
        return share_of(bidder, the_policy["european_area"])
    kind, _colon, argument = name.partition(":")
    return share_of(bidder, argument) if kind == "share" else bidder.mark(argument) / bidder.rules.scales[argument]


def assurance_factor(the_policy: Document, given: Document) -> Fraction:
    """The factor of the assurance of an origin or a piece of evidence."""
    return Fraction(the_policy.get("assurance_factors", {}).get(given.get("assurance", "declared"), "1"))


def share_of(bidder: Bidder, area: str) -> Fraction:
    """The part of the value of the lines made of goods of an area."""
    the_policy = bidder.rules.policy or {}
    unknown_counts = bidder.unknown_is_european and area == the_policy["european_area"]
    lines = bidder.given.get("lines") or []
    if not lines:
        return ONE if unknown_counts else ZERO
    inside, worth, countries = ZERO, ZERO, the_policy["areas"][area]
    for line in lines:
        value, given = line_value(line), line["origins"]
        counted = total(
            Fraction(o["share"]) * assurance_factor(the_policy, o) for o in given if o["country"] in countries
        )
        if unknown_counts:
            counted += 1 - total(Fraction(o["share"]) for o in given)
        inside += value * counted
        worth += value
    return inside / worth if worth else ZERO


def environment_of(the_policy: Document, given: Document) -> Fraction:
    """The weighted mean of all the indicators; 0 without indicators."""
    value = weight = ZERO
    for wanted in the_policy["indicators"]:
        weight += Fraction(wanted["weight"])
        found = given.get("environment", {}).get(wanted["id"])
        if found is None:
            continue
        if wanted["kind"] == "number":
            worth = curve_at(wanted.get("curve", DEFAULT_CURVE), Fraction(found["value"]))
        else:
            worth = Fraction(wanted["labels"].get(found["value"], "0"))
        value += Fraction(wanted["weight"]) * worth * assurance_factor(the_policy, found)
    return value / weight if weight else ZERO


def key_holds(bidder: Bidder, key: str, wanted: Any) -> bool:
    """Whether one key of a predicate holds; a key that looks at a null never does."""
    if key in ("driver_below", "driver_from"):
        value, limit = bidder.driver(wanted[0]), Fraction(wanted[1])
        return value < limit if key == "driver_below" else value >= limit
    if key in ("supplier_in", "supplier_not_in"):
        country = bidder.given["supplier"].get("country")
        inside = country in (bidder.rules.policy or {})["areas"][wanted]
        return country is not None and inside == (key == "supplier_in")
    looked_at = {"launched": "launched_on", "cpv": "cpv", "estimated": "estimated_value"}[key.partition("_")[0]]
    found = bidder.rules.tender.get(looked_at)
    if found is None:
        return False
    # Dates and CPV codes are texts of one length each, whose order is that of what they mean.
    left, right = (Fraction(found), Fraction(wanted)) if looked_at == "estimated_value" else (found, wanted)
    return bool(left >= right if key.endswith("_from") else left <= right)


def reason_to_exclude(bidder: Bidder) -> str | None:
    """Section 4.3: the status, then a mark below its minimum, then gates and floors in document order."""
    if bidder.given["status"] == "excluded":
        return "excluded"
    for wanted in bidder.rules.criteria:
        if not is_priced(wanted) and "minimum" in wanted and bidder.mark(wanted["id"]) < Fraction(wanted["minimum"]):
            return f"minimum:{wanted['id']}"
    for given in bidder.rules.of_kind("gate", "floor"):
        applies = bidder.meets(given)
        if applies and (given["kind"] == "gate" or bidder.driver(given["driver"]) < Fraction(given["amount"])):
            return str(given["id"])
    return None


class Prices(NamedTuple):
    """The lowest, the highest and the mean evaluated price of the bids left."""

    lowest: Fraction
    highest: Fraction
    mean: Fraction


def price_points(given: Document, p: Fraction, prices: Prices) -> Fraction:
    """Section 4.6: the exact points of an evaluated price p among those of the bids left."""
    weight, formula, params = Fraction(given["weight"]), given["formula"], given.get("params", {})
    lowest, highest, mean = prices
    if formula == "lowest_ratio":
        return weight * lowest / p
    if formula == "linear_lowest":
        value = weight * (2 - p / lowest)
        return value if params.get("floor") == "no" else max(value, ZERO)
    if formula == "high_low":
        return weight if lowest == highest else weight * (highest - p) / (highest - lowest)
    if formula == "squared_ratio":
        return weight * (lowest / p) ** 2
    if formula == "mean_bounded":
        return min(max(weight / 2 * (2 - p / mean), ZERO), weight)
    ceiling, floor_price = Fraction(params["ceiling"]), Fraction(params["floor_price"])
    return min(max(weight * (ceiling - p) / (ceiling - floor_price), ZERO), weight)


def mark_points(given: Document, mark: Fraction, best: Fraction) -> Fraction:
    """Section 4.6: the exact points of a mark."""
    highest = Fraction(given["scale"]) if given["formula"] == "proportional" else best
    return Fraction(given["weight"]) * mark / highest if highest else ZERO


def exact_points(rules: Rules, left: list[Bidder]) -> dict[str, dict[str, Fraction]]:
    """The exact points of the bids left, by bid and by criterion."""
    found: dict[str, dict[str, Fraction]] = {bidder.id: {} for bidder in left}
    for given in rules.criteria if left else ():
        key = given["id"]
        if is_priced(given):
            evaluated = [bidder.evaluated_price for bidder in left]
            prices = Prices(min(evaluated), max(evaluated), total(evaluated) / len(evaluated))
            for bidder in left:
                found[bidder.id][key] = price_points(given, bidder.evaluated_price, prices)
        else:
            best = max(bidder.mark(key) for bidder in left)
            for bidder in left:
                found[bidder.id][key] = mark_points(given, bidder.mark(key), best)
    return found


class Row:
    """A ranked bid: its points, its total and, once all are ordered, its rank."""

    def __init__(self, bidder: Bidder, exact: dict[str, Fraction]) -> None:
        self.bidder, self.exact = bidder, exact
        self.points = {key: rounded(value, bidder.rules.decimals) for key, value in exact.items()}
        self.unscaled = total(self.points.values()) + bidder.bonus
        self.total = bidder.scaled(self.unscaled)
        self.rank, self.tied = 0, False

    @cached_property
    def order(self) -> tuple[Any, ...]:
        """What bids are ranked by, the smallest first."""
        submitted = self.bidder.given.get("submitted_at")
        by = {
            "lower_price": self.bidder.price,
            "higher_environment": -self.bidder.environment,
            "higher_european_share": -self.bidder.european_share,
            "earlier_submission": (submitted is None, submitted or ""),
        }
        return (-self.total, *(by[rule] for rule in self.bidder.rules.tie_break))


class Ranking(NamedTuple):
    """The bids left, ranked, by rank and then id; the winner, when one bid alone is first."""

    rows: list[Row]
    winner: Row | None

    @property
    def winning_bid(self) -> str | None:
        """The id of the winner."""
        return self.winner.bidder.id if self.winner else None

    def rank_of(self, key: str) -> int | None:
        """The rank of a bid, None when it is excluded."""
        return next((row.rank for row in self.rows if row.bidder.id == key), None)


def ranked(rules: Rules, bidders: Sequence[Bidder]) -> Ranking:
    """Section 4.6 to 4.9: points, totals and ranks of the bidders that are not excluded."""
    left = [bidder for bidder in bidders if bidder.exclusion is None]
    found = exact_points(rules, left)
    rows = sorted((Row(bidder, found[bidder.id]) for bidder in left), key=lambda row: (row.order, row.bidder.id))
    for place, row in enumerate(rows):
        before = rows[place - 1] if place else None
        if before and before.order == row.order:
            row.rank, row.tied, before.tied = before.rank, True, True
        else:
            row.rank = place + 1
    return Ranking(rows, rows[0] if rows and not rows[0].tied else None)


# ---------------------------------------------------------------------------------------------------------------------
# 6. Cash-back. Specification, section 5: the estimate, which is what a sheet holds.
# ---------------------------------------------------------------------------------------------------------------------


def tier_rate(given: Document, share: Fraction) -> Fraction:
    """The rate of the last tier that starts at or below a share, 0 before the first."""
    reached = [rate for start, rate in given["tiers"] if Fraction(start) <= share]
    return Fraction(reached[-1]) if reached else ZERO


def cashback(bidder: Bidder, given: Document) -> Fraction:
    """The amount for a bid, as if it were awarded, rounded to cents."""
    if bidder.price < Fraction(given.get("minimum_contract", "0")) or not bidder.meets(given):
        return ZERO
    base = bidder.price * bidder.european_share if given["base"] == "european_value" else bidder.price
    multiplier = 1 + Fraction(given.get("environment_multiplier", "0")) * bidder.environment
    amount = base * tier_rate(given, bidder.european_share) * multiplier
    cap = given.get("cap_per_contract")
    return rounded(amount if cap is None else min(amount, Fraction(cap)), 2)


# ---------------------------------------------------------------------------------------------------------------------
# 7. The sheet and its explanations. Specification, sections 4.5, 4.9, 6 and 7.
# ---------------------------------------------------------------------------------------------------------------------


class Evaluation:
    """One case, ranked, with every other reading its sheet tells about."""

    def __init__(self, case: Document) -> None:
        self.case, self.rules = case, Rules(case)
        self.bidders = [Bidder(self.rules, given) for given in case["bids"]]
        self.ranking = ranked(self.rules, self.bidders)

    @cached_property
    def favoured(self) -> list[Bidder]:
        """The bidders where the unknown origin of each counts as European."""
        return [Bidder(self.rules, given, unknown_is_european=True) for given in self.case["bids"]]

    def rank_in_reading(self, key: str, own_is_european: bool) -> int | None:
        """The rank of a bid when the unknown origin of its own lines, or of all others', counts as European."""
        pairs = [(plain, self.favoured[index]) for index, plain in enumerate(self.bidders)]
        chosen = [europe if (plain.id == key) == own_is_european else plain for plain, europe in pairs]
        return ranked(self.rules, chosen).rank_of(key)

    def winner_without(self, key: str) -> str | None:
        """Who wins when a bid is withdrawn from the case."""
        return ranked(self.rules, [bidder for bidder in self.bidders if bidder.id != key]).winning_bid

    def winner_without_policy(self) -> str | None:
        """Who wins when the case has no policy."""
        plain = Rules(self.case, with_policy=False)
        return ranked(plain, [Bidder(plain, given) for given in self.case["bids"]]).winning_bid


def sheet_of(case: Document) -> Document:
    """The score sheet of a valid case, without its findings."""
    evaluation = Evaluation(case)
    the_policy, ranking = evaluation.rules.policy, evaluation.ranking
    plain_winner = evaluation.winner_without_policy()
    return {
        "schema": "bareme-scoresheet/1",
        "case_sha256": sha256(case),
        "policy": {"id": the_policy["id"], "version": the_policy["version"]} if the_policy else None,
        "winner": ranking.winning_bid,
        "tied": bool(ranking.rows) and ranking.winner is None,
        "ranking": [row_document(evaluation, row) for row in ranking.rows],
        "excluded": exclusions(evaluation.bidders),
        "alerts": alerts(ranking),
        "right_to_match": rights_to_match(evaluation.rules, ranking),
        "obligations": obligations(evaluation.rules, ranking),
        "without_policy": {"winner": plain_winner, "changed": plain_winner != ranking.winning_bid},
        "comparisons": comparisons(evaluation.rules, ranking),
        "withdrawals": withdrawals(evaluation),
    }


def row_document(evaluation: Evaluation, row: Row) -> Document:
    """One row of the ranking."""
    the_policy, key = evaluation.rules.policy, row.bidder.id
    document = computed_row(row)
    document.update(european_share=None, environment=None, cashback=None, rank_if_european=None, rank_if_not=None)
    if the_policy:
        document["european_share"] = fixed(row.bidder.european_share, 4)
        document["environment"] = fixed(row.bidder.environment, 4)
        if the_policy.get("cashback"):
            document["cashback"] = fixed(cashback(row.bidder, the_policy["cashback"]), 2)
        document["rank_if_european"] = evaluation.rank_in_reading(key, own_is_european=True)
        document["rank_if_not"] = evaluation.rank_in_reading(key, own_is_european=False)
    return document


def computed_row(row: Row) -> Document:
    """What a row says of price, points, measures, bonus, total and rank."""
    bidder, places = row.bidder, row.bidder.rules.decimals
    return {
        "bid": bidder.id,
        "rank": row.rank,
        "tied": row.tied,
        "total": fixed(row.total, places),
        "price": fixed(bidder.price, 2),
        "evaluated_price": fixed(bidder.evaluated_price, 2),
        "exact_evaluated_price": ratio(bidder.evaluated_price),
        "criteria": {
            key: {"points": fixed(row.points[key], places), "exact_points": ratio(value)}
            for key, value in row.exact.items()
        },
        "measures": {key: effect_document(effect, places) for key, effect in bidder.effects.items()},
        "bonus": fixed(bidder.bonus, places),
    }


def effect_document(effect: Effect, places: int) -> Document:
    """What a row says of one measure."""
    if effect.kind == "add_points":
        what = {"points": fixed(effect.product, places), "exact_points": ratio(effect.product)}
    else:
        what = {"exact_factor": ratio(effect.factor)}
    return {**what, "exact_driver": ratio(effect.driver)}


def exclusions(bidders: list[Bidder]) -> list[Document]:
    """The excluded bids with their reasons, by bid id."""
    found = {bidder.id: bidder.exclusion for bidder in bidders if bidder.exclusion is not None}
    return [{"bid": key, "reason": found[key]} for key in sorted(found)]


def alerts(ranking: Ranking) -> list[Document]:
    """Section 4.5: the real prices below 0.9 × the mean of those not above 1.2 × the mean."""
    prices = {row.bidder.id: row.bidder.price for row in ranking.rows}
    if len(prices) < 3:
        return []
    limit = Fraction(12, 10) * total(prices.values()) / len(prices)
    kept = [price for price in prices.values() if price <= limit]
    threshold = Fraction(9, 10) * total(kept) / len(kept)
    return [
        {"code": "abnormally_low", "bid": key, "exact_threshold": ratio(threshold)}
        for key in sorted(prices)
        if prices[key] < threshold
    ]


def rights_to_match(rules: Rules, ranking: Ranking) -> list[Document]:
    """Who may match the price of the winner, measures in document order, bids in rank order."""
    if ranking.winner is None:
        return []
    winner, found = ranking.winner.bidder, []
    for given in rules.of_kind("right_to_match"):
        name, amount = given["driver"], Fraction(given["amount"])
        if winner.driver(name) >= amount:
            continue
        highest = winner.price * (1 + Fraction(given.get("params", {}).get("margin", "0")))
        for row in ranking.rows:
            other = row.bidder
            if other.driver(name) >= amount and other.meets(given) and other.price <= highest:
                found.append({"measure": given["id"], "bid": other.id, "match_price": fixed(winner.price, 2)})
    return found


def obligations(rules: Rules, ranking: Ranking) -> list[Document]:
    """What the winner is bound to, driver and amount as the policy writes them."""
    return [
        {"measure": given["id"], "driver": given["driver"], "amount": given["amount"]}
        for given in rules.of_kind("execution_cap")
        if ranking.winner and ranking.winner.bidder.meets(given)
    ]


def comparisons(rules: Rules, ranking: Ranking) -> list[Document]:
    """The winner against each other ranked bid."""
    winner = ranking.winner
    return [comparison(rules, winner, row) for row in ranking.rows if winner and row is not winner]


def comparison(rules: Rules, winner: Row, other: Row) -> Document:
    """The winner minus another bid, component by component."""
    places, adding = rules.decimals, rules.of_kind("add_points")

    def points_of(rounded_points: Fraction, exact: Fraction) -> Document:
        return {"points": fixed(rounded_points, places), "exact_points": ratio(exact)}

    def added(row: Row, key: str) -> Fraction:
        return row.bidder.effects[key].product if key in row.bidder.effects else ZERO

    def rounded_added(row: Row, key: str) -> Fraction:
        return rounded(added(row, key), places)

    return {
        "bid": other.bidder.id,
        "price": fixed(winner.bidder.price - other.bidder.price, 2),
        "evaluated_price": fixed(winner.bidder.evaluated_price - other.bidder.evaluated_price, 2),
        "exact_evaluated_price": ratio(winner.bidder.evaluated_price - other.bidder.evaluated_price),
        "criteria": {
            key: points_of(winner.points[key] - other.points[key], winner.exact[key] - other.exact[key])
            for key in winner.points
        },
        "measures": {
            m["id"]: points_of(
                rounded_added(winner, m["id"]) - rounded_added(other, m["id"]),
                added(winner, m["id"]) - added(other, m["id"]),
            )
            for m in adding
        },
        "bonus": fixed(winner.bidder.bonus - other.bidder.bonus, places),
        "scaling": fixed((winner.total - winner.unscaled) - (other.total - other.unscaled), places),
        "total": fixed(winner.total - other.total, places),
        "exact_flip_amount": {m["id"]: flip_amount(m, winner, other) for m in adding},
    }


def flip_amount(moving: Document, winner: Row, other: Row) -> str | None:
    """The amount of a measure, at least 0, at which two totals are equal; None when there is none."""
    (start, slope), (other_start, other_slope) = line_of(moving, winner), line_of(moving, other)
    if slope == other_slope:
        return None
    amount = (other_start - start) / (slope - other_slope)
    return ratio(amount) if amount >= 0 else None


def line_of(moving: Document, row: Row) -> tuple[Fraction, Fraction]:
    """The exact, uncapped total of a bid as a function of the amount of a measure: where it starts, its slope."""
    start, slope = total(row.exact.values()), ZERO
    for key, effect in row.bidder.effects.items():
        if key == moving["id"]:
            slope = row.bidder.slope(moving)
        elif effect.kind == "add_points":
            start += effect.product
    for effect in row.bidder.effects.values():
        if effect.kind == "scale_score":
            start, slope = start * effect.factor, slope * effect.factor
    return start, slope


def withdrawals(evaluation: Evaluation) -> list[Document]:
    """The other ranked bids without which somebody else, or nobody, would win."""
    winner = evaluation.ranking.winning_bid
    others = [row.bidder.id for row in evaluation.ranking.rows if winner and row.bidder.id != winner]
    instead = [(key, evaluation.winner_without(key)) for key in others]
    return [{"bid": key, "winner": then} for key, then in instead if then != winner]


# ---------------------------------------------------------------------------------------------------------------------
# 8. Merkle trees. RFC 6962, section 2.1.
# ---------------------------------------------------------------------------------------------------------------------


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(leaves: Iterable[bytes]) -> bytes:
    """The root over the data of leaves in order; SHA-256 of nothing for no leaf.

    Complete subtrees are merged as the leaves come, from the right at the end: this splits every level at the
    largest power of two below its size.
    """
    complete: list[tuple[int, bytes]] = []  # (height, hash), the heights falling
    for data in leaves:
        height, value = 0, leaf_hash(data)
        while complete and complete[-1][0] == height:
            value = node_hash(complete.pop()[1], value)
            height += 1
        complete.append((height, value))
    if not complete:
        return hashlib.sha256(b"").digest()
    root = complete.pop()[1]
    while complete:
        root = node_hash(complete.pop()[1], root)
    return root


def root_of_path(data: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that a leaf at `index` (from 0) of a tree of `size` and its siblings lead to.

    `path` holds the siblings from the leaf up. None when it is not as long as such a path is.
    """
    if not 0 <= index < size:
        return None
    value, last, left_over = leaf_hash(data), size - 1, list(path)
    while last > 0:
        if index % 2 == 1 or index < last:  # else the node has no sibling and moves up as it is
            if not left_over:
                return None
            sibling = left_over.pop(0)
            value = node_hash(sibling, value) if index % 2 == 1 else node_hash(value, sibling)
        index, last = index // 2, last // 2
    return None if left_over else value


# ---------------------------------------------------------------------------------------------------------------------
# 9. Ed25519. RFC 8032, section 5.1; the equation without the cofactor.
# ---------------------------------------------------------------------------------------------------------------------

FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, FIELD - 2, FIELD) % FIELD
ROOT_OF_MINUS_ONE = pow(2, (FIELD - 1) // 4, FIELD)

Point = tuple[int, int, int, int]
"""Extended coordinates X, Y, Z, T: x = X/Z, y = Y/Z, xy = T/Z."""

NEUTRAL: Point = (0, 1, 1, 0)


def plus(a: Point, b: Point) -> Point:
    """The sum of two points (RFC 8032, 5.1.4)."""
    first = (a[1] - a[0]) * (b[1] - b[0]) % FIELD
    second = (a[1] + a[0]) * (b[1] + b[0]) % FIELD
    third, fourth = 2 * a[3] * b[3] * CURVE_D % FIELD, 2 * a[2] * b[2] % FIELD
    e, f, g, h = second - first, fourth - third, fourth + third, second + first
    return e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD


def times(scalar: int, point: Point) -> Point:
    """A multiple of a point."""
    result = NEUTRAL
    while scalar > 0:
        if scalar % 2 == 1:
            result = plus(result, point)
        point, scalar = plus(point, point), scalar // 2
    return result


def same_point(a: Point, b: Point) -> bool:
    """Whether two coordinates are those of one point."""
    return (a[0] * b[2] - b[0] * a[2]) % FIELD == 0 and (a[1] * b[2] - b[1] * a[2]) % FIELD == 0


def decoded_point(encoded: bytes) -> Point | None:
    """The point that 32 bytes stand for (RFC 8032, 5.1.3); None where they are not the one encoding of a point."""
    number_of = int.from_bytes(encoded, "little")
    y, sign = number_of % 2**255, number_of >> 255
    if len(encoded) != 32 or y >= FIELD:
        return None
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, FIELD - 2, FIELD) % FIELD
    x = pow(square, (FIELD + 3) // 8, FIELD)
    if (x * x - square) % FIELD != 0:
        x = x * ROOT_OF_MINUS_ONE % FIELD
    if (x * x - square) % FIELD != 0 or (x == 0 and sign == 1):
        return None
    x = FIELD - x if x % 2 != sign else x
    return x, y, 1, x * y % FIELD


def usable_point(encoded: bytes) -> Point | None:
    """A point of an encoding, None for one of small order: such a key or R would let one signature fit any message."""
    point = decoded_point(encoded)
    return None if point is None or same_point(times(8, point), NEUTRAL) else point


BASE_POINT = decoded_point((4 * pow(5, FIELD - 2, FIELD) % FIELD).to_bytes(32, "little")) or NEUTRAL


def signature_holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether 64 bytes are the Ed25519 signature of a message under a public key of 32 bytes.

    False for an S that is not below the order of the group, and for a key or an R that is of small order or not
    encoded in the one way it has.
    """
    if len(signature) != 64 or len(key) != 32:
        return False
    public, r = usable_point(key), usable_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if public is None or r is None or s >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return same_point(times(s, BASE_POINT), plus(r, times(challenge, public)))


# ---------------------------------------------------------------------------------------------------------------------
# 10. The bundle as a file: what it holds, and that it is what its manifest lists.
# ---------------------------------------------------------------------------------------------------------------------

MOST_FILES, MOST_BYTES = 100_000, 2**30  # of a bundle, unpacked
MOST_TOLD = 20  # differences of one document
MANIFEST, LINES, PROOF = "manifest.json", "ledger/lines.json", "ledger/proof.json"
EVERYWHERE = ("documents.json", "parameters.json", "verify.py")
BUNDLE_NAME = re.compile(
    r"manifest\.json|documents\.json|parameters\.json|verify\.py|ledger/(lines|proof)\.json|policies/[^/\\]+\.json"
    r"|decisions/[0-9]{1,18}/((announcement|decision|rules|tender)\.json"
    r"|sheets/[1-9][0-9]{0,8}/(case|case\.redacted|commitment|sheet)\.json)"
)
DIGEST = matching(_is_text_of("[0-9a-f]{64}"), "this is a SHA-256: 64 hexadecimal digits")
NO_OR_DIGEST = matching(_is_text_of("([0-9a-f]{64})?"), "this is empty or a SHA-256: 64 hexadecimal digits")
SALT = matching(_is_text_of("[0-9a-f]{32}"), "a salt is 16 bytes: 32 hexadecimal digits")
SIGNATURE = matching(_is_text_of("[0-9a-f]{128}"), "a signature is 64 bytes: 128 hexadecimal digits")
WHOLE_ID = matching(_is_text_of("[0-9]+"), "this is a whole number written as a text")
OBJECT = matching(lambda value: isinstance(value, dict), "this is an object")
MANIFEST_FORM = record(
    {
        "schema": one_of("bareme-bundle/1"),
        "kind": one_of("full", "communicable"),
        "created_at": TEXT,
        "software": TEXT,
        "decisions": listed(WHOLE_ID),
        "lines": listed(DIGEST),
        "files": keyed(DIGEST),
    }
)
DOCUMENTS_FORM = listed(
    record(
        {"name": TEXT, "sha256": DIGEST, "size": INTEGER},
        {
            "kind": TEXT,
            "media_type": TEXT,
            "issued_on": TEXT,
            "expires_on": nullable(TEXT),
            "withdrawn": BOOLEAN,
            "about": TEXT,
            "title": TEXT,
            "original_name": TEXT,
        },
    )
)


class NotABundle(Exception):
    """The file is no bundle, or too damaged to be read as one."""


class Report:
    """What was found: what differs, what was not looked at, whether the signature of a known key is missing."""

    def __init__(self) -> None:
        self.differences: list[str] = []
        self.notes: list[str] = []
        self.unsigned = True

    def differs(self, sentence: str) -> None:
        """Something is not what it should be; said once."""
        if sentence not in self.differences:
            self.differences.append(sentence)

    def note(self, sentence: str) -> None:
        """Something that was not, or could not be, verified; said once."""
        if sentence not in self.notes:
            self.notes.append(sentence)


class Bundle:
    """The files of a bundle by name, and its manifest."""

    def __init__(self, files: dict[str, bytes], report: Report) -> None:
        self.files, self.report = files, report
        try:
            manifest = read_json(files[MANIFEST])
        except KeyError:
            raise NotABundle("it has no manifest.json") from None
        except Invalid as invalid:
            raise NotABundle(f"manifest.json cannot be read: {invalid}") from None
        if not isinstance(manifest, dict) or manifest.get("schema") != "bareme-bundle/1":
            raise NotABundle('the schema of manifest.json is not "bareme-bundle/1"')
        if self.misshapen(MANIFEST, manifest, MANIFEST_FORM):
            raise NotABundle("; ".join(report.differences))
        self.manifest: Document = manifest

    def misshapen(self, name: str, value: Any, form: Check) -> bool:
        """Whether a document is not of its form, which is then told."""
        problems = Problems()
        form(problems, value, "")
        for at, sentence in sorted(problems.found.items()):
            self.report.differs(f"{name}: {at or 'the document'}: {sentence}.")
        return bool(problems.found)

    def document(self, name: str, form: Check) -> Any:
        """A document of the bundle, None (and told) when it is missing, cannot be read or is not of its form."""
        if name not in self.files:
            self.report.differs(f"{name}: this file is missing.")
            return None
        try:
            value = read_json(self.files[name])
        except Invalid as invalid:
            self.report.differs(f"{name}: {invalid}.")
            return None
        return None if self.misshapen(name, value, form) else value


def unpacked(path: Path, report: Report) -> dict[str, bytes]:
    """The files of a zip by name. Raises NotABundle; what is not as a bundle has it is told."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if not entries:
                raise NotABundle("it holds no file")
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise NotABundle(f"it holds more than {MOST_FILES} files or {MOST_BYTES} bytes")
            if archive.comment:
                report.differs("The zip carries a comment, which a bundle does not.")
            check_entries(entries, report)
            check_layout(archive, report)
            return {entry.filename: archive.read(entry) for entry in entries if acceptable(entry)}
    except (OSError, EOFError, ValueError, RuntimeError) as error:
        raise NotABundle(f"it cannot be read as a zip ({error})") from None
    except (zipfile.BadZipFile, zlib.error) as error:
        raise NotABundle(f"it cannot be read as a zip, or is cut short ({error})") from None


def acceptable(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry has a name a bundle may hold, and can be read without a password."""
    return BUNDLE_NAME.fullmatch(entry.filename) is not None and entry.flag_bits & 1 == 0


def check_entries(entries: list[zipfile.ZipInfo], report: Report) -> None:
    """Names a bundle has, each once, in order; nothing that hides beside the contents."""
    names = [entry.filename for entry in entries]
    for name in sorted({name for name in names if names.count(name) > 1}):
        report.differs(f"{name}: this file is in the zip more than once.")
    if names != sorted(names):
        report.differs("The files of the zip are not in the order of their names.")
    for entry in entries:
        if not acceptable(entry):
            report.differs(f"{entry.filename!r}: a bundle holds no file of this name.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            report.differs(f"{entry.filename}: this file is neither stored nor deflated.")
        if entry.date_time != (1980, 1, 1, 0, 0, 0) or entry.comment or entry.extra:
            report.differs(f"{entry.filename}: the zip gives this file a date, a comment or an extra field.")


def check_layout(archive: zipfile.ZipFile, report: Report) -> None:
    """The bytes of the zip are those of its files and of the list of them: none before, between or behind."""
    end, gaps = 0, False
    for entry in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
        gaps = gaps or entry.header_offset != end
        end += 30 + len(entry.orig_filename.encode("utf-8")) + entry.compress_size
    in_list = sum(46 + len(entry.orig_filename.encode("utf-8")) for entry in archive.infolist())
    size = archive.fp.seek(0, 2) if archive.fp else 0
    if gaps or archive.start_dir != end or size != end + in_list + 22:
        report.differs("The zip holds bytes that belong to none of its files.")


def check_files(bundle: Bundle) -> None:
    """The files are exactly those of the manifest, each with its hash; those of the ledger stand beside it."""
    report, listed_files = bundle.report, bundle.manifest["files"]
    present = bundle.files.keys() - {MANIFEST, LINES, PROOF}
    for name in sorted(present - listed_files.keys()):
        report.differs(f"{name}: this file is not in the manifest.")
    for name in sorted((listed_files.keys() | {*EVERYWHERE, LINES, PROOF}) - bundle.files.keys()):
        report.differs(f"{name}: this file is missing.")
    for name in sorted(present & listed_files.keys()):
        if hashlib.sha256(bundle.files[name]).hexdigest() != listed_files[name]:
            report.differs(f"{name}: its bytes are not those of the manifest.")
    if "documents.json" in bundle.files:
        bundle.document("documents.json", DOCUMENTS_FORM)
    if "parameters.json" in bundle.files:
        bundle.document("parameters.json", ANYTHING)


# ---------------------------------------------------------------------------------------------------------------------
# 11. The record: lines, the chain they are from, the signed root they are in.
# ---------------------------------------------------------------------------------------------------------------------

LINE_FORM = record(
    {
        "sequence": matching(lambda value: _is_integer(value) and value > 0, "a sequence is a whole number above 0"),
        "at": TEXT,
        "actor": TEXT,
        "role": TEXT,
        "action": TEXT,
        "object": TEXT,
        "before": NO_OR_DIGEST,
        "after": NO_OR_DIGEST,
        "reason": NO_OR_DIGEST,
        "previous": DIGEST,
        "hash": DIGEST,
    }
)
ANCHOR_FORM = record(
    {
        "document": record(
            {
                "schema": one_of("bareme-anchor/1"),
                "chain": DIGEST,
                "size": INTEGER,
                "head": DIGEST,
                "root": DIGEST,
                "at": TEXT,
            }
        ),
        "signature": SIGNATURE,
        "key": DIGEST,
    }
)
PROOF_FORM = record({"anchor": nullable(ANCHOR_FORM), "inclusion": keyed(listed(DIGEST))})


class Record(NamedTuple):
    """The lines of the excerpt, in order."""

    lines: list[Document]

    def all(self, actions: tuple[str, ...], after: str) -> list[Document]:
        """The lines of one of these actions after which a thing has this digest."""
        return [line for line in self.lines if line["action"] in actions and line["after"] == after]

    def find(self, actions: tuple[str, ...], after: str) -> Document | None:
        """The last of these lines."""
        return next(reversed(self.all(actions, after)), None)

    def about(self, thing: str) -> list[Document]:
        """The lines about a thing."""
        return [line for line in self.lines if line["object"] == thing]


def fingerprint(key: str) -> str:
    """The fingerprint of a public key: the SHA-256 of its 32 bytes."""
    return hashlib.sha256(bytes.fromhex(key)).hexdigest()


def checked_record(bundle: Bundle, key: str | None) -> Record:
    """The lines of the excerpt, after every check of hashes, order, inclusion and signature."""
    lines = bundle.document(LINES, listed(LINE_FORM)) if LINES in bundle.files else None
    proof = bundle.document(PROOF, PROOF_FORM) if PROOF in bundle.files else None
    for name, value in ((LINES, lines), (PROOF, proof)):  # which no manifest lists
        if value is not None and bundle.files[name] != canonical(value):
            bundle.report.differs(f"{name}: these are not the canonical bytes of what it holds.")
    if lines is None:
        return Record([])
    check_chain(lines, bundle.report)
    check_export_line(bundle, lines)
    if proof is not None:
        check_inclusion(lines, proof, bundle.report)
        check_signature(proof["anchor"], key, bundle.report)
    return Record(lines)


def check_chain(lines: list[Document], report: Report) -> None:
    """Each line has the hash of its content, follows the one before, and names its hash where they are neighbours."""
    if not lines:
        report.differs(f"{LINES}: it holds no line.")
    before = None
    for line in lines:
        where = f"{LINES}: line {line['sequence']}"
        if sha256({key: value for key, value in line.items() if key != "hash"}) != line["hash"]:
            report.differs(f"{where}: its content does not have its hash: a field was changed.")
        if before and line["sequence"] <= before["sequence"]:
            report.differs(f"{where}: it stands after line {before['sequence']}: lines are in order, each once.")
        if before and line["sequence"] == before["sequence"] + 1 and line["previous"] != before["hash"]:
            report.differs(f"{where}: its previous hash is not that of line {before['sequence']}.")
        if line["sequence"] == 1 and line["previous"] != "0" * 64:
            report.differs(f"{where}: the first line of a chain names 64 zeros as its previous hash.")
        before = line


def check_export_line(bundle: Bundle, lines: list[Document]) -> None:
    """The export of each decision is in the record, with the digest of this manifest; all other lines are in that."""
    digest, report = hashlib.sha256(bundle.files[MANIFEST]).hexdigest(), bundle.report
    exports = [line for line in lines if line["action"] == "bundle.exported" and line["after"] == digest]
    wanted = {f"evaluation.Decision:{key}" for key in bundle.manifest["decisions"]}
    if not exports:
        report.differs(f"{MANIFEST}: no line of the record says that this manifest was exported.")
    elif {line["object"] for line in exports} != wanted or len(exports) != len(wanted):
        report.differs(f"{LINES}: the lines of this export are not one for each decision of the manifest.")
    others, told = [line for line in lines if line not in exports], bundle.manifest["lines"]
    for line in others:
        if line["hash"] not in told:
            report.differs(f"{LINES}: line {line['sequence']} is not among the lines that the manifest names.")
    if len(set(told) - {line["hash"] for line in others}):
        report.differs(f"{LINES}: a line that the manifest names is missing.")


def check_inclusion(lines: list[Document], proof: Document, report: Report) -> None:
    """Every line is in the tree of the anchor, and has its proof."""
    if proof["anchor"] is None:
        if proof["inclusion"]:
            report.differs(f"{PROOF}: it proves inclusion in no anchor.")
        return
    anchor, paths = proof["anchor"]["document"], proof["inclusion"]
    for number_of in sorted(paths.keys() - {str(line["sequence"]) for line in lines}):
        report.differs(f"{PROOF}: inclusion/{number_of}: the bundle holds no such line.")
    for line in lines:
        sequence, own = line["sequence"], bytes.fromhex(line["hash"])
        path = [bytes.fromhex(sibling) for sibling in paths.get(str(sequence), [])]
        root = root_of_path(own, sequence - 1, anchor["size"], path)
        if str(sequence) not in paths:
            report.differs(f"{PROOF}: line {sequence} has no proof of inclusion.")
        elif root is None or root.hex() != anchor["root"]:
            report.differs(f"{PROOF}: inclusion/{sequence}: line {sequence} is not in the tree that the anchor signs.")
        for place, field in ((1, "chain"), (anchor["size"], "head")):
            if sequence == place and line["hash"] != anchor[field]:
                report.differs(f"{PROOF}: anchor/document/{field}: this is not the hash of line {sequence}.")


def check_signature(anchor: Document | None, key: str | None, report: Report) -> None:
    """The anchor is signed, and by the key whose fingerprint was given."""
    if anchor is None:
        report.note("The bundle has no signed anchor.")
        if key is not None:
            report.differs(f"{PROOF}: there is no anchor to hold against the key you gave.")
        return
    message = b"bareme-anchor/1\n" + canonical(anchor["document"])
    if not signature_holds(bytes.fromhex(anchor["key"]), message, bytes.fromhex(anchor["signature"])):
        report.differs(f"{PROOF}: anchor/signature: the key of the anchor did not sign it.")
    if key is None:
        said = fingerprint(anchor["key"])
        report.note(f"Give --key to verify who signed. The fingerprint of the key that signed is {said}.")
    elif fingerprint(anchor["key"]) != key:
        report.differs(f"{PROOF}: anchor/key: this is another key than the one you gave.")
    else:
        report.unsigned = False
    last, at = anchor["document"]["size"], anchor["document"]["at"]
    report.note(f"The anchor was signed {at} over lines 1 to {last} of the record, of which this is an excerpt.")


# ---------------------------------------------------------------------------------------------------------------------
# 12. Decisions: what was published, what was scored, what was decided.
# ---------------------------------------------------------------------------------------------------------------------

ANNOUNCED = ("tender.announced",)
SCORED = ("lot.scored", "lot.simulated")
DECIDED = {"lot.awarded": ("awarded",), "lot.ended": ("unsuccessful", "without_follow_up")}
DECISION_FORM = record(
    {
        "schema": one_of("bareme-decision/1"),
        "id": WHOLE_ID,
        "lot": TEXT,
        "tender": TEXT,
        "outcome": one_of("awarded", "unsuccessful", "without_follow_up"),
        "bid": nullable(TEXT),
        "sheet": nullable(INTEGER),
        "draw": TEXT,
        "reason": TEXT,
        "decided_at": TEXT,
        "lifted": listed(record({"code": TEXT, "finding_sha256": DIGEST, "reason": TEXT, "lifted_at": TEXT})),
    }
)
RULES_FORM = record(
    {
        "tender": TENDER,
        "rounding": OBJECT,
        "criteria": listed(OBJECT),
        "tie_break": listed(TEXT),
        "policy": nullable(record({"id": IDENTIFIER, "version": INTEGER, "sha256": DIGEST})),
    }
)
TENDER_FORM = record({"lots": keyed(DIGEST)}, {"announced": keyed(DIGEST)})
COMMITMENT_FORM = record({"schema": one_of("bareme-commitment/1"), "case_root": DIGEST, "key": DIGEST})
RATIO = matching(_is_text_of("-?[0-9]{1,4000}/[1-9][0-9]{0,3999}"), "this is numerator/denominator")
FIXED = matching(_is_text_of(r"-?[0-9]{1,4000}(\.[0-9]{1,6})?"), "this is a decimal")
ANNOUNCEMENT_FORM = record(
    {
        "schema": one_of("bareme-announcement/1"),
        "tender": TEXT,
        "lot": INTEGER,
        "training": BOOLEAN,
        "rules_sha256": DIGEST,
        "anonymous": BOOLEAN,
        "two_envelopes": BOOLEAN,
        "steps": keyed(listed(record({"value": TEXT, "meaning": TEXT}))),
        "effective_weights": keyed(RATIO),
        "texts": keyed(
            record(
                {
                    "title": TEXT,
                    "subtitle": TEXT,
                    "sections": listed(record({"title": TEXT, "blocks": listed(OBJECT)})),
                }
            )
        ),
    }
)
MEASURED_FORM = record({"exact_driver": RATIO}, {"points": FIXED, "exact_points": RATIO, "exact_factor": RATIO})
ROW_FORM = record(
    {
        "bid": TEXT,
        "rank": INTEGER,
        "tied": BOOLEAN,
        "total": FIXED,
        "price": FIXED,
        "evaluated_price": FIXED,
        "exact_evaluated_price": RATIO,
        "criteria": keyed(record({"points": FIXED, "exact_points": RATIO})),
        "measures": keyed(MEASURED_FORM),
        "bonus": FIXED,
        "european_share": nullable(FIXED),
        "environment": nullable(FIXED),
        "cashback": nullable(FIXED),
        "rank_if_european": nullable(INTEGER),
        "rank_if_not": nullable(INTEGER),
    }
)
SHEET_FORM = record(
    {
        "schema": one_of("bareme-scoresheet/1"),
        "case_sha256": DIGEST,
        "policy": nullable(record({"id": IDENTIFIER, "version": INTEGER})),
        "winner": nullable(TEXT),
        "tied": BOOLEAN,
        "ranking": listed(ROW_FORM),
        "excluded": listed(record({"bid": TEXT, "reason": TEXT})),
        "alerts": listed(OBJECT),
        "right_to_match": listed(OBJECT),
        "obligations": listed(OBJECT),
        "without_policy": OBJECT,
        "comparisons": listed(OBJECT),
        "withdrawals": listed(OBJECT),
        "findings": listed(OBJECT),
    }
)


class Sheet(NamedTuple):
    """A score sheet of the bundle, with the line that recorded it and the policy it was computed under."""

    number: int
    document: Document
    line: Document
    policy: Document | None


def differences(expected: Any, found: Any, at: str = "") -> Iterator[str]:
    """Where two JSON values differ, each with its pointer."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted(expected.keys() | found.keys()):
            if key not in found:
                yield f"{below(at, key)} is missing"
            elif key not in expected:
                yield f"{below(at, key)} should not be there"
            else:
                yield from differences(expected[key], found[key], below(at, key))
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, member in enumerate(expected):
            yield from differences(member, found[index], below(at, index))
    elif type(expected) is not type(found) or expected != found:
        yield f"{at or 'the document'} is {shown(found)} and should be {shown(expected)}"


def shown(value: Any) -> str:
    """A value, short enough for a sentence."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "..."


def tell_differences(report: Report, name: str, expected: Any, found: Any, why: str) -> None:
    """One sentence for each place where a document is not what it should be, up to twenty."""
    all_of_them = list(differences(expected, found))
    for difference in all_of_them[:MOST_TOLD]:
        report.differs(f"{name}: {difference} ({why}).")
    if len(all_of_them) > MOST_TOLD:
        report.differs(f"{name}: {len(all_of_them) - MOST_TOLD} more differences ({why}).")


def check_decisions(bundle: Bundle, the_record: Record) -> list[str]:
    """Each decision of the manifest; a sentence on each."""
    wanted = bundle.manifest["decisions"]
    held = {name.split("/")[1] for name in bundle.files if name.startswith("decisions/")}
    if not wanted:
        bundle.report.differs(f"{MANIFEST}: it lists no decision.")
    if len(set(wanted)) < len(wanted):
        bundle.report.differs(f"{MANIFEST}: it lists a decision more than once.")
    for key in sorted(held - set(wanted)):
        bundle.report.differs(f"decisions/{key}: this decision is not in the manifest.")
    said = []
    for key in wanted:
        before = len(bundle.report.differences)
        lot, outcome = check_decision(bundle, the_record, key) or ("lot unknown", "")
        same = "same" if len(bundle.report.differences) == before else "DIFFERENT"
        said.append(f"Decision {key} ({lot}): {same}.{outcome}")
    check_policies(bundle, the_record)
    return said


def check_decision(bundle: Bundle, the_record: Record, key: str) -> tuple[str, str] | None:
    """One decision with its rules and sheets; its lot and how that ended, None when this cannot be told."""
    folder, report = f"decisions/{key}", bundle.report
    decision = bundle.document(f"{folder}/decision.json", DECISION_FORM)
    rules = bundle.document(f"{folder}/rules.json", RULES_FORM)
    tender = bundle.document(f"{folder}/tender.json", TENDER_FORM)
    if decision is None or rules is None or tender is None:
        return None
    if decision["id"] != key:
        report.differs(f"{folder}/decision.json: /id is {shown(decision['id'])} in the folder of decision {key}.")
    line = the_record.find(tuple(DECIDED), sha256(decision))
    if line is None:
        report.differs(f"{folder}/decision.json: no line of the record says that this was decided.")
        return None
    if line["object"] != decision["lot"]:
        report.differs(f"{folder}/decision.json: /lot: line {line['sequence']} speaks of {line['object']}.")
    if decision["outcome"] not in DECIDED[line["action"]]:
        report.differs(
            f"{folder}/decision.json: /outcome does not go with {line['action']} of line {line['sequence']}."
        )
    if line["at"] != decision["decided_at"]:
        report.differs(f"{folder}/decision.json: /decided_at: line {line['sequence']} was written {line['at']}.")
    publication = the_record.find(("tender.published",), sha256(tender["lots"]))
    published = publication["sequence"] if publication else 0
    check_published(bundle, folder, decision, rules, tender, publication)
    check_announced(bundle, the_record, folder, decision, rules, tender, published)
    check_turns(report, the_record, decision, line, published)
    numbers = sheet_numbers(bundle, folder)
    found = [check_sheet(bundle, the_record, folder, number_of, rules, decision["bid"]) for number_of in numbers]
    sheets = [sheet for sheet in found if sheet]
    check_approvals(report, the_record, sheets, published)
    check_rests_on(report, the_record, folder, decision, line, sheets)
    return str(line["object"]), f" Lot {rules['tender']['id']}: {ending(decision)}."


def ending(decision: Document) -> str:
    """How a lot ended."""
    return f"awarded to {decision['bid']}" if decision["bid"] is not None else decision["outcome"].replace("_", " ")


def check_published(
    bundle: Bundle, folder: str, decision: Document, rules: Document, tender: Document, line: Document | None
) -> None:
    """The rules are those that a line of the record says were published for the lot."""
    lot_number = rules["tender"]["id"].rpartition("/")[2]
    if tender["lots"].get(lot_number) != sha256(rules):
        bundle.report.differs(
            f"{folder}/rules.json: these are not the rules that tender.json has for lot {lot_number}."
        )
    if line is None:
        bundle.report.differs(f"{folder}/tender.json: no line of the record says that these rules were published.")
    elif line["object"] != decision["tender"]:
        bundle.report.differs(f"{folder}/decision.json: /tender: line {line['sequence']} published {line['object']}.")


def check_announced(
    bundle: Bundle,
    the_record: Record,
    folder: str,
    decision: Document,
    rules: Document,
    tender: Document,
    published: int,
) -> None:
    """What the lot announced, in words, is what a line of the record says was announced with these rules."""
    report, name, announced = bundle.report, f"{folder}/announcement.json", tender.get("announced")
    if announced is None:  # published before lots had an announcement
        if name in bundle.files:
            report.differs(f"{name}: the hashes of what was announced are not in the bundle.")
        if any(line["action"] == ANNOUNCED[0] for line in the_record.about(decision["tender"])):
            report.differs(f"{name}: this file is missing, and a line of the record says that criteria were announced.")
        return
    document = bundle.document(name, ANNOUNCEMENT_FORM)
    line = the_record.find(ANNOUNCED, sha256(announced))
    if line is None:
        report.differs(f"{name}: no line of the record says that this was announced.")
    elif line["object"] != decision["tender"]:
        report.differs(f"{name}: line {line['sequence']} announced criteria of {line['object']}.")
    elif not published < line["sequence"] < opening(the_record, decision["tender"], published):
        report.differs(
            f"{LINES}: line {line['sequence']}: criteria are announced after the publication, and no later"
            " than the opening."
        )
    if document is None:
        return
    if announced.get(rules["tender"]["id"].rpartition("/")[2]) != sha256(document):
        report.differs(f"{name}: this is not the text that was announced for the lot.")
    if document["rules_sha256"] != sha256(rules):
        report.differs(f"{name}: /rules_sha256 is not that of the rules of the lot.")


def check_turns(report: Report, the_record: Record, decision: Document, line: Document, published: int) -> None:
    """Published, opened, scored, decided, tried under other rules: each in its turn; and decided once."""
    decided, opened = line["sequence"], opening(the_record, decision["tender"], published)
    if published > decided:
        report.differs(f"{LINES}: line {published}: these rules were published after line {decided} had decided.")
    for other in the_record.about(line["object"]):
        at, where = other["sequence"], f"{LINES}: line {other['sequence']}"
        if other["action"] in DECIDED and at != decided:
            report.differs(f"{where}: {line['object']} is decided more than once.")
        if other["action"] == "lot.scored" and not opened < at < decided:
            report.differs(f"{where}: a lot is scored after the bids were opened and before the decision.")
        if other["action"] == "lot.simulated" and at < decided:
            report.differs(f"{where}: other rules are tried after the decision alone.")


def opening(the_record: Record, tender: str, published: int) -> int:
    """The sequence of the line that opened the bids of a tender after its publication; above all without one."""
    opened = [line["sequence"] for line in the_record.about(tender) if line["action"] == "tender.opened"]
    return min((sequence for sequence in opened if sequence > published), default=LARGEST)


def sheet_numbers(bundle: Bundle, folder: str) -> list[int]:
    """The numbers of the sheets in a decision's folder."""
    parts = [name[len(folder) + 1 :].split("/") for name in bundle.files if name.startswith(folder + "/sheets/")]
    return sorted({int(part[1]) for part in parts})


def check_sheet(
    bundle: Bundle, the_record: Record, folder: str, number_of: int, rules: Document, awarded: str | None
) -> Sheet | None:
    """One sheet with its case: recomputed, and the one the record says was scored."""
    place, report = f"{folder}/sheets/{number_of}", bundle.report
    sheet = bundle.document(f"{place}/sheet.json", SHEET_FORM)
    if sheet is None:
        return None
    report.note("The findings of the sheets are the law's guards: their hash is verified, they are not computed again.")
    if bundle.manifest["kind"] == "full":
        opened = full_case(bundle, place, sheet)
    else:
        opened = communicable_case(bundle, place, sheet, awarded)
    if opened is None:
        return None
    case, root, name = opened
    after = sha256({"case": sheet["case_sha256"], "case_root": root, "sheet": sha256(sheet)})
    line = the_record.find(SCORED, after)
    if line is None:
        report.differs(f"{place}/sheet.json: no line of the record says that this sheet was computed from this case.")
        return None
    if line["action"] == "lot.scored":
        tell_differences(report, name, ruled(rules), ruled(case), "as the rules were published")
        published = rules["policy"]
        if published != described(case.get("policy")):
            report.differs(f"{name}: /policy is not the one the published rules name.")
    check_case_policy(bundle, name, case.get("policy"))
    return Sheet(number_of, sheet, line, case.get("policy"))


def ruled(document: Document) -> Document:
    """The members that a case takes from the published rules."""
    return {key: document.get(key) for key in ("tender", "rounding", "criteria", "tie_break")}


def described(the_policy: Document | None) -> Document | None:
    """A policy as published rules name it."""
    if the_policy is None:
        return None
    return {"id": the_policy.get("id"), "version": the_policy.get("version"), "sha256": sha256(the_policy)}


def check_case_policy(bundle: Bundle, name: str, the_policy: Document | None) -> None:
    """The policy in a case is the document of the bundle, whose approval `check_policies` looks for."""
    if the_policy is None:
        return
    file_name = f"policies/{the_policy.get('id')}-{the_policy.get('version')}.json"
    document = bundle.document(file_name, OBJECT)
    if document is not None:
        tell_differences(bundle.report, name, document, the_policy, f"the policy as {file_name} has it")


def check_policies(bundle: Bundle, the_record: Record) -> None:
    """Every policy of the bundle was approved as it stands."""
    for name in sorted(name for name in bundle.files if name.startswith("policies/")):
        document = bundle.document(name, OBJECT)
        if document is not None and the_record.find(("policy_version.approved",), sha256(document)) is None:
            bundle.report.differs(f"{name}: no line of the record says that this policy was approved.")


def check_approvals(report: Report, the_record: Record, sheets: list[Sheet], published: int) -> None:
    """A policy was approved before the rules that name it were published, or before it was tried."""
    for sheet in sheets:
        used = published if published and sheet.line["action"] == "lot.scored" else sheet.line["sequence"]
        approvals = the_record.all(("policy_version.approved",), sha256(sheet.policy)) if sheet.policy else []
        if approvals and approvals[0]["sequence"] > used:
            approved = approvals[0]["sequence"]
            report.differs(f"{LINES}: line {approved}: this policy was approved after line {used} had used it.")


def check_rests_on(
    report: Report, the_record: Record, folder: str, decision: Document, line: Document, sheets: list[Sheet]
) -> None:
    """The decision rests on the last sheet of the published rules before it, and every sheet recorded is here."""
    of_lot = the_record.about(line["object"])
    scored = [other for other in of_lot if other["action"] == "lot.scored" and other["sequence"] < line["sequence"]]
    kept = {sheet.line["sequence"] for sheet in sheets}
    for other in of_lot:
        if other["action"] in SCORED and other["sequence"] not in kept:
            report.differs(f"{folder}/sheets: the sheet that line {other['sequence']} recorded is missing.")
    for sheet in sheets:
        if sheet.line["object"] != line["object"]:
            report.differs(f"{folder}/sheets/{sheet.number}/sheet.json: it was computed for {sheet.line['object']}.")
    chosen = next((sheet for sheet in sheets if sheet.number == decision["sheet"]), None)
    if decision["sheet"] is None:
        if line["before"]:
            report.differs(f"{folder}/decision.json: /sheet: line {line['sequence']} names a sheet, the decision none.")
    elif chosen is None:
        report.differs(f"{folder}/decision.json: /sheet: sheet {decision['sheet']} is not in the bundle as recorded.")
    elif line["before"] != sha256(chosen.document):
        report.differs(f"{folder}/decision.json: /sheet: line {line['sequence']} names another sheet.")
    elif not scored or chosen.line is not scored[-1]:
        report.differs(f"{folder}/decision.json: /sheet: this is not the last sheet of the rules before the decision.")
    check_outcome(report, f"{folder}/decision.json", decision, chosen)
    if chosen is not None and decision["outcome"] == "awarded":
        check_lifted(report, f"{folder}/decision.json: /lifted", decision["lifted"], chosen, line, of_lot)


def check_outcome(report: Report, name: str, decision: Document, chosen: Sheet | None) -> None:
    """An award goes to the winner, or to one of several first bids by a recorded draw; an end goes to nobody."""
    if decision["outcome"] != "awarded":
        if decision["bid"] is not None:
            report.differs(f"{name}: /bid: a lot that ends without an award has no winning bid.")
        return
    first = [row["bid"] for row in chosen.document["ranking"] if row["rank"] == 1] if chosen else []
    if decision["bid"] not in first:
        report.differs(f"{name}: /bid: {shown(decision['bid'])} does not win in the sheet.")
    elif (len(first) > 1) != bool(decision["draw"].strip()):
        report.differs(f"{name}: /draw: a draw is recorded where, and only where, several bids are first.")


def check_lifted(
    report: Report, where: str, lifted: list[Document], chosen: Sheet, line: Document, of_lot: list[Document]
) -> None:
    """Each finding that blocks the award was lifted before it, by somebody else than who awarded; and no other."""
    blocks = {
        sha256({"code": finding.get("code"), "values": finding.get("values")}): finding.get("code")
        for finding in chosen.document["findings"]
        if finding.get("severity") == "block"
    }
    for code in sorted({str(blocks[digest]) for digest in blocks.keys() - {lift["finding_sha256"] for lift in lifted}}):
        report.differs(f"{where}: finding {code} of the sheet blocks the award, and nobody lifted it.")
    for lift in lifted:
        if blocks.get(lift["finding_sha256"]) != lift["code"]:
            report.differs(f"{where}: no finding {lift['code']} of the sheet blocks the award as it was lifted.")
        lifting = [
            other for other in of_lot if other["action"] == "lot.block_lifted" and other["at"] == lift["lifted_at"]
        ]
        if not any(other["sequence"] < line["sequence"] and other["actor"] != line["actor"] for other in lifting):
            report.differs(f"{where}: no line says that a second person lifted {lift['code']} before the award.")


def full_case(bundle: Bundle, place: str, sheet: Document) -> tuple[Document, str, str] | None:
    """The case of a full bundle, its root and its file name, after the sheet was recomputed from it."""
    name, report = f"{place}/case.json", bundle.report
    case = bundle.document(name, OBJECT)
    commitment = bundle.document(f"{place}/commitment.json", COMMITMENT_FORM)
    if case is None or commitment is None:
        return None
    problems = case_problems(case)
    for at, sentence in sorted(problems.items()):
        report.differs(f"{name}: {at or 'the document'}: {sentence}.")
    if problems:
        return None
    given = {key: value for key, value in sheet.items() if key != "findings"}
    tell_differences(report, f"{place}/sheet.json", sheet_of(case), given, "recomputed from the case")
    root = case_root(case, bytes.fromhex(commitment["key"]))
    if root != commitment["case_root"]:
        report.differs(f"{place}/commitment.json: /case_root is not the root of the case under this key.")
    return case, root, name


def leaves_of(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar of a document with its pointer; an empty list or object is a leaf too."""
    if isinstance(value, (dict, list)) and value:
        for key, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves_of(member, below(at, key))
    else:
        yield at, value


def committed_leaf(salt: bytes, pointer: str, value: Any) -> bytes:
    """The commitment to one leaf of a case."""
    return hashlib.sha256(b"bareme-leaf/1\n" + salt + canonical([pointer, value])).digest()


def case_root(case: Document, key: bytes) -> str:
    """The root over the leaves of a case in the order of their pointers, salted under a key of 32 bytes."""
    salted = [
        committed_leaf(hmac.new(key, pointer.encode("utf-8"), hashlib.sha256).digest()[:16], pointer, value)
        for pointer, value in sorted(leaves_of(case), key=lambda leaf: leaf[0])
    ]
    return tree_root(salted).hex()


# ---------------------------------------------------------------------------------------------------------------------
# 13. Communicable cases: secret leaves are hashes; what does not rest on them is computed again all the same.
# ---------------------------------------------------------------------------------------------------------------------

SECRET = re.compile(r"/bids/[0-9]+/(lines/[0-9]+/(unit_price|origins/.*)|environment/.*)")
SECRET_NAME = re.compile(r"/bids/([0-9]+)/supplier/name")
KEYED = re.compile(r"/bids/[0-9]+/(marks|environment)|/policy/(areas|indicators/[0-9]+/labels)")
"""Objects of a case whose keys are free, and could be numbers."""

REDACTED_FORM = record(
    {
        "schema": one_of("bareme-redacted-case/1"),
        "root": DIGEST,
        "leaves": listed(
            record({"pointer": TEXT}, {"value": ANYTHING, "salt": SALT, "hash": DIGEST, "pointer_hidden": BOOLEAN})
        ),
    }
)
HIDDEN = "hidden"
NOT_RECOMPUTED = (
    "Communicable: unit prices, origins and evidence are secret, so these were not computed again: case_sha256, the "
    "drivers they make (taken from the sheet), european_share, environment, cashback, rank_if_european, rank_if_not, "
    "without_policy, right_to_match, obligations, and exclusions by a gate or a floor. All the rest of each sheet was."
)
HIDDEN_TIE = (
    "Communicable: bids of equal totals are told apart by an exact share or environmental value that is secret; ranks "
    "and what follows from them were taken from the sheet."
)


def communicable_case(
    bundle: Bundle, place: str, sheet: Document, awarded: str | None
) -> tuple[Document, str, str] | None:
    """The visible part of a case, its root and its file name, after what rests on it was recomputed."""
    name, report = f"{place}/case.redacted.json", bundle.report
    document = bundle.document(name, REDACTED_FORM)
    if document is None or not sound_leaves(report, name, document):
        return None
    case = rebuilt({leaf["pointer"]: leaf.get("value", HIDDEN) for leaf in document["leaves"]})
    check_hidden(report, name, document["leaves"], awarded)
    if not isinstance(case, dict) or not is_visible_case(report, name, case):
        return None
    report.note(NOT_RECOMPUTED)
    if check_bids(report, place, case, sheet):
        check_disclosed(report, f"{place}/sheet.json", case, sheet)
    return case, document["root"], name


def sound_leaves(report: Report, name: str, document: Document) -> bool:
    """Whether the leaves are in order, each disclosed or hidden, and make the root."""
    before, hashes = len(report.differences), []
    pointers = [leaf["pointer"] for leaf in document["leaves"]]
    if pointers != sorted(set(pointers)):
        report.differs(f"{name}: the leaves are not in the order of their pointers, each once.")
    elif max((pointer.count("/") for pointer in pointers), default=0) > DEEPEST or pointers != pointers_of(document):
        report.differs(f"{name}: the pointers are not those of the leaves of one document.")
    for leaf in document["leaves"]:
        if "hash" in leaf and "value" not in leaf and "salt" not in leaf:
            hashes.append(bytes.fromhex(leaf["hash"]))
        elif "hash" not in leaf and "value" in leaf and "salt" in leaf:
            hashes.append(committed_leaf(bytes.fromhex(leaf["salt"]), leaf["pointer"], leaf["value"]))
        else:
            report.differs(f"{name}: {leaf['pointer']}: a leaf has a value and its salt, or a hash alone.")
    if tree_root(hashes).hex() != document["root"]:
        report.differs(f"{name}: the leaves do not make the root: a value, a salt or a pointer was changed.")
    return len(report.differences) == before


def pointers_of(document: Document) -> list[str]:
    """The pointers that the leaves of a redacted case have once they are put together."""
    case = rebuilt({leaf["pointer"]: leaf.get("value", HIDDEN) for leaf in document["leaves"]})
    return sorted(pointer for pointer, _value in leaves_of(case))


def rebuilt(leaves: Document, at: str = "") -> Any:
    """The value at a place whose leaves are given by pointer from there; objects and lists by their keys."""
    if "" in leaves:
        return leaves[""]
    parts: dict[str, Document] = {}
    for pointer, value in leaves.items():
        key, slash, inside = pointer[1:].partition("/")
        parts.setdefault(key, {})[slash + inside] = value
    if not KEYED.fullmatch(at) and set(parts) == {str(index) for index in range(len(parts))}:
        return [rebuilt(parts[str(index)], f"{at}/{index}") for index in range(len(parts))]
    return {key.replace("~1", "/").replace("~0", "~"): rebuilt(inside, f"{at}/{key}") for key, inside in parts.items()}


def check_hidden(report: Report, name: str, leaves: list[Document], awarded: str | None) -> None:
    """Only what is secret is hidden; the names of operators are, but for the one the lot was awarded to."""
    ids = {leaf["pointer"]: leaf.get("value") for leaf in leaves}
    for leaf in leaves:
        pointer, named = leaf["pointer"], SECRET_NAME.fullmatch(leaf["pointer"])
        if "value" in leaf or SECRET.fullmatch(pointer):
            continue
        if named is None or (awarded is not None and ids.get(f"/bids/{named[1]}/id") == awarded):
            report.differs(f"{name}: {pointer} is hidden and is no secret.")


def is_visible_case(report: Report, name: str, case: Document) -> bool:
    """Whether what is visible is a valid case: problems that only what is hidden causes are none."""
    problems = {at: sentence for at, sentence in case_problems(case).items() if not may_be_hidden(at)}
    for at, sentence in sorted(problems.items()):
        report.differs(f"{name}: {at or 'the document'}: {sentence}.")
    return not problems


def may_be_hidden(pointer: str) -> bool:
    """Whether a problem at this place may come from a hidden leaf."""
    return re.match(r"/bids/[0-9]+/(lines|environment|supplier/name)(/|$)", pointer) is not None


def check_bids(report: Report, place: str, case: Document, sheet: Document) -> bool:
    """Whether the sheet ranks or excludes each bid of the case once, by the reasons that can be seen."""
    name, bids, before = f"{place}/sheet.json", {given["id"]: given for given in case["bids"]}, len(report.differences)
    told = [row["bid"] for row in sheet["ranking"]] + [row["bid"] for row in sheet["excluded"]]
    if sorted(told) != sorted(bids):
        report.differs(f"{name}: it does not rank or exclude each bid of the case once.")
    rules, reasons = Rules(case), {row["bid"]: row["reason"] for row in sheet["excluded"]}
    barring = {given["id"] for given in rules.of_kind("gate", "floor")}
    for key, given in bids.items():
        seen, told_reason = reason_to_exclude(Bidder(without_barriers(rules), given)), reasons.get(key)
        if told_reason != seen and (seen is not None or told_reason not in barring):
            report.differs(f"{name}: bid {key} is excluded for {shown(told_reason)} and should be for {shown(seen)}.")
    return len(report.differences) == before


def without_barriers(rules: Rules) -> Rules:
    """The same rules without gates and floors, whose drivers may be secret."""
    plain = copy.copy(rules)
    plain.measures = [given for given in rules.measures if given["kind"] not in ("gate", "floor")]
    return plain


class Disclosed(Bidder):
    """A ranked bid of a communicable case: what is secret is taken from its row in the sheet."""

    def __init__(self, rules: Rules, given: Document, row: Document) -> None:
        super().__init__(rules, given)
        self.row = row
        self.exclusion = None
        self.price = Fraction(given["price"] if "price" in given else row["price"])
        self.european_share = Fraction(row["european_share"] or "0")
        self.environment = Fraction(row["environment"] or "0")

    def meets(self, given: Document) -> bool:
        """Whether the sheet says that a measure applies."""
        return given["id"] in self.row["measures"]

    @cached_property
    def effects(self) -> dict[str, Effect]:
        """What the measures the sheet names do, from the exact drivers it gives."""
        moving = self.rules.of_kind(*PRICE_MEASURES, "add_points", "scale_score")
        return {m["id"]: Effect(m["kind"], self.driver_of(m), self.product(m)) for m in moving if self.meets(m)}

    def slope(self, given: Document) -> Fraction:
        """curve(driver) of a measure."""
        return curve_at(given.get("curve", DEFAULT_CURVE), self.driver_of(given))

    def driver_of(self, given: Document) -> Fraction:
        """The driver of a measure: computed from marks, else the one in the sheet."""
        if given["driver"] == "one" or given["driver"].startswith("mark:"):
            return self.driver(given["driver"])
        return Fraction(self.row["measures"][given["id"]]["exact_driver"])


def check_disclosed(report: Report, name: str, case: Document, sheet: Document) -> None:
    """Recompute, from the visible case and the drivers of the sheet, all that follows from them."""
    rules, bids = Rules(case), {given["id"]: given for given in case["bids"]}
    known = {given["id"] for given in rules.of_kind(*PRICE_MEASURES, "add_points", "scale_score")}
    for row in sheet["ranking"]:
        if not row["measures"].keys() <= known:
            report.differs(f"{name}: bid {row['bid']} has a measure that its policy has not.")
            return
    bidders = [Disclosed(rules, bids[row["bid"]], row) for row in sheet["ranking"]]
    if any(bidder.price <= 0 or bidder.evaluated_price <= 0 for bidder in bidders):
        report.differs(f"{name}: a ranked bid has no price above 0.")
        return
    ranking = ranked(rules, bidders)
    expected: Document = {
        "policy": described_briefly(rules.policy),
        "ranking": [computed_row(row) for row in ranking.rows],
        "alerts": alerts(ranking),
    }
    if hides_tie(rules, ranking):
        report.note(HIDDEN_TIE)
        places = {row["bid"]: (row["rank"], row["tied"]) for row in sheet["ranking"]}
        for row in expected["ranking"]:
            row["rank"], row["tied"] = places[row["bid"]]
        expected["ranking"].sort(key=lambda row: (row["rank"], row["bid"]))
    else:
        expected.update(disclosed_explanations(rules, bidders, ranking))
    found = {key: sheet[key] for key in expected}
    keys = expected["ranking"][0].keys() if expected["ranking"] else ()
    found["ranking"] = [{key: row[key] for key in keys} for row in sheet["ranking"]]
    tell_differences(report, name, expected, found, "recomputed from what is visible")


def described_briefly(the_policy: Document | None) -> Document | None:
    """A policy as a sheet names it."""
    return {"id": the_policy["id"], "version": the_policy["version"]} if the_policy else None


def hides_tie(rules: Rules, ranking: Ranking) -> bool:
    """Whether bids that look tied may be told apart by what the sheet only gives rounded."""
    exact_rules = {"higher_environment", "higher_european_share"} & set(rules.tie_break)
    totals = [row.total for row in ranking.rows]
    return bool(rules.policy and exact_rules and len(set(totals)) < len(totals))


def disclosed_explanations(rules: Rules, bidders: list[Disclosed], ranking: Ranking) -> Document:
    """The winner, and the explanations that rest on no secret."""
    others = [bidder for bidder in bidders if ranking.winner and bidder.id != ranking.winning_bid]
    order = {row.bidder.id: row.rank for row in ranking.rows}
    instead = []
    for bidder in sorted(others, key=lambda other: (order[other.id], other.id)):
        then = ranked(rules, [other for other in bidders if other is not bidder]).winning_bid
        if then != ranking.winning_bid:
            instead.append({"bid": bidder.id, "winner": then})
    return {
        "winner": ranking.winning_bid,
        "tied": bool(ranking.rows) and ranking.winner is None,
        "comparisons": comparisons(rules, ranking),
        "withdrawals": instead,
    }


# ---------------------------------------------------------------------------------------------------------------------
# 14. The command line.
# ---------------------------------------------------------------------------------------------------------------------

VERIFIED, DIFFERENT, NO_BUNDLE = 0, 1, 2


def verify(path: Path, key: str | None = None) -> tuple[list[str], Report]:
    """Every check of a bundle: a sentence on each decision, and the report. Raises NotABundle."""
    report = Report()
    bundle = Bundle(unpacked(path, report), report)
    check_files(bundle)
    said = check_decisions(bundle, checked_record(bundle, key))
    return [f"A {bundle.manifest['kind']} bundle, made {bundle.manifest['created_at']}.", *said], report


def answered(line: bytes) -> Document:
    """The sheet of a case written on a line, or {"errors": [pointers]}."""
    try:
        case = read_json(line)
    except Invalid as invalid:
        return {"errors": sorted(invalid.problems)}
    problems = case_problems(case)
    return {"errors": sorted(problems)} if problems else sheet_of(case)


def answer_cases(path: Path) -> int:
    """Print what every line of a file answers."""
    with path.open("rb") as lines:
        for line in lines:
            sys.stdout.write(json.dumps(answered(line.rstrip(b"\r\n")), ensure_ascii=False) + "\n")
    return VERIFIED


def key_given(text: str) -> str:
    """A fingerprint as somebody types it: 64 hexadecimal digits, spaces and colons apart."""
    digits = re.sub(r"[\s:]", "", text).lower()
    if not re.fullmatch("[0-9a-f]{64}", digits):
        raise argparse.ArgumentTypeError("a fingerprint is 64 hexadecimal digits")
    return digits


def main(arguments: list[str] | None = None) -> int:
    """Verify the bundle named on the command line, or answer cases; the exit status."""
    parser = argparse.ArgumentParser(prog="verify.py", description="Verify a bundle of evidence.")
    parser.add_argument("bundle", nargs="?", type=Path, help="the bundle, a zip")
    parser.add_argument("--key", type=key_given, metavar="FINGERPRINT", help="of the key that signs the anchors")
    parser.add_argument("--cases", type=Path, metavar="FILE.jsonl", help="answer the cases of a file, one a line")
    given = parser.parse_args(arguments)
    if (given.bundle is None) == (given.cases is None):
        parser.error("give a bundle, or --cases and a file")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    if given.cases:
        try:
            return answer_cases(given.cases)
        except OSError as error:
            sys.stdout.write(f"{given.cases} cannot be read: {error.strerror}.\n")
            return NO_BUNDLE
    try:
        said, report = verify(given.bundle, given.key)
    except NotABundle as error:
        sys.stdout.write(printable(f"{given.bundle} is not a bundle: {error}.") + "\n")
        return NO_BUNDLE
    for sentence in (*said, *report.differences, *report.notes, verdict(report)):
        sys.stdout.write(printable(sentence) + "\n")
    return DIFFERENT if report.differences else VERIFIED


def printable(sentence: str) -> str:
    """A sentence on one line: a bundle may hold what a terminal takes for orders, or what looks like a last line."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in sentence)


def verdict(report: Report) -> str:
    """The last line."""
    if report.differences:
        return f"NOT VERIFIED. Differences told above: {len(report.differences)}."
    if report.unsigned:
        return "INTEGRITY ONLY: nothing differs; who vouches for it was not verified."
    return "VERIFIED: nothing differs, and the key you gave signed it."


if __name__ == "__main__":
    sys.exit(main())
