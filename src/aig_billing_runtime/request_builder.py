"""From a call to a request: URL and headers are made once for each call and account, timeouts for each attempt."""

from __future__ import annotations

import math
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx

from .caller import CallOptions
from .credentials import Credentials, HiddenHeaders
from .operation import Call, Operation
from .urls import check_base_url, given_account
from .version import __version__

CONNECT_SECONDS = 5.0
_READ_SECONDS = 30.0
_CHARGE_READ_SECONDS = 90.0
_REMEMBERED = 512
_PYTHON = ".".join(map(str, sys.version_info[:3]))
_USER_AGENT = f"aig-billing/{__version__} python/{_PYTHON} httpx/{httpx.__version__}"


class _NoBody(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of a request that has none; `ByteStream(b"")` is one empty part, which costs as much to frame as a full one."""

    def __iter__(self) -> Iterator[bytes]:
        return iter(())

    async def __aiter__(self) -> AsyncIterator[bytes]:
        nothing: tuple[bytes, ...] = ()
        for part in nothing:
            yield part


class SentTwiceError(httpx.RequestError):
    """The request is not sent again."""


class SentOnce(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of a request that must not be sent twice: it can be read once, so a transport that retries cannot resend it."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.was_read = False
        """Whether the request may have left."""

    def __iter__(self) -> Iterator[bytes]:
        yield self._read()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._read()

    def _read(self) -> bytes:
        self.check()
        self.was_read = True
        return self._content

    def check(self) -> None:
        """Refuse to be sent again."""
        if self.was_read:
            raise SentTwiceError(
                "its body was read twice: resending could charge twice; to inspect it, read `request.content`"
            )


_NO_BODY = _NoBody()
_Timeouts = dict[str, float | None]


class Prepared:
    """What all requests for the same arguments have in common: parsing a URL costs 30 to 40 microseconds, headers 11 to 19."""

    __slots__ = ("head", "headers", "url")

    def __init__(self, url: httpx.URL, headers: HiddenHeaders) -> None:
        self.url = url
        self.headers = headers
        self.head: Any = None
        """The same as h11 takes it, once a transport of ours has made that."""


class PreparedRequest(httpx.Request):
    """A request of a client."""

    prepared: Prepared | None = None
    """Where its URL and headers are from; None for a request with a body, which has other headers."""


class RequestBuilder:
    """Makes the requests of one client, or of one copy of it."""

    def __init__(
        self, base_url: httpx.URL, account_id: str | None, credentials: Credentials, options: CallOptions
    ) -> None:
        self._base_url = base_url
        self._account_id = account_id
        self._credentials = credentials
        self._prepared: dict[tuple[object, ...], Prepared] = {}
        self._timeouts: dict[bool, _Timeouts] = {
            charge: (options.timeout or httpx.Timeout(seconds, connect=CONNECT_SECONDS)).as_dict()
            for charge, seconds in ((False, _READ_SECONDS), (True, _CHARGE_READ_SECONDS))
        }
        self._longest = max(
            math.inf if seconds is None else seconds
            for timeouts in self._timeouts.values()
            for seconds in timeouts.values()
        )

    def build(self, call: Call[Any], remaining: float) -> httpx.Request:
        """Make the request for one attempt that may take `remaining` seconds.

        Raises:
            ValueError, TypeError: When the account, or another part of the path, is missing or invalid.
        """
        operation = call.operation
        prepared = self._prepare(call)
        headers = prepared.headers
        timeouts = self._timeouts[operation.retry == "charge"]
        if remaining < self._longest:
            left = max(remaining, 0.001)
            timeouts = {name: left if seconds is None else min(seconds, left) for name, seconds in timeouts.items()}
        stream = _NO_BODY if call.body is None else httpx.ByteStream(call.body)
        if call.body is not None:
            headers = HiddenHeaders(headers)
            headers["Content-Type"] = operation.content_type
            headers["Content-Length"] = str(len(call.body))
        extensions = {"timeout": timeouts}
        request = PreparedRequest(operation.method, prepared.url, headers=headers, stream=stream, extensions=extensions)
        if call.body is None:
            request.prepared = prepared
        elif operation.retry in {"charge", "once"}:
            request.read()  # sets `request.content`, for recorders
            request.stream = SentOnce(call.body)
        return request

    def _prepare(self, call: Call[Any]) -> Prepared:
        """Make URL and headers, or give those of an earlier call."""
        key = (call.operation, call.arguments, call.query, call.headers)
        try:
            known = self._prepared.get(key)
        except TypeError:  # an argument that is not a string may not be hashable; filling it in says so in better words
            known = None
        if known is not None:
            return known
        arguments = tuple(
            given_account(self._account_id) if argument is None else argument for argument in call.arguments
        )
        question = f"?{call.query}" if call.query else ""
        url = httpx.URL(f"{self._server(call.operation.server)}{call.operation.fill(arguments)}{question}")
        prepared = Prepared(url, self._headers(call, url))
        if len(self._prepared) >= _REMEMBERED:
            self._prepared.clear()
        self._prepared[key] = prepared
        return prepared

    def _headers(self, call: Call[Any], url: httpx.URL) -> HiddenHeaders:
        nothing_to_send = call.operation.method in {"POST", "PUT", "PATCH"} and call.body is None
        return HiddenHeaders(
            [
                ("Host", url.netloc.decode("ascii")),
                ("Accept", call.operation.accept),
                ("Accept-Encoding", "gzip, deflate"),
                ("User-Agent", _USER_AGENT),
                *self._credentials_for(call.operation),
                *call.headers,
                *([("Content-Length", "0")] if nothing_to_send else []),
            ]
        )

    def _server(self, own: str) -> httpx.URL:
        """Choose the address: that of an operation which names one, else the client's."""
        if not own:
            return self._base_url
        return check_base_url(self._base_url.join(own), "the server of this operation")

    def _credentials_for(self, operation: Operation[Any]) -> list[tuple[str, str]]:
        """Give the headers that say who is calling, where the operation takes such."""
        kinds = operation.credentials
        if kinds is None or self._credentials.kind in kinds:
            return self._credentials.header_items()
        if not kinds or "" in kinds:
            return []
        raise ValueError(f"{operation.call} takes {' or '.join(kinds)}, and this client has {self._credentials.kind}")
