"""The API over a socket: uvicorn's server in a thread, its connections, which a fault can end, and the ASGI application."""

import asyncio
import ipaddress
import socket
import struct
import threading

import h11
import uvicorn
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from aig_billing_sandbox.http import codes
from aig_billing_sandbox.http.context import RequestContext
from aig_billing_sandbox.http.contract import MAX_BODY_BYTES
from aig_billing_sandbox.http.messages import BASE_PATH, RefusedRequest
from aig_billing_sandbox.http.service import BillingService, ConnectionCut, Pause

_START_SECONDS = 10.0
_CONNECTION = "aig_billing_sandbox.connection"


class BillingAPI:
    """The ASGI application below the API's base path: it answers as the faults of its service say."""

    def __init__(self, service: BillingService) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        request = Request(scope, receive)
        headers = {name: ", ".join(request.headers.getlist(name)) for name in request.headers}
        path = scope["raw_path"].decode("latin-1").removeprefix(BASE_PATH)
        query = scope["query_string"].decode("latin-1")
        context = RequestContext(request.method, path, query, headers, origin_called(request))
        self._service.identify(context)
        # Nobody has to be listened to for longer than it takes to refuse them.
        try:
            content = b"" if context.refusal is not None else await read_body(request, MAX_BODY_BYTES)
            self._service.accept(context, content)
            await self._deliver(context, scope, receive, send)
        except (ClientDisconnect, asyncio.CancelledError):
            # The caller has gone, or the server is stopping; raised, this would be logged as a failure of the application.
            return

    async def _deliver(self, context: RequestContext, scope: Scope, receive: Receive, send: Send) -> None:
        connection: ConnectionProtocol = scope["state"][_CONNECTION]
        try:
            for step in self._service.deliver(context):
                if isinstance(step, Pause):
                    await asyncio.sleep(step.seconds)
                elif isinstance(step, bytes):
                    await send({"type": "http.response.body", "body": step, "more_body": True})
                    if connection.transport.is_closing():
                        raise ConnectionCut
                else:
                    headers = Headers(step.headers).raw
                    await send({"type": "http.response.start", "status": step.status, "headers": headers})
            await send({"type": "http.response.body"})
        except ConnectionCut:
            await connection.end(receive, reset=context.fault.reset)


def origin_called(request: Request) -> str:
    """The origin of this server as the caller wrote it."""
    return f"{request.url.scheme}://{request.headers.get('host', '')}"


async def read_body(request: Request, most: int) -> bytes:
    """The body, not much further than `most` bytes; raises ClientDisconnect when the caller has gone."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            break
    return bytes(body)


class ConnectionProtocol(H11Protocol):
    """uvicorn's protocol, which the application finds in the state of a request; it refuses what is not HTTP in the envelope."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Puts itself where the application finds it."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, _CONNECTION: self}

    async def end(self, receive: Receive, *, reset: bool) -> None:
        """Sends what was written, then closes the connection in an orderly way or with a TCP reset."""
        if reset and not self.transport.is_closing():
            accepted: socket.socket = self.transport.get_extra_info("socket")
            accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.close()
        # To uvicorn, an application that returns before the connection is closed has failed.
        while (await receive())["type"] != "http.disconnect":
            pass

    def send_400_response(self, msg: str) -> None:
        """Refuses what is not HTTP, in the error envelope."""
        body = RefusedRequest(400, codes.INVALID_REQUEST, msg).body
        headers = [("content-type", "application/json"), ("content-length", str(len(body))), ("connection", "close")]
        for event in (h11.Response(status_code=400, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only. The client has the same; on purpose the two share no code."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class ServerThread(uvicorn.Server):
    """A server that runs in its own thread from the start, and stops without waiting for idle connections."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=ConnectionProtocol,
                loop="asyncio",
                lifespan="off",
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                # The service sends its own, by the sandbox's clock.
                date_header=False,
                proxy_headers=False,
            )
        )
        listener = _listen(host, port)
        host, self.port = listener.getsockname()[:2]
        self.origin = f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"
        self._ready = threading.Event()
        self._thread = threading.Thread(
            target=self.run, args=([listener],), name=f"aig-billing-sandbox-{self.port}", daemon=True
        )
        self._thread.start()
        if not self._ready.wait(_START_SECONDS):
            raise RuntimeError("the sandbox's server did not start")

    def stop(self) -> None:
        """Stops listening, closes the connections, and waits for the thread to end."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    async def main_loop(self) -> None:
        """Runs until it is stopped."""
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        await self.on_tick(0)
        self._ready.set()
        await self._stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Closes the listeners and every connection; a request under way was only waiting for its fault."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        # One turn of the event loop, in which the connections notice.
        await asyncio.sleep(0)
        for task in list(self.server_state.tasks):
            task.cancel()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, so that the port is known before the server runs."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        created = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]
        raise OSError(error.errno, f"cannot listen on {host}:{port}: {reason}") from error
    # asyncio turns Nagle's delay off only for sockets whose protocol is said to be TCP, as Python finds out from a descriptor.
    return socket.socket(fileno=created.detach())
