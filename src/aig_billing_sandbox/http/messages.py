"""Requests and responses as plain values, the envelope around results, and refusals."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

BASE_PATH = "/client/v4"

Headers = tuple[tuple[str, str], ...]


@attrs.frozen
class SandboxRequest:
    """A request without its body. `path` is below the API's base path, and still percent-encoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """Names in lower case."""
    origin: str
    """Scheme, host and port that the caller used, for links that lead back here."""


@attrs.frozen
class SandboxResponse:
    """Status, headers and the whole body."""

    status: int
    headers: Headers
    body: bytes


class RefusedRequest(Exception):  # noqa: N818 - a refusal is an answer, not an error of the sandbox
    """Ends an operation with an error answer; raised within a transaction, it undoes what was done in it."""

    def __init__(
        self, status: int, code: int, *messages: str, headers: Headers = (), chain: Sequence[tuple[int, str]] = ()
    ) -> None:
        super().__init__(*messages)
        self.status = status
        self.code = code
        self.messages = messages
        self.headers = headers
        self.chain = chain
        """Codes and messages behind the first error, its `error_chain`."""


@attrs.frozen
class JsonText:
    """A result that is JSON text already, and leaves byte for byte."""

    text: str


def json_bytes(value: object, *, default: Callable[[object], object] | None = None) -> bytes:
    """JSON as the API writes it; `default` turns what JSON has no form for into what it has."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False, default=default).encode()


def envelope_bytes(result: object, result_info: Mapping[str, Any] | None = None) -> bytes:
    """The envelope of a successful call, as it is sent."""
    if not isinstance(result, JsonText):
        return json_bytes(envelope(result, result_info))
    return json_bytes(envelope(None, result_info)).replace(b'"result":null', b'"result":' + result.text.encode(), 1)


def envelope(result: object, result_info: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The envelope of a successful call."""
    wrapped: dict[str, Any] = {"errors": [], "messages": [], "result": result, "success": True}
    if result_info is not None:
        wrapped["result_info"] = result_info
    return wrapped


def error_envelope(code: int, *messages: str, chain: Sequence[tuple[int, str]] = ()) -> dict[str, Any]:
    """The envelope of a call that was refused or failed; `chain` is the first error's `error_chain`."""
    errors: list[dict[str, Any]] = [{"code": code, "message": message} for message in messages]
    if chain:
        errors[0]["error_chain"] = [{"code": number, "message": message} for number, message in chain]
    return {"success": False, "errors": errors, "messages": [], "result": None}
