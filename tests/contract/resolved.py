"""Reads the resolved document for the tests of code and wire, without codegen/: what both read wrongly alike would go unseen."""

import builtins
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "generated" / "aig_billing"
DOCUMENT = PACKAGE / "openapi.yaml"

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
JSON = "application/json"
URN = "urn:resolved"

Schema = Mapping[str, Any]
Location = Literal["path", "query", "body"]


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter, or a property of the request body."""

    name: str
    location: Location
    required: bool
    description: str
    schema: Schema

    @property
    def python_name(self) -> str:
        return snake_case(self.name)


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a component."""

    name: str
    required: bool
    schema: Schema

    @property
    def python_name(self) -> str:
        return snake_case(self.name)


@dataclass(frozen=True)
class Operation:
    """One operation; `item` is what the document says of it."""

    document: "Resolved"
    method: str
    path: str
    item: Schema

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def pointer(self) -> tuple[str, ...]:
        return ("paths", self.path, self.method.lower())

    @property
    def place(self) -> str:
        return f"$.paths['{self.path}'].{self.method.lower()}"

    @property
    def group(self) -> tuple[str, ...]:
        """Where it hangs in the tree of calls."""
        return tuple(self.item["x-fern-sdk-group-name"].split("."))

    @property
    def name(self) -> str:
        name: str = self.item["x-fern-sdk-method-name"]
        return name

    @property
    def call(self) -> str:
        return ".".join((*self.group, self.name))

    @property
    def folder(self) -> str:
        """The folder of its `api/` module: the tag."""
        (tag,) = self.item["tags"]
        return snake_case(tag)

    @property
    def module(self) -> str:
        """The name of its `api/` module: the call, without the part that the folder says."""
        name = "_".join((*self.group, self.name)).removeprefix(f"{self.folder}_")
        return f"{name}_" if hasattr(builtins, name) else name

    @cached_property
    def arguments(self) -> Sequence[Argument]:
        return (*self._parameters(), *self._body_fields())

    def in_location(self, location: Location) -> list[Argument]:
        return [argument for argument in self.arguments if argument.location == location]

    @property
    def keywords(self) -> list[Argument]:
        """What is given by keyword: all but the path."""
        return [argument for argument in self.arguments if argument.location != "path"]

    def _parameters(self) -> Iterator[Argument]:
        own = [*self.document.content["paths"][self.path].get("parameters", ()), *self.item.get("parameters", ())]
        for parameter in map(self.document.follow, own):
            required = parameter.get("required", False)
            schema = self.document.follow(parameter["schema"])
            yield Argument(parameter["name"], parameter["in"], required, parameter["description"], schema)

    @property
    def takes_a_whole_body(self) -> bool:
        """Whether the body is one argument, because it may have properties that are not listed."""
        return self.body is not None and self.body.get("additionalProperties", False) is not False

    @property
    def takes_an_account(self) -> bool:
        return any(argument.name == "account_id" for argument in self.in_location("path"))

    @property
    def shown_path(self) -> dict[str, str]:
        """An example of each parameter in the path, in its order."""
        own = map(self.document.follow, self.item.get("parameters", ()))
        return {parameter["name"]: parameter["example"] for parameter in own if parameter["in"] == "path"}

    def _body_fields(self) -> Iterator[Argument]:
        if self.takes_a_whole_body:
            body = self.document.follow(self.item["requestBody"])
            yield Argument("body", "body", body["required"], body["description"], body["content"][JSON]["schema"])
        elif self.body is not None:
            for field in self.document.properties(self.body):
                schema = self.document.follow(field.schema)
                yield Argument(field.name, "body", field.required, schema["description"], schema)

    @property
    def body(self) -> Schema | None:
        """The schema of the request body."""
        if "requestBody" not in self.item:
            return None
        schema: Schema = self.document.follow(self.item["requestBody"])["content"][JSON]["schema"]
        return self.document.follow(schema)

    @property
    def success(self) -> str:
        """The status of its documented result."""
        (status,) = (status for status in self.item["responses"] if status.startswith("2"))
        return str(status)

    @property
    def result(self) -> Schema:
        """The schema of what stands in the envelope, as it is written: a `$ref` is not followed."""
        envelope = self.response(self.success)["content"][JSON]["schema"]
        proper = envelope["allOf"][1] if "allOf" in envelope else envelope
        schema: Schema = proper["properties"]["result"]
        return schema

    @property
    def result_info(self) -> list[Schema]:
        """What the envelope says of the result, where it says anything."""
        envelope = self.response(self.success)["content"][JSON]["schema"]
        parts = [self.document.follow(part) for part in envelope.get("allOf", [envelope])]
        return [part["properties"]["result_info"] for part in parts if "result_info" in part["properties"]]

    def response(self, status: str) -> Schema:
        return self.document.follow(self.item["responses"][status])

    def examples(self, status: str) -> Mapping[str, Any]:
        """The values that are shown for one status, by name."""
        shown = self.response(status).get("content", {}).get(JSON, {}).get("examples", {})
        return {name: example["value"] for name, example in shown.items()}

    @property
    def body_examples(self) -> Mapping[str, Any]:
        if self.body is None:
            return {}
        shown = self.document.follow(self.item["requestBody"])["content"][JSON]["examples"]
        return {name: example["value"] for name, example in shown.items()}

    @property
    def shown_query(self) -> Mapping[str, Any]:
        """An example of each query parameter."""
        parameters = map(self.document.follow, self.item.get("parameters", ()))
        return {parameter["name"]: parameter["example"] for parameter in parameters if parameter["in"] == "query"}


class Resolved:
    """The resolved document."""

    def __init__(self, content: Schema) -> None:
        self.content = content

    @cached_property
    def operations(self) -> Sequence[Operation]:
        return tuple(
            Operation(self, method.upper(), path, item[method])
            for path, item in self.content["paths"].items()
            for method in METHODS
            if method in item
        )

    @property
    def schemas(self) -> Mapping[str, Schema]:
        schemas: Mapping[str, Schema] = self.content["components"]["schemas"]
        return schemas

    @cached_property
    def records(self) -> list[str]:
        """The components with properties that calls take, return or are checked by; bodies are taken apart, envelopes taken off."""
        reached: set[str] = set()
        waiting = [
            schema
            for one in self.operations
            for schema in (one.result, *one.result_info, *(arg.schema for arg in one.keywords))
        ]
        while waiting:
            schema = waiting.pop()
            name = component_name(schema)
            if name is not None and name not in reached:
                reached.add(name)
                waiting.append(self.schemas[name])
            waiting += [*schema.get("properties", {}).values(), *schema.get("oneOf", ()), *schema.get("allOf", ())]
            waiting += [
                schema[keyword]
                for keyword in ("items", "additionalProperties")
                if isinstance(schema.get(keyword), dict)
            ]
        return [name for name, schema in self.schemas.items() if name in reached and schema.get("properties")]

    def follow(self, item: Schema) -> Schema:
        """What a `$ref` leads to, or the item itself."""
        while "$ref" in item:
            found: Any = self.content
            for part in item["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            item = found
        return item

    def properties(self, schema: Schema) -> list[Property]:
        required = schema.get("required", ())
        return [
            Property(name, name in required, field) for name, field in self.follow(schema).get("properties", {}).items()
        ]

    def validator(self, *pointer: str) -> Draft202012Validator:
        """A validator for the schema at a place."""
        way = "/".join(quote(part.replace("~", "~0").replace("/", "~1")) for part in pointer)
        return Draft202012Validator({"$ref": f"{URN}#/{way}"}, registry=self._registry)

    @cached_property
    def _registry(self) -> "Registry[Any]":
        registry: Registry[Any] = Registry().with_resource(URN, DRAFT202012.create_resource(self.content))
        return registry


def component_name(schema: Schema) -> str | None:
    """The component that a schema refers to by `$ref`."""
    reference = schema.get("$ref", "")
    prefix, _, name = reference.rpartition("/")
    return name if prefix == "#/components/schemas" else None


def types_of(schema: Schema) -> tuple[str, ...]:
    """The types that a schema allows, null aside; none for a schema that says nothing of them."""
    declared = schema.get("type", ())
    types = (declared,) if isinstance(declared, str) else declared
    return tuple(name for name in types if name != "null")


def allows_null(schema: Schema) -> bool:
    """Whether null may stand there; a schema without a type allows anything."""
    if "oneOf" in schema:
        return {"type": "null"} in schema["oneOf"]
    return "null" in schema["type"] if "type" in schema else "$ref" not in schema


def without_null(schema: Schema) -> Schema:
    """What else than null may stand there."""
    if "oneOf" in schema:
        (other,) = (option for option in schema["oneOf"] if option != {"type": "null"})
        return dict(other)
    return schema


def snake_case(name: str) -> str:
    """`lastFailedAt` as `last_failed_at`, `AI Gateway Billing` as `ai_gateway_billing`."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^0-9A-Za-z]+", "_", apart).lower()


def read_resolved(path: Path = DOCUMENT) -> Resolved:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Resolved(yaml.load(path.read_text(encoding="utf-8"), loader))  # noqa: S506 - either loader is a safe one
