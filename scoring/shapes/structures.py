"""Shapes made of others: null or not, lists, pairs, maps, objects of known keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring.problems import Phrase, Problem, child, gettext_noop
from scoring.shapes.shape import INVALID, Problems, Shape, refuse, shown
from scoring.shapes.values import Choice

OBJECT_EXPECTED = gettext_noop("An object is expected, not %(found)s.")
KEY_MISSING = gettext_noop('The key "%(key)s" is missing.')


@dataclass(frozen=True, slots=True)
class Nullable(Shape):
    """The inner shape, or null (None)."""

    inner: Shape

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        return None if value is None else self.inner.read(value, pointer, problems)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.inner.schema(), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class ListOf(Shape):
    """A list, read as a list of the inner shape's values (INVALID ones kept in their place)."""

    inner: Shape
    filled: Phrase | None = None  # what an empty list lacks; None allows it

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, list):
            return refuse(problems, pointer, gettext_noop("A list is expected, not %(found)s."), found=shown(value))
        if self.filled and not value:
            template = gettext_noop("The list is empty; give at least %(lacking)s.")
            return refuse(problems, pointer, template, lacking=self.filled)
        read = self.inner.read
        return [read(item, f"{pointer}/{index}", problems) for index, item in enumerate(value)]

    def schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "array", "items": self.inner.schema()}
        return {**schema, "minItems": 1} if self.filled else schema


@dataclass(frozen=True, slots=True)
class Pair(Shape):
    """A list of exactly two values, read as a tuple; `in_part`: even where one of them is INVALID."""

    first: Shape
    second: Shape
    in_part: bool = False

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, list) or len(value) != 2:
            return refuse(problems, pointer, gettext_noop("A list of two values is expected."))
        pair = (
            self.first.read(value[0], f"{pointer}/0", problems),
            self.second.read(value[1], f"{pointer}/1", problems),
        )
        return INVALID if INVALID in pair and not self.in_part else pair

    def schema(self) -> dict[str, Any]:
        items = [self.first.schema(), self.second.schema()]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": 2}


@dataclass(frozen=True, slots=True)
class MapOf(Shape):
    """An object whose keys are free, such as marks by criterion id."""

    inner: Shape

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, dict):
            return refuse(problems, pointer, OBJECT_EXPECTED, found=shown(value))
        read = self.inner.read
        return {key: read(item, child(pointer, key), problems) for key, item in value.items()}

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.inner.schema()}


@dataclass(frozen=True, slots=True)
class Anything(Shape):
    """A value that is ignored, whatever it is."""

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return {}


class Members(dict[str, Any]):
    """What could be read of an object; `faulty` are the keys that were given but could not be read."""

    __slots__ = ("faulty",)

    faulty: tuple[str, ...]

    def lacks(self, key: str) -> bool:
        """Whether the object does not give the key at all."""
        return key not in self and key not in self.faulty


@dataclass(frozen=True, slots=True)
class Object(Shape):
    """An object of known keys: `required` ones must be there, others may be; an unknown key is a problem.

    Read as its valid members alone, so that rules can look at what is left of a faulty document.
    """

    required: Mapping[str, Shape] = field(default_factory=dict)
    optional: Mapping[str, Shape] = field(default_factory=dict)
    members: Mapping[str, Shape] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", {**self.required, **self.optional})

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, dict):
            return refuse(problems, pointer, OBJECT_EXPECTED, found=shown(value))
        parsed = Members()
        parsed.faulty = ()
        for key, item in value.items():
            shape = self.members.get(key)
            if shape is None:
                self._refuse_unknown(key, child(pointer, key), problems)
                continue
            read = shape.read(item, f"{pointer}/{key}", problems)
            if read is INVALID:
                parsed.faulty += (key,)
            else:
                parsed[key] = read
        if not value.keys() >= self.required.keys():
            for key in self.required:
                if key not in value:
                    refuse(problems, f"{pointer}/{key}", KEY_MISSING, key=key)
        return parsed

    def _refuse_unknown(self, key: str, pointer: str, problems: Problems) -> None:
        if self.members:
            template = gettext_noop('The key "%(key)s" is unknown here; known keys: %(known)s.')
            refuse(problems, pointer, template, key=key, known=", ".join(self.members))
        else:
            refuse(problems, pointer, gettext_noop('No key is expected here; "%(key)s" is unknown.'), key=key)

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {key: shape.schema() for key, shape in self.members.items()},
            "required": list(self.required),
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class ByKey(Shape):
    """An object whose form depends on the text under one of its keys, such as a measure on its kind."""

    key: str
    shapes: Mapping[str, Shape]

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, dict):
            return refuse(problems, pointer, OBJECT_EXPECTED, found=shown(value))
        if self.key not in value:
            return refuse(problems, f"{pointer}/{self.key}", KEY_MISSING, key=self.key)
        chosen = Choice(tuple(self.shapes)).read(value[self.key], f"{pointer}/{self.key}", problems)
        return INVALID if chosen is INVALID else self.shapes[chosen].read(value, pointer, problems)

    def schema(self) -> dict[str, Any]:
        return {"oneOf": [shape.schema() for shape in self.shapes.values()]}


def unique(items: Iterable[tuple[int, Mapping[str, Any]]], pointer: str, template: str) -> Iterator[Problem]:
    """Each "id" of the numbered items of the list at `pointer` that an earlier item already has.

    `template` says so of the id in its `%(id)s`.
    """
    seen: set[str] = set()
    for index, item in items:
        identifier = item.get("id")
        if identifier in seen:
            yield Problem(f"{pointer}/{index}/id", template, {"id": identifier})
        elif identifier is not None:
            seen.add(identifier)


def numbered(items: Any) -> list[tuple[int, Members]]:
    """The items of a list that could be read, each with its place; none for a list that could not."""
    return [(index, item) for index, item in enumerate(items or ()) if item is not INVALID]
