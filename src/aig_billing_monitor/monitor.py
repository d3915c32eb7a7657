"""The monitor: checks each account on a schedule, and gives every outcome to metrics, history and alerts."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import random
from collections.abc import Awaitable, Callable, Sequence

from aig_billing import CloudflareError
from attrs import define, field, frozen

from .history import History, HistoryError
from .metrics import Metrics
from .notify import Notifier
from .reader import AccountReader
from .readings import Account, FailedReading, Outcome
from .sync import sync
from .threads import in_daemon_thread

SYNC_EVERY = dt.timedelta(hours=6)
_JITTER = 0.1


@frozen
class Watched:
    """An account with the reader of its token; without credentials there is none, and each check fails for that reason."""

    account: Account
    reader: AccountReader | None
    reason: str = ""

    async def read(self) -> Outcome:
        """Read the account."""
        if self.reader is not None:
            return await self.reader.read(self.account)
        now = dt.datetime.now(dt.UTC)
        return FailedReading(account=self.account, at=now, kind="credentials", reason=self.reason)


@define(eq=False, kw_only=True)
class Monitor:
    """Checks accounts. Every failure is reported and survived; only a cancellation ends it."""

    watched: Sequence[Watched]
    history: History
    thresholds: tuple[int, ...] = ()
    """Balances in cents below which people are alerted."""
    notifier: Notifier
    metrics: Metrics = field(factory=Metrics)
    on_outcome: Callable[[Outcome], None] = field(default=lambda _outcome: None)
    report: Callable[[str], None] = print
    """Takes a line about a failure of the monitor itself."""
    _synced: dict[str, dt.datetime] = field(factory=dict[str, dt.datetime], init=False)

    async def run(self, every: dt.timedelta) -> None:
        """Check every account at once, and then again and again, until this is cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.notifier.run())
            for one in self.watched:
                group.create_task(repeat(functools.partial(self.check, one), every))

    async def check(self, one: Watched) -> Outcome:
        """Check one account: read it, keep and publish the outcome, and have messages sent."""
        outcome = await one.read()
        self.metrics.record(outcome)
        self.on_outcome(outcome)
        try:
            targets = self.notifier.targets
            _, found = await in_daemon_thread(lambda: self.history.record(outcome, self.thresholds, targets))
        except HistoryError as error:
            self.report(str(error))
        else:
            if found:
                self.notifier.wake()
        if one.reader is not None and not isinstance(outcome, FailedReading):
            await self._sync(one.account, one.reader, outcome.at)
        return outcome

    async def _sync(self, account: Account, reader: AccountReader, now: dt.datetime) -> None:
        account_id = account.account_id
        last = self._synced.get(account_id)
        if last is not None and now - last < SYNC_EVERY:
            return
        try:
            await sync(reader, account, self.history)
        except (CloudflareError, HistoryError) as error:
            self.report(f"{account}: usage and invoices were not kept: {error}")
        else:
            self._synced[account_id] = now


async def repeat(work: Callable[[], Awaitable[object]], every: dt.timedelta) -> None:
    """Do work at once and then again and again; each pause is up to a tenth shorter or longer, so that accounts do not stay in step."""
    while True:
        await work()
        await asyncio.sleep(every.total_seconds() * random.uniform(1 - _JITTER, 1 + _JITTER))  # noqa: S311 - jitter
