"""What flows and drivers exchange: the steps of a flow, the results of them, and how a driver itself gives up."""

from __future__ import annotations

import functools
import math
import threading
import traceback
from collections.abc import Callable, Generator
from typing import Any, ParamSpec, TypeAlias, TypeVar

import httpx

from .named_tuple import NamedTuple

T = TypeVar("T")
P = ParamSpec("P")


class Send(NamedTuple):
    """Send this request, and read its answer up to a size and until a moment (of `time.monotonic`)."""

    request: httpx.Request
    deadline: float
    limit: int
    fresh: bool = False
    """On its own connection, opened for it and closed after it."""


class Sleep(NamedTuple):
    """Wait for so many seconds."""

    seconds: float


class Run(NamedTuple):
    """Do this work, which blocks, and return its result: at once, or in a thread where an event loop must not wait."""

    work: Callable[[], object]


Step: TypeAlias = Send | Sleep | Run
Flow: TypeAlias = Generator[Step, Any, T]


def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Flow[T]:
    """Do work that blocks, as one step of a flow."""
    done: T = yield Run(functools.partial(work, *args, **kwargs))
    return done


class RawResponse:
    """What came back: status, headers and the whole body as it was sent."""

    __slots__ = ("broken", "content", "headers", "status_code")

    def __init__(
        self, status_code: int, headers: httpx.Headers, content: bytes = b"", broken: Exception | None = None
    ) -> None:
        self.status_code = status_code
        self.headers = headers
        self.content = content
        self.broken = broken
        """Why the body ends early, if it does."""

    def __repr__(self) -> str:
        return f"<RawResponse {self.status_code}, {len(self.content)} bytes>"

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status_code <= 299

    def header_names(self) -> set[bytes]:
        """Give the names of the headers in lower case: one pass over them costs less than asking httpx for one of them."""
        return {name.lower() for name, _ in self.headers.raw}


class _Ending(threading.local):
    """When the exchange of this thread must be over, by `time.monotonic`: a synchronous exchange has its thread to itself."""

    at = math.inf


ENDING = _Ending()


class DeadlineExceeded(Exception):  # noqa: N818 - a driver raises it in a flow, never in a caller
    """The deadline of the whole call passed while a step was under way."""


class BodyTooLarge(Exception):  # noqa: N818 - a driver raises it in a flow, never in a caller
    """The answer is larger than the limit."""


class NothingSent(Exception):  # noqa: N818 - mixed into errors that do reach callers, beside a better known class
    """What a driver raises instead of sending: the request did not leave."""


class ClientClosedError(NothingSent, RuntimeError):
    """The client was closed: nothing is sent any more."""


def forget_frames(error: BaseException | None) -> None:
    """Empty the frames of an error that nobody will see: they hold the client and the answer, and since Python 3.12 each other."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
