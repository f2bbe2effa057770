"""What a version changes of the one before it, place by place."""

from collections.abc import Iterator
from typing import Any

from scoring.problems import child

Place = tuple[str, str, str]
GIVEN_AFTERWARDS = ("/version", "/status")


def differences(before: Any, after: Any) -> list[Place]:
    """(pointer, before, after) of every value that differs; "" stands for nothing there.

    Left out: the number of the version, and the status, which the approval alone gives.
    Items that have an id are matched by it, so that one more measure is one difference and not a shift of all.
    """
    old, new = dict(_values(before, "")), dict(_values(after, ""))
    places = [place for place in {**old, **new} if place not in GIVEN_AFTERWARDS]
    return [(place, old.get(place, ""), new.get(place, "")) for place in places if old.get(place) != new.get(place)]


def _values(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _values(item, child(pointer, key))
    elif isinstance(value, list) and value and all(isinstance(item, dict) and "id" in item for item in value):
        for item in value:
            yield from _values(item, child(pointer, item["id"]))
    else:
        yield pointer, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        inner = ", ".join(_text(item) for item in value)
        return f"[{inner}]"
    return "null" if value is None else str(value)
