"""Every operation meets every fault, in both clients, over real sockets; what arrives is counted where it arrives."""

from __future__ import annotations

import asyncio
import collections
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from aig_billing import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AsyncClient,
    AuthenticationError,
    BadRequestError,
    ChargeError,
    ChargeOutcomeUnknown,
    Client,
    ConflictError,
    InternalServerError,
    PermissionDeniedError,
    RateLimitError,
    RetryEvent,
)

from tests.runtime.fault_server import Exchange, FaultServer, deaf_port, in_order, refusing_port
from tests.runtime.operations import ACCOUNT, CHARGE, OPERATIONS, OTHER_OPERATIONS, TOKEN, Tried, Way, document, refusal

HTML = "<html><body>Bad gateway</body></html>"
NEVER = frozenset[str]()
READS = frozenset({"safe", "idempotent"})
ALL = READS | {"once", "charge"}


@dataclass(frozen=True)
class Fault:
    """One way in which an attempt fails, with what DESIGN.md says must follow."""

    name: str
    error: type[APIError]
    again: frozenset[str]
    """The retry classes that are sent again."""
    refuses_charge: bool = False
    """Whether a charge is certainly not made, so that the ordinary error comes."""
    arrives: bool = True
    """Whether the request reaches the server."""
    names_payment: bool = False

    def __str__(self) -> str:
        return self.name


FAULTS = [
    Fault("refused connect", APIConnectionError, ALL, refuses_charge=True, arrives=False),
    Fault("connect timeout", APITimeoutError, ALL, refuses_charge=True, arrives=False),
    Fault("drop before answer", APIConnectionError, READS),
    Fault("drop mid-body", APIConnectionError, READS, names_payment=True),
    Fault("read timeout", APITimeoutError, READS),
    Fault("400", BadRequestError, NEVER, refuses_charge=True),
    Fault("401", AuthenticationError, NEVER, refuses_charge=True),
    Fault("402", APIStatusError, NEVER, refuses_charge=True),
    Fault("403", PermissionDeniedError, NEVER, refuses_charge=True),
    Fault("408", APIStatusError, READS),
    Fault("409", ConflictError, NEVER),
    Fault("429", RateLimitError, READS | {"once"}, refuses_charge=True),
    Fault("429 with Retry-After", RateLimitError, READS | {"once"}, refuses_charge=True),
    Fault("500", InternalServerError, READS),
    Fault("502 HTML", InternalServerError, READS),
    Fault("503", InternalServerError, READS),
    Fault("504", InternalServerError, READS),
    Fault("redirect to another host", APIStatusError, NEVER),
]


def commit(fault: Fault, tried: Tried, exchange: Exchange, elsewhere: str) -> None:
    """Do the fault to one request."""
    if fault.name == "drop before answer":
        exchange.drop()
    elif fault.name == "drop mid-body":
        exchange.answer(200, tried.answer, length=100_000)
        exchange.close()
    elif fault.name == "read timeout":
        exchange.hang(10)
    elif fault.name == "502 HTML":
        exchange.answer(502, HTML, [("Content-Type", "text/html")])
    elif fault.name == "redirect to another host":
        exchange.answer(307, b"", [("Location", f"{elsewhere}{exchange.request.target}")])
    else:
        status = int(fault.name[:3])
        headers = [("Retry-After", "0")] if fault.name.endswith("Retry-After") else []
        exchange.answer(status, refusal(1000, fault.name), headers)


@dataclass
class Cell:
    """One operation, one fault, in one client; the fault stays, or it passes after the first attempt."""

    tried: Tried
    fault: Fault
    passing: bool
    retried: list[RetryEvent] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.tried} x {self.fault}, {'passing' if self.passing else 'staying'}"

    @property
    def is_sent_again(self) -> bool:
        return self.tried.retry in self.fault.again

    @property
    def attempts(self) -> int:
        if not self.is_sent_again:
            return 1
        return 2 if self.passing else 3

    @contextlib.contextmanager
    def world(self, elsewhere: FaultServer) -> Iterator[tuple[str, FaultServer | None]]:
        """Set up what the fault needs; give the address to call, and the server that counts what arrives there."""
        if self.fault.name == "refused connect":
            with refusing_port() as url:
                yield url, None
        elif self.fault.name == "connect timeout":
            with deaf_port() as url:
                yield url, None
        else:
            bad = lambda exchange: commit(self.fault, self.tried, exchange, elsewhere.url)  # noqa: E731 - it says what it is
            good = lambda exchange: exchange.answer(self.tried.status, self.tried.answer)  # noqa: E731 - shorter than a def
            with FaultServer(in_order(bad, good) if self.passing else bad) as server:
                yield server.url, server

    def judge(self, came: object, server: FaultServer | None) -> None:
        """Compare what came with what must come."""
        if self.passing and self.is_sent_again:
            assert not isinstance(came, Exception), f"{self}: {came!r}"
        else:
            self.judge_error(came)
        assert len(self.retried) == self.attempts - 1, f"{self}: {self.retried}"
        if server is not None:
            server.wait_for(self.attempts)
            assert len(server.received) == self.attempts, f"{self}: {len(server.received)} requests arrived"
            if self.tried is CHARGE:
                assert server.count("POST", "/topup") == 1, str(self)

    def judge_error(self, came: object) -> None:
        if self.tried is CHARGE and not self.fault.refuses_charge:
            assert type(came) is ChargeOutcomeUnknown, f"{self}: {came!r}"
            assert not isinstance(came, APIError)
            assert (came.account_id, came.amount) == (ACCOUNT, 5000)
            assert type(came.cause) is self.fault.error, f"{self}: {came.cause!r}"
            assert came.sent_at is not None
            payment_id = self.tried.answer["result"]["payment_intent_id"] if self.fault.names_payment else None
            assert came.payment_id == payment_id, str(self)
            assert "Do not send it again" in str(came)
            return
        assert type(came) is self.fault.error, f"{self}: {came!r}"
        assert not isinstance(came, ChargeError)
        assert came.attempts == self.attempts, str(self)
        assert (came.method, came.path.partition("?")[0]) == (self.tried.method, self.tried.path)
        assert isinstance(came, APIConnectionError) is not isinstance(came, APIStatusError)
        if isinstance(came, APIConnectionError):
            assert came.never_left is not self.fault.arrives, str(self)
        if self.tried is CHARGE:
            assert "nothing was sent" in str(came) or "Nothing was charged" in str(came), f"{self}: {came}"


def cells(tried: Tried) -> Iterator[Cell]:
    for fault in FAULTS:
        yield Cell(tried, fault, passing=False)
        if fault.arrives:
            yield Cell(tried, fault, passing=True)


def client_options(cell: Cell) -> dict[str, Any]:
    # Where the second attempt must succeed, it needs time enough on a busy machine.
    read = 0.25 if cell.passing else 0.04
    timeouts = {"connect timeout": httpx.Timeout(5.0, connect=0.04), "read timeout": httpx.Timeout(5.0, read=read)}
    return {"on_retry": cell.retried.append, "timeout": timeouts.get(cell.fault.name)}


def run_sync(cell: Cell, url: str) -> object:
    with Client(api_token=TOKEN, account_id=ACCOUNT, base_url=url, **client_options(cell)) as client:
        try:
            return cell.tried.on(client)()
        except Exception as error:  # noqa: BLE001 - it is what is looked at
            return error


async def run_async(cell: Cell, url: str) -> object:
    async with AsyncClient(api_token=TOKEN, account_id=ACCOUNT, base_url=url, **client_options(cell)) as client:
        try:
            return await cell.tried.on(client)()
        except Exception as error:  # noqa: BLE001 - it is what is looked at
            return error


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.usefixtures("without_backoff")
@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize("tried", [*OPERATIONS, *OTHER_OPERATIONS], ids=str)
def test_every_fault_ends_as_the_design_says(tried: Tried, way: Way, record_property: Any) -> None:
    counts: collections.Counter[str] = collections.Counter()
    with FaultServer(lambda exchange: exchange.answer(200, tried.answer)) as elsewhere, asyncio.Runner() as runner:
        for cell in cells(tried):
            with cell.world(elsewhere) as (url, server):
                came = run_sync(cell, url) if way == "sync" else runner.run(run_async(cell, url))
            cell.judge(came, server)
            arrived = 0 if server is None else len(server.received)
            counts["cells"] += 1
            counts["requests arrived"] += arrived
            counts["passing faults overcome"] += not isinstance(came, Exception)
            counts["charges sent twice"] += cell.tried is CHARGE and arrived > 1
        assert elsewhere.received == [], "a redirect was followed: the second host saw the request"
    counts["requests at the second host"] = len(elsewhere.received)
    record_property("fault matrix", dict(counts))


def test_the_matrix_names_every_operation() -> None:
    specified = {
        (method.upper(), path)
        for path, item in document()["paths"].items()
        for method in item
        if method in {"get", "post", "delete", "put", "patch"}
    }
    every = [*OPERATIONS, *OTHER_OPERATIONS]
    assert {(one.method, one.template) for one in every} == specified
    assert {one.name: one.retry for one in every} == {one.name: one.specified["x-retry"] for one in every}
    assert len(every) == 18
    assert len(FAULTS) == 18
