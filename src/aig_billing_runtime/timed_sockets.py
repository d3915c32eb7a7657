"""Sockets that end with the deadline of a whole call: httpcore's timeouts begin again with each read, and a trickle outlives them."""

from __future__ import annotations

import contextlib
import math
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
import httpx

from .steps import ENDING, DeadlineExceeded


class TimedStream(httpcore.NetworkStream):
    """A connection that neither reads nor writes beyond the deadline.

    It uses the socket itself: httpcore's stream sets its timeout again for each read and write, which is a system call.
    """

    def __init__(self, stream: httpcore.NetworkStream, *, has_socket: bool = True) -> None:
        self._stream = stream
        self._socket: socket.socket | _Tunnel = stream.get_extra_info("socket") if has_socket else _Tunnel(stream)
        self._seconds: float | None = -1

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come, or wait for it."""
        try:
            return self._in_time(timeout).recv(max_bytes)
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise _late(httpcore.ReadTimeout(str(error))) from None
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        try:
            while buffer:
                buffer = buffer[self._in_time(timeout).send(buffer) :]
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise _late(httpcore.WriteTimeout(str(error))) from None
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def _in_time(self, timeout: float | None) -> socket.socket | _Tunnel:
        left = ENDING.at - time.monotonic()
        if left <= 0:
            raise DeadlineExceeded
        seconds = left if timeout is None or timeout > left else timeout
        if seconds != self._seconds:
            self._socket.settimeout(None if seconds == math.inf else seconds)
            self._seconds = seconds
        return self._socket

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on encrypted."""
        encrypted = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return TimedStream(encrypted, has_socket=not isinstance(self._socket, ssl.SSLSocket))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own signature
        """Tell what the socket knows."""
        return self._stream.get_extra_info(info)


class _Tunnel:
    """What a socket would do, for TLS within the TLS to a proxy: httpcore has a stream for that, and no socket."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self._seconds: float | None = None

    def settimeout(self, seconds: float | None) -> None:
        self._seconds = seconds

    def recv(self, size: int) -> bytes:
        return self._stream.read(size, self._seconds)

    def send(self, data: bytes) -> int:
        self._stream.write(data, self._seconds)
        return len(data)


def _late(error: httpcore.TimeoutException) -> Exception:
    return DeadlineExceeded() if time.monotonic() >= ENDING.at else error


def _in_time(connect: Callable[[], httpcore.NetworkStream], timeout: float) -> httpcore.NetworkStream:
    """Connect in a thread: a name server that does not answer blocks `getaddrinfo`, which takes no timeout."""
    made: list[httpcore.NetworkStream | Exception] = []
    done, abandoned = threading.Event(), threading.Event()

    def work() -> None:
        try:
            made.append(connect())
        except Exception as error:  # noqa: BLE001 - raised in the thread that waits
            made.append(error)
        done.set()
        if abandoned.is_set():
            close_unwanted()

    def close_unwanted() -> None:
        # Whichever thread comes second finds a connection that nobody took; `pop` gives it to one of them.
        with contextlib.suppress(IndexError):
            one = made.pop()
            if isinstance(one, httpcore.NetworkStream):
                one.close()

    threading.Thread(target=work, name="aig-billing-connect", daemon=True).start()
    try:
        if not done.wait(min(max(timeout, 0.0), threading.TIMEOUT_MAX)):
            raise httpcore.ConnectTimeout("the name server did not answer in time")
        found = made.pop()
    finally:
        abandoned.set()
        close_unwanted()
    if isinstance(found, Exception):
        raise found
    return found


class TimedBackend(httpcore.NetworkBackend):
    """Makes timed connections."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a host, its name looked up within the same timeout. Nothing has been sent when this fails."""

        def connect() -> httpcore.NetworkStream:
            return self._backend.connect_tcp(host, port, timeout, local_address, socket_options)

        # ConnectTimeout and not DeadlineExceeded, whichever comes first: it says that nothing has left.
        left = ENDING.at - time.monotonic()
        return TimedStream(_in_time(connect, left if timeout is None else min(timeout, left)))

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._backend.sleep(seconds)


def end_in_time(transport: httpx.HTTPTransport) -> None:
    """Make a transport's connections timed."""
    # httpx takes no backend of one's own. A release without these names is noticed by the tests, and costs only this.
    pool = getattr(transport, "_pool", None)
    backend = getattr(pool, "_network_backend", None)
    if isinstance(backend, httpcore.NetworkBackend):
        pool._network_backend = TimedBackend(backend)  # type: ignore[union-attr]
