"""Hypothesis strategies that break a valid document in one place or in several."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Document = dict[str, Any]
Path = tuple[str | int, ...]

WRONG_VALUES: list[Any] = [
    *(5, -1, 7, True, None, [], {}, ["x", "y", "z"], {"unheard": "1"}),
    *("", "abc", "1e3", " 1", "1 ", "+1", "1.", ".5", "-", "--1", "1,5", "1_000", "NaN", "١", "1\n", "0x1"),
    *("1.0000000000001", "1234567890123456789", "01", "-0", "0", "-5", "0.125", "2", "101"),
    *(
        "2026-02-30",
        "2026-2-3",
        "2026-08-21T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "fr",
        "FRA",
        "3315740",
        "331574000",
    ),
    *("share:", "share:MOON", "mark:moon", "mark:", "share", "one:1", "unheard_of", "excluded", "MOON"),
]


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place of a document, the root left out."""
    members: Iterator[tuple[str | int, Any]] = iter(())
    if isinstance(value, dict):
        members = iter(value.items())
    elif isinstance(value, list):
        members = iter(enumerate(value))
    for key, member in members:
        yield (*path, key)
        yield from places(member, (*path, key))


def container_of(document: Document, path: Path) -> Any:
    value: Any = document
    for key in path[:-1]:
        value = value[key]
    return value


@st.composite
def broken(draw: st.DrawFn, documents: st.SearchStrategy[Document], at_most: int = 1) -> Document:
    """A document broken in one place, or in up to `at_most`. The result may still be valid."""
    document = copy.deepcopy(draw(documents))
    for _ in range(draw(st.integers(1, at_most))):
        break_once(draw, document)
    return document


def break_once(draw: st.DrawFn, document: Document) -> None:
    """One value replaced (by a wrong one, or by one from elsewhere in it), one key removed or added, or one item
    repeated."""
    everywhere = list(places(document))
    if not everywhere:
        return
    path = draw(st.sampled_from(everywhere))
    container, last = container_of(document, path), path[-1]
    ways = ["replace", "replace", "replace", "remove", "move"]
    ways += ["add"] if isinstance(container[last], dict) else []
    ways += ["repeat"] if isinstance(container, list) else []
    way = draw(st.sampled_from(ways))
    if way == "replace":
        container[last] = copy.deepcopy(draw(st.sampled_from(WRONG_VALUES)))
    elif way == "move":
        elsewhere = draw(st.sampled_from(everywhere))
        container[last] = copy.deepcopy(container_of(document, elsewhere)[elsewhere[-1]])
    elif way == "remove":
        del container[last]
    elif way == "add":
        container[last]["unheard"] = "1"
    else:
        container.append(copy.deepcopy(container[last]))
