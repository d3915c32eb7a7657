"""The asynchronous driver: runs the same flows on an asynchronous httpx transport, with an exact deadline.

`Client` is imported with this module, so asyncio is imported where it is used: it takes a quarter of the time of this package.
"""

from __future__ import annotations

import contextlib
import inspect
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar, cast

import httpx

from .base_client import BaseClient
from .flow import raw_flow, result_of
from .operation import Call
from .steps import BodyTooLarge, DeadlineExceeded, Flow, RawResponse, Run, Send, Step
from .transports import AsyncHttpx2Transport, Route, Transports, adapted, holds_unread_bytes
from .watched import handle_async_request

if TYPE_CHECKING:
    import asyncio

    from .response import Response

T = TypeVar("T")


class AsyncioClient(BaseClient[httpx.AsyncBaseTransport, AsyncHttpx2Transport]):
    """Sends calls from an asyncio event loop; belongs to the first loop that uses it."""

    def _connect(self, transport: object, limits: httpx.Limits) -> Transports[httpx.AsyncBaseTransport]:
        transport = adapted(transport, asynchronous=True)
        if transport is not None and not isinstance(transport, httpx.AsyncBaseTransport):
            raise TypeError(
                f"transport must be an httpx.AsyncBaseTransport or one of httpx2, not {type(transport).__name__}"
            )
        return Transports(Route(self.base_url, used=transport is None).async_transport, limits, transport)

    async def send(self, call: Call[T]) -> T:
        """Send one call and return its result."""
        return result_of((await self.run(raw_flow(call, self.caller))).value)

    async def send_detailed(self, call: Call[T]) -> Response[T]:
        """Send one call and return its result with all that came with it."""
        from .response import Response

        return Response(await self.run(raw_flow(call, self.caller)), self.caller.options.body_limit)

    async def run(self, flow: Flow[T]) -> T:
        """Drive a flow to completion: perform each step and send the result back."""
        self._check_open()
        self._transports.bind_to_loop(_running_loop())
        sent: object = None
        try:
            step = next(flow)
            while True:
                raised: BaseException | None = None
                try:
                    sent = await self._take(step)
                except BaseException as error:  # noqa: BLE001 - the flow decides, and raises what it does not know
                    raised = error
                # Outside of the handler: what the flow raises should not be chained to what it was sent.
                step = flow.send(sent) if raised is None else flow.throw(raised)
        except StopIteration as end:
            result: T = end.value
            return result
        except BaseException as error:
            if inspect.getgeneratorstate(flow) == inspect.GEN_SUSPENDED:
                # Ctrl-C came between two steps: the flow must know, so that it can say what that means for a charge.
                flow.throw(error)
            raise
        finally:
            # Without this an error and this frame would keep each other alive.
            sent = raised = None

    async def _take(self, step: Step) -> object:
        if isinstance(step, Send):
            return await self._exchange_in_time(step)
        import asyncio

        return await (_in_thread(step.work) if isinstance(step, Run) else asyncio.sleep(step.seconds))

    async def _exchange_in_time(self, send: Send) -> RawResponse:
        import asyncio

        answer = RawResponse(0, httpx.Headers())
        timer = asyncio.timeout(send.deadline - time.monotonic())
        try:
            async with timer:
                await self._exchange(send, answer)
        except TimeoutError:
            if not timer.expired():
                raise
            if answer.status_code == 0:
                raise DeadlineExceeded from None
            answer.broken = DeadlineExceeded()
        return answer

    async def _exchange(self, send: Send, answer: RawResponse) -> None:
        transport = self._transports.fresh() if send.fresh else self._transports.pooled()
        try:
            response = await handle_async_request(transport, send.request)
        except OSError as error:
            if self._transports.are_given:
                raise
            raise httpx.NetworkError(str(error)) from None
        answer.status_code, answer.headers = response.status_code, response.headers
        parts: list[bytes] = []
        part, size = b"", 0
        try:
            async for part in cast(httpx.AsyncByteStream, response.stream):
                size += len(part)
                parts.append(part)
                if size > send.limit:
                    raise BodyTooLarge
        except (httpx.RequestError, BodyTooLarge) as error:
            answer.broken = error
        except OSError as error:
            if self._transports.are_given:
                raise
            answer.broken = httpx.NetworkError(str(error))
        finally:
            try:
                answer.content = b"".join(parts)
            finally:
                # A traceback that shows local variables must not show a part of a body.
                parts, part = [], b""
                connection = response.extensions.get("network_stream")
                if not send.fresh and connection is not None and holds_unread_bytes(response.stream):
                    # A closed socket is not used again.
                    await connection.aclose()
                await response.aclose()

    async def aclose(self) -> None:
        """Close all connections, those of the client's copies too; calls are refused from then on."""
        for transport in self._transports.detach_all():
            await transport.aclose()

    async def __aenter__(self) -> Self:
        self._check_open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


def _running_loop() -> asyncio.AbstractEventLoop:
    import asyncio

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise RuntimeError(
            "an AsyncClient works in an asyncio event loop, and none is running here (trio is not supported)"
        ) from None


async def _in_thread(work: Callable[[], object]) -> object:
    """Do blocking work in a thread, to its end: a cancellation that comes meanwhile is raised after it, never in the middle."""
    import asyncio

    working = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        while not working.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([working])
        if not working.cancelled():
            working.exception()  # looked at, so that nothing complains of it later
        raise
