"""The resolved document, asked the questions that generating asks of it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from codegen.errors import BuildError

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@frozen
class Specification:
    """The resolved document and the file to blame."""

    document: Mapping[str, Any]
    path: Path

    @property
    def schemas(self) -> Mapping[str, Any]:
        """Its component schemas."""
        found: Mapping[str, Any] = self.document.get("components", {}).get("schemas", {})
        return found

    def operations(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Give method, path and operation of each, the path's own parameters among the operation's."""
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield (
                        method.upper(),
                        path,
                        {
                            **item[method],
                            "parameters": [*item.get("parameters", []), *item[method].get("parameters", [])],
                        },
                    )

    def body_schema(self, operation: Mapping[str, Any], place: str) -> Mapping[str, Any]:
        """Give the schema of an operation's JSON body."""
        content: Mapping[str, Any] = self.resolved(operation["requestBody"])["content"]
        if list(content) != ["application/json"]:
            raise BuildError(
                self.path, f"{place}.requestBody", "only a JSON body is known", "teach the templates about others"
            )
        schema: Mapping[str, Any] = content["application/json"]["schema"]
        return schema

    def success_schema(self, operation: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Give the schema of an operation's success; None where it has none."""
        for status, response in sorted(operation["responses"].items()):
            if status.startswith("2"):
                content = self.resolved(response).get("content", {}).get("application/json", {})
                schema: Mapping[str, Any] | None = content.get("schema")
                return schema
        return None

    def resolved(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        """Follow references until there is something."""
        while "$ref" in item:
            found: Any = self.document
            for part in item["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            item = found
        return item

    @staticmethod
    def is_envelope(schema: Mapping[str, Any]) -> bool:
        """Say whether this is the envelope around a result: `allOf: [Envelope, {properties: {result: ...}}]`."""
        parts = schema.get("allOf", [])
        return (
            len(parts) == 2
            and parts[0].get("$ref") == "#/components/schemas/Envelope"
            and list(parts[1].get("properties", {})) == ["result"]
            and parts[1].get("required") == ["result"]
        )

    def described(self, schema: Mapping[str, Any]) -> str:
        """Give a schema's description; that of what it refers to where it has none of its own."""
        inner = next(
            (one for one in (schema, *schema.get("oneOf", []), schema.get("items", {})) if "$ref" in one), schema
        )
        return text_of(schema) or text_of(self.resolved(inner))


def text_of(item: Mapping[str, Any]) -> str:
    """Give a description on one line."""
    return " ".join(str(item.get("description", "")).split())
