"""The sandbox as an httpx transport: no socket, and the errors that a socket would have given."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import cast

import httpx

from aig_billing_sandbox.http.context import RequestContext
from aig_billing_sandbox.http.messages import BASE_PATH, SandboxResponse
from aig_billing_sandbox.http.service import BillingService, ConnectionCut, Pause

_Steps = Iterator[Pause | SandboxResponse | bytes]


class SandboxTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Serves sync and async clients alike.

    A delay that is longer than the request's read timeout raises at once instead of when the timeout is over; the operation is
    carried out or not, as the fault says.
    """

    def __init__(self, service: BillingService, is_closed: Callable[[], bool]) -> None:
        self._service = service
        self._is_closed = is_closed

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answers one request."""
        self._connect(request)
        steps = self._steps(request, b"".join(cast("Iterable[bytes]", request.stream)))
        while isinstance(step := next(steps), Pause):
            time.sleep(step.seconds)
        return _response(step, steps, request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answers one request."""
        self._connect(request)
        parts = [part async for part in cast("AsyncIterable[bytes]", request.stream)]
        steps = self._steps(request, b"".join(parts))
        while isinstance(step := next(steps), Pause):  # noqa: ASYNC110 - a pause of the answer, not a poll
            await asyncio.sleep(step.seconds)
        return _response(step, steps, request)

    def _connect(self, request: httpx.Request) -> None:
        if self._is_closed():
            raise httpx.ConnectError("the sandbox is closed", request=request)

    def _steps(self, request: httpx.Request, body: bytes) -> _Steps:
        """The steps of the answer, and the error that a caller over a socket would get instead of the rest."""
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        below = path.removeprefix(BASE_PATH) if path.startswith(BASE_PATH + "/") else "/" + path
        origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
        context = RequestContext(request.method, below, query, dict(request.headers), origin)
        self._service.identify(context)
        # As over a socket: the body of a request that is refused without it is not read.
        self._service.accept(context, b"" if context.refusal is not None else body)
        read_timeout: float | None = request.extensions.get("timeout", {}).get("read")
        steps = self._service.deliver(context)
        try:
            for step in steps:
                if isinstance(step, Pause) and read_timeout is not None and step.seconds > read_timeout:
                    # A server carries on when its caller has stopped waiting.
                    with contextlib.suppress(ConnectionCut):
                        list(steps)
                    raise httpx.ReadTimeout("timed out", request=request)
                yield step
        except ConnectionCut as cut:
            if context.fault.reset:
                raise httpx.ReadError("[Errno 104] Connection reset by peer", request=request) from None
            raise httpx.RemoteProtocolError(str(cut), request=request) from None


def _response(head: SandboxResponse | bytes, steps: _Steps, request: httpx.Request) -> httpx.Response:
    assert isinstance(head, SandboxResponse)  # noqa: S101 - the first step that is not a pause
    return httpx.Response(head.status, headers=head.headers, stream=_Body(steps), request=request)


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The steps after the head: parts of the body, and pauses."""

    def __init__(self, steps: _Steps) -> None:
        self._steps = steps

    def __iter__(self) -> Iterator[bytes]:
        for step in self._steps:
            if isinstance(step, Pause):
                time.sleep(step.seconds)
            elif isinstance(step, bytes):
                yield step

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for step in self._steps:
            if isinstance(step, Pause):
                await asyncio.sleep(step.seconds)
            elif isinstance(step, bytes):
                yield step
