"""Which accounts a fleet checks, how often, and what it buys for them."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterable
from typing import Any

from attrs import frozen
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    delete,
    select,
    update,
)

from ..details import Detail
from ..history.database import HistoryDatabase
from ..history.tables import UnixMilliseconds
from ..threads import in_daemon_thread

_JITTER = 0.1
_ALWAYS_DUE = dt.datetime.fromtimestamp(0, dt.UTC)

metadata = MetaData()
accounts = Table(
    "aig_fleet_accounts",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("profile", Text, nullable=False),
    Column("every_seconds", Integer, nullable=False),
    Column("thresholds", Text, nullable=False),
    Column("at_least_cents", BigInteger),
    Column("amount_cents", BigInteger),
    Column("max_per_day", Integer, nullable=False),
    Column("due_ms", UnixMilliseconds, nullable=False, index=True),
    Column("checked_ms", UnixMilliseconds),
    Column("detail", Text),
)


@frozen
class Purchase:
    """What is bought when the balance is low: at least so much is kept, by top-ups of an amount, so many a day at most. Cents."""

    at_least: int
    amount: int
    max_per_day: int = 1


@frozen
class FleetAccount:
    """An account of a fleet.

    Attributes:
        account_id: The account.
        profile: The profile of each worker's own configuration that has its token. No token is kept in the database.
        every: How often it is checked.
        thresholds: Balances in cents below which people are alerted.
        purchase: What is bought for it; None buys nothing.
        checked_at: When it was last checked.
    """

    account_id: str
    profile: str = ""
    every: dt.timedelta = dt.timedelta(minutes=5)
    thresholds: tuple[int, ...] = ()
    purchase: Purchase | None = None
    checked_at: dt.datetime | None = None


class Roster:
    """The list of accounts, in PostgreSQL."""

    def __init__(self, database: HistoryDatabase) -> None:
        self._database = database

    def make(self) -> None:
        """Make the table where there is none."""
        with self._database.transaction() as connection:
            metadata.create_all(connection)

    def add(self, fleet_accounts: Iterable[FleetAccount]) -> None:
        """Add accounts, or change those that are there; each is checked at the next minute."""
        rows = [
            {
                "account_id": one.account_id,
                "profile": one.profile,
                "every_seconds": round(one.every.total_seconds()),
                "thresholds": json.dumps(one.thresholds),
                "at_least_cents": one.purchase.at_least if one.purchase else None,
                "amount_cents": one.purchase.amount if one.purchase else None,
                "max_per_day": one.purchase.max_per_day if one.purchase else 0,
                "due_ms": _ALWAYS_DUE,
            }
            for one in fleet_accounts
        ]
        with self._database.transaction() as connection:
            self._database.put(connection, accounts, rows)

    def remove(self, account_id: str) -> bool:
        """Take an account off the list; says whether it was there."""
        with self._database.transaction() as connection:
            return bool(connection.execute(delete(accounts).where(accounts.c.account_id == account_id)).rowcount)

    def find(self, account_id: str) -> FleetAccount | None:
        """Give an account."""
        with self._database.transaction() as connection:
            row = connection.execute(select(accounts).where(accounts.c.account_id == account_id)).first()
        return None if row is None else _account(row)

    def all(self) -> list[FleetAccount]:
        """Give all accounts."""
        with self._database.transaction() as connection:
            return [_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.account_id))]

    def due(self, now: dt.datetime) -> list[FleetAccount]:
        """Give the accounts whose next check is due."""
        chosen = select(accounts).where(accounts.c.due_ms <= now).order_by(accounts.c.due_ms)
        with self._database.transaction() as connection:
            return [_account(row) for row in connection.execute(chosen)]

    def postpone(self, due: Iterable[FleetAccount], now: dt.datetime, slack: dt.timedelta) -> None:
        """Note that these accounts are waiting for a check, and need not be queued again before their next one."""
        with self._database.transaction() as connection:
            for one in due:
                self._set(connection, one.account_id, due_ms=_next_due(one, now, slack))

    def advance(self, account: FleetAccount, moment: dt.datetime) -> None:
        """Have an account checked at a moment, if its next check is not due before."""
        with self._database.transaction() as connection:
            connection.execute(
                update(accounts)
                .where(accounts.c.account_id == account.account_id, accounts.c.due_ms > moment)
                .values(due_ms=moment)
            )

    def checked(self, account: FleetAccount, now: dt.datetime, slack: dt.timedelta) -> None:
        """Note that an account was checked, and when it is due again.

        Counted from here and not from when it was queued: after an outage all accounts are queued at once, and one that was checked first
        and then last would have waited longer than its period.
        """
        with self._database.transaction() as connection:
            self._set(connection, account.account_id, checked_ms=now, due_ms=_next_due(account, now, slack))

    async def get(self, account_id: str) -> Detail | None:
        """Give the detail that any worker read last (a `DetailStore`)."""

        def read() -> str | None:
            with self._database.transaction() as connection:
                return connection.scalar(select(accounts.c.detail).where(accounts.c.account_id == account_id))

        text = await in_daemon_thread(read)
        return None if text is None else Detail.from_json(text)

    async def put(self, account_id: str, detail: Detail) -> None:
        """Keep a detail for all workers (a `DetailStore`)."""

        def write() -> None:
            with self._database.transaction() as connection:
                self._set(connection, account_id, detail=detail.to_json())

        await in_daemon_thread(write)

    @staticmethod
    def _set(connection: Connection, account_id: str, **values: dt.datetime | str) -> None:
        connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(**values))


def _account(row: Row[Any]) -> FleetAccount:
    purchase = None if row.at_least_cents is None else Purchase(row.at_least_cents, row.amount_cents, row.max_per_day)
    return FleetAccount(
        row.account_id,
        row.profile,
        dt.timedelta(seconds=row.every_seconds),
        tuple(json.loads(row.thresholds)),
        purchase,
        row.checked_ms,
    )


def _next_due(account: FleetAccount, now: dt.datetime, slack: dt.timedelta) -> dt.datetime:
    """Give when the next check is due, a little early.

    By up to a tenth at random, so that accounts do not stay in step, and by `slack`, half of the time between two looks at what is due, so
    that no account waits longer than it should because a look came a moment too soon.
    """
    return now + account.every * random.uniform(1 - _JITTER, 1) - slack  # noqa: S311 - jitter
