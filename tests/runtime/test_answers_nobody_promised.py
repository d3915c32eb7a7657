"""Every answer that a server can give becomes a typed result or a documented error, with either reader of JSON, in both clients."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aig_billing import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    ChargeOutcomeUnknown,
    InternalServerError,
    RateLimitError,
)

from aig_billing_runtime import json_text
from tests.runtime import by_hand
from tests.runtime.fault_server import Exchange, FaultServer, whole_answer
from tests.runtime.operations import BALANCE, BY_NAME, CHARGE, Way, refusal
from tests.runtime.ways import make, make_one, sync_async

GOOD = BALANCE.answer
TEXT = json.dumps(GOOD)
RESULT = GOOD["result"]
GZIP = [("Content-Encoding", "gzip")]


def with_result(**changes: Any) -> dict[str, Any]:
    return {**GOOD, "result": {**RESULT, **changes}}


def without(name: str) -> dict[str, Any]:
    return {**GOOD, "result": {key: value for key, value in RESULT.items() if key != name}}


@dataclass(frozen=True)
class Case:
    """An answer, and what must come of it: an error of a class at a place, or a result."""

    name: str
    raw: bytes
    error: type[APIError] | None = None
    place: str | None = None
    said: str = ""

    def __str__(self) -> str:
        return self.name


def unpromised(name: str, body: object, place: str, said: str, headers: list[tuple[str, str]] | None = None) -> Case:
    return Case(name, whole_answer(200, body, headers or []), APIResponseValidationError, place, said)


CASES = [
    Case("as documented", whole_answer(200, GOOD)),
    Case("with unknown fields", whole_answer(200, {**with_result(extra={"deep": [1, None]}), "more": 1})),
    Case("compressed with gzip", whole_answer(200, gzip.compress(TEXT.encode()), GZIP)),
    Case("compressed with zlib", whole_answer(200, zlib.compress(TEXT.encode()), [("Content-Encoding", "deflate")])),
    Case(
        "compressed without a head",
        whole_answer(200, zlib.compress(TEXT.encode())[2:-4], [("Content-Encoding", "deflate")]),
    ),
    Case("not compressed, and says so", whole_answer(200, GOOD, [("Content-Encoding", "identity")])),
    Case("after 103 Early Hints", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3 + whole_answer(200, GOOD)),
    Case("after 100 Continue", b"HTTP/1.1 100 Continue\r\n\r\n" + whole_answer(200, GOOD)),
    Case(
        "in chunks",
        whole_answer(200, b"%x\r\n%b\r\n0\r\n\r\n" % (len(TEXT), TEXT.encode()), [("Transfer-Encoding", "chunked")]),
    ),
    Case("with a strange content type", whole_answer(200, GOOD, [("Content-Type", "text/plain; charset=utf-7")])),
    Case(
        "with a duplicate key", whole_answer(200, TEXT.replace('"success": true', '"success": false, "success": true'))
    ),
    Case("with numbers that are huge and whole", whole_answer(200, with_result(balance=10**400))),
    Case("with 201", whole_answer(201, GOOD)),
    Case("with 202", whole_answer(202, GOOD)),
    Case("with 206", whole_answer(206, GOOD)),
    Case("with errors beside success", whole_answer(200, {**GOOD, "errors": [{"code": 1, "message": "no"}]})),
    # The body is no JSON.
    unpromised("HTML", "<html>hello</html>", "$", "looks like an HTML page"),
    unpromised("empty", b"", "$", "it is empty"),
    Case("204", b"HTTP/1.1 204 No Content\r\n\r\n", APIResponseValidationError, "$", "it is empty"),
    unpromised("cut-off JSON", TEXT[:-5], "$", "it is not JSON"),
    unpromised("more after the JSON", TEXT + "}", "$", "Extra data"),
    unpromised("not UTF-8", b'{"result": "\xff"}', "$", "it is not UTF-8"),
    unpromised("UTF-16", TEXT.encode("utf-16"), "$", "it is not UTF-8"),
    unpromised("a byte order mark", b"\xef\xbb\xbf" + TEXT.encode(), "$", "it is not JSON"),
    unpromised("NaN", TEXT.replace("true", "NaN", 1), "$", "NaN is not JSON"),
    unpromised("-Infinity", TEXT.replace("true", "-Infinity", 1), "$", "-Infinity is not JSON"),
    unpromised("half a character", TEXT.replace('"errors"', '"\\ud800": 1, "errors"'), "$", "half a character"),
    unpromised("99,999 brackets", "[" * 99_999, "$", "nested too deeply"),
    unpromised("49,000 brackets, closed", "[" * 49_000 + "]" * 49_000, "$", "nested too deeply"),
    unpromised(
        "nested where anything goes", {**GOOD, "more": json.loads("[" * 150 + "]" * 150)}, "$", "nested too deeply"
    ),
    unpromised(
        "nested where something else goes",
        {**GOOD, "errors": json.loads("[" * 900 + "]" * 900)},
        "$",
        "nested too deeply",
    ),
    unpromised("a number of 5,000 digits", TEXT.replace("true", "1" * 5000, 1), "$", "it is not JSON"),
    unpromised("a control character", TEXT.replace("errors", "err\x01ors"), "$", "Invalid control character"),
    unpromised("wrongly compressed", TEXT, "$", "not compressed as its headers say", GZIP),
    unpromised("compression cut off", gzip.compress(TEXT.encode())[:-9], "$", "cut off", GZIP),
    unpromised("compressed, then rubbish", gzip.compress(TEXT.encode()) + b"rubbish", "$", "not compressed as", GZIP),
    unpromised(
        "compressed by a coding not asked for",
        b"\x1b\x03",
        "$",
        "which was not asked for",
        [("Content-Encoding", "br")],
    ),
    unpromised(
        "compressed twice",
        gzip.compress(gzip.compress(TEXT.encode())),
        "$",
        "compressed with 'gzip, gzip', which was not asked for",
        [("Content-Encoding", "gzip, gzip")],
    ),
    unpromised(
        "in two gzip members",
        gzip.compress(TEXT[:40].encode()) + gzip.compress(TEXT[40:].encode()),
        "$",
        "not compressed as its headers say",
        GZIP,
    ),
    unpromised("a bomb", gzip.compress(b" " * 30_000_000), "$", "it is larger than 100,000 bytes", GZIP),
    unpromised("larger than the limit", b" " * 200_000, "$", "it is larger than 100,000 bytes"),
    # It is JSON, and not what the document says.
    unpromised("an array", [GOOD], "$", "should be an object and is an array of 1"),
    unpromised("a string", '"hello"', "$", "is the string 'hello'"),
    unpromised("a number", "12", "$", "is the number 12"),
    unpromised("true", "true", "$", "is true"),
    unpromised("null", "null", "$", "is null"),
    unpromised("an empty object", {}, "$.errors", "is missing"),
    unpromised("result: null", {**GOOD, "result": None}, "$.result", "should be an object and is null"),
    unpromised("result: a list", {**GOOD, "result": []}, "$.result", "should be an object and is an array of 0"),
    unpromised("success: null", {**GOOD, "success": None}, "$.success", "should be true or false and is null"),
    unpromised("success: 1", {**GOOD, "success": 1}, "$.success", "is the number 1"),
    unpromised(
        "success: false without errors", {**GOOD, "success": False, "errors": [], "result": []}, "$.success", "outside"
    ),
    unpromised("a required field missing", without("balance"), "$.result.balance", "is missing"),
    unpromised("a string for a number", with_result(balance="640.19"), "$.result.balance", "is the string '640.19'"),
    unpromised("a bool for a number", with_result(balance=True), "$.result.balance", "should be a number and is true"),
    unpromised("null for a number", with_result(balance=None), "$.result.balance", "should be a number and is null"),
    unpromised(
        "a number for a bool", with_result(first_topup_success=0), "$.result.first_topup_success", "true or false"
    ),
    unpromised(
        "1e999 for a number", TEXT.replace(str(RESULT["balance"]), "1e999"), "$.result.balance", "the number inf"
    ),
    unpromised("1e999 in an unknown field", TEXT.replace('{"', '{"x": [-1e999], "', 1), "$.x", "finite numbers"),
    unpromised(
        "wrong deep inside",
        with_result(topup_config={**RESULT["topup_config"], "amount": "10"}),
        "$.result.topup_config.amount",
        "is the string '10'",
    ),
    unpromised(
        "wrong in the envelope's lists",
        {**GOOD, "errors": [{"code": 1, "message": 2}]},
        "$.errors[0].message",
        "number 2",
    ),
    # The API says no, or something else does.
    Case("success: false under 200", whole_answer(200, refusal(1234, "no way")), APIStatusError, None, "[1234] no way"),
    Case("418", whole_answer(418, refusal()), APIStatusError, None, "answered 418"),
    Case("304", b"HTTP/1.1 304 Not Modified\r\n\r\n", APIStatusError, None, "a redirect, which is never followed"),
    *(
        Case(
            str(status), whole_answer(status, "", [("Location", "/x")]), APIStatusError, None, "a redirect to /x, which"
        )
        for status in (300, 399)
    ),
    Case(
        "302",
        whole_answer(302, "", [("Location", "https://example.com/\x7f")]),
        APIStatusError,
        None,
        "redirect to https://example.com/",
    ),
    Case(
        "101",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        APIConnectionError,
        None,
        "RemoteProtocolError",
    ),
    Case("999", whole_answer(999, b""), APIStatusError, None, "answered 999"),
    Case(
        "an HTML error",
        whole_answer(404, "<h1>nothing</h1>", [("Content-Type", "text/html")]),
        APIStatusError,
        None,
        "(text/html, 16 bytes)",
    ),
    Case("an error body that is a list", whole_answer(400, [1]), APIStatusError, None, "not the API's own"),
    Case("an error body cut off", whole_answer(400, '{"success": fal'), APIStatusError, None, "not the API's own"),
    Case(
        "errors of the wrong shape",
        whole_answer(400, {**refusal(), "errors": ["no"]}),
        APIStatusError,
        None,
        "not the API's own",
    ),
    Case(
        "errors with a deep tail",
        whole_answer(400, {**refusal(), "x": json.loads("[" * 500 + "]" * 500)}),
        APIStatusError,
        None,
        "not the API's own",
    ),
    Case(
        "errors with a huge code",
        whole_answer(400, {**refusal(), "errors": [{"code": 10**400, "message": "m"}]}),
        APIStatusError,
        None,
        "[10000000000000000...",
    ),
    Case(
        "errors without an error",
        whole_answer(400, {**refusal(), "errors": []}),
        APIStatusError,
        None,
        "no reason given",
    ),
    Case(
        "an error larger than the limit", whole_answer(500, b"x" * 200_000), InternalServerError, None, "answered 500"
    ),
    Case("an error compressed wrongly", whole_answer(500, b"x", GZIP), InternalServerError, None, "answered 500"),
    Case(
        "an error compressed well",
        whole_answer(400, gzip.compress(json.dumps(refusal(7, "seven")).encode()), GZIP),
        APIStatusError,
        None,
        "[7] seven",
    ),
    Case("429 in HTML", whole_answer(429, "<html>"), RateLimitError, None, "not the API's own"),
    # It is not HTTP.
    Case("no HTTP at all", b"SSH-2.0-OpenSSH_9.6\r\n\r\n", APIConnectionError, None, "RemoteProtocolError"),
    Case("a status that is a word", b"HTTP/1.1 okay\r\n\r\n", APIConnectionError, None, "RemoteProtocolError"),
    Case("HTTP/2", b"HTTP/2 200\r\n\r\n", APIConnectionError, None, "RemoteProtocolError"),
    Case(
        "a header of 200,000 bytes",
        whole_answer(200, GOOD, [("X", "x" * 200_000)]),
        APIConnectionError,
        None,
        "RemoteProtocolError",
    ),
    Case(
        "two lengths",
        whole_answer(200, GOOD, [("Content-Length", "5"), ("Content-Length", "6")]),
        APIConnectionError,
        None,
        "RemoteProtocolError",
    ),
    Case(
        "a negative length",
        whole_answer(200, GOOD, [("Content-Length", "-1")]),
        APIConnectionError,
        None,
        "RemoteProtocolError",
    ),
    Case(
        "a broken chunk",
        whole_answer(200, b"zz\r\n", [("Transfer-Encoding", "chunked")]),
        APIConnectionError,
        None,
        "RemoteProtocolError",
    ),
    Case(
        "a body that ends too early",
        whole_answer(200, TEXT, length=9999),
        APIConnectionError,
        None,
        "answered 200, and then",
    ),
    Case("a header without a name", b"HTTP/1.1 200 OK\r\n: x\r\n\r\n", APIConnectionError, None, "RemoteProtocolError"),
]
# A few of them are not only about this one operation.
UNUSUAL_AND_VALID = [
    ("X-Empty", ""),
    ("X-Latin", "caf\xe9"),
    ("Set-Cookie", "a=b"),
    ("Set-Cookie", "c=d"),
    ("Retry-After", "nonsense"),
    ("Ratelimit", "nonsense"),
    ("Cf-Ray", "x" * 5000),
]


@pytest.fixture(params=["orjson", "json"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each reader of JSON in turn."""
    name: str = request.param
    if name == "orjson":
        pytest.importorskip("orjson", reason="the extra [speed] is not installed")
        assert json_text._fast is not None
    else:
        monkeypatch.setattr(json_text, "_fast", None)
    return name


def answering(case: Case, exchange: Exchange) -> None:
    exchange.send(case.raw)
    exchange.close()


@sync_async
@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_answer_becomes_what_it_should(case: Case, way: Way, reader: str) -> None:
    with FaultServer(lambda exchange: answering(case, exchange)) as server:
        came = make_one(way, server.url, BALANCE, body_limit=100_000, max_retries=0)
    if case.error is None:
        assert came.first_topup_success is RESULT["first_topup_success"], came
        return
    assert isinstance(came, case.error), came
    assert case.said in str(came)
    assert len(str(came)) < 1_000
    assert len(came.body) <= 2_000
    assert came.status_code is not None or isinstance(came, APIConnectionError)
    if isinstance(came, APIResponseValidationError):
        assert came.place == case.place
        assert came.found in str(came)


@pytest.mark.parametrize("case", [case for case in CASES if case.error], ids=str)
def test_no_such_answer_to_a_charge_says_that_nothing_was_charged(case: Case, without_backoff: None) -> None:
    definite = case.name in {
        "success: false under 200",
        "errors without an error",
        "an error compressed well",
        "errors with a huge code",
    }
    with FaultServer(lambda exchange: answering(case, exchange)) as server:
        came = make_one("sync", server.url, CHARGE, body_limit=100_000)
        assert len(server.received) == 1
    assert type(came) is not ChargeOutcomeUnknown if definite else type(came) is ChargeOutcomeUnknown, came


@sync_async
def test_unusual_headers_harm_nobody(way: Way) -> None:
    with FaultServer(lambda exchange: exchange.answer(200, GOOD, UNUSUAL_AND_VALID)) as server:
        came = make(way, server.url, [BALANCE], raw=True)[0]
    assert came.headers.get_list("set-cookie") == ["a=b", "c=d"]
    assert came.ratelimit is None
    assert came.parse() == came.parsed


@pytest.mark.parametrize("name", ["topup.config.delete", "spending_limit.delete"])
@pytest.mark.parametrize("raw", [b"HTTP/1.1 204 No Content\r\n\r\n", whole_answer(200, "done"), whole_answer(200, {})])
def test_an_unreadable_answer_to_a_delete_says_that_it_has_probably_taken_effect(name: str, raw: bytes) -> None:
    with FaultServer(lambda exchange: exchange.send(raw)) as server:
        came = make_one("sync", server.url, BY_NAME[name])
    assert isinstance(came, APIResponseValidationError)
    assert "It has probably taken effect; sending it again does no harm" in str(came)


@pytest.mark.parametrize(
    ("behave", "kind"),
    [(Exchange.drop, APIConnectionError), (lambda exchange: exchange.answer(500, {}), APIStatusError)],
)
def test_a_setting_whose_answer_is_lost_says_that_it_may_have_taken_effect(
    behave: Callable[[Exchange], None], kind: type[Exception]
) -> None:
    with FaultServer(behave) as server:
        came = make_one("sync", server.url, BY_NAME["topup.config.create"])
    assert isinstance(came, kind)
    assert "perhaps taken effect: read the setting" in str(came)


def trickle(exchange: Exchange, start: bytes, each: bytes) -> None:
    """Send something for ever, a little at a time; for ever ends after a minute, so that a client that waits fails its test."""
    exchange.send(start)
    ends = time.monotonic() + 60
    while time.monotonic() < ends and not exchange.stopped.wait(0.01):
        try:
            exchange.socket.sendall(each)
        except OSError:
            break
    exchange.close()


BODY_FOR_EVER = (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b" ")
CHUNKS_FOR_EVER = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n")
HEADERS_FOR_EVER = (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n")
HINTS_FOR_EVER = (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n")


@sync_async
@pytest.mark.parametrize(
    "endless",
    [BODY_FOR_EVER, CHUNKS_FOR_EVER, HEADERS_FOR_EVER, HINTS_FOR_EVER],
    ids=["body", "chunks", "headers", "hints"],
)
def test_an_answer_that_trickles_for_ever_ends_with_the_deadline(way: Way, endless: tuple[bytes, bytes]) -> None:
    with FaultServer(lambda exchange: trickle(exchange, *endless)) as server:
        start = time.monotonic()
        came = make_one(way, server.url, BALANCE, deadline=0.2)
        elapsed = time.monotonic() - start
        assert isinstance(came, APITimeoutError), came
        assert "the deadline of 0.2 s passed" in str(came)
        assert 0.2 <= elapsed < 30
        assert len(server.received) == 1


@sync_async
def test_a_hundred_megabytes_are_not_read(way: Way) -> None:
    sent = 0

    def flood(exchange: Exchange) -> None:
        nonlocal sent
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        part = b" " * 65536
        for _ in range(100_000_000 // len(part)):
            try:
                exchange.socket.sendall(part)
            except OSError:
                break
            sent += len(part)
        exchange.close()

    with FaultServer(flood) as server:
        came = make_one(way, server.url, BALANCE)
    assert isinstance(came, APIResponseValidationError)
    assert "it is larger than 10,000,000 bytes" in str(came)
    assert sent < 50_000_000


def test_a_compression_bomb_is_not_unpacked_in_memory() -> None:
    call = by_hand.call_of(BALANCE)
    bomb = by_hand.answer(200, zlib.compress(b"\0" * 100_000_000, 1), [("Content-Encoding", "deflate")])
    tracemalloc.start()
    try:
        ran = by_hand.run(call, [bomb])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(ran.error, APIResponseValidationError)
    assert peak < 50_000_000


@sync_async
def test_values_are_passed_on_as_they_came(way: Way) -> None:
    status = BY_NAME["topup.status"]
    for payment, word in (("in_another", "completed"), ("", "pending"), ("in_mine", "unheard of")):
        answer = {**status.answer, "result": {"payment_intent_id": payment, "status": word}}

        def serve(exchange: Exchange, answer: object = answer) -> None:
            exchange.answer(200, answer)

        with FaultServer(serve) as server:
            came = make_one(way, server.url, status)
        assert (came.payment_intent_id, came.status) == (payment, word)
