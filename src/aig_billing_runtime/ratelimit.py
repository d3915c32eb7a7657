"""The rate limit that every answer reports: `Ratelimit: "default";r=50;t=30`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_POLICY = re.compile(r'\s*"?([^";,=]*)"?\s*;')
_PARAMETER = re.compile(r";\s*([rt])\s*=\s*([0-9]{1,9})(?![0-9.])")


class RateLimit(NamedTuple):
    """How many requests are left, and when the count starts again.

    Source: developers.cloudflare.com/fundamentals/api/reference/limits.
    """

    policy: str
    remaining: int
    reset_seconds: int


def read_ratelimit(headers: Mapping[str, str] | None) -> RateLimit | None:
    """Read the `Ratelimit` header; None when it is absent or in no known form."""
    header = "" if headers is None else headers.get("ratelimit", "").partition(",")[0]
    policy = _POLICY.match(header)
    parameters = dict(_PARAMETER.findall(header))
    if policy is None or parameters.keys() != {"r", "t"}:
        return None
    return RateLimit(policy[1], int(parameters["r"]), int(parameters["t"]))
