"""A request's query and body, read and held against the contract."""

import json
from typing import Any

from aig_billing_sandbox import refusals
from aig_billing_sandbox.contract import OperationContract
from aig_billing_sandbox.refusals import Refusal
from aig_billing_sandbox.wire import Request

_LONGEST_BODY = 64 * 1024


def read_terms(request: Request, contract: OperationContract) -> tuple[dict[str, Any], Any]:
    """Query parameters by name, and the body; a refusal names every place that is wrong."""
    query, complaints = contract.read_query(request.query)
    body = None
    if contract.body is not None:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not (media_type or request.body):
            raise Refusal(400, refusals.INVALID_REQUEST, "$: a body is required")
        if media_type != "application/json":
            raise Refusal(415, refusals.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json")
        if len(request.body) > _LONGEST_BODY:
            raise Refusal(413, refusals.TOO_LARGE, f"The body must not be longer than {_LONGEST_BODY} bytes")
        body = _parse(request.body)
        complaints += contract.complaints_about_body(body)
    if complaints:
        raise Refusal(400, refusals.INVALID_REQUEST, *complaints)
    return query, body


def _parse(body: bytes) -> object:
    try:
        value: object = json.loads(body.decode(), parse_constant=_refuse_constant)
        # A lone surrogate is no character, and no text that an answer or the books could hold.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Refusal(400, refusals.INVALID_REQUEST, f"$: the body is not JSON: {_reason(error)}") from None
    return value


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return "its text is not valid Unicode"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON number")
