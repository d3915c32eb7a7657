"""The rate limit that every answer tells: `Ratelimit: "default";r=50;t=30`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_RATELIMIT = re.compile(r'^\s*"?(?P<policy>[^";]*)"?\s*;\s*r\s*=\s*(?P<left>\d{1,9})\s*;\s*t\s*=\s*(?P<reset>\d{1,9})')


class RateLimit(NamedTuple):
    """How many requests are left, and when the count starts anew.

    Source: developers.cloudflare.com/fundamentals/api/reference/limits.
    """

    policy: str
    remaining: int
    reset_seconds: int


def read_ratelimit(headers: Mapping[str, str] | None) -> RateLimit | None:
    """Read the `Ratelimit` header; None when it is absent or in no known form."""
    found = _RATELIMIT.match(headers.get("ratelimit", "")) if headers is not None else None
    if found is None:
        return None
    return RateLimit(found["policy"], int(found["left"]), int(found["reset"]))
