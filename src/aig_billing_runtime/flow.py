"""One call, from the first attempt to a result or an error: every decision, and no I/O.

A flow is a generator. It yields a `Send` and is sent the `Answer`, or has the transport's error thrown into it; it yields a `Wait`
and is resumed when the time is over; it yields a `Do` and is sent what the work returned; it returns the result. A small synchronous and a small asynchronous driver run it, so nothing
here is written twice. (httpx writes its authentication flows this way.)
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Generator
from typing import Any, NamedTuple, TypeAlias, TypeVar

import httpx
from attrs import define, frozen

from .answers import Answer, Refusal, Result, find_payment_id, read_answer
from .credentials import Credentials
from .errors import APIConnectionError, APIError, APITimeoutError, ChargeOutcomeUnknown
from .money import Money
from .operation import Call
from .ratelimit import RateLimit, read_ratelimit
from .retries import SENT_AGAIN_AFTER, Trouble, backoff, trouble_of_exception

T = TypeVar("T")
log = logging.getLogger("aig_billing")


class Send(NamedTuple):
    """Send this request, and read its answer up to a size and until a moment (of `time.monotonic`)."""

    request: httpx.Request
    give_up: float
    limit: int
    fresh: bool = False
    """On a connection of its own, opened for it and closed after it."""


class Wait(NamedTuple):
    """Wait so many seconds."""

    seconds: float


class Do(NamedTuple):
    """Do this work, which blocks, and tell what it returns: here and now, or in a thread where an event loop must not wait."""

    work: Callable[[], object]


Step: TypeAlias = Send | Wait | Do
Flow: TypeAlias = Generator[Step, Any, T]


class DeadlineExceeded(Exception):  # noqa: N818 - thrown into the flow, never to a caller
    """The deadline of the whole call passed while a step was under way."""


class BodyTooLarge(Exception):  # noqa: N818 - thrown into the flow, never to a caller
    """The answer is larger than the limit."""


@frozen
class RetryEvent:
    """What `on_retry` is told: a request is about to be sent again."""

    operation: str
    attempt: int
    """Which attempt just failed: 1, 2, ..."""
    wait: float
    """Seconds until the next one."""
    error: APIError


@frozen(kw_only=True)
class Options:
    """How calls are sent."""

    timeout: httpx.Timeout | None = None
    """Per attempt; None for connect 5 s, read 30 s, a charge's read 90 s."""
    deadline: float = 120.0
    """Seconds for the whole call with its waits."""
    max_retries: int = 2
    body_limit: int = 10_000_000
    """Bytes of an answer that are read at most."""
    on_retry: Callable[[RetryEvent], None] | None = None


@define(eq=False)
class Caller:
    """What a flow needs of its client."""

    credentials: Credentials
    options: Options
    build: Callable[[Call[Any], float], httpx.Request]
    """Makes the request for one attempt, given the seconds left."""
    last_headers: httpx.Headers | None = None
    """Those of the last answer seen."""

    @property
    def last_ratelimit(self) -> RateLimit | None:
        """The last rate limit seen."""
        return read_ratelimit(self.last_headers)


class Outcome(NamedTuple):
    """What a flow returns besides the result."""

    answer: Answer
    attempts: int
    path: str


@frozen(eq=False)
class _Failure:
    error: APIError
    trouble: Trouble
    retry_after: float | None = None
    definite: bool = False
    payment_id: str | None = None


def call_flow(call: Call[T], caller: Caller) -> Flow[tuple[T, Outcome]]:
    """Send one call, again where that is safe, until there is a result or an error to raise."""
    operation, options = call.operation, caller.options
    charge = operation.retry == "charge"
    give_up = time.monotonic() + options.deadline
    attempts = 0
    while True:
        attempts += 1
        started = time.monotonic()
        request = caller.build(call, give_up - started)
        path = request.url.raw_path.decode("ascii")
        about = {"operation": operation.call, "method": operation.method, "path": path, "attempts": attempts}
        sent_at = dt.datetime.now(dt.UTC) if charge else None
        failed: Refusal | _Failure
        try:
            answer: Answer = yield Send(request, give_up, options.body_limit, charge)
        except (httpx.RequestError, DeadlineExceeded) as error:
            failed = _without_answer(error, about, caller, started)
        except BaseException as error:
            if charge:
                error.add_note(_interrupted(call, path))
            raise
        else:
            caller.last_headers = answer.headers
            if log.isEnabledFor(logging.DEBUG):
                _log_answer(about, answer, started)
            if answer.broken is not None:
                failed = _broken(answer, about, caller, started)
            else:
                read = read_answer(operation, answer, about, caller.credentials, options.body_limit)
                if isinstance(read, Result):
                    return read.value, Outcome(answer, attempts, path)
                failed = read
        wait = _wait_before_next(failed, attempts, options)
        again = failed.trouble in SENT_AGAIN_AFTER[operation.retry] and attempts <= options.max_retries
        if not again or time.monotonic() + wait >= give_up:
            break
        event = RetryEvent(operation.call, attempts, wait, failed.error)
        log.info("%s failed (attempt %d, %s); again in %.2f s", operation.call, attempts, failed.trouble.value, wait)
        if options.on_retry is not None:
            options.on_retry(event)
        yield Wait(wait)
    if charge and not failed.definite and failed.trouble is not Trouble.NEVER_LEFT:
        unknown = _outcome_unknown(call, failed, path, sent_at)
        raise unknown from failed.error
    raise failed.error


def _wait_before_next(failed: Refusal | _Failure, attempts: int, options: Options) -> float:
    if failed.retry_after is not None:
        return failed.retry_after
    return backoff(attempts) if attempts <= options.max_retries else 0.0


def _without_answer(error: Exception, about: dict[str, Any], caller: Caller, started: float) -> _Failure:
    """Make the error for an attempt that ended without an answer."""
    trouble = Trouble.LOST if isinstance(error, DeadlineExceeded) else trouble_of_exception(error)
    never_left = trouble is Trouble.NEVER_LEFT
    late = isinstance(error, (httpx.TimeoutException, DeadlineExceeded))
    kind = APITimeoutError if late else APIConnectionError
    asked = f"{about['method']} {about['path']}"
    what = _in_words(error, caller)
    left = "; nothing was sent" if never_left else ""
    message = f"{asked}: {what} after {time.monotonic() - started:.1f} s{left}."
    made = kind(message, never_left=never_left, ratelimit=caller.last_ratelimit, **about)
    made.__cause__ = _safe_cause(error, caller)
    log.debug("%s %s failed: %s", about["method"], about["path"], type(error).__name__)
    return _Failure(made, trouble)


def _broken(answer: Answer, about: dict[str, Any], caller: Caller, started: float) -> _Failure:
    """Make the error for an answer that began and did not end."""
    assert answer.broken is not None  # noqa: S101 - the caller has looked
    failure = _without_answer(answer.broken, about, caller, started)
    # Once a status line is here the request has left, whatever the error's class says of connections.
    trouble = Trouble.OTHER if isinstance(answer.broken, BodyTooLarge) else Trouble.LOST
    if isinstance(failure.error, APIConnectionError):
        failure.error.never_left = False
    return _Failure(failure.error, trouble, payment_id=find_payment_id(answer.content))


def _in_words(error: Exception, caller: Caller) -> str:
    if isinstance(error, DeadlineExceeded):
        return f"the deadline of {caller.options.deadline:g} s passed"
    if isinstance(error, BodyTooLarge):
        return f"the answer is larger than {caller.options.body_limit:,} bytes"
    words = {
        httpx.ConnectTimeout: "no connection was made in time",
        httpx.ReadTimeout: "no answer came in time",
        httpx.WriteTimeout: "the request could not be sent in time",
        httpx.PoolTimeout: "no connection became free in time",
        httpx.ConnectError: "no connection could be made",
        httpx.ProxyError: "the proxy refused",
    }
    known = next((text for kind, text in words.items() if isinstance(error, kind)), "the connection broke")
    # A protocol error of h11 quotes the header that it dislikes, and that may be a token.
    detail = "" if isinstance(error, httpx.LocalProtocolError) else caller.credentials.redact(str(error))[:200]
    return f"{known} ({type(error).__name__}{f': {detail}' if detail else ''})"


def _safe_cause(error: Exception, caller: Caller) -> Exception:
    """Make a copy of an error that says what happened and holds nothing else: no request, no chain, no frames."""
    if isinstance(error, httpx.LocalProtocolError):
        return httpx.LocalProtocolError("the request could not be written (its details are hidden)")
    if isinstance(error, httpx.RequestError):
        return type(error)(caller.credentials.redact(str(error)))
    return type(error)(str(error))


def _outcome_unknown(
    call: Call[Any], failed: Refusal | _Failure, path: str, sent_at: dt.datetime | None
) -> ChargeOutcomeUnknown:
    account = _account_of(call, path)
    known = (
        f"Its payment is {failed.payment_id}: ask billing.topup.status(payment_intent_id={failed.payment_id!r})."
        if failed.payment_id
        else "Look for it with billing.invoice_history(type='manual') and billing.credit_balance()."
    )
    sent = f", sent at {sent_at:%Y-%m-%d %H:%M:%S} UTC," if sent_at else ""
    message = (
        f"The top-up of {_amount_of(call)} for account {account}{sent} may or may not have been charged: {failed.error.message} "
        f"Do not send it again before you know. {known}"
    )
    return ChargeOutcomeUnknown(
        message,
        account_id=account,
        amount=call.amount,
        payment_id=failed.payment_id,
        sent_at=sent_at,
        cause=failed.error,
    )


def _interrupted(call: Call[Any], path: str) -> str:
    return (
        f"The top-up of {_amount_of(call)} for account {_account_of(call, path)} was interrupted: it may have been charged. "
        "Do not send it again before you have looked with billing.invoice_history(type='manual')."
    )


def _amount_of(call: Call[Any]) -> str:
    return str(Money.from_cents(call.amount)) if call.amount is not None else "an unknown amount"


def _account_of(call: Call[Any], path: str) -> str:
    given = dict(zip(call.operation.parameters, call.arguments, strict=True)).get("account_id")
    return given or path.partition("/accounts/")[2].partition("/")[0]


def _log_answer(about: dict[str, Any], answer: Answer, started: float) -> None:
    elapsed = (time.monotonic() - started) * 1000
    log.debug(
        "%s %s %d in %.0f ms (attempt %d)",
        about["method"],
        about["path"],
        answer.status_code,
        elapsed,
        about["attempts"],
    )
