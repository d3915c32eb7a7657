"""Runs flows by hand, without any I/O and without waiting: a test says what comes of each attempt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from aig_billing import Client

from aig_billing_runtime.flow import call_flow
from aig_billing_runtime.operation import Call
from aig_billing_runtime.steps import RawResponse, Send, Sleep
from tests.runtime.operations import ACCOUNT, TOKEN, Tried


@dataclass
class Ran:
    """What a flow did."""

    value: Any = None
    error: BaseException | None = None
    sent: list[Send] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


class _NotedError(Exception):
    """Carries a call out of `Client.send`."""

    def __init__(self, call: Call[Any]) -> None:
        super().__init__()
        self.call = call


class _Noting(Client):
    def send(self, call: Call[Any]) -> Any:
        raise _NotedError(call)


def call_of(tried: Tried) -> Call[Any]:
    """Give the call that a method makes, without sending it."""
    try:
        tried.on(_Noting(api_token=TOKEN, account_id=ACCOUNT))()
    except _NotedError as noted:
        return noted.call
    raise AssertionError(f"{tried} sent nothing")


def client(**options: Any) -> Client:
    given: dict[str, Any] = {"api_token": TOKEN, "account_id": ACCOUNT, **options}
    return Client(**given)


def answer(status: int, body: object = b"", headers: Iterable[tuple[str, str]] = ()) -> RawResponse:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return RawResponse(status, httpx.Headers(raw), content)


def run(call: Call[Any], outcomes: Iterable[RawResponse | BaseException], using: Client | None = None) -> Ran:
    """Run the call's flow: each attempt ends as the next outcome says, the last one for ever."""
    ran = Ran()
    flow = call_flow(call, (using or client()).caller)
    coming = _last_for_ever(outcomes)
    try:
        step = next(flow)
        while True:
            if isinstance(step, Sleep):
                ran.waits.append(step.seconds)
                step = flow.send(None)
                continue
            assert isinstance(step, Send)
            ran.sent.append(step)
            outcome = next(coming)
            step = flow.throw(outcome) if isinstance(outcome, BaseException) else flow.send(outcome)
    except StopIteration as end:
        ran.value = end.value.value
    except BaseException as error:  # noqa: BLE001 - it is what is looked at
        ran.error = error
    return ran


def _last_for_ever(outcomes: Iterable[RawResponse | BaseException]) -> Iterator[RawResponse | BaseException]:
    last: RawResponse | BaseException | None = None
    for last in outcomes:
        yield last
    assert last is not None
    while True:
        yield last
