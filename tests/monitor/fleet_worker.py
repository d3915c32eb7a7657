"""A worker of a fleet as its own process, with faster periodic jobs than the command has: for tests and trials."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys

from aig_billing import AsyncClient, Journal

from aig_billing_monitor.fleet import SharedGate, Tools, open_fleet, work
from aig_billing_monitor.fleet.jobs import Timing
from aig_billing_monitor.notify import Notifier
from aig_billing_monitor.rate_gate import Pace
from aig_billing_monitor.reader import AccountReader
from aig_billing_monitor.signals import ended_by_signals


async def main(url: str, base_url: str, token: str, *, requests: int, seconds: float, tick: int) -> None:
    fleet = await open_fleet(url)
    async with ended_by_signals(within=8.0), AsyncClient(api_token=token, base_url=base_url, max_retries=0) as client:
        reader = AccountReader(
            client,
            SharedGate(fleet.history.database, "test", Pace(requests, seconds)),
            Journal(url),
            details=fleet.roster,
        )
        every = f"* * * * * */{tick}" if tick < 60 else "* * * * *"
        timing = Timing(
            every=every,
            slack=dt.timedelta(seconds=tick / 2),
            heartbeat=min(5.0, tick / 2),
            stalled=min(20.0, 2.0 * tick),
        )
        tools = Tools(
            reader_of=lambda _profile: reader,
            notifier=Notifier(fleet.history, {}),
            report=lambda line: print(line, flush=True),
            timing=timing,
        )
        await work(fleet, tools)


if __name__ == "__main__":
    url, base_url, token, requests, seconds, tick = sys.argv[1:]
    asyncio.run(main(url, base_url, token, requests=int(requests), seconds=float(seconds), tick=int(tick)))
