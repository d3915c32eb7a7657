"""What records, mocks or traces programs of httpx sees each call of ours, may answer it, and never makes a charge be sent twice."""

from __future__ import annotations

import contextlib
import gzip
import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest
from aig_billing import ChargeOutcomeUnknown

from aig_billing_runtime import watched
from aig_billing_runtime.direct_transport import DirectTransport
from aig_billing_runtime.steps import ClientClosedError
from aig_billing_runtime.transports import POOL, Route
from tests.runtime.fault_server import Exchange, FaultServer, refusing_port, whole_answer
from tests.runtime.forward_proxy import ForwardProxy
from tests.runtime.operations import BALANCE, CHARGE, Way, refusal
from tests.runtime.test_unread_bytes import FORGED, balance
from tests.runtime.ways import make, make_one, sync_async

CALLS = [BALANCE, BALANCE, BALANCE, CHARGE]
METHODS: dict[str, list[tuple[Any, str]]] = {
    "sync": [
        (httpx.Client, "send"),
        (httpx.Client, "_send_single_request"),
        (httpx.Client, "_transport_for_url"),
        (httpx.HTTPTransport, "handle_request"),
        (httpcore.ConnectionPool, "handle_request"),
        (httpcore.HTTPConnection, "handle_request"),
        (httpx, "Client"),
    ],
    "async": [
        (httpx.AsyncClient, "send"),
        (httpx.AsyncClient, "_send_single_request"),
        (httpx.AsyncClient, "_transport_for_url"),
        (httpx.AsyncHTTPTransport, "handle_async_request"),
        (httpcore.AsyncConnectionPool, "handle_async_request"),
        (httpcore.AsyncHTTPConnection, "handle_async_request"),
        (httpx, "AsyncClient"),
    ],
}
PROXIED: dict[str, tuple[Any, str]] = {
    "sync": (httpcore.HTTPProxy, "handle_request"),
    "async": (httpcore.AsyncHTTPProxy, "handle_async_request"),
}
each_method = pytest.mark.parametrize(
    ("way", "place", "name"),
    [pytest.param(way, *one, id=f"{way}-{one[0].__name__}.{one[1]}") for way, ones in METHODS.items() for one in ones],
)
Look = Callable[[Any], Any]


def put(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, look: Look) -> None:
    """Put a function in the place of a method: it shows each request to `look`, and sends those on that this does not answer."""
    monkeypatch.setattr(place, name, foreign(getattr(place, name), name, look))


def foreign(original: Any, name: str, look: Look) -> Any:
    def init(self: Any, transport: Any, **options: Any) -> None:
        original.__init__(self, transport=Looking(transport, look), **options)

    def choose(self: Any, url: httpx.URL) -> Any:
        return Looking(original(self, url), look)

    def send(self: Any, request: Any, **options: Any) -> Any:
        return look(request) or original(self, request, **options)

    async def async_send(self: Any, request: Any, **options: Any) -> Any:
        return look(request) or await original(self, request, **options)

    if name.endswith("Client"):
        return type("Replaced", (original,), {"__init__": init})
    if name == "_transport_for_url":
        return choose
    return async_send if inspect.iscoroutinefunction(original) else send


class Looking(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport of a foreign program's."""

    def __init__(self, inner: Any, look: Look) -> None:
        self.inner = inner
        self.look = look

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = self.look(request) or self.inner.handle_request(request)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = self.look(request) or await self.inner.handle_async_request(request)
        return response

    def close(self) -> None:
        self.inner.close()

    async def aclose(self) -> None:
        await self.inner.aclose()


def answer(exchange: Exchange) -> None:
    exchange.answer(200, (BALANCE if exchange.request.method == "GET" else CHARGE).answer)


def mocked(seen: list[str]) -> Look:
    """Answer each request."""

    def look(request: Any) -> Any:
        method = request.method if isinstance(request, httpx.Request) else request.method.decode()
        seen.append(method)
        content = json.dumps((BALANCE if method == "GET" else CHARGE).answer).encode()
        kind = httpx.Response if isinstance(request, httpx.Request) else httpcore.Response
        return kind(200, headers=[(b"Content-Type", b"application/json")], content=content)

    return look


def no_errors(came: list[Any]) -> None:
    assert not [one for one in came if isinstance(one, Exception)]


def test_nothing_is_watched_where_nobody_watches() -> None:
    """With a release of httpx that names its methods otherwise, this fails, and calls go through httpx's client."""
    for kind in (httpx.Client, httpx.AsyncClient):
        assert not watched._is_watched(kind)
        assert hasattr(kind, "_send_single_request")
        assert hasattr(kind, "_transport_for_url")
    for place, name in [*METHODS["sync"][3:6], *METHODS["async"][3:6], *PROXIED.values()]:
        assert watched.are_their_own(getattr(place, name))


@each_method
def test_who_answers_is_shown_each_call_and_nothing_is_sent(
    way: Way, place: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    put(monkeypatch, place, name, mocked(seen))
    with FaultServer(answer) as server:
        no_errors(make(way, server.url, CALLS))
        assert seen == ["GET", "GET", "GET", "POST"]
        assert server.connections == 0


@sync_async
def test_who_answers_is_shown_what_would_go_to_a_proxy(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    put(monkeypatch, *PROXIED[way], mocked(seen))
    with FaultServer(answer) as server, ForwardProxy() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        no_errors(make(way, server.url, CALLS))
        assert seen == ["GET", "GET", "GET", "POST"]
        assert (proxy.heads, server.connections) == ([], 0)


@each_method
def test_who_only_looks_changes_one_request_and_no_connection(
    way: Way, place: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 0

    def trace(request: Any) -> None:
        nonlocal count
        if isinstance(request, httpx.Request):
            request.headers["X-Trace"] = str(count)
        else:
            request.headers.append((b"X-Trace", str(count).encode()))
        count += 1

    put(monkeypatch, place, name, trace)
    with FaultServer(answer) as server:
        no_errors(make(way, server.url, CALLS))
        assert [one.raw.lower().count(b"x-trace") for one in server.received] == [1, 1, 1, 1]
        assert [one.headers["x-trace"] for one in server.received] == ["0", "1", "2", "3"]
        assert [one.connection for one in server.received] == [0, 0, 0, 1], "kept alive, and a charge has its own"
        assert server.count("POST", "/topup") == 1


@sync_async
def test_a_call_that_is_watched_sends_the_same_bytes(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(answer) as server:
        make(way, server.url, CALLS)
        put(monkeypatch, *METHODS[way][0], lambda request: None)
        make(way, server.url, CALLS)
        sent = [one.raw for one in server.received]
        assert sent[:4] == sent[4:]


@sync_async
@pytest.mark.parametrize("coding", ["", "gzip", " GZip", "br"])
def test_an_answer_that_a_recorder_has_read_already(way: Way, coding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def compressed(exchange: Exchange) -> None:
        content = json.dumps(BALANCE.answer).encode()
        packed = gzip.compress(content) if "gzip" in coding.lower() else content
        exchange.answer(200, packed, [("Content-Encoding", coding)] if coding else [])

    with FaultServer(compressed) as server:
        expected = make_one(way, server.url, BALANCE)
        record(monkeypatch, way)
        came = make_one(way, server.url, BALANCE)
        assert str(came) == str(expected)
        assert isinstance(came, Exception) == (coding == "br")


def record(monkeypatch: pytest.MonkeyPatch, way: Way) -> None:
    place, name = METHODS[way][1]
    original = getattr(place, name)

    def recorded(self: Any, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = original(self, request)
        response.read()
        return response

    async def async_recorded(self: Any, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = await original(self, request)
        await response.aread()
        return response

    monkeypatch.setattr(place, name, recorded if way == "sync" else async_recorded)


@sync_async
def test_bytes_behind_an_answer_that_a_recorder_has_read(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    record(monkeypatch, way)
    with FaultServer(lambda exchange: exchange.send(whole_answer(200, balance(exchange.number)) + FORGED)) as server:
        results = make(way, server.url, [BALANCE] * 3, max_retries=0)
        assert [result.balance for result in results] == [0, 1, 2]


def refuse(exchange: Exchange) -> None:
    exchange.answer(403, refusal())


def trickle(exchange: Exchange) -> None:
    exchange.answer(200, b"{", length=100)
    exchange.hang()


def moved(location: str) -> Callable[[Exchange], None]:
    return lambda exchange: exchange.answer(307, b"", [("Location", location)])


ENDINGS: dict[str, Callable[[Exchange], None]] = {
    "refused": refuse,
    "dropped": Exchange.drop,
    "closed": Exchange.close,
    "not an answer": Exchange.hang,
    "half an answer": trickle,
    "too large": lambda exchange: exchange.answer(200, b" " * 3000),
    "no HTTP": lambda exchange: exchange.send(b"no HTTP\r\n\r\n"),
    "moved nowhere": moved("http://127.0.0.1:x/"),
    "moved": moved("http://127.0.0.1:1/elsewhere"),
    "asked who it is": lambda exchange: exchange.answer(
        401, b"", [("WWW-Authenticate", 'Digest realm="x", nonce="y"')]
    ),
    "cookies": lambda exchange: exchange.answer(200, BALANCE.answer, [("Set-Cookie", "\xff; expires=never; =")] * 2),
}


@sync_async
@pytest.mark.parametrize("tried", [BALANCE, CHARGE], ids=str)
@pytest.mark.parametrize(
    "ending",
    [pytest.param(one, marks=[pytest.mark.slow] if one.endswith("an answer") else []) for one in ENDINGS],
)
def test_a_call_ends_the_same_way_where_it_is_watched(
    way: Way, tried: Any, ending: str, monkeypatch: pytest.MonkeyPatch, without_backoff: None
) -> None:
    def outcome() -> tuple[Any, ...]:
        with FaultServer(ENDINGS[ending]) as server:
            came = make_one(
                way, server.url, tried, deadline=5 if "an answer" not in ending else 0.5, max_retries=1, body_limit=2000
            )
            return *shown(came), len(server.received)

    expected = outcome()
    put(monkeypatch, *METHODS[way][0], lambda request: None)
    assert outcome() == expected


def shown(came: Any) -> tuple[Any, ...]:
    cause = getattr(came, "__cause__", None)
    never_left, attempts = getattr(came, "never_left", None), getattr(came, "attempts", None)
    return type(came), never_left, attempts, type(cause)


@sync_async
def test_what_never_left_is_known_where_a_call_is_watched(
    way: Way, monkeypatch: pytest.MonkeyPatch, without_backoff: None
) -> None:
    put(monkeypatch, *METHODS[way][0], lambda request: None)
    with refusing_port() as url:
        came = make_one(way, url, CHARGE)
    assert came.never_left
    assert came.attempts == 3
    assert type(came.__cause__) is httpx.ConnectError


def test_a_closed_client_is_reported_where_a_call_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, httpx.Client, "send", lambda request: None)
    transport = Route(httpx.URL("http://localhost"), used=False).transport(POOL)
    assert isinstance(transport, DirectTransport)
    transport.close()
    with pytest.raises(ClientClosedError):
        watched.handle_request(transport, httpx.Request("GET", "http://localhost"))


def stubborn(monkeypatch: pytest.MonkeyPatch, way: Way, after: Callable[[httpx.Response | None], None]) -> None:
    """Send each request twice, also after an error, as a program does that makes all of httpx try again; `after` may raise."""
    place, name = METHODS[way][0]
    original = getattr(place, name)

    def send(self: Any, request: httpx.Request, **options: Any) -> Any:
        first: httpx.Response | None = None
        with contextlib.suppress(httpx.HTTPError):
            first = original(self, request, **options)
        after(first)
        return original(self, request, **options)

    async def async_send(self: Any, request: httpx.Request, **options: Any) -> Any:
        first: httpx.Response | None = None
        with contextlib.suppress(httpx.HTTPError):
            first = await original(self, request, **options)
        after(first)
        return await original(self, request, **options)

    monkeypatch.setattr(place, name, send if way == "sync" else async_send)


@sync_async
@pytest.mark.parametrize("behave", [answer, Exchange.drop, refuse, moved("/topup")], ids=lambda one: one.__name__)
def test_who_sends_again_charges_once(way: Way, behave: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stubborn(monkeypatch, way, lambda first: None)
    with FaultServer(behave) as server:
        came = make_one(way, server.url, CHARGE)
        assert isinstance(came, ChargeOutcomeUnknown)
        assert len(server.received) == 1


@sync_async
@pytest.mark.parametrize("behave", [answer, Exchange.drop], ids=lambda one: one.__name__)
def test_who_fails_to_connect_for_itself_does_not_say_that_a_charge_never_left(
    way: Way, behave: Any, monkeypatch: pytest.MonkeyPatch, without_backoff: None
) -> None:
    def report(first: httpx.Response | None) -> None:
        raise httpx.ConnectError("nobody takes reports")

    stubborn(monkeypatch, way, report)
    with FaultServer(behave) as server:
        came = make_one(way, server.url, CHARGE)
        assert isinstance(came, ChargeOutcomeUnknown)
        assert len(server.received) == 1


@sync_async
def test_who_sends_again_what_never_left_may_do_so(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = 0

    def refused_once(request: Any) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise httpx.ConnectError("refused")

    put(monkeypatch, *METHODS[way][3], refused_once)
    stubborn(monkeypatch, way, lambda first: None)
    with FaultServer(answer) as server:
        no_errors([make_one(way, server.url, CHARGE, max_retries=0)])
        assert (attempts, len(server.received)) == (2, 1)


@sync_async
def test_who_follows_redirects_follows_none_of_ours(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    place, name = METHODS[way][0]
    original = getattr(place, name)
    monkeypatch.setattr(
        place, name, lambda self, request, **options: original(self, request, **{**options, "follow_redirects": True})
    )
    with FaultServer(answer) as other, FaultServer(moved(f"{other.url}/elsewhere")) as server:
        came = make_one(way, server.url, CHARGE)
        assert isinstance(came, ChargeOutcomeUnknown)
        assert (len(server.received), other.connections) == (1, 0)


@sync_async
def test_respx_in_the_place_of_httpx(way: Way) -> None:
    respx = pytest.importorskip("respx")
    with FaultServer(answer) as server, respx.mock(base_url=server.url, using="httpx") as router:
        balance = router.get(BALANCE.path).respond(json=BALANCE.answer)
        charge = router.post(CHARGE.path, json={"amount": 5000}).respond(json=CHARGE.answer)
        no_errors(make(way, server.url, CALLS))
        assert (balance.call_count, charge.call_count, server.connections) == (3, 1, 0)


@sync_async
def test_vcrpy(way: Way, tmp_path: Path) -> None:
    vcr = pytest.importorskip("vcr")
    recorder = vcr.VCR(match_on=["method", "uri", "body"], filter_headers=["authorization"])
    cassette = tmp_path / "cassette.yaml"
    with FaultServer(answer) as server, recorder.use_cassette(cassette) as recorded:
        came = make(way, server.url, CALLS)
        no_errors(came)
        assert (len(recorded), server.count("POST", "/topup")) == (4, 1)
    assert "Bearer" not in cassette.read_text(encoding="utf-8")
    with recorder.use_cassette(cassette) as replayed:
        assert make(way, server.url, CALLS, max_retries=0) == came
        assert replayed.play_count == 4
