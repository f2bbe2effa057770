"""From text to JSON values: strict UTF-8, no duplicate key, no NaN, no float, no bottomless nesting.

Every refusal is a Problem with a pointer and a sentence; nothing here raises anything but InvalidDocument.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from scoring.problems import InvalidDocument, Phrase, Problem, child, gettext_noop

DEEPEST = 64
LARGEST_INTEGER = 2**53 - 1  # RFC 8785 writes numbers as IEEE doubles: whole ones are exact up to here
LONGEST = 256 * 1024 * 1024  # bytes

TOO_DEEP = gettext_noop("The document is nested too deeply; %(most)s levels are the most.")
# What the standard library's reader of JSON finds wrong, in its words, but for an "at" that ends them.
FAULTS_OF_JSON = (
    gettext_noop("Expecting value"),
    gettext_noop("Expecting property name enclosed in double quotes"),
    gettext_noop("Expecting ':' delimiter"),
    gettext_noop("Expecting ',' delimiter"),
    gettext_noop("Illegal trailing comma before end of object"),
    gettext_noop("Illegal trailing comma before end of array"),
    gettext_noop("Unterminated string starting"),
    gettext_noop("Invalid control character"),
    gettext_noop("Invalid \\escape"),
    gettext_noop("Invalid \\uXXXX escape"),
    gettext_noop("Extra data"),
)


class _Repeating(dict[str, Any]):
    """An object some of whose keys were written twice; `repeated` names them in order."""

    repeated: tuple[str, ...] = ()


def loads(content: bytes | str) -> Any:
    """The JSON value written in `content`. Raises InvalidDocument with one sentence per problem found."""
    text = _text(content)
    if not text or text.isspace():
        _refuse(gettext_noop("This is not JSON: there is nothing in it."))
    found_twice: list[_Repeating] = []
    try:
        value = json.loads(
            text,
            object_pairs_hook=lambda pairs: _object(pairs, found_twice),
            parse_constant=_refuse_constant,
        )
    except RecursionError:
        _refuse(TOO_DEEP, most=DEEPEST)
    except json.JSONDecodeError as error:
        said = error.msg.removesuffix(" at")
        fault = next((Phrase(known) for known in FAULTS_OF_JSON if known == said), said)
        template = gettext_noop("This is not JSON: %(fault)s at line %(line)s, column %(column)s.")
        _refuse(template, fault=fault, line=error.lineno, column=error.colno)
    except ValueError as error:
        # A constant refused below, or a whole number longer than Python reads.
        own = isinstance(error.args[0], Phrase)
        fault = error.args[0] if own else Phrase(gettext_noop("a whole number has too many digits"))
        _refuse(gettext_noop("This is not JSON a document may hold: %(fault)s."), fault=fault)
    problems = check_json(value)
    if found_twice:
        problems = sorted([*_repetitions(value), *problems], key=lambda problem: problem.pointer)
    if problems:
        raise InvalidDocument(problems)
    return value


def check_json(document: Any) -> list[Problem]:
    """What keeps a Python value from being a document of the specification, whatever its schema.

    Numbers are strings in a document, so floats are refused everywhere and integers beyond 2^53 - 1 too; lone
    surrogates have no UTF-8; nesting deeper than DEEPEST is refused before anything walks it recursively.
    """
    return [] if _is_clean(document, DEEPEST) else _faults(document)


def _is_clean(value: Any, levels: int) -> bool:
    """The quick answer for the usual document; anything unusual is left to `_faults`."""
    if type(value) is str:
        return value.isascii() or not _has_surrogate(value)
    if type(value) is dict:
        return levels > 0 and _are_clean_keys(value) and _are_clean(value.values(), levels - 1)
    if type(value) is list:
        return levels > 0 and _are_clean(value, levels - 1)
    if type(value) is int:
        return abs(value) <= LARGEST_INTEGER
    return value is None or type(value) is bool


def _are_clean(values: Iterable[Any], levels: int) -> bool:
    # Most values are ASCII text: they are passed over without a call.
    return all((type(value) is str and value.isascii()) or _is_clean(value, levels) for value in values)


def _are_clean_keys(keys: Iterable[Any]) -> bool:
    try:
        together = "".join(keys)
    except TypeError:
        return False
    return together.isascii() or not _has_surrogate(together)


def _faults(document: Any) -> list[Problem]:
    problems: list[Problem] = []
    waiting: list[tuple[str, Any, int]] = [("", document, 1)]
    while waiting:
        pointer, value, depth = waiting.pop()
        if isinstance(value, dict | list):
            if depth > DEEPEST:
                problems.append(Problem("", TOO_DEEP, {"most": DEEPEST}))
                return problems
            _walk_into(value, pointer, depth, waiting, problems)
        else:
            problems += _fault(value, pointer)
    problems.reverse()
    return problems


def _fault(value: Any, pointer: str) -> Iterator[Problem]:
    if isinstance(value, str):
        if _has_surrogate(value):
            yield Problem(pointer, gettext_noop("The text holds half of a surrogate pair; write whole characters."))
    elif isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            template = gettext_noop("A whole number is at most %(most)s either side of zero.")
            yield Problem(pointer, template, {"most": LARGEST_INTEGER})
    elif isinstance(value, float):
        template = gettext_noop(
            'Numbers are strings ("12.50"); only decimals, version and year are whole JSON numbers.'
        )
        yield Problem(pointer, template)
    elif value is not None:
        template = gettext_noop("JSON has no value like a Python %(type)s.")
        yield Problem(pointer, template, {"type": type(value).__name__})


def _walk_into(
    value: Any, pointer: str, depth: int, waiting: list[tuple[str, Any, int]], problems: list[Problem]
) -> None:
    if isinstance(value, list):
        waiting.extend((f"{pointer}/{index}", item, depth + 1) for index, item in enumerate(value))
        return
    for key, item in value.items():
        if not isinstance(key, str):
            problems.append(Problem(pointer, gettext_noop("Keys are strings; %(key)s is not one."), {"key": repr(key)}))
        elif not key.isascii() and _has_surrogate(key):
            template = gettext_noop("A key holds half of a surrogate pair; write whole characters.")
            problems.append(Problem(pointer, template))
        else:
            waiting.append((child(pointer, key), item, depth + 1))


def _text(content: bytes | str) -> str:
    if len(content) > LONGEST:
        _refuse(gettext_noop("The document is longer than %(most)s MiB."), most=LONGEST // 1024**2)
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        template = gettext_noop("The document is not UTF-8: byte %(place)s cannot be read.")
        _refuse(template, place=error.start + 1)


def _object(pairs: list[tuple[str, Any]], found_twice: list[_Repeating]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    repeating = _Repeating(plain)
    written = Counter(name for name, _ in pairs)
    repeating.repeated = tuple(name for name in plain if written[name] > 1)
    found_twice.append(repeating)
    return repeating


def _repetitions(document: Any) -> list[Problem]:
    problems = []
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, _Repeating):
            template = gettext_noop('The key "%(key)s" is written more than once; write it once.')
            names = [name for name in value.repeated if not _has_surrogate(name)]
            problems += [Problem(child(pointer, name), template, {"key": name}) for name in names]
        if isinstance(value, dict):
            waiting.extend((child(pointer, key), item) for key, item in value.items() if not _has_surrogate(key))
        elif isinstance(value, list):
            waiting.extend((child(pointer, index), item) for index, item in enumerate(value))
    return problems


def _has_surrogate(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(Phrase(gettext_noop("%(name)s is not a number of a document"), {"name": name}))


def _refuse(template: str, **values: Any) -> NoReturn:
    raise InvalidDocument([Problem("", template, values)])
