"""The examples in an OpenAPI document, and whether each is what its own schema asks for."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.contract.strict_reading import child

DOCUMENT = "urn:document"


@dataclass(frozen=True, slots=True)
class Example:
    """An example's value, its place, and a JSON pointer to the schema that stands beside it."""

    place: str
    schema: str
    value: Any


def examples_of(node: Any, place: str = "$", pointer: str = "") -> Iterator[Example]:
    """Every `example` and every `examples` entry of media types, parameters and headers."""
    if isinstance(node, dict):
        schema = f"{pointer}/schema"
        if "schema" in node and "example" in node:
            yield Example(child(place, "example"), schema, node["example"])
        if "schema" in node:
            for name, example in node.get("examples", {}).items():
                yield Example(child(place, "examples", name, "value"), schema, example["value"])
        for key, value in node.items():
            if key not in {"example", "examples"}:
                yield from examples_of(value, child(place, key), f"{pointer}/{_escaped(key)}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from examples_of(value, child(place, index), f"{pointer}/{index}")


def faults_in_examples(document: Any) -> Iterator[str]:
    """What is wrong with examples: not what the schema asks for, or holding fields that the schema does not know."""
    registry: Registry[Any] = Registry().with_resource(DOCUMENT, DRAFT202012.create_resource(closed(document)))
    for example in examples_of(document):
        validator = Draft202012Validator({"$ref": f"{DOCUMENT}#{example.schema}"}, registry=registry)
        for error in validator.iter_errors(example.value):
            place = example.place + error.json_path.removeprefix("$")
            yield f"{place}: {error.message}; correct the example, or the schema beside it"


def objects_shown(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects in the examples, each with the name of the component that it is an example of."""
    for example in examples_of(document):
        schema = document
        for part in example.schema.split("/")[1:]:
            schema = schema[int(part) if isinstance(schema, list) else _unescaped(part)]
        yield from _objects_shown(document, schema, example.value)


def _objects_shown(document: Any, schema: Any, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    component = schema.get("$ref", "").rsplit("/", 1)[-1]
    if component:
        schema = document["components"]["schemas"][component]
    for part in (*schema.get("allOf", ()), *schema.get("oneOf", ())):
        yield from _objects_shown(document, part, value)
    if isinstance(value, dict):
        if component:
            yield component, value
        for name, field in schema.get("properties", {}).items():
            if name in value:
                yield from _objects_shown(document, field, value[name])
    elif isinstance(value, list):
        for item in value:
            yield from _objects_shown(document, schema.get("items", {}), item)


def closed(document: Any) -> Any:
    """A copy whose objects allow no field that they do not name; in an `allOf` that is said of the whole."""
    document = copy.deepcopy(document)
    joined = set[str]()
    for node in list(_mappings(document)):
        if "allOf" in node:
            node["unevaluatedProperties"] = False
            joined.update(part["$ref"].rsplit("/", 1)[1] for part in node["allOf"] if "$ref" in part)
    for name, schema in document["components"]["schemas"].items():
        if name not in joined and "properties" in schema:
            schema["additionalProperties"] = False
    return document


def _mappings(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _mappings(value)


def _escaped(key: str) -> str:
    """A key as a part of a JSON pointer in a URI's fragment."""
    escaped = key.replace("~", "~0").replace("/", "~1")
    return escaped.replace("{", "%7B").replace("}", "%7D")


def _unescaped(part: str) -> str:
    return unquote(part).replace("~1", "/").replace("~0", "~")
