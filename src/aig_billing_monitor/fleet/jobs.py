"""The jobs of a fleet, and the Procrastinate app that runs them."""

from __future__ import annotations

import contextlib
import datetime as dt
import warnings
from collections.abc import Callable

from aig_billing import APIError, ChargeError
from attrs import define, frozen
from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import AlreadyEnqueued

from ..history import History, HistoryError
from ..reader import Reader
from ..readings import Account, FailedReading, Outcome, Reading
from ..threads import in_daemon_thread
from . import shared_gate
from .roster import FleetAccount, Roster

STALLED_SECONDS = 20.0
"""A worker without a heartbeat for so long is taken to have died, and its jobs are run again."""
HEARTBEAT_SECONDS = 5.0
_LONGEST_SECONDS = 900
"""No job takes longer; one that seems to was lost when the database went away as it ended."""
_ENSURE_REQUESTS = 5
_KEEP_HOURS = 168


@frozen
class Crons:
    """When the periodic jobs run; Procrastinate's form, whose sixth field is seconds."""

    dispatch: str = "* * * * *"
    recover: str = "* * * * *"
    clean: str = "17 3 * * *"


@define(eq=False, kw_only=True)
class Fleet:
    """What commands and workers share: the app with its jobs, the accounts, and the history.

    Attributes:
        app: Procrastinate's app.
        roster: The accounts.
        history: Readings, and messages that are to be sent.
        url: The database that all of them are in, for the journal.
    """

    app: App
    roster: Roster
    history: History
    url: str

    def close(self) -> None:
        """Close the connections of the accounts and the history; Procrastinate's are closed where they are opened."""
        self.history.database.close()

    async def initialize(self) -> None:
        """Make the tables of Procrastinate and our own where there are none."""
        async with self.app.open_async():
            await self._apply_schema()
        await in_daemon_thread(self.roster.make)
        await in_daemon_thread(lambda: shared_gate.make_table(self.history.database))

    async def _apply_schema(self) -> None:
        found = await self.app.connector.execute_query_one_async("SELECT to_regclass('procrastinate_jobs') AS name")
        if found["name"] is None:
            await self.app.schema_manager.apply_schema_async()


@define(eq=False, kw_only=True)
class Tools:
    """What the jobs of a worker work with; commands that only add jobs need none.

    Attributes:
        reader_of: Gives the reader of a profile; runs in a thread, since it may run a `token_command`.
        targets: The digests of the targets of this worker's notifications.
        on_outcome: Called with each outcome.
        wake: Says that there are messages to send.
        report: Takes a line about what a job did or could not do.
    """

    reader_of: Callable[[str], Reader]
    targets: tuple[str, ...] = ()
    on_outcome: Callable[[Outcome], None] = lambda _outcome: None
    wake: Callable[[], None] = lambda: None
    report: Callable[[str], None] = print


def make_fleet(url: str, *, tools: Tools | None = None, crons: Crons | None = None) -> Fleet:
    """Make the app with its jobs.

    Args:
        url: The PostgreSQL database that holds the journal.
        tools: What a worker needs; None for commands that run no job.
        crons: When the periodic jobs run.

    Raises:
        HistoryError: When the database cannot be used.
    """
    if not url.startswith(("postgresql://", "postgres://")):
        raise HistoryError("a fleet needs a PostgreSQL database: write postgresql://user@host/database")
    history = History(url, pooled=True)
    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4))
    fleet = Fleet(app=app, roster=Roster(history.database), history=history, url=url)
    _add_account_jobs(fleet, tools)
    _add_periodic_jobs(fleet, crons or Crons())
    return fleet


def _add_account_jobs(fleet: Fleet, tools: Tools | None) -> None:
    app = fleet.app

    @app.task(name="aig-billing.check", retry=RetryStrategy(max_attempts=5, exponential_wait=2))
    async def check(account_id: str) -> None:
        """Read an account, keep the reading, and have messages sent."""
        account = await in_daemon_thread(lambda: fleet.roster.find(account_id))
        if account is None or tools is None:
            return
        outcome = await _check(fleet, tools, account)
        purchase = account.purchase
        if purchase and isinstance(outcome, Reading) and outcome.balance.amount * 100 < purchase.at_least:
            await _defer(app, "aig-billing.ensure", account_id)

    @app.task(
        name="aig-billing.ensure",
        # Safe to run again: what may have been sent is settled first, and never sent a second time.
        retry=RetryStrategy(max_attempts=5, exponential_wait=3, retry_exceptions=[APIError]),
    )
    async def ensure(account_id: str) -> None:
        """Top up an account whose balance is low, at most once for each key of the journal."""
        account = await in_daemon_thread(lambda: fleet.roster.find(account_id))
        if account is not None and tools is not None:
            await _ensure(fleet, tools, account)


def _add_periodic_jobs(fleet: Fleet, crons: Crons) -> None:
    app = fleet.app

    @app.periodic(cron=crons.dispatch)
    @app.task(name="aig-billing.dispatch", queueing_lock="aig-billing.dispatch")
    async def dispatch(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate passes it
        """Queue a check for every account that is due. One that still waits for its last check is not queued twice."""
        now = dt.datetime.now(dt.UTC)
        due = await in_daemon_thread(lambda: fleet.roster.due(now))
        for account in due:
            await _defer(app, "aig-billing.check", account.account_id)
        await in_daemon_thread(lambda: fleet.roster.postpone(due, now))

    @app.periodic(cron=crons.recover)
    @app.task(name="aig-billing.recover", queueing_lock="aig-billing.recover")
    async def recover(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate passes it
        """Run again what workers left behind that died."""
        lost = {job.id: job for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)}
        with warnings.catch_warnings():
            # By time as well: a worker that lives may have lost a job's end together with its connection.
            warnings.simplefilter("ignore", DeprecationWarning)
            lost |= {job.id: job for job in await app.job_manager.get_stalled_jobs(nb_seconds=_LONGEST_SECONDS)}
        for job in lost.values():
            await app.job_manager.retry_job(job)

    @app.periodic(cron=crons.clean)
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


async def _check(fleet: Fleet, tools: Tools, account: FleetAccount) -> Outcome:
    reader = await in_daemon_thread(lambda: tools.reader_of(account.profile))
    outcome = await reader.read(Account(account.account_id, account.profile))
    tools.on_outcome(outcome)

    def keep() -> bool:
        found = fleet.history.record(outcome, account.thresholds, tools.targets)
        fleet.roster.checked(account.account_id, dt.datetime.now(dt.UTC))
        return bool(found)

    if await in_daemon_thread(keep):
        tools.wake()
    if isinstance(outcome, FailedReading):
        tools.report(f"{outcome.account} could not be read: {outcome.reason}")
    return outcome


async def _ensure(fleet: Fleet, tools: Tools, account: FleetAccount) -> None:
    purchase = account.purchase
    if purchase is None:
        return
    reader = await in_daemon_thread(lambda: tools.reader_of(account.profile))
    await reader.gate.wait(_ENSURE_REQUESTS)
    try:
        outcome = await reader.client.ai_gateway.billing.topup.ensure(
            at_least=purchase.at_least,
            amount=purchase.amount,
            key_prefix="fleet",
            max_per_day=purchase.max_per_day,
            journal=fleet.url,
            account_id=account.account_id,
        )
    except ChargeError as error:
        # Not for a retry: it needs time, or a person, who is told by the alert about unknown charges.
        tools.report(f"{account.account_id}: {error}")
    else:
        tools.report(f"{account.account_id}: {outcome.action}, balance {outcome.balance_money}")
