"""The sandbox as an httpx transport: no socket, and the errors that a socket would have given."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator

import httpx

from aig_billing_sandbox.faults import Fault
from aig_billing_sandbox.service import Service
from aig_billing_sandbox.wire import Answer, Request

_BASE_PATH = "/client/v4"


class SandboxTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Serves sync and async clients alike.

    A delay that is longer than the request's read timeout raises at once, with the work done or not as the fault says: the
    caller's clock moves less than it would over a socket.
    """

    def __init__(self, service: Service, is_closed: Callable[[], bool]) -> None:
        self._service = service
        self._is_closed = is_closed

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answers one request."""
        body = request.read()
        exchange = self._service.receive(self._as_received(request, body))
        patience = _read_timeout(request)
        _wait(exchange.fault.delay_before, patience, exchange.answer, request)
        answer = exchange.answer()
        _wait(exchange.fault.delay_after, patience, None, request)
        return _delivered(answer, exchange.fault, request, patience)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answers one request."""
        body = await request.aread()
        exchange = self._service.receive(self._as_received(request, body))
        patience = _read_timeout(request)
        await _wait_async(exchange.fault.delay_before, patience, exchange.answer, request)
        answer = exchange.answer()
        await _wait_async(exchange.fault.delay_after, patience, None, request)
        return _delivered(answer, exchange.fault, request, patience)

    def _as_received(self, request: httpx.Request, body: bytes) -> Request:
        if self._is_closed():
            raise httpx.ConnectError("the sandbox is closed", request=request)
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        below = path.removeprefix(_BASE_PATH) if path.startswith(_BASE_PATH + "/") else "/" + path
        headers = {name.lower(): value for name, value in request.headers.items()}
        origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
        return Request(request.method, below, query, headers, body, origin)


def _read_timeout(request: httpx.Request) -> float | None:
    timeouts = request.extensions.get("timeout", {})
    limit = timeouts.get("read")
    return None if limit is None else float(limit)


def _wait(seconds: float, patience: float | None, work: Callable[[], object] | None, request: httpx.Request) -> None:
    _time_out(seconds, patience, work, request)
    if seconds:
        time.sleep(seconds)


async def _wait_async(
    seconds: float, patience: float | None, work: Callable[[], object] | None, request: httpx.Request
) -> None:
    _time_out(seconds, patience, work, request)
    if seconds:
        await asyncio.sleep(seconds)


def _time_out(
    seconds: float, patience: float | None, work: Callable[[], object] | None, request: httpx.Request
) -> None:
    if patience is None or seconds <= patience:
        return
    if work is not None:
        # A server goes on working when its caller has stopped waiting.
        work()
    raise httpx.ReadTimeout("timed out", request=request)


def _delivered(answer: Answer | None, fault: Fault, request: httpx.Request, patience: float | None) -> httpx.Response:
    if answer is None:
        if fault.reset:
            raise httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    headers = [(name.encode(), value.encode()) for name, value in answer.headers]
    stream = _Body(answer.body, fault, request, patience)
    return httpx.Response(answer.status, headers=headers, stream=stream, request=request)


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that arrives whole, byte by byte, or only in part."""

    def __init__(self, body: bytes, fault: Fault, request: httpx.Request, patience: float | None) -> None:
        self._body = body
        self._fault = fault
        self._request = request
        self._patience = patience

    def __iter__(self) -> Iterator[bytes]:
        for pause, part in self._parts():
            _wait(pause, self._patience, None, self._request)
            yield part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for pause, part in self._parts():
            await _wait_async(pause, self._patience, None, self._request)
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
