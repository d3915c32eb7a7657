"""A whole answer with its result: what `with_raw_response` and `sync_detailed` return."""

from __future__ import annotations

import json
from typing import Generic, TypeVar

import httpx

from .compression import unpack
from .errors import CloudflareError
from .flow import Done, path_of, result_of
from .ratelimit import RateLimit, read_ratelimit

T = TypeVar("T")


class Response(Generic[T]):
    """The answer to a call that the API did not refuse: its body, status and headers, and the typed result.

    The body may be other than what the documents promise: then there is an answer all the same, and `parse()` raises.

    Attributes:
        status_code: The HTTP status.
        headers: The answer's headers.
        content: The answer's body. May hold a `client_secret`: do not log it.
        attempts: How many times the request was sent or tried.
        path: The path that was asked for.
    """

    def __init__(self, done: Done[T] | Done[T | CloudflareError], limit: int) -> None:
        answer = done.answer
        unpacked = unpack(answer.content, answer.headers, limit)
        self._parsed = done.value
        self.status_code = answer.status_code
        self.headers: httpx.Headers = answer.headers
        self.content = unpacked if isinstance(unpacked, bytes) else answer.content
        self.attempts = done.attempts
        self.path = path_of(done.url)

    def __repr__(self) -> str:
        return f"<Response {self.status_code} of {self.path}>"

    def __getstate__(self) -> dict[str, object]:
        """Give what is pickled: the answer without a `client_secret`."""
        from .masking import mask_client_secrets

        return {**vars(self), "content": mask_client_secrets(self.content)}

    def parse(self) -> T:
        """Return the typed result.

        Raises:
            APIResponseValidationError: When the body is not what the documents promise; says where.
            ChargeOutcomeUnknown: The same, for the answer to a charge.
        """
        return result_of(self._parsed)

    @property
    def parsed(self) -> T:
        """The typed result, as `parse()` returns it."""
        return self.parse()

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
