"""Auto top-up: buys credit when the balance has fallen under the threshold, one purchase at a time."""

import sqlite3

import attrs

from aig_billing_sandbox.bank.accounts import default_card
from aig_billing_sandbox.bank.amounts import MILLICENTS_PER_CENT
from aig_billing_sandbox.bank.ledger import balance_millicents
from aig_billing_sandbox.bank.topups import DECLINED, NOT_CONFIRMED, SettledPayment, Timing, buy

FAILURES_UNTIL_DISABLED = 3
DISABLED = "too_many_failures"
NO_CARD = "The account has no default payment method."


@attrs.frozen
class AutoTopupSettings:
    """How auto top-up is set, and how it fares."""

    amount_cents: int
    threshold_cents: int
    error: str | None
    last_failed_ms: int | None
    disabled_reason: str | None


def get_auto_topup(db: sqlite3.Connection, account_id: str) -> AutoTopupSettings | None:
    """The account's auto top-up, if it is set."""
    row = db.execute("SELECT * FROM auto_topups WHERE account_id = ?", (account_id,)).fetchone()
    if row is None:
        return None
    return AutoTopupSettings(
        row["amount_cents"], row["threshold_cents"], row["error"], row["last_failed_ms"], row["disabled_reason"]
    )


def set_auto_topup(db: sqlite3.Connection, account_id: str, amount_cents: int, threshold_cents: int) -> None:
    """Sets it anew: errors and a switch-off of before are forgotten."""
    db.execute(
        "INSERT OR REPLACE INTO auto_topups (account_id, amount_cents, threshold_cents) VALUES (?, ?, ?)",
        (account_id, amount_cents, threshold_cents),
    )


def remove_auto_topup(db: sqlite3.Connection, account_id: str) -> None:
    """Takes it away; a purchase under way still settles."""
    db.execute("DELETE FROM auto_topups WHERE account_id = ?", (account_id,))


def fire_if_low(db: sqlite3.Connection, account_id: str, timing: Timing, at_ms: int) -> None:
    """Buys while the balance is under the threshold, one at a time: not while a purchase is under way, nor when switched off."""
    while (auto := get_auto_topup(db, account_id)) is not None:
        if auto.disabled_reason is not None or _under_way(db, account_id):
            return
        if balance_millicents(db, account_id) >= auto.threshold_cents * MILLICENTS_PER_CENT:
            return
        if not _buy_one(db, account_id, auto, timing, at_ms):
            return


def _buy_one(db: sqlite3.Connection, account_id: str, auto: AutoTopupSettings, timing: Timing, at_ms: int) -> bool:
    """Tries once; true when the credit is there already."""
    card = default_card(db, account_id)
    if card is None:
        _record_failure(db, account_id, NO_CARD, at_ms)
        return False
    purchase = buy(db, account_id, auto.amount_cents, card, kind="auto", timing=timing, at_ms=at_ms)
    if purchase.state == "declined":
        error = NOT_CONFIRMED if card.behaviour == "needs_confirmation" else DECLINED
        _record_failure(db, account_id, error, at_ms)
    elif purchase.state == "succeeded":
        _record_success(db, account_id)
    return purchase.state == "succeeded"


def after_settling(db: sqlite3.Connection, payment: SettledPayment, timing: Timing) -> None:
    """Takes note of how an automatic purchase ended, and buys again if the balance is still too low."""
    if payment.kind == "auto":
        if payment.succeeded:
            _record_success(db, payment.account_id)
        else:
            _record_failure(db, payment.account_id, DECLINED, payment.ended_ms)
    if payment.succeeded:
        fire_if_low(db, payment.account_id, timing, payment.ended_ms)


def _under_way(db: sqlite3.Connection, account_id: str) -> bool:
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
