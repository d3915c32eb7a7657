"""Names in Python: the parser's, where generated code can bear them, and the place of each call in the tree."""

import builtins
import keyword
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from openapi_python_client.strings import ClassName, PythonIdentifier, snake_case

from aig_billing_runtime.async_client import AsyncioClient
from aig_billing_runtime.client import SyncClient
from aig_billing_runtime.model import RESERVED

BUILTIN_TYPES = frozenset({"bool", "bytes", "dict", "float", "int", "list", "object", "str"})
"""Builtins that annotations name: an attribute of that name would stand in their place for a type checker."""
MODEL_MEMBERS = frozenset(name for name in RESERVED if not name.startswith("_"))
"""What every model has already."""
CLIENT_MEMBERS = frozenset(name for name in (*dir(SyncClient), *dir(AsyncioClient)) if not name.startswith("_"))
"""What every client has already."""
CLASSES = frozenset(
    {"AnyModel", "AsyncClient", "Call", "Client", "ClosedModel", "ErrorHint", "Literal", "Model", "Operation"}
    | {"Response", "Success", "UNSET", "UUID", "Unset"}
)
"""What generated modules import: a model of that name gets `Model` behind it."""


def name_in_python(parsed: str, taken: Collection[str] = ()) -> str:
    """Give a name as the documents have it, where the parser's own templates could not bear it: `type` for `type_`."""
    plain = parsed.removesuffix("_")
    if plain in BUILTIN_TYPES or not hasattr(builtins, plain) or keyword.iskeyword(plain):
        plain = parsed
    return f"{plain}_" if plain in taken else plain


def collision(names: Iterable[str]) -> str | None:
    """Give the first name that two of the document's names would share in Python, to which equal letters are one."""
    seen: set[str] = set()
    for name in names:
        python = unicodedata.normalize("NFKC", name_in_python(PythonIdentifier(name, "field_"), MODEL_MEMBERS))
        if python in seen:
            return python
        seen.add(python)
    return None


def identifier(name: str) -> str:
    """Turn a part of an operation's id into a name that people can write after a dot."""
    snake: str = snake_case(name)
    if not snake.isidentifier():
        return f"field_{snake}"
    return f"{snake}_" if keyword.iskeyword(snake) else snake


Call = tuple[tuple[str, ...], str]
"""A group of the tree, and a method in it."""


def calls_of(operations: Iterable[tuple[Mapping[str, Any], str, str]]) -> list[Call]:
    """Give the call of each operation, of which its tag and the parser's name for it are known, too.

    `x-fern-sdk-*` say it. What has no such names goes by its id into the group that its neighbours with the same tag share, so
    that one new operation does not open a second tree beside the first.
    """
    operations = list(operations)
    groups: dict[str, tuple[str, ...]] = {}
    for operation, tag, _ in operations:
        if "x-fern-sdk-group-name" in operation:
            group = tuple(operation["x-fern-sdk-group-name"].split("."))
            groups[tag] = _common(groups.get(tag, group), group)
    return [_call(operation, tag, name, groups.get(tag, ())) for operation, tag, name in operations]


def _call(operation: Mapping[str, Any], tag: str, parsed: str, shared: tuple[str, ...]) -> Call:
    if "x-fern-sdk-group-name" in operation:
        return tuple(operation["x-fern-sdk-group-name"].split(".")), operation["x-fern-sdk-method-name"]
    *front, last = (identifier(part) for part in str(operation.get("operationId", parsed)).split("."))
    if not shared:
        return tuple(front) or (identifier(tag),), last
    overlap = next(size for size in range(len(front), -1, -1) if shared[len(shared) - size :] == tuple(front[:size]))
    return (*shared, *front[overlap:]), last


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    same = next((index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    return one[:same] if same is not None else min(one, other, key=len)


def resource_class(group: str) -> str:
    """Name the class of a resource after its group."""
    return f"{ClassName(group.replace('.', '_'), 'field_')}Resource"
