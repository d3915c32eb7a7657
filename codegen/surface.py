"""Lists what callers of the generated client can rely on in a resolved document: each thing by its name in code, with its traits.

Names are `base_url`, a call (`ai_gateway.billing.topup.create`), its argument (`...create(amount)`), its result (`...create()`), a
class (`Invoice`) and its attribute (`Invoice.created`).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from attrs import frozen

from codegen.extensions import GROUP, METHOD
from codegen.paths import HTTP_METHODS, dereference
from codegen.schemas import LIMITS, types_of


@frozen
class Item:
    """One thing that callers can rely on.

    Attributes:
        role: What it is to a caller; an argument is sent, a result or an attribute is received.
        traits: What is so of it; a trait that is not there is None.
    """

    role: Literal["server", "call", "argument", "received", "class", "group"]
    traits: Mapping[str, Any]


Surface = Mapping[str, Item]


def read_surface(document: Mapping[str, Any]) -> Surface:
    """Read the surface of a resolved document, whose references and extensions were checked when it was built."""
    return dict(_Reader(document).items())


class _Reader:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        components = document.get("components", {})
        self._schemas: Mapping[str, Any] = components.get("schemas", {})
        schemes = components.get("securitySchemes", {})
        self._headers = {name: scheme.get("name", "Authorization") for name, scheme in schemes.items()}

    def items(self) -> Iterator[tuple[str, Item]]:
        yield "base_url", Item("server", self._access(self._document))
        for path, found in self._document.get("paths", {}).items():
            item = dereference(self._document, found)
            for method in HTTP_METHODS:
                if method in item:
                    yield from self._call(f"{method.upper()} {path}", item, item[method])
        for group, extra in self._document.get("x-resources", {}).items():
            yield group, Item("group", {"hand-written methods": extra.get("x-python-mixin")})
        for name, schema in self._schemas.items():
            closed = schema.get("additionalProperties") is False
            traits = {
                "form": "a class" if schema.get("properties") else "any JSON",
                "additional_properties": not closed,
            }
            yield name, Item("class", traits)
            for field, value in self._properties(schema):
                yield f"{name}.{field}", Item("received", value)

    def _access(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """The servers and the security that an item states itself; what it does not state is the document's."""
        traits: dict[str, Any] = {}
        if "servers" in item:
            traits["server"] = " or ".join(server["url"] for server in item["servers"])
        if "security" in item:
            ways = [" and ".join(sorted(self._headers[name] for name in way)) for way in item["security"] or [{}]]
            traits["security"] = frozenset(way or "no credentials" for way in ways)
        return traits

    def _call(self, request: str, item: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[tuple[str, Item]]:
        name = f"{operation.get(GROUP, '')}.{operation.get(METHOD, operation.get('operationId', request))}".lstrip(".")
        responses = operation["responses"]
        succeeding = [status for status in sorted(responses) if status.startswith("2")]
        traits = {
            "request": request,
            "success status": " or ".join(succeeding),
            "retry class": operation.get("x-retry"),
            "permission": frozenset(operation.get("x-api-token-group", ())),
            "deprecated": bool(operation.get("deprecated")),
            **self._access(item),
            **self._access(operation),
        }
        yield name, Item("call", traits)
        for parameter in (*item.get("parameters", ()), *operation.get("parameters", ())):
            given = dereference(self._document, parameter)
            value = self._value(given.get("schema", {})) | {"required": bool(given.get("required"))}
            yield f"{name}({given['name']})", Item("argument", value)
        if "requestBody" in operation:
            body = dereference(self._document, operation["requestBody"])
            for field, value in self._properties(self._json(body)):
                yield f"{name}({field})", Item("argument", value)
        for status in succeeding[:1]:
            schema = self._json(dereference(self._document, responses[status]))
            parts = [*schema.get("allOf", ()), schema]
            results = [part["properties"]["result"] for part in parts if "result" in part.get("properties", {})]
            yield f"{name}()", Item("received", self._value(results[0] if results else schema))

    def _json(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        return dereference(self._document, item.get("content", {}).get("application/json", {}).get("schema", {}))

    def _properties(self, schema: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, inner in schema.get("properties", {}).items():
            yield name, self._value(inner) | {"required": name in schema.get("required", ())}

    def _value(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The traits of a value; a class goes by its name, and other references are followed."""
        if name := schema.get("$ref", "").rpartition("/")[2]:
            target = self._schemas[name]
            return {"type": frozenset({name})} if target.get("properties") else self._value(target)
        options = schema.get("oneOf", schema.get("anyOf", ()))
        others = [option for option in options if option != {"type": "null"}]
        if len(others) == 1 and len(options) <= 2:
            inner = self._value(others[0])
            null = {"null"} if len(options) == 2 else set()
            return inner | {"type": inner["type"] | null}
        words = schema.get("enum")
        return {
            "type": self._types(schema) | ({"null"} if words and None in words else set()),
            "value": frozenset(repr(word) for word in words if word is not None) if words else None,
            "unit": schema.get("x-unit"),
            "masked": schema.get("format") == "password",
            **{limit: schema[limit] for limit in (*LIMITS, "const") if limit in schema},
        }

    def _types(self, schema: Mapping[str, Any]) -> frozenset[str]:
        types = frozenset(types_of(schema))
        if "array" in types:
            items = " or ".join(sorted(self._value(schema.get("items", {}))["type"]))
            return types - {"array"} | {f"list of {items}"}
        # What has no name is compared as a whole.
        unnamed = {key: schema[key] for key in ("oneOf", "anyOf", "allOf", "properties") if key in schema}
        return frozenset({json.dumps(unnamed, sort_keys=True)}) if unnamed else types or frozenset({"anything"})
