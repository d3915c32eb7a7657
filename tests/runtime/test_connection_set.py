"""Connections: never more than allowed, none lost when any is cancelled, those who wait served in their order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import math
import random
import socket
import threading
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpcore
import httpx
import pytest

from aig_billing_runtime.async_connection_set import AsyncTransport
from aig_billing_runtime.direct_transport import DirectTransport
from aig_billing_runtime.steps import ENDING, ClientClosedError
from aig_billing_runtime.transports import Route
from tests.runtime.fault_server import Exchange, FaultServer, deaf_port

WITHOUT_END = {"connect": 5.0, "read": 5.0, "write": 5.0, "pool": 5.0}


def connection_set(most: int = 100, idle: int = 20, expiry: float = 5.0) -> httpx.AsyncBaseTransport:
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=idle, keepalive_expiry=expiry)
    transport = Route(httpx.URL("http://localhost"), used=False).async_transport(limits)
    assert isinstance(transport, AsyncTransport)
    return transport


async def ask(connections: httpx.AsyncBaseTransport, url: str, **timeouts: float) -> bytes:
    request = httpx.Request("GET", url, extensions={"timeout": {**WITHOUT_END, **timeouts}})
    response = await connections.handle_async_request(request)
    try:
        return b"".join([part async for part in response.stream])  # type: ignore[union-attr]  # it is asynchronous
    finally:
        await response.aclose()


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a socket that nobody closed
        asyncio.run(asyncio.wait_for(work(), 120))
        gc.collect()


async def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it never came true"
        await asyncio.sleep(0.005)


def path(exchange: Exchange) -> None:
    exchange.answer(200, exchange.request.target)


class Gate:
    """A server's behaviour: requests below /held wait until they are let go."""

    def __init__(self) -> None:
        self.opened = threading.Event()

    def __call__(self, exchange: Exchange) -> None:
        if exchange.request.target.startswith("/held"):
            self.opened.wait(10)
        path(exchange)


def test_never_more_connections_than_allowed_and_every_request_is_answered() -> None:
    async def work() -> None:
        connections = connection_set(most=3)
        answers = await asyncio.gather(*(ask(connections, f"{server.url}/{index}") for index in range(60)))
        assert answers == [f"/{index}".encode() for index in range(60)]
        await connections.aclose()

    with FaultServer(path) as server:
        run(work)
        assert server.connections == 3


def test_those_who_wait_are_served_in_their_order() -> None:
    async def work() -> None:
        connections = connection_set(most=1)
        await asyncio.gather(*(ask(connections, f"{server.url}/{index}") for index in range(20)))
        await connections.aclose()

    with FaultServer(path) as server:
        run(work)
        assert [one.target for one in server.received] == [f"/{index}" for index in range(20)]


def test_the_connection_used_last_is_used_first() -> None:
    async def work() -> None:
        connections = connection_set()
        holding = [asyncio.create_task(ask(connections, f"{server.url}/held/{index}")) for index in range(5)]
        await until(lambda: len(server.received) == 5)
        gate.opened.set()
        await asyncio.gather(*holding)
        for _ in range(10):
            await ask(connections, f"{server.url}/again")
        await connections.aclose()

    gate = Gate()
    with FaultServer(gate) as server:
        run(work)
        assert len({one.connection for one in server.received if one.target == "/again"}) == 1
        assert server.connections == 5


@pytest.mark.parametrize("moment", ["waiting for an answer", "in the middle of a body", "waiting for a connection"])
def test_a_cancelled_request_leaves_its_place_to_others(moment: str) -> None:
    def behave(exchange: Exchange) -> None:
        if exchange.request.target != "/stuck":
            path(exchange)
        elif moment == "in the middle of a body":
            exchange.answer(200, b"begun", length=100)
            exchange.hang()
        else:
            exchange.hang()

    async def work() -> None:
        connections = connection_set(most=2)
        url = f"{server.url}/stuck"
        stuck = [asyncio.create_task(ask(connections, url)) for _ in range(2 + (moment == "waiting for a connection"))]
        await until(lambda: len(server.received) == 2)
        await asyncio.sleep(0.02)
        for task in reversed(stuck):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert await asyncio.gather(*(ask(connections, f"{server.url}/{index}") for index in range(4)))
        await until(lambda: server.open_now <= 2)
        await connections.aclose()
        await until(lambda: server.open_now == 0)

    with FaultServer(behave) as server:
        run(work)
        assert server.connections <= 4


def test_a_connection_that_cannot_be_made_frees_its_place_when_it_is_cancelled_or_late() -> None:
    async def work() -> None:
        connections = connection_set(most=1)
        with deaf_port() as nowhere:
            connecting = asyncio.create_task(ask(connections, nowhere))
            await asyncio.sleep(0.02)
            connecting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await connecting
            with pytest.raises(httpx.ConnectTimeout):
                await ask(connections, nowhere, connect=0.05)
        assert await ask(connections, f"{server.url}/well", pool=0.5) == b"/well"
        await connections.aclose()

    with FaultServer(path) as server:
        run(work)


def test_whoever_waits_for_too_long_gives_up_and_takes_nothing_with_him() -> None:
    async def work() -> None:
        connections = connection_set(most=1)
        holding = asyncio.create_task(ask(connections, f"{server.url}/held"))
        await until(lambda: bool(server.received))
        with pytest.raises(httpx.PoolTimeout):
            await ask(connections, f"{server.url}/late", pool=0.02)
        gate.opened.set()
        assert await holding == b"/held"
        assert await ask(connections, f"{server.url}/next") == b"/next"
        await connections.aclose()

    gate = Gate()
    with FaultServer(gate) as server:
        run(work)
        assert [one.target for one in server.received] == ["/held", "/next"]


def test_a_connection_that_comes_at_the_moment_of_leaving_goes_to_the_next() -> None:
    async def work() -> None:
        connections = connection_set(most=1)
        first = await connections.handle_async_request(httpx.Request("GET", f"{server.url}/first"))
        assert [part async for part in first.stream] == [b"/first"]  # type: ignore[union-attr]  # it is asynchronous
        leaving = asyncio.create_task(ask(connections, f"{server.url}/leaving"))
        staying = asyncio.create_task(ask(connections, f"{server.url}/staying"))
        await asyncio.sleep(0.01)
        await first.aclose()
        # The connection is promised to the one that leaves now, before it could take it.
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        assert await asyncio.wait_for(staying, 60) == b"/staying"
        await connections.aclose()

    with FaultServer(path) as server:
        run(work)
        assert [one.target for one in server.received] == ["/first", "/staying"]


@pytest.mark.slow
def test_idle_connections_are_closed_beyond_their_number_and_after_their_time() -> None:
    async def work() -> None:
        connections = connection_set(idle=2, expiry=1.5)
        holding = [asyncio.create_task(ask(connections, f"{server.url}/held")) for _ in range(6)]
        await until(lambda: len(server.received) == 6)
        gate.opened.set()
        await asyncio.gather(*holding)
        await until(lambda: server.open_now == 2)
        await asyncio.sleep(1.6)
        await ask(connections, f"{server.url}/later")
        await until(lambda: server.open_now == 1)
        await connections.aclose()

    gate = Gate()
    with FaultServer(gate) as server:
        run(work)


def test_a_kept_alive_connection_that_the_server_closed_is_not_used() -> None:
    def behave(exchange: Exchange) -> None:
        path(exchange)
        exchange.close()

    async def work() -> None:
        connections = connection_set()
        for index in range(3):
            await until(lambda: server.open_now == 0)
            assert await ask(connections, f"{server.url}/{index}") == f"/{index}".encode()
        await connections.aclose()

    with FaultServer(behave) as server:
        run(work)
        assert len(server.received) == 3


def test_a_connection_that_breaks_is_replaced_for_those_who_wait() -> None:
    def behave(exchange: Exchange) -> None:
        if exchange.request.target == "/broken":
            exchange.drop()
        else:
            path(exchange)

    async def work() -> None:
        connections = connection_set(most=1)
        urls = [f"{server.url}/{'broken' if index % 3 == 0 else index}" for index in range(12)]
        ends = await asyncio.gather(*(ask(connections, url) for url in urls), return_exceptions=True)
        assert [isinstance(end, httpx.NetworkError | httpx.ProtocolError) for end in ends] == [
            index % 3 == 0 for index in range(12)
        ]
        await connections.aclose()
        await until(lambda: server.open_now == 0)

    with FaultServer(behave) as server:
        run(work)


def test_a_connection_whose_answer_could_not_be_closed_is_not_used_again() -> None:
    class Stubborn:
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b""

        async def aclose(self) -> None:
            raise OSError("it does not close")

    class OneAnswer(httpcore.AsyncConnectionInterface):
        closed = False

        async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
            return httpcore.Response(200, content=Stubborn())

        async def aclose(self) -> None:
            self.closed = True

        def is_idle(self) -> bool:
            return True

    built: list[OneAnswer] = []

    def create(_: httpcore.Origin) -> OneAnswer:
        built.append(OneAnswer())
        return built[-1]

    async def work() -> None:
        connections = AsyncTransport(httpx.Limits(max_connections=1))
        connections._connections._create = create
        for _ in range(2):
            response = await connections.handle_async_request(httpx.Request("GET", "http://localhost/"))
            with pytest.raises(OSError, match="does not close"):
                await response.aclose()

    run(work)
    assert [connection.closed for connection in built] == [True, True]


def test_closing_ends_every_connection_and_refuses_those_who_wait() -> None:
    async def work() -> None:
        connections = connection_set(most=1)
        holding = asyncio.create_task(ask(connections, f"{server.url}/held"))
        await until(lambda: bool(server.received))
        waiting = [asyncio.create_task(ask(connections, f"{server.url}/waiting")) for _ in range(2)]
        await asyncio.sleep(0.01)
        await connections.aclose()
        for turn in waiting:
            with pytest.raises(ClientClosedError):
                await turn
        gate.opened.set()
        with contextlib.suppress(httpx.TransportError):
            await holding
        await until(lambda: server.open_now == 0)

    gate = Gate()
    with FaultServer(gate) as server:
        run(work)
        assert [one.target for one in server.received] == ["/held"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_no_storm_of_cancellations_timeouts_and_faults_costs_a_place(seed: int) -> None:
    """Two hundred calls meet every ending at random; after that all places are free and all sockets closed."""

    def behave(exchange: Exchange) -> None:
        ending = exchange.request.target.strip("/")
        if ending == "drop":
            exchange.drop()
        elif ending == "half":
            exchange.answer(200, b"begun", length=100)
            exchange.close()
        elif ending == "slow":
            time.sleep(0.03)
            path(exchange)
        else:
            path(exchange)

    async def work() -> None:
        dice = random.Random(seed)
        connections = connection_set(most=5, idle=3)
        endings = dice.choices(["well", "drop", "half", "slow"], k=200)
        tasks = [asyncio.create_task(ask(connections, f"{server.url}/{one}", pool=0.5, read=0.02)) for one in endings]

        async def cancel_some() -> None:
            for task in dice.sample(tasks, 80):
                task.cancel()
                await asyncio.sleep(dice.choice([0, 0, 0.001]))

        await asyncio.gather(cancel_some(), *tasks, return_exceptions=True)
        all_free: list[Awaitable[bytes]] = [ask(connections, f"{server.url}/well", pool=1) for _ in range(5)]
        assert await asyncio.gather(*all_free) == [b"/well"] * 5
        await until(lambda: server.open_now <= 5)
        await connections.aclose()
        await until(lambda: server.open_now == 0)

    with FaultServer(behave) as server:
        run(work)


def sync_set(most: int = 100, idle: int = 20, expiry: float = 5.0) -> httpx.BaseTransport:
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=idle, keepalive_expiry=expiry)
    transport = Route(httpx.URL("http://localhost"), used=False).transport(limits)
    assert isinstance(transport, DirectTransport)
    return transport


def ask_sync(connections: httpx.BaseTransport, url: str, **timeouts: float) -> bytes:
    ENDING.at = math.inf  # and not that of a call which this thread made before
    request = httpx.Request("GET", url, extensions={"timeout": {**WITHOUT_END, **timeouts}})
    response = connections.handle_request(request)
    try:
        return response.read()
    finally:
        response.close()


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.005)


def test_threads_share_no_more_connections_than_allowed_and_each_gets_its_own_answer() -> None:
    with FaultServer(path) as server, closing(sync_set(most=3)) as connections, ThreadPoolExecutor(12) as threads:
        urls = [f"{server.url}/{index}" for index in range(120)]
        assert [*threads.map(lambda url: ask_sync(connections, url), urls)] == [
            f"/{index}".encode() for index in range(120)
        ]
        assert server.connections <= 3


def test_a_thread_that_waits_for_too_long_gives_up_and_takes_nothing_with_it() -> None:
    gate = Gate()
    with FaultServer(gate) as server, closing(sync_set(most=1)) as connections, ThreadPoolExecutor(1) as threads:
        holding = threads.submit(ask_sync, connections, f"{server.url}/held")
        wait_until(lambda: bool(server.received))
        with pytest.raises(httpx.PoolTimeout):
            ask_sync(connections, f"{server.url}/late", pool=0.02)
        gate.opened.set()
        assert holding.result(60) == b"/held"
        assert ask_sync(connections, f"{server.url}/next") == b"/next"
        assert [one.target for one in server.received] == ["/held", "/next"]
        assert server.connections == 1


def test_closing_refuses_the_threads_that_wait() -> None:
    gate = Gate()
    with FaultServer(gate) as server, ThreadPoolExecutor(3) as threads:
        connections = sync_set(most=1)
        holding = threads.submit(ask_sync, connections, f"{server.url}/held", read=90.0)
        wait_until(lambda: bool(server.received))
        waiting = [threads.submit(ask_sync, connections, f"{server.url}/waiting", pool=90.0) for _ in range(2)]
        time.sleep(0.05)
        connections.close()
        assert [type(one.exception(60)) for one in waiting] == [ClientClosedError] * 2
        assert not holding.done(), "they waited for the one that holds the connection"
        gate.opened.set()
        holding.exception(60)
        wait_until(lambda: server.open_now == 0)
        assert [one.target for one in server.received] == ["/held"]


def test_a_thread_uses_no_connection_that_broke_that_the_server_closed_or_that_is_to_another_address() -> None:
    def behave(exchange: Exchange) -> None:
        if exchange.request.target == "/broken":
            exchange.drop()
            return
        path(exchange)
        if exchange.request.target == "/last":
            exchange.close()

    with FaultServer(behave) as server, FaultServer(behave) as other, closing(sync_set(most=1)) as connections:
        for _ in range(2):
            with pytest.raises(httpx.TransportError):
                ask_sync(connections, f"{server.url}/broken")
            assert ask_sync(connections, f"{server.url}/last", pool=0.5) == b"/last"
            wait_until(lambda: server.open_now == 0)
            assert ask_sync(connections, f"{other.url}/other") == b"/other"
        # The place of the idle connection to one address is taken by that to the other.
        wait_until(lambda: server.open_now == 0)
        assert other.open_now == 1
        assert len(server.received) == 4
    wait_until(lambda: other.open_now == 0)


def test_idle_connections_of_threads_are_closed_beyond_their_number_and_after_their_time() -> None:
    gate = Gate()
    with (
        FaultServer(gate) as server,
        closing(sync_set(idle=2, expiry=0.3)) as connections,
        ThreadPoolExecutor(6) as threads,
    ):
        holding = [threads.submit(ask_sync, connections, f"{server.url}/held") for _ in range(6)]
        wait_until(lambda: len(server.received) == 6)
        gate.opened.set()
        assert [one.result(60) for one in holding] == [b"/held"] * 6
        wait_until(lambda: server.open_now <= 2)
        time.sleep(0.4)
        assert ask_sync(connections, f"{server.url}/later") == b"/later"
        assert server.connections == 7, "it used one that was too old"
        wait_until(lambda: server.open_now == 1)


def test_an_answer_that_comes_before_the_whole_request_is_read() -> None:
    def refuse() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 413 Too large\r\nContent-Length: 5\r\n\r\nlarge")

    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as threads:
        threads.submit(refuse)
        request = httpx.Request("POST", f"http://127.0.0.1:{listening.getsockname()[1]}", content=bytes(50_000_000))
        ENDING.at = math.inf
        with closing(sync_set()) as connections:
            response = connections.handle_request(request)
            assert (response.status_code, response.read()) == (413, b"large")
            response.close()
