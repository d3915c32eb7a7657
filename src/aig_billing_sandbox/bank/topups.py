"""Buying credit, by hand and by auto top-up: an invoice, an attempt to charge the card, and the credit once it is paid.

Auto top-up buys when the balance is below the threshold, one purchase at a time.
"""

import sqlite3
from typing import Any, Literal

import attrs

from aig_billing_sandbox.bank.accounts import Card, find_card, owner_and_tax
from aig_billing_sandbox.bank.amounts import MILLICENTS_PER_CENT, percentage
from aig_billing_sandbox.bank.ids import new_id
from aig_billing_sandbox.bank.ledger import balance_millicents, post

InvoiceKind = Literal["manual", "auto"]
PaymentState = Literal["pending", "needs_confirmation", "declined"]

DECLINED = "Your card was declined."

_NOT_CONFIRMED = "The card's bank asks for the cardholder's confirmation."
_NO_CARD = "The account has no default payment method."
_FAILURES_UNTIL_DISABLED = 3
_DISABLED = "too_many_failures"


@attrs.frozen
class PurchaseTerms:
    """How long a payment takes to settle and an invoice to be listed, and the fee on top of the credit."""

    settles_after_ms: int = 2_000
    listed_after_ms: int = 0
    fee_basis_points: int = 0
    """In hundredths of a percent of the credit."""


def buy(
    db: sqlite3.Connection,
    account_id: str,
    credit_cents: int,
    card: Card,
    *,
    kind: InvoiceKind,
    terms: PurchaseTerms,
    at_ms: int,
) -> tuple[str, PaymentState, str | None]:
    """Makes an invoice and charges the card: its id, the state of its first payment, and a client secret if that is to be confirmed.

    A declined card leaves a void invoice and nothing else.
    """
    invoice_id = new_id("in_")
    state = _first_state(card, kind)
    client_secret = f"{new_id('pi_')}_secret_{new_id('')}" if state == "needs_confirmation" else None
    fee_cents = percentage(credit_cents, terms.fee_basis_points)
    owner_email, tax = owner_and_tax(db, account_id)
    db.execute(
        "INSERT INTO invoices (id, account_id, kind, status, credit_cents, fee_cents, tax_cents, card_id, client_secret,"
        " created_by, created_ms, listed_ms) VALUES (?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            invoice_id,
            account_id,
            kind,
            credit_cents,
            fee_cents,
            percentage(credit_cents + fee_cents, tax),
            card.id,
            client_secret,
            owner_email if kind == "manual" else "auto-topup",
            at_ms,
            at_ms + terms.listed_after_ms,
        ),
    )
    db.execute(
        "INSERT INTO payments (invoice_id, state, declines, started_ms, due_ms, ended_ms) VALUES (?, ?, ?, ?, ?, ?)",
        (
            invoice_id,
            state,
            card.behaviour == "declines_later",
            at_ms,
            at_ms + terms.settles_after_ms if state == "pending" else None,
            at_ms if state == "declined" else None,
        ),
    )
    if state == "declined":
        _close(db, invoice_id, "void")
    return invoice_id, state, client_secret


def _first_state(card: Card, kind: InvoiceKind) -> PaymentState:
    if card.behaviour == "declines":
        return "declined"
    if card.behaviour == "needs_confirmation":
        # A person must be there to confirm.
        return "needs_confirmation" if kind == "manual" else "declined"
    return "pending"


def settle_due(db: sqlite3.Connection, terms: PurchaseTerms, at_ms: int) -> None:
    """Ends every payment that is due, in order, as of the time it was due, with all that follows from it."""
    query = (
        "SELECT payments.id, invoice_id, due_ms, declines, account_id, kind, credit_cents"
        " FROM payments JOIN invoices ON invoices.id = invoice_id"
        " WHERE state = 'pending' AND due_ms <= ? ORDER BY due_ms, payments.id LIMIT 1"
    )
    while row := db.execute(query, (at_ms,)).fetchone():
        account_id, ended_ms, succeeded = row["account_id"], row["due_ms"], not row["declines"]
        db.execute(
            "UPDATE payments SET state = ?, due_ms = NULL, ended_ms = ? WHERE id = ?",
            ("succeeded" if succeeded else "declined", ended_ms, row["id"]),
        )
        _close(db, row["invoice_id"], "paid" if succeeded else "uncollectible")
        if succeeded:
            credit = row["credit_cents"] * MILLICENTS_PER_CENT
            post(db, account_id, "topup", credit, ended_ms, invoice_id=row["invoice_id"])
            if row["kind"] == "auto":
                forget = "UPDATE auto_topups SET error = NULL, last_failed_ms = NULL, failures = 0 WHERE account_id = ?"
                db.execute(forget, (account_id,))
            buy_if_low(db, account_id, terms, ended_ms)
        elif row["kind"] == "auto":
            _record_failure(db, account_id, DECLINED, ended_ms)


def confirm(db: sqlite3.Connection, account_id: str, invoice_id: str, terms: PurchaseTerms, at_ms: int) -> None:
    """Confirms a payment as its cardholder would; raises ValueError for one that does not need that."""
    changed = db.execute(
        "UPDATE payments SET state = 'pending', due_ms = ? WHERE state = 'needs_confirmation'"
        " AND invoice_id = (SELECT id FROM invoices WHERE id = ? AND account_id = ?)",
        (at_ms + terms.settles_after_ms, invoice_id, account_id),
    )
    if not changed.rowcount:
        raise ValueError(f"{invoice_id} has no payment that waits for confirmation")


def state_of(db: sqlite3.Connection, account_id: str, invoice_id: str) -> Literal["completed", "pending"] | None:
    """Whether a top-up is paid, or None if the account has no such invoice."""
    row = db.execute("SELECT status FROM invoices WHERE id = ? AND account_id = ?", (invoice_id, account_id)).fetchone()
    if row is None:
        return None
    return "completed" if row["status"] == "paid" else "pending"


def has_topped_up(db: sqlite3.Connection, account_id: str) -> bool:
    """Whether a manual top-up has ever been paid."""
    query = "SELECT 1 FROM invoices WHERE account_id = ? AND kind = 'manual' AND status = 'paid' LIMIT 1"
    return db.execute(query, (account_id,)).fetchone() is not None


def get_auto_topup(db: sqlite3.Connection, account_id: str) -> dict[str, Any] | None:
    """The account's auto top-up as the API shows it, its amounts in cents; None if it is not configured."""
    row = db.execute(
        "SELECT amount_cents AS amount, threshold_cents AS threshold, disabled_reason AS disabledReason, error,"
        " last_failed_ms AS lastFailedAt FROM auto_topups WHERE account_id = ?",
        (account_id,),
    ).fetchone()
    return None if row is None else dict(row)


def set_auto_topup(db: sqlite3.Connection, account_id: str, amount_cents: int, threshold_cents: int) -> None:
    """Configures it; earlier failures are forgotten, and a disabled one is enabled again."""
    db.execute(
        "INSERT OR REPLACE INTO auto_topups (account_id, amount_cents, threshold_cents) VALUES (?, ?, ?)",
        (account_id, amount_cents, threshold_cents),
    )


def remove_auto_topup(db: sqlite3.Connection, account_id: str) -> None:
    """Removes the configuration; a pending purchase still settles."""
    db.execute("DELETE FROM auto_topups WHERE account_id = ?", (account_id,))


def buy_if_low(db: sqlite3.Connection, account_id: str, terms: PurchaseTerms, at_ms: int) -> None:
    """Buys if the balance is below the threshold, unless a purchase is pending or auto top-up is disabled."""
    auto = get_auto_topup(db, account_id)
    if auto is None or auto["disabledReason"] is not None:
        return
    enough = balance_millicents(db, account_id) >= auto["threshold"] * MILLICENTS_PER_CENT
    pending = "SELECT 1 FROM invoices WHERE account_id = ? AND kind = 'auto' AND status = 'open'"
    if enough or db.execute(pending, (account_id,)).fetchone() is not None:
        return
    card = find_card(db, account_id)
    if card is None:
        _record_failure(db, account_id, _NO_CARD, at_ms)
    elif buy(db, account_id, auto["amount"], card, kind="auto", terms=terms, at_ms=at_ms)[1] == "declined":
        error = _NOT_CONFIRMED if card.behaviour == "needs_confirmation" else DECLINED
        _record_failure(db, account_id, error, at_ms)


def _record_failure(db: sqlite3.Connection, account_id: str, error: str, at_ms: int) -> None:
    db.execute(
        "UPDATE auto_topups SET error = ?, last_failed_ms = ?, failures = failures + 1,"
        " disabled_reason = CASE WHEN failures + 1 >= ? THEN ? END WHERE account_id = ?",
        (error, at_ms, _FAILURES_UNTIL_DISABLED, _DISABLED, account_id),
    )


def _close(db: sqlite3.Connection, invoice_id: str, status: Literal["paid", "void", "uncollectible"]) -> None:
    db.execute("UPDATE invoices SET status = ? WHERE id = ?", (status, invoice_id))
