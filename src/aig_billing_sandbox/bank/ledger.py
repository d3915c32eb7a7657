"""The ledger: entries that are only ever added, and the balance that follows from them."""

import sqlite3
from typing import Literal


def balance_millicents(db: sqlite3.Connection, account_id: str) -> int:
    """The account's balance."""
    return _last(db, account_id)[1]


def balance_as_of(db: sqlite3.Connection, account_id: str, at_ms: int) -> int:
    """The balance from the entries up to a time, in millicents: what a reading that lags behind shows."""
    query = "SELECT COALESCE(SUM(amount_millicents), 0) FROM ledger_entries WHERE account_id = ? AND at_ms <= ?"
    return int(db.execute(query, (account_id, at_ms)).fetchone()[0])


def post(
    db: sqlite3.Connection,
    account_id: str,
    kind: Literal["topup", "usage", "adjustment"],
    amount_millicents: int,
    at_ms: int,
    *,
    invoice_id: str | None = None,
    usage_id: str | None = None,
) -> None:
    """Adds an entry: what a paid invoice bought, the cost of a metered call (below zero), or an adjustment by hand."""
    number, balance = _last(db, account_id)
    db.execute(
        "INSERT INTO ledger_entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (account_id, number + 1, kind, amount_millicents, balance + amount_millicents, at_ms, invoice_id, usage_id),
    )


def _last(db: sqlite3.Connection, account_id: str) -> tuple[int, int]:
    row = db.execute(
        "SELECT number, balance_millicents FROM ledger_entries WHERE account_id = ? ORDER BY number DESC LIMIT 1",
        (account_id,),
    ).fetchone()
    return (0, 0) if row is None else (row["number"], row["balance_millicents"])
