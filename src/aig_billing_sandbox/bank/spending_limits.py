"""The spending limit: how much an account may use in a calendar period, or in the time just past."""

import sqlite3
from datetime import timedelta
from typing import Any, Literal

from aig_billing_sandbox.bank.amounts import MILLICENTS_PER_CENT
from aig_billing_sandbox.bank.clock import DAY_MS, datetime_of, unix_ms

Duration = Literal["daily", "weekly", "monthly"]
Strategy = Literal["fixed", "sliding"]

_SLIDING_MS: dict[Duration, int] = {"daily": DAY_MS, "weekly": 7 * DAY_MS, "monthly": 30 * DAY_MS}


def get_spending_limit(db: sqlite3.Connection, account_id: str) -> dict[str, Any] | None:
    """The account's limit as the API shows it, its amount in cents; None if it has none."""
    query = "SELECT amount_cents AS amount, duration, strategy FROM spending_limits WHERE account_id = ?"
    row = db.execute(query, (account_id,)).fetchone()
    return None if row is None else dict(row)


def set_spending_limit(
    db: sqlite3.Connection, account_id: str, amount_cents: int, duration: Duration, strategy: Strategy
) -> None:
    """Sets the limit, replacing an earlier one."""
    db.execute(
        "INSERT OR REPLACE INTO spending_limits VALUES (?, ?, ?, ?)", (account_id, amount_cents, duration, strategy)
    )


def remove_spending_limit(db: sqlite3.Connection, account_id: str) -> None:
    """Removes the limit, if there is one."""
    db.execute("DELETE FROM spending_limits WHERE account_id = ?", (account_id,))


def limit_reached(db: sqlite3.Connection, account_id: str, at_ms: int) -> bool:
    """Whether the usage of the current period has reached the limit."""
    limit = get_spending_limit(db, account_id)
    if limit is None:
        return False
    spent = db.execute(
        "SELECT COALESCE(SUM(cost_millicents), 0) FROM usage_events WHERE account_id = ? AND at_ms BETWEEN ? AND ?",
        (account_id, _period_start_ms(limit["duration"], limit["strategy"], at_ms), at_ms),
    ).fetchone()[0]
    return bool(spent >= limit["amount"] * MILLICENTS_PER_CENT)


def _period_start_ms(duration: Duration, strategy: Strategy, at_ms: int) -> int:
    """The start of the period that contains this moment; weeks start on Monday, all fixed periods at midnight UTC."""
    if strategy == "sliding":
        return at_ms - _SLIDING_MS[duration] + 1
    day = datetime_of(at_ms).replace(hour=0, minute=0, second=0, microsecond=0)
    if duration == "weekly":
        day -= timedelta(days=day.weekday())
    elif duration == "monthly":
        day = day.replace(day=1)
    return unix_ms(day)
