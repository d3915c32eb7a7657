"""The jobs of a fleet, and the Procrastinate app that runs them. Those with a higher priority never wait behind a backlog of checks."""

from __future__ import annotations

import contextlib
import datetime as dt
import warnings
from collections.abc import Callable

from aig_billing import APIError, ChargeError, Journal
from attrs import frozen
from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status

from ..history import History, HistoryError
from ..notify import Notifier
from ..reader import AccountReader
from ..readings import Account, FailedReading, Outcome
from ..threads import in_daemon_thread
from .roster import FleetAccount, Roster

_LONGEST_SECONDS = 900
"""No job takes longer; one that seems to was lost when the database went away as it ended."""
_ENSURE_REQUESTS = 5
_KEEP_HOURS = 168
_RETRY = dt.timedelta(minutes=1)
"""A check that failed is repeated after a minute, then two, then four, where its account's next check is not due before."""
_MOST_DOUBLINGS = 10


@frozen
class Timing:
    """When the periodic jobs run (Procrastinate's cron form, whose sixth field is seconds), and when a worker is taken to have died."""

    every: str = "* * * * *"
    """When to look for accounts that are due, and for jobs of workers that died."""
    slack: dt.timedelta = dt.timedelta(seconds=30)
    """Half of the time between two of these."""
    heartbeat: float = 5.0
    """Seconds between two signs of life of a worker."""
    stalled: float = 20.0
    """A worker without one for so many seconds is taken to have died, and its jobs are run again."""


@frozen(kw_only=True)
class Tools:
    """What a worker works with."""

    reader_of: Callable[[str], AccountReader]
    """Gives the reader of a profile; runs in a thread, since it may run a `token_command`."""
    notifier: Notifier
    on_outcome: Callable[[Outcome], None] = lambda _outcome: None
    report: Callable[[str], None] = print
    """Takes a line about what a job did or could not do."""
    timing: Timing = Timing()


class Fleet:
    """A fleet in its database: the journal, the history, the roster of accounts, and Procrastinate's jobs."""

    def __init__(self, url: str) -> None:
        """Open the PostgreSQL database that holds the journal; a HistoryError says why it cannot be used."""
        if not url.startswith(("postgresql://", "postgres://")):
            raise HistoryError("a fleet needs a PostgreSQL database: write postgresql://user@host/database")
        self.url = url
        self.history = History(url, pooled=True)
        self.roster = Roster(self.history.database)
        self.app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4))

    def close(self) -> None:
        """Close the connections of the accounts and the history; Procrastinate's are closed where they are opened."""
        self.history.database.close()

    async def initialize(self) -> None:
        """Make the tables of Procrastinate, of the journal and of the fleet where there are none."""
        async with self.app.open_async() as app:
            if not await app.check_connection_async():
                await app.schema_manager.apply_schema_async()
        await in_daemon_thread(Journal(self.url).prepare)
        await in_daemon_thread(self.roster.make)


def add_account_jobs(fleet: Fleet, tools: Tools) -> None:
    """Add the jobs of one account each: a check, and what is bought when it finds too little."""
    app = fleet.app

    @app.task(name="aig-billing.check")
    async def check(account_id: str) -> None:
        """Read an account, keep the reading, and have messages sent."""
        account = await in_daemon_thread(lambda: fleet.roster.find(account_id))
        if account is None:
            return
        reader = await in_daemon_thread(lambda: tools.reader_of(account.profile))
        outcome = await reader.read(Account(account_id, account.profile))
        tools.on_outcome(outcome)
        if await in_daemon_thread(lambda: _keep(fleet, account, outcome, tools)):
            tools.notifier.wake()
        if isinstance(outcome, FailedReading):
            tools.report(f"{outcome.account} could not be read: {outcome.reason}")
        elif account.purchase and outcome.balance.amount * 100 < account.purchase.at_least:
            await _defer(app, "aig-billing.ensure", account_id)

    @app.task(
        name="aig-billing.ensure",
        priority=5,
        # Safe to run again: what may have been sent is settled first, and never sent a second time.
        retry=RetryStrategy(max_attempts=5, exponential_wait=3, retry_exceptions=[APIError]),
    )
    async def ensure(account_id: str) -> None:
        """Top up an account whose balance is low, at most once for each key of the journal."""
        account = await in_daemon_thread(lambda: fleet.roster.find(account_id))
        if account is None or account.purchase is None:
            return
        reader = await in_daemon_thread(lambda: tools.reader_of(account.profile))
        await reader.gate.wait(_ENSURE_REQUESTS)
        try:
            outcome = await reader.client.ai_gateway.billing.topup.ensure(
                at_least=account.purchase.at_least,
                amount=account.purchase.amount,
                key_prefix="fleet",
                max_per_day=account.purchase.max_per_day,
                journal=fleet.url,
                account_id=account_id,
            )
        except ChargeError as error:
            # Not for a retry: it needs time, or a person, who hears of it by the alert about unknown charges.
            tools.report(f"{account_id}: {error}")
        else:
            tools.report(f"{account_id}: {outcome.action}, balance {outcome.balance_money}")


def _keep(fleet: Fleet, account: FleetAccount, outcome: Outcome, tools: Tools) -> bool:
    """Keep an outcome, and when the next check is due; say whether there are messages to send."""
    state, found = fleet.history.record(outcome, account.thresholds, tools.notifier.targets)
    again = None
    if isinstance(outcome, FailedReading) and outcome.kind == "unreadable":
        again = _RETRY * 2 ** min(state.failures - 1, _MOST_DOUBLINGS)
    fleet.roster.checked(account, dt.datetime.now(dt.UTC), tools.timing.slack, again)
    return bool(found)


def add_periodic_jobs(fleet: Fleet, timing: Timing) -> None:
    """Add the jobs that keep the others coming."""
    app = fleet.app

    @app.periodic(cron=timing.every)
    # One at a time: with many accounts on a slow database it may take longer than the time until the next one.
    @app.task(
        name="aig-billing.dispatch", lock="aig-billing.dispatch", queueing_lock="aig-billing.dispatch", priority=10
    )
    async def dispatch(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate passes it
        """Queue a check for every account that is due. One that still waits for its last check is not queued twice."""
        now = dt.datetime.now(dt.UTC)
        due = await in_daemon_thread(lambda: fleet.roster.due(now))
        for account in due:
            await _defer(app, "aig-billing.check", account.account_id)
        await in_daemon_thread(lambda: fleet.roster.postpone(due, now, timing.slack))

    @app.periodic(cron=timing.every)
    @app.task(name="aig-billing.recover", queueing_lock="aig-billing.recover", priority=20)
    async def recover(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate passes it
        """Run again what workers left behind that died."""
        lost = {job.id: job for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=timing.stalled)}
        with warnings.catch_warnings():
            # By time as well: a worker that lives may have lost a job's end together with its connection.
            warnings.simplefilter("ignore", DeprecationWarning)
            lost |= {job.id: job for job in await app.job_manager.get_stalled_jobs(nb_seconds=_LONGEST_SECONDS)}
        for job in lost.values():
            try:
                await app.job_manager.retry_job(job)
            except UniqueViolation:
                # The same job waits already, behind this one's lock.
                await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)

    @app.periodic(cron="17 3 * * *")
    @app.task(name="aig-billing.clean", queueing_lock="aig-billing.clean")
    async def clean(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate passes it
        """Delete what ended a week ago."""
        await app.job_manager.delete_old_jobs(
            nb_hours=_KEEP_HOURS, include_failed=True, include_aborted=True, include_cancelled=True
        )


async def _defer(app: App, task: str, account_id: str) -> None:
    """Queue a job of an account, unless one waits already; its jobs run one at a time."""
    with contextlib.suppress(AlreadyEnqueued):
        await app.configure_task(
            task, lock=f"aig-billing.{account_id}", queueing_lock=f"{task}.{account_id}"
        ).defer_async(account_id=account_id)
