"""Lets programs that record, mock or trace httpx see each call: their functions stand in the place of methods of httpx and httpcore."""

from __future__ import annotations

from collections.abc import Callable
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
    client = _client(httpx.Client, transport, request)
    return _as_received(client.send(request, stream=True, auth=None, follow_redirects=False))


async def handle_async_request(transport: httpx.AsyncBaseTransport, request: httpx.Request) -> httpx.Response:
    """Do the same with httpx.AsyncClient."""
    if not _is_watched(httpx.AsyncClient):
        return await transport.handle_async_request(request)
    client = _client(httpx.AsyncClient, transport, request)
    return _as_received(await client.send(request, stream=True, auth=None, follow_redirects=False))


def _is_watched(kind: Any) -> bool:  # noqa: ANN401 - anything may stand in its place
    """Whether a class of clients is not httpx's own, or a method that each request goes through is not."""
    send = getattr(kind, "send", None)
    # A release without these names is noticed by the tests, and then only `send` is looked at.
    inner = getattr(kind, "_send_single_request", send), getattr(kind, "_transport_for_url", send)
    return getattr(kind, "__module__", "") != "httpx" or not are_their_own(send, *inner)


def _client(kind: Callable[..., ClientT], transport: Any, request: httpx.Request) -> ClientT:  # noqa: ANN401 - synchronous or asynchronous
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
