"""The sandbox on a socket: in a thread of this process, or as a process of its own."""

import asyncio
import ipaddress
import json
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

import uvicorn
from starlette.types import ASGIApp

from aig_billing_sandbox.app import sandbox_app
from aig_billing_sandbox.connection import ConnectionProtocol
from aig_billing_sandbox.operations import Mode
from aig_billing_sandbox.sandbox import BASE_PATH, Sandbox

_GRACE_SECONDS = 1.0
_START_SECONDS = 10.0


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, so that the port is known before the server runs."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
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


class QuickServer(uvicorn.Server):
    """uvicorn's server, which says when it is ready, and stops without waiting for idle connections."""

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
        """Ticks ten times a second until told to stop, or orphaned where that counts."""
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
        """Closes the listeners, lets requests under way finish for a moment, and breaks what is left."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            _, unfinished = await asyncio.wait(self.server_state.tasks, timeout=_GRACE_SECONDS)
            for task in unfinished:
                task.cancel()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)


class ServerThread:
    """A server in a thread of its own."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        listener = listen(host, port)
        self.origin = origin_of(listener)
        self.port: int = listener.getsockname()[1]
        ready = threading.Event()
        self._server = QuickServer(app, on_ready=ready.set)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name=f"aig-billing-sandbox-{self.port}", daemon=True
        )
        self._thread.start()
        if not ready.wait(_START_SECONDS):
            raise RuntimeError("the sandbox's server did not start")

    def stop(self) -> None:
        """Stops listening, breaks the connections, and waits for the thread to end."""
        self._server.stop()
        self._thread.join()


@dataclass(frozen=True, kw_only=True)
class ServeOptions:
    """What the command line says about a sandbox process."""

    host: str = "127.0.0.1"
    port: int = 8787
    open_to_the_network: bool = False
    db: Path | None = None
    mode: Mode = "documented"
    seed: Literal["demo"] | None = None
    rate_limit: str | None = None
    settles_after: timedelta = timedelta(seconds=2)
    as_json: bool = False
    """One line of JSON in place of text for people."""
    ready_fd: int | None = None
    """A file descriptor for that line, closed once it is written."""
    exit_with_parent: bool = False


def serve(options: ServeOptions) -> None:
    """Runs a sandbox until Ctrl-C, SIGTERM or, if asked for, the end of the parent process.

    Raises:
        ValueError: an option that cannot be; the message says which.
        OSError: the port cannot be listened on.
    """
    if not options.open_to_the_network and not _is_loopback(options.host):
        raise ValueError(
            f"{options.host} can be reached from other machines, and the sandbox's tokens are no secret:"
            " use 127.0.0.1, or say --open-to-the-network"
        )
    parent = os.getppid() if options.exit_with_parent else None
    listener = listen(options.host, options.port)
    with (
        listener,
        Sandbox(
            options.db,
            mode=options.mode,
            seed=options.seed,
            settles_after=options.settles_after,
            rate_limit=options.rate_limit,
        ) as sandbox,
    ):
        server = QuickServer(
            sandbox_app(sandbox), on_ready=lambda: _announce(sandbox, origin_of(listener), options), parent=parent
        )
        # uvicorn finishes its work and then raises the signal anew, for handlers such as these.
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            server.run([listener])
        except KeyboardInterrupt:
            pass
        finally:
            signal.signal(signal.SIGTERM, before)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _announce(sandbox: Sandbox, origin: str, options: ServeOptions) -> None:
    base_url = origin + BASE_PATH
    line = json.dumps(
        {
            "base_url": base_url,
            "account_id": sandbox.account_id,
            "token": sandbox.token,
            "read_token": sandbox.read_token,
            "control_url": f"{origin}/_sandbox",
            "pid": os.getpid(),
        }
    )
    if options.as_json:
        print(line, flush=True)  # noqa: T201 - this is what the command says
    else:
        print(  # noqa: T201
            f"The billing sandbox listens on {base_url} ({options.mode}, books in {options.db or 'memory'}).\n\n"
            f"  export CLOUDFLARE_BASE_URL={base_url}\n"
            f"  export CLOUDFLARE_ACCOUNT_ID={sandbox.account_id}\n"
            f"  export CLOUDFLARE_API_TOKEN={sandbox.token}\n\n"
            f"  read-only token: {sandbox.read_token}\n"
            f"  controls:        {origin}/_sandbox\n\n"
            "Ctrl-C ends it.",
            flush=True,
        )
    if options.ready_fd is not None:
        with os.fdopen(options.ready_fd, "w") as ready:
            ready.write(line + "\n")
