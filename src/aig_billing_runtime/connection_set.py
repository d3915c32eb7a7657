"""Which connections are open, and which is used next: what the synchronous and the asynchronous transport share.

A request gets the connection used last, and those who wait keep their order. Why not httpcore's pool: docs/performance.md.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

import httpx

from .named_tuple import NamedTuple
from .steps import ClientClosedError

OriginT = TypeVar("OriginT")


class _Connection(Protocol):
    """One connection, as far as it matters which is used next."""

    def has_expired(self) -> bool: ...
    def is_idle(self) -> bool: ...


ConnectionT = TypeVar("ConnectionT", bound=_Connection)


class _Idle(NamedTuple):
    connection: Any
    since: float


class Connections(Generic[OriginT, ConnectionT]):
    """The connections of one transport. Opens and closes none itself."""

    def __init__(self, create: Callable[[OriginT], ConnectionT], limits: httpx.Limits) -> None:
        self._create = create
        self.most = 2**31 if limits.max_connections is None else limits.max_connections
        self._most_idle = self.most if limits.max_keepalive_connections is None else limits.max_keepalive_connections
        self._idle_seconds = float("inf") if limits.keepalive_expiry is None else limits.keepalive_expiry
        self._open: set[ConnectionT] = set()
        self._idle: list[_Idle] = []
        self._lock = threading.Lock()
        self.closed = False

    def take(self, origin: OriginT) -> tuple[ConnectionT, list[ConnectionT]]:
        """Give the connection to this origin that was used last, or one to be opened, and the others that are to be closed now."""
        closing: list[ConnectionT] = []
        with self._lock:
            if self.closed:
                raise ClientClosedError("this client was closed while it was in use: make a new one")
            for idle in [one for one in reversed(self._idle) if one.connection.can_handle_request(origin)]:
                self._idle.remove(idle)
                if not self._is_old(idle) and not idle.connection.has_expired():
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
        with self._lock:
            if well and connection.is_idle():
                self._idle.append(_Idle(connection, time.monotonic()))
            else:
                self._forget(connection, closing)
            while self._idle and (len(self._idle) > self._most_idle or self._is_old(self._idle[0]) or self.closed):
                self._forget(self._idle.pop(0).connection, closing)
        return closing

    def close(self) -> list[ConnectionT]:
        """Give out none any more, and give all that are open."""
        with self._lock:
            self.closed = True
            return list(self._open)

    def _is_old(self, idle: _Idle) -> bool:
        return time.monotonic() - idle.since > self._idle_seconds

    def _forget(self, connection: ConnectionT, closing: list[ConnectionT]) -> None:
        self._open.discard(connection)
        closing.append(connection)


class _RaisedAsHttpx:
    """Raises the error of httpx that has the name of httpcore's or h11's; a class costs half of what a generator does."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: object) -> None:
        for known in () if kind is None else kind.__mro__:
            named = getattr(httpx, known.__name__, None)
            if named is not None and known.__module__.partition(".")[0] in {"httpcore", "h11"}:
                raise named(str(error)) from error


RAISED_AS_HTTPX = _RaisedAsHttpx()
