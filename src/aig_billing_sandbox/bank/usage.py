"""Metered usage: the cost of a gateway call, the spending limit that blocks it, and sums by hour, day and model."""

import sqlite3
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal

from aig_billing_sandbox.bank.amounts import MILLICENTS_PER_CENT, cents_as_json, cost_millicents
from aig_billing_sandbox.bank.clock import DAY_MS, HOUR_MS, datetime_of, unix_ms
from aig_billing_sandbox.bank.ids import derived_id, new_id
from aig_billing_sandbox.bank.ledger import balance_millicents, post

Window = Literal["day", "hour"]
Blocked = Literal["out_of_credit", "spending_limit"]
Duration = Literal["daily", "weekly", "monthly"]
Strategy = Literal["fixed", "sliding"]

_SLIDING_MS: dict[Duration, int] = {"daily": DAY_MS, "weekly": 7 * DAY_MS, "monthly": 30 * DAY_MS}


def blocked(db: sqlite3.Connection, account_id: str, at_ms: int) -> Blocked | None:
    """Why the gateway refuses a call now, or None. The cost of a call is known only after it."""
    if limit := get_spending_limit(db, account_id):
        spent = db.execute(
            "SELECT COALESCE(SUM(cost_millicents), 0) FROM usage_events WHERE account_id = ? AND at_ms BETWEEN ? AND ?",
            (account_id, _period_start_ms(limit["duration"], limit["strategy"], at_ms), at_ms),
        ).fetchone()[0]
        if spent >= limit["amount"] * MILLICENTS_PER_CENT:
            return "spending_limit"
    return "out_of_credit" if balance_millicents(db, account_id) <= 0 else None


def meter(
    db: sqlite3.Connection, account_id: str, model: str, quantity: int, unit_amount: Decimal, *, at_ms: int
) -> int:
    """Records a call and debits it; returns its cost in millicents.

    The cost is what the call adds to the rounded cost of all units of its model, price and month, so that the invoice line,
    quantity times price, agrees with the ledger to the millicent.
    """
    start_ms, end_ms = month_of(at_ms)
    # The price in plain digits, written in one way only.
    price = format(unit_amount, "f")
    price = price.rstrip("0").rstrip(".") if "." in price else price
    before = db.execute(
        "SELECT COALESCE(SUM(quantity), 0) FROM usage_events"
        " WHERE account_id = ? AND model = ? AND unit_amount = ? AND at_ms >= ? AND at_ms < ?",
        (account_id, model, price, start_ms, end_ms),
    ).fetchone()[0]
    cost = cost_millicents(before + quantity, unit_amount) - cost_millicents(before, unit_amount)
    usage_id = new_id("mtrevt_")
    db.execute(
        "INSERT INTO usage_events VALUES (?, ?, ?, ?, ?, ?, ?)",
        (usage_id, account_id, model, price, quantity, cost, at_ms),
    )
    post(db, account_id, "usage", -cost, at_ms, usage_id=usage_id)
    return cost


def by_window(
    db: sqlite3.Connection, account_id: str, window: Window, start_ms: int, end_ms: int
) -> list[dict[str, Any]]:
    """Usage from `start_ms` up to but not including `end_ms`, per hour or day in UTC, as the API shows it.

    Windows without usage are left out.
    """
    length = DAY_MS if window == "day" else HOUR_MS
    rows = db.execute(
        "SELECT at_ms / :length AS number, SUM(cost_millicents) AS cost FROM usage_events"
        " WHERE account_id = :account AND at_ms >= :start AND at_ms < :end GROUP BY number ORDER BY number",
        {"length": length, "account": account_id, "start": start_ms, "end": end_ms},
    )
    return [
        {
            "id": derived_id(db, "mtrusg_", account_id, window, row["number"]),
            "aggregated_value": cents_as_json(row["cost"]),
            "start_time": row["number"] * length,
            "end_time": (row["number"] + 1) * length,
        }
        for row in rows.fetchall()
    ]


def by_model(db: sqlite3.Connection, account_id: str, at_ms: int, *, by_price: bool) -> list[sqlite3.Row]:
    """Usage of a moment's month per `model`, the most expensive first: its `price`, `quantity` and `cost` in millicents.

    Either by price too, or as one unit at its total cost: the lines of the live service's invoices.
    """
    price, quantity = ("unit_amount", "SUM(quantity)") if by_price else ("NULL", "1")
    return db.execute(
        f"SELECT model, {price} AS price, {quantity} AS quantity, SUM(cost_millicents) AS cost FROM usage_events"  # noqa: S608 - fixed text
        " WHERE account_id = ? AND at_ms >= ? AND at_ms < ? GROUP BY model, price ORDER BY cost DESC, model, price",
        (account_id, *month_of(at_ms)),
    ).fetchall()


def month_of(at_ms: int) -> tuple[int, int]:
    """First millisecond of a moment's calendar month in UTC, and of the next one."""
    first = datetime_of(at_ms).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return unix_ms(first), unix_ms(following)


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
