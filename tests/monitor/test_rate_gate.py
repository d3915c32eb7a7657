"""All accounts of one token together stay inside the API's rate limit."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Coroutine
from unittest.mock import patch

import pytest
from aig_billing import RateLimit
from hypothesis import given, settings
from hypothesis import strategies as st

from aig_billing_monitor.monitor import repeat
from aig_billing_monitor.rate_gate import Pace, RateGate


class Time:
    """A clock that sleeping moves, and the gate's own within the block."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self._patch = patch.multiple("aig_billing_monitor.rate_gate", monotonic=lambda: self.now, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def run(self, work: Coroutine[None, None, None]) -> None:
        with self._patch:
            asyncio.run(work)


@settings(max_examples=20)
@given(pauses=st.lists(st.floats(min_value=0, max_value=400), min_size=1, max_size=20), seed=st.integers(1, 400))
def test_no_five_minutes_see_more_requests_than_are_allowed(pauses: list[float], seed: int) -> None:
    time = Time()
    sent: list[float] = []

    async def go() -> None:
        through = RateGate()
        for pause in pauses:
            for _ in range(seed):
                await through.wait()
                sent.append(time.now)
            time.now += pause

    time.run(go())
    for index, first in enumerate(sent):
        last = index + Pace().requests
        assert last >= len(sent) or sent[last] > first + Pace().seconds


def test_a_few_accounts_do_not_wait() -> None:
    time = Time()

    async def go() -> None:
        through = RateGate()
        for _ in range(100):
            await through.wait()

    time.run(go())
    assert time.now == 1_000


def test_where_others_used_up_the_limit_everybody_waits_until_it_counts_from_zero() -> None:
    time = Time()

    async def go() -> None:
        through = RateGate()
        await through.observe(RateLimit("default", 500, 280))
        await through.wait()
        assert time.now == 1_000
        await through.observe(RateLimit("default", 3, 42))
        await through.wait()

    time.run(go())
    assert time.now == 1_042


def test_accounts_do_not_stay_in_step(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 200:
            raise asyncio.CancelledError

    async def work() -> None:
        return None

    monkeypatch.setattr("asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(repeat(work, dt.timedelta(minutes=5)))
    assert all(270 <= pause <= 330 for pause in pauses)
    assert len(set(pauses)) == 200
