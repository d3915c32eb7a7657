"""Connections as a set in place of httpcore's pool, and the transport that sends requests over them.

A request gets the connection used last, and those who wait keep their order.

The pool goes through all its connections and all its waiting requests at the start and at the end of every request, and asks the
kernel about each idle one: a fifth of a small synchronous call, and more than the requests themselves with 20 of them in flight (`make
bench`). What one connection does, with TLS, proxies and timeouts, is httpcore's as before, and the pool still makes it.
"""

from __future__ import annotations

import contextlib
import functools
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType
from typing import Any, Generic, TypeVar, cast

import h11
import httpcore
import httpx

from .named_tuple import NamedTuple
from .request_builder import PreparedRequest
from .steps import ClientClosedError

ConnectionT = TypeVar("ConnectionT", httpcore.ConnectionInterface, httpcore.AsyncConnectionInterface)


class _Idle(NamedTuple):
    connection: Any
    since: float


class Connections(Generic[ConnectionT]):
    """Which connections are open, and which of them is used next: what both sets share. Opens and closes none itself."""

    def __init__(self, create: Callable[[httpcore.Origin], ConnectionT], limits: httpx.Limits) -> None:
        self._create: Callable[[httpcore.Origin], ConnectionT] = create
        self.most = 2**31 if limits.max_connections is None else limits.max_connections
        self._most_idle = self.most if limits.max_keepalive_connections is None else limits.max_keepalive_connections
        self._idle_seconds = float("inf") if limits.keepalive_expiry is None else limits.keepalive_expiry
        self._open: set[ConnectionT] = set()
        self._idle: list[_Idle] = []
        self._lock = threading.Lock()
        self.closed = False

    def take(self, origin: httpcore.Origin) -> tuple[ConnectionT, list[ConnectionT]]:
        """Give the connection to this origin that was used last, or one to be opened, and the others that are to be closed now."""
        closing: list[ConnectionT] = []
        with self._lock:
            if self.closed:
                raise ClientClosedError("this client was closed while it was in use: make a new one")
            for idle in [one for one in reversed(self._idle) if one.connection.can_handle_request(origin)]:
                self._idle.remove(idle)
                # It asks the kernel: what the server closed, or sent without being asked, makes it expire.
                if not idle.connection.has_expired():
                    return idle.connection, closing
                self._forget(idle.connection, closing)
            if len(self._open) >= self.most:
                self._forget(self._idle.pop(0).connection, closing)
            connection = self._create(origin)
            self._open.add(connection)
            return connection, closing

    def give_back(self, connection: ConnectionT, *, well: bool) -> list[ConnectionT]:
        """Keep a connection if all went well, and give those that are to be closed now."""
        closing: list[ConnectionT] = []
        now = time.monotonic()
        with self._lock:
            if well and connection.is_idle():
                self._idle.append(_Idle(connection, now))
            else:
                self._forget(connection, closing)
            while self._idle and (
                len(self._idle) > self._most_idle or now - self._idle[0].since > self._idle_seconds or self.closed
            ):
                self._forget(self._idle.pop(0).connection, closing)
        return closing

    def close(self) -> list[ConnectionT]:
        """Give out none any more, and give all that are open."""
        with self._lock:
            self.closed = True
            return list(self._open)

    def _forget(self, connection: ConnectionT, closing: list[ConnectionT]) -> None:
        self._open.discard(connection)
        closing.append(connection)


class Transport(httpx.HTTPTransport):
    """A transport of httpx that makes once what all requests of one call have in common."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        if not is_of_httpx(httpx.HTTPTransport.handle_request):
            return super().handle_request(request)
        with RAISED_AS_HTTPX:
            answer = self._pool.handle_request(for_httpcore(request))
        return for_httpx(answer)


class ConnectionSet:
    """The connections of one synchronous transport. Safe to share among threads."""

    def __init__(self, create: Callable[[httpcore.Origin], httpcore.ConnectionInterface], limits: httpx.Limits) -> None:
        self._connections = Connections(create, limits)
        self._taken = 0
        self._seat = threading.Condition()

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request on the connection used last, on a new one, or on the first that becomes free."""
        with self._seat:
            if not self._seat.wait_for(self._is_free, seconds_to_wait(request)):
                raise httpcore.PoolTimeout("no connection became free in time")
            self._taken += 1
        try:
            connection, closing = self._connections.take(request.url.origin)
            try:
                _close(closing)
                response = connection.handle_request(request)
            except BaseException:
                _close(self._connections.give_back(connection, well=False))
                raise
        except BaseException:
            self._leave_seat()
            raise
        response.stream = _Body(cast("Iterable[bytes]", response.stream), self, connection)
        return response

    def done_with(self, connection: httpcore.ConnectionInterface, *, well: bool) -> None:
        """Take back a connection, to be used again if all went well."""
        try:
            _close(self._connections.give_back(connection, well=well))
        finally:
            self._leave_seat()

    def close(self) -> None:
        """Close all connections, and refuse those who wait for one."""
        _close(self._connections.close())
        with self._seat:
            self._seat.notify_all()

    def _is_free(self) -> bool:
        return self._taken < self._connections.most or self._connections.closed

    def _leave_seat(self) -> None:
        with self._seat:
            self._taken -= 1
            self._seat.notify()


class _Body(httpx.SyncByteStream):
    """The body of an answer; its end gives the connection back."""

    def __init__(
        self, stream: Iterable[bytes], connections: ConnectionSet, connection: httpcore.ConnectionInterface
    ) -> None:
        self._stream = stream
        self._connections = connections
        self._connection: httpcore.ConnectionInterface | None = connection

    def __iter__(self) -> Iterator[bytes]:
        with RAISED_AS_HTTPX:
            yield from self._stream

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        well = False
        try:
            with RAISED_AS_HTTPX:
                self._stream.close()  # type: ignore[attr-defined]  # httpcore's own stream has it
            well = True
        finally:
            self._connections.done_with(connection, well=well)


def is_of_httpx(method: Callable[..., object]) -> bool:
    """Whether a method of httpx is its own: tools that test or trace programs put theirs in its place, and are to see each request."""
    return type(method) is FunctionType and method.__globals__.get("__name__") == "httpx._transports.default"


class _RaisedAsHttpx:
    """Raises the error of httpx that has the name of httpcore's; a class costs half of what a generator does."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: object) -> None:
        for known in () if kind is None else kind.__mro__:
            named = getattr(httpx, known.__name__, None)
            if named is not None and known.__module__.partition(".")[0] in {"httpcore", "h11"}:
                raise named(str(error)) from error


RAISED_AS_HTTPX = _RaisedAsHttpx()


class _Address(httpcore.URL):
    """An address that finds its origin once: it is asked for it three times for each request."""

    @functools.cached_property
    def origin(self) -> httpcore.Origin:  # pyright: ignore[reportIncompatibleMethodOverride]  # read as a property is
        return super().origin


def for_httpcore(request: httpx.Request) -> httpcore.Request:
    """Make httpcore's request, once for all requests of one call that may take the same time."""
    prepared = request.prepared if isinstance(request, PreparedRequest) else None
    known = None if prepared is None else prepared.core
    address: httpcore.URL
    headers: Any  # h11 takes its own, unlike any other sequence, as they are
    if known is None:
        url = request.url
        address = _Address(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        headers = h11.Request(method=request.method, target=url.raw_path, headers=request.headers.raw).headers
    elif _timeouts(known) is request.extensions["timeout"]:
        return known
    else:
        address, headers = known.url, known.headers
    made = httpcore.Request(request.method, address, content=request.stream, extensions=request.extensions)
    made.headers = headers  # given to it at once, they would be copied
    if prepared is not None and known is None:
        prepared.core = made
    return made


def for_httpx(answer: httpcore.Response) -> httpx.Response:
    """Make httpx's response; its stream is the body of one of the sets."""
    stream = cast("httpx.SyncByteStream | httpx.AsyncByteStream", answer.stream)
    extensions = cast("dict[str, Any]", answer.extensions)  # pyright: ignore[reportUnknownMemberType]
    return httpx.Response(answer.status, headers=answer.headers, stream=stream, extensions=extensions)


def seconds_to_wait(request: httpcore.Request) -> float | None:
    """Say how long a request may wait for a connection; None for as long as it takes."""
    return _timeouts(request).get("pool")


def _timeouts(request: httpcore.Request) -> dict[str, float | None]:
    # httpcore leaves open what its extensions hold.
    extensions = cast("dict[str, Any]", request.extensions)  # pyright: ignore[reportUnknownMemberType]
    timeouts: dict[str, float | None] = extensions.get("timeout", {})
    return timeouts


def _close(connections: Iterable[httpcore.ConnectionInterface]) -> None:
    for connection in connections:
        # Why it is closed matters more than that it did not close well.
        with contextlib.suppress(httpcore.NetworkError, OSError):
            connection.close()
