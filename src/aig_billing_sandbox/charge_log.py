"""The log of every charge that arrived: what decides, in a test, whether a card was charged twice."""

import json
import sqlite3
from dataclasses import dataclass
from urllib.parse import unquote

from aig_billing_sandbox.refusals import Refusal
from aig_billing_sandbox.wire import Request


@dataclass(frozen=True)
class Charge:
    """One `POST /topup` that reached the sandbox."""

    number: int
    request_id: str
    """The `cf-ray` of its answer."""
    account_id: str
    amount_cents: int | None
    """None when the body held no whole amount."""
    authorised: bool
    received_ms: int
    """By the sandbox's clock, in Unix milliseconds."""
    outcome: str
    """`accepted` (the card is being charged, or was), `declined`, `refused`, `prevented` (a fault kept the work from being
    done), or `received` (nothing was decided yet, or the sandbox was killed before)."""
    delivery: str
    """`answered`, `dropped`, `cut off`, or `unanswered` (not yet, or the sandbox was killed before)."""
    status: int | None
    invoice_id: str | None


def note_arrival(books: sqlite3.Connection, request_id: str, request: Request, *, authorised: bool, at_ms: int) -> None:
    """Writes a charge down as soon as it is here."""
    account_id = unquote(request.path.split("/")[2])
    books.execute(
        "INSERT INTO charges (request_id, account_id, amount_cents, authorised, received_ms) VALUES (?, ?, ?, ?, ?)",
        (request_id, account_id, _amount_in(request.body), authorised, at_ms),
    )


def note_outcome(books: sqlite3.Connection, request_id: str, outcome: object) -> None:
    """Adds what came of it; within the transaction that did the work."""
    invoice_id = getattr(outcome, "invoice_id", None)
    word = outcome if isinstance(outcome, str) else "declined" if isinstance(outcome, Refusal) else "accepted"
    books.execute("UPDATE charges SET outcome = ?, invoice_id = ? WHERE request_id = ?", (word, invoice_id, request_id))


def note_answer(books: sqlite3.Connection, request_id: str, delivery: str, status: int | None) -> None:
    """Adds how it is answered, just before that happens."""
    books.execute("UPDATE charges SET delivery = ?, status = ? WHERE request_id = ?", (delivery, status, request_id))


def list_charges(books: sqlite3.Connection, after: int = 0) -> list[Charge]:
    """The charges, in the order in which they arrived."""
    rows = books.execute("SELECT * FROM charges WHERE number > ? ORDER BY number", (after,))
    return [
        Charge(
            row["number"],
            row["request_id"],
            row["account_id"],
            row["amount_cents"],
            bool(row["authorised"]),
            row["received_ms"],
            row["outcome"],
            row["delivery"],
            row["status"],
            row["invoice_id"],
        )
        for row in rows
    ]


def _amount_in(body: bytes) -> int | None:
    try:
        amount = json.loads(body)["amount"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    fits = isinstance(amount, int) and not isinstance(amount, bool) and abs(amount) < 2**63
    return amount if fits else None
