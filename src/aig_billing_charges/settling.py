"""Settling a charge whose outcome is not known: ask the service, judge what it shows, record what that proves."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from aig_billing_runtime.errors import (
    APIError,
    APIStatusError,
    ChargeError,
    ChargeInProgress,
    ChargeNotFound,
    ChargeOutcomeUnknown,
    ErrorDetail,
    status_error,
)
from aig_billing_runtime.money import Money
from aig_billing_runtime.steps import Flow, run

from .billing import Billing
from .evidence import Found, Inconclusive, InvoiceList, Verdict, can_be_payment_of, find_by_id, judge
from .record import FINAL, ChargeRecord, RecordedRefusal, TopupOutcome, outcome_of

if TYPE_CHECKING:
    from .journal import Journal

_ROUNDS = 3


class Settled(NamedTuple):
    """A charge as far as it could be settled, and what is missing where it could not."""

    record: ChargeRecord
    under_way: bool = False
    missing: str | None = None
    cause: APIError | None = None


def settle_charge(
    billing: Billing, journal: Journal, account_id: str, key: str, *, replay: bool = False
) -> Flow[Settled]:
    """Bring a charge of the journal as far as the evidence allows; with `replay`, one that was made is not asked about again.

    Raises:
        ValueError: When the journal has no such charge.
    """
    end = time.monotonic() + billing.deadline
    rounds = 0
    while True:
        record, now_ms = yield from run(journal.find, account_id, key)
        if record is None:
            raise ValueError(
                f"the journal at {journal.name} has no charge of the key {key!r} for account {account_id}: is it the right journal?"
            )
        under_way = record.is_under_way(now_ms)
        if under_way or record.state in FINAL or record.state == "intent" or (replay and record.state == "sent"):
            return Settled(record, under_way)
        evidence = yield from _gather(billing, journal, record, now_ms, end)
        concluded, verdict = yield from run(journal.conclude, record, evidence)
        if isinstance(verdict, Inconclusive):
            return Settled(concluded, missing=verdict.missing, cause=verdict.cause)
        if verdict is not None:
            return Settled(concluded)
        rounds += 1
        if rounds >= _ROUNDS:
            return Settled(record, missing="the journal changed while the evidence was gathered: ask again")


def _gather(billing: Billing, journal: Journal, record: ChargeRecord, now_ms: int, end: float) -> Flow[Verdict]:
    """Ask the service for what bears on a charge."""
    try:
        invoices = yield from billing.invoices(record.account_id, end)
        named = record.payment_id
        others = yield from run(journal.others, record.account_id, record.key, [named, *invoices.ids])
        if named is not None and (
            record.proof is not None or can_be_payment_of(named, record.amount, invoices, record.baseline, others)
        ):
            return (yield from ask_for_payment(billing, record.account_id, named, invoices, end))
    except APIError as error:
        return Inconclusive(f"the service could not be asked: {error.message}", error)
    return judge(record, invoices, others=others, now_ms=now_ms, window_ms=journal.window_ms)


def ask_for_payment(
    billing: Billing, account_id: str, payment_id: str, invoices: InvoiceList, end: float
) -> Flow[Found | Inconclusive]:
    """Ask for a payment whose id is known; the list shows more than the status does, but may not reach back to it."""
    listed = find_by_id(payment_id, invoices)
    if listed is not None and listed.state != "pending":
        return listed
    try:
        status = yield from billing.status(account_id, payment_id, end)
    except APIStatusError as error:
        if listed is not None:
            return listed
        return Inconclusive(f"its payment {payment_id} is not listed, nor has it a status: {error.message}", error)
    invoiced = None if listed is None else listed.invoiced
    return Found(payment_id, "completed" if status.status == "completed" else "pending", invoiced)


def outcome_or_error(settled: Settled) -> TopupOutcome:
    """Return the outcome of a charge that was made; raise the error that says what happened to any other."""
    record = settled.record
    if settled.under_way:
        raise ChargeInProgress(
            f"The charge {record.key!r} is being sent at this moment: ask again when its lease is over.",
            **record.about,
        )
    if record.state in {"sent", "completed"}:
        return outcome_of(record)
    if record.state == "refused":
        raise _refusal(record)
    if record.state == "not_found":
        raise ChargeNotFound(
            f"The charge {record.key!r} of {Money.from_cents(record.amount)} was sent, and left no invoice: it was not made. "
            "This key is spent; if it is still to be charged, take a new key.",
            **record.about,
        )
    if record.state == "intent":
        raise ChargeNotFound(
            f"Nothing was sent yet under the key {record.key!r}: create_once() with it may send the charge.",
            **record.about,
        )
    missing = settled.missing or record.note or "nothing is known of it yet"
    error = ChargeOutcomeUnknown(
        f"The charge {record.key!r} of {Money.from_cents(record.amount)} for account {record.account_id} may or may not have been made: "
        f"{missing.rstrip('.')}. Do not charge again before you know: ask again with billing.topup.reconcile({record.key!r}), "
        "or look at the invoices yourself and tell what you found with billing.topup.settle().",
        sent_at=None,
        cause=settled.cause,
        **record.about,
    )
    raise error from settled.cause


def _refusal(record: ChargeRecord) -> Exception:
    refusal = record.refusal or RecordedRefusal(None, "the charge was refused.")
    message = (
        f"The charge {record.key!r} was refused before, and nothing was charged: {refusal.message} "
        "This key is spent; if it is still to be charged, take a new key."
    )
    if refusal.status is None:
        return ChargeError(message, **record.about)
    return status_error(refusal.status)(
        message,
        status_code=refusal.status,
        errors=tuple(ErrorDetail(code, text) for code, text in refusal.errors),
        operation="ai_gateway.billing.topup.create",
        method="POST",
        path=f"/accounts/{record.account_id}/ai-gateway/billing/topup",
        attempts=0,
    )
