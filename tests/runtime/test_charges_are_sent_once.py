"""A charge is sent once: by our transport, over a stale connection, through a proxy, with any options, and whenever it is interrupted."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import httpx
import pytest
from aig_billing import APIConnectionError, APIStatusError, AsyncClient, ChargeOutcomeUnknown, Client, RetryEvent

from aig_billing_runtime import flow as flow_module
from aig_billing_runtime.flow import call_flow
from aig_billing_runtime.steps import RawResponse
from tests.runtime import by_hand
from tests.runtime.fault_server import Exchange, FaultServer, in_order
from tests.runtime.forward_proxy import ForwardProxy
from tests.runtime.operations import ACCOUNT, BALANCE, BY_NAME, CHARGE, TOKEN, Way, refusal
from tests.runtime.ways import make, make_one, sync_async, wait_until

pytestmark = pytest.mark.usefixtures("without_backoff")


def charges_end_with(ending: Callable[[Exchange], None]) -> Callable[[Exchange], None]:
    """RawResponse balances well, and do something else to charges."""

    def behave(exchange: Exchange) -> None:
        if exchange.request.method == "GET":
            exchange.answer(200, BALANCE.answer)
        else:
            ending(exchange)

    return behave


def well(exchange: Exchange) -> None:
    exchange.answer(200, CHARGE.answer)


@sync_async
def test_each_charge_has_its_own_connection_that_is_closed_after_it(way: Way) -> None:
    with FaultServer(charges_end_with(well)) as server:
        came = make(way, server.url, [BALANCE, CHARGE, BALANCE, CHARGE])
        assert not any(isinstance(one, Exception) for one in came), came
        connections = [(one.method, one.connection) for one in server.received]
        assert connections == [("GET", 0), ("POST", 1), ("GET", 0), ("POST", 2)]
        wait_until(lambda: server.open_now == 0)


@sync_async
def test_charges_that_wait_for_each_other_do_not_share_a_connection(way: Way) -> None:
    """With one connection at a time, the second waits for the first, and gets a new one all the same."""

    def slowly(exchange: Exchange) -> None:
        time.sleep(0.03)
        well(exchange)

    async def tasks(url: str) -> None:
        async with AsyncClient(api_token=TOKEN, account_id=ACCOUNT, base_url=url, limits=one) as client:
            await asyncio.gather(*(CHARGE.on(client)() for _ in range(3)))

    one = httpx.Limits(max_connections=1)
    with FaultServer(slowly) as server:
        if way == "async":
            asyncio.run(tasks(server.url))
        else:
            with (
                Client(api_token=TOKEN, account_id=ACCOUNT, base_url=server.url, limits=one) as client,
                ThreadPoolExecutor(3) as pool,
            ):
                assert len([*pool.map(lambda _: CHARGE.on(client)(), range(3))]) == 3
        assert sorted(received.connection for received in server.received) == [0, 1, 2]


@sync_async
def test_a_charge_over_a_stale_kept_alive_connection_is_not_sent_again(way: Way) -> None:
    """With a transport of the user's the connection is kept alive; the server reads the charge on it and goes."""
    transport: Any = httpx.HTTPTransport() if way == "sync" else httpx.AsyncHTTPTransport()
    with FaultServer(charges_end_with(Exchange.drop)) as server:
        balance, charge = make(way, server.url, [BALANCE, CHARGE], transport=transport)
        assert not isinstance(balance, Exception)
        assert isinstance(charge, ChargeOutcomeUnknown)
        assert [one.connection for one in server.received] == [0, 0]
        assert server.count("POST", "/topup") == 1


@sync_async
def test_a_transport_that_retries_connections_does_not_send_a_charge_again(way: Way) -> None:
    transport: Any = httpx.HTTPTransport(retries=5) if way == "sync" else httpx.AsyncHTTPTransport(retries=5)
    with FaultServer(charges_end_with(Exchange.drop)) as server:
        assert isinstance(make_one(way, server.url, CHARGE, transport=transport), ChargeOutcomeUnknown)
        assert server.count("POST", "/topup") == 1


@sync_async
def test_a_charge_through_a_proxy_that_loses_the_answer_is_not_sent_again(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultServer(charges_end_with(well)) as server, ForwardProxy("drop the answer") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert isinstance(make_one(way, server.url, CHARGE), ChargeOutcomeUnknown)
        assert (proxy.passed_on, server.count("POST", "/topup")) == (1, 1)


@pytest.mark.parametrize(
    "options",
    [
        {"max_retries": 100},
        {"max_retries": 100, "deadline": 10_000.0, "timeout": httpx.Timeout(5.0, read=0.05)},
        {"max_retries": 100, "on_retry": lambda event: None},
        {"timeout": httpx.Timeout(None), "max_retries": 100},
        {"limits": httpx.Limits(max_connections=1), "max_retries": 100},
    ],
    ids=["retries", "little time", "a hook", "no timeout", "one connection"],
)
@sync_async
def test_no_option_makes_a_charge_go_twice(way: Way, options: dict[str, Any]) -> None:
    for ending in (
        Exchange.drop,
        Exchange.close,
        lambda exchange: exchange.answer(500, refusal()),
        lambda exchange: exchange.answer(409, refusal()),
        lambda exchange: exchange.answer(429, refusal(), [("Retry-After", "0")]),
        lambda exchange: exchange.answer(503, b"", [("Retry-After", "0")]),
    ):
        with FaultServer(charges_end_with(ending)) as server:
            assert isinstance(make_one(way, server.url, CHARGE, **options), (ChargeOutcomeUnknown, APIStatusError))
            server.wait_for(1)
            assert server.count("POST", "/topup") == 1


@sync_async
def test_a_charge_that_never_left_is_sent_when_the_server_is_there(way: Way) -> None:
    """The port refuses connections until the second attempt."""
    with contextlib.ExitStack() as opened:
        reserved = opened.enter_context(socket.socket())
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind(("127.0.0.1", 0))
        server = FaultServer(charges_end_with(well))
        events: list[RetryEvent] = []

        def start(event: RetryEvent) -> None:
            events.append(event)
            server._listener.close()
            reserved.listen()
            server._listener = reserved
            opened.enter_context(server)

        came = make_one(way, f"http://127.0.0.1:{reserved.getsockname()[1]}", CHARGE, on_retry=start)
        assert came.payment_intent_id == CHARGE.answer["result"]["payment_intent_id"]
        assert server.count("POST", "/topup") == 1
        (event,) = events
        assert (event.operation, event.attempt) == ("ai_gateway.billing.topup.create", 1)
        assert isinstance(event.error, APIConnectionError)
        assert event.error.never_left


def test_a_charge_that_never_left_three_times_is_an_ordinary_error() -> None:
    ran = by_hand.run(by_hand.call_of(CHARGE), [httpx.ConnectError("nobody there")])
    assert len(ran.sent) == 3
    assert isinstance(ran.error, APIConnectionError)
    assert ran.error.never_left
    assert "nothing was sent" in str(ran.error)


def test_a_charge_that_left_after_one_that_did_not_is_unknown() -> None:
    ran = by_hand.run(by_hand.call_of(CHARGE), [httpx.ConnectError("nobody there"), httpx.ReadTimeout("late")])
    assert len(ran.sent) == 2
    assert isinstance(ran.error, ChargeOutcomeUnknown)


ID = CHARGE.answer["result"]["payment_intent_id"]
BODY = json.dumps(CHARGE.answer).encode()


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (by_hand.answer(200, BODY[:-1]), ID),
        (by_hand.answer(200, BODY[: BODY.index(ID.encode()) + len(ID) + 1]), ID),
        (by_hand.answer(200, BODY[: BODY.index(ID.encode()) + len(ID)]), None),
        (by_hand.answer(200, gzip.compress(BODY)[:-10], [("Content-Encoding", "gzip")]), ID),
        (by_hand.answer(200, BODY, [("Content-Encoding", "gzip")]), ID),
        (by_hand.answer(500, BODY), None),
        (by_hand.answer(200, {**CHARGE.answer, "success": "yes"}), ID),
        (by_hand.answer(200, b""), None),
        (by_hand.answer(200, b'{"payment_intent_id": "in_1 or 2"}'), None),
    ],
    ids=repr,
)
def test_the_payment_id_is_read_from_a_success_even_when_it_is_cut_off(answer: RawResponse, found: str | None) -> None:
    for broken in (None, httpx.ReadError("gone"), httpx.ReadTimeout("late")):
        answer.broken = broken
        error = by_hand.run(by_hand.call_of(CHARGE), [answer]).error
        assert isinstance(error, ChargeOutcomeUnknown)
        assert error.payment_id == found
        assert ID in str(error) if found else "invoice_history" in str(error)


@sync_async
def test_the_payment_id_is_read_when_the_deadline_ends_the_answer(way: Way) -> None:
    def begin(exchange: Exchange) -> None:
        exchange.answer(200, BODY + b" " * 10, length=100_000)
        while not exchange.stopped.wait(0.01):
            exchange.send(b" ")

    with FaultServer(begin) as server:
        came = make_one(way, server.url, CHARGE, deadline=0.2)
    assert isinstance(came, ChargeOutcomeUnknown)
    assert "the deadline of 0.2 s passed" in str(came)
    assert came.payment_id == ID


def test_an_unknown_outcome_says_all_that_is_known_and_what_to_do() -> None:
    error = by_hand.run(by_hand.call_of(CHARGE), [httpx.ReadTimeout("late")]).error
    assert isinstance(error, ChargeOutcomeUnknown)
    assert (error.account_id, error.amount, error.payment_id) == (ACCOUNT, 5000, None)
    assert error.sent_at is not None
    assert error.sent_at.utcoffset() is not None
    assert error.cause is error.__cause__
    for said in (
        "$50.00",
        ACCOUNT,
        "UTC",
        "Do not send it again",
        "invoice_history(type='manual')",
        "reconcile(error)",
    ):
        assert said in str(error)


def test_the_account_of_an_unknown_charge_is_the_one_that_was_named() -> None:
    tried = CHARGE
    other = "f" * 32
    call = by_hand.call_of(
        type(tried)(tried.name, "POST", "/topup", "charge", {**tried.arguments, "account_id": other})
    )
    for ours in (by_hand.client(), by_hand.client(base_url="https://example.com/accounts/not-this-one/v4")):
        error = by_hand.run(call, [httpx.ReadTimeout("late")], ours).error
        assert isinstance(error, ChargeOutcomeUnknown)
        assert error.account_id == other


class Interrupting(httpx.BaseTransport):
    """Raises while a request is under way, or while its answer is read."""

    def __init__(self, error: BaseException, *, in_body: bool) -> None:
        self.error = error
        self.in_body = in_body
        self.closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not self.in_body:
            raise self.error
        return httpx.Response(200, stream=InterruptedBody(self))


class InterruptedBody(httpx.SyncByteStream):
    def __init__(self, transport: Interrupting) -> None:
        self.transport = transport

    def __iter__(self) -> Iterator[bytes]:
        yield BODY[:20]
        raise self.transport.error

    def close(self) -> None:
        self.transport.closed = True


@pytest.mark.parametrize("in_body", [False, True])
@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, MemoryError, RuntimeError, OSError])
def test_what_interrupts_a_charge_passes_through_with_a_note(kind: type[BaseException], in_body: bool) -> None:
    raised = kind("stop")
    transport = Interrupting(raised, in_body=in_body)
    with by_hand.client(transport=transport) as client:
        with pytest.raises(kind) as caught:
            CHARGE.on(client)()
        assert caught.value is raised
        (note,) = raised.__notes__
        assert "may have been charged" in note
        assert ACCOUNT in note
        assert "$50.00" in note
        raised.__notes__.clear()
        with pytest.raises(kind):
            BALANCE.on(client)()
        assert raised.__notes__ == []
        assert transport.closed is in_body


def test_ctrl_c_while_the_answer_is_awaited_is_noted() -> None:
    main = threading.main_thread().ident
    assert main is not None

    def interrupt(exchange: Exchange) -> None:
        signal.pthread_kill(main, signal.SIGINT)
        exchange.hang()

    with FaultServer(interrupt) as server:
        with by_hand.client(base_url=server.url) as client, pytest.raises(KeyboardInterrupt) as caught:
            CHARGE.on(client)()
        assert "may have been charged" in caught.value.__notes__[0]
        assert len(server.received) == 1
        wait_until(lambda: server.open_now == 0)


class SignalledBetweenSteps:
    """A flow to which Ctrl-C comes at the moment when the driver is about to send it the result of a step."""

    def __init__(self, flow: Any) -> None:
        self.flow = flow

    def __next__(self) -> Any:
        return next(self.flow)

    def send(self, reported: object) -> Any:
        raise KeyboardInterrupt

    def __getattr__(self, name: str) -> Any:
        return getattr(self.flow, name)


@sync_async
def test_ctrl_c_between_two_steps_of_a_charge_is_noted(way: Way) -> None:
    call = by_hand.call_of(CHARGE)
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=CHARGE.answer))
    given: dict[str, Any] = {"api_token": TOKEN, "account_id": ACCOUNT, "transport": transport}
    sync, not_sync = Client(**given), AsyncClient(**given)
    run: Callable[[], Any] = (
        (lambda: sync.run(cast(Any, SignalledBetweenSteps(call_flow(call, sync.caller)))))
        if way == "sync"
        else (lambda: asyncio.run(not_sync.run(cast(Any, SignalledBetweenSteps(call_flow(call, not_sync.caller))))))
    )
    with pytest.raises(KeyboardInterrupt) as caught:
        run()
    assert "may have been charged" in caught.value.__notes__[0]


def test_ctrl_c_while_the_flow_reads_an_answer_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(flow_module, "read_answer", interrupted)
    ran = by_hand.run(by_hand.call_of(CHARGE), [by_hand.answer(200, CHARGE.answer)])
    assert isinstance(ran.error, KeyboardInterrupt)
    assert "may have been charged" in ran.error.__notes__[0]


def test_a_cancelled_charge_is_noted_and_not_sent_again() -> None:
    async def main(url: str) -> BaseException:
        async with AsyncClient(api_token=TOKEN, account_id=ACCOUNT, base_url=url) as client:

            async def charge() -> BaseException:
                try:
                    await CHARGE.on(client)()
                except asyncio.CancelledError as error:
                    return error
                raise AssertionError("it came back")

            task = asyncio.create_task(charge())
            await asyncio.to_thread(wait_until, lambda: len(server.received) == 1)
            task.cancel()
            return await task

    with FaultServer(Exchange.hang) as server:
        error = asyncio.run(main(server.url))
        assert "may have been charged" in error.__notes__[0]
        assert len(server.received) == 1
        wait_until(lambda: server.open_now == 0)


def test_a_bad_argument_or_a_missing_account_bears_no_note() -> None:
    with Client(api_token=TOKEN) as client:
        with pytest.raises(ValueError, match="which account") as caught:
            CHARGE.on(client)()
        assert not hasattr(caught.value, "__notes__")


def test_other_operations_of_the_same_path_are_not_charges() -> None:
    status = BY_NAME["topup.status"]
    with FaultServer(in_order(Exchange.drop, lambda exchange: exchange.answer(200, status.answer))) as server:
        assert make_one("sync", server.url, status).status in {"pending", "completed"}
        assert len(server.received) == 2


@pytest.mark.parametrize("status", [400, 402, 409, 422, 500])
def test_a_refusal_that_names_a_payment_is_not_one(status: int) -> None:
    body = {**refusal(1000, "no"), "result": {"payment_intent_id": "in_of_somebody_else"}}
    error = by_hand.run(by_hand.call_of(CHARGE), [by_hand.answer(status, body)]).error
    assert isinstance(error, ChargeOutcomeUnknown)
    assert error.payment_id is None
