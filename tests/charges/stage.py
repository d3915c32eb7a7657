"""What the tests of charges act with: journals whose clock can be moved, clients of a sandbox, and one way to call both kinds of them."""

import asyncio
import contextlib
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, Literal

import httpx
from aig_billing import AsyncClient, Client
from sqlalchemy import ColumnElement

from aig_billing_charges.journal import Journal, Transaction
from aig_billing_charges.record import ChargeRecord
from aig_billing_sandbox import Sandbox

BASE_URL = "http://localhost/client/v4"
Way = Literal["sync", "async"]


class MovedJournal(Journal):
    """A journal whose clock can be moved, and whose steps are watched."""

    def __init__(self, place: str | Path, **terms: Any) -> None:
        super().__init__(place, **{"timeout": 5.0, **terms})
        self.place = place
        self.ahead_ms = 0
        self.steps: list[str] = []
        self.before: dict[str, Callable[[], None]] = {}
        """What happens just before a step, once."""
        self.after: dict[str, Callable[[], None]] = {}
        """What happens just after a step was committed, once."""

    def clock(self) -> ColumnElement[int]:
        return super().clock() + self.ahead_ms

    def now_ms(self) -> int:
        return self.find("nobody", "nothing")[1]

    def pass_time(self, seconds: float) -> None:
        self.ahead_ms += round(seconds * 1000)

    def let_leases_end(self) -> None:
        self.pass_time(120 + self.lease_margin + 1)

    def let_windows_end(self) -> None:
        self.let_leases_end()
        self.pass_time(self.settling_window)

    @contextlib.contextmanager
    def transaction(self, step: str, account_id: str | None = None, *, write: bool = True) -> Generator[Transaction]:
        self.steps.append(step)
        self.before.pop(step, _nothing)()
        with super().transaction(step, account_id, write=write) as here:
            yield here
        self.after.pop(step, _nothing)()

    def record(self, account_id: str, key: str) -> ChargeRecord:
        found, _ = self.find(account_id, key)
        assert found is not None
        return found


def _nothing() -> None:
    pass


def claim_charge(
    journal: Journal,
    account_id: str,
    key: str,
    amount: int,
    owner: str,
    *,
    lease: float,
    version: int | None = None,
    **terms: Any,
) -> tuple[ChargeRecord, bool]:
    """Ask a journal for a charge."""
    wish = ChargeRecord(account_id=account_id, key=key, amount=amount, owner=owner, state="intent", **terms)
    return journal.claim(wish, lease=lease, version=version)


class Topups:
    """`billing.topup` of a client, called in the same words whether it is synchronous or not."""

    def __init__(self, way: Way, account_id: str, token: str, transport: Any = None, **options: Any) -> None:
        self.account_id = account_id
        terms: dict[str, Any] = {
            "api_token": token,
            "account_id": account_id,
            "base_url": BASE_URL,
            "transport": transport,
            **options,
        }
        self.loop = asyncio.Runner() if way == "async" else None
        self.client: Any = Client(**terms) if self.loop is None else AsyncClient(**terms)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self.client.ai_gateway.billing.topup, name)
        if self.loop is None:
            return method  # type: ignore[no-any-return]  # what is called is decided by name here
        loop = self.loop
        return lambda *args, **kwargs: loop.run(method(*args, **kwargs))

    def close(self) -> None:
        if self.loop is None:
            self.client.close()
        else:
            self.loop.run(self.client.aclose())
            self.loop.close()


@contextlib.contextmanager
def topups_of(sandbox: Sandbox, way: Way = "sync", transport: Any = None, **options: Any) -> Iterator[Topups]:
    topups = Topups(
        way,
        options.pop("account_id", sandbox.account_id),
        sandbox.token,
        transport or sandbox.transport(),
        **{"max_retries": 0, **options},
    )
    try:
        yield topups
    finally:
        topups.close()


class Through(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport before another: it may look at each request, hold it up, or fail it."""

    def __init__(self, inner: Any, *before: Callable[[httpx.Request], None]) -> None:
        self.inner = inner
        self.before = list(before)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for look in self.before:
            look(request)
        response: httpx.Response = self.inner.handle_request(request)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for look in self.before:
            look(request)
        response: httpx.Response = await self.inner.handle_async_request(request)
        return response


def is_charge(request: httpx.Request) -> bool:
    return request.method == "POST" and request.url.path.endswith("/topup")


def charged(sandbox: Sandbox) -> list[int | None]:
    """Give the amounts of every charge that the sandbox received, with any outcome."""
    return [charge.amount_cents for charge in sandbox.charges()]
