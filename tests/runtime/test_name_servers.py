"""A name server that does not answer holds a synchronous call no longer than its deadline, and nothing is left open behind it.

Asynchronous calls have asyncio's own lookup, in a thread that a deadline leaves behind.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from aig_billing import APIConnectionError, APITimeoutError

from tests.runtime.fault_server import FaultServer
from tests.runtime.operations import BALANCE, CHARGE, Tried
from tests.runtime.ways import make_one, wait_until

SLOW = "billing.example"


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold each lookup of `SLOW` until the event is set; then it is this machine."""
    answering = threading.Event()
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name != SLOW:
            return real(host, port, *arguments, **options)
        answering.wait(30)
        return real("127.0.0.1", port, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield answering
    answering.set()


@pytest.mark.parametrize("call", [BALANCE, CHARGE], ids=str)
def test_the_deadline_holds_while_a_name_is_looked_up(call: Tried, name_server: threading.Event) -> None:
    error = make_one("sync", f"https://{SLOW}:1", call, deadline=0.5)
    # It came back while the name server was still silent, and a charge is known not to have been made.
    assert not name_server.is_set()
    assert isinstance(error, APITimeoutError), error
    assert error.never_left


def test_a_connection_that_comes_too_late_is_closed(name_server: threading.Event) -> None:
    with FaultServer(lambda exchange: exchange.answer()) as server:
        error = make_one("sync", f"https://{SLOW}:{server.port}", BALANCE, deadline=0.3)
        assert isinstance(error, APITimeoutError)
        name_server.set()
        wait_until(lambda: server.connections == 1)
        wait_until(lambda: server.open_now == 0)
        assert server.received == []


def test_what_the_name_server_says_is_what_the_error_says(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    error = make_one("sync", f"https://{SLOW}:1", BALANCE, max_retries=0)
    assert isinstance(error, APIConnectionError)
    assert error.never_left
    assert "Name or service not known" in str(error)
