"""The `x-` fields that templates and runtime rely on: which there are, where they may stand, what they may say."""

from collections.abc import Callable, Iterator
from keyword import iskeyword
from typing import Any

from codegen.checks import Violation
from codegen.paths import Node, NodePath, to_jsonpath, walk

UNITS = ("cents", "unix-ms", "unix-s", "unix-auto")
RETRY_CLASSES = ("safe", "idempotent", "once", "charge")
GROUP, METHOD = "x-fern-sdk-group-name", "x-fern-sdk-method-name"

Check = Callable[[object], str | None]


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


def _field(node: Node, name: str, value: object) -> Iterator[Violation]:
    path = (*node.path, name)
    if name not in _FIELDS:
        yield Violation(
            path, f"{name} is not known here", f"known are {', '.join(_FIELDS)}; teach codegen/extensions.py others"
        )
        return
    kind, check, expected = _FIELDS[name]
    if node.kind != kind:
        article = "an" if node.kind[0] in "aeiou" else "a"
        yield Violation(path, f"{name} says something of a {kind}, and stands on {article} {node.kind}", "move it")
    elif (wrong := check(value)) is not None:
        yield Violation(path, f"{wrong} is not what {name} may be", f"it is {expected}")
    elif name == "x-unit" and (types := _types(node.value)) and not {"number", "integer"} & types:
        yield Violation(path, f"a unit on a schema of type {', '.join(sorted(types))}", "units are for numbers")


def _types(schema: dict[str, Any]) -> set[str]:
    given = schema.get("type", [])
    return {given} if isinstance(given, str) else set(given)


def _one_of(*choices: str) -> Check:
    return lambda value: None if value in choices else repr(value)


def _strings(value: object) -> str | None:
    if isinstance(value, list) and value and all(isinstance(item, str) and item.strip() for item in value):
        return None if len(set(value)) == len(value) else repr(value)
    return repr(value)


def _identifier(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isidentifier() and not iskeyword(value)


def _snake_case(value: object) -> bool:
    return _identifier(value) and isinstance(value, str) and value == value.lower() and not value.startswith("_")


def _method(value: object) -> str | None:
    return None if _snake_case(value) else repr(value)


def _group(value: object) -> str | None:
    return None if isinstance(value, str) and all(map(_snake_case, value.split("."))) else repr(value)


def _text(value: object) -> str | None:
    return None if isinstance(value, str) and value.strip() else repr(value)


def _mapping(value: object) -> str | None:
    return None if isinstance(value, dict) and value else repr(value)


def _error_hints(value: object) -> str | None:
    kinds = {"text": str, "status": int, "code": int, "contains": str, "uncertain": bool}
    hints = value if isinstance(value, list) else [value]
    for hint in hints:
        if not isinstance(hint, dict) or not hint.get("text") or len(hint) < 2:
            return repr(hint)
        if any(type(given) is not kinds.get(name) for name, given in hint.items()):
            return repr(hint)
    return None if isinstance(value, list) and value else repr(value)


# name -> the kind of object it stands on, its check, what it may be in words
_FIELDS: dict[str, tuple[str, Check, str]] = {
    "x-unit": ("schema", _one_of(*UNITS), f"one of {', '.join(UNITS)}"),
    "x-unit-confidence": ("schema", _one_of("unconfirmed"), "unconfirmed, or not there"),
    "x-retry": ("operation", _one_of(*RETRY_CLASSES), f"one of {', '.join(RETRY_CLASSES)}"),
    "x-api-token-group": ("operation", _strings, "a list of permissions, each once"),
    GROUP: ("operation", _group, "snake_case names with dots between them"),
    METHOD: ("operation", _method, "a snake_case name"),
    "x-error-hints": ("operation", _error_hints, "a list of hints: text, and any of status, code, contains, uncertain"),
    "x-payment-id": ("operation", _method, "the field of its result that names a payment"),
    "x-warning": ("operation", _text, "what a call of it warns of"),
    "x-resources": ("document", _mapping, "a mapping of groups to what they gain"),
}


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
        if not (isinstance(mixin, str) and "." in mixin and all(map(_identifier, mixin.split(".")))):
            reason = f"{mixin!r} names no class"
            yield Violation((*path, "x-python-mixin"), reason, "give its module and name, like package.module.Class")
