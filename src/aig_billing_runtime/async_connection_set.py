"""The set of connections of one asynchronous transport; a separate module, because asyncio takes long to import."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import Any, cast

import httpcore
import httpx

from .connection_set import RAISED_AS_HTTPX, Connections
from .request_builder import SentOnce
from .watched import are_their_own


class AsyncTransport(httpx.AsyncHTTPTransport):
    """An asynchronous transport of httpx with a set of connections in place of the pool, which makes them; for one event loop.

    Where another program watches httpx or httpcore (`watched.py`), the pool is used.
    """

    def __init__(self, limits: httpx.Limits, **options: Any) -> None:  # noqa: ANN401 - httpx's own
        super().__init__(limits=limits, **options)
        self._connections = Connections(self._pool.create_connection, limits)
        self._seats = asyncio.Semaphore(self._connections.most)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request on the connection used last, on a new one, or on the first that becomes free."""
        # httpcore sends the head before it reads the body.
        if isinstance(request.stream, SentOnce):
            request.stream.check()
        # With a proxy the pool is of another class.
        passed_by = type(self._pool).handle_async_request, httpcore.AsyncHTTPConnection.handle_async_request
        if not are_their_own(httpx.AsyncHTTPTransport.handle_async_request, *passed_by):
            return await super().handle_async_request(request)
        url = request.url
        address = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        asked = httpcore.Request(
            request.method, address, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        await self._take_seat(request)
        try:
            connection, closing = self._connections.take(address.origin)
            try:
                await _close(closing)
                with RAISED_AS_HTTPX:
                    answer = await connection.handle_async_request(asked)
            except BaseException:
                await _close(self._connections.give_back(connection, well=False))
                raise
        except BaseException:
            self._seats.release()
            raise
        stream = _Body(cast("AsyncIterable[bytes]", answer.stream), self, connection)
        extensions = cast("dict[str, Any]", answer.extensions)  # pyright: ignore[reportUnknownMemberType]
        return httpx.Response(answer.status, headers=answer.headers, stream=stream, extensions=extensions)

    async def _take_seat(self, request: httpx.Request) -> None:
        if not self._seats.locked():
            await self._seats.acquire()
            return
        try:
            async with asyncio.timeout(request.extensions.get("timeout", {}).get("pool")):
                await self._seats.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("no connection became free in time") from None

    async def done_with(self, connection: httpcore.AsyncConnectionInterface, *, well: bool) -> None:
        """Take back a connection, to be used again if all went well."""
        try:
            await _close(self._connections.give_back(connection, well=well))
        finally:
            self._seats.release()

    async def aclose(self) -> None:
        """Close all connections, and refuse those who wait for one."""
        closing = self._connections.close()
        # The first who waits takes this seat, is refused, and leaves it to the next.
        self._seats.release()
        await _close(closing)
        await super().aclose()


class _Body(httpx.AsyncByteStream):
    """The body of an answer; its end gives the connection back."""

    def __init__(
        self,
        stream: AsyncIterable[bytes],
        transport: AsyncTransport,
        connection: httpcore.AsyncConnectionInterface,
    ) -> None:
        self._stream = stream
        self._transport = transport
        self._connection: httpcore.AsyncConnectionInterface | None = connection

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with RAISED_AS_HTTPX:
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        well = False
        try:
            with RAISED_AS_HTTPX:
                await self._stream.aclose()  # type: ignore[attr-defined]  # httpcore's own stream has it
            well = True
        finally:
            await self._transport.done_with(connection, well=well)


async def _close(connections: Iterable[httpcore.AsyncConnectionInterface]) -> None:
    for connection in connections:
        # Why it is closed matters more than that it did not close well.
        with contextlib.suppress(httpcore.NetworkError, OSError):
            await connection.aclose()
