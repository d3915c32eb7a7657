"""The socket of a sandbox, and the uvicorn server on it in a thread."""

import asyncio
import ipaddress
import os
import socket
import threading

import uvicorn
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
    return listener
