"""Settling on demand what became of a charge: by its key, by the error that told of it, or by what a person has found out."""

from __future__ import annotations

import datetime as dt
import functools
import time
from typing import TYPE_CHECKING

from ..errors import APIError, ChargeError, ChargeNotFound, ChargeOutcomeUnknown
from ..flow import Do, Flow
from ..money import Money
from .evidence import (
    NO_OTHERS,
    Found,
    NotFound,
    Others,
    Page,
    PaymentState,
    Unclear,
    Verdict,
    find_by_id,
    weigh_by_time,
)
from .identity import check_key
from .location import JournalLike, open_journal
from .record import SETTLING_WINDOW, TopupOutcome, outcome_of
from .resource import Service, TopupResource, service_of
from .settling import outcome_or_error, settle_charge

if TYPE_CHECKING:
    from .journal import Journal


def reconcile(  # noqa: D417 - self is the resource
    self: TopupResource,
    error_or_key: ChargeError | str,
    *,
    journal: JournalLike | None = None,
    account_id: str | None = None,
) -> Flow[TopupOutcome]:
    """Find out what became of a charge whose outcome is not known. Sends no charge.

    Args:
        error_or_key: The key that was given to `create_once`, or the error that it or `create` raised.
        journal: Where charges are kept, as for `create_once`. An error of a plain `create` needs none; with one, invoices that belong
            to its charges are left out.
        account_id: The account; by default the error's, else the client's own.

    Returns:
        TopupOutcome: When the charge was made.

    Raises:
        ChargeNotFound: When it left no invoice, and none can come any more: it was not made.
        ChargeOutcomeUnknown: When the evidence does not decide; the message says what is missing. Ask again later.
        ChargeInProgress: When it is being sent at this moment.
        ChargeError, APIStatusError: When it was refused; nothing was charged.
        JournalError: When the journal cannot be used.
        ValueError, TypeError: When the journal has no such charge, or an argument is of no use.
    """
    service = service_of(self)
    if isinstance(error_or_key, ChargeError):
        key, account_id = error_or_key.key, account_id or error_or_key.account_id
        if key is None:
            if not isinstance(error_or_key, ChargeOutcomeUnknown):
                raise ValueError(f"a {type(error_or_key).__name__} without a key leaves nothing to find out")
            return (yield from _without_key(service, error_or_key, journal, service.account(account_id)))
    else:
        key = check_key(error_or_key, "error_or_key")
    account = service.account(account_id)
    book: Journal = yield Do(functools.partial(open_journal, journal))
    settled = yield from settle_charge(service, book, account, key)
    return outcome_or_error(settled)


def settle(  # noqa: D417 - self is the resource
    self: TopupResource,
    *,
    key: str,
    payment_id: str | None,
    journal: JournalLike | None = None,
    account_id: str | None = None,
) -> Flow[TopupOutcome | None]:
    """Tell the journal what a person has found out about a charge that no evidence decides. Sends no charge.

    Look first, in the dashboard or with `billing.invoice_history`: what is told here is believed.

    Args:
        key: The charge's key.
        payment_id: The invoice (`in_...`) that is the charge's; None when it was not made, or will not be paid any more.
        journal: Where charges are kept, as for `create_once`.
        account_id: Id of the Cloudflare account. The client's own if it is not given.

    Returns:
        TopupOutcome: The charge with its payment; None when there is none.

    Raises:
        ChargeError: When the journal knows better: the charge is under way, was answered, or the invoice is another charge's.
        APIError: When the account has no such payment, or could not be asked for it.
        JournalError: When the journal cannot be used.
        ValueError, TypeError: When the journal has no such charge, or an argument is of no use.
    """
    service = service_of(self)
    key, account = check_key(key), service.account(account_id)
    state: PaymentState = "pending"
    book: Journal = yield Do(functools.partial(open_journal, journal))
    if payment_id is not None:
        status = yield from service.status(account, payment_id, time.monotonic() + service.deadline)
        state = "completed" if status.status == "completed" else "pending"
        others: Others = yield Do(functools.partial(book.others, account, key))
        if payment_id in others.owned | others.adopted:
            raise ChargeError(
                f"The invoice {payment_id} is that of another charge in the journal.", account_id=account, key=key
            )
    record = yield Do(functools.partial(book.settle_by_hand, account, key, payment_id))
    if record is None:
        raise ValueError(f"the journal at {book.name} has no charge of the key {key!r} for account {account}")
    if payment_id is not None and record.state == "sent" and record.payment_id == payment_id:
        record = yield Do(functools.partial(book.record_status, account, key, payment_id, state))
        return outcome_of(record)
    if payment_id is None and record.proof == "person" and record.state in {"not_found", "refused"}:
        return None
    if record.state == "completed" and record.payment_id == payment_id:
        return outcome_of(record)
    raise ChargeError(
        f"There is nothing to settle by hand about the charge {key!r}: the journal has it as {record.state.replace('_', ' ')}"
        f"{f', with the payment {record.payment_id}' if record.payment_id else ''}.",
        account_id=account,
        amount=record.amount,
        key=key,
        payment_id=record.payment_id,
    )


def _without_key(
    service: Service, error: ChargeOutcomeUnknown, journal: JournalLike | None, account: str
) -> Flow[TopupOutcome]:
    """Find a charge that no journal knows, by its payment's id, or by its amount and time."""
    window, others = SETTLING_WINDOW, NO_OTHERS
    if journal is not None:
        book: Journal = yield Do(functools.partial(open_journal, journal))
        window, others = book.settling_window, (yield Do(functools.partial(book.others, account, None)))
    now = dt.datetime.now(dt.UTC)
    end = time.monotonic() + service.deadline
    try:
        page = yield from service.invoices(account, end)
        if error.payment_id is not None:
            verdict: Verdict = yield from _by_payment(service, account, error.payment_id, page, end)
        elif error.amount is None or error.sent_at is None:
            verdict = Unclear("the error says neither amount nor time of the charge")
        else:
            verdict = weigh_by_time(
                error.amount, error.sent_at, page, others=others, now=now, window=dt.timedelta(seconds=window)
            )
    except APIError as cause:
        raise _still_unknown(error, f"the service could not be asked: {cause.message}", cause) from cause
    if isinstance(verdict, Unclear):
        raise _still_unknown(error, verdict.missing, None)
    if isinstance(verdict, NotFound):
        raise ChargeNotFound(
            f"The top-up of {_amount(error)} for account {account} left no invoice: it was not made.",
            account_id=account,
            amount=error.amount,
        )
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


def _by_payment(service: Service, account: str, payment_id: str, page: Page, end: float) -> Flow[Found]:
    listed = find_by_id(payment_id, page)
    if listed is not None:
        return listed
    status = yield from service.status(account, payment_id, end)
    return Found(payment_id, "completed" if status.status == "completed" else "pending")


def _still_unknown(error: ChargeOutcomeUnknown, missing: str, cause: APIError | None) -> ChargeOutcomeUnknown:
    return ChargeOutcomeUnknown(
        f"The top-up of {_amount(error)} for account {error.account_id} may or may not have been made: {missing.rstrip('.')}. "
        "Do not send it again before you know.",
        account_id=error.account_id,
        amount=error.amount,
        payment_id=error.payment_id,
        sent_at=error.sent_at,
        cause=cause or error.cause,
    )


def _amount(error: ChargeOutcomeUnknown) -> str:
    return str(Money.from_cents(error.amount)) if error.amount is not None else "an unknown amount"
