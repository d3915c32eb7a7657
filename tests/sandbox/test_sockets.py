"""The sandbox's sockets. How many answers it gives a second is a row of the benchmarks."""

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from aig_billing_sandbox import Sandbox


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists the sockets of a process as files")
def test_an_answer_does_not_wait_for_the_callers_acknowledgement() -> None:
    # Head and body leave in two writes; with Nagle's delay the second waits 40 ms for the caller to acknowledge the first.
    with Sandbox() as sandbox:
        url = httpx.URL(sandbox.base_url)
        with socket.create_connection((url.host, url.port or 0), timeout=60) as caller:
            caller.sendall(f"GET /client/v4 HTTP/1.1\r\nHost: {url.host}:{url.port}\r\n\r\n".encode())
            assert caller.recv(8).startswith(b"HTTP/1.1")
            assert [*_delays_of_those_who_talk_to(caller.getsockname())] == [False]


def _delays_of_those_who_talk_to(address: object) -> Iterator[bool]:
    """Say of each socket of this process that is connected to an address whether Nagle's delay is on."""
    for entry in list(Path("/proc/self/fd").iterdir()):
        with contextlib.suppress(OSError):
            if str(entry.readlink()).startswith("socket:"):
                with socket.socket(fileno=os.dup(int(entry.name))) as one:
                    if one.getpeername() == address:
                        yield not one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
