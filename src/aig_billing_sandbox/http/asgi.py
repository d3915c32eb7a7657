"""The API as an ASGI application: reads requests from a connection, and delivers answers as their faults say."""

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from aig_billing_sandbox.http.connection import STATE_KEY, ConnectionProtocol
from aig_billing_sandbox.http.context import RequestContext
from aig_billing_sandbox.http.messages import BASE_PATH, SandboxRequest
from aig_billing_sandbox.http.parsing import MAX_BODY_BYTES
from aig_billing_sandbox.http.service import BillingService, ConnectionCut, Pause


class BillingAPI:
    """The application, mounted at the API's base path."""

    def __init__(self, service: BillingService) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        request = Request(scope, receive)
        context = self._service.identify(_sandbox_request(request))
        # Nobody has to be listened to for longer than it takes to refuse them.
        try:
            content = b"" if context.refusal is not None else await read_body(request, MAX_BODY_BYTES)
            self._service.accept(context, content)
            await self._deliver(context, scope, receive, send)
        except (ClientDisconnect, asyncio.CancelledError):
            # The caller has gone, or the server is stopping; raised, this would be logged as a failure of the application.
            return

    async def _deliver(self, context: RequestContext, scope: Scope, receive: Receive, send: Send) -> None:
        connection: ConnectionProtocol = scope["state"][STATE_KEY]
        try:
            for step in self._service.deliver(context):
                if isinstance(step, Pause):
                    await asyncio.sleep(step.seconds)
                elif isinstance(step, bytes):
                    await send({"type": "http.response.body", "body": step, "more_body": True})
                    if connection.transport.is_closing():
                        raise ConnectionCut
                else:
                    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in step.headers]
                    await send({"type": "http.response.start", "status": step.status, "headers": headers})
            await send({"type": "http.response.body"})
        except ConnectionCut:
            await connection.end(receive, reset=context.fault.reset)


def origin_called(request: Request) -> str:
    """The origin of this server as the caller wrote it."""
    return f"{request.url.scheme}://{request.headers.get('host', '')}"


def _sandbox_request(request: Request) -> SandboxRequest:
    headers = {name: ", ".join(request.headers.getlist(name)) for name in request.headers}
    path = request.scope["raw_path"].decode("latin-1").removeprefix(BASE_PATH)
    query = request.scope["query_string"].decode("latin-1")
    return SandboxRequest(request.method, path, query, headers, origin_called(request))


async def read_body(request: Request, most: int) -> bytes:
    """The body, not much further than `most` bytes; raises ClientDisconnect when the caller has gone."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            break
    return bytes(body)
