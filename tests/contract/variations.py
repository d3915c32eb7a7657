"""Answers made from the document: one with everything in it, and every small departure from it, each with what must become of it."""

import copy
import math
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.contract.resolved import Resolved, Schema, allows_null, component_name, types_of, without_null
from tests.contract.strict_reading import child

Path = tuple[str | int, ...]

# One value of each JSON type.
OF_TYPE: dict[str, Any] = {
    "null": None,
    "boolean": True,
    "number": 12.5,
    "integer": 7,
    "string": "words",
    "array": [],
    "object": {},
}
MOMENT = "2026-06-01T08:00:00+00:00"
"""A date-time, in the form in which the client gives it back."""
UNUSUAL: dict[str, tuple[Any, ...]] = {
    "number": (0, -1, 5000, 640.19, -0.01, 1e300, 10**30),
    "integer": (0, -1, 10**30, 3.0),
    "string": ("", "words", "é\u2028😀\x00", "null"),
    "boolean": (False, True),
}


@dataclass(frozen=True)
class Variation:
    """A value, the place in which it differs from the whole one, and whether the document still allows it."""

    place: Path
    what: str
    value: Any
    allowed: bool

    def __str__(self) -> str:
        return f"{child('$', *self.place)} {self.what}"

    def refused_at(self, base: str) -> str:
        """The place that an error must name."""
        return child(base, *self.place)


def whole(document: Resolved, schema: Schema) -> Any:
    """A value with every property there, nothing null, and two items in each array."""
    schema = without_null(document.follow(schema))
    schema = document.follow(schema)
    if "properties" in schema:
        return {name: whole(document, inner) for name, inner in schema["properties"].items()}
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if schema.get("format") == "date-time":
        return MOMENT
    if isinstance(schema.get("additionalProperties"), dict):
        return {"any": whole(document, schema["additionalProperties"])}
    match types_of(schema):
        case ("array",):
            return [whole(document, schema["items"]), whole(document, schema["items"])]
        case ("object",) | ():
            return {"any": ["thing", 1.5, None]}
        case (one,):
            return copy.copy(OF_TYPE[one])
        case several:
            raise AssertionError(f"no value is laid down for {several}")


def variations(document: Resolved, schema: Schema) -> Iterator[Variation]:
    """Every small departure from the whole value, at every place; what the document says alone decides what is allowed."""
    start = whole(document, schema)
    yield Variation((), "as it should be", start, allowed=True)
    for place, what, value, allowed in _departures(document, schema, (), required=True):
        yield Variation(place, what, _with(start, place, value), allowed)


_GONE = object()
_Departure = tuple[Path, str, Any, bool]


def _departures(document: Resolved, schema: Schema, place: Path, *, required: bool) -> Iterator[_Departure]:
    nullable = allows_null(schema) or (component_name(schema) is not None and allows_null(document.follow(schema)))
    inner = document.follow(without_null(document.follow(schema)))
    if place and isinstance(place[-1], str):
        yield place, "is absent", _GONE, not required
    yield place, "is null", None, nullable
    types = types_of(inner)
    if not types and "properties" not in inner:
        for value in OF_TYPE.values():
            yield place, f"is {value!r}", value, True
        # 1e999 is JSON, and no number that could be counted with.
        yield place, "holds infinity", {"deep": [math.inf]}, False
        return
    for name, value in OF_TYPE.items():
        if name != "null" and name not in types and (name, types) != ("integer", ("number",)):
            yield place, f"is {value!r}", value, False
    for value in UNUSUAL.get(types[0], ()):
        yield place, f"is {value!r}", value, inner.get("format") != "date-time"
    if "number" in types:
        yield place, "is infinite", -math.inf, False
    yield from _departures_within(document, inner, place)


def _departures_within(document: Resolved, schema: Schema, place: Path) -> Iterator[_Departure]:
    if types_of(schema) == ("array",):
        yield place, "is empty", [], True
        for index in (0, 1):
            yield from _departures(document, schema["items"], (*place, index), required=True)
    for name, inner in schema.get("properties", {}).items():
        yield from _departures(document, inner, (*place, name), required=name in schema.get("required", ()))
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _departures(document, schema["additionalProperties"], (*place, "any"), required=False)
    elif types_of(schema) == ("object",):
        is_open = schema.get("additionalProperties") is not False
        yield (*place, "unheard-of"), "is there", {"deep": [1, None, "é"]}, is_open
        yield (*place, "unheard-of"), "holds infinity", {"deep": [math.inf]}, False


def _with(value: Any, place: Path, new: Any) -> Any:
    match place:
        case ():
            return copy.deepcopy(new)
        case (key,):
            changed = copy.copy(value)
            if new is _GONE:
                del changed[key]
            else:
                changed[key] = copy.deepcopy(new)
            return changed
        case (key, *below):
            changed = copy.copy(value)
            changed[key] = _with(value[key], tuple(below), new)
            return changed


def by_chance(document: Resolved, schema: Schema, chance: random.Random) -> Any:
    """A value that the document allows: what may be absent or null often is, and numbers, words and lists are of all sorts."""
    schema = document.follow(schema)
    if allows_null(schema) and chance.random() < 0.3:
        return None
    schema = document.follow(without_null(schema))
    if "properties" in schema:
        return _record_by_chance(document, schema, chance)
    if "enum" in schema:
        return chance.choice([word for word in schema["enum"] if word is not None])
    if schema.get("format") == "date-time":
        return MOMENT
    if isinstance(schema.get("additionalProperties"), dict):
        return {
            f"any-{one}": by_chance(document, schema["additionalProperties"], chance)
            for one in range(chance.choice((0, 1, 3)))
        }
    match types_of(schema):
        case ("array",):
            return [by_chance(document, schema["items"], chance) for _ in range(chance.choice((0, 1, 2, 5)))]
        case ("object",) | ():
            return chance.choice(({}, {"any": ["thing", 1.5, None]}))
        case (one,):
            return chance.choice(UNUSUAL[one])
        case several:
            raise AssertionError(f"no value is laid down for {several}")


def _record_by_chance(document: Resolved, schema: Schema, chance: random.Random) -> dict[str, Any]:
    required = schema.get("required", ())
    fields = list(schema["properties"].items())
    chance.shuffle(fields)
    made = {
        name: by_chance(document, inner, chance) for name, inner in fields if name in required or chance.random() < 0.6
    }
    if schema.get("additionalProperties") is not False and chance.random() < 0.3:
        made[f"unheard-of-{chance.randrange(3)}"] = chance.choice(list(OF_TYPE.values()))
    return made


def without_optional_nulls(document: Resolved, schema: Schema, value: Any) -> Any:
    """The value as the client gives it back: an optional null counts as absent."""
    schema = document.follow(without_null(document.follow(schema)))
    if schema.get("format") == "date-time" and isinstance(value, str):
        return re.sub("Z$", "+00:00", value)
    if isinstance(value, dict) and isinstance(schema.get("additionalProperties"), dict):
        inner = schema["additionalProperties"]
        return {name: without_optional_nulls(document, inner, item) for name, item in value.items()}
    if isinstance(value, list) and "items" in schema:
        return [without_optional_nulls(document, schema["items"], item) for item in value]
    if isinstance(value, dict) and "properties" in schema:
        kept = {}
        for name, inner in value.items():
            known = schema["properties"].get(name)
            if inner is not None or known is None or name in schema.get("required", ()):
                kept[name] = inner if known is None else without_optional_nulls(document, known, inner)
        return kept
    return value
