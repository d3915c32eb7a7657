"""What people who call the generated client see of a resolved document: calls with their arguments, and classes with their attributes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from codegen.extensions import GROUP, METHOD

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_LIMITS = (
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "const",
)
ANYTHING = frozenset({"anything"})


@dataclass(frozen=True, slots=True)
class Value:
    """What may stand somewhere."""

    types: frozenset[str] = ANYTHING
    """JSON's scalar types, a class by its name, or a list in words."""
    nullable: bool = False
    words: frozenset[str] | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    unit: str | None = None
    secret: bool = False

    def __str__(self) -> str:
        return " or ".join([*sorted(self.types), *(["null"] if self.nullable else [])])


@dataclass(frozen=True, slots=True)
class Member:
    """An argument, or an attribute: a value, and whether it must be there."""

    value: Value
    required: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One operation, as it is called."""

    request: str
    arguments: Mapping[str, Member]
    status: str
    result: Value
    retry: str
    permissions: frozenset[str]
    deprecated: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One class."""

    members: Mapping[str, Member]
    closed: bool


@dataclass(frozen=True, slots=True)
class Surface:
    """All that callers see of one revision."""

    servers: tuple[str, ...]
    ways_in: frozenset[str]
    calls: Mapping[str, Call]
    records: Mapping[str, Record]
    names: frozenset[str]
    """Every name in `models`, of classes and of those that may be any JSON."""
    hand_written: Mapping[str, str]


def read_surface(document: Mapping[str, Any]) -> Surface:
    """Read the surface of a resolved document, whose references and extensions have been checked when it was built."""
    return _Reader(document).surface()


class _Reader:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._schemas: Mapping[str, Any] = document.get("components", {}).get("schemas", {})

    def surface(self) -> Surface:
        operations = dict(self._operations())
        return Surface(
            servers=tuple(server["url"] for server in self._document.get("servers", ())),
            ways_in=frozenset(self._ways_in()),
            calls=operations,
            records={name: self._record(schema) for name, schema in self._schemas.items() if schema.get("properties")},
            names=frozenset(self._schemas),
            hand_written={
                group: str(extra.get("x-python-mixin", ""))
                for group, extra in self._document.get("x-resources", {}).items()
            },
        )

    def _ways_in(self) -> Iterator[str]:
        schemes = self._document.get("components", {}).get("securitySchemes", {})
        for way in self._document.get("security", ()):
            headers = [
                "Authorization" if schemes[name]["type"] == "http" else str(schemes[name]["name"]) for name in way
            ]
            yield " and ".join(sorted(headers))

    def _operations(self) -> Iterator[tuple[str, Call]]:
        for path, item in self._document.get("paths", {}).items():
            for method in _METHODS:
                if method in item:
                    operation = item[method]
                    shared = item.get("parameters", ())
                    name = f"{operation.get(GROUP, '')}.{operation.get(METHOD, operation.get('operationId', path))}"
                    yield name.lstrip("."), self._call(f"{method.upper()} {path}", operation, shared)

    def _call(self, request: str, operation: Mapping[str, Any], shared: Any) -> Call:  # noqa: ANN401 - JSON
        status = next((status for status in sorted(operation["responses"]) if status.startswith("2")), "")
        return Call(
            request=request,
            arguments=dict(self._arguments(operation, shared)),
            status=status,
            result=self._result(operation["responses"].get(status, {})),
            retry=operation.get("x-retry", ""),
            permissions=frozenset(operation.get("x-api-token-group", ())),
            deprecated=bool(operation.get("deprecated")),
        )

    def _arguments(self, operation: Mapping[str, Any], shared: Any) -> Iterator[tuple[str, Member]]:  # noqa: ANN401 - JSON
        for parameter in map(self._followed, (*shared, *operation.get("parameters", ()))):
            value = self._value(parameter.get("schema", {}))
            yield parameter["name"], Member(value, bool(parameter.get("required")))
        if "requestBody" in operation:
            yield from self._record(self._followed(self._schema_in(operation["requestBody"]))).members.items()

    def _result(self, response: Mapping[str, Any]) -> Value:
        schema = self._schema_in(response)
        for part in schema.get("allOf", ()):
            if "result" in part.get("properties", {}):
                return self._value(part["properties"]["result"])
        return self._value(schema)

    def _schema_in(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        content = self._followed(item).get("content", {})
        schema: Mapping[str, Any] = content.get("application/json", {}).get("schema", {})
        return schema

    def _record(self, schema: Mapping[str, Any]) -> Record:
        required = schema.get("required", ())
        members = {
            name: Member(self._value(inner), name in required) for name, inner in schema.get("properties", {}).items()
        }
        return Record(members, closed=schema.get("additionalProperties") is False)

    def _value(self, schema: Mapping[str, Any]) -> Value:
        name = schema.get("$ref", "").rpartition("/")[2]
        if name:
            return (
                Value(frozenset({name})) if self._schemas[name].get("properties") else self._value(self._schemas[name])
            )
        options = schema.get("oneOf", schema.get("anyOf", ()))
        others = [option for option in options if option != {"type": "null"}]
        if len(others) == 1:
            inner = self._value(others[0])
            nullable = inner.nullable or len(options) == 2
            return Value(inner.types, nullable, inner.words, inner.limits, inner.unit, inner.secret)
        return Value(
            types=self._types(schema),
            nullable="null" in _list(schema.get("type")) or None in schema.get("enum", ()),
            words=frozenset(str(word) for word in schema["enum"] if word is not None) if "enum" in schema else None,
            limits={limit: schema[limit] for limit in _LIMITS if limit in schema},
            unit=schema.get("x-unit"),
            secret=schema.get("format") == "password",
        )

    def _types(self, schema: Mapping[str, Any]) -> frozenset[str]:
        types = [name for name in _list(schema.get("type")) if name != "null"]
        if types == ["array"]:
            return frozenset({f"list of {self._value(schema.get('items', {}))}"})
        # What has no name is compared as a whole.
        unnamed = {key: schema[key] for key in ("oneOf", "anyOf", "allOf", "properties") if key in schema}
        if unnamed:
            return frozenset({json.dumps(unnamed, sort_keys=True)})
        return frozenset(types) or ANYTHING

    def _followed(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in item:
            found: Any = self._document
            for part in item["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            item = found
        return item


def _list(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())
