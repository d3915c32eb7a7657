"""Lets programs that record, mock or trace httpx see each call: their functions stand in the place of methods of httpx and httpcore."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from types import FunctionType
from typing import Any, TypeVar

import httpx

from .request_builder import PreparedRequest

ClientT = TypeVar("ClientT", httpx.Client, httpx.AsyncClient)


def are_their_own(*methods: object) -> bool:
    """Whether methods of httpx and httpcore are their own."""
    for method in methods:
        if type(method) is not FunctionType or not method.__globals__["__name__"].startswith(("httpx.", "httpcore.")):
            return False
    return True


def handle_request(transport: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
    """Send a request on a transport; through httpx.Client, which is not used otherwise, where another program watches that."""
    if not _is_watched(httpx.Client):
        return transport.handle_request(request)
    once = _Once(transport)
    client = _client(httpx.Client, once, request)
    with once.known_to_have_left():
        return _as_received(client.send(request, stream=True, auth=None, follow_redirects=False))


async def handle_async_request(transport: httpx.AsyncBaseTransport, request: httpx.Request) -> httpx.Response:
    """Do the same with httpx.AsyncClient."""
    if not _is_watched(httpx.AsyncClient):
        return await transport.handle_async_request(request)
    once = _Once(transport)
    client = _client(httpx.AsyncClient, once, request)
    with once.known_to_have_left():
        return _as_received(await client.send(request, stream=True, auth=None, follow_redirects=False))


def _is_watched(kind: Any) -> bool:  # noqa: ANN401 - anything may stand in its place
    """Whether a class of clients is not httpx's own, or a method that each request goes through is not."""
    send = getattr(kind, "send", None)
    # A release without these names is noticed by the tests, and then only `send` is looked at.
    inner = getattr(kind, "_send_single_request", send), getattr(kind, "_transport_for_url", send)
    return getattr(kind, "__module__", "") != "httpx" or not are_their_own(send, *inner)


def _client(kind: Callable[..., ClientT], transport: _Once, request: httpx.Request) -> ClientT:
    """Make a client for one request. It has nothing to close: the transport is another's."""
    if isinstance(request, PreparedRequest):
        # Tracers add headers to the request, and what is prepared once for all requests would keep those of the first.
        request.prepared = None
    # Without the environment, it knows of no other credentials.
    client = kind(transport=transport, trust_env=False)
    # httpx makes a redirect's request also where none is followed, and raises for a Location that it cannot read: the answer would be lost.
    vars(client)["_build_redirect_request"] = _same_request
    return client


def _same_request(request: httpx.Request, _response: httpx.Response) -> httpx.Request:
    return request


def _as_received(response: httpx.Response) -> httpx.Response:
    """Give an answer the stream that it has from a transport."""
    try:
        content = response.content
    except httpx.ResponseNotRead:
        stream: Any = response.stream
        if type(stream).__name__ in {"BoundSyncStream", "BoundAsyncStream"}:
            # It hides the connection, which is closed where nobody can see whether it holds unread bytes.
            response.stream = stream._stream
        return response
    # A recorder has read it, and httpx has undone the compressions that are asked for.
    if response.headers.get("content-encoding", "").strip().lower() in {"gzip", "deflate"}:
        del response.headers["content-encoding"]
    response.stream = httpx.ByteStream(content)
    return response


class _Once(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Sends one request through another transport: whoever watches may send it again after an error, and that could charge twice."""

    def __init__(self, transport: Any) -> None:  # noqa: ANN401 - a synchronous or an asynchronous one
        self._transport = transport
        self._left = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._leaving():
            response: httpx.Response = self._transport.handle_request(request)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with self._leaving():
            response: httpx.Response = await self._transport.handle_async_request(request)
        return response

    @contextlib.contextmanager
    def _leaving(self) -> Generator[None]:
        if self._left:
            raise httpx.WriteError("the request was sent already, and is not sent a second time")
        self._left = True
        try:
            yield
        except httpx.RequestError as error:
            self._left = not _says_that_nothing_left(error)
            raise

    @contextlib.contextmanager
    def known_to_have_left(self) -> Generator[None]:
        """Let no error say that nothing was sent where something was: whoever watches may use the network for itself."""
        try:
            yield
        except httpx.RequestError as error:
            if self._left and _says_that_nothing_left(error):
                raise httpx.ReadError(f"the request was sent, and then: {error}") from error
            raise


def _says_that_nothing_left(error: Exception) -> bool:
    from .retries import FailureKind, classify_exception  # loaded with the first error

    return classify_exception(error) is FailureKind.NEVER_LEFT
