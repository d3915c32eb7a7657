"""The `x-` fields that templates and runtime rely on: which there are, where they may stand, what they may say."""

import re
from collections.abc import Iterator
from keyword import kwlist
from typing import Any

from jsonschema import Draft202012Validator

from codegen.errors import Violation
from codegen.paths import Node, NodePath, to_jsonpath, types_of, walk

UNITS = ("cents", "unix-ms", "unix-s", "unix-auto")
RETRY_CLASSES = ("safe", "idempotent", "once", "charge")
GROUP, METHOD = "x-fern-sdk-group-name", "x-fern-sdk-method-name"

_NAME = rf"(?!(?:{'|'.join(kwlist)})\b)[a-z][a-z0-9_]*"
_CLASS = re.compile(rf"(?:{_NAME}\.)+[A-Za-z][A-Za-z0-9_]*")
_WORDS = {"type": "string", "pattern": r"\S"}
_METHOD = {"type": "string", "pattern": f"^{_NAME}$"}
_HINT = {
    "required": ["text"],
    "minProperties": 2,
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(("text", "contains"), _WORDS),
        "status": {"type": "integer"},
        "code": {"type": "integer"},
        "uncertain": {"type": "boolean"},
    },
}
# name -> the kind of object it stands on, what it may be as JSON Schema, and in words
_FIELDS: dict[str, tuple[str, dict[str, Any], str]] = {
    "x-unit": ("schema", {"enum": UNITS}, f"one of {', '.join(UNITS)}"),
    "x-unit-confidence": ("schema", {"const": "unconfirmed"}, "unconfirmed, or not there"),
    "x-retry": ("operation", {"enum": RETRY_CLASSES}, f"one of {', '.join(RETRY_CLASSES)}"),
    "x-api-token-group": (
        "operation",
        {"type": "array", "minItems": 1, "uniqueItems": True, "items": _WORDS},
        "a list of permissions, each once",
    ),
    GROUP: (
        "operation",
        {"type": "string", "pattern": rf"^{_NAME}(\.{_NAME})*$"},
        "snake_case names with dots between them",
    ),
    METHOD: ("operation", _METHOD, "a snake_case name"),
    "x-error-hints": (
        "operation",
        {"type": "array", "minItems": 1, "items": {"type": "object", **_HINT}},
        "a list of hints: text, and any of status, code, contains, uncertain",
    ),
    "x-payment-id": ("operation", _METHOD, "the field of its result that names a payment"),
    "x-warning": ("operation", _WORDS, "what a call of it warns of"),
    "x-resources": ("document", {"type": "object", "minProperties": 1}, "a mapping of groups to what they gain"),
}


def extension_faults(document: dict[str, Any]) -> Iterator[Violation]:
    """Everything about the document's `x-` fields that would make a wrong client, or be lost without a word."""
    nodes = list(walk(document))
    for node in nodes:
        for name, value in node.value.items():
            if name.startswith("x-"):
                yield from _field(node, name, value)
        if node.kind == "operation" and "x-retry" not in node.value:
            reason = f"the operation has no x-retry, one of {', '.join(RETRY_CLASSES)}"
            yield Violation(node.path, reason, "say in an overlay after what it may be sent again")
        if node.kind == "schema" and "x-unit-confidence" in node.value and "x-unit" not in node.value:
            yield Violation(
                (*node.path, "x-unit-confidence"), "there is no x-unit beside it", "name the unit, or drop it"
            )
    operations = [node for node in nodes if node.kind == "operation"]
    yield from _names(operations)
    yield from _resources(
        document, {node.value[GROUP] for node in operations if isinstance(node.value.get(GROUP), str)}
    )


def _field(node: Node, name: str, value: Any) -> Iterator[Violation]:  # noqa: ANN401 - JSON
    path = (*node.path, name)
    if name not in _FIELDS:
        yield Violation(
            path, f"{name} is not known here", f"known are {', '.join(_FIELDS)}; teach codegen/extensions.py others"
        )
        return
    kind, schema, expected = _FIELDS[name]
    if node.kind != kind:
        article = "an" if node.kind[0] in "aeiou" else "a"
        yield Violation(path, f"{name} says something of a {kind}, and stands on {article} {node.kind}", "move it")
    elif not Draft202012Validator(schema).is_valid(value):
        yield Violation(path, f"{value!r} is not what {name} may be", f"it is {expected}")
    elif name == "x-unit" and (types := types_of(node.value)) and not {"number", "integer"} & types:
        yield Violation(path, f"a unit on a schema of type {', '.join(sorted(types))}", "units are for numbers")


def _names(operations: list[Node]) -> Iterator[Violation]:
    """Each operation is one method of one group, and a method may not hide a group of the same name."""
    owners: dict[tuple[str, str], NodePath] = {}
    for node in operations:
        group, method = node.value.get(GROUP), node.value.get(METHOD)
        if (group is None) != (method is None):
            there, missing = (GROUP, METHOD) if method is None else (METHOD, GROUP)
            yield Violation((*node.path, there), f"there is no {missing} beside it", "give both names or neither")
        if not isinstance(group, str) or not isinstance(method, str):
            continue
        if owner := owners.get((group, method)):
            reason = f"{group}.{method} is the name of {to_jsonpath(owner)} already"
            yield Violation((*node.path, METHOD), reason, "rename one of them")
        owners.setdefault((group, method), node.path)
    groups = {
        ".".join(parts[:length])
        for group, _ in owners
        for parts in [group.split(".")]
        for length in range(1, len(parts) + 1)
    }
    for (group, method), path in owners.items():
        if f"{group}.{method}" in groups:
            reason = f"the method {method} would hide the group {group}.{method}"
            yield Violation((*path, METHOD), reason, "rename one of them")


def _resources(document: dict[str, Any], groups: set[str]) -> Iterator[Violation]:
    resources = document.get("x-resources")
    if not isinstance(resources, dict):
        return
    for group, additions in resources.items():
        path: NodePath = ("x-resources", group)
        if not any(known == group or known.startswith(f"{group}.") for known in groups):
            yield Violation(path, f"no operation lies in the group {group}", f"known are {', '.join(sorted(groups))}")
        if not isinstance(additions, dict) or set(additions) != {"x-python-mixin"}:
            yield Violation(path, f"{additions!r} is not what a resource gains", "give it x-python-mixin alone")
            continue
        mixin = additions["x-python-mixin"]
        if not isinstance(mixin, str) or not _CLASS.fullmatch(mixin):
            reason = f"{mixin!r} names no class"
            yield Violation((*path, "x-python-mixin"), reason, "give its module and name, like package.module.Class")
