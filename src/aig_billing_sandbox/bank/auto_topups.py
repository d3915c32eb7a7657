"""Auto top-up: buys credit when the balance is below the threshold, one purchase at a time."""

import sqlite3
from typing import Any

from aig_billing_sandbox.bank.accounts import find_card
from aig_billing_sandbox.bank.amounts import MILLICENTS_PER_CENT
from aig_billing_sandbox.bank.ledger import balance_millicents
from aig_billing_sandbox.bank.topups import DECLINED, NOT_CONFIRMED, PurchaseTerms, SettledPayment, buy

FAILURES_UNTIL_DISABLED = 3
DISABLED = "too_many_failures"
NO_CARD = "The account has no default payment method."


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
    """Buys while the balance is below the threshold, unless a purchase is pending or auto top-up is disabled."""
    while (auto := get_auto_topup(db, account_id)) is not None and auto["disabledReason"] is None:
        enough = balance_millicents(db, account_id) >= auto["threshold"] * MILLICENTS_PER_CENT
        if enough or _is_pending(db, account_id):
            return
        card = find_card(db, account_id)
        if card is None:
            _record_failure(db, account_id, NO_CARD, at_ms)
            return
        purchase = buy(db, account_id, auto["amount"], card, kind="auto", terms=terms, at_ms=at_ms)
        if purchase.state == "declined":
            error = NOT_CONFIRMED if card.behaviour == "needs_confirmation" else DECLINED
            _record_failure(db, account_id, error, at_ms)
        if purchase.state != "succeeded":
            return
        _record_success(db, account_id)


def after_settling(db: sqlite3.Connection, payment: SettledPayment, terms: PurchaseTerms) -> None:
    """Records how an automatic purchase ended, and buys again if the balance is still below the threshold."""
    if payment.kind == "auto":
        if payment.succeeded:
            _record_success(db, payment.account_id)
        else:
            _record_failure(db, payment.account_id, DECLINED, payment.ended_ms)
    if payment.succeeded:
        buy_if_low(db, payment.account_id, terms, payment.ended_ms)


def _is_pending(db: sqlite3.Connection, account_id: str) -> bool:
    query = "SELECT 1 FROM invoices WHERE account_id = ? AND kind = 'auto' AND status = 'open'"
    return db.execute(query, (account_id,)).fetchone() is not None


def _record_success(db: sqlite3.Connection, account_id: str) -> None:
    db.execute(
        "UPDATE auto_topups SET error = NULL, last_failed_ms = NULL, failures = 0 WHERE account_id = ?", (account_id,)
    )


def _record_failure(db: sqlite3.Connection, account_id: str, error: str, at_ms: int) -> None:
    db.execute(
        "UPDATE auto_topups SET error = ?, last_failed_ms = ?, failures = failures + 1,"
        " disabled_reason = CASE WHEN failures + 1 >= ? THEN ? END WHERE account_id = ?",
        (error, at_ms, FAILURES_UNTIL_DISABLED, DISABLED, account_id),
    )
