"""One call, from the first attempt to a result or an error: every decision, and no I/O.

A flow is a generator. It yields a `Send` and is sent the `RawResponse`, or has the transport's error thrown into it; it yields a `Sleep`
and is resumed when the time is over; it yields a `Run` and is sent what the work returned; it returns the result. A small
synchronous and a small asynchronous driver run it, so nothing here is written twice. (httpx writes its authentication flows this
way.)
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import httpx

from .answers import Result, read_answer
from .caller import Caller, RetryEvent
from .errors import CloudflareError
from .named_tuple import NamedTuple
from .operation import Call
from .schema import Mismatch
from .steps import BodyTooLarge, DeadlineExceeded, Flow, NothingSent, RawResponse, Send, Sleep, forget_frames

if TYPE_CHECKING:  # what makes errors is loaded with the first one
    from .failures import Failure

T = TypeVar("T")
log = logging.getLogger("aig_billing")
_NOWHERE = httpx.URL()


class Done(NamedTuple, Generic[T]):
    """What a flow returns."""

    value: T
    answer: RawResponse
    attempts: int
    url: httpx.URL

    def __repr__(self) -> str:
        return f"<Done: {self.answer!r}>"


class Guard(Protocol):
    """What must agree before a request leaves: charges keep their journal by it."""

    def before_send(self) -> Flow[None]:
        """Allow one attempt, as the last step before it is sent; what this raises ends the call."""
        ...

    def never_left(self) -> None:
        """Note that the attempt that was allowed provably never left this machine."""
        ...


def result_of(value: T | CloudflareError) -> T:
    """Return the result of a call, or raise the error that stands in its place."""
    if isinstance(value, CloudflareError):
        try:
            raise value
        finally:
            # An error holds this frame by its traceback, and this frame must not hold the error in turn.
            del value
    return value


def path_of(url: httpx.URL) -> str:
    """Give what a URL asks for at its server: the path with the query."""
    return url.raw_path.decode("ascii")


def call_flow(call: Call[T], caller: Caller, guard: Guard | None = None) -> Flow[Done[T]]:
    """Send one call, again where that is safe, until there is a result or an error to raise."""
    done = yield from raw_flow(call, caller, guard)
    return Done(result_of(done.value), *done[1:])


def raw_flow(call: Call[T], caller: Caller, guard: Guard | None = None) -> Flow[Done[T | CloudflareError]]:
    """Like `call_flow`, but a success whose body is not what was promised is returned, with the error in the result's place."""
    deadline = time.monotonic() + caller.options.deadline
    attempts = 0
    while True:
        attempts += 1
        attempt = _Attempt(call, caller, attempts, deadline)
        send = attempt.prepare()
        if guard is not None:
            yield from guard.before_send()
        attempt.note_sent()
        try:
            outcome = attempt.read((yield send))
        except (httpx.RequestError, DeadlineExceeded) as error:
            outcome = attempt.without_answer(error, left=getattr(send.request.stream, "was_read", False))
        except BaseException as error:
            attempt.interrupted(error)
            raise
        if isinstance(outcome, Done):
            return outcome
        if guard is not None and outcome.never_left:
            guard.never_left()
        pause = attempt.pause_after(outcome)
        if pause is None:
            break
        yield Sleep(pause)
        if time.monotonic() >= deadline:
            break
    final = attempt.final_error(outcome)
    if attempt.invalid is not None:
        return Done(final, attempt.invalid, attempts, attempt.url)
    try:
        raise final
    finally:
        # An error holds this frame by its traceback, and this frame must not hold the error in turn.
        del outcome, final


class _Attempt(Generic[T]):
    """One attempt to send a call: the request, and what is made of the answer."""

    def __init__(self, call: Call[T], caller: Caller, number: int, deadline: float) -> None:
        self.call = call
        self.caller = caller
        self.number = number
        self.deadline = deadline
        self.started = 0.0
        self.url = _NOWHERE
        self.sent_at: dt.datetime | None = None
        """When a charge was handed to the driver; None for any other call."""
        self.invalid: RawResponse | None = None
        """A success that was read to its end, and whose body is not what was promised."""

    def prepare(self) -> Send:
        """Make the request; any fault of the call itself is raised here, before anything is sent."""
        self.started = time.monotonic()
        request = self.caller.build(self.call, self.deadline - self.started)
        self.url = request.url
        fresh = self.caller.fresh or self.call.operation.retry == "charge"
        return Send(request, self.deadline, self.caller.options.body_limit, fresh)

    def note_sent(self) -> None:
        """Note when a charge is handed to the driver."""
        if self.call.operation.retry == "charge":
            self.sent_at = dt.datetime.now(dt.UTC)

    def read(self, answer: RawResponse) -> Done[T | CloudflareError] | Failure:
        """Make a result or a failure of an answer."""
        try:
            return self._read(answer)
        except BaseException as error:  # noqa: BLE001 - raised again
            # What interrupts the reading passes through without the frames that hold the body.
            raise error.with_traceback(None)  # noqa: B904 - it is the same error

    def _read(self, answer: RawResponse) -> Done[T | CloudflareError] | Failure:
        operation, caller = self.call.operation, self.caller
        names = answer.header_names()
        if b"ratelimit" in names:
            caller.ratelimit_headers = answer.headers
        if log.isEnabledFor(logging.DEBUG):
            self._log(f"{answer.status_code}")
        forget_frames(answer.broken)
        if answer.broken is not None and not isinstance(answer.broken, BodyTooLarge):
            from .failures import broken_answer

            return broken_answer(answer, operation, self._about(), caller, self._elapsed())
        compressed = b"content-encoding" in names
        reading, content = read_answer(operation, answer, caller.options.body_limit, self._mask, compressed=compressed)
        if isinstance(reading, Result):
            return Done(reading.value, answer, self.number, self.url)
        if isinstance(reading, Mismatch):
            self.invalid = answer
        from .failures import ErrorFromResponse

        return ErrorFromResponse(answer, content, operation, self._about(), caller).failure(reading)

    def without_answer(self, error: Exception, *, left: bool) -> Failure:
        """Make a failure of the error that came instead of an answer; `left`: the request may have left."""
        if log.isEnabledFor(logging.DEBUG):
            self._log(type(error).__name__)
        forget_frames(error)
        from .failures import without_answer

        return without_answer(error, self.call.operation, self._about(), self.caller, self._elapsed(), left=left)

    def interrupted(self, error: BaseException) -> None:
        """Say on what interrupts a charge that it may have been made."""
        if self.sent_at is not None and not isinstance(error, NothingSent):
            from .failures import interrupted

            error.add_note(interrupted(self.call, self._account))

    def pause_after(self, failed: Failure) -> float | None:
        """Decide whether to send again, and after how many seconds; tell those who want to know."""
        from .retries import pause_before_next

        operation, options = self.call.operation, self.caller.options
        pause = pause_before_next(operation.retry, failed.kind, failed.retry_after, self.number, options.max_retries)
        if pause is None or time.monotonic() + pause >= self.deadline:
            return None
        log.info("%s failed (attempt %d, %s); again in %.2f s", operation.call, self.number, failed.kind.value, pause)
        if options.on_retry is not None:
            options.on_retry(RetryEvent(operation.call, self.number, pause, failed.error))
        return pause

    def final_error(self, failed: Failure) -> CloudflareError:
        """Choose the error that the caller gets: a charge that may have been made has its own."""
        if self.sent_at is None or failed.definite or failed.never_left:
            return failed.error
        from .failures import outcome_unknown

        return outcome_unknown(self.call, failed, self._account, self.sent_at)

    @property
    def _account(self) -> str:
        return self.caller.account_of(self.call)

    def _about(self) -> dict[str, Any]:
        operation = self.call.operation
        return {
            "operation": operation.call,
            "method": operation.method,
            "path": path_of(self.url),
            "attempts": self.number,
            "ratelimit": self.caller.last_ratelimit,
        }

    def _elapsed(self) -> float:
        return time.monotonic() - self.started

    def _mask(self, text: str) -> str:
        from .masking import mask_text

        return mask_text(text, self.caller.credentials)

    def _log(self, what: str) -> None:
        method, milliseconds = self.call.operation.method, self._elapsed() * 1000
        log.debug("%s %s %s in %.0f ms (attempt %d)", method, path_of(self.url), what, milliseconds, self.number)
