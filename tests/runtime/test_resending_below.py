"""Transports and libraries that retry, below or around the client, send no charge and no new setting twice."""

from __future__ import annotations

import contextlib
import inspect
import itertools
from typing import Any

import httpcore
import httpx
import httpx2
import pytest
from aig_billing import APIConnectionError, ChargeOutcomeUnknown
from httpx_retries import Retry, RetryTransport

from tests.runtime.fault_server import Exchange, FaultServer, in_order
from tests.runtime.operations import BALANCE, BY_NAME, CHARGE, OTHER_OPERATIONS, Tried, Way, refusal
from tests.runtime.test_watched import METHODS, Look, Looking
from tests.runtime.ways import make_one, sync_async

SENT_ONCE = [one for one in (*BY_NAME.values(), *OTHER_OPERATIONS) if one.retry in {"charge", "once"}]
pytestmark = pytest.mark.filterwarnings("ignore:Deprecated")
each_sent_once = pytest.mark.parametrize("tried", SENT_ONCE, ids=str)


def busy(exchange: Exchange) -> None:
    exchange.answer(503, refusal())


def limited(exchange: Exchange) -> None:
    exchange.answer(429, refusal())


def charged(exchange: Exchange) -> None:
    exchange.answer(200, CHARGE.answer)


each_failure = pytest.mark.parametrize("fail", [busy, limited, Exchange.drop], ids=lambda one: one.__name__)


def retrying(inner: Any = None) -> Any:
    """The transport of a library that people use, configured to retry every method."""
    methods = ["GET", "POST", "PUT", "DELETE"]
    return RetryTransport(inner, Retry(total=3, allowed_methods=methods, backoff_jitter=0))


def bodies(server: FaultServer) -> int:
    """How many requests arrived whole. Of another one, httpcore may send the head before it asks for the body."""
    return sum(len(one.body) == int(one.headers["content-length"]) for one in server.received)


def assert_unknown(came: Any, tried: Tried) -> None:
    assert isinstance(came, ChargeOutcomeUnknown if tried is CHARGE else APIConnectionError)
    assert "its body was read twice" in str(came)


@sync_async
@each_sent_once
@each_failure
def test_a_transport_that_is_given(way: Way, tried: Tried, fail: Any) -> None:
    with FaultServer(fail) as server:
        assert_unknown(make_one(way, server.url, tried, transport=retrying()), tried)
        assert bodies(server) == 1


@sync_async
@each_sent_once
@each_failure
def test_a_transport_of_httpx2_that_is_given(way: Way, tried: Tried, fail: Any) -> None:
    class Twice(httpx2.HTTPTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            with contextlib.suppress(httpx2.HTTPError):
                super().handle_request(request).close()
            return super().handle_request(request)

    class AsyncTwice(httpx2.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            with contextlib.suppress(httpx2.HTTPError):
                await (await super().handle_async_request(request)).aclose()
            return await super().handle_async_request(request)

    with FaultServer(fail) as server:
        transport = Twice() if way == "sync" else AsyncTwice()
        assert_unknown(make_one(way, server.url, tried, transport=transport), tried)
        assert bodies(server) == 1


@sync_async
def test_an_answer_is_asked_for_again_by_such_a_transport(way: Way) -> None:
    def behave(exchange: Exchange) -> None:
        exchange.answer(200, BALANCE.answer)

    with FaultServer(in_order(busy, behave)) as server:
        came = make_one(way, server.url, BALANCE, transport=retrying(), max_retries=0)
        assert came.balance == BALANCE.answer["result"]["balance"]
        assert len(server.received) == 2


def through(way: Way, look: Look) -> Any:
    """A transport of httpx that shows each request to `look` first."""
    return Looking(httpx.HTTPTransport() if way == "sync" else httpx.AsyncHTTPTransport(), look)


def refused(*attempts: int) -> Look:
    """Raise what a refused connection does, at these attempts."""
    made = itertools.count(1)

    def look(_: httpx.Request) -> None:
        if next(made) in attempts:
            raise httpx.ConnectError("refused")

    return look


@sync_async
def test_what_never_left_may_be_sent_again(way: Way) -> None:
    with FaultServer(charged) as server:
        came = make_one(way, server.url, CHARGE, transport=retrying(through(way, refused(1, 2))), max_retries=0)
        assert came.payment_intent_id == CHARGE.answer["result"]["payment_intent_id"]
        assert bodies(server) == 1


@sync_async
def test_a_second_attempt_that_finds_no_connection_says_nothing_of_the_first(way: Way, without_backoff: None) -> None:
    with FaultServer(Exchange.drop) as server:
        came = make_one(way, server.url, CHARGE, transport=retrying(through(way, refused(2, 3, 4))))
        assert isinstance(came, ChargeOutcomeUnknown)
        assert "nothing was sent" not in str(came)
        assert bodies(server) == 1


@pytest.mark.parametrize(
    ("way", "place", "name"),
    [
        pytest.param(way, place, name, id=f"{way}-{place.__name__}.{name}")
        for way, methods in METHODS.items()
        for place, name in methods
        if place
        not in {httpcore.HTTPConnection, httpcore.AsyncHTTPConnection}  # they refuse a second request themselves
    ],
)
@each_failure
def test_a_function_in_the_place_of_a_method(
    way: Way, place: Any, name: str, fail: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_twice(monkeypatch, place, name)
    with FaultServer(fail) as server:
        came = make_one(way, server.url, CHARGE)
        assert isinstance(came, ChargeOutcomeUnknown)
        assert bodies(server) == 1


def put_twice(monkeypatch: pytest.MonkeyPatch, place: Any, name: str) -> None:
    """Put a function in the place of a method that calls it twice, also after an error."""
    original = getattr(place, name)

    def twice(self: Any, request: Any, **options: Any) -> Any:
        with contextlib.suppress(httpx.HTTPError, httpcore.NetworkError, httpcore.RemoteProtocolError):
            original(self, request, **options)
        return original(self, request, **options)

    async def async_twice(self: Any, request: Any, **options: Any) -> Any:
        with contextlib.suppress(httpx.HTTPError, httpcore.NetworkError, httpcore.RemoteProtocolError):
            await original(self, request, **options)
        return await original(self, request, **options)

    def init(self: Any, transport: Any, **options: Any) -> None:
        original.__init__(self, transport=retrying(transport), **options)

    def choose(self: Any, url: httpx.URL) -> Any:
        return retrying(original(self, url))

    if name.endswith("Client"):
        put: Any = type("Replaced", (original,), {"__init__": init})
    elif name == "_transport_for_url":
        put = choose
    else:
        put = async_twice if inspect.iscoroutinefunction(original) else twice
    monkeypatch.setattr(place, name, put)


@sync_async
@pytest.mark.parametrize("failing", [True, False])
def test_who_reads_the_content_first_sends_it_all_the_same(way: Way, *, failing: bool) -> None:
    read: list[bytes] = []

    def look(request: httpx.Request) -> None:
        read.extend((request.read(), request.content))

    with FaultServer(busy if failing else charged) as server:
        came = make_one(way, server.url, CHARGE, transport=retrying(through(way, look)))
        assert isinstance(came, ChargeOutcomeUnknown) is failing
        assert set(read) == {server.received[0].body}
        assert bodies(server) == 1
