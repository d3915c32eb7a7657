"""The controls over HTTP, under `/_sandbox`: each is one of `Control`'s methods, called with a JSON object. Loopback only."""

import base64
import binascii
import json
from collections.abc import Callable, Coroutine
from dataclasses import asdict, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aig_billing_sandbox import refusals
from aig_billing_sandbox.control import Control
from aig_billing_sandbox.errors import BooksError
from aig_billing_sandbox.listening import is_loopback
from aig_billing_sandbox.pdf import invoice_pdf
from aig_billing_sandbox.wire import envelope, error_envelope, json_bytes

_READINGS = ("balance", "now", "faults", "charges", "requests", "state", "snapshot")
_ACTIONS = (
    "open_account",
    "set_tax",
    "add_token",
    "put_card",
    "remove_card",
    "confirm",
    "adjust_balance",
    "use",
    "set_clock",
    "advance",
    "hold_clock",
    "release_clock",
    "behave",
    "limit_rate",
    "fault",
    "clear_faults",
    "restore",
    "reset",
)

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def control_routes(control: Control) -> list[Route]:
    """A GET for everything that can be read, a POST for everything that can be done."""
    return [
        Route("/_sandbox", _reading(control.info), methods=["GET"]),
        *(Route(f"/_sandbox/{name}", _reading(_reader(control, name)), methods=["GET"]) for name in _READINGS),
        *(Route(f"/_sandbox/{name}", _action(control, name), methods=["POST"]) for name in _ACTIONS),
        # Not only for this machine: whoever may read the invoices follows their links.
        Route("/_sandbox/invoices/{invoice_id}.pdf", _invoice(control), methods=["GET"]),
    ]


def _reader(control: Control, name: str) -> Callable[..., object]:
    return (lambda: control.now) if name == "now" else getattr(control, name)


def _reading(read: Callable[..., object]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        query: dict[str, Any] = dict(request.query_params)
        return _run(
            request, lambda: read(**{name: int(text) if name == "after" else text for name, text in query.items()})
        )

    return endpoint


def _action(control: Control, name: str) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        return _run(request, lambda: getattr(control, name)(**_terms(name, body)))

    return endpoint


def _invoice(control: Control) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        invoice_id = request.path_params["invoice_id"]
        with control.service.working(to_write=False) as books:
            page = invoice_pdf(books, invoice_id)
        if page is None:
            return _answer(404, error_envelope(refusals.NO_SUCH_INVOICE, "There is no such invoice"))
        return Response(page, media_type="application/pdf")

    return endpoint


def _terms(name: str, body: bytes) -> dict[str, Any]:
    # Amounts are exact: 12.345 in JSON is the decimal 12.345. A fault's numbers are seconds, and its body is anything.
    exact = Decimal if name in {"use", "adjust_balance", "set_tax"} else float
    parsed: object = json.loads(body, parse_float=exact) if body else {}
    if not isinstance(parsed, dict):
        raise TypeError("a control takes a JSON object")
    terms = cast("dict[str, Any]", parsed)
    for key in terms.keys() & {"at", "moment"}:
        terms[key] = datetime.fromisoformat(terms[key])
    if "body_base64" in terms:
        terms["body"] = base64.b64decode(terms.pop("body_base64"), validate=True)
    if name == "restore":
        terms["snapshot"] = base64.b64decode(terms["snapshot"], validate=True)
    return terms


def _run(request: Request, work: Callable[[], object]) -> Response:
    if not _is_from_here(request):
        return _answer(
            403, error_envelope(refusals.AUTHENTICATION, "The sandbox's controls answer only on its machine")
        )
    try:
        return _answer(200, envelope(_plain(work())))
    except (
        ValueError,
        TypeError,
        KeyError,
        OverflowError,
        BooksError,
        binascii.Error,
    ) as error:
        return _answer(400, error_envelope(refusals.INVALID_REQUEST, f"{type(error).__name__}: {error}"))


def _is_from_here(request: Request) -> bool:
    if request.client is None or not is_loopback(request.client.host):
        return False
    # A page from elsewhere that runs in a browser here is from elsewhere, whatever name it was given for this machine.
    if not is_loopback(request.url.hostname or ""):
        return False
    origin = request.headers.get("origin")
    return origin is None or origin == f"{request.url.scheme}://{request.headers.get('host', '')}"


def _answer(status: int, body: object) -> Response:
    return Response(json_bytes(body), status, media_type="application/json")


def _plain(value: object) -> object:
    """The value as JSON has it: bytes in base64, times in ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in cast("dict[object, object]", value).items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in cast("list[object]", value)]
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value
