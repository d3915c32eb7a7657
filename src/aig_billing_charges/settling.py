"""Settling a charge whose outcome is not known: ask the service, judge what it shows, record what that proves.

Calls do it for a key that they meet again; people ask for it by the key, by the error that reported it, or by what they have found out.
"""

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

from .billing import Billing, JournalLike, open_journal
from .evidence import (
    NO_OTHERS,
    Found,
    Inconclusive,
    InvoiceList,
    NotFound,
    PaymentState,
    Verdict,
    can_be_payment_of,
    find_by_id,
    judge,
    judge_by_time,
)
from .identity import check_key
from .record import FINAL, SETTLING_WINDOW, ChargeRecord, RecordedRefusal, TopupOutcome, outcome_of

if TYPE_CHECKING:
    from aig_billing import AsyncClient, Client

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
        evidence = yield from _gather(billing, journal, record, account_id=account_id, now_ms=now_ms, end=end)
        concluded, verdict = yield from run(journal.conclude, record, evidence)
        if isinstance(verdict, Inconclusive):
            return Settled(concluded, missing=verdict.missing, cause=verdict.cause)
        if verdict is not None:
            return Settled(concluded)
        rounds += 1
        if rounds >= _ROUNDS:
            return Settled(record, missing="the journal changed while the evidence was gathered: ask again")


def reconcile(
    client: Client | AsyncClient,
    error_or_key: ChargeError | str,
    *,
    journal: JournalLike | None,
    account_id: str | None,
) -> Flow[TopupOutcome]:
    """Find out what happened to a charge: `TopupMixin.reconcile`."""
    billing = Billing(client)
    if isinstance(error_or_key, ChargeError):
        key, account_id = error_or_key.key, account_id or error_or_key.account_id
        if key is None:
            if not isinstance(error_or_key, ChargeOutcomeUnknown):
                raise ValueError(f"a {type(error_or_key).__name__} without a key leaves nothing to find out")
            return (yield from _without_key(billing, error_or_key, journal, billing.account(account_id)))
    else:
        key = check_key(error_or_key, "error_or_key")
    account = billing.account(account_id)
    opened = yield from run(open_journal, journal)
    return outcome_or_error((yield from settle_charge(billing, opened, account, key)))


def settle(
    client: Client | AsyncClient,
    *,
    key: str,
    payment_id: str | None,
    journal: JournalLike | None,
    account_id: str | None,
) -> Flow[TopupOutcome | None]:
    """Record what a person has found out about a charge: `TopupMixin.settle`."""
    billing = Billing(client)
    key, account = check_key(key), billing.account(account_id)
    state: PaymentState = "pending"
    opened = yield from run(open_journal, journal)
    if payment_id is not None:
        status = yield from billing.status(account, payment_id, time.monotonic() + billing.deadline)
        state = "completed" if status.status == "completed" else "pending"
    record = yield from run(opened.settle_by_hand, account, key, payment_id)
    if record is None:
        raise ValueError(f"the journal at {opened.name} has no charge of the key {key!r} for account {account}")
    if payment_id is not None and record.state == "sent" and record.payment_id == payment_id:
        record, _ = yield from run(opened.conclude, record, Found(payment_id, state))
        return outcome_of(record)
    if payment_id is None and record.proof == "person" and record.state in {"not_found", "refused"}:
        return None
    if record.state == "completed" and record.payment_id == payment_id:
        return outcome_of(record)
    raise ChargeError(
        f"There is nothing to settle by hand about the charge {key!r}: the journal has it as {record.state.replace('_', ' ')}"
        f"{f', with the payment {record.payment_id}' if record.payment_id else ''}.",
        **record.about,
    )


def _without_key(
    billing: Billing, error: ChargeOutcomeUnknown, journal: JournalLike | None, account: str
) -> Flow[TopupOutcome]:
    """Find a charge that no journal knows, by its payment's id, or by its amount and time."""
    topup = f"The top-up of {'an unknown amount' if error.amount is None else Money.from_cents(error.amount)} for account {account}"
    opened = None if journal is None else (yield from run(open_journal, journal))
    # Before the invoices are asked for: what they do not show now may come in the meantime.
    now_ms, end = round(time.time() * 1000), time.monotonic() + billing.deadline
    verdict = yield from _gather(billing, opened, error, account_id=account, now_ms=now_ms, end=end)
    if isinstance(verdict, Inconclusive):
        raise ChargeOutcomeUnknown(
            f"{topup} may or may not have been made: {verdict.missing.rstrip('.')}. Do not send it again before you know.",
            account_id=error.account_id,
            amount=error.amount,
            payment_id=error.payment_id,
            sent_at=error.sent_at,
            cause=verdict.cause or error.cause,
        ) from verdict.cause
    if isinstance(verdict, NotFound):
        raise ChargeNotFound(f"{topup} left no invoice: it was not made.", account_id=account, amount=error.amount)
    if verdict.state == "failed":
        raise ChargeError(
            f"The invoice {verdict.payment_id} of the top-up was given up unpaid: nothing was charged.",
            account_id=account,
            amount=error.amount,
            payment_id=verdict.payment_id,
        )
    return TopupOutcome(
        payment_intent_id=verdict.payment_id,
        status="completed" if verdict.state == "completed" else "pending",
        key=None,
        amount=error.amount or 0,
        account_id=account,
        replayed=True,
    )


def _gather(
    billing: Billing,
    journal: Journal | None,
    charge: ChargeRecord | ChargeOutcomeUnknown,
    *,
    account_id: str,
    now_ms: int,
    end: float,
) -> Flow[Verdict]:
    """Ask the service for what bears on a charge of the journal, or on one that only its error knows, and judge it."""
    proof, baseline = (charge.proof, charge.baseline) if isinstance(charge, ChargeRecord) else (None, None)
    named, others, window_ms = charge.payment_id, NO_OTHERS, round(SETTLING_WINDOW * 1000)
    try:
        invoices = yield from billing.invoices(account_id, end)
        if journal is not None:
            window_ms = journal.window_ms
            others = yield from run(journal.others, account_id, charge.key, [named, *invoices.ids])
        if named is not None and (
            proof is not None or can_be_payment_of(named, charge.amount, invoices, baseline, others)
        ):
            return (yield from _ask_for_payment(billing, account_id, named, invoices, end))
    except APIError as error:
        return Inconclusive(f"the service could not be asked: {error.message}", error)
    if isinstance(charge, ChargeRecord):
        return judge(charge, invoices, others=others, now_ms=now_ms, window_ms=window_ms)
    if charge.amount is None or charge.sent_at is None:
        return Inconclusive("the error says neither amount nor time of the charge")
    return judge_by_time(charge.amount, charge.sent_at, invoices, others=others, now_ms=now_ms, window_ms=window_ms)


def _ask_for_payment(
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
