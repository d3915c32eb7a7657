"""Keeps all requests of one token inside the API's rate limit: 1,200 in five minutes, past which everything is refused."""

from __future__ import annotations

from asyncio import sleep
from time import monotonic

from aig_billing import RateLimit
from attrs import frozen

_SHARE = 0.8
_BURST = 100


@frozen
class Pace:
    """How fast requests may follow one another: a burst at first, then four fifths of the limit, the rest being other programs'.

    With the API's own numbers the burst is 100 requests, and no five minutes see more than 1,060.
    Source of these: developers.cloudflare.com/fundamentals/api/reference/limits.
    """

    requests: int = 1_200
    seconds: float = 300.0
    reserve: int = 20
    """Where an answer says that no more requests are left than this, everybody waits until the API counts from zero again."""

    @property
    def interval(self) -> float:
        """Seconds between two requests."""
        return self.seconds / (self.requests * _SHARE)

    @property
    def head_start(self) -> float:
        """How many seconds requests may run ahead of that."""
        return min(_BURST, self.requests * (1 - _SHARE) / 2) * self.interval


class RateGate:
    """Lets the requests of one process through at a pace."""

    _next = 0.0
    """When the next request is due, by the monotonic clock."""
    _closed_until = 0.0

    def __init__(self, pace: Pace | None = None) -> None:
        self.pace = pace or Pace()

    async def wait(self, requests: int = 1) -> None:
        """Wait until so many requests may be sent, and count them."""
        due = max(self._next, monotonic())
        self._next = due + requests * self.pace.interval
        while (delay := max(due - self.pace.head_start, self._closed_until) - monotonic()) > 0:  # noqa: ASYNC110 - `close` may move it
            await sleep(delay)

    async def close(self, seconds: float) -> None:
        """Let nothing through for so long: the API refused a request because of its limit."""
        self._closed_until = max(self._closed_until, monotonic() + seconds)

    async def observe(self, limit: RateLimit | None) -> None:
        """Take note of what an answer says is left."""
        if limit is not None and limit.remaining <= self.pace.reserve:
            await self.close(limit.reset_seconds)
