"""Cancellation, event loops, threads and forks: nothing leaks, nothing is sent twice, and what cannot work says so first."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import socket
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from aig_billing import APIConnectionError, APIError, APITimeoutError, AsyncClient, Client

from aig_billing_runtime.steps import ClientClosedError, Run
from tests.runtime.fault_server import Exchange, FaultServer, in_order
from tests.runtime.operations import ACCOUNT, BALANCE, CHARGE, TOKEN, refusal
from tests.runtime.ways import wait_until


def balance(exchange: Exchange) -> None:
    exchange.answer(200, BALANCE.answer)


NOTHING_KEPT = httpx.Limits(max_keepalive_connections=0)
"""For a client that is not closed: asyncio complains of what stays open after its loop."""


def client(url: str, **options: Any) -> Client:
    return Client(api_token=TOKEN, account_id=ACCOUNT, base_url=url, **options)


def async_client(url: str, **options: Any) -> AsyncClient:
    return AsyncClient(api_token=TOKEN, account_id=ACCOUNT, base_url=url, **options)


def busy(ours: Client | AsyncClient) -> int:
    """How many connections are taken: nobody but the transport itself can tell."""
    transport: Any = ours._transports.pooled()
    return len(transport._connections._open) - len(transport._connections._idle)


def half_an_answer(exchange: Exchange) -> None:
    exchange.answer(200, BALANCE.answer, length=100_000)
    exchange.hang()


def slow_headers(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nX: ")
    exchange.hang()


@pytest.mark.parametrize(
    "moment", [Exchange.hang, half_an_answer, slow_headers], ids=["before", "in the body", "in the headers"]
)
def test_a_cancelled_call_leaks_no_connection_and_is_not_sent_again(moment: Callable[[Exchange], None]) -> None:
    async def main() -> None:
        async with async_client(server.url, limits=httpx.Limits(max_connections=3)) as ours:
            for _ in range(5):
                seen = len(server.received)
                tasks = [asyncio.create_task(BALANCE.on(ours)()) for _ in range(3)]
                await asyncio.to_thread(_arrived, server, seen + 3)
                await asyncio.sleep(0.005)
                for task in tasks:
                    task.cancel()
                came = await asyncio.gather(*tasks, return_exceptions=True)
                assert {type(one) for one in came} == {asyncio.CancelledError}
                assert busy(ours) == 0
            assert len(server.received) == 15
            await asyncio.to_thread(wait_until, lambda: server.open_now == 0)
            server.behave = balance
            assert (await BALANCE.on(ours)()).balance == BALANCE.answer["result"]["balance"]

    with FaultServer(moment) as server:
        asyncio.run(main())


def _arrived(server: FaultServer, count: int) -> None:
    wait_until(lambda: len(server.received) == count)


def test_a_call_cancelled_while_it_waits_for_a_connection_leaves_the_queue() -> None:
    async def main() -> None:
        async with async_client(server.url, limits=httpx.Limits(max_connections=1)) as ours:
            first = asyncio.create_task(BALANCE.on(ours)())
            await asyncio.to_thread(wait_until, lambda: len(server.received) == 1)
            second = asyncio.create_task(BALANCE.on(ours)())
            await asyncio.sleep(0.01)
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await second
            assert busy(ours) == 1
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            assert busy(ours) == 0

    with FaultServer(Exchange.hang) as server:
        asyncio.run(main())
        assert len(server.received) == 1


def test_calls_cancelled_at_any_moment_leave_a_pool_that_works() -> None:
    """Cancelled after every number of steps of the event loop that a call takes."""

    async def main() -> None:
        async with async_client(server.url, limits=httpx.Limits(max_connections=2), timeout=60.0) as ours:
            for steps in range(40):
                task = asyncio.create_task(BALANCE.on(ours)())
                for _ in range(steps):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                assert busy(ours) == 0
            for _ in range(4):
                await BALANCE.on(ours)()
            assert busy(ours) == 0

    with FaultServer(balance) as server:
        asyncio.run(main())


def test_a_users_own_timeout_cancels_a_call() -> None:
    async def main() -> None:
        async with async_client(server.url) as ours:
            with pytest.raises(TimeoutError):
                await call_with_a_timeout(ours)
            assert busy(ours) == 0

    async def call_with_a_timeout(ours: AsyncClient) -> None:
        async with asyncio.timeout(None) as limit, asyncio.TaskGroup() as tasks:
            tasks.create_task(end_once_it_has_arrived(limit))
            await BALANCE.on(ours)()

    async def end_once_it_has_arrived(limit: asyncio.Timeout) -> None:
        await asyncio.to_thread(wait_until, lambda: len(server.received) == 1)
        limit.reschedule(asyncio.get_running_loop().time())

    with FaultServer(Exchange.hang) as server:
        asyncio.run(main())
        assert len(server.received) == 1


def test_the_deadline_of_an_async_client_is_exact() -> None:
    async def main() -> float:
        async with async_client(server.url, deadline=0.15, timeout=60.0) as ours:
            start = time.monotonic()
            with pytest.raises(APITimeoutError, match=r"the deadline of 0.15 s passed"):
                await BALANCE.on(ours)()
            assert busy(ours) == 0
            return time.monotonic() - start

    with FaultServer(slow_headers) as server:
        assert 0.14 < asyncio.run(main()) < 30
        assert len(server.received) == 1


def test_a_second_event_loop_is_refused_before_anything_is_sent() -> None:
    ours = None
    with FaultServer(balance) as server:

        async def call() -> None:
            assert ours is not None
            await BALANCE.on(ours)()

        ours = async_client(server.url, limits=NOTHING_KEPT)
        asyncio.run(call())
        for _ in range(2):
            with pytest.raises(RuntimeError, match=r"belongs to another event loop.*one client for each loop"):
                asyncio.run(call())
        copy = ours.with_options(max_retries=0)
        with pytest.raises(RuntimeError, match="belongs to another event loop"):
            asyncio.run(_call(copy))
        assert len(server.received) == 1


async def _call(ours: AsyncClient) -> Any:
    return await BALANCE.on(ours)()


def test_without_an_event_loop_of_asyncio_it_says_so() -> None:
    running = _call(async_client("http://127.0.0.1:1"))
    with pytest.raises(RuntimeError, match=r"asyncio event loop.*trio is not supported"):
        running.send(None)


def test_an_async_client_is_not_bound_before_its_first_call() -> None:
    """It may be made where no loop runs, as module globals are."""
    with FaultServer(balance) as server:
        ours = async_client(server.url, limits=NOTHING_KEPT)
        assert asyncio.run(_call(ours)).first_topup_success is True


def test_many_threads_share_one_client() -> None:
    with FaultServer(balance) as server, client(server.url) as ours, ThreadPoolExecutor(16) as pool:
        copies = [ours, ours.with_options(max_retries=0), ours.with_options(account_id="b" * 32)]
        calls = [pool.submit(BALANCE.on(copies[number % 3])) for number in range(300)]
        assert {call.result().balance for call in calls} == {BALANCE.answer["result"]["balance"]}
        assert len(server.received) == 300
        assert sum("b" * 32 in one.target for one in server.received) == 100
        assert server.connections <= 16


def test_threads_build_one_transport_between_them() -> None:
    built: list[object] = []
    ours = client("http://127.0.0.1:1", max_retries=0)
    connections = ours._transports
    build = connections._build

    def slowly(limits: httpx.Limits) -> httpx.BaseTransport:
        time.sleep(0.05)
        made = build(limits)
        built.append(made)
        return made

    connections._build = slowly
    with ThreadPoolExecutor(8) as pool:
        pooled = set(pool.map(lambda _: id(connections.pooled()), range(8)))
        fresh = set(pool.map(lambda _: id(connections.fresh()), range(8)))
    assert (len(pooled), len(fresh), len(built)) == (1, 1, 2)


def test_a_closed_client_refuses_calls_and_so_do_its_copies() -> None:
    with FaultServer(balance) as server:
        ours = client(server.url)
        copy = ours.with_options(max_retries=0)
        with ours:
            BALANCE.on(copy)()
        for closed in (ours, copy):
            assert closed.is_closed
            with pytest.raises(RuntimeError, match="closed"):
                BALANCE.on(closed)()
            with pytest.raises(RuntimeError, match="closed"):
                closed.__enter__()
        assert len(server.received) == 1
        wait_until(lambda: server.open_now == 0)


def test_a_closed_async_client_refuses_calls() -> None:
    async def main() -> None:
        async with async_client(server.url) as ours:
            await BALANCE.on(ours)()
        with pytest.raises(RuntimeError, match="closed"):
            await BALANCE.on(ours)()
        with pytest.raises(RuntimeError, match="closed"):
            await ours.__aenter__()

    with FaultServer(balance) as server:
        asyncio.run(main())
        wait_until(lambda: server.open_now == 0)


@pytest.mark.slow
def test_a_client_closed_between_two_attempts_opens_nothing_again() -> None:
    """Not even for a charge that was about to be sent again, which needs no warning then: it did not leave."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        for tried in (BALANCE, CHARGE):
            closing: list[Client] = []
            ours = client(url, on_retry=lambda event, closing=closing: closing[0].close())
            closing.append(ours)
            with pytest.raises(ClientClosedError, match="closed while it was in use") as caught:
                tried.on(ours)()
            assert not hasattr(caught.value, "__notes__")
            assert ours._transports._pooled is None
            assert ours._transports._fresh is None


def test_an_error_of_the_on_retry_hook_passes_through() -> None:
    def hook(event: object) -> None:
        raise LookupError("mine")

    with FaultServer(lambda exchange: exchange.answer(500)) as server, client(server.url, on_retry=hook) as ours:
        with pytest.raises(LookupError, match="mine"):
            BALANCE.on(ours)()
        assert len(server.received) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_after_a_fork_the_parents_connections_are_left_alone() -> None:
    with FaultServer(balance) as server, client(server.url) as ours:
        BALANCE.on(ours)()
        context = multiprocessing.get_context("fork")
        theirs, mine = context.Pipe()
        child = context.Process(target=_in_child, args=(ours, mine))
        child.start()
        mine.close()
        assert theirs.poll(20)
        assert theirs.recv() == [BALANCE.answer["result"]["balance"]] * 2
        child.join(20)
        assert child.exitcode == 0
        BALANCE.on(ours)()
        assert [one.connection for one in server.received] == [0, 1, 1, 0]


def _in_child(ours: Client, reported: Any) -> None:
    reported.send([BALANCE.on(ours)().balance for _ in range(2)])
    reported.close()
    gc.collect()
    os._exit(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_after_a_fork_an_async_client_may_have_a_loop_of_the_childs() -> None:
    with FaultServer(balance) as server:
        ours = async_client(server.url, limits=NOTHING_KEPT)
        asyncio.run(_call(ours))
        context = multiprocessing.get_context("fork")
        child = context.Process(target=_async_in_child, args=(ours,))
        child.start()
        child.join(20)
        assert child.exitcode == 0
        assert len(server.received) == 2


def _async_in_child(ours: AsyncClient) -> None:
    asyncio.run(_call(ours))
    os._exit(0)


def test_a_lock_held_by_another_thread_at_the_fork_does_not_stop_the_child() -> None:
    ours = client("http://127.0.0.1:1")
    connections = ours._transports
    held = connections._lock
    with held:
        connections.abandon_after_fork()
        assert connections.pooled() is not None, "the child has its own lock"


def test_no_error_keeps_a_socket_or_a_client_alive() -> None:
    """Without help of the garbage collector: there is no cycle through an error."""
    gc.collect()
    gc.disable()
    try:
        for ending in (Exchange.drop, lambda exchange: exchange.answer(500, refusal()), half_then_drop):
            with FaultServer(ending) as server:
                ours = client(server.url, max_retries=0)
                error: APIError | None = None
                try:
                    BALANCE.on(ours)()
                except APIError as caught:
                    error = caught
                assert error is not None
                kept = weakref.ref(error)
                body = weakref.ref(ours._transports)
                ours.close()
                wait_until(lambda: server.open_now == 0)
                del ours, error
                assert kept() is None, ending
                assert body() is None, ending
    finally:
        gc.enable()


def half_then_drop(exchange: Exchange) -> None:
    exchange.answer(200, BALANCE.answer, length=100_000)
    exchange.drop()


def test_a_response_is_closed_in_every_case() -> None:
    with (
        FaultServer(
            in_order(
                half_then_drop,
                lambda exchange: exchange.answer(200, b" " * 2000),
                lambda exchange: exchange.answer(500),
                balance,
            )
        ) as server,
        client(server.url, body_limit=1000, max_retries=0) as ours,
    ):
        for _ in range(3):
            with pytest.raises(APIError):
                BALANCE.on(ours)()
            assert busy(ours) == 0
        BALANCE.on(ours)()
        assert busy(ours) == 0


def test_work_that_blocks_is_done_in_a_thread_and_to_its_end() -> None:
    """What the journal of charges is written with: a cancellation that comes meanwhile is raised after it."""
    done: list[str] = []
    started = threading.Event()

    def work() -> str:
        started.set()
        time.sleep(0.05)
        done.append(threading.current_thread().name)
        return "worked"

    def flow() -> Any:
        return (yield Run(work))

    async def main() -> None:
        ours = async_client("http://127.0.0.1:1")
        assert await ours.run(flow()) == "worked"
        started.clear()
        task = asyncio.create_task(ours.run(flow()))
        await asyncio.to_thread(started.wait)
        task.cancel()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert len(done) == 2
    assert threading.current_thread().name not in done
    assert client("http://127.0.0.1:1").run(flow()) == "worked"
    assert done[2] == threading.current_thread().name


def test_a_name_that_does_not_resolve_is_a_connection_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*given: object, **named: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with client("https://no-such-host.invalid", max_retries=0) as ours, pytest.raises(APIConnectionError) as caught:
        BALANCE.on(ours)()
    assert caught.value.never_left
    assert "Name or service not known" in str(caught.value)
