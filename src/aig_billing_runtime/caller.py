"""Who sends a call, and how: what a flow needs of its client."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx

from .credentials import Credentials
from .errors import APIError
from .named_tuple import NamedTuple
from .operation import Call

if TYPE_CHECKING:
    from .ratelimit import RateLimit


class RetryEvent(NamedTuple):
    """What `on_retry` receives: a request is about to be sent again."""

    operation: str
    attempt: int
    """Which attempt just failed: 1, 2, ..."""
    wait: float
    """Seconds until the next one."""
    error: APIError


class CallOptions(NamedTuple):
    """How calls are sent."""

    timeout: httpx.Timeout | None = None
    """Per attempt; None for connect 5 s, read 30 s, a charge's read 90 s."""
    deadline: float = 120.0
    """Seconds for the whole call with its waits."""
    max_retries: int = 2
    body_limit: int = 10_000_000
    """Bytes of an answer that are read at most."""
    on_retry: Callable[[RetryEvent], None] | None = None


class Caller:
    """What a flow needs of its client."""

    __slots__ = ("account_id", "build", "credentials", "fresh", "options", "ratelimit_headers")

    def __init__(
        self,
        credentials: Credentials,
        options: CallOptions,
        build: Callable[[Call[Any], float], httpx.Request],
        account_id: str | None = None,
        *,
        fresh: bool = False,
    ) -> None:
        self.credentials = credentials
        self.options = options
        self.build = build
        """Makes the request for one attempt, given the seconds left."""
        self.account_id = account_id
        """The account of a call that names none."""
        self.fresh = fresh
        """Whether every request gets its own connection, as a charge always does: on a kept one an answer to another may be waiting."""
        self.ratelimit_headers: httpx.Headers | None = None
        """The headers of the last answer that reported a rate limit."""

    def on_fresh_connections(self, deadline: float) -> Caller:
        """Make the same caller for one step of a charge: every request on its own connection, all within so many seconds."""
        options = self.options._replace(deadline=deadline)
        return Caller(self.credentials, options, self.build, self.account_id, fresh=True)

    def account_of(self, call: Call[Any]) -> str:
        """Return the account that a call is about."""
        named = dict(zip(call.operation.parameters, call.arguments, strict=False)).get("account_id")
        return named or self.account_id or "(none)"

    @property
    def last_ratelimit(self) -> RateLimit | None:
        """The last rate limit seen."""
        from .ratelimit import read_ratelimit

        return read_ratelimit(self.ratelimit_headers)
