"""The front door: who is asking, whether they may, and how often they have asked."""

import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from aig_billing_sandbox import refusals
from aig_billing_sandbox.accounts import Credential, account_exists, find_credential
from aig_billing_sandbox.refusals import Refusal

_STRANGERS = ""


def identify(books: sqlite3.Connection, headers: Mapping[str, str]) -> Credential:
    """Who the request's headers say it is from: a bearer token, or an email with its Global API key."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer" and token.strip():
        found = find_credential(books, token.strip(), None)
    elif "x-auth-key" in headers and "x-auth-email" in headers:
        found = find_credential(books, headers["x-auth-key"], headers["x-auth-email"])
    if found is None:
        raise Refusal(401, refusals.AUTHENTICATION, "Authentication error")
    return found


def admit(books: sqlite3.Connection, credential: Credential, account_id: str, *, to_write: bool) -> None:
    """Refuses who may not see the account, or may not do what they ask."""
    if not account_exists(books, account_id):
        message = f"Could not route to /accounts/{account_id}, perhaps your object identifier is invalid?"
        raise Refusal(404, refusals.BAD_IDENTIFIER, message)
    if not credential.opens(account_id) or (to_write and not credential.may_write):
        raise Refusal(403, refusals.AUTHENTICATION, "Authentication error")


@dataclass(frozen=True)
class RateLimit:
    """How many requests one credential may make in how many seconds, and whether more are refused."""

    quota: int = 1_200
    window_seconds: int = 300
    enforced: bool = False

    @classmethod
    def parse(cls, text: str) -> "RateLimit":
        """Reads `QUOTA/SECONDS`, such as `100/60`, as a limit that is enforced."""
        quota, _, seconds = text.partition("/")
        if not (quota.isdecimal() and seconds.isdecimal() and int(quota) > 0 and int(seconds) > 0):
            raise ValueError(f"a rate limit is QUOTA/SECONDS, such as 100/60, not {text!r}")
        return cls(int(quota), int(seconds), enforced=True)


@dataclass(frozen=True)
class Allowance:
    """How a request stands with the rate limit."""

    limit: RateLimit
    left: int
    reset_seconds: int
    refused: bool

    def headers(self) -> list[tuple[str, str]]:
        """The headers that tell the caller."""
        told = [
            ("ratelimit", f'"default";r={self.left};t={self.reset_seconds}'),
            ("ratelimit-policy", f'"burst";q={self.limit.quota};w={self.limit.window_seconds}'),
        ]
        return [*told, ("retry-after", str(self.reset_seconds))] if self.refused else told


class RateMeter:
    """Counts requests per credential in fixed windows of the sandbox's clock."""

    def __init__(self, limit: RateLimit) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[int, int]] = {}

    def count(self, credential: Credential | None, at_ms: int) -> Allowance:
        """Counts one request; strangers share one allowance."""
        who = credential.secret if credential else _STRANGERS
        length_ms = self.limit.window_seconds * 1000
        with self._lock:
            start_ms, count = self._windows.get(who, (at_ms, 0))
            if not start_ms <= at_ms < start_ms + length_ms:
                start_ms, count = at_ms, 0
            self._windows[who] = (start_ms, count + 1)
        reset_seconds = -((at_ms - start_ms - length_ms) // 1000)
        if not self.limit.enforced:
            # Nothing is refused, so a caller that obeys these headers must never read that nothing is left.
            return Allowance(self.limit, max(1, self.limit.quota - count - 1), reset_seconds, refused=False)
        return Allowance(self.limit, max(0, self.limit.quota - count - 1), reset_seconds, count >= self.limit.quota)

    def forget(self) -> None:
        """Starts all counts anew."""
        with self._lock:
            self._windows.clear()
