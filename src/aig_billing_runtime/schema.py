"""The table that decoding, encoding, masking and error messages read: which fields an object has, and of which type each is.

`find_mismatch` is the slow second pass, run only after a compiled decoder has answered MISMATCH: it finds the first place that is
wrong. Nothing here raises, because a traceback with local variables would show the answer, and an answer may hold a `client_secret`.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, Final, Literal, TypeAlias, TypeGuard

from .named_tuple import NamedTuple

Json: TypeAlias = "dict[str, Any] | list[Any] | str | int | float | bool | None"
"""A value read from JSON. Inner values are Any: each decoder checks them itself."""
Constant: TypeAlias = "str | int | float | bool | None"


class Mismatched(Enum):
    """The type of MISMATCH, so that type checkers can tell it from a value."""

    MISMATCH = "mismatch"


MISMATCH: Final = Mismatched.MISMATCH
"""What a decoder returns for a value that does not match its schema."""

MAX_DEPTH = 100
"""Levels of arrays and objects where the document sets no limit: in values of any type, and in models that contain themselves.
JSON readers differ in how deep they can go, and this is well below all of them, so that the outcome does not depend on the reader."""

Kind: TypeAlias = Literal[
    "anything", "unchecked", "null", "boolean", "integer", "number", "string", "date-time", "date", "uuid",
    "constant", "array", "map", "object", "union",
]  # fmt: skip
_KIND_IN_WORDS: dict[str, str] = {
    "anything": f"JSON with finite numbers and at most {MAX_DEPTH} levels",
    "unchecked": "JSON",
    "null": "null",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "a string",
    "date-time": "a date and time with a zone (RFC 3339)",
    "date": "a date (RFC 3339)",
    "uuid": "a UUID",
    "array": "an array",
    "map": "an object",
    "object": "an object",
}


class Mismatch(NamedTuple):
    """Where a value differs from its schema: the JSON path, what was expected there, and what was found."""

    path: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path} should be {self.expected} and is {self.found}"


class Schema(NamedTuple):
    """The type of one JSON value."""

    kind: Kind = "anything"
    nullable: bool = False
    inner: Schema | None = None
    """Of the items of an array, or the values of a map."""
    constants: tuple[Constant, ...] = ()
    """Of a constant: the values that are allowed."""
    options: tuple[Schema, ...] = ()
    """Of a union, in the order in which they are tried."""
    discriminator: tuple[str, dict[str, Schema]] | None = None
    """Of a union: the property whose value says which model an object is, and the model for each value."""
    object: Callable[[], Object] | None = None
    """Of an object. A function, so that a table costs nothing before it is needed, and may contain itself."""


class FieldSchema(NamedTuple):
    """One property of an object."""

    name: str
    """As JSON has it."""
    schema: Schema
    required: bool = True
    secret: bool = False
    attribute: str = ""
    """As Python has it."""
    unit: str | None = None
    default: Any = None
    """The attribute's value when the property is absent."""
    slot: str = ""
    """The attribute under which the value is stored: `attribute`, unless reading that warns of a deprecation."""


class Object(NamedTuple):
    """The properties of an object, and what it is decoded to."""

    fields: tuple[FieldSchema, ...]
    extra: Schema | None
    """The type of properties that are not listed; None when they are not allowed."""
    model: type[Any]


def is_number(value: Json) -> TypeGuard[float]:
    """Say whether a value read from JSON is a finite number; a bool is not one."""
    return type(value) is int or (isinstance(value, float) and math.isfinite(value))


def is_finite(value: Json, *, numbers: bool = True) -> bool:
    """Say whether a value of any type can be kept: it has at most MAX_DEPTH levels, and its numbers are finite if these count."""
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH):
        below: list[Json] = []
        for item in level:
            if isinstance(item, float):
                if numbers and not math.isfinite(item):
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
    """Say whether a JSON value has more than MAX_DEPTH levels."""
    return not is_finite(value, numbers=False)


def is_recursive(schema: Schema) -> bool:
    """Say whether a value of this type can hold another of the same type, and so be nested without end."""

    def contains_itself(schema: Schema, above: tuple[type[Any], ...]) -> bool:
        if schema.object is None:
            inner = (*schema.options, *([schema.inner] if schema.inner else []))
        else:
            table = schema.object()
            if table.model in above:
                return True
            above = (*above, table.model)
            inner = (*(field.schema for field in table.fields), *([table.extra] if table.extra else []))
        return any(contains_itself(one, above) for one in inner)

    return contains_itself(schema, ())


def find_constant(value: Json, constants: tuple[Constant, ...]) -> Constant | Mismatched:
    """Find the constant that a value equals in JSON's sense, in which 1 is 1.0 and is not true."""
    if isinstance(value, (dict, list)):
        return MISMATCH
    return next(
        (one for one in constants if one == value and isinstance(one, bool) is isinstance(value, bool)), MISMATCH
    )


# Compiled when the first is read, by `re` itself: most documents have no dates.
_DATE_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_UUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"


def _reader_of(pattern: str, make: Callable[[str], object]) -> Callable[[Json], object]:
    """Make a function that reads strings of one form; MISMATCH for any other value."""

    def read(value: Json) -> object:
        if type(value) is not str or not re.fullmatch(pattern, value):
            return MISMATCH
        try:
            return make(value)
        except ValueError:
            return MISMATCH

    return read


def _uuid(text: str) -> object:
    import uuid  # loaded only where one is read

    return uuid.UUID(text)


def _read_integer(value: Json) -> int | Mismatched:
    """Read a whole number in JSON Schema's sense, in which 1.0 is one."""
    if type(value) is int:
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else MISMATCH


SCALARS: dict[Kind, Callable[[Json], Any]] = {
    "anything": lambda value: value if is_finite(value) else MISMATCH,
    "unchecked": lambda value: value,
    "null": lambda value: None if value is None else MISMATCH,
    "boolean": lambda value: value if type(value) is bool else MISMATCH,
    "integer": _read_integer,
    "number": lambda value: value if is_number(value) else MISMATCH,
    "string": lambda value: value if type(value) is str else MISMATCH,
    "date-time": _reader_of(_DATE_TIME, lambda text: dt.datetime.fromisoformat(text.upper())),
    "date": _reader_of(_DATE, dt.date.fromisoformat),
    "uuid": _reader_of(_UUID, _uuid),
}
"""Reads each type that contains no other."""


def find_mismatch(
    value: Json, schema: Schema, path: str = "$", *, mask: Callable[[str], str] = str, secret: bool = False
) -> Mismatch | None:
    """Find the first place at which `value` differs from `schema`; None when it does not.

    `mask` removes secrets from a text of the value, before the text is shortened; of a secret value nothing is shown.
    """
    if is_recursive(schema) and is_nested_too_deeply(value):
        return Mismatch(path, f"JSON with at most {MAX_DEPTH} levels", "nested more deeply")
    return _Search(mask).find(value, schema, path, secret=secret)


class _Search:
    """One search for a mismatch."""

    def __init__(self, mask: Callable[[str], str]) -> None:
        self._mask = mask

    def find(self, value: Json, schema: Schema, path: str, *, secret: bool = False) -> Mismatch | None:
        """Find the first mismatch in a value."""
        kind, inner = schema.kind, schema.inner
        if schema.nullable and value is None:
            return None
        if kind == "union":
            return self._in_union(value, schema, path, secret=secret)
        if schema.object is not None and type(value) is dict:
            return self._in_object(value, schema.object(), path, secret=secret)
        if kind == "array" and inner is not None and type(value) is list:
            return self._first(
                self.find(item, inner, f"{path}[{index}]", secret=secret) for index, item in enumerate(value)
            )
        if kind == "map" and inner is not None and type(value) is dict:
            return self._first(
                self.find(item, inner, self._at(path, name), secret=secret) for name, item in value.items()
            )
        if kind == "constant" and find_constant(value, schema.constants) is not MISMATCH:
            return None
        read = SCALARS.get(kind)
        if read is not None and read(value) is not MISMATCH:
            return None
        return Mismatch(path, _in_words(schema), self._describe(value, secret=secret))

    def _in_union(self, value: Json, schema: Schema, path: str, *, secret: bool) -> Mismatch | None:
        """Find the mismatch of the option that was meant, where that is known; else say which there are."""
        options, known = schema.options, schema.discriminator
        if known is not None and type(value) is dict:
            name, models = known
            tag = value.get(name)
            meant = models.get(tag) if type(tag) is str else None
            if meant is not None:
                return self.find(value, meant, path, secret=secret)
            options = tuple(option for option in options if option.object is None)
            if not options:
                at = self._at(path, name)
                if name not in value:
                    return Mismatch(at, "there", "missing")
                return Mismatch(at, _one_of(tuple(models)), self._describe(tag, secret=secret))
        found = [self.find(value, option, path, secret=secret) for option in options]
        if None in found:
            return None
        # An option whose outermost type fits was meant, if it is the only one.
        deeper = [mismatch for mismatch in found if mismatch is not None and mismatch.path != path]
        if len(deeper) == 1:
            return deeper[0]
        return Mismatch(path, _in_words(schema), self._describe(value, secret=secret))

    def _in_object(self, value: dict[str, Any], table: Object, path: str, *, secret: bool) -> Mismatch | None:
        for field in table.fields:
            at = self._at(path, field.name)
            if field.name in value:
                found = self.find(value[field.name], field.schema, at, secret=secret or field.secret)
                if found is not None:
                    return found
            elif field.required:
                return Mismatch(at, "there", "missing")
        known = {field.name for field in table.fields}
        extra = ((name, item) for name, item in value.items() if name not in known)
        if table.extra is None:
            return next((Mismatch(self._at(path, name), "absent", "there") for name, _ in extra), None)
        schema = table.extra
        return self._first(self.find(item, schema, self._at(path, name), secret=secret) for name, item in extra)

    @staticmethod
    def _first(found: Iterable[Mismatch | None]) -> Mismatch | None:
        return next((mismatch for mismatch in found if mismatch is not None), None)

    def _at(self, path: str, name: str) -> str:
        masked = self._mask(name)
        return f"{path}.{masked}" if masked.isidentifier() and len(masked) <= 60 else f"{path}[{shown(masked)}]"

    def _describe(self, value: Json, *, secret: bool) -> str:
        """Describe a value in a few words: its type, and the value itself where that is short and not secret."""
        if value is None:
            return "null"
        if type(value) is bool:
            return "true" if value else "false"
        if isinstance(value, dict):
            return f"an object with {len(value)} fields"
        if isinstance(value, list):
            return f"an array of {len(value)}"
        if isinstance(value, str):
            return "a string" if secret else f"the string {shown(self._mask(value))}"
        if secret or (type(value) is int and value.bit_length() > 256):
            return "a number" if secret else "a number of very many digits"
        return f"the number {value!r}"


def _in_words(schema: Schema) -> str:
    if schema.kind == "constant":
        wanted = _one_of(schema.constants)
    elif schema.kind == "union":
        wanted = " or ".join(dict.fromkeys(_in_words(option) for option in schema.options))
    else:
        wanted = _KIND_IN_WORDS[schema.kind]
    return f"{wanted} or null" if schema.nullable else wanted


def _one_of(constants: tuple[Constant, ...]) -> str:
    words = ["null" if one is None else str(one).lower() if isinstance(one, bool) else repr(one) for one in constants]
    return words[0] if len(words) == 1 else f"one of {', '.join(words)}"


def cut(text: str, most: int = 60) -> str:
    """Cut a text that is too long for a message; secrets in it must have been masked before."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def shown(value: object) -> str:
    """Show a value in a message."""
    return cut(repr(value))
