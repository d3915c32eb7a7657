"""What an answer should look like, and where it does not: the slow second pass, walked only after a decoder has said no.

Generated decoders are fast and say only MISMATCH. The shapes here are generated from the same properties and find the first
place that is wrong. They raise nothing: a traceback through them would show the answer, and an answer may hold a `client_secret`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, Final, Literal, NamedTuple, TypeAlias, TypeGuard

Json: TypeAlias = "dict[str, Any] | list[Any] | str | int | float | bool | None"
"""What JSON reads as. Inner values are Any: each decoder looks at them itself."""


class Mismatched(Enum):
    """The type of MISMATCH, so that type checkers can tell it from a value."""

    MISMATCH = "mismatch"

    def __repr__(self) -> str:
        return "MISMATCH"


MISMATCH: Final = Mismatched.MISMATCH
"""What a decoder returns for a value that does not have its shape."""

MOST_NESTED = 100
"""Levels of arrays and objects in what the document leaves open. Readers of JSON differ in what they can follow, and this is well
below all of them, so that the outcome does not depend on the reader."""

Kind: TypeAlias = Literal["number", "integer", "string", "boolean", "anything"]
_KIND_IN_WORDS: dict[str, str] = {
    "number": "a number",
    "integer": "a whole number",
    "string": "a string",
    "boolean": "true or false",
    "anything": f"JSON with finite numbers and at most {MOST_NESTED} levels",
}


class Mismatch(NamedTuple):
    """Where a value differs from its shape: the JSON path, what should stand there, and what does."""

    place: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.place} should be {self.expected} and is {self.found}"


class Field(NamedTuple):
    """One property of a record."""

    name: str
    shape: Shape
    required: bool = True
    secret: bool = False


class Record(NamedTuple):
    """The properties of an object, and whether the document allows no others."""

    fields: tuple[Field, ...]
    closed: bool = False


class Shape(NamedTuple):
    """A scalar, a list, a map or a record, with or without null.

    `record` is a function, so that shapes cost nothing before they are needed.
    """

    kind: Kind = "anything"
    nullable: bool = False
    items: Shape | None = None
    values: Shape | None = None
    record: Callable[[], Record] | None = None

    @property
    def is_scalar(self) -> bool:
        """Whether it is neither a list nor a map nor a record."""
        return self.items is None and self.values is None and self.record is None


def is_number(value: Json) -> TypeGuard[float]:
    """Say whether a value read from JSON is a finite number; a bool is none."""
    return type(value) is int or (type(value) is float and math.isfinite(value))


def is_integer(value: Json) -> TypeGuard[float]:
    """Say whether a value read from JSON is a whole number in JSON Schema's sense, in which 1.0 is one."""
    return type(value) is int or (type(value) is float and value.is_integer())


def is_finite(value: Json) -> bool:
    """Say whether a JSON value that the document leaves open can be kept: no infinite number in it, and no endless nesting."""
    level: list[Json] = [value]
    for _ in range(MOST_NESTED):
        below: list[Json] = []
        for item in level:
            if type(item) is float:
                if not math.isfinite(item):
                    return False
            elif type(item) is dict:
                below.extend(item.values())
            elif type(item) is list:
                below.extend(item)
        if not below:
            return True
        level = below
    return False


def is_nested_too_deeply(value: Json) -> bool:
    """Say whether a JSON value has more levels than any reader of JSON can be trusted with."""
    level: list[Json] = [value]
    for _ in range(MOST_NESTED):
        below: list[Json] = []
        for item in level:
            if type(item) is dict:
                below.extend(item.values())
            elif type(item) is list:
                below.extend(item)
        if not below:
            return False
        level = below
    return True


_SCALAR_CHECKS: dict[str, Callable[[Json], bool]] = {
    "number": is_number,
    "integer": is_integer,
    "string": lambda value: type(value) is str,
    "boolean": lambda value: type(value) is bool,
    "anything": is_finite,
}


def find_mismatch(value: Json, shape: Shape, place: str = "$", *, mask: Callable[[str], str] = str) -> Mismatch | None:
    """Find the first place at which `value` differs from `shape`; None when it does not.

    `mask` takes away what may not be shown of a text that stands in the value, before anything is cut off it.
    """
    return _Search(mask).below(value, shape, place)


class _Search:
    """One search for a mismatch."""

    def __init__(self, mask: Callable[[str], str]) -> None:
        self._mask = mask

    def below(self, value: Json, shape: Shape, place: str, *, secret: bool = False) -> Mismatch | None:
        """Find the first mismatch in a value."""
        if shape.nullable and value is None:
            return None
        if shape.record is not None and type(value) is dict:
            return self._in_record(value, shape.record(), place)
        if shape.items is not None and type(value) is list:
            inner, within = shape.items, ((f"{place}[{index}]", item) for index, item in enumerate(value))
            return self._first((self.below(item, inner, at, secret=secret) for at, item in within))
        if shape.values is not None and type(value) is dict:
            inner, within = shape.values, ((self._at(place, name), item) for name, item in value.items())
            return self._first((self.below(item, inner, at, secret=secret) for at, item in within))
        if shape.is_scalar and _SCALAR_CHECKS[shape.kind](value):
            return None
        return Mismatch(place, _in_words(shape), self._told(value, secret=secret))

    def _in_record(self, value: dict[str, Any], record: Record, place: str) -> Mismatch | None:
        for field in record.fields:
            at = self._at(place, field.name)
            if field.name in value:
                found = self.below(value[field.name], field.shape, at, secret=field.secret)
                if found is not None:
                    return found
            elif field.required:
                return Mismatch(at, "there", "missing")
        known = {field.name for field in record.fields}
        return self._first(self._extra(value, name, record, place) for name in value if name not in known)

    def _extra(self, value: dict[str, Any], name: str, record: Record, place: str) -> Mismatch | None:
        """Look at a field that the document does not name."""
        if record.closed:
            return Mismatch(self._at(place, name), "absent", "there")
        if is_finite(value[name]):
            return None
        return Mismatch(self._at(place, name), _KIND_IN_WORDS["anything"], self._told(value[name], secret=False))

    @staticmethod
    def _first(found: Iterable[Mismatch | None]) -> Mismatch | None:
        return next((mismatch for mismatch in found if mismatch is not None), None)

    def _at(self, place: str, name: str) -> str:
        shown = self._mask(name)
        return (
            f"{place}.{shown}" if shown.isidentifier() and len(shown) <= 60 else f"{place}[{_shortened(repr(shown))}]"
        )

    def _told(self, value: Json, *, secret: bool) -> str:
        """Tell a value in a few words: its kind, and what it is where that is short and no secret."""
        if value is None:
            return "null"
        if type(value) is bool:
            return "true" if value else "false"
        if type(value) is dict:
            return f"an object with {len(value)} fields"
        if type(value) is list:
            return f"an array of {len(value)}"
        if type(value) is str:
            return "a string" if secret else f"the string {_shortened(repr(self._mask(value)))}"
        if secret or (type(value) is int and value.bit_length() > 256):
            return "a number" if secret else "a number of very many digits"
        return f"the number {value!r}"


def _in_words(shape: Shape) -> str:
    if shape.record is not None or shape.values is not None:
        wanted = "an object"
    elif shape.items is not None:
        wanted = "an array"
    else:
        wanted = _KIND_IN_WORDS[shape.kind]
    return f"{wanted} or null" if shape.nullable else wanted


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
