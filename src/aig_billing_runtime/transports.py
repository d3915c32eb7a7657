"""Transports of httpx, built when first needed, shared by a client's copies, and left alone after a fork.

A charge gets its own connection: a kept-alive one may be dead already, and whether the request on it was read could not be
known. Nothing here sends anything twice: the transports are built without retries.
"""

from __future__ import annotations

import os
import ssl
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import httpx

from .steps import ClientClosedError, NothingSent
from .urls import proxy_for

if TYPE_CHECKING:
    import asyncio  # its import takes longer than this whole package's

HttpxTransport = TypeVar("HttpxTransport", bound=httpx.BaseTransport | httpx.AsyncBaseTransport)


class Httpx2Transport(Protocol):
    """A synchronous transport of httpx2, which need not be installed."""

    def handle_request(self, request: Any, /) -> Any:  # noqa: ANN401 - httpx2's own types
        """Send a request."""
        ...


class AsyncHttpx2Transport(Protocol):
    """An asynchronous transport of httpx2, which need not be installed."""

    async def handle_async_request(self, request: Any, /) -> Any:  # noqa: ANN401 - httpx2's own types
        """Send a request."""
        ...


TransportOfHttpx2 = TypeVar("TransportOfHttpx2", bound=Httpx2Transport | AsyncHttpx2Transport)
POOL = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=5.0)


def adapted(transport: object, *, asynchronous: bool) -> object:
    """Wrap a transport of httpx2, which is imported only if somebody else has done so."""
    if any(kind.__module__.partition(".")[0] == "httpx2" for kind in type(transport).__mro__):
        from .httpx2_transports import adapt

        return adapt(transport, asynchronous=asynchronous)
    return transport


def holds_unread_bytes(stream: Any) -> bool:  # noqa: ANN401 - wrappers of httpx and httpcore, found by their private names
    """Whether the connection of an answer that was read to its end has received more than that answer.

    True as well where that cannot be seen, as after a release of httpcore with other names: then the connection is not used again.
    Bytes that come later make the idle connection readable, and httpcore closes such a connection before it uses it.
    """
    try:
        connection = getattr(stream, "_httpcore_stream", stream)._stream._connection
        unread, _ = connection._h11_state.trailing_data
    except AttributeError:
        return True
    return bool(unread)


class EnvironmentUnusableError(NothingSent, ValueError):
    """What the environment says of certificates or proxies cannot be used: nothing was sent."""


class Transports(Generic[HttpxTransport]):
    """The transports of one client and of its copies."""

    def __init__(
        self, build: Callable[[httpx.Limits], HttpxTransport], limits: httpx.Limits, given: HttpxTransport | None = None
    ) -> None:
        self._build = build
        self._limits = limits
        self._given = given
        self.are_given = given is not None
        """Whether the user gave the transport: what it raises is the user's own."""
        self._pooled: HttpxTransport | None = None
        self._fresh: HttpxTransport | None = None
        self._lock = threading.Lock()
        self.closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        _living.add(self)

    def __repr__(self) -> str:
        return "<Transports: closed>" if self.closed else "<Transports>"

    def pooled(self) -> HttpxTransport:
        """Give the transport that keeps connections alive."""
        ready = self._pooled if self._given is None else self._given
        return self._built(fresh=False) if ready is None else ready

    def fresh(self) -> HttpxTransport:
        """Give the transport that opens a connection for each request; a transport given by the user is used as it is."""
        ready = self._fresh if self._given is None else self._given
        return self._built(fresh=True) if ready is None else ready

    def _built(self, *, fresh: bool) -> HttpxTransport:
        with self._lock:
            if self.closed:
                raise ClientClosedError("this client was closed while it was in use: make a new one")
            if not fresh:
                self._pooled = self._pooled or self._build(self._limits)
                return self._pooled
            one_use = httpx.Limits(max_connections=self._limits.max_connections, max_keepalive_connections=0)
            self._fresh = self._fresh or self._build(one_use)
            return self._fresh

    def bind_to_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Belong to the first event loop that asks; sockets of one loop do not work in another.

        Raises:
            RuntimeError: For any other loop, before anything is sent.
        """
        if self._loop is not loop:
            if self._loop is not None:
                raise RuntimeError(
                    "this AsyncClient belongs to another event loop, the first that used it: "
                    "make one client for each loop (for each asyncio.run())"
                )
            self._loop = loop

    def detach_all(self) -> list[HttpxTransport]:
        """Close for good, and give what is to be closed."""
        with self._lock:
            self.closed = True
            taken = [transport for transport in (self._given, self._pooled, self._fresh) if transport is not None]
            self._given = self._pooled = self._fresh = None
        return taken

    def abandon_after_fork(self) -> None:
        """Forget, in a forked child, the sockets that belong to the parent, without closing them: that would end the parent's calls."""
        _left_alone.extend(transport for transport in (self._pooled, self._fresh) if transport is not None)
        self._pooled = self._fresh = None
        self._loop = None
        self._lock = threading.Lock()


_living: weakref.WeakSet[Transports[Any]] = weakref.WeakSet()
_left_alone: list[httpx.BaseTransport | httpx.AsyncBaseTransport] = []


def _after_fork() -> None:
    for transports in list(_living):
        transports.abandon_after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class Route:
    """How one base URL is reached: the proxy is chosen at once, and the certificates are read when the first connection is made."""

    def __init__(self, base_url: httpx.URL, *, used: bool) -> None:
        self._url = base_url
        self._proxy = proxy_for(base_url) if used else None
        self._tls: ssl.SSLContext | None = None

    def transport(self, limits: httpx.Limits) -> httpx.BaseTransport:
        """Build a transport."""
        if self._proxy is None:
            from .direct_transport import DirectTransport  # brings httpcore, as httpx's transport does

            return DirectTransport(self._certificates(), limits)
        from .timed_sockets import end_in_time

        transport = self._built(httpx.HTTPTransport, limits)
        end_in_time(transport)
        return transport

    def async_transport(self, limits: httpx.Limits) -> httpx.AsyncBaseTransport:
        """Build an asynchronous transport."""
        # It brings asyncio, which takes longer than this whole package.
        from .async_connection_set import AsyncTransport

        return self._built(AsyncTransport, limits)

    def _built(self, kind: Callable[..., HttpxTransport], limits: httpx.Limits) -> HttpxTransport:
        certificates = self._certificates()
        if self._proxy is not None and self._proxy.url.scheme == "https":
            self._proxy.ssl_context = certificates
        try:
            return kind(verify=certificates, limits=limits, proxy=self._proxy, trust_env=False)
        except ImportError as error:
            raise EnvironmentUnusableError(f"the proxy that the environment names cannot be used: {error}") from None

    def _certificates(self) -> ssl.SSLContext:
        """Give the TLS settings: SSL_CERT_FILE or SSL_CERT_DIR if set, else the roots that certifi ships."""
        if self._tls is None:
            # Reading all roots takes 20 ms and more: not for a plain loopback address.
            encrypted = self._url.scheme == "https" or (self._proxy is not None and self._proxy.url.scheme == "https")
            try:
                self._tls = httpx.create_ssl_context() if encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            except OSError as error:
                raise EnvironmentUnusableError(
                    f"SSL_CERT_FILE={os.environ.get('SSL_CERT_FILE', '')!r} cannot be read as certificates: {error}"
                ) from None
        return self._tls
