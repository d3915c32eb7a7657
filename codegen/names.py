"""Names: from the document's words to Python's, in one place, so that every template says the same."""

import keyword
from collections.abc import Mapping
from typing import Any

from openapi_python_client.strings import ClassName, snake_case


def call_of(operation: Mapping[str, Any], tag: str) -> tuple[tuple[str, ...], str]:
    """Give an operation's group and method, by its SDK names, else by the parts of its id."""
    group, name = operation.get("x-fern-sdk-group-name"), operation.get("x-fern-sdk-method-name")
    if group and name:
        return tuple(str(group).split(".")), str(name)
    *parts, last = str(operation.get("operationId", "")).split(".")
    return tuple(attribute_of(part) for part in parts) or (tag,), attribute_of(last)


def attribute_of(name: str) -> str:
    """Turn a name into snake case; a builtin's name (`type`, `id`) stays as the documents call it."""
    snake: str = snake_case(name)
    if keyword.iskeyword(snake) or not snake.isidentifier():
        return f"{snake}_" if keyword.iskeyword(snake) else f"field_{snake}"
    return snake


def resource_module(group: tuple[str, ...]) -> str:
    """Name the module of a resource after its group."""
    return "_".join(group)


def resource_class(group: tuple[str, ...]) -> str:
    """Name the class of a resource after its group."""
    return f"{ClassName('_'.join(group), 'field_')}Resource"
