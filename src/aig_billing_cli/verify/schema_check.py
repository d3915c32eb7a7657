"""Compares an answer with the schema that the resolved document has for it: every departure, not only the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .findings import Json, show_word, type_name

Schema = Mapping[str, Any]


class AnswerDocument:
    """The resolved document."""

    def __init__(self, content: Schema) -> None:
        self.content = content

    def follow(self, node: Schema) -> Schema:
        """Resolve a chain of `$ref`s."""
        while "$ref" in node:
            found: Any = self.content
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def merged(self, schema: Schema) -> Schema:
        """A schema with its references followed and its `allOf` taken together."""
        schema = self.follow(schema)
        if "allOf" not in schema:
            return schema
        parts = [self.merged(part) for part in schema["allOf"]]
        whole: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
        for part in parts:
            whole["properties"] |= part.get("properties", {})
            whole["required"] += part.get("required", [])
        return whole

    def beside_null(self, schema: Schema) -> tuple[Schema, bool]:
        """What may stand there beside null, and whether null may: in `oneOf`, the document has one schema and null."""
        schema = self.merged(schema)
        if "oneOf" in schema:
            [inner] = [option for option in schema["oneOf"] if option != {"type": "null"}]
            return self.merged(inner), True
        types = _types(schema)
        return schema, not types or "null" in types

    def departures(self, schema: Schema, value: Json, place: str) -> Iterator[tuple[str, str]]:
        """Each place where a value is not what the schema says, and how."""
        schema, nullable = self.beside_null(schema)
        types, there = _types(schema) - {"null"}, type_name(value)
        if value is None:
            if not nullable:
                yield place, "is null, which is not documented"
        elif types and there not in types and not (there == "integer" and "number" in types):
            yield place, f"is {_article(there)}, documented is {' or '.join(map(_article, sorted(types)))}"
        elif "enum" in schema and value not in schema["enum"]:
            yield place, f"has a word that is not documented: {show_word(value)}"
        elif isinstance(value, dict):
            yield from self._of_object(schema, value, place)
        elif isinstance(value, list):
            for item in value:
                yield from self.departures(schema.get("items", {}), item, f"{place}[]")

    def _of_object(self, schema: Schema, value: dict[str, Json], place: str) -> Iterator[tuple[str, str]]:
        fields: Schema = schema.get("properties", {})
        others: Any = schema.get("additionalProperties")
        yield from ((f"{place}.{name}", "is missing") for name in schema.get("required", ()) if name not in value)
        for name, inner in value.items():
            if name in fields:
                yield from self.departures(fields[name], inner, f"{place}.{name}")
            elif others and others is not True:
                yield from self.departures(others, inner, f"{place}.*")
            elif others is not True and _types(schema):
                shown = name if name.isidentifier() and len(name) <= 40 else "a field with an unusual name"
                yield f"{place}.{shown}", f"is not documented ({type_name(inner)})"

    def quantities(self, schema: Schema, value: Json, place: str) -> Iterator[tuple[str, str, float]]:
        """Place, unit and value of each number that has a unit."""
        schema, _ = self.beside_null(schema)
        if isinstance(value, dict):
            for name, inner in schema.get("properties", {}).items():
                if name in value:
                    yield from self.quantities(inner, value[name], f"{place}.{name}")
        elif isinstance(value, list):
            for item in value:
                yield from self.quantities(schema.get("items", {}), item, f"{place}[]")
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and "x-unit" in schema:
            yield place, schema["x-unit"], value


def _types(schema: Schema) -> set[str]:
    types = schema.get("type", ())
    return {types} if isinstance(types, str) else set(types)


def _article(name: str) -> str:
    return name if name == "null" else f"{'an' if name[0] in 'aio' else 'a'} {name}"
