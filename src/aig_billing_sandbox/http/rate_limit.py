"""The rate limit: counts the requests of each credential, and makes the headers that report it."""

from collections.abc import Mapping

from aig_billing_sandbox.bank.accounts import Credential

_LIVE = "1200/300"


class RateMeter:
    """Counts requests per credential in fixed windows of the sandbox's clock.

    More than the `limit`, `QUOTA/SECONDS` such as `100/60`, are refused; None is that of the live service, which is not enforced.
    """

    def __init__(self, limit: str | None) -> None:
        quota, _, seconds = (_LIVE if limit is None else limit).partition("/")
        if not (quota.isdecimal() and seconds.isdecimal() and int(quota) > 0 and int(seconds) > 0):
            raise ValueError(f"a rate limit is QUOTA/SECONDS, such as 100/60, not {limit!r}")
        self.limit = limit
        self._quota, self._window_seconds = int(quota), int(seconds)
        self._windows: dict[str, tuple[int, int]] = {}

    def count(self, caller: Credential | None, at_ms: int) -> tuple[Mapping[str, str], bool]:
        """Counts one request; returns the headers that its answer carries, and whether it is one too many.

        All unknown callers share one allowance. A caller holds the service's lock.
        """
        key = caller.secret if caller else ""
        length_ms, enforced = self._window_seconds * 1000, self.limit is not None
        start_ms, count = self._windows.get(key, (at_ms, 0))
        if not start_ms <= at_ms < start_ms + length_ms:
            start_ms, count = at_ms, 0
        self._windows[key] = (start_ms, count + 1)
        # Where nothing is refused, a caller that obeys these headers must never read that nothing is left.
        left = max(0 if enforced else 1, self._quota - count - 1)
        reset_seconds = -((at_ms - start_ms - length_ms) // 1000)
        headers = {
            "ratelimit": f'"default";r={left};t={reset_seconds}',
            "ratelimit-policy": f'"burst";q={self._quota};w={self._window_seconds}',
        }
        if enforced and count >= self._quota:
            return headers | {"retry-after": str(reset_seconds)}, True
        return headers, False
