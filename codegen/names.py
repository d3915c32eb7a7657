"""Names in Python: the parser's, where generated code can bear them, and the place of each call in the tree."""

import builtins
import keyword
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import takewhile
from typing import Any

from openapi_python_client.strings import ClassName, snake_case

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


def doubled(names: Iterable[str]) -> str | None:
    """Give a name that comes twice. Python takes letters that look alike for one another: the ligature of fi is fi."""
    found = Counter(unicodedata.normalize("NFKC", name) for name in names)
    return next((name for name, times in found.items() if times > 1), None)


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
            same = takewhile(lambda pair: pair[0] == pair[1], zip(groups.get(tag, group), group, strict=False))
            groups[tag] = tuple(name for name, _ in same)
    return [_call(operation, tag, name, groups.get(tag, ())) for operation, tag, name in operations]


def _call(operation: Mapping[str, Any], tag: str, parsed: str, shared: tuple[str, ...]) -> Call:
    if "x-fern-sdk-group-name" in operation:
        return tuple(operation["x-fern-sdk-group-name"].split(".")), operation["x-fern-sdk-method-name"]
    *front, last = (identifier(part) for part in str(operation.get("operationId", parsed)).split("."))
    if not shared:
        return tuple(front) or (identifier(tag),), last
    overlap = next(size for size in range(len(front), -1, -1) if shared[len(shared) - size :] == tuple(front[:size]))
    return (*shared, *front[overlap:]), last


def resource_class(group: str) -> str:
    """Name the class of a resource after its group."""
    return f"{ClassName(group.replace('.', '_'), 'field_')}Resource"
