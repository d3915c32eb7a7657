"""The hand-written methods of `billing.topup`, synchronous and asynchronous from one text."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from ..both_ways import HasClient, async_method, sync_method
from ..flow import Flow, Wait, call_flow
from ..operation import Call

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 15.0


class PaymentStatus(Protocol):
    """What the status of a payment has: the generated `TopupStatusResponse`."""

    payment_intent_id: str
    status: str


class _TopupFlows(HasClient):
    __slots__ = ()
    _call_of: Callable[..., Call[Any]]

    def _wait(self, *, payment_intent_id: str, patience: float = 300.0, account_id: str | None = None) -> Flow[PaymentStatus]:
        """Ask for a top-up's status, at growing intervals, until it is completed or patience ends.

        Args:
            payment_intent_id: The id that `create` gave (`in_...`).
            patience: Seconds to go on asking; 300 by default.
            account_id: The account. The client's own if it is not given.

        Returns:
            The last status seen: `completed`, or `pending` when patience ended.

        Raises:
            APIError: When the status could not be asked for; the top-up itself is not touched by that.
        """
        if not patience >= 0:
            raise ValueError(f"patience={patience!r} must be a number of seconds, 0 or more")
        call = self._call_of("ai_gateway.billing.topup.status", account_id, payment_intent_id=payment_intent_id)
        end = time.monotonic() + patience
        pause = _FIRST_PAUSE
        while True:
            status: PaymentStatus
            status, _ = yield from call_flow(call, self._client.caller)
            if status.status != "pending" or time.monotonic() + pause > end:
                return status
            yield Wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


class TopupMixin(_TopupFlows):
    """What `billing.topup` has beyond the documents."""

    __slots__ = ()
    wait = sync_method(_TopupFlows._wait)  # noqa: SLF001 - the same flow, run synchronously


class AsyncTopupMixin(_TopupFlows):
    """What the asynchronous `billing.topup` has beyond the documents."""

    __slots__ = ()
    wait = async_method(_TopupFlows._wait)  # noqa: SLF001 - the same flow, run asynchronously
