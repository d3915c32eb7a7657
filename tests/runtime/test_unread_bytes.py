"""Bytes that a server sends behind an answer are never the next call's answer, and keep-alive goes on where there are none."""

from __future__ import annotations

import copy
import threading
import time
from typing import Any

import pytest

from tests.runtime.fault_server import Exchange, FaultServer, whole_answer
from tests.runtime.operations import BALANCE, CHARGE, Way
from tests.runtime.ways import make, sync_async


def balance(cents: int) -> dict[str, Any]:
    answer: dict[str, Any] = copy.deepcopy(BALANCE.answer)
    answer["result"]["balance"] = cents
    return answer


FORGED = whole_answer(200, balance(666_666))
BEHIND = {
    "a whole answer": FORGED,
    "half an answer": FORGED[:40],
    "an answer of another call": whole_answer(200, CHARGE.answer),
    "no HTTP": b"\r\nXXXX",
    "one byte": b"\n",
    "an interim answer": b"HTTP/1.1 103 Early Hints\r\n\r\n",
}


@sync_async
@pytest.mark.parametrize("behind", BEHIND)
def test_bytes_behind_an_answer_are_not_the_next_answer(way: Way, behind: str) -> None:
    def behave(exchange: Exchange) -> None:
        exchange.send(whole_answer(200, balance(exchange.number)) + BEHIND[behind])

    with FaultServer(behave) as server:
        results = make(way, server.url, [BALANCE] * 3, max_retries=0)
        assert [result.balance for result in results] == [0, 1, 2]
        assert server.connections == 3


@sync_async
@pytest.mark.parametrize("framing", ["chunked", "no content"])
def test_the_end_of_an_answer_is_known_in_every_framing(way: Way, framing: str) -> None:
    head = {
        "chunked": b"HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "no content": b"HTTP/1.1 204 No\r\n\r\n",
    }[framing]

    def behave(exchange: Exchange) -> None:
        exchange.send((head + FORGED) if exchange.number == 0 else whole_answer(200, balance(exchange.number)))

    with FaultServer(behave) as server:
        first, second = make(way, server.url, [BALANCE] * 2, max_retries=0)
        assert isinstance(first, Exception)
        assert second.balance == 1


@sync_async
def test_bytes_that_come_while_a_connection_is_idle_close_it(way: Way) -> None:
    def behave(exchange: Exchange) -> None:
        exchange.answer(200, balance(exchange.number))
        if exchange.number == 0:
            time.sleep(0.05)
            exchange.send(FORGED)
            sent.set()

    class Paused:
        """A pause between two calls, in which the bytes arrive."""

        def on(self, client: Any, *, raw: bool = False) -> Any:
            if way == "sync":
                return wait
            import asyncio

            return lambda: asyncio.to_thread(wait)

    def wait() -> None:
        assert sent.wait(60)
        time.sleep(0.05)  # for the event loop to notice

    sent = threading.Event()
    with FaultServer(behave) as server:
        results = make(way, server.url, [BALANCE, Paused(), BALANCE])  # type: ignore[list-item]  # it is called like one
        assert [results[0].balance, results[2].balance] == [0, 1]


@sync_async
def test_a_connection_without_such_bytes_is_kept(way: Way) -> None:
    with FaultServer(lambda exchange: exchange.answer(200, balance(exchange.number))) as server:
        results = make(way, server.url, [BALANCE] * 3)
        assert [result.balance for result in results] == [0, 1, 2]
        assert server.connections == 1
