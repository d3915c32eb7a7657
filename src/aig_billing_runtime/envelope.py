"""The envelope that Cloudflare's API wraps results in: one table for all operations, whichever of its properties each promises."""

from __future__ import annotations

from functools import cache
from typing import Any

from .model import JsonType, Model, ModelType, prop


class Notice(Model):
    """One error or message of an envelope."""

    code: float = prop()
    """Number of this kind of error or message."""
    message: str = prop()
    """What it says, for people."""


_TYPES = {
    "success": "bool",
    "errors": "list[Notice]",
    "messages": "list[Notice]",
    "result": "object",
    "result_info": "object",
}


@cache
def envelope_type(required: tuple[str, ...]) -> JsonType[Any]:
    """Give the type of an envelope in which these properties are required; `result` is decoded by the operation's own type."""
    props: dict[str, Any] = {
        name: prop(unchecked=name == "result") if name in required else prop(default=None, unchecked=name == "result")
        for name in sorted(_TYPES, key=lambda name: name not in required)
    }
    namespace = {"__module__": __name__, "__qualname__": "Envelope", "__annotations__": dict(_TYPES), **props}
    return JsonType(ModelType("Envelope", (Model,), namespace))
