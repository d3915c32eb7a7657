"""The `x-` fields that templates and runtime rely on: which there are, where they may stand, what they may say."""

from collections.abc import Iterator
from keyword import kwlist
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from codegen.errors import Violation
from codegen.paths import Node, walk
from codegen.schemas import types_of

UNITS = {
    "cents": "cents",
    "unix-ms": "Unix milliseconds",
    "unix-s": "Unix seconds",
    "unix-auto": "Unix seconds or milliseconds",
}
"""The units that numbers may have, each in words."""
RETRY_CLASSES = ("safe", "idempotent", "once", "charge")
GROUP, METHOD = "x-fern-sdk-group-name", "x-fern-sdk-method-name"

_NAME = rf"(?!(?:{'|'.join(kwlist)})\b)[a-z][a-z0-9_]*"
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
_GAIN = {
    "type": "object",
    "required": ["x-python-mixin"],
    "additionalProperties": False,
    "properties": {"x-python-mixin": {"type": "string", "pattern": rf"^({_NAME}\.)+[A-Za-z][A-Za-z0-9_]*$"}},
}
# name -> the kind of object it stands on, what it may be as JSON Schema, and in words
_FIELDS: dict[str, tuple[str, dict[str, Any], str]] = {
    "x-unit": ("schema", {"enum": list(UNITS)}, f"one of {', '.join(UNITS)}"),
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
    "x-resources": (
        "document",
        {"type": "object", "minProperties": 1, "additionalProperties": _GAIN},
        "a mapping of groups to x-python-mixin alone, and that to module and name of a class, like package.module.Class",
    ),
}
_BESIDE = {"x-unit-confidence": "x-unit", GROUP: METHOD, METHOD: GROUP}
"""What makes no sense without another one beside it."""


def extension_faults(document: dict[str, Any]) -> Iterator[Violation]:
    """Everything about the document's `x-` fields that would make a wrong client, or be lost without a word."""
    for node in walk(document):
        for name, value in node.value.items():
            if name.startswith("x-"):
                yield from _field(node, name, value)
        if node.kind == "operation" and "x-retry" not in node.value:
            reason = f"the operation has no x-retry, one of {', '.join(RETRY_CLASSES)}"
            yield Violation(node.path, reason, "say in an overlay after what it may be sent again")


def _field(node: Node, name: str, value: Any) -> Iterator[Violation]:  # noqa: ANN401 - JSON
    path = (*node.path, name)
    if name not in _FIELDS:
        hint = f"known are {', '.join(_FIELDS)}; teach codegen/extensions.py others"
        yield Violation(path, f"{name} is not known here", hint)
        return
    kind, schema, expected = _FIELDS[name]
    if node.kind != kind:
        article = "an" if node.kind[0] in "aeiou" else "a"
        yield Violation(path, f"{name} says something of a {kind}, and stands on {article} {node.kind}", "move it")
    elif error := best_match(Draft202012Validator(schema).iter_errors(value)):
        reason = f"{error.instance!r} is not what {name} may be"
        yield Violation((*path, *error.absolute_path), reason, f"it is {expected}")
    elif (other := _BESIDE.get(name)) and other not in node.value:
        yield Violation(path, f"{other} is missing beside it", "add it, or drop this one")
    elif name == "x-unit" and (types := types_of(node.value)) and not {"number", "integer"} & types:
        yield Violation(path, f"a unit on a schema of type {', '.join(sorted(types))}", "units are for numbers")
