"""Processes that kill themselves at one place of a charge: a journal, a transport and a forked child."""

import contextlib
import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Generator
from typing import Any, NoReturn

import httpx
from sqlalchemy import ColumnElement

from aig_billing_charges.journal import Journal, Transaction
from tests.charges.schedules import Death

Say = Callable[[dict[str, Any]], None]
Work = Callable[[Say], None]


class DyingJournal(Journal):
    """A journal whose process dies at one place of one step, and whose clock may be ahead."""

    def __init__(self, place: str, death: Death | None = None, ahead_ms: int = 0) -> None:
        super().__init__(place, lease_margin=0.1, settling_window=900, timeout=20)
        self._death = death
        self._ahead_ms = ahead_ms

    def clock(self) -> ColumnElement[int]:
        return super().clock() + self._ahead_ms

    @contextlib.contextmanager
    def transaction(self, step: str, account_id: str | None = None, *, write: bool = True) -> Generator[Transaction]:
        self._die(step, "before")
        with super().transaction(step, account_id, write=write) as here:
            yield here
            self._die(step, "inside")
        self._die(step, "after")

    def _die(self, step: str, phase: str) -> None:
        if self._death is not None and (self._death.place, self._death.phase) == (step, phase):
            os.kill(os.getpid(), signal.SIGKILL)


class DyingTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A real transport whose process dies just before or just after a request."""

    def __init__(self, inner: Any, death: Death | None, refused: int = 0, *, contradicts: bool = False) -> None:
        self._inner = inner
        self._contradicts = contradicts
        self._refused = refused
        self._place = "" if death is None else death.place

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        name = _name_of(request)
        self._die(f"{name} before")
        response: httpx.Response = self._inner.handle_request(request)
        self._die(f"{name} after")
        return _contradicting(response.read()) if self._contradicts and name == "invoices" else response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = _name_of(request)
        self._die(f"{name} before")
        response: httpx.Response = await self._inner.handle_async_request(request)
        self._die(f"{name} after")
        return _contradicting(await response.aread()) if self._contradicts and name == "invoices" else response

    def _die(self, place: str) -> None:
        if place == "request before" and self._refused:
            self._refused -= 1
            raise httpx.ConnectError("refused")
        if place == self._place:
            os.kill(os.getpid(), signal.SIGKILL)

    def close(self) -> None:
        self._inner.close()

    async def aclose(self) -> None:
        await self._inner.aclose()


def _contradicting(body: bytes) -> httpx.Response:
    """Leave an invoice out of a list, and not out of its count."""
    answer = json.loads(body)
    if answer.get("success") and answer["result"]["invoices"]:
        newest = max(answer["result"]["invoices"], key=lambda invoice: float(invoice["created"]))
        answer["result"]["invoices"].remove(newest)
    return httpx.Response(200 if answer.get("success") else 500, json=answer)


def _name_of(request: httpx.Request) -> str:
    path = request.url.path
    return "request" if path.endswith("/topup") else "invoices" if path.endswith("/invoice-history") else "other"


class Child:
    """A forked process that says lines of JSON."""

    def __init__(self, work: Work, timeout: float = 60) -> None:
        self._timeout = timeout
        ours, theirs = os.pipe()
        sys.stdout.flush()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(ours)
            run_child(work, theirs)
        os.close(theirs)
        self._pipe = ours
        self._code: int | None = None

    def kill(self) -> bool:
        """Kill it, if it is still there."""
        if self._ended():
            return False
        os.kill(self._pid, signal.SIGKILL)
        return True

    def stop(self) -> None:
        """Stop it, if it is still there."""
        if not self._ended():
            os.kill(self._pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        if not self._ended():
            os.kill(self._pid, signal.SIGCONT)

    def _ended(self) -> bool:
        if self._code is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code is not None

    def finish(self) -> tuple[list[dict[str, Any]], int]:
        """Wait for its end, and give what it said and how it ended."""
        said = bytearray()
        give_up = time.monotonic() + self._timeout
        while True:
            ready, _, _ = select.select([self._pipe], [], [], max(0.0, give_up - time.monotonic()))
            if not ready:
                self.kill()
                give_up = time.monotonic() + 10
                said += b'{"key": "?", "end": "hung"}\n'
                continue
            part = os.read(self._pipe, 65536)
            if not part:
                break
            said += part
        os.close(self._pipe)
        if self._code is None:
            _, status = os.waitpid(self._pid, 0)
            self._code = os.waitstatus_to_exitcode(status)
        lines = bytes(said).split(b"\n")[:-1]
        return [json.loads(line) for line in lines], self._code


def run_child(work: Work, pipe: int) -> NoReturn:
    code = 1

    def say(entry: dict[str, Any]) -> None:
        os.write(pipe, json.dumps(entry).encode() + b"\n")

    try:
        work(say)
        code = 0
    except BaseException:  # noqa: BLE001 - a forked process must not go on into its parent's code
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)
