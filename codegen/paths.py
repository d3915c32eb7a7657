"""Where things lie in an OpenAPI 3.1 document: paths to nodes, and a walk that knows what kind of object each node is."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import unquote

from attrs import frozen

NodePath = tuple[str | int, ...]


HTTP_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Shape = Literal["one", "map", "list"]

_SCHEMA_FIELDS: dict[Shape, tuple[str, ...]] = {
    "map": ("properties", "patternProperties", "dependentSchemas", "$defs"),
    "list": ("allOf", "anyOf", "oneOf", "prefixItems"),
    "one": (
        *("items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties"),
        *("not", "if", "then", "else", "contentSchema"),
    ),
}
_CONTENT: dict[str, tuple[Shape, str]] = {
    "schema": ("one", "schema"),
    "content": ("map", "media type"),
    "examples": ("map", "example"),
}

# Which fields of which kind of object hold which kind of object; "*" stands for any field.
FIELDS: Mapping[str, Mapping[str, tuple[Shape, str]]] = {
    "document": {"paths": ("map", "path item"), "webhooks": ("map", "path item"), "components": ("one", "components")},
    "components": {
        **{
            f"{kind}s": ("map", kind)
            for kind in ("schema", "response", "parameter", "example", "header", "link", "callback")
        },
        "requestBodies": ("map", "request body"),
        "securitySchemes": ("map", "security scheme"),
        "pathItems": ("map", "path item"),
    },
    "path item": {"parameters": ("list", "parameter"), **dict.fromkeys(HTTP_METHODS, ("one", "operation"))},
    "operation": {
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "request body"),
        "responses": ("map", "response"),
        "callbacks": ("map", "callback"),
    },
    "callback": {"*": ("one", "path item")},
    "parameter": _CONTENT,
    "header": _CONTENT,
    "request body": {"content": ("map", "media type")},
    "response": {"headers": ("map", "header"), "content": ("map", "media type"), "links": ("map", "link")},
    "media type": {"schema": ("one", "schema"), "examples": ("map", "example"), "encoding": ("map", "encoding")},
    "encoding": {"headers": ("map", "header")},
    "schema": {field: (shape, "schema") for shape, fields in _SCHEMA_FIELDS.items() for field in fields},
}


@frozen
class Node:
    """One object of the document that OpenAPI gives a name: a schema, a parameter, a response, ..."""

    kind: str
    path: NodePath
    value: dict[str, Any]


def walk(value: object, kind: str = "document", path: NodePath = ()) -> Iterator[Node]:
    """Every node of a document, each before those inside it, references not followed.

    What is not shaped as OpenAPI has it is passed over: to say so is the validator's business.
    """
    if isinstance(value, dict):  # a schema may be true or false; anything else is malformed
        yield Node(kind, path, value)
        for inner_kind, inner_path, inner in children(kind, path, value):
            yield from walk(inner, inner_kind, inner_path)


def children(kind: str, path: NodePath, value: Mapping[str, Any]) -> Iterator[tuple[str, NodePath, Any]]:
    """What lies in a node and has a kind itself, with its path; references not followed."""
    fields = FIELDS.get(kind, {})
    for name, inner in value.items():
        shape, inner_kind = fields.get(name) or fields.get("*") or (None, "")
        if shape == "one":
            yield inner_kind, (*path, name), inner
        elif shape == "map" and isinstance(inner, dict):
            yield from ((inner_kind, (*path, name, key), item) for key, item in inner.items())
        elif shape == "list" and isinstance(inner, list):
            yield from ((inner_kind, (*path, name, index), item) for index, item in enumerate(inner))


def node_at(document: object, path: Sequence[str | int]) -> Any:  # noqa: ANN401 - any JSON
    """What lies at a path; KeyError, IndexError or TypeError when nothing does."""
    node: Any = document
    for step in path:
        node = node[step]
    return node


def to_jsonpath(path: Sequence[str | int]) -> str:
    r"""A path as the shortest JSONPath: `$.paths['/a'].get.tags[0]`."""
    return "$" + "".join(map(_shown_step, path))


def _shown_step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", step):
        return f".{step}"
    escaped = json.dumps(step, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"['{escaped}']"


def resolve_pointer(document: object, reference: str) -> NodePath | None:
    """The path that a local reference (`#/components/schemas/Invoice`) points to; None when nothing lies there."""
    pointer = unquote(reference.removeprefix("#"))
    if pointer and not pointer.startswith("/"):
        return None
    path: list[str | int] = []
    node: Any = document
    for raw in pointer.split("/")[1:]:
        token = raw.replace("~1", "/").replace("~0", "~")
        step: Any = int(token) if isinstance(node, list) and token.isascii() and token.isdigit() else token
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return None
        path.append(step)
    return tuple(path)


def target(document: object, reference: str) -> Any:  # noqa: ANN401 - any JSON
    """What a local reference points to, in a document whose references were checked."""
    return node_at(document, resolve_pointer(document, reference) or ())


def dereference(document: object, item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Resolve a chain of local `$ref`s that were checked; an item that is not a reference is returned as it is."""
    while "$ref" in item:
        item = target(document, item["$ref"])
    return item


def to_pointer(path: Sequence[str | int]) -> str:
    """The local reference to a path, `resolve_pointer`'s opposite."""
    tokens = (str(step).replace("~", "~0").replace("/", "~1").replace("%", "%25") for step in path)
    return "#" + "".join(f"/{token}" for token in tokens)
