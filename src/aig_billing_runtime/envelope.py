"""The envelope that Cloudflare's API wraps results in: one table for all operations, whichever of its properties each promises."""

from __future__ import annotations

from functools import cache
from types import NoneType
from typing import Any, Literal, get_args

from .model import JsonType, Model, ModelType, prop


class Notice(Model):
    """One error or message of an envelope."""

    code: float = prop()
    """Number of this kind of error or message."""
    message: str = prop()
    """What it says, for people."""


class ErrorNotice(Notice):
    """One error, with the reasons behind it."""

    error_chain: list[Notice] | None = prop(default=None)
    """The reasons behind the error, the most specific one last."""


class Refusal(Model):
    """The envelope of an answer that reports an error.

    Source: Cloudflare's published OpenAPI schema. `messages` is not promised in it.
    """

    success: Literal[False] = prop()
    errors: list[ErrorNotice] = prop()
    result: dict[str, object] | None = prop()
    messages: list[Notice] | None = prop(default=None)


REFUSAL: JsonType[Refusal] = JsonType(Refusal)
_TYPES = {
    "success": "bool",
    "errors": "list[Notice]",
    "messages": "list[Notice]",
    "result": "object",
    "result_info": "object",
}


@cache
def envelope_type(required: tuple[str, ...], declared: tuple[tuple[str, Any], ...] = ()) -> JsonType[Any]:
    """Give the type of an envelope in which these properties are required; `result` is decoded by the operation's own type.

    Args:
        required: The names of the properties that must be there.
        declared: The properties that the document gives a type of its own, and that type: `result_info` above all.
    """
    types: dict[str, Any] = _TYPES | dict(declared)
    props: dict[str, Any] = {name: prop(unchecked=name == "result") for name in required}
    for name in (name for name in types if name not in required):
        nullable = NoneType in get_args(types[name])
        props[name] = prop(default=None, nullable=nullable, unchecked=name == "result")
    namespace = {"__module__": __name__, "__qualname__": "Envelope", "__annotations__": types, **props}
    return JsonType(ModelType("Envelope", (Model,), namespace))
