"""What must be true of a document before a client is made of it: valid OpenAPI 3.1, sound references, schemas and examples."""

import itertools
import os
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from openapi_schema_validator import oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator
from openapi_spec_validator.schemas import schema_v31
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from codegen.carried import KEYWORDS
from codegen.errors import Violation, shorten
from codegen.paths import Node, NodePath, children, dereference, node_at, resolve_pointer, to_jsonpath, to_pointer, walk
from codegen.schemas import all_in

# Left to itself the validator takes jsonschema-rs wherever that is installed, and its errors tell less.
os.environ["OPENAPI_SPEC_VALIDATOR_SCHEMA_VALIDATOR_BACKEND"] = "jsonschema"

_URN = "urn:openapi:document"
_OPENAPI_3_1: dict[str, Any] = dict(schema_v31)
# Given as the root, it would be searched for anchors again at each reference.
_CRAWLED: Registry[Any] = (DRAFT202012.create_resource(_OPENAPI_3_1) @ Registry[Any]()).crawl()
_OPENAPI_SHAPE = Draft202012Validator({"$ref": _OPENAPI_3_1["$id"]}, registry=_CRAWLED)


def first_violation(document: dict[str, Any]) -> Violation | None:
    """The first thing that is wrong, or None. The order is from shape to meaning: each check may rely on those before it."""
    nodes = list(walk(document))
    found = itertools.chain(
        _openapi_shape(document),
        _references(document, nodes),
        _parameters(document, nodes),
        _schemas(nodes),
        _required(document, nodes),
        _examples(document, nodes),
        _openapi_rules(document),
    )
    return next(found, None)


def _openapi_shape(document: dict[str, Any]) -> Iterator[Violation]:
    error = _most_telling(_OPENAPI_SHAPE.iter_errors(document))
    if error is not None:
        yield _nonstandard("OpenAPI 3.1", error)


def _openapi_rules(document: dict[str, Any]) -> Iterator[Violation]:
    """What no schema can say: path parameters that are not in the path, doubled ids and tags. It comes last, for it gives no paths."""
    validator = OpenAPIV31SpecValidator(document)
    # `_schemas` and `_examples` have checked the schemas, and say where; its own iter_errors would check the shape again, too.
    rules: Any = validator.keyword_validators_registry
    rules["schema"] = lambda *_, **__: iter(())
    yield from (_nonstandard("OpenAPI 3.1", error) for error in validator.root_validator(validator.schema_path))


def _nonstandard(standard: str, error: ValidationError, base: NodePath = ()) -> Violation:
    path = (*base, *error.absolute_path)
    return Violation(path, f"not {standard}: {shorten(error.message)}", "correct it as the standard says")


def _most_telling(errors: Iterable[ValidationError]) -> ValidationError | None:
    """The error that says most: a fault deep inside also makes every object around it look as if it had unknown fields."""
    deepest = max(errors, key=lambda error: len(error.absolute_path), default=None)
    return best_match([deepest]) if deepest is not None else None


def _references(document: dict[str, Any], nodes: list[Node]) -> Iterator[Violation]:
    kinds = {node.path: node.kind for node in nodes}
    same: dict[NodePath, list[NodePath]] = {}
    for node in nodes:
        inner = [path for _, path, _ in children(node.kind, node.path, node.value)]
        same[node.path] = [path for path in inner if path[len(node.path)] in {"allOf", "oneOf", "anyOf"}]
        reference = node.value.get("$ref")
        if not isinstance(reference, str):
            continue
        place = (*node.path, "$ref")
        target = resolve_pointer(document, reference)
        if target is None or not reference.startswith("#"):
            reason = f"{reference!r} points to nothing in this document"
            yield Violation(place, reason, "correct the reference, or put what it names under components")
        elif kinds.get(target) != node.kind:
            found = f"a {kinds[target]}" if target in kinds else "something else"
            reason = f"{reference!r} points to {found}, where a {node.kind} is due"
            yield Violation(place, reason, "correct the reference")
        else:
            same[node.path].append(target)
    try:
        TopologicalSorter(same).prepare()
    except CycleError as error:
        start = min(error.args[1], key=list(same).index)
        reason = "the reference leads back to itself"
        place = (*start, "$ref") if "$ref" in node_at(document, start) else start
        yield Violation(place, reason, "let one of them be the thing itself, or put it into a property or a list")


def _parameters(document: dict[str, Any], nodes: list[Node]) -> Iterator[Violation]:
    for node in nodes:
        given = node.value.get("parameters", []) if node.kind in {"operation", "path item"} else []
        keys = [(one["in"], one["name"]) for one in (dereference(document, parameter) for parameter in given)]
        for index, key in enumerate(keys):
            if key in keys[:index]:
                reason = f"a second {key[0]} parameter is called {key[1]!r}"
                yield Violation((*node.path, "parameters", index), reason, "drop one of them")


def _schemas(nodes: list[Node]) -> Iterator[Violation]:
    inside: set[NodePath] = set()
    meta = Draft202012Validator(Draft202012Validator.META_SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for node in nodes:
        if node.kind != "schema":
            continue
        inside.add(node.path)
        for name in node.value:
            if name not in KEYWORDS and not name.startswith("x-"):
                reason = f"{name!r} is not a keyword of JSON Schema 2020-12 or OpenAPI 3.1 that is known here"
                hint = 'add "null" to the type' if name == "nullable" else "correct the spelling, or leave it out"
                yield Violation((*node.path, name), reason, hint)
        inner = node.path[:-1] in inside or node.path[:-2] in inside  # then it was checked with the schema around it
        error = None if inner else _most_telling(meta.iter_errors(node.value))
        if error is not None:
            yield _nonstandard("JSON Schema 2020-12", error, node.path)


def _required(document: dict[str, Any], nodes: list[Node]) -> Iterator[Violation]:
    """JSON Schema lets an object require what it does not describe; here that is a field renamed in one place of two."""
    for node in nodes:
        whole = "allOf" in node.value
        if node.kind != "schema" or node.path[-2:-1] == ("allOf",) or not (whole or "properties" in node.value):
            continue  # the neighbours of a part of `allOf` may describe what it requires: they are looked at together
        parts = all_in(document, node.value, itself=True) if whole else [node.value]
        described = {name for part in parts for name in part.get("properties", {})}
        for part in parts:
            for index, name in enumerate(part.get("required", [])):
                if name not in described:
                    place = node.path if whole else (*node.path, "required", index)
                    reason = f"{name!r} is required, but is not among the properties"
                    yield Violation(place, reason, "correct the name in one of the two")


def _examples(document: dict[str, Any], nodes: list[Node]) -> Iterator[Violation]:
    registry: Registry[Any] = Registry().with_resource(_URN, DRAFT202012.create_resource(document))
    # Booleans are the JSON Schemas without keywords: only the reference given to evolve() counts.
    validator = Draft202012Validator(True, registry=registry, format_checker=oas31_format_checker)  # noqa: FBT003 - a schema
    for node in nodes:
        for path, schema in _examples_of(document, node):
            to_schema = validator.evolve(schema={"$ref": _URN + to_pointer(schema)})
            error = _most_telling(to_schema.iter_errors(node_at(document, path)))
            if error is not None:
                place = (*path, *error.absolute_path)
                reason = f"the example does not fit {to_jsonpath(schema)}: {shorten(error.message)}"
                yield Violation(place, reason, "correct the example or the schema")


def _examples_of(document: dict[str, Any], node: Node) -> Iterator[tuple[NodePath, NodePath]]:
    """The path of each example that a node holds, and of the schema that it must fit."""
    if node.kind != "schema" and "schema" not in node.value:
        return
    schema = node.path if node.kind == "schema" else (*node.path, "schema")
    yield from (((*node.path, name), schema) for name in ("default", "example") if name in node.value)
    examples = node.value.get("examples", {})
    for key in examples if isinstance(examples, dict) else range(len(examples)):
        path: NodePath = (*node.path, "examples", key)
        if node.kind == "schema":
            yield path, schema
            continue
        while "$ref" in (example := node_at(document, path)):  # `_references` has seen that it leads somewhere
            path = resolve_pointer(document, example["$ref"]) or ()
        if "value" in example:
            yield (*path, "value"), schema
