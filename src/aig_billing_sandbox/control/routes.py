"""All that one sandbox serves: the API under `/client/v4`, its reference under `/docs`, and the controls under `/_sandbox`.

A control is a method of `Control`, called with a JSON object. Only this machine may use them, unless `open_controls` is set.
"""

import base64
import inspect
import json
import sqlite3
import types
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

import attrs
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from aig_billing_sandbox.bank.invoices import invoice_pdf
from aig_billing_sandbox.control.control import Control
from aig_billing_sandbox.errors import DatabaseError
from aig_billing_sandbox.http import codes
from aig_billing_sandbox.http.document import resolved_document
from aig_billing_sandbox.http.faults import FaultTerms
from aig_billing_sandbox.http.messages import BASE_PATH, RefusedRequest, envelope, json_bytes, parse_json
from aig_billing_sandbox.http.pages import render, render_page
from aig_billing_sandbox.http.server import BillingAPI, is_loopback, origin_called, read_body

READINGS = ("balance", "now", "faults", "charges", "requests", "state", "snapshot", "gateway")
ACTIONS = (
    *("open_account", "set_tax", "add_token", "put_card", "remove_card", "confirm", "adjust_balance", "use"),
    *("set_auto_topup", "remove_auto_topup", "change_gateway"),
    *("set_clock", "advance", "hold_clock", "release_clock", "behave", "limit_rate", "fault", "clear_faults"),
    *("restore", "reset"),
)
_MAX_BODY_BYTES = 256 * 1024 * 1024  # a snapshot


class ControlRoutes:
    """A GET for everything that can be read, a POST for everything that can be done, and the pages for browsers."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def app(self) -> ASGIApp:
        """The application that serves the sandbox."""
        routes = [
            Mount(BASE_PATH, app=BillingAPI(self._control.service)),
            Route("/", self._start, methods=["GET"]),
            Route("/docs", self._reference, methods=["GET"]),
            Route("/_sandbox", self._overview, methods=["GET"]),
            Route("/_sandbox/{name}", self._call, methods=["GET", "POST"]),
            # Not only for this machine: those who may read the invoices follow their links.
            Route("/_sandbox/invoices/{invoice_id}.pdf", self._invoice, methods=["GET"]),
        ]
        app = Starlette(routes=routes, exception_handlers={404: _refuse, 405: _refuse, RefusedRequest: _refuse})
        # A path of the API has one spelling.
        app.router.redirect_slashes = False
        return app

    async def _start(self, request: Request) -> Response:
        """The page that a browser opens first: addresses, and on this machine the credentials too."""
        account, token = (self._control.account_id, self._control.token) if _is_from_here(request) else ("...", "...")
        return _page("Billing sandbox", request, account=account, token=token, controls=None)

    async def _reference(self, request: Request) -> Response:
        """Others may read it too, where a sandbox is open to the network; the credentials are for this machine."""
        names = ("account_id", "token", "read_token") if _is_local(request) else ()
        credentials: dict[str, str] = {name: getattr(self._control, name) for name in names}
        page = render_page(resolved_document(), base_url=origin_called(request) + BASE_PATH, **credentials)
        headers = {"x-content-type-options": "nosniff", "cache-control": "no-cache"}
        return Response(page, media_type="text/html", headers=headers)

    async def _overview(self, request: Request) -> Response:
        """The settings: a page for browsers, JSON for programs."""
        self._refuse_others(request)
        if "text/html" not in request.headers.get("accept", ""):
            return _run(self._control.info, {})
        controls = [_described(name) for name in (*READINGS, *ACTIONS)]
        return _page("Controls of the billing sandbox", request, info=self._control.info(), controls=controls)

    async def _call(self, request: Request) -> Response:
        """A GET reads, with the arguments in the query; a POST does, with those in the body."""
        self._refuse_others(request)
        name, acts = request.path_params["name"], request.method == "POST"
        if name not in (ACTIONS if acts else READINGS):
            raise HTTPException(404)
        given = await read_body(request, _MAX_BODY_BYTES) if acts else request.query_params
        if len(given) > _MAX_BODY_BYTES:
            raise RefusedRequest(413, codes.TOO_LARGE, f"the body is longer than {_MAX_BODY_BYTES} bytes")
        return _run((lambda: self._control.now) if name == "now" else getattr(self._control, name), given)

    async def _invoice(self, request: Request) -> Response:
        """The page that an invoice's `invoice_pdf` leads to."""
        with self._control.service.working() as (db, _):
            page = invoice_pdf(db, request.path_params["invoice_id"])
        if page is None:
            raise RefusedRequest(404, codes.NO_SUCH_INVOICE, "There is no such invoice")
        return Response(page, media_type="application/pdf")

    def _refuse_others(self, request: Request) -> None:
        """Refuses what is not from this machine, unless the controls are open, and pages of other sites."""
        foreign = request.headers.get("origin") not in {None, origin_called(request)}
        if foreign or not (self._control.open_controls or _is_from_here(request)):
            raise RefusedRequest(403, codes.AUTHENTICATION, "The sandbox's controls answer only on its machine")


async def _refuse(_request: Request, error: Exception) -> Response:
    """Answers in the API's envelope; what Starlette itself refuses has no route."""
    if not isinstance(error, RefusedRequest):
        error = RefusedRequest(404, codes.NO_ROUTE, "No route for that URI")
    return Response(error.body, error.status, media_type="application/json")


def _page(title: str, request: Request, **values: object) -> Response:
    page = render("controls.html.jinja", title=title, base_url=origin_called(request) + BASE_PATH, **values)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return Response(page, media_type="text/html", headers={"content-security-policy": policy})


def _described(name: str) -> dict[str, object]:
    """A control with the first line of its docstring and its parameters."""
    found: Any = inspect.getattr_static(Control, name)
    method = cast("Callable[..., object]", found.fget if isinstance(found, property) else found)
    parameters = [str(one).replace("**", "...") for one in inspect.signature(method).parameters.values()][1:]
    summary = (inspect.getdoc(method) or "").partition("\n")[0]
    return {"name": name, "reads": name in READINGS, "summary": summary, "arguments": f"({', '.join(parameters)})"}


def _run(act: Callable[..., object], given: bytes | Mapping[str, Any]) -> Response:
    """Calls a control with a body or a query."""
    try:
        arguments = _arguments(given) if isinstance(given, bytes) else dict(given)
        result = act(**_converted(act, arguments))
    except (ValueError, TypeError, OverflowError, RecursionError, sqlite3.Error, DatabaseError) as error:
        raise RefusedRequest(400, codes.INVALID_REQUEST, f"{type(error).__name__}: {error}") from None
    return Response(json_bytes(envelope(result), default=_json_of), media_type="application/json")


def _arguments(body: bytes) -> dict[str, Any]:
    arguments: object = parse_json(body) if body else {}
    if not isinstance(arguments, dict):
        raise TypeError("a control takes a JSON object")
    arguments = cast("dict[str, Any]", arguments)
    if "body_base64" in arguments:
        arguments["body"] = base64.b64decode(arguments.pop("body_base64"), validate=True)
    return arguments


def _converted(act: Callable[..., object], arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments as the types that the control declares; raises TypeError with the name of one that is of another type."""
    hints = get_type_hints(act)
    if act.__name__ == "fault":
        hints |= get_type_hints(FaultTerms)
    others = hints.get("units", object)  # of `advance`, and of arguments that the control will refuse
    return {name: _convert(name, value, hints.get(name, others)) for name, value in arguments.items()}


def _convert(name: str, value: object, hint: Any) -> object:  # noqa: ANN401 - a type, or a union of types
    choices = get_args(hint) if get_origin(hint) in {Union, types.UnionType} else (hint,)
    kinds = [_JSON_TYPES.get(get_origin(choice), choice) for choice in choices]
    if object in kinds or type(value) in kinds:
        return value
    for kind in kinds:
        if convert := _CONVERSIONS.get((type(value), kind)):
            return convert(value)
    raise TypeError(f"{name} cannot be {json.dumps(value, default=str)[:80]}")


_JSON_TYPES: dict[Any, type] = {Literal: str, Mapping: dict}

# From a type of JSON to one that a control declares.
_CONVERSIONS: dict[tuple[type, Any], Callable[[Any], object]] = {
    (int, float): float,
    # Exact: 12.345 in JSON is the decimal 12.345.
    (float, Decimal): lambda number: Decimal(repr(number)),
    # A query has text only.
    (str, int): int,
    (str, datetime): datetime.fromisoformat,
    (str, bytes): lambda text: base64.b64decode(text, validate=True),
}


def _is_local(request: Request) -> bool:
    return request.client is not None and is_loopback(request.client.host)


def _is_from_here(request: Request) -> bool:
    # Both: a page in a browser here may come from elsewhere under a host name that resolves to this machine.
    return _is_local(request) and is_loopback(request.url.hostname or "")


def _json_of(value: object) -> object:
    """What JSON itself has no form for: bytes in base64, times in ISO 8601."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return attrs.asdict(cast("attrs.AttrsInstance", value), recurse=False)
