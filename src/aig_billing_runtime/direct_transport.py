"""The synchronous transport that reaches a server without a proxy: h11's protocol on sockets of httpcore's.

With httpcore's own pool and connection a small call takes twice as long; why: docs/performance.md.
"""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, cast

import h11
import httpcore
import httpx

from .connection_set import RAISED_AS_HTTPX, Connections
from .named_tuple import NamedTuple
from .request_builder import PreparedRequest
from .timed_sockets import TimedBackend, end_in_time
from .watched import are_their_own

_Timeouts = Mapping[str, float | None]
_END = h11.EndOfMessage()
_LONGEST_HEAD = 100 * 1024
_READ_AT_ONCE = 64 * 1024


class _Head(NamedTuple):
    """What is the same for all requests of one call: where they go, and their headers, checked by h11."""

    origin: tuple[str, str, int]
    request: h11.Request


def _head_of(request: httpx.Request) -> _Head:
    prepared = request.prepared if isinstance(request, PreparedRequest) else None
    head: _Head | None = None if prepared is None else prepared.head
    if head is None:
        url = request.url
        port = url.port or (443 if url.scheme == "https" else 80)
        checked = h11.Request(method=request.method, target=url.raw_path, headers=request.headers.raw)
        head = _Head((url.scheme, url.raw_host.decode("ascii"), port), checked)
        if prepared is not None:
            prepared.head = head
    return head


class DirectTransport(httpx.HTTPTransport):
    """Sends requests straight to the server that they name. Safe to share among threads.

    Where another program watches httpx or httpcore (`watched.py`), it works as httpx's own transport does.
    """

    def __init__(self, tls: ssl.SSLContext, limits: httpx.Limits) -> None:
        super().__init__(verify=tls, limits=limits, trust_env=False)
        end_in_time(self)
        tls.set_alpn_protocols(["http/1.1"])
        self._connections = Connections(partial(_Connection, TimedBackend(httpcore.SyncBackend()), tls), limits)
        self._taken = 0
        self._seat = threading.Condition()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request on the connection used last, on a new one, or on the first that becomes free."""
        passed_by = httpcore.ConnectionPool.handle_request, httpcore.HTTPConnection.handle_request
        if not are_their_own(httpx.HTTPTransport.handle_request, *passed_by):
            return super().handle_request(request)
        timeouts: _Timeouts = request.extensions.get("timeout", {})
        with RAISED_AS_HTTPX:
            with self._seat:
                if not self._seat.wait_for(self._is_free, timeouts.get("pool")):
                    raise httpcore.PoolTimeout("no connection became free in time")
                self._taken += 1
            try:
                head = _head_of(request)
                connection, closing = self._connections.take(head.origin)
                try:
                    _close(closing)
                    answer = connection.ask(head.request, cast("Iterable[bytes]", request.stream), timeouts)
                except BaseException:
                    _close(self._connections.give_back(connection, well=False))
                    raise
            except BaseException:
                self._leave_seat()
                raise
        return httpx.Response(answer.status_code, headers=answer.headers.raw_items(), stream=_Body(self, connection))

    def done_with(self, connection: _Connection) -> None:
        """Take back a connection, to be used again if its answer was read to the end."""
        try:
            _close(self._connections.give_back(connection, well=True))
        finally:
            self._leave_seat()

    def close(self) -> None:
        """Close all connections, and refuse those who wait for one."""
        _close(self._connections.close())
        with self._seat:
            self._seat.notify_all()
        super().close()

    def _is_free(self) -> bool:
        return self._taken < self._connections.most or self._connections.closed

    def _leave_seat(self) -> None:
        with self._seat:
            self._taken -= 1
            self._seat.notify()


class _Connection:
    """A connection to one server, opened with the first request on it."""

    def __init__(self, backend: TimedBackend, tls: ssl.SSLContext, origin: tuple[str, str, int]) -> None:
        self._backend = backend
        self._tls = tls
        self._origin = origin
        self._protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)
        self._stream: Any = None
        self._read_timeout: float | None = None

    def ask(self, head: h11.Request, body: Iterable[bytes], timeouts: _Timeouts) -> h11.Response:
        """Send a request in one piece, and read its answer up to the body."""
        self._read_timeout = timeouts.get("read")
        send = self._protocol.send
        stream = self._stream = self._stream or self._connect(timeouts.get("connect"))
        parts = [send(head), *(send(h11.Data(part)) for part in body), send(_END)]
        # A server may answer and close before it has read everything: what it said is read all the same.
        with contextlib.suppress(httpcore.WriteError):
            stream.write(b"".join(parts), timeouts.get("write"))
        while type(answer := self.next_event()) is h11.InformationalResponse and answer.status_code != 101:
            pass
        return cast("h11.Response", answer)

    def next_event(self) -> object:
        """Read what comes next."""
        protocol, stream = self._protocol, self._stream
        while (event := protocol.next_event()) is h11.NEED_DATA:
            data = stream.read(_READ_AT_ONCE, self._read_timeout)
            if not data and protocol.their_state is h11.SEND_RESPONSE:
                raise httpcore.RemoteProtocolError("Server disconnected without sending a response.")
            protocol.receive_data(data)
        return event

    def _connect(self, timeout: float | None) -> httpcore.NetworkStream:
        scheme, host, port = self._origin
        stream = self._backend.connect_tcp(host, port, timeout)
        return stream.start_tls(self._tls, host, timeout) if scheme == "https" else stream

    def can_handle_request(self, origin: tuple[str, str, int]) -> bool:
        return origin == self._origin

    def has_expired(self) -> bool:
        return self._stream is None or bool(self._stream.get_extra_info("is_readable"))

    def is_idle(self) -> bool:
        protocol = self._protocol
        unread, _ = protocol.trailing_data
        # Bytes behind an answer are nobody's, and must not be taken for the next one.
        if unread or protocol.our_state is not h11.DONE or protocol.their_state is not h11.DONE:
            return False
        protocol.start_next_cycle()
        return True

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()


class _Body(httpx.SyncByteStream):
    """The body of an answer; its end gives the connection back."""

    def __init__(self, transport: DirectTransport, connection: _Connection) -> None:
        self._transport = transport
        self._connection = connection
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        next_event = self._connection.next_event
        with RAISED_AS_HTTPX:
            while isinstance(event := next_event(), h11.Data):
                yield bytes(event.data)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._transport.done_with(self._connection)


def _close(connections: Iterable[_Connection]) -> None:
    for connection in connections:
        # Why it is closed matters more than that it did not close well.
        with contextlib.suppress(httpcore.NetworkError, OSError):
            connection.close()
