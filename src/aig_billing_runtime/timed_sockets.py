"""Sockets that end with the deadline of a whole call: httpcore's timeouts begin again with each read, and a trickle outlives them."""

from __future__ import annotations

import ipaddress
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
import httpx

from .steps import ENDING, DeadlineExceeded


class _until_the_end:  # noqa: N801 - a with statement reads as a sentence; a class costs half of what a generator does
    """Gives a timeout that ends with the deadline, and says DeadlineExceeded when that was the one that passed."""

    __slots__ = ("_timeout",)

    def __init__(self, timeout: float | None) -> None:
        self._timeout = timeout

    def __enter__(self) -> float | None:
        left = ENDING.at - time.monotonic()
        if left <= 0:
            raise DeadlineExceeded
        return left if self._timeout is None or self._timeout > left else self._timeout

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, httpcore.TimeoutException) and time.monotonic() >= ENDING.at:
            raise DeadlineExceeded from None


class TimedStream(httpcore.NetworkStream):
    """A connection that neither reads nor writes beyond the deadline."""

    __slots__ = ("_stream",)

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come, or wait for it."""
        with _until_the_end(timeout) as left:
            return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        with _until_the_end(timeout) as left:
            self._stream.write(buffer, left)

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on encrypted."""
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own signature
        """Tell what the socket knows."""
        return self._stream.get_extra_info(info)


class _Connecting(threading.Thread):
    """Opens one connection in a thread: a name server that does not answer blocks `getaddrinfo`, which takes no timeout."""

    def __init__(self, connect: Callable[[], httpcore.NetworkStream]) -> None:
        super().__init__(name="aig-billing-connect", daemon=True)
        self._connect = connect
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._abandoned = False
        self._stream: httpcore.NetworkStream | None = None
        self._error: Exception | None = None

    def run(self) -> None:
        """Connect, and close the connection again if nobody waits for it any more."""
        stream = None
        try:
            stream = self._connect()
        except Exception as error:  # noqa: BLE001 - raised in the thread that waits
            self._error = error
        with self._lock:
            self._stream, unwanted = stream, stream if self._abandoned else None
        if unwanted is not None:
            unwanted.close()
        self._done.set()

    def result(self, timeout: float | None) -> httpcore.NetworkStream:
        """Wait for the connection."""
        self.start()
        try:
            self._done.wait(None if timeout is None or timeout == float("inf") else max(timeout, 0.0))
        finally:
            with self._lock:
                stream, self._abandoned = self._stream, not self._done.is_set()
                unwanted = stream if self._abandoned else None
            if unwanted is not None:
                unwanted.close()
        if self._error is not None:
            raise self._error
        if stream is None or self._abandoned:
            raise httpcore.ConnectTimeout("the name server did not answer in time")
        return stream


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

        if _is_address(host):
            return TimedStream(connect())
        # ConnectTimeout and not DeadlineExceeded, whichever comes first: it says that nothing has left.
        left = ENDING.at - time.monotonic()
        return TimedStream(_Connecting(connect).result(left if timeout is None else min(timeout, left)))

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._backend.sleep(seconds)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def end_in_time(transport: httpx.HTTPTransport) -> httpx.HTTPTransport:
    """Make a transport's connections timed."""
    # httpx takes no backend of one's own. A release without these names is noticed by the tests, and costs only this.
    pool = getattr(transport, "_pool", None)
    backend = getattr(pool, "_network_backend", None)
    if isinstance(backend, httpcore.NetworkBackend):
        pool._network_backend = TimedBackend(backend)  # type: ignore[union-attr]
    return transport
