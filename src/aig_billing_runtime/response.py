"""A whole answer with its result: what `with_raw_response` and `sync_detailed` return."""

from __future__ import annotations

import json
from typing import Generic, TypeVar

import httpx

from .compression import unpack
from .flow import Outcome
from .ratelimit import RateLimit, read_ratelimit
from .steps import RawResponse

T = TypeVar("T")


class Response(Generic[T]):
    """A documented answer: its result, and what outcome with it.

    Attributes:
        parsed: The typed result.
        status_code: The HTTP status.
        headers: The answer's headers.
        content: The answer's body. May hold a `client_secret`: do not log it.
        attempts: How many times the request was sent or tried.
        path: The path that was asked for.
    """

    __slots__ = ("_limit", "attempts", "content", "headers", "parsed", "path", "status_code")

    def __init__(self, parsed: T, outcome: Outcome, limit: int) -> None:
        answer: RawResponse = outcome.answer
        unpacked = unpack(answer.content, answer.headers, limit)
        self.parsed = parsed
        self.status_code = answer.status_code
        self.headers: httpx.Headers = answer.headers
        self.content = unpacked if isinstance(unpacked, bytes) else answer.content
        self.attempts = outcome.attempts
        self.path = outcome.path

    def __repr__(self) -> str:
        return f"<Response {self.status_code} of {self.path}>"

    def parse(self) -> T:
        """Give the typed result; it was checked when the answer outcome."""
        return self.parsed

    def json(self) -> object:
        """Give the whole body, envelope and all, as plain JSON values."""
        return json.loads(self.content)

    @property
    def body(self) -> bytes:
        """The answer's body, as `content`."""
        return self.content

    @property
    def request_id(self) -> str | None:
        """The `cf-ray` of the answer."""
        ray: str | None = self.headers.get("cf-ray")
        return ray

    @property
    def ratelimit(self) -> RateLimit | None:
        """The rate limit that the answer reports."""
        return read_ratelimit(self.headers)
