"""The errors for attempts without a whole answer: no connection, a timeout, a connection that broke."""

from __future__ import annotations

from typing import Any

import httpx
from attrs import frozen

from .caller import Caller
from .compression import unpack_what_there_is
from .errors import APIConnectionError, APIError, APITimeoutError
from .exchange import Answer, DeadlineExceeded
from .masking import cut, find_payment_id, mask_body, mask_text
from .operation import Operation
from .retries import Trouble, trouble_of_exception

_IN_WORDS: dict[type[Exception], str] = {
    httpx.ConnectTimeout: "no connection was made in time",
    httpx.ReadTimeout: "no answer came in time",
    httpx.WriteTimeout: "the request could not be sent in time",
    httpx.PoolTimeout: "no connection became free in time",
    httpx.ConnectError: "no connection could be made",
    httpx.ProxyError: "the proxy refused",
}


@frozen(eq=False)
class Failure:
    """Why an attempt brought no result."""

    error: APIError
    trouble: Trouble
    retry_after: float | None = None
    """Seconds to wait that the API asked for."""
    definite: bool = False
    """Whether a charge did certainly not happen."""
    payment_id: str | None = None


def without_answer(
    error: Exception, operation: Operation[Any], about: dict[str, Any], caller: Caller, elapsed: float
) -> Failure:
    """Make the failure for an attempt that ended before a status line came."""
    trouble = trouble_of_exception(error)
    never_left = trouble is Trouble.NEVER_LEFT
    what = f"{about['method']} {about['path']}: {_in_words(error, caller)} after {elapsed:.1f} s"
    doubt = "; nothing was sent." if never_left else f".{doubt_about(operation)}"
    made = _class_for(error)(f"{what}{doubt}{_advice(error)}", never_left=never_left, **about)
    made.__cause__ = _safe_cause(error, caller)
    return Failure(made, trouble)


def broken_answer(
    answer: Answer, operation: Operation[Any], about: dict[str, Any], caller: Caller, elapsed: float
) -> Failure:
    """Make the failure for an answer that began and did not end: the request has left, whatever the error's class says."""
    error = answer.broken or DeadlineExceeded()
    content = unpack_what_there_is(answer.content, answer.headers, caller.options.body_limit)
    what = f"{about['method']} {about['path']} answered {answer.status_code}, and then {_in_words(error, caller)} after {elapsed:.1f} s"
    about = about | answered(answer, content, caller)
    made = _class_for(error)(f"{what}.{doubt_about(operation, done=answer.is_success)}", **about)
    made.__cause__ = _safe_cause(error, caller)
    trouble = Trouble.TOO_LATE if isinstance(error, DeadlineExceeded) else Trouble.LOST
    payment_id = find_payment_id(content) if operation.retry == "charge" else None
    return Failure(made, trouble, payment_id=payment_id)


def answered(answer: Answer, content: bytes, caller: Caller) -> dict[str, Any]:
    """What an error keeps of an answer, masked."""
    credentials = caller.credentials
    # As bytes, for httpx.Headers takes no text outside ASCII and servers send what they like.
    headers = [
        (name, mask_text(value.decode("latin-1"), credentials).encode("latin-1")) for name, value in answer.headers.raw
    ]
    return {
        "status_code": answer.status_code,
        "headers": httpx.Headers(headers),
        "body": mask_body(content, credentials),
    }


def doubt_about(operation: Operation[Any], *, done: bool = False) -> str:
    """Say what is not known after a request that may have arrived; `done` when the answer began as a success."""
    if operation.method == "DELETE":
        return f" The deletion was {'probably' if done else 'perhaps'} done: ask with get(), or delete again, which does no harm."
    if operation.retry == "once":
        return f" It has {'probably' if done else 'perhaps'} taken effect: ask with get() before you send it again."
    return ""


def _class_for(error: Exception) -> type[APIConnectionError]:
    return APITimeoutError if isinstance(error, (httpx.TimeoutException, DeadlineExceeded)) else APIConnectionError


def _in_words(error: Exception, caller: Caller) -> str:
    if isinstance(error, DeadlineExceeded):
        return f"the deadline of {caller.options.deadline:g} s passed"
    known = next((text for kind, text in _IN_WORDS.items() if isinstance(error, kind)), "the connection broke")
    return f"{known} ({': '.join(filter(None, (_httpx_class(error).__name__, _detail(error, caller))))})"


def _detail(error: Exception, caller: Caller) -> str:
    # A protocol error of h11 quotes the header that it dislikes, and that may be a token.
    return "" if isinstance(error, httpx.LocalProtocolError) else cut(mask_text(str(error), caller.credentials), 200)


def _advice(error: Exception) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return " Where the network has a certificate authority of its own, name its file in SSL_CERT_FILE."
    return ""


def _safe_cause(error: Exception, caller: Caller) -> Exception | None:
    """Make a copy of an error that says what happened and holds nothing else: no request, no chain, no frames."""
    if isinstance(error, DeadlineExceeded):
        return None
    return _httpx_class(error)(_detail(error, caller) or "its details are hidden")


def _httpx_class(error: Exception) -> type[Exception]:
    """Give the error's nearest class of httpx: one of a user's transport may not be made from a message alone."""
    return next((kind for kind in type(error).__mro__ if kind.__module__ == httpx.__name__), type(error))
