"""How long is waited before sending again, who is informed, and when there is no time left for it."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import logging
import time
from typing import Any

import httpx
import pytest
from aig_billing import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    ChargeOutcomeUnknown,
    InternalServerError,
    RateLimit,
    RateLimitError,
    RetryEvent,
)

from aig_billing_runtime import flow as flow_module
from aig_billing_runtime.retries import backoff, read_retry_after
from tests.runtime import by_hand
from tests.runtime.fault_server import FaultServer, in_order
from tests.runtime.operations import BALANCE, BY_NAME, CHARGE, Way, refusal
from tests.runtime.ways import make, make_one, sync_async

CALL = by_hand.call_of(BALANCE)
NOW = dt.datetime(2026, 11, 21, 1, 0, 0, tzinfo=dt.UTC)


def limited(**headers: str) -> Any:
    return by_hand.answer(429, refusal(), [(name.replace("_", "-"), value) for name, value in headers.items()])


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("99999999999999", 999999999.0),
        ("Sat, 21 Nov 2026 01:00:30 GMT", 30.0),
        ("Sat, 21 Nov 2026 00:59:30 GMT", 0.0),
        ("Saturday, 21-Nov-26 01:00:30 GMT", 30.0),
        ("Sat Nov 21 01:00:30 2026", 30.0),
        ("Sat, 21 Nov 2026 01:00:30 -0000", 30.0),
        ("Sat, 21 Nov 2026 03:00:30 +0200", 30.0),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("Sat, 99 Nov 2026 01:00:30 GMT", None),
        ("Sat, 21 Nov 999999 01:00:30 GMT", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_seconds_and_as_a_date(value: str, seconds: float | None) -> None:
    assert read_retry_after({"retry-after": value}, NOW) == seconds


def test_a_date_is_compared_with_the_answers_own_clock() -> None:
    headers = {"retry-after": "Sat, 21 Nov 1998 01:00:30 GMT", "date": "Sat, 21 Nov 1998 01:00:00 GMT"}
    assert read_retry_after(headers) == 30.0
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=100)
    without_clock = read_retry_after({"retry-after": soon.strftime("%a, %d %b %Y %H:%M:%S GMT")})
    assert without_clock is not None
    assert 95 < without_clock <= 100


def test_retry_after_is_obeyed_to_the_second() -> None:
    ran = by_hand.run(CALL, [limited(Retry_After="7"), limited(Retry_After="3"), by_hand.answer(200, BALANCE.answer)])
    assert ran.error is None
    assert ran.waits == [7.0, 3.0]


def test_retry_after_counts_for_every_answer_that_is_sent_again() -> None:
    busy = by_hand.answer(503, b"", [("Retry-After", "9")])
    assert by_hand.run(CALL, [busy, by_hand.answer(200, BALANCE.answer)]).waits == [9.0]


def test_backoff_is_exponential_with_full_jitter_and_has_an_end() -> None:
    for retry, most in ((1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 8.0), (50, 8.0)):
        waits = [backoff(retry) for _ in range(2000)]
        assert min(waits) >= 0
        assert max(waits) <= most
        assert min(waits) < most * 0.05, "full jitter begins at nothing"
        assert max(waits) > most * 0.95
        assert 0.45 * most < sum(waits) / len(waits) < 0.55 * most


def test_two_retries_are_made_by_default_and_as_many_as_one_says(without_backoff: None) -> None:
    busy = by_hand.answer(500)
    assert len(by_hand.run(CALL, [busy]).sent) == 3
    for retries in (0, 1, 7):
        ran = by_hand.run(CALL, [busy], by_hand.client(max_retries=retries))
        assert len(ran.sent) == retries + 1
        assert isinstance(ran.error, InternalServerError)
        assert ran.error.attempts == retries + 1


def test_a_wait_that_the_deadline_cannot_hold_is_not_begun() -> None:
    ran = by_hand.run(CALL, [limited(Retry_After="300")])
    assert isinstance(ran.error, RateLimitError)
    assert (len(ran.sent), ran.waits, ran.error.attempts) == (1, [], 1)
    assert ran.error.retry_after == 300.0
    assert "It asks to wait 300 s." in str(ran.error)
    long = by_hand.client(deadline=1000.0)
    assert by_hand.run(CALL, [limited(Retry_After="300"), by_hand.answer(200, BALANCE.answer)], long).waits == [300.0]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A clock for flows that a test sets."""

    class Clock:
        now = 1000.0

        def monotonic(self) -> float:
            return self.now

    made = Clock()
    monkeypatch.setattr(flow_module, "time", made)
    return made


def test_timeouts_shrink_with_the_time_that_is_left(clock: Any, without_backoff: None) -> None:
    ours = by_hand.client(deadline=100.0)
    flow: Any = flow_module.call_flow(CALL, ours.caller)
    step = next(flow)
    assert step.request.extensions["timeout"] == {"connect": 5.0, "read": 30.0, "write": 30.0, "pool": 30.0}
    clock.now += 80.0
    flow.throw(httpx.ReadTimeout("late"))
    step = flow.send(None)
    assert step.request.extensions["timeout"] == {"connect": 5.0, "read": 20.0, "write": 20.0, "pool": 20.0}
    clock.now += 19.9999999
    flow.throw(httpx.ReadTimeout("late"))
    step = flow.send(None)
    assert step.request.extensions["timeout"] == dict.fromkeys(("connect", "read", "write", "pool"), 0.001)
    flow.close()


def test_a_wait_that_took_longer_than_it_should_is_the_last(clock: Any, without_backoff: None) -> None:
    """The machine slept meanwhile: nothing is sent after the deadline, least of all a charge."""
    for tried, error in ((BALANCE, APIConnectionError), (CHARGE, APIConnectionError)):
        flow = flow_module.call_flow(by_hand.call_of(tried), by_hand.client(deadline=100.0).caller)
        next(flow)
        flow.throw(httpx.ConnectError("nobody there"))
        clock.now += 3600.0
        with pytest.raises(error):
            flow.send(None)


def test_a_charge_may_take_90_seconds_to_answer_and_others_30() -> None:
    ours = by_hand.client()
    for tried, seconds in ((BALANCE, 30.0), (CHARGE, 90.0), (BY_NAME["topup.config.create"], 30.0)):
        request = ours.caller.build(by_hand.call_of(tried), 120.0)
        assert request.extensions["timeout"]["read"] == seconds
        assert request.extensions["timeout"]["connect"] == 5.0


@pytest.mark.parametrize(
    ("timeout", "connect", "read"),
    [(2, 2.0, 2.0), (60.0, 5.0, 60.0), (httpx.Timeout(7.0), 7.0, 7.0), (httpx.Timeout(1.0, read=9.0), 1.0, 9.0)],
)
def test_a_timeout_counts_for_each_attempt(timeout: Any, connect: float, read: float) -> None:
    for tried in (BALANCE, CHARGE):
        for ours in (by_hand.client(timeout=timeout), by_hand.client().with_options(timeout=timeout)):
            reported = ours.caller.build(by_hand.call_of(tried), 120.0).extensions["timeout"]
            assert (reported["connect"], reported["read"]) == (connect, read)


def test_no_timeout_at_all_still_ends_with_the_deadline() -> None:
    request = by_hand.client(timeout=httpx.Timeout(None)).caller.build(CALL, 50.0)
    assert request.extensions["timeout"] == dict.fromkeys(("connect", "read", "write", "pool"), 50.0)


@sync_async
def test_the_deadline_ends_a_call_that_would_be_retried_for_ever(way: Way) -> None:
    with FaultServer(lambda exchange: exchange.answer(500)) as server:
        start = time.monotonic()
        came = make_one(way, server.url, BALANCE, max_retries=100, deadline=0.3)
        assert isinstance(came, InternalServerError)
        assert time.monotonic() - start < 30
        assert came.attempts == len(server.received)


@pytest.mark.slow
@sync_async
def test_waits_are_really_waited(way: Way) -> None:
    late = in_order(
        lambda exchange: exchange.answer(429, refusal(), [("Retry-After", "1")]),
        lambda exchange: exchange.answer(200, BALANCE.answer),
    )
    with FaultServer(late) as server:
        start = time.monotonic()
        assert not isinstance(make_one(way, server.url, BALANCE), Exception)
        assert time.monotonic() - start >= 1.0


def test_a_retry_is_reported_to_the_hook_and_to_the_log(
    without_backoff: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="aig_billing")
    events: list[RetryEvent] = []
    ours = by_hand.client().with_options(on_retry=events.append)
    by_hand.run(CALL, [httpx.ReadTimeout("late"), by_hand.answer(503), by_hand.answer(200, BALANCE.answer)], ours)
    assert [(event.operation, event.attempt, event.wait) for event in events] == [
        ("ai_gateway.billing.credit_balance", 1, 0.0),
        ("ai_gateway.billing.credit_balance", 2, 0.0),
    ]
    assert [type(event.error).__name__ for event in events] == [APITimeoutError.__name__, InternalServerError.__name__]
    assert [record.getMessage() for record in caplog.records] == [
        "ai_gateway.billing.credit_balance failed (attempt 1, lost); again in 0.00 s",
        "ai_gateway.billing.credit_balance failed (attempt 2, busy); again in 0.00 s",
    ]


def test_each_request_has_one_line_in_the_log(without_backoff: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="aig_billing")
    broken = by_hand.answer(200, b"{")
    broken.broken = httpx.ReadError("gone")
    outcomes: list[Any] = [httpx.ConnectError("nobody there"), broken, by_hand.answer(200, BALANCE.answer)]
    by_hand.run(CALL, outcomes)
    lines = [record.getMessage() for record in caplog.records if record.levelno == logging.DEBUG]
    assert [line.split(" in ")[0] for line in lines] == [
        f"GET /client/v4{BALANCE.path} ConnectError",
        f"GET /client/v4{BALANCE.path} 200",
        f"GET /client/v4{BALANCE.path} 200",
    ]
    assert [line.split("(")[1] for line in lines] == ["attempt 1)", "attempt 2)", "attempt 3)"]
    caplog.clear()
    caplog.set_level(logging.WARNING, logger="aig_billing")
    by_hand.run(CALL, outcomes)
    assert caplog.records == []


def test_the_last_ratelimit_seen_is_on_errors_and_clients() -> None:
    reported = [("Ratelimit", '"default";r=50;t=30')]
    ours = by_hand.client(max_retries=0)
    assert ours.last_ratelimit is None
    by_hand.run(CALL, [by_hand.answer(200, BALANCE.answer, reported)], ours)
    expected = RateLimit("default", 50, 30)
    assert ours.last_ratelimit == expected
    outcomes: list[Any] = [by_hand.answer(500), by_hand.answer(200, b"{"), httpx.ConnectError("nobody there")]
    for outcome in outcomes:
        error: Any = by_hand.run(CALL, [outcome], ours).error
        assert error.ratelimit == expected
    later = by_hand.answer(403, refusal(), [("ratelimit", '"default";r=49;t=29')])
    refused: Any = by_hand.run(CALL, [later], ours).error
    assert refused.ratelimit == ours.last_ratelimit == RateLimit("default", 49, 29)


@sync_async
def test_the_ratelimit_is_on_raw_responses(way: Way) -> None:
    headers = [("Ratelimit", '"default";r=50;t=30'), ("cf-ray", "8f-AMS")]
    with FaultServer(lambda exchange: exchange.answer(200, BALANCE.answer, headers)) as server:
        (raw,) = make(way, server.url, [BALANCE], raw=True)
    assert raw.ratelimit == RateLimit("default", 50, 30)
    assert (raw.status_code, raw.request_id, raw.attempts, raw.path) == (200, "8f-AMS", 1, BALANCE.path)
    assert raw.json() == BALANCE.answer
    assert raw.body == raw.content
    assert raw.parse() is raw.parsed


def test_the_body_of_a_raw_response_is_unpacked() -> None:
    body = json.dumps(BALANCE.answer).encode()
    answer = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(gzip.compress(body)))
    (raw,) = make("sync", None, [BALANCE], raw=True, transport=httpx.MockTransport(lambda request: answer))
    assert raw.content == body
    assert raw.json() == BALANCE.answer


def test_a_lost_charge_keeps_its_ordinary_error_as_the_cause() -> None:
    for outcome, cause in (
        (httpx.ReadTimeout("late"), APITimeoutError),
        (by_hand.answer(409, refusal()), APIStatusError),
    ):
        error = by_hand.run(by_hand.call_of(CHARGE), [outcome]).error
        assert isinstance(error, ChargeOutcomeUnknown)
        assert isinstance(error.cause, cause)
