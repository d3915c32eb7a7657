"""Keeps all requests of one token inside the API's rate limit: 1,200 in five minutes, past which everything is refused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from aig_billing import RateLimit

REQUESTS = 1_200
SECONDS = 300
"""Source: developers.cloudflare.com/fundamentals/api/reference/limits."""
_SHARE = 0.8
_BURST = 100
_RESERVE = 20
"""Requests that are left to others who use the same token."""


class RateGate:
    """Lets requests through one by one: a burst of 100 at first, then four fifths of the limit, the rest being other programs'.

    With these two numbers no five minutes see more than 1,060 requests. Where the API says that less is left, because others use the token
    too, everybody waits until it counts from zero again.
    """

    def __init__(
        self,
        requests: int = REQUESTS,
        seconds: float = SECONDS,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._interval = seconds / (requests * _SHARE)
        self._head_start = min(_BURST, requests * (1 - _SHARE) / 2) * self._interval
        self._next = 0.0
        """When the next request is due, by the clock; requests may run ahead of it by the head start."""
        self._closed_until = 0.0
        self._clock = clock
        self._sleep = sleep

    async def wait(self, requests: int = 1) -> None:
        """Wait until so many requests may be sent, and count them."""
        now = self._clock()
        due = max(self._next, now)
        self._next = due + requests * self._interval
        while (delay := max(due - self._head_start, self._closed_until) - self._clock()) > 0:
            await self._sleep(delay)

    def count(self, requests: int = 1) -> None:
        """Count requests that were sent without waiting, such as the client's own retries."""
        self._next = max(self._next, self._clock()) + requests * self._interval

    def observe(self, limit: RateLimit | None) -> None:
        """Take note of what an answer says is left."""
        if limit is not None and limit.remaining <= _RESERVE:
            self.close(limit.reset_seconds)

    def close(self, seconds: float) -> None:
        """Let nothing through for so long: the API refused a request because of its limit."""
        self._closed_until = max(self._closed_until, self._clock() + seconds)
