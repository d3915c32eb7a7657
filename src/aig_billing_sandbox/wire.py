"""What crosses the wire, without the wire: a request as it arrived, an answer as it will leave."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """A request below the API's base path. `path` is as it was sent, still percent-encoded."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Names in lower case."""
    body: bytes = b""
    origin: str = ""
    """Scheme, host and port that the caller used, for links that lead back here."""


@dataclass(frozen=True)
class Answer:
    """Status, headers and body, complete."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def json_bytes(value: object) -> bytes:
    """JSON as the API writes it."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False).encode()


def envelope(result: object, result_info: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The envelope of a call that did what was asked."""
    wrapped: dict[str, Any] = {"errors": [], "messages": [], "result": result, "success": True}
    if result_info is not None:
        wrapped["result_info"] = result_info
    return wrapped


def error_envelope(code: int, *messages: str) -> dict[str, Any]:
    """The envelope of a call that was refused."""
    errors = [{"code": code, "message": message} for message in messages]
    return {"success": False, "errors": errors, "messages": [], "result": None}
