"""Waiting until a payment has gone through."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from attrs import evolve

from aig_billing_runtime.arguments import number
from aig_billing_runtime.errors import APIError, JournalError, PaymentConfirmationRequired
from aig_billing_runtime.steps import Flow, Sleep, run

from .billing import Billing
from .record import TopupOutcome

if TYPE_CHECKING:
    from aig_billing import AsyncClient, Client
    from aig_billing.models import TopupStatusResponse

    from .journal import Journal

log = logging.getLogger("aig_billing")
_USUAL_SECONDS = 300.0
_CONFIRMATION_REQUIRED = frozenset({"requires_action", "requires_confirmation", "requires_source_action"})
"""Stripe's words for a payment that its card holder must confirm, should the service ever pass one on."""
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 15.0


def wait(
    client: Client | AsyncClient, *, payment_intent_id: str, timeout: float, account_id: str | None
) -> Flow[TopupStatusResponse]:
    """Ask for a top-up's status until it is no longer pending: `TopupMixin.wait`."""
    seconds = seconds_to_wait(timeout, "timeout")
    billing = Billing(client)
    account = billing.account(account_id)
    end = time.monotonic() + seconds
    pause = _FIRST_PAUSE
    while True:
        status = yield from billing.status(account, payment_intent_id, time.monotonic() + billing.deadline)
        if status.status != "pending" or time.monotonic() + pause > end:
            return status
        yield Sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def seconds_to_wait(given: object, name: str = "wait") -> float:
    """Read `wait=`: False does not wait, True waits five minutes, a number is in seconds."""
    if isinstance(given, bool):
        return _USUAL_SECONDS if given else 0.0
    return number(name, given, minimum=0)


def wait_for_payment(billing: Billing, journal: Journal, outcome: TopupOutcome, timeout: float) -> Flow[TopupOutcome]:
    """Wait until a charge that was made is paid; a status that cannot be asked for counts as pending, since the charge stands."""
    if outcome.status == "completed" or timeout <= 0:
        return outcome
    end = time.monotonic() + timeout
    pause = _FIRST_PAUSE
    while True:
        try:
            status = yield from billing.status(outcome.account_id, outcome.payment_intent_id, end)
        except APIError as error:
            log.warning("the status of %s could not be asked for: %s", outcome.payment_intent_id, error.message)
        else:
            if status.status == "completed":
                yield from _record_completed(journal, str(outcome.key), outcome)
                return evolve(outcome, status="completed")
            if status.status in _CONFIRMATION_REQUIRED:
                raise PaymentConfirmationRequired(
                    f"The payment {outcome.payment_intent_id} waits for the card holder: its status is {status.status!r}. It is not paid "
                    "until the card holder has confirmed it. The client_secret for a confirmation page is in the outcome of the "
                    "create_once() that charged, and nowhere else.",
                    account_id=outcome.account_id,
                    amount=outcome.amount,
                    key=outcome.key,
                    payment_id=outcome.payment_intent_id,
                )
        if time.monotonic() + pause > end:
            return outcome
        yield Sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def _record_completed(journal: Journal, key: str, outcome: TopupOutcome) -> Flow[None]:
    """Record that a payment has gone through; if that fails now, the next look at the charge records it."""
    try:
        yield from run(journal.record_status, outcome.account_id, key, outcome.payment_intent_id, "completed")
    except JournalError as error:
        log.warning("the payment %s is completed, and that could not be recorded: %s", outcome.payment_intent_id, error)
