"""Any httpx transport will do: what people use to fake, to cache and to watch requests works unchanged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from aig_billing import AsyncClient, Client, NotFoundError

from tests.runtime.fault_server import FaultServer
from tests.runtime.operations import ACCOUNT, BALANCE, CHARGE, TOKEN, Way, refusal
from tests.runtime.ways import make, make_one, sync_async

API = "https://api.cloudflare.com/client/v4"


@sync_async
def test_a_mock_transport(way: Way) -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=CHARGE.answer)

    came = make_one(way, None, CHARGE, transport=httpx.MockTransport(handler))
    assert came.payment_intent_id == CHARGE.answer["result"]["payment_intent_id"]
    (request,) = seen
    assert (request.method, str(request.url)) == ("POST", f"{API}{CHARGE.path}")
    assert request.content == b'{"amount":5000}'
    assert request.headers["content-length"] == "15"
    assert request.headers["content-type"] == "application/json"


@sync_async
def test_respx(way: Way) -> None:
    respx = pytest.importorskip("respx")
    with respx.mock(base_url=API) as router:
        balance = router.get(BALANCE.path).respond(json=BALANCE.answer)
        charge = router.post(CHARGE.path, json={"amount": 5000}).respond(404, json=refusal())
        came = make(way, None, [BALANCE, CHARGE])
    assert came[0].balance == BALANCE.answer["result"]["balance"]
    assert isinstance(came[1], NotFoundError)
    assert (balance.call_count, charge.call_count) == (1, 1)
    assert balance.calls.last.request.headers["authorization"] == f"Bearer {TOKEN}"


@sync_async
def test_pytest_httpx(way: Way, httpx_mock: Any) -> None:
    httpx_mock.add_response(url=f"{API}{BALANCE.path}", method="GET", json=BALANCE.answer)
    httpx_mock.add_exception(httpx.ReadTimeout("late"), url=f"{API}{CHARGE.path}")
    balance, charge = make(way, None, [BALANCE, CHARGE])
    assert balance.balance == BALANCE.answer["result"]["balance"]
    assert type(charge).__name__ == "ChargeOutcomeUnknown"
    assert len(httpx_mock.get_requests()) == 2


@sync_async
def test_a_caching_transport(way: Way, tmp_path: Any) -> None:
    hishel = pytest.importorskip("hishel")
    caching = pytest.importorskip("hishel.httpx")
    with FaultServer(
        lambda exchange: exchange.answer(
            200,
            BALANCE.answer if exchange.request.method == "GET" else CHARGE.answer,
            [("Cache-Control", "max-age=60")],
        )
    ) as server:
        transport: Any
        if way == "sync":
            storage = hishel.SqliteStorage(database_path=tmp_path / "cache.db")
            transport = caching.CacheTransport(next_transport=httpx.HTTPTransport(), storage=storage)
        else:
            pytest.importorskip("anysqlite", reason="hishel keeps its asynchronous cache with it")
            storage = hishel.AsyncSqliteStorage(database_path=tmp_path / "cache.db")
            transport = caching.AsyncCacheTransport(next_transport=httpx.AsyncHTTPTransport(), storage=storage)
        came = make(way, server.url, [BALANCE, BALANCE, CHARGE, CHARGE], transport=transport)
        assert not [one for one in came if isinstance(one, Exception)]
        assert came[0] == came[1]
        assert server.count("GET", "/credit-balance") == 1, "the second balance came from the cache"
        assert server.count("POST", "/topup") == 2, "a charge is never answered from a cache"


@pytest.fixture
def spans() -> Iterator[Any]:
    instrumentation = pytest.importorskip("opentelemetry.instrumentation.httpx")
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = instrumentation.HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    try:
        yield exporter
    finally:
        instrumentor.uninstrument()
        provider.shutdown()


@sync_async
def test_opentelemetry(way: Way, spans: Any) -> None:
    with FaultServer(lambda exchange: exchange.answer(200, BALANCE.answer)) as server:
        assert not isinstance(make_one(way, server.url, BALANCE), Exception)
        (span,) = spans.get_finished_spans()
        assert span.attributes["http.method"] == "GET"
        assert span.attributes["http.status_code"] == 200
        assert span.attributes["http.url"].endswith(BALANCE.path)
        assert TOKEN not in span.to_json()
        (received,) = server.received
        assert received.headers["traceparent"].split("-")[1] == f"{span.context.trace_id:032x}"
        assert received.headers["authorization"] == f"Bearer {TOKEN}"


def test_a_wsgi_application() -> None:
    import json

    def application(environ: Any, start: Any) -> list[bytes]:
        assert environ["HTTP_AUTHORIZATION"] == f"Bearer {TOKEN}"
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(BALANCE.answer).encode()]

    came = make_one("sync", "http://localhost", BALANCE, transport=httpx.WSGITransport(application))
    assert came.balance == BALANCE.answer["result"]["balance"]


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (Client, httpx.AsyncHTTPTransport),
        (AsyncClient, httpx.HTTPTransport),
        (Client, object),
        (AsyncClient, httpx.Client),
    ],
)
def test_a_transport_of_the_wrong_kind_is_refused(kind: Any, wrong: Any) -> None:
    with pytest.raises(TypeError, match="transport must be an httpx"):
        kind(api_token=TOKEN, account_id=ACCOUNT, transport=wrong())


class Own(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport whose errors are its own."""

    def __init__(self, error: Exception, *, empty: bool = True) -> None:
        self.error = error
        self.empty = empty
        self.closed = 0

    def __len__(self) -> int:
        return 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise self.error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise self.error

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


class StrangeError(httpx.ConnectError):
    """An error of a user's transport that cannot be made from a message alone."""

    def __init__(self, message: str, more: int) -> None:
        super().__init__(message)
        self.more = more


@pytest.mark.parametrize(
    "error",
    [RuntimeError("mine"), OSError("mine"), TimeoutError("mine"), StopIteration("mine"), ValueError("mine")],
    ids=repr,
)
@sync_async
def test_errors_of_a_users_transport_pass_through(way: Way, error: Exception) -> None:
    transport = Own(error)
    (came,) = make(way, None, [BALANCE], transport=transport)
    if isinstance(error, StopIteration):
        assert isinstance(came, RuntimeError), "a StopIteration cannot leave a coroutine or a flow"
    else:
        assert came is error
    assert transport.closed == 1


@sync_async
def test_an_httpx_error_of_its_own_kind_is_known_by_its_base(way: Way, without_backoff: None) -> None:
    came = make_one(way, None, CHARGE, transport=Own(StrangeError("no", 1)))
    assert came.never_left
    assert came.attempts == 3
    assert type(came.__cause__) is httpx.ConnectError


@sync_async
def test_a_stream_that_gives_no_bytes_is_closed_all_the_same(way: Way) -> None:
    closed: list[bool] = []

    class Odd(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Iterator[Any]:
            yield "text"

        async def __aiter__(self) -> AsyncIterator[Any]:
            yield "text"

        def close(self) -> None:
            closed.append(True)

        async def aclose(self) -> None:
            closed.append(True)

    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=Odd()))
    (came,) = make(way, None, [BALANCE], transport=transport)
    assert isinstance(came, TypeError)
    assert closed == [True]


def test_both_clients_close_a_transport_once() -> None:
    own = Own(RuntimeError())
    client = Client(api_token=TOKEN, transport=own)
    client.close()
    client.close()
    assert own.closed == 1
    asynchronous = AsyncClient(api_token=TOKEN, transport=own)
    asyncio.run(asynchronous.aclose())
    assert own.closed == 2
    assert client.is_closed
    assert asynchronous.is_closed
