"""What an answer should look like, and where it does not: the slow second pass, walked only after a decoder has said no.

Generated decoders are fast and say only MISMATCH. The shapes here are generated from the same properties and find the first
place that is wrong. They raise nothing: a traceback through them would show the answer, and an answer may hold a `client_secret`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
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

Kind: TypeAlias = Literal["number", "integer", "string", "boolean", "anything"]
_KIND_IN_WORDS: dict[str, str] = {
    "number": "a number",
    "integer": "a whole number",
    "string": "a string",
    "boolean": "true or false",
    "anything": "JSON with finite numbers",
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


def is_number(value: Json) -> TypeGuard[float]:
    """Say whether a value read from JSON is a finite number; a bool is none."""
    return type(value) is int or (type(value) is float and math.isfinite(value))


def is_integer(value: Json) -> TypeGuard[float]:
    """Say whether a value read from JSON is a whole number in JSON Schema's sense, in which 1.0 is one."""
    return type(value) is int or (type(value) is float and value.is_integer())


def is_finite(value: Json) -> bool:
    """Say whether no number in a JSON value, however deep, is infinite or NaN."""
    pending: list[Json] = [value]
    while pending:
        item = pending.pop()
        if type(item) is float:
            if not math.isfinite(item):
                return False
        elif type(item) is dict:
            pending.extend(item.values())
        elif type(item) is list:
            pending.extend(item)
    return True


_SCALAR_CHECKS: dict[str, Callable[[Json], bool]] = {
    "number": is_number,
    "integer": is_integer,
    "string": lambda value: type(value) is str,
    "boolean": lambda value: type(value) is bool,
    "anything": is_finite,
}


def find_mismatch(value: Json, shape: Shape, place: str = "$", *, secret: bool = False) -> Mismatch | None:
    """Find the first place at which `value` differs from `shape`; None when it does not."""
    if shape.nullable and value is None:
        return None
    if shape.record is not None:
        return _in_record(value, shape.record(), place, nullable=shape.nullable)
    if shape.items is not None:
        if type(value) is not list:
            return Mismatch(place, _or_null("an array", nullable=shape.nullable), describe(value, secret=secret))
        within = ((f"{place}[{index}]", item, shape.items) for index, item in enumerate(value))
    elif shape.values is not None:
        if type(value) is not dict:
            return Mismatch(place, _or_null("an object", nullable=shape.nullable), describe(value, secret=secret))
        within = ((_below(place, name), item, shape.values) for name, item in value.items())
    elif _SCALAR_CHECKS[shape.kind](value):
        return None
    else:
        return Mismatch(
            place, _or_null(_KIND_IN_WORDS[shape.kind], nullable=shape.nullable), describe(value, secret=secret)
        )
    return next(
        (found for where, item, inner in within if (found := find_mismatch(item, inner, where, secret=secret))), None
    )


def _in_record(value: Json, record: Record, place: str, *, nullable: bool) -> Mismatch | None:
    if type(value) is not dict:
        return Mismatch(place, _or_null("an object", nullable=nullable), describe(value))
    for field in record.fields:
        below = _below(place, field.name)
        if field.name in value:
            found = find_mismatch(value[field.name], field.shape, below, secret=field.secret)
        elif field.required:
            found = Mismatch(below, "there", "missing")
        else:
            found = None
        if found is not None:
            return found
    known = {field.name for field in record.fields}
    for name in value:
        if name not in known and record.closed:
            return Mismatch(_below(place, name), "absent", "there")
        if name not in known and not is_finite(value[name]):
            return Mismatch(_below(place, name), _KIND_IN_WORDS["anything"], "an infinite number or NaN")
    return None


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if name.isidentifier() else f"{place}[{_shortened(repr(name))}]"


def _or_null(expected: str, *, nullable: bool) -> str:
    return f"{expected} or null" if nullable else expected


def describe(value: Json, *, secret: bool = False) -> str:
    """Tell a JSON value in a few words: its kind, and what it is where that is short and no secret."""
    if value is None:
        return "null"
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is dict:
        return f"an object with {len(value)} fields"
    if type(value) is list:
        return f"an array of {len(value)}"
    if type(value) is str:
        return "a string" if secret else f"the string {_shortened(repr(value))}"
    if type(value) is int and value.bit_length() > 256:
        return "a number of very many digits"
    return f"the number {value!r}"


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
