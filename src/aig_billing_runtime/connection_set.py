"""Asynchronous connections as a set of transports with one connection each: the last used goes first, those who wait keep their order.

httpcore's pool goes through all its connections and all its waiting requests at the start and at the end of every request, and asks
the kernel about each idle one. With 20 requests in flight that is more work than the requests themselves: a call takes a third of the
processor's time here (`make bench`). What one connection does, with TLS, proxies and timeouts, is httpcore's as before.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import cast

import httpx
from attrs import frozen

from .steps import ClientClosedError


@frozen
class _Idle:
    transport: httpx.AsyncBaseTransport
    since: float


class ConnectionSet(httpx.AsyncBaseTransport):
    """Looks like one transport with a pool; belongs to one event loop."""

    def __init__(self, build: Callable[[httpx.Limits], httpx.AsyncBaseTransport], limits: httpx.Limits) -> None:
        self._build = build
        expiry = limits.keepalive_expiry
        self._one = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=expiry)
        self._most = _or_infinite(limits.max_connections)
        self._most_idle = _or_infinite(limits.max_keepalive_connections)
        self._idle_seconds = _or_infinite(expiry)
        self._open: set[httpx.AsyncBaseTransport] = set()
        self._idle: deque[_Idle] = deque()
        self._waiting: deque[asyncio.Future[httpx.AsyncBaseTransport]] = deque()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request on the connection used last, on a new one, or on the first that becomes free."""
        transport = self._idle.pop().transport if self._idle else await self._another(request)
        try:
            response = await transport.handle_async_request(request)
        except BaseException:
            await self._discard(transport)
            raise
        response.stream = _Body(cast(httpx.AsyncByteStream, response.stream), self, transport)
        return response

    async def done_with(self, transport: httpx.AsyncBaseTransport, *, well: bool) -> None:
        """Take back a connection, to be used again if all went well, and close those that were idle for too long."""
        if not well:
            await self._discard(transport)
            return
        self._hand_on(transport)
        idle, now = self._idle, time.monotonic()
        while idle and (len(idle) > self._most_idle or now - idle[0].since > self._idle_seconds):
            await self._discard(idle.popleft().transport)

    async def aclose(self) -> None:
        """Close all connections, and refuse those who wait for one."""
        while (turn := self._next_turn()) is not None:
            turn.set_exception(ClientClosedError("this client was closed while it was in use: make a new one"))
        for transport in list(self._open):
            await transport.aclose()

    async def _another(self, request: httpx.Request) -> httpx.AsyncBaseTransport:
        if len(self._open) < self._most:
            return self._opened()
        turn: asyncio.Future[httpx.AsyncBaseTransport] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(request.extensions.get("timeout", {}).get("pool")):
                return await turn
        except BaseException as error:
            with contextlib.suppress(ValueError):
                self._waiting.remove(turn)
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                # It came at the very moment of leaving: the next one has it.
                self._hand_on(turn.result())
            if isinstance(error, TimeoutError):
                raise httpx.PoolTimeout("no connection became free in time", request=request) from None
            raise

    def _opened(self) -> httpx.AsyncBaseTransport:
        transport = self._build(self._one)
        self._open.add(transport)
        return transport

    def _hand_on(self, transport: httpx.AsyncBaseTransport) -> None:
        """Give a connection to the one who has waited longest, or keep it."""
        turn = self._next_turn()
        if turn is None:
            self._idle.append(_Idle(transport, time.monotonic()))
        else:
            turn.set_result(transport)

    async def _discard(self, transport: httpx.AsyncBaseTransport) -> None:
        """Close a connection; whoever waits gets a new one in its place."""
        if transport in self._open:
            self._open.remove(transport)
            turn = self._next_turn()
            if turn is not None:
                turn.set_result(self._opened())
        # Why it is closed matters more than that it did not close well.
        with contextlib.suppress(httpx.TransportError, OSError):
            await transport.aclose()

    def _next_turn(self) -> asyncio.Future[httpx.AsyncBaseTransport] | None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                return turn
        return None


class _Body(httpx.AsyncByteStream):
    """The body of an answer; its end gives the connection back."""

    def __init__(
        self, stream: httpx.AsyncByteStream, connections: ConnectionSet, transport: httpx.AsyncBaseTransport
    ) -> None:
        self._stream = stream
        # Where `unread_bytes` looks for the connection.
        self._httpcore_stream = getattr(stream, "_httpcore_stream", None)
        self._connections = connections
        self._transport: httpx.AsyncBaseTransport | None = transport

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._stream.__aiter__()

    async def aclose(self) -> None:
        transport, self._transport = self._transport, None
        if transport is None:
            return
        well = False
        try:
            await self._stream.aclose()
            well = True
        finally:
            await self._connections.done_with(transport, well=well)


def _or_infinite(limit: float | None) -> float:
    return float("inf") if limit is None else limit
