"""When a request may be sent again, and how long to wait before: small decisions, each on its own.

| class        | sent again after                                                                                    |
|--------------|-----------------------------------------------------------------------------------------------------|
| `safe`       | connect errors, timeouts, dropped connections, 408, 429, 5xx                                        |
| `idempotent` | the same                                                                                            |
| `once`       | what provably never left, and a 429 in the API's envelope                                           |
| `charge`     | what provably never left                                                                            |
"""

from __future__ import annotations

import datetime as dt
import email.utils
import random
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal

import httpx

from .steps import DeadlineExceeded

RetryClass = Literal["safe", "idempotent", "once", "charge"]


class FailureKind(StrEnum):
    """What went wrong with one attempt, as far as sending again is concerned."""

    NEVER_LEFT = "never left"
    """Connect error or timeout, proxy refusal, no pooled connection free: no byte of the request was sent."""
    LOST = "lost"
    """A timeout or a dropped connection after the request, or a part of it, had left."""
    BUSY = "busy"
    """408 or 5xx."""
    LIMITED = "limited"
    """429 in the API's envelope."""
    LIMITED_ELSEWHERE = "limited elsewhere"
    """429 with a foreign body."""
    TOO_LATE = "too late"
    """The deadline of the whole call passed."""
    OTHER = "other"
    """Anything else: sending again would not help."""


_ALL = frozenset(
    {FailureKind.NEVER_LEFT, FailureKind.LOST, FailureKind.BUSY, FailureKind.LIMITED, FailureKind.LIMITED_ELSEWHERE}
)
RETRIED_AFTER: Final[Mapping[RetryClass, frozenset[FailureKind]]] = {
    "safe": _ALL,
    "idempotent": _ALL,
    "once": frozenset({FailureKind.NEVER_LEFT, FailureKind.LIMITED}),
    "charge": frozenset({FailureKind.NEVER_LEFT}),
}

DEFINITE_REFUSALS: Final = frozenset({200, 400, 401, 402, 403, 404, 405, 415, 422, 429})
"""Statuses under which a charge did not happen, if `success: false` stands in the API's envelope."""

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_LOST = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError)
_BACKOFF_FIRST = 0.5
_BACKOFF_MOST = 8.0


def classify_exception(error: Exception) -> FailureKind:
    """Sort an error of the transport."""
    if isinstance(error, DeadlineExceeded):
        return FailureKind.TOO_LATE
    if isinstance(error, _NEVER_LEFT):
        return FailureKind.NEVER_LEFT
    if isinstance(error, _LOST):
        return FailureKind.LOST
    return FailureKind.OTHER


def classify_status(status_code: int, *, in_envelope: bool) -> FailureKind:
    """Sort an answer that is not a success."""
    if status_code == 429:
        return FailureKind.LIMITED if in_envelope else FailureKind.LIMITED_ELSEWHERE
    if status_code == 408 or 500 <= status_code <= 599:
        return FailureKind.BUSY
    return FailureKind.OTHER


def backoff(retry: int) -> float:
    """Give the seconds to wait before retry number `retry` (1, 2, ...): exponential, with full jitter."""
    return random.uniform(0, min(_BACKOFF_MOST, _BACKOFF_FIRST * 2.0 ** (retry - 1)))  # noqa: S311 - spreads load, guards nothing


def read_retry_after(headers: Mapping[str, str], now: dt.datetime | None = None) -> float | None:
    """Read `Retry-After`, in seconds or as an HTTP date; None when it is absent or unreadable.

    A date is compared with the answer's own `Date`, if it has one: this machine's clock may be wrong.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    moment = http_date(value)
    if moment is None:
        return None
    sent = now or http_date(headers.get("date", "")) or dt.datetime.now(dt.UTC)
    return max(0.0, (moment - sent).total_seconds())


def http_date(value: str) -> dt.datetime | None:
    """Read an HTTP date; None for anything else."""
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)


def pause_before_next(
    retry: RetryClass, failure: FailureKind, retry_after: float | None, attempts: int, max_retries: int
) -> float | None:
    """Give the seconds to wait before sending again; None when it may not be sent again."""
    if failure not in RETRIED_AFTER[retry] or attempts > max_retries:
        return None
    return backoff(attempts) if retry_after is None else retry_after
