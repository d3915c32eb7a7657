"""JSON of requests and responses, the envelope around results, and refusals."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import attrs

BASE_PATH = "/client/v4"


@attrs.frozen
class SandboxResponse:
    """Status, headers and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class RefusedRequest(Exception):  # noqa: N818 - a refusal is an answer, not an error of the sandbox
    """Ends an operation with an error answer; raised within a transaction, it undoes what was done in it."""

    def __init__(
        self,
        status: int,
        code: int,
        *messages: str,
        headers: Mapping[str, str] | None = None,
        chain: tuple[int, str] | None = None,
    ) -> None:
        super().__init__(*messages)
        self.status = status
        self.headers = headers or {}
        errors: list[dict[str, Any]] = [{"code": code, "message": message} for message in messages]
        if chain:
            errors[0]["error_chain"] = [{"code": chain[0], "message": chain[1]}]
        self.body = json_bytes({"success": False, "errors": errors, "messages": [], "result": None})
        """The error envelope; `chain` is a code and a message behind the first error, its `error_chain`."""


def json_bytes(value: object, *, default: Callable[[object], object] | None = None) -> bytes:
    """JSON as the API writes it; `default` turns what JSON has no form for into what it has."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False, default=default).encode()


def parse_json(content: bytes) -> Any:  # noqa: ANN401 - JSON
    """Parses JSON of the standard, without lone surrogates, which no answer and no database could hold; raises ValueError otherwise."""
    try:
        value: Any = json.loads(content.decode(), parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeError:
        raise ValueError("its text is not valid Unicode") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return value


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON number")


def envelope_bytes(result: Mapping[str, Any] | str, result_info: Mapping[str, Any] | None = None) -> bytes:
    """The envelope of a successful call, as it is sent; a result that is text is JSON already, and leaves byte for byte."""
    if not isinstance(result, str):
        return json_bytes(envelope(result, result_info))
    return json_bytes(envelope(None, result_info)).replace(b'"result":null', b'"result":' + result.encode(), 1)


def envelope(result: object, result_info: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The envelope of a successful call."""
    wrapped: dict[str, Any] = {"errors": [], "messages": [], "result": result, "success": True}
    if result_info is not None:
        wrapped["result_info"] = result_info
    return wrapped
