"""The socket of a sandbox and the uvicorn server on it, in this thread or in its own."""

import asyncio
import ipaddress
import os
import socket
import threading
from collections.abc import Callable

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp

from aig_billing_sandbox.http.connection import ConnectionProtocol

_START_SECONDS = 10.0


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only. The client has the same; on purpose the two share no code."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_local(request: Request) -> bool:
    """Whether a request comes from this machine."""
    return request.client is not None and is_loopback(request.client.host)


def origin_called(request: Request) -> str:
    """The origin of this server as the caller wrote it."""
    return f"{request.url.scheme}://{request.headers.get('host', '')}"


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, so that the port is known before the server runs."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delay off only for sockets whose protocol is said to be TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise OSError(error.errno, f"cannot listen on {host}:{port}: {error.strerror}") from error
    listener.settimeout(0)
    return listener


def origin_of(listener: socket.socket) -> str:
    """The origin that reaches a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class SandboxServer(uvicorn.Server):
    """uvicorn's server, which calls `on_ready`, and stops without waiting for idle connections."""

    def __init__(self, app: ASGIApp, *, on_ready: Callable[[], None], parent: int | None = None) -> None:
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
        self._on_ready = on_ready
        self._parent = parent
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    def stop(self) -> None:
        """Ends the server, from any thread."""
        self.should_exit = True
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def main_loop(self) -> None:
        """Runs until it is stopped, or until the process `parent` is no longer the parent of this one."""
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        await self.on_tick(0)
        self._on_ready()
        counter = 0
        while not self.should_exit and (self._parent is None or os.getppid() == self._parent):
            try:
                await asyncio.wait_for(self._stopping.wait(), 0.1)
            except TimeoutError:
                counter = (counter + 1) % 10
                await self.on_tick(counter)

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


class ServerThread:
    """A server in its own thread."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        listener = listen(host, port)
        self.origin = origin_of(listener)
        self.port: int = listener.getsockname()[1]
        ready = threading.Event()
        self._server = SandboxServer(app, on_ready=ready.set)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name=f"aig-billing-sandbox-{self.port}", daemon=True
        )
        self._thread.start()
        if not ready.wait(_START_SECONDS):
            raise RuntimeError("the sandbox's server did not start")

    def stop(self) -> None:
        """Stops listening, closes the connections, and waits for the thread to end."""
        self._server.stop()
        self._thread.join()
