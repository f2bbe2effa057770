"""The commitment to a case: any leaf can be shown, any other hidden, and one root fits both."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.audit import verify
from procurement.evaluation.commitment import case_root, new_key, redacted
from scoring import canonical
from tests.audit.test_merkle import naive_root

KEY = bytes(range(32)).hex()
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(["a/b", "~", "~1", "", "0"])
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
documents = st.dictionaries(
    texts, st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
)


def slow_root(case: Any, key: bytes) -> str:
    """The root as its description reads, one step at a time."""
    found: dict[str, Any] = {}

    def walk(value: Any, at: str) -> None:
        if value and isinstance(value, dict):
            for name in value:
                walk(value[name], at + "/" + name.replace("~", "~0").replace("/", "~1"))
        elif value and isinstance(value, list):
            for index in range(len(value)):
                walk(value[index], at + "/" + str(index))
        else:
            found[at] = value

    walk(case, "")
    leaves = []
    for at in sorted(found):
        salt = hmac.new(key, at.encode(), hashlib.sha256).digest()[:16]
        leaves.append(hashlib.sha256(b"bareme-leaf/1\n" + salt + canonical([at, found[at]])).digest())
    return naive_root(leaves).hex()


@given(documents)
def test_the_root_is_that_of_the_description_and_of_the_verifier(case: dict[str, Any]) -> None:
    assert case_root(case, KEY) == slow_root(case, bytes.fromhex(KEY)) == verify.case_root(case, bytes.fromhex(KEY))


@given(documents, st.sets(st.integers(0, 30)))
def test_whatever_is_hidden_the_root_stays_and_the_rest_is_read(case: dict[str, Any], chosen: set[int]) -> None:
    order = sorted(at for at, _value in verify.leaves_of(case))
    hidden = {at for index, at in enumerate(order) if index in chosen}
    document = redacted(case, KEY, hidden.__contains__)
    report = verify.Report()
    assert verify.sound_leaves(report, "case", document), report.differences
    assert document["root"] == case_root(case, KEY)
    assert {leaf["pointer"] for leaf in document["leaves"] if "hash" in leaf} == hidden
    shown = {leaf["pointer"]: leaf["value"] for leaf in document["leaves"] if "value" in leaf}
    assert shown == {at: value for at, value in verify.leaves_of(case) if at not in hidden}


def test_an_empty_case_has_a_root() -> None:
    assert case_root({}, KEY) == slow_root({}, bytes.fromhex(KEY))


def test_another_key_or_one_other_value_gives_another_root() -> None:
    case = {"bids": [{"price": "1.00"}, {"price": "2.00"}]}
    roots = {case_root(case, KEY), case_root(case, new_key()), case_root(case, new_key())}
    roots |= {case_root({"bids": [{"price": "1.00"}, {"price": value}]}, KEY) for value in ("2.01", 2, None, [], {})}
    assert len(roots) == 8


@pytest.mark.parametrize("value", [None, True, False, 0, -1, "", 'é 😀 \u2028 \\ " /', [], {}])
def test_a_leaf_is_written_as_the_canonical_form_has_it(value: Any) -> None:
    [leaf] = redacted({"a": value}, KEY, lambda _at: True)["leaves"]
    [told] = redacted({"a": value}, KEY, lambda _at: False)["leaves"]
    content = b"bareme-leaf/1\n" + bytes.fromhex(told["salt"]) + canonical(["/a", value])
    assert leaf == {"pointer": "/a", "hash": hashlib.sha256(content).hexdigest()}
    assert json.loads(canonical(["/a", value])) == ["/a", told["value"]]
