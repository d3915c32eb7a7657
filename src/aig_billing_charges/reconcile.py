"""Settling a charge on demand: by its key, by the error that reported it, or by what a person has found out."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

from aig_billing_runtime.errors import APIError, ChargeError, ChargeNotFound, ChargeOutcomeUnknown
from aig_billing_runtime.money import Money
from aig_billing_runtime.steps import Flow, run

from .billing import Billing, JournalLike, open_journal
from .evidence import NO_OTHERS, Found, Inconclusive, NotFound, PaymentState, Verdict, can_be_payment_of, judge_by_time
from .identity import check_key
from .record import SETTLING_WINDOW, TopupOutcome, outcome_of
from .settling import ask_for_payment, outcome_or_error, settle_charge

if TYPE_CHECKING:
    from aig_billing import AsyncClient, Client


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
    window, others, named = SETTLING_WINDOW, NO_OTHERS, error.payment_id
    now, end = dt.datetime.now(dt.UTC), time.monotonic() + billing.deadline
    topup = f"The top-up of {'an unknown amount' if error.amount is None else Money.from_cents(error.amount)} for account {account}"
    verdict: Verdict
    try:
        invoices = yield from billing.invoices(account, end)
        if journal is not None:
            opened = yield from run(open_journal, journal)
            window = opened.settling_window
            others = yield from run(opened.others, account, None, [named, *invoices.ids])
        if named is not None and can_be_payment_of(named, error.amount, invoices, None, others):
            verdict = yield from ask_for_payment(billing, account, named, invoices, end)
        elif error.amount is None or error.sent_at is None:
            verdict = Inconclusive("the error says neither amount nor time of the charge")
        else:
            until = dt.timedelta(seconds=window)
            verdict = judge_by_time(error.amount, error.sent_at, invoices, others=others, now=now, window=until)
    except APIError as cause:
        verdict = Inconclusive(f"the service could not be asked: {cause.message}", cause)
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
