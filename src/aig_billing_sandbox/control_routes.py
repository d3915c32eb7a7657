"""The controls over HTTP, under `/_sandbox`: each is one of `Control`'s methods, called with a JSON object. Loopback only."""

import base64
import ipaddress
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aig_billing_sandbox import refusals
from aig_billing_sandbox.control import Control
from aig_billing_sandbox.wire import envelope, error_envelope, json_bytes

_READS = ("info", "balance", "now", "faults", "charges", "requests", "state", "snapshot")
_ACTIONS = (
    "open_account",
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


def control_routes(control: Control) -> list[Route]:
    """A GET for everything that can be read, a POST for everything that can be done."""
    routes = [Route("/", _reading(control, "info"), methods=["GET"])]
    routes += [Route(f"/{name}", _reading(control, name), methods=["GET"]) for name in _READS]
    routes += [Route(f"/{name}", _action(control, name), methods=["POST"]) for name in _ACTIONS]
    return routes


def _reading(control: Control, name: str) -> Callable[[Request], Awaitable[Response]]:
    async def read(request: Request) -> Response:
        return _run(request, lambda: _read(control, name, dict(request.query_params)))

    return read


def _action(control: Control, name: str) -> Callable[[Request], Awaitable[Response]]:
    async def act(request: Request) -> Response:
        text = await request.body()
        return _run(request, lambda: getattr(control, name)(**_terms(name, text)))

    return act


def _read(control: Control, name: str, query: dict[str, str]) -> object:
    if name == "now":
        return control.now
    terms: dict[str, Any] = {"after": int(query.pop("after"))} if "after" in query else {}
    return getattr(control, name)(**terms, **query)


def _terms(name: str, text: bytes) -> dict[str, Any]:
    terms = json.loads(text, parse_float=Decimal) if text else {}
    if not isinstance(terms, dict):
        raise TypeError("a control takes a JSON object of its terms")
    if name == "fault":
        terms = json.loads(text) if text else {}
    for key in ("at", "moment"):
        if key in terms:
            terms[key] = datetime.fromisoformat(terms[key])
    if name == "restore":
        terms["snapshot"] = base64.b64decode(terms["snapshot"], validate=True)
    if name == "advance":
        terms = {key: float(value) for key, value in terms.items()}
    if name == "behave":
        terms = {key: float(value) if isinstance(value, Decimal) else value for key, value in terms.items()}
    return terms


def _run(request: Request, work: Callable[[], object]) -> Response:
    if not _is_from_here(request):
        return _answer(
            403, error_envelope(refusals.AUTHENTICATION, "The sandbox's controls answer only on its own machine")
        )
    try:
        return _answer(200, envelope(_plain(work())))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        return _answer(400, error_envelope(refusals.INVALID_REQUEST, str(error)))


def _is_from_here(request: Request) -> bool:
    client = request.client
    if client is None or not ipaddress.ip_address(client.host).is_loopback:
        return False
    # A page from elsewhere that runs in a browser here is from elsewhere.
    origin = request.headers.get("origin")
    return origin is None or origin == f"{request.url.scheme}://{request.headers.get('host', '')}"


def _answer(status: int, body: object) -> Response:
    return Response(json_bytes(body), status, media_type="application/json")


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value
