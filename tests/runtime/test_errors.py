"""Errors say what was asked, what came back and what helps; they survive pickle and copy; their tree is the documented one."""

from __future__ import annotations

import copy
import datetime as dt
import inspect
import pickle
from typing import Any

import aig_billing
import httpx
import pytest
from aig_billing import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    ChargeError,
    ChargeOutcomeUnknown,
    CloudflareError,
    CredentialsError,
    RateLimit,
)

from aig_billing_runtime import errors as errors_module
from aig_billing_runtime.errors import ErrorDetail
from tests.runtime import by_hand
from tests.runtime.operations import ACCOUNT, BALANCE, BY_NAME, CHARGE, Tried, refusal

TREE = {
    "CloudflareError": "Exception",
    "CredentialsError": "CloudflareError",
    "FieldValueError": "CloudflareError",
    "SettingChanged": "CloudflareError",
    "APIError": "CloudflareError",
    "APIConnectionError": "APIError",
    "APITimeoutError": "APIConnectionError",
    "APIResponseValidationError": "APIError",
    "APIStatusError": "APIError",
    "BadRequestError": "APIStatusError",
    "AuthenticationError": "APIStatusError",
    "PermissionDeniedError": "APIStatusError",
    "NotFoundError": "APIStatusError",
    "ConflictError": "APIStatusError",
    "UnprocessableEntityError": "APIStatusError",
    "RateLimitError": "APIStatusError",
    "InternalServerError": "APIStatusError",
    "ChargeError": "CloudflareError",
    "ChargeOutcomeUnknown": "ChargeError",
    "ChargeInProgress": "ChargeError",
    "ChargeKeyReused": "ChargeError",
    "ChargeNotFound": "ChargeError",
    "PaymentConfirmationRequired": "ChargeError",
    "JournalError": "ChargeError",
}
BY_STATUS = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    409: "ConflictError",
    422: "UnprocessableEntityError",
    429: "RateLimitError",
    **dict.fromkeys(range(500, 600), "InternalServerError"),
}
PATH = f"/client/v4{BALANCE.path}"
HEADERS = [("cf-ray", "8f3-AMS"), ("Ratelimit", '"default";r=5;t=3')]


@pytest.fixture(autouse=True)
def at_once(without_backoff: None) -> None:
    """Nothing here waits."""


def error_of(tried: Tried, *outcomes: Any) -> Any:
    error = by_hand.run(by_hand.call_of(tried), outcomes).error
    assert error is not None
    return error


def test_the_tree_is_the_documented_one_and_all_of_it_is_exported() -> None:
    classes = {
        name: kind
        for name, kind in vars(errors_module).items()
        if inspect.isclass(kind) and issubclass(kind, CloudflareError)
    }
    assert {name: kind.__mro__[1].__name__ for name, kind in classes.items()} == TREE
    for name, kind in classes.items():
        assert getattr(aig_billing, name) is kind
        assert name in aig_billing.__all__
        assert f" {name}" in (errors_module.__doc__ or "") or name == "CloudflareError"
    assert not issubclass(ChargeError, APIError)


def test_each_status_has_its_error() -> None:
    for status in [*range(300, 600), 999]:
        error = error_of(BALANCE, by_hand.answer(status, refusal()))
        assert type(error).__name__ == BY_STATUS.get(status, "APIStatusError")
        assert error.status_code == status


def test_a_refusal_carries_everything() -> None:
    body = {**refusal(), "errors": [{"code": 1001, "message": "first"}, {"code": 1002.0, "message": "second"}]}
    error = error_of(BALANCE, by_hand.answer(400, body, HEADERS))
    assert str(error) == (f"GET {PATH} answered 400: [1001] first; [1002] second (cf-ray 8f3-AMS).")
    assert error.message == str(error)
    assert error.operation == "ai_gateway.billing.credit_balance"
    assert (error.method, error.path, error.attempts, error.status_code) == ("GET", PATH, 1, 400)
    assert error.errors == (ErrorDetail(1001, "first"), ErrorDetail(1002, "second"))
    assert error.codes == (1001, 1002)
    assert error.request_id == "8f3-AMS"
    assert error.ratelimit == RateLimit("default", 5, 3)
    assert error.headers["cf-ray"] == "8f3-AMS"
    assert b'"first"' in error.body
    assert error.retry_after is None


def test_an_unpromised_answer_carries_everything() -> None:
    error = error_of(BALANCE, by_hand.answer(200, {**BALANCE.answer, "result": []}, HEADERS))
    assert isinstance(error, APIResponseValidationError)
    assert str(error) == (
        f"GET {PATH} answered 200 with what the documents do not promise: "
        "$.result should be an object and is an array of 0 (cf-ray 8f3-AMS)."
    )
    assert (error.place, error.expected, error.found) == ("$.result", "an object", "an array of 0")
    assert (error.status_code, error.request_id, error.codes) == (200, "8f3-AMS", ())
    assert error.body.startswith(b'{"')


def test_a_lost_answer_carries_what_there_is() -> None:
    error = error_of(BALANCE, httpx.ReadError("gone"))
    assert type(error) is APIConnectionError
    assert (error.status_code, error.body, error.request_id, error.errors) == (None, b"", None, ())
    assert (error.method, error.path, error.attempts, error.never_left) == ("GET", PATH, 3, False)
    assert "the connection broke (ReadError: gone)" in str(error)
    broken = by_hand.answer(200, b'{"half', HEADERS)
    broken.broken = httpx.RemoteProtocolError("cut off")
    error = error_of(BALANCE, broken)
    assert (error.status_code, error.body, error.request_id) == (200, b'{"half', "8f3-AMS")
    assert "answered 200, and then the connection broke" in str(error)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (httpx.ConnectTimeout, "no connection was made in time"),
        (httpx.ReadTimeout, "no answer came in time"),
        (httpx.WriteTimeout, "the request could not be sent in time"),
        (httpx.PoolTimeout, "no connection became free in time"),
        (httpx.ConnectError, "no connection could be made"),
        (httpx.ProxyError, "the proxy refused"),
        (httpx.RemoteProtocolError, "the connection broke"),
    ],
)
def test_what_happened_is_said_in_words(kind: type[httpx.RequestError], words: str) -> None:
    error = error_of(BALANCE, kind("details"))
    assert f": {words} ({kind.__name__}: details) after 0.0 s" in str(error)
    assert isinstance(error, APITimeoutError) is issubclass(kind, httpx.TimeoutException)
    assert type(error.__cause__) is kind
    assert error.__cause__.__traceback__ is None
    assert error.__cause__.__cause__ is None
    assert error.__context__ is None


def test_a_request_that_could_not_be_written_is_reported_without_the_header_that_was_at_fault() -> None:
    error = error_of(BALANCE, httpx.LocalProtocolError("Illegal header value b'Bearer mangled'"))
    assert "the connection broke (LocalProtocolError)" in str(error)
    assert str(error.__cause__) == "its details are hidden"


def test_a_403_says_which_permission_would_do() -> None:
    read = error_of(BALANCE, by_hand.answer(403, refusal()))
    assert "needs the permission 'AI Gateway Write' or 'AI Gateway Read'" in str(read)
    write = error_of(CHARGE, by_hand.answer(403, refusal()))
    assert "needs the permission 'AI Gateway Write', for this account" in str(write)
    assert str(write).endswith("Nothing was charged.")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_403_for_the_deprecated_spending_limit_says_what_replaces_it() -> None:
    error = error_of(BY_NAME["spending_limit.create"], by_hand.answer(403, refusal()))
    assert "needs the permission" not in str(error)
    assert "deleted" in str(error)
    assert "per-gateway" in str(error) or "gateway" in str(error)


def test_refusals_that_people_meet_get_a_sentence_that_helps() -> None:
    with pytest.warns(DeprecationWarning, match="Deprecated"):
        never = error_of(BY_NAME["spending_limit.create"], by_hand.answer(400, refusal(1000, "NO_MANUAL_TOPUP: no")))
    assert "never been topped up by hand: do that once" in str(never)
    for out in (by_hand.answer(402, refusal()), by_hand.answer(400, refusal(2021)), by_hand.answer(402, b"<html>")):
        assert "out of credit: top it up" in str(error_of(BALANCE, out))
    unknown = error_of(BALANCE, by_hand.answer(401, refusal(10000, "Authentication error")))
    assert "The token (from arguments) was not accepted" in str(unknown)


def coded(code: int, chain: int | None = None) -> dict[str, object]:
    reason = [{"code": chain, "message": "Invalid format for a header"}]
    return {**refusal(), "errors": [{"code": code, "message": "No", **({"error_chain": reason} if chain else {})}]}


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, coded(6003, 6111), "it is malformed. Was it copied whole"),
        (400, coded(6003, 6103), "Is it an API token? Give that as the token"),
        (400, coded(10000), "is it complete, active and not expired?"),
        (401, coded(10000), "is it complete, active and not expired?"),
        (403, coded(9109), "it is unknown or expired, or may not be used from this address"),
    ],
)
def test_credentials_that_are_not_accepted_are_reported_as_such(status: int, body: object, said: str) -> None:
    error = error_of(BALANCE, by_hand.answer(status, body))
    assert type(error).__name__ == BY_STATUS[status]  # the class goes by the status, as in Cloudflare's SDKs
    assert isinstance(error, APIStatusError)
    assert error.credentials_rejected
    assert "The token (from arguments) was not accepted" in str(error)
    assert said in str(error)
    assert said in error.hint
    assert "permission" not in str(error)


@pytest.mark.parametrize(("status", "code"), [(400, 7003), (403, 10000), (403, 1000), (404, 6003), (429, 9109)])
def test_other_errors_do_not_blame_the_credentials(status: int, code: int) -> None:
    error = error_of(BALANCE, by_hand.answer(status, coded(code)))
    assert isinstance(error, APIStatusError)
    assert not error.credentials_rejected
    assert ("permission" in error.hint) == (status == 403)


def test_the_reasons_behind_an_error_are_kept_and_shown() -> None:
    error = error_of(BALANCE, by_hand.answer(400, coded(6003, 6111)))
    assert isinstance(error, APIStatusError)
    assert error.error_chain == (ErrorDetail(6111, "Invalid format for a header"),)
    assert "[6003] No (because [6111] Invalid format for a header)" in str(error)
    again = pickled(error)
    assert isinstance(again, APIStatusError)
    assert again.error_chain == error.error_chain


@pytest.mark.filterwarnings("ignore:Only the dashboard:UserWarning")
@pytest.mark.parametrize("call", ["topup.config.create", "topup.config.delete"])
def test_a_403_for_what_only_the_dashboard_can_do_names_no_permission(call: str) -> None:
    error = error_of(BY_NAME[call], by_hand.answer(403, refusal()))
    assert "dashboard only" in str(error)
    assert "needs the permission" not in str(error)


def test_messages_and_bodies_are_bounded_and_tame() -> None:
    noise = "\x1b[31m\n\r\x00" + "x" * 1_000_000
    many = {**refusal(), "errors": [{"code": number, "message": noise} for number in range(50)]}
    error = error_of(BALANCE, by_hand.answer(400, many, [("cf-ray", "y" * 1000)]))
    assert len(error.errors) == 20
    assert len(str(error)) < 20 * 600
    assert str(error).isprintable()
    assert len(error.body) == 2_000
    assert all(len(detail.message) == 500 for detail in error.errors)


def pickled(error: CloudflareError) -> CloudflareError:
    again: CloudflareError = pickle.loads(pickle.dumps(error))  # noqa: S301 - it comes from the same line
    return again


def made() -> list[CloudflareError]:
    """One error of every class, as it comes about where that is possible."""
    about: dict[str, Any] = {
        "operation": "o",
        "method": "GET",
        "path": "/p",
        "attempts": 2,
        "ratelimit": RateLimit("default", 1, 2),
    }
    answered: dict[str, Any] = {
        **about,
        "status_code": 400,
        "headers": httpx.Headers({"cf-ray": "r"}),
        "body": b"b",
        "errors": (ErrorDetail(1, "m"),),
    }
    ordinary: list[CloudflareError] = [
        CloudflareError("m"),
        CloudflareError(),
        CredentialsError("m"),
        aig_billing.FieldValueError("m"),
        aig_billing.SettingChanged("m", applied=True, settings=("a",)),
    ]
    for name, parent in TREE.items():
        kind: Any = getattr(aig_billing, name)
        if parent in {"APIError", "APIConnectionError", "APIStatusError"} and name not in {
            "APIConnectionError",
            "APITimeoutError",
        }:
            ordinary.append(kind("m", **answered))
        elif name in {"APIError", "APIConnectionError", "APITimeoutError"}:
            ordinary.append(kind("m", **about))
        elif issubclass(kind, ChargeError) and kind is not ChargeOutcomeUnknown:
            ordinary.append(kind("m", account_id="a", amount=5000, key="k", payment_id="in_1"))
    cause = APITimeoutError("late", never_left=False, **about)
    ordinary.append(ChargeOutcomeUnknown("m", account_id="a", amount=1, sent_at=dt.datetime.now(dt.UTC), cause=cause))
    ordinary.append(APIStatusError("m", retry_after=7.0, **answered))
    ordinary.append(APIResponseValidationError("m", place="$.x", expected="e", found="f", **answered))
    ordinary += [error_of(BALANCE, httpx.ReadError("gone")), error_of(CHARGE, httpx.ReadTimeout("late"))]
    return ordinary


def test_every_class_of_error_is_made_here() -> None:
    assert {type(error).__name__ for error in made()} == set(TREE)


@pytest.mark.parametrize("error", made(), ids=lambda error: type(error).__name__)
def test_errors_survive_pickle_and_copy(error: CloudflareError) -> None:
    error.add_note("a note")
    for again in (pickled(error), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert (str(again), repr(again), again.args, again.message) == (
            str(error),
            repr(error),
            error.args,
            error.message,
        )
        assert again.__notes__ == ["a note"]
        for name, value in vars(error).items():
            kept = getattr(again, name)
            assert kept == value or str(kept) == str(value), name
        assert type(again.__cause__) is type(error.__cause__)
        again.add_note("another")
        assert error.__notes__ == ["a note"]


def test_an_error_chained_by_somebody_else_is_pickled_without_the_chain() -> None:
    class LocalError(Exception):
        """Cannot be pickled."""

    error = CloudflareError("m")
    error.__cause__ = LocalError()
    assert pickled(error).__cause__ is None


def test_an_error_is_raised_from_nothing_but_its_cause() -> None:
    """Also within the handler of another error, as in a program's own retry."""
    ours = by_hand.client(transport=httpx.MockTransport(lambda request: httpx.Response(404, json=refusal())))
    with pytest.raises(APIStatusError) as caught:
        BALANCE.on(ours)()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert ACCOUNT in str(caught.value)
