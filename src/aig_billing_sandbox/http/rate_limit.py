"""The rate limit: counts the requests of each credential, and makes the headers that report it."""

import threading

import attrs

from aig_billing_sandbox.bank.accounts import Credential
from aig_billing_sandbox.http.messages import Headers


@attrs.frozen
class RequestQuota:
    """How many requests one credential may make in how many seconds, and whether more are refused."""

    quota: int = 1_200
    window_seconds: int = 300
    enforced: bool = False

    @classmethod
    def parse(cls, text: str | None) -> "RequestQuota":
        """Reads `QUOTA/SECONDS`, such as `100/60`, as a quota that is enforced; None is the live one, not enforced."""
        if text is None:
            return cls()
        quota, _, seconds = text.partition("/")
        if not (quota.isdecimal() and seconds.isdecimal() and int(quota) > 0 and int(seconds) > 0):
            raise ValueError(f"a rate limit is QUOTA/SECONDS, such as 100/60, not {text!r}")
        return cls(int(quota), int(seconds), enforced=True)


class RateMeter:
    """Counts requests per credential in fixed windows of the sandbox's clock."""

    def __init__(self, quota: RequestQuota) -> None:
        self.quota = quota
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[int, int]] = {}

    def count(self, caller: Credential | None, at_ms: int) -> tuple[Headers, bool]:
        """Counts one request; returns the headers that its answer carries, and whether it is one too many.

        All unknown callers share one allowance.
        """
        key = caller.secret if caller else ""
        quota, length_ms = self.quota, self.quota.window_seconds * 1000
        with self._lock:
            start_ms, count = self._windows.get(key, (at_ms, 0))
            if not start_ms <= at_ms < start_ms + length_ms:
                start_ms, count = at_ms, 0
            self._windows[key] = (start_ms, count + 1)
        # Where nothing is refused, a caller that obeys these headers must never read that nothing is left.
        left = max(0 if quota.enforced else 1, quota.quota - count - 1)
        reset_seconds = -((at_ms - start_ms - length_ms) // 1000)
        headers = (
            ("ratelimit", f'"default";r={left};t={reset_seconds}'),
            ("ratelimit-policy", f'"burst";q={quota.quota};w={quota.window_seconds}'),
        )
        if quota.enforced and count >= quota.quota:
            return (*headers, ("retry-after", str(reset_seconds))), True
        return headers, False
