"""Makes the errors of a call: for an attempt without a whole answer, for an answer without a result, for a charge of unknown outcome.

What is known of one operation's errors beyond this (a code's meaning, where to look) is in the document, as the operation's hints.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
from attrs import frozen

from .answers import Refused
from .caller import Caller
from .compression import unpack_prefix
from .credentials import Credentials
from .errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APITimeoutError,
    ChargeOutcomeUnknown,
    ErrorDetail,
    credentials_rejected,
    status_error,
)
from .masking import MESSAGE_KEPT, find_text_field, mask_body, mask_text
from .money import Money
from .operation import Call, Operation
from .request_builder import SentTwiceError
from .retries import DEFINITE_REFUSALS, FailureKind, classify_exception, classify_status, read_retry_after
from .schema import Mismatch, cut
from .steps import DeadlineExceeded, RawResponse

_DETAILS_KEPT = 20
_EXCEPTIONS_IN_WORDS: dict[type[Exception], str] = {
    httpx.ConnectTimeout: "no connection was made in time",
    httpx.ReadTimeout: "no answer came in time",
    httpx.WriteTimeout: "the request could not be sent in time",
    httpx.PoolTimeout: "no connection became free in time",
    httpx.ConnectError: "no connection could be made",
    httpx.ProxyError: "the proxy refused",
    SentTwiceError: "it was not sent again",
}


@frozen(eq=False)
class Failure:
    """Why an attempt brought no result."""

    error: APIError
    kind: FailureKind
    retry_after: float | None = None
    """Seconds to wait that the API asked for."""
    definite: bool = False
    """Whether a charge did certainly not happen."""
    payment_id: str | None = None
    """The payment that a success named which is cut off, or otherwise not as promised."""

    @property
    def never_left(self) -> bool:
        """Whether no byte of the request was sent."""
        return self.kind is FailureKind.NEVER_LEFT


# Attempts without a whole answer


def without_answer(
    error: Exception, operation: Operation[Any], about: dict[str, Any], caller: Caller, elapsed: float, *, left: bool
) -> Failure:
    """Make the failure for an attempt that ended before a status line came."""
    kind = classify_exception(error)
    if left and kind is FailureKind.NEVER_LEFT:
        # The error is of a retry by the transport, or of another connection.
        kind = FailureKind.LOST
    never_left = kind is FailureKind.NEVER_LEFT
    what = f"{about['method']} {about['path']}: {_in_words(error, caller)} after {elapsed:.1f} s"
    doubt = "; nothing was sent." if never_left else f".{_doubt_about(operation)}"
    about = about | {"never_left": never_left}
    return Failure(_connection_error(f"{what}{doubt}{_certificate_advice(error)}", error, caller, about), kind)


def broken_answer(
    answer: RawResponse, operation: Operation[Any], about: dict[str, Any], caller: Caller, elapsed: float
) -> Failure:
    """Make the failure for an answer that began and did not end: the request has left, whichever class the error has."""
    error = answer.broken or DeadlineExceeded()
    content = unpack_prefix(answer.content, answer.headers, caller.options.body_limit)
    what = f"{about['method']} {about['path']} answered {answer.status_code}, and then {_in_words(error, caller)} after {elapsed:.1f} s"
    doubt = _doubt_about(operation, done=answer.is_success)
    made = _connection_error(f"{what}.{doubt}", error, caller, about | _kept_of(answer, content, caller))
    kind = FailureKind.TOO_LATE if isinstance(error, DeadlineExceeded) else FailureKind.LOST
    # An error may name any payment.
    return Failure(made, kind, payment_id=_payment_in(content, operation) if answer.is_success else None)


# Answers without a result


@frozen(eq=False, repr=False)
class ErrorFromResponse:
    """Makes the failure for one answer that was read to its end and holds no result."""

    answer: RawResponse
    content: bytes
    """The body, without compression."""
    operation: Operation[Any]
    about: dict[str, Any]
    caller: Caller

    def failure(self, reading: Refused | Mismatch) -> Failure:
        """Make the failure for what was found in the answer."""
        return self._invalid(reading) if isinstance(reading, Mismatch) else self._refused(*reading)

    def _invalid(self, mismatch: Mismatch) -> Failure:
        place, expected, found = mismatch
        what = f"the body is not JSON: {found}" if expected == "JSON" else str(mismatch)
        error = APIResponseValidationError(
            f"{self._asked} with what the documents do not promise: {what}{self._ray}.{_doubt_about(self.operation, done=True)}",
            place=place,
            expected=expected,
            found=found,
            **self.about,
            **_kept_of(self.answer, self.content, self.caller),
        )
        return Failure(error, FailureKind.OTHER, payment_id=_payment_in(self.content, self.operation))

    def _refused(self, details: tuple[ErrorDetail, ...] | None, chain: tuple[ErrorDetail, ...]) -> Failure:
        status = self.answer.status_code
        named = _payment_in(self.content, self.operation)
        # A refusal that names a payment may be of one that was made: it proves nothing.
        definite = details is not None and status in DEFINITE_REFUSALS and named is None
        retry_after = read_retry_after(self.answer.headers)
        shown, reasons = self._shown(details or ()), self._shown(chain)
        said = _said(shown) + (f" (because {_said(reasons)})" if reasons else "")
        advice = self._advice(shown, reasons)
        doubt = _doubt_about(self.operation).strip()
        if definite:
            doubt = "Nothing was charged." if self.operation.retry == "charge" else ""
        sentences = [
            f"{self._asked}: {said or ('no reason given' if details is not None else self._foreign())}{self._ray}.",
            *advice,
            doubt,
            f"It asks to wait {retry_after:g} s." if retry_after else "",
        ]
        error = status_error(status)(
            " ".join(filter(None, sentences)),
            retry_after=retry_after,
            hint=" ".join(advice),
            errors=shown,
            error_chain=reasons,
            **self.about,
            **_kept_of(self.answer, self.content, self.caller),
        )
        kind = classify_status(status, in_envelope=details is not None)
        return Failure(error, kind, retry_after, definite)

    def _shown(self, details: tuple[ErrorDetail, ...]) -> tuple[ErrorDetail, ...]:
        return tuple(
            ErrorDetail(code, cut(self._mask(message), MESSAGE_KEPT)) for code, message in details[:_DETAILS_KEPT]
        )

    @property
    def _asked(self) -> str:
        return f"{self.operation.method} {self.about['path']} answered {self.answer.status_code}"

    @property
    def _ray(self) -> str:
        ray = self.answer.headers.get("cf-ray")
        return f" (cf-ray {cut(self._mask(ray))})" if ray else ""

    def _mask(self, text: str) -> str:
        return mask_text(text, self.caller.credentials)

    def _foreign(self) -> str:
        location = self.answer.headers.get("location")
        if 300 <= self.answer.status_code <= 399:
            return f"a redirect{f' to {cut(self._mask(location), 100)}' if location else ''}, which is never followed"
        kind = cut(self._mask(self.answer.headers.get("content-type", "no content type")))
        return f"an answer that is not the API's own ({kind}, {len(self.answer.content)} bytes)"

    def _advice(self, details: tuple[ErrorDetail, ...], reasons: tuple[ErrorDetail, ...]) -> list[str]:
        status, operation, credentials = self.answer.status_code, self.operation, self.caller.credentials
        codes = tuple(code for code, _ in details)
        advice = list(dict.fromkeys(hint.text for hint in operation.error_hints if hint.applies(status, details)))
        if credentials_rejected(status, codes):
            return [*advice, _about_credentials(credentials, codes, tuple(code for code, _ in reasons))]
        if status == 403 and operation.deprecated:
            advice.append(operation.deprecated)
        elif status == 403 and operation.permissions and not advice:
            permissions = " or ".join(map(repr, operation.permissions))
            advice.append(
                f"The {credentials.kind} (from {credentials.source}) needs the permission {permissions}, for this account; the "
                "dashboard calls Write Edit."
            )
        return advice


# Charges of unknown outcome


def outcome_unknown(call: Call[Any], failed: Failure, account: str, sent_at: dt.datetime) -> ChargeOutcomeUnknown:
    """Make the error for a charge that may have been made."""
    unknown = ChargeOutcomeUnknown(
        f"The charge of {_amount_of(call)} for account {account}, sent at {sent_at:%Y-%m-%d %H:%M:%S} UTC, may or may not have been "
        f"charged: {failed.error.message} {_before_sending_again(call, failed.payment_id)}",
        account_id=account,
        amount=call.amount,
        payment_id=failed.payment_id,
        sent_at=sent_at,
        cause=failed.error,
    )
    unknown.__cause__ = failed.error
    return unknown


def interrupted(call: Call[Any], account: str) -> str:
    """Make the note for what interrupted a charge: a cancellation, Ctrl-C, an error of the user's transport."""
    return (
        f"The charge of {_amount_of(call)} for account {account} was interrupted: it may have been charged. "
        f"{_before_sending_again(call)}"
    )


def _before_sending_again(call: Call[Any], payment_id: str | None = None) -> str:
    named = [f"The answer named the payment {payment_id}."] if payment_id else []
    hints = [hint.text for hint in call.operation.error_hints if hint.uncertain]
    return " ".join(["Do not send it again before you know.", *named, *hints])


def _amount_of(call: Call[Any]) -> str:
    return str(Money.from_cents(call.amount)) if call.amount is not None else "an unknown amount"


# Parts of messages


def _kept_of(answer: RawResponse, content: bytes, caller: Caller) -> dict[str, Any]:
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


def _payment_in(content: bytes, operation: Operation[Any]) -> str | None:
    return find_text_field(content, operation.payment_field) if operation.payment_field else None


def _doubt_about(operation: Operation[Any], *, done: bool = False) -> str:
    """Say what is not known after a request that may have arrived; `done` when the answer began as a success."""
    likely = "probably" if done else "perhaps"
    if operation.retry == "idempotent":
        return f" It has {likely} taken effect; sending it again does no harm."
    if operation.retry == "once":
        return f" It has {likely} taken effect: read the setting before you send it again."
    return ""


def _connection_error(message: str, error: Exception, caller: Caller, about: dict[str, Any]) -> APIConnectionError:
    """Make the error, with a copy of its cause that says what happened and holds nothing else: no request, no chain, no frames."""
    late = isinstance(error, (httpx.TimeoutException, DeadlineExceeded))
    made = (APITimeoutError if late else APIConnectionError)(message, **about)
    if not isinstance(error, DeadlineExceeded):
        made.__cause__ = _httpx_class(error)(_detail(error, caller) or "its details are hidden")
    return made


def _in_words(error: Exception, caller: Caller) -> str:
    if isinstance(error, DeadlineExceeded):
        return f"the deadline of {caller.options.deadline:g} s passed"
    known = next(
        (text for kind, text in _EXCEPTIONS_IN_WORDS.items() if isinstance(error, kind)), "the connection broke"
    )
    return f"{known} ({': '.join(filter(None, (_httpx_class(error).__name__, _detail(error, caller))))})"


def _detail(error: Exception, caller: Caller) -> str:
    # A protocol error of h11 quotes the header that it dislikes, and that may be a token.
    return "" if isinstance(error, httpx.LocalProtocolError) else cut(mask_text(str(error), caller.credentials), 200)


def _certificate_advice(error: Exception) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return " Where the network has its own certificate authority, name its file in SSL_CERT_FILE."
    return ""


def _httpx_class(error: Exception) -> type[Exception]:
    """Return the error's nearest class of httpx: one of a user's transport may not be made from a message alone."""
    return next((kind for kind in type(error).__mro__ if kind.__module__ == httpx.__name__), type(error))


def _said(details: tuple[ErrorDetail, ...]) -> str:
    return "; ".join(f"[{cut(str(code).removesuffix('.0'), 20)}] {message}" for code, message in details)


def _about_credentials(credentials: Credentials, codes: tuple[float, ...], reasons: tuple[float, ...]) -> str:
    """Say what is wrong with credentials that were not accepted, as far as the codes tell."""
    what = f"The {credentials.kind} (from {credentials.source})"
    if 6103 in reasons:
        return f"{what} was not accepted: the key is malformed. Is it an API token? Give that as the token, without an email."
    if 6003 in codes:
        return f"{what} was not accepted: it is malformed. Was it copied whole, without quotes or spaces?"
    if 9109 in codes:
        return f"{what} was not accepted: it is unknown or expired, or may not be used from this address."
    return f"{what} was not accepted: is it complete, active and not expired?"
