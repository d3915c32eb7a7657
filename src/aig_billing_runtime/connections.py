"""Connections: httpx transports, built when first needed, shared by a client's copies, and left alone after a fork.

A charge gets a connection of its own: a kept-alive one may be dead already, and whether the request on it was read could not be
known. Nothing here sends anything twice: the transports are built without retries.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
import threading
import urllib.request
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import httpx

if TYPE_CHECKING:
    import asyncio  # its import takes longer than this whole package's

TransportT = TypeVar("TransportT", bound=httpx.BaseTransport | httpx.AsyncBaseTransport)

POOL = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=5.0)
ONE_USE = httpx.Limits(max_connections=100, max_keepalive_connections=0)


class Connections(Generic[TransportT]):
    """The transports of one client and of its copies."""

    def __init__(self, build: Callable[[httpx.Limits], TransportT], given: TransportT | None) -> None:
        self._build = build
        self._given = given
        self._pooled: TransportT | None = given
        self._fresh: TransportT | None = given
        self._lock = threading.Lock()
        self.closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        _living.add(self)

    def __repr__(self) -> str:
        return "<Connections: closed>" if self.closed else "<Connections>"

    def pooled(self) -> TransportT:
        """Give the transport that keeps connections alive."""
        if self._pooled is None:
            with self._lock:
                if self._pooled is None:
                    self._pooled = self._build(POOL)
        return self._pooled

    def fresh(self) -> TransportT:
        """Give the transport that opens a connection for each request; a transport given by the user is used as it is."""
        if self._fresh is None:
            with self._lock:
                if self._fresh is None:
                    self._fresh = self._build(ONE_USE)
        return self._fresh

    def belong_to(self, loop: asyncio.AbstractEventLoop) -> None:
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

    def take_all(self) -> list[TransportT]:
        """Close for good, and give what is to be closed."""
        with self._lock:
            self.closed = True
            open_ones = {id(transport): transport for transport in (self._pooled, self._fresh) if transport is not None}
            self._pooled = self._fresh = self._given
        return list(open_ones.values())

    def leave_to_parent(self) -> None:
        """Forget, in a forked child, the sockets that belong to the parent, without closing them: that would end the parent's calls."""
        if self._given is None:
            _left_alone.extend(transport for transport in (self._pooled, self._fresh) if transport is not None)
            self._pooled = self._fresh = None
        self._loop = None
        self._lock = threading.Lock()


_living: weakref.WeakSet[Connections[Any]] = weakref.WeakSet()
_left_alone: list[httpx.BaseTransport | httpx.AsyncBaseTransport] = []


def _after_fork() -> None:
    for connections in list(_living):
        connections.leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def build_sync(base_url: httpx.URL) -> Callable[[httpx.Limits], httpx.BaseTransport]:
    """Make a builder of default transports for one base URL."""
    route = _Route(base_url)
    return lambda limits: httpx.HTTPTransport(verify=route.tls(), limits=limits, proxy=route.proxy(), trust_env=False)


def build_async(base_url: httpx.URL) -> Callable[[httpx.Limits], httpx.AsyncBaseTransport]:
    """Make a builder of default asynchronous transports for one base URL."""
    route = _Route(base_url)
    return lambda limits: httpx.AsyncHTTPTransport(
        verify=route.tls(), limits=limits, proxy=route.proxy(), trust_env=False
    )


class _Route:
    """How one base URL is reached: TLS and proxy, both found out once."""

    def __init__(self, base_url: httpx.URL) -> None:
        self._url = base_url
        self._tls: ssl.SSLContext | None = None

    def tls(self) -> ssl.SSLContext:
        """Give the TLS settings: SSL_CERT_FILE or SSL_CERT_DIR if set, else the roots that certifi ships."""
        if self._tls is None:
            # Reading all roots takes 20 ms and more: not for a plain loopback address.
            encrypted = self._url.scheme == "https" or (proxy_for(self._url) or "").startswith("https:")
            self._tls = httpx.create_ssl_context() if encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return self._tls

    def proxy(self) -> httpx.Proxy | None:
        """Give the proxy that the environment names for this address."""
        url = proxy_for(self._url)
        return httpx.Proxy(url) if url else None


def proxy_for(url: httpx.URL) -> str | None:
    """Find the proxy for a URL, as the standard library reads the environment.

    Raises:
        ValueError: When it would carry credentials in the clear to another machine.
    """
    proxies = urllib.request.getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy or urllib.request.proxy_bypass(url.netloc.decode("ascii")):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if url.scheme == "http" and not is_loopback(httpx.URL(proxy).host):
        raise ValueError(
            f"a proxy on another machine would see the credentials for {url.host} in the clear: set NO_PROXY={url.host}, or use https"
        )
    return proxy


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_base_url(base_url: object) -> httpx.URL:
    """Check a base URL.

    Raises:
        ValueError: When it is no absolute URL, is not https (except to this machine), or carries a user, a query or a fragment.
        TypeError: When it is no string.
    """
    if not isinstance(base_url, (str, httpx.URL)):
        raise TypeError(f"base_url must be a string, not {type(base_url).__name__}")
    try:
        url = httpx.URL(str(base_url).rstrip("/"))
    except httpx.InvalidURL as error:
        raise ValueError(f"base_url is not a URL: {error}") from None
    if url.userinfo:
        raise ValueError("base_url must not carry a user or a password: pass api_token=")
    if url.scheme not in {"https", "http"} or not url.host:
        raise ValueError(f"base_url={str(url)!r} is not an https:// address")
    if url.query or url.fragment or str(url).endswith(("?", "#")):
        raise ValueError(f"base_url={str(url)!r} must end with its path: no query, no fragment")
    if url.scheme == "http" and not is_loopback(url.host):
        raise ValueError(
            f"base_url={str(url)!r} would send the credentials in the clear: use https (http is only for this machine)"
        )
    return url
