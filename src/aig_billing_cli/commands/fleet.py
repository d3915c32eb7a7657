"""`aig-billing fleet`: checks and top-ups of many accounts, by workers that share a PostgreSQL database."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import TYPE_CHECKING

from aig_billing import Money

from ..command import command
from ..errors import ExitCode, UsageError, usage_errors
from ..options import amount, argument, option
from ..output.rows import Field, Row
from ..session import Session
from .monitor import BELOW, EVERY, METRICS, NOTIFY, parse_address, print_outcome, serve_metrics
from .monitor import FIELDS as CHECK_FIELDS

if TYPE_CHECKING:
    from aig_billing_monitor.fleet import Fleet, FleetAccount
    from aig_billing_monitor.rate_gate import Pace
    from aig_billing_monitor.reader import AccountReader
    from aig_billing_monitor.readings import Outcome

FIELDS: tuple[Field[Row], ...] = (
    Field("account", "the account", title="Account"),
    Field("profile", "the profile of the workers' configuration that has its token", title="Profile"),
    Field("every_seconds", "seconds between two checks", title="Every", right=True),
    Field("alert_below_dollars", "balances below which people are alerted, in dollars", title="Alert below", drop=2),
    Field("ensure", "the balance that is kept by top-ups; null without them", title="Keep", money=True, drop=1),
    Field("topup", "how much one top-up buys", title="Top-up", money=True, drop=1),
    Field("checked_at", "when it was last checked", title="Checked"),
)
DATABASE = option("--database URL", "PostgreSQL database. By default the journal's (AIG_BILLING_JOURNAL).")
_WORKER = (
    "Run as many workers as you like, on any number of machines: each account is checked once in its time, one job at a time. A worker "
    "that dies leaves its jobs to the others, within a minute or two. Tokens are not in the database: each worker takes them from its own "
    "configuration, by the account's profile. "
    'SIGTERM and Ctrl-C end it after the jobs that run, in five seconds at most, with 0. Needs: pip install "aig-billing[fleet]".'
)


@command("fleet init")
def init(session: Session, *, database: str | None = DATABASE) -> None:
    """Make the tables of a fleet where there are none."""
    import asyncio

    with _fleet(session, database) as fleet:
        asyncio.run(fleet.initialize())
        session.terminal.info(f"The fleet's tables are in {fleet.history.name}.")


@command("fleet add")
def add(
    session: Session,
    *,
    accounts: list[str] = argument("ID...", "Accounts to add, or to change."),
    every: dt.timedelta = EVERY,
    below: list[int] | None = BELOW,
    ensure: int | None = option("--ensure AMOUNT", "Keep this balance: top up when it is below.", parser=amount),
    topup: int | None = option("--topup AMOUNT", "With --ensure: what to buy.", parser=amount),
    max_per_day: int = option("--max-per-day N", "Top-ups a day.", min=1, max=24, default=1),
    database: str | None = DATABASE,
) -> None:
    """Add accounts; --profile says whose token workers use."""
    from aig_billing_monitor.fleet import FleetAccount, Purchase

    if (ensure is None) != (topup is None):
        raise UsageError("--ensure and --topup belong together.")
    if every < dt.timedelta(minutes=1):
        raise UsageError("--every is a minute at least: that is how often a fleet looks what is due.")
    purchase = None if ensure is None or topup is None else Purchase(ensure, topup, max_per_day)
    profile = session.options.profile or ""
    added = [FleetAccount(one.lower(), profile, every, tuple(below or ()), purchase) for one in dict.fromkeys(accounts)]
    with _fleet(session, database) as fleet:
        fleet.roster.add(added)
    session.terminal.info(f"Added {len(accounts)}; the next minute checks them.")


@command("fleet remove")
def remove(
    session: Session,
    *,
    accounts: list[str] = argument("ID...", "Accounts to remove."),
    database: str | None = DATABASE,
) -> None:
    """Remove accounts from the fleet."""
    with _fleet(session, database) as fleet:
        missing = [one for one in accounts if not fleet.roster.remove(one.lower())]
    if missing:
        raise UsageError(f"Not in the fleet: {', '.join(missing)}.")


@command("fleet list", fields=FIELDS)
def list_(session: Session, *, database: str | None = DATABASE) -> None:
    """List the accounts of the fleet."""
    with _fleet(session, database) as fleet:
        rows = [_row(one) for one in fleet.roster.all()]
    session.report_list(rows, empty="There are no accounts yet.")


@command("fleet worker", fields=CHECK_FIELDS, more=_WORKER)
def worker(
    session: Session,
    *,
    concurrency: int = option("--concurrency N", "Jobs at once.", min=1, max=100, default=10),
    metrics: str | None = METRICS,
    notify: list[str] | None = NOTIFY,
    rate_limit: str = option("--rate-limit N/SECONDS", "The API's limit.", default="1200/300"),
    database: str | None = DATABASE,
) -> ExitCode:
    """Run checks and top-ups until stopped."""
    import asyncio

    from aig_billing_monitor.fleet import SharedGate, Tools, open_fleet, work
    from aig_billing_monitor.history import HistoryError
    from aig_billing_monitor.metrics import Metrics
    from aig_billing_monitor.notify import Notifier, open_targets
    from aig_billing_monitor.signals import ended_by_signals

    from ..configuration import find_configuration
    from ..readers import Readers

    address = None if metrics is None else parse_address(metrics)
    url, pace = _database(session, database), _pace(rate_limit)
    latest, report = Metrics(), session.terminal.notice

    def on_outcome(outcome: Outcome) -> None:
        print_outcome(session, outcome)
        latest.record(outcome)

    async def run() -> None:
        targets = open_targets(notify or [])
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(ended_by_signals(within=8.0))
            fleet = await open_fleet(url, report)
            stack.callback(fleet.close)

            def make_gate(digest: str) -> SharedGate:
                return SharedGate(fleet.history.database, digest, pace)

            def reader_of(profile: str) -> AccountReader:
                own = session.configuration if not profile else find_configuration(profile=profile, account=None)
                return readers.of(own)

            readers = Readers(session, make_gate, details=fleet.roster, journal=url)
            await stack.enter_async_context(readers)
            notifier = Notifier(fleet.history, targets, report)
            tools = Tools(reader_of=reader_of, notifier=notifier, on_outcome=on_outcome, report=report)
            if address is not None:
                serve_metrics(stack, latest, address)
            await work(fleet, tools, concurrency=concurrency)

    with usage_errors(ValueError), usage_errors(HistoryError):
        asyncio.run(run())
    return ExitCode.OK


def _fleet(session: Session, database: str | None) -> contextlib.closing[Fleet]:
    from aig_billing_monitor.fleet import Fleet
    from aig_billing_monitor.history import HistoryError

    with usage_errors(HistoryError):
        return contextlib.closing(Fleet(_database(session, database)))


def _database(session: Session, url: str | None) -> str:
    found = url or session.configuration.journal_place()
    if found is None:
        raise UsageError("Which database? None was named.", "Pass --database, or set AIG_BILLING_JOURNAL to its URL.")
    return found


def _pace(text: str) -> Pace:
    from aig_billing_monitor.rate_gate import Pace

    requests, _, seconds = text.partition("/")
    if not (requests.isdecimal() and seconds.isdecimal() and int(requests) and int(seconds)):
        raise UsageError(f"--rate-limit {text} is not a limit.", "Write 1200/300.")
    return Pace(int(requests), int(seconds))


def _row(one: FleetAccount) -> Row:
    purchase = one.purchase
    return {
        "account": one.account_id,
        "profile": one.profile,
        "every_seconds": round(one.every.total_seconds()),
        "alert_below_dollars": " ".join(f"{cents / 100:g}" for cents in one.thresholds) or None,
        "ensure": Money.from_cents(purchase.at_least) if purchase else None,
        "topup": Money.from_cents(purchase.amount) if purchase else None,
        "checked_at": one.checked_at,
    }
