"""The sandbox as an httpx transport: no socket, and the errors that a socket would have given."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator

import httpx

from aig_billing_sandbox.http.context import RequestContext
from aig_billing_sandbox.http.faults import Fault
from aig_billing_sandbox.http.messages import BASE_PATH, SandboxRequest, SandboxResponse
from aig_billing_sandbox.http.service import BillingService

_Answer = Callable[[], SandboxResponse | None]


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
        context, answer = self._accept(request, request.read())
        read_timeout = _read_timeout(request)
        _wait(context.fault.delay_before, read_timeout, answer, request)
        response = answer()
        _wait(context.fault.delay_after, read_timeout, None, request)
        return _deliver(response, context.fault, request, read_timeout)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answers one request."""
        context, answer = self._accept(request, await request.aread())
        read_timeout = _read_timeout(request)
        await _wait_async(context.fault.delay_before, read_timeout, answer, request)
        response = answer()
        await _wait_async(context.fault.delay_after, read_timeout, None, request)
        return _deliver(response, context.fault, request, read_timeout)

    def _accept(self, request: httpx.Request, body: bytes) -> tuple[RequestContext, _Answer]:
        if self._is_closed():
            raise httpx.ConnectError("the sandbox is closed", request=request)
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        below = path.removeprefix(BASE_PATH) if path.startswith(BASE_PATH + "/") else "/" + path
        headers = {name.lower(): value for name, value in request.headers.items()}
        origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
        context = self._service.identify(SandboxRequest(request.method, below, query, headers, origin))
        # As over a socket: the body of a request that is refused without it is not read.
        self._service.accept(context, b"" if context.refusal is not None else body)
        return context, lambda: self._service.answer(context)


def _read_timeout(request: httpx.Request) -> float | None:
    timeouts = request.extensions.get("timeout", {})
    limit = timeouts.get("read")
    return None if limit is None else float(limit)


def _wait(seconds: float, read_timeout: float | None, answer: _Answer | None, request: httpx.Request) -> None:
    _time_out(seconds, read_timeout, answer, request)
    if seconds:
        time.sleep(seconds)


async def _wait_async(
    seconds: float, read_timeout: float | None, answer: _Answer | None, request: httpx.Request
) -> None:
    _time_out(seconds, read_timeout, answer, request)
    if seconds:
        await asyncio.sleep(seconds)


def _time_out(seconds: float, read_timeout: float | None, answer: _Answer | None, request: httpx.Request) -> None:
    if read_timeout is None or seconds <= read_timeout:
        return
    if answer is not None:
        # A server carries on when its caller has stopped waiting.
        answer()
    raise httpx.ReadTimeout("timed out", request=request)


def _deliver(
    response: SandboxResponse | None, fault: Fault, request: httpx.Request, read_timeout: float | None
) -> httpx.Response:
    if response is None:
        if fault.reset:
            raise httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    headers = [(name.encode(), value.encode()) for name, value in response.headers]
    stream = _Body(response.body, fault, request, read_timeout)
    return httpx.Response(response.status, headers=headers, stream=stream, request=request)


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that arrives whole, byte by byte, or in part only."""

    def __init__(self, body: bytes, fault: Fault, request: httpx.Request, read_timeout: float | None) -> None:
        self._body = body
        self._fault = fault
        self._request = request
        self._read_timeout = read_timeout

    def __iter__(self) -> Iterator[bytes]:
        for pause, part in self._parts():
            _wait(pause, self._read_timeout, None, self._request)
            yield part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for pause, part in self._parts():
            await _wait_async(pause, self._read_timeout, None, self._request)
            yield part

    def _parts(self) -> Iterator[tuple[float, bytes]]:
        whole, cut = len(self._body), self._fault.cut_off_after
        arriving = self._body if cut is None else self._body[:cut]
        if self._fault.trickle is None:
            yield 0, arriving
        else:
            for index in range(len(arriving)):
                yield self._fault.trickle, arriving[index : index + 1]
        if len(arriving) < whole:
            if self._fault.reset:
                raise httpx.ReadError("[Errno 104] Connection reset by peer", request=self._request)
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body"
                f" (received {len(arriving)} bytes, expected {whole})",
                request=self._request,
            )
