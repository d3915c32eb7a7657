"""The log of every charge that arrived: in a test, it decides whether a card was charged twice."""

import sqlite3
from typing import Literal

import attrs

Outcome = Literal["accepted", "declined", "refused", "prevented", "failed"]
Delivery = Literal["answered", "dropped", "cut off"]


@attrs.frozen
class ReceivedCharge:
    """One `POST /topup` that reached the sandbox."""

    number: int
    request_id: str
    """The `cf-ray` of its answer."""
    account_id: str
    amount_cents: int | None
    """None when the body had no whole amount."""
    authorised: bool = attrs.field(converter=bool)
    received_ms: int
    """By the sandbox's clock, in Unix milliseconds."""
    outcome: str
    """`accepted` (the card is being charged, or was), `declined`, `refused`, `prevented` (by a fault, before the card was
    charged), `failed` (the sandbox itself), or `received` (not decided yet, or the sandbox was killed before)."""
    delivery: str
    """`answered`, `dropped`, `cut off`, or `unanswered` (not yet, or the sandbox was killed before)."""
    status: int | None
    invoice_id: str | None


def log_arrival(
    db: sqlite3.Connection, request_id: str, account_id: str, amount_cents: int | None, *, authorised: bool, at_ms: int
) -> None:
    """Records a charge that has just arrived."""
    db.execute(
        "INSERT INTO charges (request_id, account_id, amount_cents, authorised, received_ms) VALUES (?, ?, ?, ?, ?)",
        (request_id, account_id, amount_cents, authorised, at_ms),
    )


def log_outcome(db: sqlite3.Connection, request_id: str, outcome: Outcome, invoice_id: str | None = None) -> None:
    """Adds the outcome; called in the transaction that charged the card, if one did."""
    db.execute("UPDATE charges SET outcome = ?, invoice_id = ? WHERE request_id = ?", (outcome, invoice_id, request_id))


def log_answer(
    db: sqlite3.Connection, request_id: str, outcome: Outcome | None, delivery: Delivery, status: int | None
) -> None:
    """Adds how it is answered, just before it is, and the outcome where nothing was charged."""
    db.execute(
        "UPDATE charges SET outcome = COALESCE(?, outcome), delivery = ?, status = ? WHERE request_id = ?",
        (outcome, delivery, status, request_id),
    )


def list_charges(db: sqlite3.Connection, after: int) -> list[ReceivedCharge]:
    """The charges numbered above `after`, in the order in which they arrived."""
    rows = db.execute("SELECT * FROM charges WHERE number > ? ORDER BY number", (after,))
    return [ReceivedCharge(**dict(row)) for row in rows]
