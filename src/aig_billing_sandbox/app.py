"""The sandbox as an ASGI application: the API under `/client/v4`, the controls under `/_sandbox`, a page to read under `/docs`."""

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request as HTTPRequest
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from aig_billing_sandbox import refusals
from aig_billing_sandbox.connection import Connection
from aig_billing_sandbox.control import Control
from aig_billing_sandbox.control_routes import control_routes
from aig_billing_sandbox.exchange import Exchange
from aig_billing_sandbox.faults import Fault
from aig_billing_sandbox.reference.routes import reference_routes
from aig_billing_sandbox.service import Service
from aig_billing_sandbox.wire import Answer, Request, error_envelope, json_bytes


def sandbox_app(control: Control) -> ASGIApp:
    """The application that serves one sandbox."""
    app = Starlette(
        routes=[
            Mount("/client/v4", app=BillingAPI(control.service)),
            *control_routes(control),
            *reference_routes(control, "/client/v4"),
        ],
        exception_handlers={404: _no_route, 405: _no_route},
    )
    # The API has no second spelling of its paths.
    app.router.redirect_slashes = False
    return app


class BillingAPI:
    """The API itself: reads a request, asks the service, and delivers the answer as the fault on order says."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        exchange = self._service.receive(_as_received(scope, bytes(body)))
        try:
            await self._answer(exchange, scope, receive, send)
        except asyncio.CancelledError:
            # The server is stopping and the connection is gone; to raise would be logged as the application's failure.
            return

    @staticmethod
    async def _answer(exchange: Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        if exchange.fault.delay_before:
            await asyncio.sleep(exchange.fault.delay_before)
        answer = exchange.answer()
        if exchange.fault.delay_after:
            await asyncio.sleep(exchange.fault.delay_after)
        await _deliver(answer, exchange.fault, Connection.of(scope), receive, send)


def _as_received(scope: Scope, body: bytes) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    raw_path = scope["raw_path"].decode("latin-1")
    return Request(
        method=scope["method"],
        path=raw_path.removeprefix("/client/v4"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        origin=f"{scope['scheme']}://{headers.get('host', '')}",
    )


async def _deliver(answer: Answer | None, fault: Fault, connection: Connection, receive: Receive, send: Send) -> None:
    if answer is None:
        await connection.end(receive, reset=fault.reset)
        return
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    arriving = answer.body if fault.cut_off_after is None else answer.body[: fault.cut_off_after]
    if fault.trickle is not None:
        for index in range(len(arriving)):
            if connection.is_gone:
                return
            await asyncio.sleep(fault.trickle)
            await send({"type": "http.response.body", "body": arriving[index : index + 1], "more_body": True})
        arriving = b""
    if fault.cut_off_after is not None and fault.cut_off_after < len(answer.body):
        await send({"type": "http.response.body", "body": arriving, "more_body": True})
        await connection.end(receive, reset=fault.reset)
        return
    await send({"type": "http.response.body", "body": arriving, "more_body": False})


async def _no_route(_request: HTTPRequest, _error: Exception) -> Response:
    body = json_bytes(error_envelope(refusals.NO_ROUTE, "No route for that URI"))
    return Response(body, status_code=404, media_type="application/json")
