"""Asynchronous connections: never more than allowed, none lost when any is cancelled, those who wait served in their order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import threading
import time
import warnings
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import httpx
import pytest

from aig_billing_runtime.connection_set import ConnectionSet
from aig_billing_runtime.steps import ClientClosedError
from tests.runtime.fault_server import Exchange, FaultServer, deaf_port

WITHOUT_END = {"connect": 5.0, "read": 5.0, "write": 5.0, "pool": 5.0}


def connection_set(most: int = 100, idle: int = 20, expiry: float = 5.0) -> ConnectionSet:
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=idle, keepalive_expiry=expiry)
    return ConnectionSet(lambda one: httpx.AsyncHTTPTransport(verify=False, limits=one, trust_env=False), limits)


async def ask(connections: ConnectionSet, url: str, **timeouts: float) -> bytes:
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
    class Stubborn(httpx.AsyncByteStream):
        async def aclose(self) -> None:
            raise OSError("it does not close")

    class OneAnswer(httpx.AsyncBaseTransport):
        closed = False

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, stream=Stubborn(), request=request)

        async def aclose(self) -> None:
            self.closed = True

    built: list[OneAnswer] = []

    def build(_: httpx.Limits) -> OneAnswer:
        built.append(OneAnswer())
        return built[-1]

    async def work() -> None:
        connections = ConnectionSet(build, httpx.Limits(max_connections=1))
        for _ in range(2):
            response = await connections.handle_async_request(httpx.Request("GET", "http://localhost/"))
            with pytest.raises(OSError, match="does not close"):
                await response.aclose()

    run(work)
    assert [transport.closed for transport in built] == [True, True]


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
