"""What the tests of the monitor share: a sandbox whose clock stands still, a reader of it, and a webhook that keeps what it is sent."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aig_billing import AsyncClient

from aig_billing_monitor.rate_gate import RateGate
from aig_billing_monitor.reader import AccountReader
from aig_billing_monitor.readings import Account
from aig_billing_sandbox import Sandbox
from tests.charges.postgres import postgresql, postgresql_place

__all__ = ["postgresql", "postgresql_place"]

NOON = dt.datetime(2026, 11, 18, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox at noon on a Wednesday, with $25 of credit."""
    with Sandbox(now=NOON) as sandbox:
        sandbox.hold_clock()
        sandbox.set_clock(NOON)
        yield sandbox


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a fresh history can be: in each of the two databases."""
    if request.param == "sqlite":
        return str(tmp_path / "history.db")
    url: str = request.getfixturevalue("postgresql_place")
    return url


@asynccontextmanager
async def reading(sandbox: Sandbox, token: str | None = None, **options: Any) -> AsyncIterator[AccountReader]:
    """A reader over a real socket."""
    async with AsyncClient(
        api_token=token or sandbox.token, base_url=sandbox.base_url, max_retries=0, **options
    ) as client:
        yield AccountReader(client, RateGate())


def account_of(sandbox: Sandbox, profile: str = "") -> Account:
    return Account(sandbox.account_id, profile)


class Webhook:
    """What a webhook was sent: title and message of each call, in order; `status` is what it answers."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []
        self.status = 200
        self.failures = 0
        """How many calls are answered with 503 first."""
        self.url = ""
        self.arrived = threading.Semaphore(0)

    @property
    def titles(self) -> list[str]:
        return [title for title, _ in self.messages]


@contextmanager
def webhook() -> Iterator[Webhook]:
    """Serve a webhook on this machine, in Apprise's own JSON form."""
    kept = Webhook()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status = 503 if kept.failures else kept.status
            kept.failures -= bool(kept.failures)
            if status == 200:
                kept.messages.append((content["title"], content["message"]))
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()
            kept.arrived.release()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    kept.url = f"json://127.0.0.1:{server.server_port}/"
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
