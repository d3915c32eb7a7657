"""Checks of arguments against the document's constraints, before anything is sent; and how they are written into a request.

Generated code calls one check for each parameter and body field; it gives the argument as JSON has it. Every message says which
argument, what was given, and what to write instead. A ValueError or TypeError from here means that nothing was sent.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import operator
import re
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from enum import Enum
from typing import Any, Final, Literal, TypeAlias, TypeVar
from urllib.parse import quote_plus

from .model import JsonType, json_type_of, to_json
from .schema import Discriminator, Json, find_mismatch, shown

Unit: TypeAlias = Literal["cents"] | None
Word = TypeVar("Word", str, int, bool, float)
Limits: TypeAlias = Mapping[str, Any]
Way: TypeAlias = "tuple[str | tuple[str, ...] | None, ...]"
"""The way to a value inside of another, step by step: the name of a property, a tuple for every property but those, None for every item."""


class Unset(Enum):
    """The type of UNSET."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""Stands for a field of a body that is left out, where None is sent as null."""


def text(name: str, value: object) -> str:
    """Check a string."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, not {type(value).__name__}")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError(f"{name} holds half a character (a lone surrogate), which cannot be sent")
    return value


def choice(name: str, value: object, allowed: tuple[Word, ...], *, secret: bool = False) -> Word:
    """Check one of several constants."""
    for word in allowed:
        if type(value) is type(word) and value == word:
            return word
    raise ValueError(f"{_given(name, value, secret=secret)} is none of {', '.join(map(repr, allowed))}")


def flag(name: str, value: object) -> bool:
    """Check true or false."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {shown(value)}")
    return value


def integer(
    name: str, value: object, *, minimum: float | None = None, maximum: float | None = None, unit: Unit = None
) -> int:
    """Check a whole number, within its limits; `unit` makes the messages say what it counts."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number{_of(unit)}, an int, not {shown(value)}{_advice(unit, value)}")
    _within(name, value, minimum, maximum, unit)
    return int(value)


def number(
    name: str, value: object, *, minimum: float | None = None, maximum: float | None = None, unit: Unit = None
) -> float:
    """Check a finite number, within its limits; `unit` makes the messages say what it counts."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number{_of(unit)}, not {shown(value)}{_advice(unit, value)}")
    if not math.isfinite(value):
        raise ValueError(f"{name}={value!r} is not a finite number")
    _within(name, value, minimum, maximum, unit)
    return value


def unix_ms(name: str, value: object) -> float:
    """Check a time, an aware datetime or Unix milliseconds, and give Unix milliseconds.

    A number that would lie in the first three years of 1970 is refused: it is a time in seconds, a thousand times too small.
    """
    from .times import UNIX_AUTO_BOUNDARY, to_unix_ms

    if isinstance(value, dt.datetime):
        return to_unix_ms(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be an aware datetime or Unix milliseconds, not {shown(value)}")
    if not math.isfinite(value):
        raise ValueError(f"{name}={value!r} is not a finite number")
    if 0 < value < UNIX_AUTO_BOUNDARY:
        raise ValueError(
            f"{name}={value!r} looks like Unix seconds, and the API takes milliseconds: pass an aware datetime, or {name}={value * 1000!r}"
        )
    return value


def value(
    name: str,
    given: object,
    annotation: Any,  # noqa: ANN401 - any type
    discriminator: Discriminator | None = None,
    *,
    secret: bool = False,
) -> Any:  # noqa: ANN401 - JSON
    """Check what is not a single string, number or boolean - a model, a list, a map, a date, a union - and write it as JSON has it."""
    try:
        found: Any = to_json(given)
    except TypeError as error:
        raise TypeError(f"{name} cannot be sent: {error}") from None
    known = JsonType[Any](annotation, discriminator=discriminator) if discriminator else json_type_of(annotation)
    mismatch = find_mismatch(found, known.schema, name, secret=secret)
    if mismatch is not None:
        raise ValueError(str(mismatch))
    return found


def within(name: str, given: Json, limits: Mapping[Way, Limits]) -> Any:  # noqa: ANN401 - JSON
    """Check limits of a value and of what is in it, each by the way to it.

    Beside the limits of a value, `secret` says that a message may not show it.
    """
    for way, own in limits.items():
        for place, one in _places(name, given, way):
            for limit, bound in own.items():
                if limit != "secret" and (broken := _LIMITS[limit](one, bound)):
                    raise ValueError(f"{_given(place, one, secret='secret' in own)}: {broken}")
    return given


def _places(name: str, value: Json, way: Way) -> Iterator[tuple[str, Json]]:
    if not way:
        yield name, value
    elif way[0] is None and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _places(f"{name}[{index}]", item, way[1:])
    elif way[0] is not None and isinstance(value, dict):
        for key, item in value.items():
            if way[0] == key or (isinstance(way[0], tuple) and key not in way[0]):
                yield from _places(f"{name}.{key}", item, way[1:])


def _of_numbers(words: str, holds: Callable[[Any, Any], bool]) -> Callable[[Json, Any], str]:
    def check(value: Json, bound: float) -> str:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return f"{words} {_plain(bound)}" if number and not holds(value, bound) else ""

    return check


def _of_sizes(
    words: str, kind: type[str | list[Any] | dict[str, Any]], holds: Callable[[int, int], bool]
) -> Callable[[Json, Any], str]:
    def check(value: Any, bound: int) -> str:  # noqa: ANN401 - JSON
        wrong = type(value) is kind and not holds(len(value), bound)
        return f"{words} {bound}, and it has {len(value)}" if wrong else ""

    return check


def _fits(value: Json, pattern: str) -> str:
    return f"it does not match {pattern}" if isinstance(value, str) and not re.search(pattern, value) else ""


def _is_unique(value: Json, unique: bool) -> str:  # noqa: FBT001 - a limit
    texts = [json.dumps(item, sort_keys=True) for item in value] if isinstance(value, list) else []
    return "two of its items are equal" if unique and len(set(texts)) < len(texts) else ""


def _is_multiple(value: float, of: float) -> bool:
    from decimal import Decimal

    return Decimal(str(value)) % Decimal(str(of)) == 0


_LIMITS: Mapping[str, Callable[[Json, Any], str]] = {
    "minimum": _of_numbers("the least is", operator.ge),
    "maximum": _of_numbers("the most is", operator.le),
    "above": _of_numbers("it must be more than", operator.gt),
    "below": _of_numbers("it must be less than", operator.lt),
    "multiple_of": _of_numbers("it must be a multiple of", _is_multiple),
    "min_length": _of_sizes("the least number of characters is", str, operator.ge),
    "max_length": _of_sizes("the most characters are", str, operator.le),
    "pattern": _fits,
    "min_items": _of_sizes("the least number of items is", list, operator.ge),
    "max_items": _of_sizes("the most items are", list, operator.le),
    "unique": _is_unique,
    "min_properties": _of_sizes("the least number of properties is", dict, operator.ge),
    "max_properties": _of_sizes("the most properties are", dict, operator.le),
}


def warn(text: str, category: type[Warning] = DeprecationWarning) -> None:
    """Warn where a method or a function of an operation is called.

    `deprecated` only marks those: before Python 3.13 it would import all of asyncio to warn.
    """
    warnings.warn(text, category, stacklevel=4)


def plain(value: Json) -> str:
    """Write one value as a path, a query or a header has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (dict, list)) or value is None:
        raise ValueError(
            f"{shown(value)} cannot stand inside of a list or an object there: only strings, numbers and booleans can"
        )
    return str(value)


def encode_query(values: Mapping[str, Json], styles: Mapping[str, str] = {}) -> str:
    """Write query parameters, without those that are None.

    A list repeats its name, and an object gives each property as a parameter, unless `styles` has a separator for the name, or
    `deepObject`: `name[property]=value`.
    """
    pairs: list[str] = []
    for name, given in values.items():
        style, items = styles.get(name, ""), _items(name, given, deep=styles.get(name) == "deepObject")
        if style in {"", "deepObject"}:
            pairs += [f"{quote_plus(key)}={quote_plus(plain(item))}" for key, item in items]
        elif items:
            flat = (part for key, item in items for part in ([item] if isinstance(given, list) else [key, item]))
            pairs.append(f"{quote_plus(name)}={style.join(quote_plus(plain(part)) for part in flat)}")
    return "&".join(pairs)


def _items(name: str, given: Json, *, deep: bool) -> list[tuple[str, Json]]:
    if given is None:
        return []
    if isinstance(given, list):
        return [(name, item) for item in given]
    if isinstance(given, dict):
        return [(f"{name}[{key}]" if deep else key, item) for key, item in given.items()]
    return [(name, given)]


def encode_headers(values: Mapping[str, Json]) -> tuple[tuple[str, str], ...]:
    """Write headers, without those that are None."""
    headers = tuple((name, plain(given)) for name, given in values.items() if given is not None)
    for name, text in headers:
        if not re.fullmatch(r"[!-~]([ -~]*[!-~])?", text):
            raise ValueError(
                f"the value of {name} cannot stand in a header: use printable ASCII, without blanks at its ends"
            )
    return headers


def encode_json(value: object) -> bytes:
    """Write JSON without spaces."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise ValueError("the body holds half a character (a lone surrogate), which cannot be sent") from None


def encode_body(values: Mapping[str, object]) -> bytes:
    """Write the fields of a JSON body, without those that are UNSET, in the order given."""
    return encode_json({name: given for name, given in values.items() if given is not UNSET})


def encode_optional(values: Mapping[str, object], required: Collection[str]) -> bytes | None:
    """Write the fields of a body that may be left out as a whole: None when no field is given."""
    present = {name: given for name, given in values.items() if given is not UNSET}
    missing = [name for name in required if name not in present]
    if present and missing:
        raise TypeError(f"{missing[0]} is required where {', '.join(present)} is given")
    return encode_json(present) if present else None


def _within(name: str, value: float, minimum: float | None, maximum: float | None, unit: Unit) -> None:
    low = minimum is not None and value < minimum
    limit = minimum if low else maximum
    if limit is not None and (low or value > limit):
        allowed = f"the {'least' if low else 'most'} is {_plain(limit)}{_meaning(unit, limit)}"
        raise ValueError(
            f"{name}={shown(value)}{_meaning(unit, value)}: {allowed}{_advice(unit, value) if low else ''}"
        )


def _plain(limit: float) -> str:
    return str(limit).removesuffix(".0")


def _of(unit: Unit) -> str:
    return " of cents" if unit == "cents" else ""


def _meaning(unit: Unit, value: float) -> str:
    if unit != "cents":
        return ""
    from .money import Money

    return f" cents ({Money.from_cents(value)})"


def _advice(unit: Unit, value: object) -> str:
    if unit != "cents":
        return ""
    meant = str(value).strip().removeprefix("$")
    example = meant if re.fullmatch(r"[1-9][0-9]{0,6}(\.[0-9]{1,2})?", meant) else "50"
    return f'. Amounts are in cents: for ${example} write usd("{example}")'


def _given(name: str, value: object, *, secret: bool) -> str:
    return name if secret else f"{name}={shown(value)}"
