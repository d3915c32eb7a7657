"""The asynchronous driver: runs the same flows on an asynchronous httpx transport, with an exact deadline."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from .answers import Answer
from .client_core import ClientCore
from .connections import Connections, build_async
from .flow import BodyTooLarge, DeadlineExceeded, Do, Flow, Send, Step, call_flow
from .operation import Call
from .response import Response

T = TypeVar("T")


class AsyncioClient(ClientCore[httpx.AsyncBaseTransport]):
    """Sends calls from an asyncio event loop; belongs to the first loop that uses it."""

    def _connect(self, transport: httpx.AsyncBaseTransport | None) -> Connections[httpx.AsyncBaseTransport]:
        if transport is not None and not isinstance(transport, httpx.AsyncBaseTransport):
            raise TypeError(f"transport must be an httpx.AsyncBaseTransport, not {type(transport).__name__}")
        return Connections(build_async(self.base_url), transport)

    async def send(self, call: Call[T]) -> T:
        """Send one call and give its result."""
        return (await self.run(call_flow(call, self.caller)))[0]

    async def send_detailed(self, call: Call[T]) -> Response[T]:
        """Send one call and give its result with all that came with it."""
        return Response(*await self.run(call_flow(call, self.caller)), self._options.body_limit)

    async def run(self, flow: Flow[T]) -> T:
        """Run a flow to its end: do what it asks for, and tell it what came of it."""
        self._check_open()
        self._connections.belong_to(asyncio.get_running_loop())
        advance: Callable[[Any], Step] = flow.send
        told: object = None
        try:
            while True:
                try:
                    step = advance(told)
                except StopIteration as end:
                    return end.value  # type: ignore[no-any-return]  # a flow's own return value
                try:
                    told = await self._take(step)
                    advance = flow.send
                except BaseException as error:  # noqa: BLE001 - the flow decides, and raises what it does not know
                    told, advance = error, flow.throw
        finally:
            # Without this an error and this frame would keep each other alive.
            told = None

    async def _take(self, step: Step) -> object:
        if isinstance(step, Send):
            return await self._exchange_in_time(step)
        return await (_in_thread(step.work) if isinstance(step, Do) else asyncio.sleep(step.seconds))

    async def _exchange_in_time(self, send: Send) -> Answer:
        answer = Answer(0, httpx.Headers(), b"")
        timer = asyncio.timeout(send.give_up - time.monotonic())
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

    async def _exchange(self, send: Send, answer: Answer) -> None:
        transport = self._connections.fresh() if send.fresh else self._connections.pooled()
        response = await transport.handle_async_request(send.request)
        answer.status_code, answer.headers = response.status_code, response.headers
        parts: list[bytes] = []
        part = b""
        try:
            size = 0
            async for part in response.stream:
                size += len(part)
                parts.append(part)
                if size > send.limit:
                    raise BodyTooLarge
        except (httpx.RequestError, BodyTooLarge) as error:
            answer.broken = error
        finally:
            answer.content = b"".join(parts)
            # A traceback that shows local variables must not show a part of a body.
            parts, part = [], b""
            await response.aclose()

    async def aclose(self) -> None:
        """Close all connections, those of the client's copies too; calls are refused from then on."""
        for transport in self._connections.take_all():
            await transport.aclose()

    async def __aenter__(self) -> Self:
        self._check_open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


async def _in_thread(work: Callable[[], object]) -> object:
    """Do blocking work in a thread, to its end: a cancellation that comes meanwhile is raised after it, never in the middle."""
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
