"""Which accounts a fleet checks, how often, and what it buys for them."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from aig_billing import Money
from attrs import frozen
from sqlalchemy import Row, bindparam, delete, select, update

from ..history.database import HistoryDatabase
from ..readings import Detail, SpendLimit
from ..usage import LENGTH, Window
from .tables import accounts, metadata

_JITTER = 0.1
_ALWAYS_DUE = dt.datetime.fromtimestamp(0, dt.UTC)


@frozen
class Purchase:
    """What is bought when the balance is low: at least so much is kept, by top-ups of an amount, so many a day at most. Cents."""

    at_least: int
    amount: int
    max_per_day: int = 1


@frozen
class FleetAccount:
    """An account of a fleet."""

    account_id: str
    profile: str = ""
    """The profile of each worker's own configuration that has its token. No token is kept in the database."""
    every: dt.timedelta = dt.timedelta(minutes=5)
    thresholds: tuple[int, ...] = ()
    """Balances in cents below which people are alerted."""
    purchase: Purchase | None = None
    checked_at: dt.datetime | None = None


class Roster:
    """The list of accounts, in PostgreSQL."""

    def __init__(self, database: HistoryDatabase) -> None:
        self._database = database

    def make(self) -> None:
        """Make the tables of a fleet where there are none."""
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
        rows = self._database.read(select(accounts).where(accounts.c.account_id == account_id))
        return _account(rows[0]) if rows else None

    def all(self) -> list[FleetAccount]:
        """Give all accounts."""
        return [_account(row) for row in self._database.read(select(accounts).order_by(accounts.c.account_id))]

    def due(self, now: dt.datetime) -> list[FleetAccount]:
        """Give the accounts whose next check is due."""
        chosen = select(accounts).where(accounts.c.due_ms <= now).order_by(accounts.c.due_ms)
        return [_account(row) for row in self._database.read(chosen)]

    def postpone(self, due: Iterable[FleetAccount], now: dt.datetime, slack: dt.timedelta) -> None:
        """Note that these accounts are waiting for a check, and need not be queued again before their next one."""
        rows = [{"id": one.account_id, "due": _next_due(one, now, slack)} for one in due]
        with self._database.transaction() as connection:
            if rows:
                is_it = accounts.c.account_id == bindparam("id")
                connection.execute(update(accounts).where(is_it).values(due_ms=bindparam("due")), rows)

    def checked(
        self, account: FleetAccount, now: dt.datetime, slack: dt.timedelta, again: dt.timedelta | None = None
    ) -> None:
        """Note that an account was checked, and that it is due after its period, or sooner, `again` from now.

        Counted from here and not from when it was queued: after an outage all accounts are queued at once, and one that was checked first
        and then last would have waited longer than its period.
        """
        due = _next_due(account, now, slack)
        self._set(account.account_id, checked_ms=now, due_ms=due if again is None else min(due, now + again))

    def get(self, account_id: str, /) -> Detail | None:
        """Give the detail that any worker read last (a `DetailStore`)."""
        chosen = select(accounts.c.detail).where(accounts.c.account_id == account_id, accounts.c.detail.is_not(None))
        rows = self._database.read(chosen)
        return _detail(rows[0].detail) if rows else None

    def __setitem__(self, account_id: str, detail: Detail, /) -> None:
        """Keep a detail for all workers (a `DetailStore`)."""
        hours = [(hour.start.timestamp(), hour.cents) for hour in detail.hours]
        limits = [(one.gateway, one.rule, one.limit.amount, one.limit.currency) for one in detail.limits]
        # Decimals are written as text, exactly.
        text = json.dumps({"read_at": detail.read_at.timestamp(), "hours": hours, "limits": limits}, default=str)
        self._set(account_id, detail=text)

    def _set(self, account_id: str, **values: dt.datetime | str) -> None:
        with self._database.transaction() as connection:
            connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(**values))


def _account(row: Row[Any]) -> FleetAccount:
    purchase = None if row.at_least_cents is None else Purchase(row.at_least_cents, row.amount_cents, row.max_per_day)
    every, thresholds = dt.timedelta(seconds=row.every_seconds), tuple(json.loads(row.thresholds))
    return FleetAccount(row.account_id, row.profile, every, thresholds, purchase, row.checked_ms)


def _detail(text: str) -> Detail:
    kept: dict[str, Any] = json.loads(text)
    starts = [(dt.datetime.fromtimestamp(start, dt.UTC), Decimal(cents)) for start, cents in kept["hours"]]
    return Detail(
        dt.datetime.fromtimestamp(kept["read_at"], dt.UTC),
        tuple(Window(start, start + LENGTH["hour"], cents) for start, cents in starts),
        tuple(SpendLimit(gateway, rule, Money(amount, currency)) for gateway, rule, amount, currency in kept["limits"]),
    )


def _next_due(account: FleetAccount, now: dt.datetime, slack: dt.timedelta) -> dt.datetime:
    """Give when the next check is due, a little early.

    By up to a tenth at random, so that accounts do not stay in step, and by `slack`, half of the time between two looks at what is due, so
    that no account waits longer than it should because a look came a moment too soon.
    """
    return now + account.every * random.uniform(1 - _JITTER, 1) - slack  # noqa: S311 - jitter
