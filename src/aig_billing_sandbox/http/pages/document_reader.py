"""The resolved document as the reference shows it: operations in order, and fields with type, unit, limits and values in words."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

import attrs

from aig_billing_sandbox.http.document import resolve_pointer

JsonObject = Mapping[str, Any]

_METHODS = ("get", "post", "put", "patch", "delete")
_UNITS = {"unix-ms": "Unix milliseconds", "unix-s": "Unix seconds", "unix-auto": "Unix seconds or milliseconds"}
_RETRIES = {
    "safe": "It only reads, so the client sends it again after connection errors, timeouts, 408, 429 and 5xx.",
    "idempotent": "Twice does no more than once, so the client sends it again as it does reads.",
    "once": "The client sends it again only if it provably never left, or after a 429 in the API's envelope.",
    "charge": "It charges the card, so the client sends it again only if it provably never left.",
}


@attrs.frozen
class ShownField:
    """A parameter, a header, or a property of an object, in words."""

    name: str
    keywords: JsonObject
    """Of the schema, and of the parameter or header that has it: `description`, `example`, `in`, ..."""
    type: str
    required: bool
    values: tuple[str, ...]
    """The allowed values, where there are only a few."""
    unit: str
    limits: str
    inside: list["ShownField"]
    """Those of the object that it is."""


@attrs.frozen
class OperationSection:
    """One operation."""

    path: str
    method: str
    operation: JsonObject
    parameters: list[ShownField]
    media_type: str
    body: JsonObject
    """The request body's content; empty where there is none."""
    server: str

    @property
    def anchor(self) -> str:
        """The id of its place in the page."""
        return str(self.operation["operationId"]).replace(".", "-")

    @property
    def group(self) -> str:
        """The resource of the client that has it."""
        return str(self.operation.get("x-fern-sdk-group-name", ""))

    @property
    def order(self) -> tuple[int, str]:
        """Resources before those below them."""
        return self.group.count("."), self.group

    @property
    def call(self) -> str:
        """The method of the client."""
        return f"{self.group}.{self.operation.get('x-fern-sdk-method-name', '')}".strip(".")

    @property
    def example(self) -> Any:  # noqa: ANN401 - JSON
        """The first example of its body."""
        examples: dict[str, JsonObject] = self.body.get("examples", {})
        return next((example["value"] for example in examples.values()), None)

    @property
    def samples(self) -> list[tuple[str, str]]:
        """How to call it, with the document's examples; the script puts in what is typed into the form."""
        path, query = self.path, dict[str, Any]()
        for field in self.parameters:
            if field.keywords["in"] == "path":
                path = path.replace(f"{{{field.name}}}", f"$CLOUDFLARE_{field.name.upper()}")
            elif field.keywords["in"] == "query" and "example" in field.keywords:
                query[field.name] = field.keywords["example"]
        asked = "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""
        curl = [
            f'curl{"" if self.method == "GET" else f" --request {self.method}"} "{self.server}{path}{asked}"',
            '  --header "Authorization: Bearer $CLOUDFLARE_API_TOKEN"',
            *([f"  --json '{json.dumps(self.example or {})}'"] if self.body else []),
        ]
        example = self.example
        arguments = query | cast("dict[str, Any]", example) if isinstance(example, dict) else query
        call = f"{self.call}({', '.join(f'{name}={value!r}' for name, value in arguments.items())})"
        python = f"from aig_billing import Client\n\nwith Client() as client:\n    print(client.{call})"
        return [("curl", " \\\n".join(curl)), *([("Python", python)] if self.call else [])]


class DocumentReader:
    """What the template asks of the document."""

    def __init__(self, document: JsonObject, server: str | None) -> None:
        self._document = document
        self.info: JsonObject = document["info"]
        self.server: str = server or document["servers"][0]["url"]
        self.components: JsonObject = document["components"]
        self.retries = _RETRIES
        self.sections = sorted(self._sections(), key=lambda section: section.order)

    @staticmethod
    def json(value: object) -> str:
        """A value as JSON for people."""
        return json.dumps(value, indent=2, ensure_ascii=False)

    def target(self, node: JsonObject) -> JsonObject:
        """Resolves a chain of `$ref`s."""
        while "$ref" in node:
            node = resolve_pointer(self._document, node["$ref"])
        return node

    def headers(self, answer: JsonObject) -> list[ShownField]:
        """The headers of an answer."""
        return [self._parameter(header, name) for name, header in answer["headers"].items()]

    def inside(self, schema: JsonObject, within: tuple[int, ...] = ()) -> list[ShownField]:
        """The properties of an object, or of the objects in a list or a union; those of any name in a map are called `*`.

        A schema is not shown again `within` itself.
        """
        schema = self._core(schema)
        if id(schema) in within:
            return []
        within = (*within, id(schema))
        if "items" in schema:
            return self.inside(schema["items"], within)
        properties: dict[str, JsonObject] = {**schema.get("properties", {})}
        if isinstance(values := schema.get("additionalProperties"), dict):
            properties["*"] = cast("JsonObject", values)
        required = schema.get("required", ())
        found = {
            name: self._field(name, one, {}, within, required=name in required) for name, one in properties.items()
        }
        for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
            found |= {field.name: field for field in self.inside(part, within)}
        return list(found.values())

    def _sections(self) -> Iterator[OperationSection]:
        for path, item in self._document["paths"].items():
            for method in _METHODS:
                if method in item:
                    operation = item[method]
                    entries = (*item.get("parameters", ()), *operation.get("parameters", ()))
                    body = self.target(operation.get("requestBody", {}))
                    contents: dict[str, JsonObject] = body.get("content", {})
                    media_type = next(iter(contents), "")
                    content = contents.get(media_type, {})
                    if "description" in body:
                        content = {**content, "description": body["description"]}
                    parameters = [self._parameter(entry) for entry in entries]
                    yield OperationSection(
                        path, method.upper(), operation, parameters, media_type, content, self.server
                    )

    def _parameter(self, node: JsonObject, name: str = "") -> ShownField:
        """A parameter, or the header called `name`."""
        entry = self.target(node)
        return self._field(name or entry["name"], entry["schema"], entry, (), required=entry.get("required", False))

    def _field(
        self, name: str, schema: JsonObject, around: JsonObject, within: tuple[int, ...], *, required: bool
    ) -> ShownField:
        core = self._core(schema)
        keywords: dict[str, Any] = {**core, **schema, **around}
        unit: str = keywords.get("x-unit", "")
        unit = _UNITS.get(unit, unit)
        limits = ", ".join(
            f"{words} {core[key]}" for key, words in (("minimum", "at least"), ("maximum", "at most")) if key in core
        )
        limits = limits.capitalize() + (f" {unit}" if limits and unit else "")
        allowed = [core["const"]] if "const" in core else core.get("enum", ())
        values = tuple(value if isinstance(value, str) else json.dumps(value) for value in allowed)
        inside = self.inside(schema, within)
        return ShownField(name, keywords, self._type(schema), required, values, unit, limits, inside)

    def _core(self, schema: JsonObject) -> JsonObject:
        """The schema itself: references resolved, and the one alternative to null."""
        schema = self.target(schema)
        kept = [choice for choice in schema.get("oneOf", schema.get("anyOf", ())) if choice.get("type") != "null"]
        return self._core(kept[0]) if len(kept) == 1 else schema

    def _type(self, schema: JsonObject, within: tuple[str, ...] = ()) -> str:
        """The type in words: `number or null`, `array of Invoice`; by its name alone `within` itself."""
        if name := str(schema.get("$ref", "")).rpartition("/")[2]:
            target = self.target(schema)
            return name if "properties" in target or name in within else self._type(target, (*within, name))
        if choices := schema.get("oneOf", schema.get("anyOf")):
            return " or ".join(self._type(choice, within) for choice in choices)
        if isinstance(values := schema.get("additionalProperties"), dict):
            return f"map of {self._type(cast('JsonObject', values), within)}"
        if "allOf" in schema:
            return "object"
        if schema.get("type") == "array":
            return f"array of {self._type(schema.get('items', {}), within)}"
        types: list[str] | str = schema.get("type", "any JSON")
        return types if isinstance(types, str) else " or ".join(types)
