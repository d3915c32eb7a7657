"""How schemas hang together: what each says itself, and which others say more of the same value or of what is in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from codegen.paths import target

Way = tuple[str | tuple[str, ...] | None, ...]
"""From a value to one in it: a property's name, None for an entry of a list, or the names that other properties do not have."""

LIMITS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "above",
    "exclusiveMaximum": "below",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
    "minItems": "min_items",
    "maxItems": "max_items",
    "uniqueItems": "unique",
    "minProperties": "min_properties",
    "maxProperties": "max_properties",
}
"""The keywords that limit what a schema allows within a type, each with what the runtime calls it."""


def successes(responses: Mapping[str, Any]) -> list[str]:
    """The statuses of the answers that a call returns: those of success, or the one that is described for all."""
    return [status for status in responses if status.startswith("2")] or [one for one in responses if one == "default"]


def types_of(schema: Mapping[str, Any]) -> set[str]:
    """The types that a schema states itself, or implies by its other keywords."""
    if "type" in schema:
        return {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])
    implied = {"properties": "object", "additionalProperties": "object", "items": "array"}
    return {kind for keyword, kind in implied.items() if keyword in schema}


def below(document: object, schema: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], Way]]:
    """The schemas below one, references followed, each with the step from its value to what it describes: none for the value itself."""
    same = [target(document, schema["$ref"])] if "$ref" in schema else []
    same += [one for keyword in ("allOf", "oneOf", "anyOf") for one in schema.get(keyword, [])]
    properties = schema.get("properties", {})
    found: list[tuple[Any, Way]] = [(one, ()) for one in same]
    found += [(one, (name,)) for name, one in properties.items()]
    found += [(schema.get("items"), (None,)), (schema.get("additionalProperties"), (tuple(properties),))]
    return ((one, step) for one, step in found if isinstance(one, dict))


def all_in(document: object, schema: object, *, itself: bool = False) -> list[dict[str, Any]]:
    """The schemas that describe a value and what is in it, each once, of `allOf` the last part first; or the value `itself` alone."""
    found: list[dict[str, Any]] = []
    waiting = [schema]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict) and not any(one is other for other in found):
            found.append(one)
            waiting += [inner for inner, step in below(document, one) if not (itself and step)]
    return found
