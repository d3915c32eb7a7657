"""What is sent again, and what certainly was not charged: DESIGN.md's table, written out by hand, cell by cell."""

from __future__ import annotations

import functools
from typing import Any

import httpx
import pytest
from aig_billing import APIError, ChargeOutcomeUnknown

from aig_billing_runtime import failures, retries
from aig_billing_runtime.operation import Call
from aig_billing_runtime.retries import DEFINITE_REFUSALS, RETRIED_AFTER, FailureKind, RetryClass
from aig_billing_runtime.steps import DeadlineExceeded
from tests.runtime.by_hand import answer, call_of, client, run
from tests.runtime.operations import BY_NAME, refusal

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
LOST = (
    httpx.ReadTimeout,
    httpx.WriteTimeout,
    httpx.TimeoutException,
    httpx.ReadError,
    httpx.WriteError,
    httpx.CloseError,
    httpx.NetworkError,
    httpx.RemoteProtocolError,
)
NEITHER = (
    httpx.LocalProtocolError,
    httpx.ProtocolError,
    httpx.TransportError,
    httpx.RequestError,
    httpx.DecodingError,
    httpx.TooManyRedirects,
)
CLASSES: dict[RetryClass, str] = {
    "safe": "credit_balance",
    "idempotent": "topup.config.delete",
    "once": "topup.config.create",
    "charge": "topup.create",
}
STATUSES = [status for status in range(100, 601) if not 200 <= status <= 299]
SENT_AGAIN_BY_STATUS = {
    # class: (in the API's envelope, in anything else)
    "safe": ({408, 429, *range(500, 600)}, {408, 429, *range(500, 600)}),
    "idempotent": ({408, 429, *range(500, 600)}, {408, 429, *range(500, 600)}),
    "once": ({429}, set[int]()),
    "charge": (set[int](), set[int]()),
}
NOT_CHARGED = {400, 401, 402, 403, 404, 405, 415, 422, 429}
"""Statuses under which a refusal in the API's envelope is certain; under 200 `success: false` is one too."""


@functools.cache
def call(retry: RetryClass) -> Call[Any]:
    return call_of(BY_NAME[CLASSES[retry]])


def is_sent_again(retry: RetryClass, outcome: Any) -> bool:
    return len(run(call(retry), [outcome], client(max_retries=1)).sent) == 2


@pytest.fixture(autouse=True)
def at_once(without_backoff: None) -> None:
    """Nothing here waits."""


def by_exception() -> dict[tuple[str, str], bool]:
    return {
        (retry, kind.__name__): is_sent_again(retry, kind("what happened"))
        for retry in CLASSES
        for kind in (*NEVER_LEFT, *LOST, *NEITHER)
    }


def expected_by_exception() -> dict[tuple[str, str], bool]:
    again = {
        "safe": {*NEVER_LEFT, *LOST},
        "idempotent": {*NEVER_LEFT, *LOST},
        "once": {*NEVER_LEFT},
        "charge": {*NEVER_LEFT},
    }
    return {
        (retry, kind.__name__): kind in again[retry] for retry in CLASSES for kind in (*NEVER_LEFT, *LOST, *NEITHER)
    }


def by_status(statuses: list[int]) -> dict[tuple[str, int, bool], bool]:
    return {
        (retry, status, in_envelope): is_sent_again(
            retry, answer(status, refusal() if in_envelope else {"error": "no"})
        )
        for retry in CLASSES
        for status in statuses
        for in_envelope in (True, False)
    }


def expected_by_status(statuses: list[int]) -> dict[tuple[str, int, bool], bool]:
    return {
        (retry, status, in_envelope): status in SENT_AGAIN_BY_STATUS[retry][0 if in_envelope else 1]
        for retry in CLASSES
        for status in statuses
        for in_envelope in (True, False)
    }


def certainly_not_charged(status: int, body: object) -> bool:
    error = run(call("charge"), [answer(status, body)]).error
    assert isinstance(error, (APIError, ChargeOutcomeUnknown)), error
    return isinstance(error, APIError)


def test_all_exceptions_of_httpx_are_sorted_here() -> None:
    known = {kind for kind in vars(httpx).values() if isinstance(kind, type) and issubclass(kind, httpx.RequestError)}
    assert known == {*NEVER_LEFT, *LOST, *NEITHER}


def test_what_is_sent_again_after_an_error_of_the_transport() -> None:
    assert by_exception() == expected_by_exception()


@pytest.mark.slow
def test_what_is_sent_again_after_each_status() -> None:
    assert by_status(STATUSES) == expected_by_status(STATUSES)


@pytest.mark.parametrize("retry", CLASSES)
def test_nothing_is_sent_again_after_a_success_that_is_not_what_the_documents_promise(retry: RetryClass) -> None:
    for body in (b"", b"<html>", {"success": True}, refusal()):
        assert not is_sent_again(retry, answer(200, body))


@pytest.mark.parametrize("retry", CLASSES)
def test_nothing_is_sent_again_once_the_deadline_has_passed(retry: RetryClass) -> None:
    assert not is_sent_again(retry, DeadlineExceeded())


def test_a_charge_is_certainly_refused_only_under_the_listed_statuses_in_the_envelope() -> None:
    refused = {status for status in STATUSES if certainly_not_charged(status, refusal())}
    assert refused == NOT_CHARGED
    assert {status for status in range(200, 300) if certainly_not_charged(status, refusal())} == {200}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>no</html>",
        {"error": "no"},
        {"success": False},
        {"success": False, "errors": [], "messages": []},
        {"success": False, "errors": [{"code": 1000}], "result": None},
        {"success": False, "errors": [{"code": "1000", "message": "no"}], "result": None},
        {"success": False, "errors": [{"code": True, "message": "no"}], "result": None},
        {"success": False, "errors": ["no"], "result": None},
        {"success": False, "errors": {"code": 1000, "message": "no"}, "result": None},
        {"success": False, "errors": [{"code": 1000, "message": "no"}], "result": []},
        {"success": False, "errors": [{"code": 1000, "message": "no"}], "result": None, "messages": "none"},
        {"success": True, "errors": [{"code": 1000, "message": "no"}], "result": None},
        {"success": 0, "errors": [{"code": 1000, "message": "no"}], "result": None},
        b'{"success": false, "errors": [{"code": 1e999, "message": "no"}], "result": null}',
        b'{"success": false, "errors": [{"code": 1000, "message": "no"}], "result": null',
        [refusal()],
        "no",
        None,
    ],
    ids=repr,
)
def test_what_is_not_exactly_the_envelope_never_says_that_nothing_was_charged(body: object) -> None:
    assert not any(certainly_not_charged(status, body) for status in (200, *sorted(NOT_CHARGED)))


@pytest.mark.parametrize("failure", FailureKind)
@pytest.mark.parametrize("retry", RETRIED_AFTER)
def test_flipping_any_cell_of_the_retry_table_is_noticed(
    retry: RetryClass, failure: FailureKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(RETRIED_AFTER) == set(CLASSES)
    flipped = {**RETRIED_AFTER, retry: RETRIED_AFTER[retry] ^ {failure}}
    monkeypatch.setattr(retries, "RETRIED_AFTER", flipped)
    some = [400, 408, 429, 500, 503]
    assert (
        by_exception() != expected_by_exception()
        or by_status(some) != expected_by_status(some)
        or is_sent_again(retry, DeadlineExceeded())
    )


def test_flipping_any_definite_refusal_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for status in range(200, 600):
        with monkeypatch.context() as flipped:
            flipped.setattr(failures, "DEFINITE_REFUSALS", DEFINITE_REFUSALS ^ {status})
            assert certainly_not_charged(status, refusal()) is (status not in NOT_CHARGED | {200}), status
