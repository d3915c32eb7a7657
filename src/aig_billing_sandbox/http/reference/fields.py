"""Schemas as HTML: each field with its type, unit, limits and description, and what is inside it folded away."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

import attrs

from aig_billing_sandbox.http.reference.markup import Markup, join, prose, tag

JsonObject = Mapping[str, Any]

_UNITS = {
    "unix-ms": "Unix milliseconds",
    "unix-s": "Unix seconds",
    "unix-auto": "Unix seconds or milliseconds",
}
_MAX_DEPTH = 8  # of fields within fields, for schemas that contain themselves


@attrs.frozen
class NamedSchema:
    """A parameter, a header, or a property of an object."""

    name: str
    schema: JsonObject
    required: bool
    beside: JsonObject = attrs.field(factory=dict[str, Any])
    """Of a parameter or header: what stands beside its schema."""

    @property
    def place(self) -> str:
        """Of a parameter: `path`, `query` or `header`."""
        return str(self.beside.get("in", ""))


class Fields:
    """Writes the fields of a document's schemas."""

    def __init__(self, document: JsonObject) -> None:
        self._document = document

    def target(self, node: JsonObject) -> JsonObject:
        """Resolves a chain of `$ref`s."""
        while "$ref" in node:
            target: Any = self._document
            for part in str(node["$ref"]).removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = cast("JsonObject", target)
        return node

    def parameter(self, node: JsonObject, name: str = "") -> NamedSchema:
        """A parameter, or the header called `name`."""
        entry = self.target(node)
        return NamedSchema(name or entry["name"], entry["schema"], entry.get("required", False), entry)

    def inside(self, schema: JsonObject) -> list[NamedSchema]:
        """The properties of an object, or of the objects in a list or a union; those of any name in a map are called `*`."""
        schema = self._core(schema)
        if "items" in schema:
            return self.inside(schema["items"])
        found = {
            name: NamedSchema(name, inner, name in schema.get("required", ()))
            for name, inner in schema.get("properties", {}).items()
        }
        if isinstance(values := schema.get("additionalProperties"), dict):
            found["*"] = NamedSchema("*", cast("JsonObject", values), required=False)
        for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
            found |= {field.name: field for field in self.inside(part)}
        return list(found.values())

    def listing(self, fields: Iterable[NamedSchema], depth: int = 0) -> Markup:
        """Writes fields one below the other."""
        return tag("ul", (self._entry(field, depth) for field in fields), class_="fields")

    def enum(self, field: NamedSchema) -> list[str]:
        """The allowed values as text, where there are only a few."""
        core = self._core(field.schema)
        values = [core["const"]] if "const" in core else core.get("enum", ())
        return [value if isinstance(value, str) else json.dumps(value) for value in values]

    def _entry(self, field: NamedSchema, depth: int) -> Markup:
        core = self._core(field.schema)
        keywords = {**core, **field.schema, **field.beside}
        unit = _UNITS.get(keywords.get("x-unit", ""), keywords.get("x-unit"))
        limits = [
            f"{words} {core[key]}" for key, words in (("minimum", "at least"), ("maximum", "at most")) if key in core
        ]
        badges = (
            ("required", "required" if field.required else None),
            ("", field.place or None),
            ("unit", unit),
            ("warn", "unit unconfirmed" if "x-unit-confidence" in keywords else None),
        )
        values = self.enum(field)
        allowed = [join((", " if index else "", tag("code", value))) for index, value in enumerate(values)]
        inner = self.inside(field.schema) if depth < _MAX_DEPTH else []
        return tag(
            "li",
            tag(
                "div",
                tag("code", field.name, class_="name"),
                tag("span", self._type(field.schema), class_="type"),
                (tag("span", text, class_=f"badge {kind}".strip()) for kind, text in badges if text),
                class_="head",
            ),
            tag("p", prose(keywords["description"])) if "description" in keywords else None,
            tag("p", "One of " if len(values) > 1 else "Always ", allowed, class_="allowed") if values else None,
            tag("p", ", ".join(limits).capitalize(), f" {unit}" if unit else None, class_="allowed")
            if limits
            else None,
            tag(
                "details",
                tag("summary", f"{len(inner)} field{'s'[: len(inner) != 1]} of ", tag("code", field.name)),
                self.listing(inner, depth + 1),
                open=depth == 0 and field.name == "result",
            )
            if inner
            else None,
        )

    def _core(self, schema: JsonObject) -> JsonObject:
        """The schema itself: references resolved, and the one alternative to null."""
        schema = self.target(schema)
        kept = [choice for choice in schema.get("oneOf", schema.get("anyOf", ())) if choice.get("type") != "null"]
        return self._core(kept[0]) if len(kept) == 1 else schema

    def _type(self, schema: JsonObject) -> str:
        """The type in words: `number or null`, `array of Invoice`."""
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name:
            return name if "properties" in self.target(schema) else self._type(self.target(schema))
        if choices := schema.get("oneOf", schema.get("anyOf")):
            return " or ".join(self._type(choice) for choice in choices)
        if isinstance(values := schema.get("additionalProperties"), dict):
            return f"map of {self._type(cast('JsonObject', values))}"
        if "allOf" in schema:
            return "object"
        if schema.get("type") == "array":
            return f"array of {self._type(schema.get('items', {}))}"
        types: list[str] | str = schema.get("type", "any JSON")
        return types if isinstance(types, str) else " or ".join(types)
