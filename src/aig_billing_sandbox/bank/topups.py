"""Buying credit: an invoice, an attempt to charge the card, and the credit once it is paid."""

import sqlite3
from typing import Literal

import attrs

from aig_billing_sandbox.bank.accounts import Card, owner_and_tax
from aig_billing_sandbox.bank.amounts import MILLICENTS_PER_CENT, percentage
from aig_billing_sandbox.bank.ids import new_id
from aig_billing_sandbox.bank.ledger import post

InvoiceKind = Literal["manual", "auto"]
PaymentState = Literal["pending", "needs_confirmation", "succeeded", "declined"]

DECLINED = "Your card was declined."
NOT_CONFIRMED = "The card's bank asks for the cardholder's confirmation."


@attrs.frozen
class PurchaseTerms:
    """How long a payment takes to settle and an invoice to be listed, and the fee on top of the credit."""

    settles_after_ms: int = 2_000
    listed_after_ms: int = 0
    fee_basis_points: int = 0
    """In hundredths of a percent of the credit."""


@attrs.frozen
class CreditPurchase:
    """A purchase of credit, and the state of its first payment."""

    invoice_id: str
    state: PaymentState
    client_secret: str | None


@attrs.frozen
class SettledPayment:
    """A payment that has just ended."""

    account_id: str
    kind: InvoiceKind
    succeeded: bool
    ended_ms: int


def buy(
    db: sqlite3.Connection,
    account_id: str,
    credit_cents: int,
    card: Card,
    *,
    kind: InvoiceKind,
    terms: PurchaseTerms,
    at_ms: int,
) -> CreditPurchase:
    """Makes an invoice and charges the card. A declined card leaves a void invoice and nothing else."""
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
    elif state == "pending" and terms.settles_after_ms == 0 and card.behaviour == "good":
        settle_next(db, at_ms, invoice_id)
        state = "succeeded"
    return CreditPurchase(invoice_id, state, client_secret)


def _first_state(card: Card, kind: InvoiceKind) -> PaymentState:
    if card.behaviour == "declines":
        return "declined"
    if card.behaviour == "needs_confirmation":
        # A person must be there to confirm.
        return "needs_confirmation" if kind == "manual" else "declined"
    return "pending"


def any_due(db: sqlite3.Connection, at_ms: int) -> bool:
    """Whether a payment should have ended by now; cheap enough for every read."""
    query = "SELECT 1 FROM payments WHERE state = 'pending' AND due_ms <= ? LIMIT 1"
    return db.execute(query, (at_ms,)).fetchone() is not None


def settle_next(db: sqlite3.Connection, at_ms: int, invoice_id: str | None = None) -> SettledPayment | None:
    """Ends the payment that is due first (or that of this invoice), as of the time it was due."""
    row = db.execute(
        "SELECT payments.id, payments.due_ms, payments.declines, invoices.id AS invoice_id, account_id, kind, credit_cents"
        " FROM payments JOIN invoices ON invoices.id = payments.invoice_id"
        " WHERE payments.state = 'pending' AND due_ms <= ? AND (? IS NULL OR invoice_id = ?)"
        " ORDER BY due_ms, payments.id LIMIT 1",
        (at_ms, invoice_id, invoice_id),
    ).fetchone()
    if row is None:
        return None
    ended_ms, succeeded = row["due_ms"], not row["declines"]
    db.execute(
        "UPDATE payments SET state = ?, due_ms = NULL, ended_ms = ? WHERE id = ?",
        ("succeeded" if succeeded else "declined", ended_ms, row["id"]),
    )
    _close(db, row["invoice_id"], "paid" if succeeded else "uncollectible")
    if succeeded:
        credit = row["credit_cents"] * MILLICENTS_PER_CENT
        post(db, row["account_id"], "topup", credit, ended_ms, invoice_id=row["invoice_id"])
    return SettledPayment(row["account_id"], row["kind"], succeeded, ended_ms)


def confirm(db: sqlite3.Connection, account_id: str, invoice_id: str, terms: PurchaseTerms, at_ms: int) -> bool:
    """Confirms a payment as its cardholder would; false if it does not need that."""
    changed = db.execute(
        "UPDATE payments SET state = 'pending', due_ms = ? WHERE state = 'needs_confirmation'"
        " AND invoice_id = (SELECT id FROM invoices WHERE id = ? AND account_id = ?)",
        (at_ms + terms.settles_after_ms, invoice_id, account_id),
    )
    return changed.rowcount == 1


def topup_state(db: sqlite3.Connection, account_id: str, invoice_id: str) -> Literal["completed", "pending"] | None:
    """Whether a top-up is paid, or None if the account has no such invoice."""
    row = db.execute("SELECT status FROM invoices WHERE id = ? AND account_id = ?", (invoice_id, account_id)).fetchone()
    if row is None:
        return None
    return "completed" if row["status"] == "paid" else "pending"


def has_topped_up(db: sqlite3.Connection, account_id: str) -> bool:
    """Whether a manual top-up has ever been paid."""
    query = "SELECT 1 FROM invoices WHERE account_id = ? AND kind = 'manual' AND status = 'paid' LIMIT 1"
    return db.execute(query, (account_id,)).fetchone() is not None


def _close(db: sqlite3.Connection, invoice_id: str, status: Literal["paid", "void", "uncollectible"]) -> None:
    db.execute("UPDATE invoices SET status = ? WHERE id = ?", (status, invoice_id))
