"""Every error that a caller of the client can meet.

CloudflareError
├── CredentialsError                            no credentials, or some that cannot be used
├── FieldValueError                             a field's number is not the time or the amount that it should be (a ValueError too)
├── APIError
│   ├── APIConnectionError                      no answer came
│   │   └── APITimeoutError                     ... in time
│   ├── APIResponseValidationError              an answer came that is not what the documents promise
│   └── APIStatusError                          the API said no
│       └── BadRequestError 400, AuthenticationError 401, PermissionDeniedError 403, NotFoundError 404,
│           ConflictError 409, UnprocessableEntityError 422, RateLimitError 429, InternalServerError 5xx
├── SettingChanged                              somebody else changed a setting at the same time
└── ChargeError                                 never an APIError: a caller's own retry must not catch it by accident
    ├── ChargeOutcomeUnknown                    the card may have been charged
    ├── ChargeInProgress, ChargeKeyReused, ChargeNotFound, PaymentConfirmationRequired
    └── JournalError

The names are those of Cloudflare's own SDK where it has one, so that callers can switch. No error holds a token, a key, an email
address or a `client_secret`: what is kept of a request is its method and path, and what is kept of an answer has been masked.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import httpx

from .named_tuple import NamedTuple

if TYPE_CHECKING:
    from typing import TypedDict, Unpack

    from .ratelimit import RateLimit

    class AboutCall(TypedDict, total=False):
        """What an `APIError` may be given about its call and the answer; its class says what each is."""

        operation: str
        method: str
        path: str
        attempts: int
        ratelimit: RateLimit | None
        status_code: int | None
        headers: httpx.Headers
        body: bytes
        errors: tuple[ErrorDetail, ...]
        error_chain: tuple[ErrorDetail, ...]
        never_left: bool
        place: str
        expected: str
        found: str
        retry_after: float | None
        hint: str

    class AboutCharge(TypedDict, total=False):
        """What a `ChargeError` may be given about its charge; its class says what each is."""

        account_id: str | None
        amount: int | None
        key: str | None
        payment_id: str | None


class ErrorDetail(NamedTuple):
    """One entry of the `errors` of the API's envelope."""

    code: float
    message: str


class CloudflareError(Exception):
    """The root of every error of this package."""

    def __init__(self, *message: str, **about: object) -> None:
        super().__init__(*message)
        for name, value in about.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name!r}")
            setattr(self, name, value)

    @property
    def message(self) -> str:
        """What happened, in words."""
        return str(self.args[0]) if self.args else ""

    def __reduce__(self) -> tuple[Any, ...]:
        # By default a copy has no cause, and shares the notes.
        cause = self.__cause__
        kept = cause if isinstance(cause, CloudflareError) or type(cause).__module__ == httpx.__name__ else None
        notes = {"__notes__": [*self.__notes__]} if hasattr(self, "__notes__") else {}
        return type(self), self.args, {**vars(self), **notes, "__cause__": kept}


class CredentialsError(CloudflareError):
    """There are no credentials, or they cannot be used; nothing was sent."""


class FieldValueError(CloudflareError, ValueError):
    """A field of an answer has a number that is not a time or an amount: `created_datetime` where `created` is 1e18.

    The answer itself is as documented, and the field holds the number as it was sent.
    """


class APIError(CloudflareError):
    """A call that did not end in a documented answer."""

    operation: str = ""
    """The call, as in `ai_gateway.billing.topup.create`."""
    method: str = ""
    """The HTTP method."""
    path: str = ""
    """The path that was asked for, with its query, without the host."""
    attempts: int = 1
    """How many times the request was sent or tried."""
    ratelimit: RateLimit | None = None
    """The last `Ratelimit` that this client has seen, if any."""
    status_code: int | None = None
    """The answer's HTTP status; None when no answer came."""
    headers: httpx.Headers = httpx.Headers()
    """The answer's headers, without what could be a credential of the caller."""
    body: bytes = b""
    """The answer's body, masked and cut to 2,000 bytes."""
    errors: tuple[ErrorDetail, ...] = ()
    """The `errors` of the API's envelope, each with `code` and `message`; empty for a foreign body."""
    error_chain: tuple[ErrorDetail, ...] = ()
    """The reasons behind the errors, in the same form, the most specific one last; mostly empty."""

    if TYPE_CHECKING:

        def __init__(self, message: str, **about: Unpack[AboutCall]) -> None: ...

    @property
    def request_id(self) -> str | None:
        """The `cf-ray` of the answer: what Cloudflare's support asks for."""
        ray: str | None = self.headers.get("cf-ray")
        return ray

    @property
    def codes(self) -> tuple[float, ...]:
        """The API's own error codes."""
        return tuple(error.code for error in self.errors)


class APIConnectionError(APIError):
    """No whole answer came: the connection could not be made, or broke."""

    never_left: bool = False
    """True when the request provably never left this machine."""


class APITimeoutError(APIConnectionError):
    """No whole answer came in time: `timeout` for one attempt, or `deadline` for the whole call."""


class APIResponseValidationError(APIError):
    """An answer that is not what the documents promise."""

    status_code: int  # pyright: ignore[reportIncompatibleVariableOverride]  # an answer has a status
    place: str = "$"
    """Where, as in `$.result.topup_config.amount`; `$` when the whole body could not be read."""
    expected: str = ""
    """What should stand there."""
    found: str = ""
    """What stood there, shortened; only its kind where it could be a secret."""


class APIStatusError(APIError):
    """The API said no."""

    status_code: int  # pyright: ignore[reportIncompatibleVariableOverride]  # an answer has a status
    """The HTTP status (200 when the envelope said `success: false` under it)."""
    retry_after: float | None = None
    """Seconds to wait that the API asked for, if it did."""
    hint: str = ""
    """What to do about it, in one or more sentences; empty where nothing is known."""

    @property
    def credentials_rejected(self) -> bool:
        """Whether the credentials themselves are the reason, and not a permission that they lack.

        The API says so in several ways: 401; 400 with code 6003 (malformed) or 10000; 403 with code 9109 (unknown, expired, or used
        from an address that they are not allowed for). 403 with code 10000 mostly means a missing permission.
        """
        return credentials_rejected(self.status_code, self.codes)


def credentials_rejected(status_code: int, codes: tuple[float, ...]) -> bool:
    """Whether an answer's status and codes say that the credentials are not accepted; see `APIStatusError`."""
    known = {400: {6003, 10000}, 403: {9109}}.get(status_code, set())
    return status_code == 401 or not known.isdisjoint(codes)


class BadRequestError(APIStatusError):
    """400: the API could not use the request."""


class AuthenticationError(APIStatusError):
    """401: the API does not know these credentials."""


class PermissionDeniedError(APIStatusError):
    """403: these credentials may not do this, or the account may not."""


class NotFoundError(APIStatusError):
    """404: there is no such account or payment."""


class ConflictError(APIStatusError):
    """409: the request clashes with the state of the account."""


class UnprocessableEntityError(APIStatusError):
    """422: the request is well-formed and refused."""


class RateLimitError(APIStatusError):
    """429: too many requests; 1,200 in five minutes are allowed, and past that everything is refused for up to five minutes."""


class InternalServerError(APIStatusError):
    """5xx: the API failed."""


class ChargeError(CloudflareError):
    """Something about a charge that needs a decision. Never an `APIError`, so that no retry catches it by accident."""

    account_id: str | None = None
    """The account."""
    amount: int | None = None
    """Cents."""
    key: str | None = None
    """The idempotency key, where there is one."""
    payment_id: str | None = None
    """The payment's id (`in_...`), where it is known."""

    if TYPE_CHECKING:

        def __init__(self, message: str, **about: Unpack[AboutCharge]) -> None: ...


class ChargeOutcomeUnknown(ChargeError):  # noqa: N818 - the name is the contract
    """The card may have been charged: no answer that can be trusted came. Never send the charge again on this."""

    sent_at: dt.datetime | None = None
    """When the request was sent (aware, UTC)."""
    cause: CloudflareError | None = None
    """The error that hid the outcome; also `__cause__`."""

    if TYPE_CHECKING:

        def __init__(
            self,
            message: str,
            *,
            sent_at: dt.datetime | None = None,
            cause: CloudflareError | None = None,
            **about: Unpack[AboutCharge],
        ) -> None: ...


class ChargeInProgress(ChargeError):  # noqa: N818 - the name is the contract
    """Another caller is sending the charge of this key at this moment."""


class ChargeKeyReused(ChargeError):  # noqa: N818 - the name is the contract
    """This key was used before for another amount or payment method."""


class ChargeNotFound(ChargeError):  # noqa: N818 - the name is the contract
    """The charge of this key left no invoice; charging after that takes a new key."""


class PaymentConfirmationRequired(ChargeError):  # noqa: N818 - the name is the contract
    """The bank wants the card holder to confirm this payment."""


class JournalError(ChargeError):
    """The journal of charges cannot be used. Errors of calls that charge say that they charged nothing."""


class SettingChanged(CloudflareError):  # noqa: N818 - it says what happened
    """A setting was changed by somebody else between reading and writing it, or is not as it was written."""

    applied: bool = False
    """Whether the change that was asked for is in place."""
    settings: tuple[str, ...] = ()
    """The names of other settings that differ from what they were."""

    if TYPE_CHECKING:

        def __init__(self, message: str, *, applied: bool, settings: tuple[str, ...] = ()) -> None: ...


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def status_error(status_code: int) -> type[APIStatusError]:
    """Give the class of error for an HTTP status."""
    if 500 <= status_code <= 599:
        return InternalServerError
    return _BY_STATUS.get(status_code, APIStatusError)
