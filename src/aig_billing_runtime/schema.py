"""The table that decoding, encoding, masking and error messages read: which fields an object has, and of which type each is.

`read` walks it, and finds the first place that is wrong; `compile.py` makes decoders of it, which are faster and only say that something
is. Nothing here raises, because a traceback with local variables would show the answer, and an answer may hold a `client_secret`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from enum import Enum
from math import isfinite
from typing import Any, Final, Literal, TypeAlias

from .named_tuple import NamedTuple

Json: TypeAlias = "dict[str, Any] | list[Any] | str | int | float | bool | None"
"""A value read from JSON. Inner values are Any: each decoder checks them itself."""
Constant: TypeAlias = "str | int | float | bool | None"
Unit: TypeAlias = Literal["cents", "dollars", "unix-s", "unix-ms", "unix-auto"]
Discriminator: TypeAlias = "tuple[str, Mapping[str, Any]]"
"""The property that says which model an object is, and the model, or its name, for each value."""
REQUIRED: Any = object()
"""The default of a field that has none."""


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


class FieldSchema:
    """One property of an object: what a class says of it, beside its annotation and its schema, which is made of that."""

    name: str
    """As JSON has it."""
    default: Any
    """The attribute's value when the property is absent."""
    factory: Callable[[], Any] | None
    kw_only: bool
    nullable: bool
    unit: Unit | None
    secret: bool
    deprecated: str
    constant: str | float | None
    discriminator: Discriminator | None
    unchecked: bool
    attribute: str
    slot: str
    """The attribute under which the value is stored: `attribute`, unless reading that warns of a deprecation."""
    schema: Schema

    def __init__(self, name: str | None, **options: Any) -> None:  # noqa: ANN401 - those of `prop`, which are typed
        self._name = name
        vars(self).update(options)
        if self.factory is not None:
            self.default = None

    @property
    def required(self) -> bool:
        """Whether the property must be there."""
        return self.default is REQUIRED

    def bind(self, attribute: str) -> None:
        """Take the name of the attribute."""
        self.attribute = attribute
        self.name = attribute if self._name is None else self._name
        self.slot = f"_deprecated_{attribute}" if self.deprecated else attribute


class Object(NamedTuple):
    """The properties of an object, and what it is decoded to."""

    fields: tuple[FieldSchema, ...]
    extra: Schema | None
    """The type of properties that are not listed; None when they are not allowed."""
    model: type[Any]


def is_finite(value: Json, *, numbers: bool = True) -> bool:
    """Say whether a value of any type can be kept: it has at most MAX_DEPTH levels, and its numbers are finite if these count."""
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH):
        below: list[Json] = []
        for item in level:
            if isinstance(item, float):
                if numbers and not isfinite(item):
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
    "number": lambda value: value if type(value) is int or (isinstance(value, float) and isfinite(value)) else MISMATCH,
    "string": lambda value: value if type(value) is str else MISMATCH,
    "date-time": _reader_of(_DATE_TIME, lambda text: dt.datetime.fromisoformat(text.upper())),
    "date": _reader_of(_DATE, dt.date.fromisoformat),
    "uuid": _reader_of(_UUID, _uuid),
}
"""Reads each type that contains no other."""


class Misfit(NamedTuple):
    """Where a value differs from its schema, before that is put into words: those may not show what is secret."""

    expected: str
    value: Any = None
    """What stands there."""
    found: str = ""
    """In words, where that is not a value."""
    path: tuple[str | int, ...] = ()
    secret: bool = False

    def below(self, step: str | int, *, secret: bool = False) -> Misfit:
        """Give the same as seen from the array or object around it."""
        return Misfit(self.expected, self.value, self.found, (step, *self.path), secret or self.secret)


def read(value: Json, schema: Schema) -> Any:  # noqa: ANN401 - of any type
    """Decode a value as its schema says, or give the first Misfit."""
    kind, inner = schema.kind, schema.inner or Schema()
    if schema.nullable and value is None:
        return None
    if kind == "union":
        return _read_union(value, schema)
    if schema.object is not None and type(value) is dict:
        return _read_object(value, schema.object())
    if kind == "array" and type(value) is list:
        items = _read_all(dict(enumerate(value)), inner)
        return items if isinstance(items, Misfit) else [*items.values()]
    if kind == "map" and type(value) is dict:
        return _read_all(value, inner)
    found = SCALARS[kind](value) if kind in SCALARS else find_constant(value, schema.constants)
    return Misfit(_in_words(schema), value) if found is MISMATCH else found


def _read_all(values: Mapping[Any, Json], schema: Schema) -> dict[Any, Any] | Misfit:
    made: dict[Any, Any] = {}
    for key, value in values.items():
        made[key] = one = read(value, schema)
        if isinstance(one, Misfit):
            return one.below(key)
    return made


def _read_union(value: Json, schema: Schema) -> Any:  # noqa: ANN401 - of any type
    options, known = schema.options, schema.discriminator
    if known is not None and type(value) is dict:
        name, models = known
        tag = value.get(name)
        if type(tag) is str and tag in models:
            return read(value, models[tag])
        options = tuple(option for option in options if option.object is None)
        if not options:
            if name not in value:
                return Misfit("there", found="missing", path=(name,))
            return Misfit(_one_of(tuple(models)), tag, path=(name,))
    tried = [(read(value, option), option.object is not None) for option in options]
    made = [(one, is_model) for one, is_model in tried if not isinstance(one, Misfit)]
    if made:
        return knows_most([one for one, is_model in made if is_model]) or made[0][0]
    # An option whose outermost type fits was meant, if it is the only one.
    deeper = [one for one, _ in tried if one.path]
    return deeper[0] if len(deeper) == 1 else Misfit(_in_words(schema), value)


def knows_most(models: list[Any]) -> Any:  # noqa: ANN401 - a model, or None
    """Choose the model that knows most of an object's fields; of several, the first."""
    return min(models, key=lambda one: len(getattr(one, "additional_properties", ())), default=None)


def _read_object(value: dict[str, Any], table: Object) -> Any:  # noqa: ANN401 - of any type
    made = object.__new__(table.model)
    others = dict(value)
    for field in table.fields:
        if field.name in others:
            one = read(others.pop(field.name), field.schema)
            if isinstance(one, Misfit):
                return one.below(field.name, secret=field.secret)
        elif field.required:
            return Misfit("there", found="missing", path=(field.name,))
        else:
            one = field.default
        setattr(made, field.slot, one)
    if others and table.extra is None:
        return Misfit("absent", found="there", path=(next(iter(others)),))
    if others and table.extra is not None:
        extra = _read_all(others, table.extra)
        if isinstance(extra, Misfit):
            return extra
        made.additional_properties = extra
    return made


def find_mismatch(
    value: Json, schema: Schema, path: str = "$", *, mask: Callable[[str], str] = str, secret: bool = False
) -> Mismatch | None:
    """Find the first place where a value, which is read from JSON, differs from `schema`; None when it does not.

    `mask` removes secrets from a text of the value, before the text is shortened; of a secret value nothing is shown.
    """
    if is_recursive(schema) and is_nested_too_deeply(value):
        return Mismatch(path, f"JSON with at most {MAX_DEPTH} levels", "nested more deeply")
    found = read(value, schema)
    if not isinstance(found, Misfit):
        return None
    for step in found.path:
        name = f"[{step}]" if isinstance(step, int) else mask(step)
        if isinstance(step, str):
            name = f".{name}" if name.isidentifier() and len(name) <= 60 else f"[{shown(name)}]"
        path += name
    described = found.found or _describe(found.value, mask, secret=secret or found.secret)
    return Mismatch(path, found.expected, described)


def _describe(value: Json, mask: Callable[[str], str], *, secret: bool) -> str:
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
        return "a string" if secret else f"the string {shown(mask(value))}"
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
