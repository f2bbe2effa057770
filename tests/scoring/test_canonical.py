"""Canonical JSON as RFC 8785 writes it, and how text becomes a document in the first place."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from scoring import InvalidDocument, canonical, sha256
from scoring.reading import loads


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [True, False, None]}, '{"a":[true,false,null],"b":1}'),
        ({"": "", "é": "€"}, '{"":"","é":"€"}'),
        ('\x00\x1f\b\t\n\f\r"\\/\x7f\u2028', '"\\u0000\\u001f\\b\\t\\n\\f\\r\\"\\\\/\x7f\u2028"'),
        ([-0, 10, -7, 2**53 - 1], "[0,10,-7,9007199254740991]"),
        ({"10": "", "1": "", "2": ""}, '{"1":"","10":"","2":""}'),
    ],
)
def test_the_bytes_are_those_of_the_rfc(value: Any, written: str) -> None:
    assert canonical(value) == written.encode("utf-8")


def test_keys_sort_by_utf16_code_units_not_by_code_points() -> None:
    """The RFC's own example (3.2.3): an emoji, beyond the first plane, sorts before U+FB33."""
    ordered = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    written = canonical({key: {} for key in sorted(ordered)})
    assert list(json.loads(written)) == ordered
    assert canonical([{"\ufb33": 1, "\U0001f600": 2}]) == '[{"\U0001f600":2,"\ufb33":1}]'.encode()


def test_the_hash_does_not_depend_on_the_order_of_keys() -> None:
    assert sha256({"b": "2", "a": "1"}) == sha256({"a": "1", "b": "2"})
    assert sha256({"a": "1"}) == hashlib.sha256(b'{"a":"1"}').hexdigest()


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ({"a": 1.0}, "/a"),
        ({"a": [0, float("nan")]}, "/a/1"),
        ({"a": 2**53}, "/a"),
        ({"a": "\ud800"}, "/a"),
        ({"\udc00": ""}, ""),
        ({1: ""}, ""),
        ({"a": b""}, "/a"),
        ({"a/b": {"~": 0.5}}, "/a~1b/~0"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value: Any, pointer: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        canonical(value)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


def test_a_value_that_contains_itself_is_refused_in_one_sentence() -> None:
    endless: dict[str, Any] = {}
    endless["again"] = endless
    with pytest.raises(InvalidDocument, match="nested too deeply"):
        canonical(endless)


def test_text_is_read_whatever_its_keys() -> None:
    assert loads(b'{"a": [1, "\xc3\xa9", null, true]}') == {"a": [1, "é", None, True]}
    assert loads(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_every_duplicate_key_is_named_with_its_place() -> None:
    with pytest.raises(InvalidDocument) as refused:
        loads('{"a": 1, "b": [{"c": 1, "c": 2, "c": 3}], "a": {"d/": 1, "d/": 2}}')
    assert [problem.pointer for problem in refused.value.problems] == ["/a", "/a/d~1", "/b/0/c"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"nothing", "not JSON"),
        (b'{"a": NaN}', "NaN is not a number"),
        (b'{"a": -Infinity}', "-Infinity is not a number"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"a": 1.5}', "Numbers are strings"),
        (b"[" * 100 + b"]" * 100, "nested too deeply"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON a document may hold"),
        (b'"\\ud83d"', "surrogate"),
    ],
)
def test_unreadable_text_gets_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(InvalidDocument, match=sentence) as refused:
        loads(content)
    assert len(refused.value.problems) == 1
