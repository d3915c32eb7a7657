"""Parsing: a request's query and body, checked against the contract of its operation."""

import json
from typing import Any

from aig_billing_sandbox.http import codes
from aig_billing_sandbox.http.context import RequestContext
from aig_billing_sandbox.http.contract import OperationContract
from aig_billing_sandbox.http.messages import RefusedRequest

MAX_BODY_BYTES = 64 * 1024


def parse_request(context: RequestContext, contract: OperationContract) -> None:
    """Puts query and body into the context; the refusal that is raised otherwise names every wrong place."""
    context.query, violations = contract.read_query(context.request.query)
    context.body = None
    if contract.body is not None:
        media_type = context.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not (media_type or context.content):
            raise RefusedRequest(400, codes.INVALID_REQUEST, "$: a body is required")
        if media_type != "application/json":
            raise RefusedRequest(415, codes.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json")
        if len(context.content) > MAX_BODY_BYTES:
            raise RefusedRequest(413, codes.TOO_LARGE, f"The body must not be longer than {MAX_BODY_BYTES} bytes")
        try:
            context.body = parse_json(context.content)
        except ValueError as error:
            raise RefusedRequest(400, codes.INVALID_REQUEST, f"$: the body is not JSON: {error}") from None
        violations += contract.body_violations(context.body)
    if violations:
        raise RefusedRequest(400, codes.INVALID_REQUEST, *violations)


def amount_in(content: bytes) -> int | None:
    """The whole `amount` in a body, if it has one that the database can hold."""
    try:
        amount = json.loads(content)["amount"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    fits = isinstance(amount, int) and not isinstance(amount, bool) and abs(amount) < 2**63
    return amount if fits else None


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
