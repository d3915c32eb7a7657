"""Who sends a call, and how: what a flow needs of its client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from attrs import define, field, frozen

from .credentials import Credentials
from .errors import APIError
from .operation import Call
from .ratelimit import RateLimit, read_ratelimit


@frozen
class RetryEvent:
    """What `on_retry` receives: a request is about to be sent again."""

    operation: str
    attempt: int
    """Which attempt just failed: 1, 2, ..."""
    wait: float
    """Seconds until the next one."""
    error: APIError


@frozen(kw_only=True)
class CallOptions:
    """How calls are sent."""

    timeout: httpx.Timeout | None = None
    """Per attempt; None for connect 5 s, read 30 s, a charge's read 90 s."""
    deadline: float = 120.0
    """Seconds for the whole call with its waits."""
    max_retries: int = 2
    body_limit: int = 10_000_000
    """Bytes of an answer that are read at most."""
    on_retry: Callable[[RetryEvent], None] | None = None


@define(eq=False)
class Caller:
    """What a flow needs of its client."""

    credentials: Credentials
    options: CallOptions
    build: Callable[[Call[Any], float], httpx.Request]
    """Makes the request for one attempt, given the seconds left."""
    account_id: str | None = None
    """The account of a call that names none."""
    fresh: bool = False
    """Whether every request gets a connection of its own, as a charge always does: on a kept one an answer to another may be waiting."""
    ratelimit_headers: httpx.Headers | None = field(default=None, repr=False)
    """The headers of the last answer that reported a rate limit."""

    def account_of(self, call: Call[Any]) -> str:
        """Return the account that a call is about."""
        named = dict(zip(call.operation.parameters, call.arguments, strict=False)).get("account_id")
        return named or self.account_id or "(none)"

    @property
    def last_ratelimit(self) -> RateLimit | None:
        """The last rate limit seen."""
        return read_ratelimit(self.ratelimit_headers)
