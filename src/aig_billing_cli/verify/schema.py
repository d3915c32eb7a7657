"""Compares an answer with the schema that the resolved document has for it: every departure, not only the first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Schema: TypeAlias = Mapping[str, Any]
_WORD = re.compile(r"[a-zA-Z][a-zA-Z_]{0,29}")


def resolved(schema: Schema, document: Schema) -> Schema:
    """A schema with its references followed, its `allOf` taken together, and null of its `oneOf` (beside one schema) among its types."""
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    if "allOf" in schema:
        parts = [resolved(part, document) for part in schema["allOf"]]
        properties = {name: inner for part in parts for name, inner in part.get("properties", {}).items()}
        required = [name for part in parts for name in part.get("required", [])]
        return {"type": "object", "properties": properties, "required": required}
    if "oneOf" in schema:
        [inner] = [resolved(option, document) for option in schema["oneOf"] if option != {"type": "null"}]
        return {**inner, "type": [*types, "null"] if (types := _types(inner)) else []}
    return schema


def nodes(document: Schema, schema: Schema, value: Json, place: str) -> Iterator[tuple[str, Schema, Json]]:
    """Each place of an answer with the schema that a document has for it, and its value, from the outside in."""
    schema = resolved(schema, document)
    yield place, schema, value
    if isinstance(value, dict):
        fields: Schema = schema.get("properties", {})
        others: Any = schema.get("additionalProperties")
        for name, inner in value.items():
            if name in fields:
                yield from nodes(document, fields[name], inner, f"{place}.{name}")
            elif others and others is not True:
                yield from nodes(document, others, inner, f"{place}.*")
    elif isinstance(value, list):
        for item in value:
            yield from nodes(document, schema.get("items", {}), item, f"{place}[]")


def departures(schema: Schema, value: Json, place: str) -> Iterator[tuple[str, str]]:
    """Say how a value of an answer, without what is in it, is not what its schema says."""
    types, there = _types(schema), _type_name(value)
    if value is None:
        if types and "null" not in types:
            yield place, "is null, which is not documented"
    elif types and there not in types and not (there == "integer" and "number" in types):
        yield place, f"is {_article(there)}, documented is {' or '.join(map(_article, sorted(types - {'null'})))}"
    elif "enum" in schema and value not in schema["enum"]:
        yield place, f"has a word that is not documented: {_show_word(value)}"
    elif isinstance(value, dict):
        yield from ((f"{place}.{name}", "is missing") for name in schema.get("required", ()) if name not in value)
        for name in value if types and not schema.get("additionalProperties") else ():
            if name not in schema.get("properties", {}):
                shown = name if name.isidentifier() and len(name) <= 40 else "a field with an unusual name"
                yield f"{place}.{shown}", f"is not documented ({_type_name(value[name])})"


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
