"""Compares an answer with the schema that the resolved document has for it: every departure, not only the first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, cast

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Schema: TypeAlias = Mapping[str, Any]
_WORD = re.compile(r"[a-zA-Z][a-zA-Z_]{0,29}")


def resolved(node: object, document: Schema) -> Any:  # noqa: ANN401 - any node of a document
    """A node without references and `allOf`; what may stand beside null (`oneOf`, of one schema and null) has null among its types."""
    if isinstance(node, list):
        return [resolved(item, document) for item in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    schema = cast("dict[str, Any]", node)
    if "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return resolved(found, document)
    whole: dict[str, Any] = {name: resolved(inner, document) for name, inner in schema.items()}
    if "allOf" in whole:
        parts = whole["allOf"]
        properties = {name: inner for part in parts for name, inner in part.get("properties", {}).items()}
        required = [name for part in parts for name in part.get("required", [])]
        return {"type": "object", "properties": properties, "required": required}
    if "oneOf" in whole:
        [inner] = [option for option in whole["oneOf"] if option != {"type": "null"}]
        return {**inner, "type": [*types, "null"] if (types := _types(inner)) else []}
    return whole


def departures(schema: Schema, value: Json, place: str) -> Iterator[tuple[str, str]]:
    """Each place where a value is not what a resolved schema says, and how."""
    types, there = _types(schema), _type_name(value)
    if value is None:
        if types and "null" not in types:
            yield place, "is null, which is not documented"
    elif types and there not in types and not (there == "integer" and "number" in types):
        yield place, f"is {_article(there)}, documented is {' or '.join(map(_article, sorted(types - {'null'})))}"
    elif "enum" in schema and value not in schema["enum"]:
        yield place, f"has a word that is not documented: {_show_word(value)}"
    elif isinstance(value, dict):
        yield from _of_object(schema, value, place)
    elif isinstance(value, list):
        for item in value:
            yield from departures(schema.get("items", {}), item, f"{place}[]")


def _of_object(schema: Schema, value: dict[str, Json], place: str) -> Iterator[tuple[str, str]]:
    fields: Schema = schema.get("properties", {})
    others: Any = schema.get("additionalProperties")
    yield from ((f"{place}.{name}", "is missing") for name in schema.get("required", ()) if name not in value)
    for name, inner in value.items():
        if name in fields:
            yield from departures(fields[name], inner, f"{place}.{name}")
        elif others and others is not True:
            yield from departures(others, inner, f"{place}.*")
        elif others is not True and _types(schema):
            shown = name if name.isidentifier() and len(name) <= 40 else "a field with an unusual name"
            yield f"{place}.{shown}", f"is not documented ({_type_name(inner)})"


def quantities(schema: Schema, value: Json, place: str) -> Iterator[tuple[str, str, float]]:
    """Place, unit and value of each number that has a unit."""
    if isinstance(value, dict):
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from quantities(inner, value[name], f"{place}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from quantities(schema.get("items", {}), item, f"{place}[]")
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and "x-unit" in schema:
        yield place, schema["x-unit"], value


def as_object(value: Json) -> dict[str, Json]:
    """A JSON object; an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def as_objects(value: Json) -> list[dict[str, Json]]:
    """The objects of a JSON list; none where there is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _types(schema: Schema) -> set[str]:
    types = schema.get("type", ())
    return {types} if isinstance(types, str) else set(types)


def _show_word(value: Json) -> str:
    """Words of a vocabulary as they are, everything else of an answer by its kind."""
    if isinstance(value, str):
        return repr(value) if _WORD.fullmatch(value) else f"a text of {len(value)} characters"
    return f"a value of type {_type_name(value)}"


def _type_name(value: Json) -> str:
    """The JSON type of a value; 3.0 is an integer."""
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    names = {"bool": "boolean", "int": "integer", "str": "string", "list": "array", "dict": "object"}
    return names.get(type(value).__name__, "null")


def _article(name: str) -> str:
    return name if name == "null" else f"{'an' if name[0] in 'aio' else 'a'} {name}"
