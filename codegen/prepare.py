"""The copy of the resolved document that openapi-python-client is given: what it would overlook is written in the form that it reads.

References to anything but schemas are followed, and each schema says where it stands. Left out is what the client is not made from, and the
parser would copy often: examples, headers of answers, and the answers of failures.
"""

import copy
from typing import Any

from codegen.paths import NodePath, children, node_at, resolve_pointer, to_pointer
from codegen.schemas import successes, types_of

PLACE = "x-place"
"""The JSON pointer of a schema, by which what the parser made of it is found again."""

Node = dict[str, Any]
_OWN = frozenset({"type", "properties", "required", "additionalProperties"})
_UNUSED = frozenset({"example", "examples", "headers"})


def prepared(document: Node) -> Node:
    """Make the copy."""
    return dict(_node(document, "document", (), document, ()))


def _node(root: Node, kind: str, path: NodePath, value: Any, above: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(value, dict):
        return {} if kind == "schema" and value is True else value
    if kind == "schema":
        value = _schema(value)
    elif isinstance(value.get("$ref"), str) and value["$ref"] not in above:
        target = resolve_pointer(root, value["$ref"]) or ()
        siblings = {name: inner for name, inner in value.items() if name != "$ref"}
        return _node(root, kind, target, {**node_at(root, target), **siblings}, (*above, value["$ref"]))
    value = {name: inner for name, inner in value.items() if name not in _UNUSED}
    if kind == "operation":
        value["responses"] = {status: value["responses"][status] for status in successes(value.get("responses", {}))}
    made = {name: copy.copy(inner) for name, inner in value.items()}
    for inner_kind, inner_path, inner in children(kind, path, value):
        holder = node_at(made, inner_path[len(path) : -1])
        holder[inner_path[-1]] = _node(root, inner_kind, inner_path, inner, above)
    if kind == "media type" and "schema" not in made:
        made["schema"] = {}
    if kind == "schema" and made and "$ref" not in made:
        made[PLACE] = to_pointer(path)
    return made


def _schema(schema: Node) -> Node:
    """Write one schema so that no keyword of it is passed over by the parser."""
    schema = dict(schema)
    for keyword in {"allOf", "oneOf", "anyOf"} & schema.keys():
        # What is not an object is `true`: `false` was refused before.
        schema[keyword] = [one if isinstance(one, dict) else {} for one in schema[keyword]]
    if len(schema.get("allOf", [])) == 1:
        schema = _single(schema, schema["allOf"][0])
    elif "allOf" in schema:
        schema["allOf"] = [part for one in schema["allOf"] for part in _flat(one)]
        schema.pop("type", None)
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema and isinstance(schema.get("type"), str):
            stated, declared = {"type", "$ref", "const", "oneOf", "anyOf", "allOf"}, {"type": schema["type"]}
            schema[keyword] = [one if stated & one.keys() else declared | one for one in schema[keyword]]
    if isinstance(schema.get("default"), (dict, list)):
        # The parser takes no default of an object; it is documented in words.
        schema["x-default"] = schema.pop("default")
    return _with_type(schema)


def _with_type(schema: Node) -> Node:
    """Give a schema the type that its other keywords imply, or take away the one that would hide them from the parser."""
    if schema.get("enum") and all(isinstance(word, bool) for word in schema["enum"]):
        words = set(schema.pop("enum"))
        schema |= {"const": words.pop()} if len(words) == 1 else {"type": "boolean"}
    if "const" in schema:
        schema.pop("type", None)
    elif not {"type", "$ref", "allOf"} & schema.keys() and (implied := types_of(schema)):
        schema["type"] = "object" if "object" in implied else "array"
    if "array" in types_of(schema):
        schema.setdefault("items", {})
    return schema


def _single(schema: Node, part: Node) -> Node:
    """Write `allOf` of one schema: as that schema, or as two parts where it adds its own properties."""
    rest = {name: inner for name, inner in schema.items() if name != "allOf"}
    own = {name: rest.pop(name) for name in ("properties", "required") if name in rest}
    if own or "additionalProperties" in rest:
        rest.pop("type", None)
        return {**rest, "allOf": [part, {"type": "object", **own}]}
    return schema if "$ref" in part else _schema({**part, **rest})


def _flat(part: Node) -> list[Node]:
    """Write a part of `allOf` without `allOf` in it, unless it is a component."""
    if "allOf" not in part:
        return [part]
    own = {name: inner for name, inner in part.items() if name in _OWN}
    return [flat for one in part["allOf"] for flat in _flat(one)] + ([own] if own else [])
