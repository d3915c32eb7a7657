"""The synchronous driver: runs flows on an httpx transport."""

from __future__ import annotations

import inspect
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar, cast

import httpx

from .base_client import BaseClient
from .flow import raw_flow, result_of
from .operation import Call
from .steps import ENDING, BodyTooLarge, DeadlineExceeded, Flow, RawResponse, Run, Send, Step
from .transports import Httpx2Transport, Route, Transports, adapted, holds_unread_bytes
from .watched import handle_request

if TYPE_CHECKING:
    from .response import Response

T = TypeVar("T")


class SyncClient(BaseClient[httpx.BaseTransport, Httpx2Transport]):
    """Sends calls and waits for their answers. Safe to share among threads."""

    def _connect(self, transport: object, limits: httpx.Limits) -> Transports[httpx.BaseTransport]:
        transport = adapted(transport, asynchronous=False)
        if transport is not None and not isinstance(transport, httpx.BaseTransport):
            raise TypeError(
                f"transport must be an httpx.BaseTransport or one of httpx2, not {type(transport).__name__}"
            )
        return Transports(Route(self.base_url, used=transport is None).transport, limits, transport)

    def send(self, call: Call[T]) -> T:
        """Send one call and return its result."""
        return result_of(self.run(raw_flow(call, self.caller)).value)

    def send_detailed(self, call: Call[T]) -> Response[T]:
        """Send one call and return its result with all that came with it."""
        from .response import Response

        return Response(self.run(raw_flow(call, self.caller)), self.caller.options.body_limit)

    def run(self, flow: Flow[T]) -> T:
        """Drive a flow to completion: perform each step and send the result back."""
        self._check_open()
        sent: object = None
        try:
            step = next(flow)
            while True:
                raised: BaseException | None = None
                try:
                    sent = self._take(step)
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

    def _take(self, step: Step) -> object:
        if isinstance(step, Send):
            return self._exchange(step)
        if isinstance(step, Run):
            return step.work()
        time.sleep(step.seconds)
        return None

    def _exchange(self, send: Send) -> RawResponse:
        transport = self._transports.fresh() if send.fresh else self._transports.pooled()
        ENDING.at = send.deadline
        try:
            response = handle_request(transport, send.request)
        except OSError as error:
            if self._transports.are_given:
                raise
            raise httpx.NetworkError(str(error)) from None
        answer = RawResponse(response.status_code, response.headers)
        stream = cast(httpx.SyncByteStream, response.stream)
        parts: list[bytes] = []
        part, size = b"", 0
        try:
            for part in stream:
                size += len(part)
                parts.append(part)
                if size > send.limit:
                    raise BodyTooLarge
                if time.monotonic() > send.deadline:
                    raise DeadlineExceeded
        except (httpx.RequestError, BodyTooLarge, DeadlineExceeded) as error:
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
                if not send.fresh and connection is not None and holds_unread_bytes(stream):
                    # A closed socket is not used again.
                    connection.close()
                stream.close()
        return answer

    def close(self) -> None:
        """Close all connections, those of the client's copies too; calls are refused from then on."""
        for transport in self._transports.detach_all():
            transport.close()

    def __enter__(self) -> Self:
        self._check_open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
