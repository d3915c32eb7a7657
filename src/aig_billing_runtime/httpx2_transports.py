"""Adapts the transports of httpx2, to which httpx's users are moving, to the interface of httpx's."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Generator, Iterator
from typing import Any

import httpx
import httpx2


def adapt(transport: object, *, asynchronous: bool) -> object:
    """Wrap a transport of httpx2 for use where one of httpx is expected; anything else is returned as it is."""
    kind = httpx2.AsyncBaseTransport if asynchronous else httpx2.BaseTransport
    return _Transport(transport) if isinstance(transport, kind) else transport


class _HiddenHeaders(httpx2.Headers):
    """Shows no value: httpx2 hides `Authorization`, and not `X-Auth-Key`."""

    def __repr__(self) -> str:
        return f"Headers({list(self.keys())})"


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of an answer."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - synchronous or asynchronous, as its transport is
        self._stream = stream
        # Where `holds_unread_bytes` looks for the connection.
        self._httpcore_stream = getattr(stream, "_httpcore_stream", None)

    def __iter__(self) -> Iterator[bytes]:
        with _errors_of_httpx():
            yield from self._stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _errors_of_httpx():
            async for part in self._stream:
                yield part

    def close(self) -> None:
        self._stream.close()

    async def aclose(self) -> None:
        await self._stream.aclose()


class _RequestBody(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """The body of a request, which may be one that can be read only once."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - of any kind that httpx has
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part


class _Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    def __init__(self, transport: Any) -> None:  # noqa: ANN401 - synchronous or asynchronous
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with _errors_of_httpx():
            return _response(self._transport.handle_request(_request(request, request.read())))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with _errors_of_httpx():
            return _response(await self._transport.handle_async_request(_request(request, await request.aread())))

    def close(self) -> None:
        self._transport.close()

    async def aclose(self) -> None:
        await self._transport.aclose()


def _request(request: httpx.Request, content: bytes) -> httpx2.Request:
    made = httpx2.Request(
        request.method,
        str(request.url),
        headers=request.headers.raw,
        content=content or None,
        extensions=request.extensions,
    )
    made.headers = _HiddenHeaders(made.headers)
    if content:
        made.stream = _RequestBody(request.stream)
    return made


def _response(response: httpx2.Response) -> httpx.Response:
    return httpx.Response(
        response.status_code,
        headers=response.headers.raw,
        stream=_Body(response.stream),
        extensions=dict(response.extensions),
    )


@contextlib.contextmanager
def _errors_of_httpx() -> Generator[None]:
    """Raise httpx's error of the same name: by its class the retry policy knows whether a request can have arrived."""
    try:
        yield
    except httpx2.RequestError as error:
        names = (kind.__name__ for kind in type(error).__mro__ if issubclass(kind, httpx2.RequestError))
        raise next(getattr(httpx, name) for name in names if hasattr(httpx, name))(str(error)) from None
