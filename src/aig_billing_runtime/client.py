"""The synchronous driver: runs flows on an httpx transport."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from .answers import Answer
from .client_core import ClientCore
from .connections import Connections, build_sync
from .flow import BodyTooLarge, DeadlineExceeded, Do, Flow, Send, Step, call_flow
from .operation import Call
from .response import Response

T = TypeVar("T")


class SyncClient(ClientCore[httpx.BaseTransport]):
    """Sends calls and waits for their answers. Safe to share among threads."""

    def _connect(self, transport: httpx.BaseTransport | None) -> Connections[httpx.BaseTransport]:
        if transport is not None and not isinstance(transport, httpx.BaseTransport):
            raise TypeError(f"transport must be an httpx.BaseTransport, not {type(transport).__name__}")
        return Connections(build_sync(self.base_url), transport)

    def send(self, call: Call[T]) -> T:
        """Send one call and give its result."""
        return self.run(call_flow(call, self.caller))[0]

    def send_detailed(self, call: Call[T]) -> Response[T]:
        """Send one call and give its result with all that came with it."""
        return Response(*self.run(call_flow(call, self.caller)), self._options.body_limit)

    def run(self, flow: Flow[T]) -> T:
        """Run a flow to its end: do what it asks for, and tell it what came of it."""
        self._check_open()
        advance: Callable[[Any], Step] = flow.send
        told: object = None
        try:
            while True:
                try:
                    step = advance(told)
                except StopIteration as end:
                    return end.value  # type: ignore[no-any-return]  # a flow's own return value
                try:
                    told = self._take(step)
                    advance = flow.send
                except BaseException as error:  # noqa: BLE001 - the flow decides, and raises what it does not know
                    told, advance = error, flow.throw
        finally:
            # Without this an error and this frame would keep each other alive.
            told = None

    def _take(self, step: Step) -> object:
        if isinstance(step, Send):
            return self._exchange(step)
        return step.work() if isinstance(step, Do) else time.sleep(step.seconds)

    def _exchange(self, send: Send) -> Answer:
        transport = self._connections.fresh() if send.fresh else self._connections.pooled()
        response = transport.handle_request(send.request)
        answer = Answer(response.status_code, response.headers, b"")
        parts: list[bytes] = []
        part = b""
        try:
            size = 0
            for part in response.stream:
                size += len(part)
                parts.append(part)
                if size > send.limit:
                    raise BodyTooLarge
                if time.monotonic() > send.give_up:
                    raise DeadlineExceeded
        except (httpx.RequestError, BodyTooLarge, DeadlineExceeded) as error:
            answer.broken = error
        finally:
            answer.content = b"".join(parts)
            # A traceback that shows local variables must not show a part of a body.
            parts, part = [], b""
            response.close()
        return answer

    def close(self) -> None:
        """Close all connections, those of the client's copies too; calls are refused from then on."""
        for transport in self._connections.take_all():
            transport.close()

    def __enter__(self) -> Self:
        self._check_open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
