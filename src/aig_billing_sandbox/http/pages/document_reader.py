"""The resolved document as the reference shows it: operations in order, and fields with type, unit, limits and values in words."""

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from aig_billing_sandbox.http.document import resolve_pointer

JsonObject = Mapping[str, Any]

_METHODS = ("get", "post", "put", "patch", "delete")
_UNITS = {"unix-ms": "Unix milliseconds", "unix-s": "Unix seconds", "unix-auto": "Unix seconds or milliseconds"}
_LIMITS = {"minimum": "at least", "maximum": "at most"}
_RETRIES = {
    "safe": "It only reads, so the client sends it again after connection errors, timeouts, 408, 429 and 5xx.",
    "idempotent": "Twice does no more than once, so the client sends it again as it does reads.",
    "once": "The client sends it again only if it provably never left, or after a 429 in the API's envelope.",
    "charge": "It charges the card, so the client sends it again only if it provably never left.",
}


class DocumentReader:
    """What the template asks of the document."""

    def __init__(self, document: JsonObject, server: str) -> None:
        self._document = document
        self.server: str = server or document["servers"][0]["url"]
        self.retries = _RETRIES
        sections = [
            self._section(path, method, item)
            for path, item in document["paths"].items()
            for method in _METHODS
            if method in item
        ]
        self.sections = sorted(sections, key=lambda section: section["order"])

    @staticmethod
    def json(value: object) -> str:
        """A value as JSON for people; text as it is."""
        return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)

    def target(self, node: JsonObject) -> JsonObject:
        """Resolves a chain of `$ref`s."""
        while "$ref" in node:
            node = resolve_pointer(self._document, node["$ref"])
        return node

    def headers(self, answer: JsonObject) -> list[JsonObject]:
        """The headers of an answer."""
        return [self._field(header, name) for name, header in answer["headers"].items()]

    def inside(self, schema: JsonObject, within: tuple[int, ...] = ()) -> list[JsonObject]:
        """The properties of an object, or of the objects in a list or a union; those of any name in a map are called `*`.

        A schema is not shown again `within` itself.
        """
        schema = self._core(schema)
        if id(schema) in within:
            return []
        within = (*within, id(schema))
        if "items" in schema:
            return self.inside(schema["items"], within)
        properties: dict[str, Any] = {**schema.get("properties", {})}
        if isinstance(values := schema.get("additionalProperties"), dict):
            properties["*"] = values
        required = schema.get("required", ())
        found = {
            name: self._field({"schema": one, "required": name in required}, name, within)
            for name, one in properties.items()
        }
        for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
            found |= {field["name"]: field for field in self.inside(part, within)}
        return list(found.values())

    def _field(self, node: JsonObject, name: str = "", within: tuple[int, ...] = ()) -> JsonObject:
        """What is shown of a parameter, or of the header or the property called `name`.

        `keywords` are those of its schema and its own; `allowed` are its values, where there are only a few; `inside` are the
        fields of the object that it is.
        """
        node = self.target(node)
        core = self._core(node["schema"])
        keywords: dict[str, Any] = {**core, **node["schema"], **node}
        unit = _UNITS.get(keywords.get("x-unit", ""), keywords.get("x-unit", ""))
        limits = [f"{word} {core[key]}" for key, word in _LIMITS.items() if key in core]
        return {
            "name": name or node["name"],
            "keywords": keywords,
            "type": self._type(node["schema"]),
            "required": node.get("required", False),
            "allowed": [self.json(value) for value in ([core["const"]] if "const" in core else core.get("enum", ()))],
            "unit": unit,
            "limits": f"{', '.join(limits).capitalize()} {unit}".strip() if limits else "",
            "inside": self.inside(node["schema"], within),
        }

    def _section(self, path: str, method: str, item: JsonObject) -> JsonObject:
        """What is shown of an operation, with samples of how to call it, into which the script puts what is typed into the form."""
        operation: JsonObject = item[method]
        parameters = [self._field(node) for node in (*item.get("parameters", ()), *operation.get("parameters", ()))]
        request = self.target(operation.get("requestBody", {}))
        contents: dict[str, JsonObject] = request.get("content", {"": {}})
        media_type, content = next(iter(contents.items()))
        examples: dict[str, JsonObject] = content.get("examples", {})
        example: Any = next((one["value"] for one in examples.values()), dict[str, Any]())
        query: dict[str, Any] = {
            field["name"]: field["keywords"]["example"]
            for field in parameters
            if field["keywords"]["in"] == "query" and "example" in field["keywords"]
        }
        group: str = operation["x-fern-sdk-group-name"]
        call = f"{group}.{operation['x-fern-sdk-method-name']}"
        url = self.server + re.sub(r"\{(\w+)\}", lambda name: f"$CLOUDFLARE_{name[1].upper()}", path)
        url += "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""
        curl = [
            f'curl{"" if method == "get" else f" --request {method.upper()}"} "{url}"',
            '  --header "Authorization: Bearer $CLOUDFLARE_API_TOKEN"',
            *([f"  --json '{json.dumps(example)}'"] if content else []),
        ]
        arguments = query | cast("dict[str, Any]", example) if isinstance(example, dict) else query
        asked = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
        python = f"from aig_billing import Client\n\nwith Client() as client:\n    print(client.{call}({asked}))"
        return {
            "path": path,
            "method": method.upper(),
            "operation": operation,
            "anchor": operation["operationId"].replace(".", "-"),
            "group": group,
            # Resources before those below them.
            "order": (group.count("."), group),
            "call": call,
            "parameters": parameters,
            "media_type": media_type,
            "body": content and {"description": request.get("description"), **content},
            "example": example,
            "samples": [("curl", " \\\n".join(curl)), ("Python", python)],
        }

    def _core(self, schema: JsonObject) -> JsonObject:
        """The schema itself: references resolved, and the one alternative to null."""
        schema = self.target(schema)
        kept = [choice for choice in schema.get("oneOf", schema.get("anyOf", ())) if choice.get("type") != "null"]
        return self._core(kept[0]) if len(kept) == 1 else schema

    def _type(self, schema: JsonObject) -> str:
        """The type in words: `number or null`, `array of Invoice`."""
        if name := str(schema.get("$ref", "")).rpartition("/")[2]:
            target = self.target(schema)
            return name if target.keys() & {"properties", "items", "additionalProperties"} else self._type(target)
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
