"""The errors for answers that hold no result: what the API refused, what is not its own, and what the documents do not promise."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from .answers import Foreign, Refused, Unpromised
from .caller import Caller
from .errors import APIResponseValidationError, ErrorDetail, status_error
from .exchange import Answer
from .failures import Failure, answered, doubt_about
from .masking import MESSAGE_KEPT, cut, find_payment_id, mask_text
from .operation import Operation
from .retries import DEFINITE_REFUSALS, Trouble, read_retry_after, trouble_of_status

_DETAILS_KEPT = 20


@frozen(eq=False, repr=False)
class WithoutResult:
    """One answer that was read to its end and holds no result."""

    answer: Answer
    content: bytes
    """The body, without compression."""
    operation: Operation[Any]
    about: dict[str, Any]
    caller: Caller

    def failure(self, reading: Refused | Foreign | Unpromised) -> Failure:
        """Make the failure for what was found in it."""
        if isinstance(reading, Unpromised):
            return self._unpromised(reading)
        return self._refused(reading.details if isinstance(reading, Refused) else None)

    def _unpromised(self, reading: Unpromised) -> Failure:
        place, expected, found = reading.mismatch
        what = f"the body is no JSON: {found}" if expected == "JSON" else str(reading.mismatch)
        doubt = doubt_about(self.operation, done=True)
        error = APIResponseValidationError(
            f"{self._asked} with what the documents do not promise: {what}{self._ray}.{doubt}",
            place=place,
            expected=expected,
            found=found,
            **self.about,
            **answered(self.answer, self.content, self.caller),
        )
        return Failure(error, Trouble.OTHER, payment_id=self._payment_id)

    def _refused(self, details: tuple[ErrorDetail, ...] | None) -> Failure:
        """Make the failure for an answer that says no; without details it is not in the API's envelope."""
        status = self.answer.status_code
        definite = details is not None and status in DEFINITE_REFUSALS
        retry_after = read_retry_after(self.answer.headers)
        shown = tuple(
            ErrorDetail(code, cut(self._mask(message), MESSAGE_KEPT))
            for code, message in (details or ())[:_DETAILS_KEPT]
        )
        said = "; ".join(f"[{_code_in_words(code)}] {message}" for code, message in shown)
        sentences = [
            f"{self._asked}: {said or self._foreign(in_envelope=details is not None)}{self._ray}.",
            *self._advice(shown),
            *self._consequence(definite=definite),
            *([f"It asks to wait {retry_after:g} s."] if retry_after else []),
        ]
        error = status_error(status)(
            " ".join(sentences),
            retry_after=retry_after,
            errors=shown,
            **self.about,
            **answered(self.answer, self.content, self.caller),
        )
        trouble = trouble_of_status(status, in_envelope=details is not None)
        return Failure(error, trouble, retry_after, definite, self._payment_id)

    @property
    def _asked(self) -> str:
        return f"{self.operation.method} {self.about['path']} answered {self.answer.status_code}"

    @property
    def _ray(self) -> str:
        ray = self.answer.headers.get("cf-ray")
        return f" (cf-ray {cut(self._mask(ray), 60)})" if ray else ""

    @property
    def _payment_id(self) -> str | None:
        return find_payment_id(self.content) if self.operation.retry == "charge" else None

    def _mask(self, text: str) -> str:
        return mask_text(text, self.caller.credentials)

    def _foreign(self, *, in_envelope: bool) -> str:
        if in_envelope:
            return "no reason given"
        location = self.answer.headers.get("location")
        if 300 <= self.answer.status_code <= 399:
            return f"a redirect{f' to {cut(self._mask(location), 100)}' if location else ''}, which is never followed"
        kind = cut(self._mask(self.answer.headers.get("content-type", "no content type")), 60)
        return f"an answer that is not the API's own ({kind}, {len(self.answer.content)} bytes)"

    def _advice(self, details: tuple[ErrorDetail, ...]) -> list[str]:
        status, operation, credentials = self.answer.status_code, self.operation, self.caller.credentials
        advice: list[str] = []
        if any("NO_MANUAL_TOPUP" in message for _, message in details):
            advice.append(
                "The account has never been topped up by hand: do that once, with topup.create() or in the dashboard."
            )
        if status == 402 and operation.retry == "charge":
            advice.append(
                "The bank has declined the card: put another one on the account in the dashboard, or ask the bank."
            )
        elif status == 402 or any(code == 2021 for code, _ in details):
            advice.append("The account is out of credit: top it up with topup.create().")
        if status == 403 and operation.deprecated:
            advice.append(operation.deprecated)
        elif status == 403 and operation.permissions:
            permissions = " or ".join(map(repr, operation.permissions))
            advice.append(f"The token needs the permission {permissions}, for this account.")
        if status == 401:
            advice.append(
                f"The {credentials.kind} (from {credentials.source}) was not accepted: is it complete, active and not expired?"
            )
        return advice

    def _consequence(self, *, definite: bool) -> list[str]:
        if definite:
            return ["Nothing was charged."] if self.operation.retry == "charge" else []
        return [doubt.strip()] if (doubt := doubt_about(self.operation)) else []


def _code_in_words(code: float) -> str:
    return cut(str(code).removesuffix(".0"), 20)
