"""From an answer to the documented result, or to the error that says why there is none. Pure: nothing is sent, nothing is raised.

What is found is returned and raised by the flow, whose frames hold no body: a traceback that shows local variables shows no secret.
"""

from __future__ import annotations

import re
from typing import Any, Generic, NamedTuple, TypeVar

import httpx
from attrs import define, field, frozen

from .credentials import Credentials
from .errors import BODY_KEPT, APIResponseValidationError, APIStatusError, ErrorDetail, status_error
from .json_text import Unreadable, read_json, unpack
from .operation import Operation
from .ratelimit import read_ratelimit
from .retries import DEFINITE_REFUSALS, Trouble, read_retry_after, trouble_of_status
from .shapes import MISMATCH, Mismatch, Shape, find_mismatch, is_finite, is_number

T = TypeVar("T")

_CLIENT_SECRET = re.compile(rb'("client_secret"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|\Z)')
_STRIPE_SECRET = re.compile(rb"\b((?:pi|seti)_[A-Za-z0-9]+_secret_)[A-Za-z0-9_]+")
_PAYMENT_ID = re.compile(rb'"payment_intent_id"\s*:\s*"([A-Za-z0-9_-]{1,255})"')


@define(eq=False, repr=False)
class Answer:
    """What came back: status, headers and the whole body as it was sent."""

    status_code: int
    headers: httpx.Headers
    content: bytes
    broken: Exception | None = None
    """Why the body ends early, if it does."""

    def __repr__(self) -> str:
        return f"<Answer {self.status_code}, {len(self.content)} bytes>"


class Result(NamedTuple, Generic[T]):
    """A documented result."""

    value: T

    def __repr__(self) -> str:
        return "<Result>"


@frozen(eq=False)
class Refusal:
    """Why there is no result."""

    error: APIStatusError | APIResponseValidationError
    trouble: Trouble
    retry_after: float | None = None
    definite: bool = False
    """Whether a charge did certainly not happen."""
    payment_id: str | None = field(default=None)


def read_answer(
    operation: Operation[T], answer: Answer, about: dict[str, Any], credentials: Credentials, limit: int
) -> Result[T] | Refusal:
    """Read an answer: a documented result, or why there is none."""
    content: bytes | Unreadable = answer.content
    if "content-encoding" in answer.headers:
        content = unpack(answer.content, answer.headers, limit)
    parsed = content if isinstance(content, Unreadable) else read_json(content)
    if 200 <= answer.status_code <= 299 and not isinstance(parsed, Unreadable):
        found = _read_success(operation, parsed)
        if isinstance(found, Result):
            return found
    elif isinstance(parsed, Unreadable):
        found = Mismatch("$", "JSON", parsed.reason)
    else:
        found = None
    reader = _Refused(operation, answer, about, credentials, b"" if isinstance(content, Unreadable) else content)
    if isinstance(parsed, Unreadable):
        return reader.status(None) if not 200 <= answer.status_code <= 299 else reader.unreadable(parsed.reason)
    details = _error_details(parsed)
    if found is None:
        return reader.status(details)
    return reader.invalid(found)


def _read_success(operation: Operation[T], parsed: object) -> Result[T] | Mismatch | None:
    """Read a 2xx answer; None when its envelope says that the API refused."""
    if operation.envelope is None:
        value = operation.decode(parsed)
        place, shape, wrong = "$", operation.shape, parsed
    else:
        envelope = operation.envelope(parsed)
        if envelope is MISMATCH:
            if _error_details(parsed) is not None:
                return None
            return _where(parsed, operation.envelope_shape, "$")
        if not envelope.success:
            return None
        value = operation.decode(envelope.result)
        place, shape, wrong = "$.result", operation.shape, envelope.result
    if value is MISMATCH:
        return _where(wrong, shape, place)
    return Result(value)


def _where(value: object, shape: Shape, place: str) -> Mismatch:
    found = find_mismatch(value, shape, place)
    return found or Mismatch(
        place, "what the document says", "something else (please report this: two checks disagree)"
    )


def _error_details(parsed: object) -> tuple[ErrorDetail, ...] | None:
    """Read the errors of a refusal in the API's envelope; None for anything else."""
    if type(parsed) is not dict or parsed.get("success") is not False or type(parsed.get("errors")) is not list:
        return None
    details = []
    for item in parsed["errors"]:
        if type(item) is not dict or not is_number(item.get("code")) or type(item.get("message")) is not str:
            return None
        details.append(ErrorDetail(item["code"], item["message"]))
    result = parsed.get("result")
    return tuple(details) if (result is None or type(result) is dict) and is_finite(result) else None


class _Refused:
    """Makes the errors for one answer that holds no result."""

    def __init__(
        self, operation: Operation[Any], answer: Answer, about: dict[str, Any], credentials: Credentials, content: bytes
    ) -> None:
        self.operation = operation
        self.answer = answer
        self.credentials = credentials
        self.headers = httpx.Headers(
            [(name, credentials.redact(value)) for name, value in answer.headers.multi_items()]
        )
        self.content = content
        self.about = {
            **about,
            "status_code": answer.status_code,
            "headers": self.headers,
            "body": mask(content, credentials)[:BODY_KEPT],
            "ratelimit": read_ratelimit(answer.headers) or about.get("ratelimit"),
        }
        self.asked = f"{operation.method} {about.get('path', operation.path)}"
        ray = answer.headers.get("cf-ray")
        self.ray = f" (cf-ray {self.credentials.redact(ray)[:60]})" if ray else ""

    def status(self, details: tuple[ErrorDetail, ...] | None) -> Refusal:
        """Make the error for an answer that says no."""
        status = self.answer.status_code
        charge = self.operation.retry == "charge"
        in_envelope = details is not None
        definite = in_envelope and status in DEFINITE_REFUSALS
        details = tuple(
            ErrorDetail(code, self.credentials.redact(_masked_text(message))) for code, message in details or ()
        )
        said = "; ".join(f"[{code:g}] {message}" for code, message in details) or self._foreign()
        advice = [*self._advice(status, details)]
        if charge and definite:
            advice.append("Nothing was charged.")
        message = " ".join([f"{self.asked} answered {status}: {said}{self.ray}.", *advice])
        retry_after = read_retry_after(self.answer.headers)
        error = status_error(status)(message, retry_after=retry_after, errors=details, **self.about)
        return Refusal(
            error, trouble_of_status(status, in_envelope=in_envelope), retry_after, definite, self._payment_id()
        )

    def unreadable(self, reason: str) -> Refusal:
        """Make the error for a 2xx answer whose body is no JSON."""
        return self._invalid(f"the body cannot be read: {reason}", Mismatch("$", "JSON", reason))

    def invalid(self, mismatch: Mismatch) -> Refusal:
        """Make the error for a 2xx answer that is not what the document says."""
        mismatch = mismatch._replace(found=self.credentials.redact(_masked_text(mismatch.found)))
        return self._invalid(str(mismatch), mismatch)

    def _invalid(self, what: str, mismatch: Mismatch) -> Refusal:
        done = " The deletion was probably done; ask with get()." if self.operation.method == "DELETE" else ""
        message = f"{self.asked} answered {self.answer.status_code} with what the documents do not promise: {what}{self.ray}.{done}"
        error = APIResponseValidationError(
            message, place=mismatch.place, expected=mismatch.expected, found=mismatch.found, **self.about
        )
        return Refusal(error, Trouble.OTHER, payment_id=self._payment_id())

    def _foreign(self) -> str:
        location = self.headers.get("location")
        if 300 <= self.answer.status_code <= 399:
            return f"a redirect{f' to {location[:100]}' if location else ''}, which is never followed"
        kind = self.headers.get("content-type", "no content type")[:60]
        return f"an answer that is not the API's own ({kind}, {len(self.answer.content)} bytes)"

    def _payment_id(self) -> str | None:
        return find_payment_id(self.content) if self.operation.retry == "charge" else None

    def _advice(self, status: int, details: tuple[ErrorDetail, ...]) -> list[str]:
        advice = []
        if any("NO_MANUAL_TOPUP" in message for _, message in details):
            advice.append(
                "The account has never been topped up by hand: do that once, with topup.create() or in the dashboard."
            )
        if status == 402 or any(code == 2021 for code, _ in details):
            advice.append("The account is out of credit: top it up with topup.create().")
        if status == 403 and self.operation.deprecated:
            advice.append(self.operation.deprecated)
        elif status == 403 and self.operation.permissions:
            advice.append(
                f"The token needs the permission {' or '.join(map(repr, self.operation.permissions))}, for this account."
            )
        if status == 401:
            advice.append(
                f"The {self.credentials.kind} (from {self.credentials.source}) was not accepted: is it complete, active and not expired?"
            )
        return advice


def find_payment_id(content: bytes) -> str | None:
    """Find the payment's id in an answer, even one that is cut off or otherwise unusable."""
    found = _PAYMENT_ID.search(content)
    return found[1].decode() if found else None


def mask(content: bytes, credentials: Credentials) -> bytes:
    """Mask what may not be kept of a body: the caller's own secrets, should the server echo them, and client secrets."""
    content = _CLIENT_SECRET.sub(rb'\1"***"', credentials.redact_bytes(content))
    return _STRIPE_SECRET.sub(rb"\1***", content)


def _masked_text(message: str) -> str:
    return _STRIPE_SECRET.sub(rb"\1***", message.encode(errors="replace")).decode()
