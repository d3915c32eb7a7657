"""Waiting until a payment has gone through."""

from __future__ import annotations

import functools
import logging
import math
import time
from typing import TYPE_CHECKING

from attrs import evolve

from ..errors import APIError, JournalError, PaymentConfirmationRequired
from ..flow import Do, Flow, Wait
from .record import TopupOutcome
from .resource import PaymentStatus, Service, TopupResource, service_of

if TYPE_CHECKING:
    from .journal import Journal

log = logging.getLogger("aig_billing")
USUAL_PATIENCE = 300.0
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 15.0


def wait(  # noqa: D417 - self is the resource
    self: TopupResource, *, payment_intent_id: str, patience: float = USUAL_PATIENCE, account_id: str | None = None
) -> Flow[PaymentStatus]:
    """Ask for a top-up's status, at growing intervals, until it is completed or patience ends.

    Args:
        payment_intent_id: The id that `create` gave (`in_...`).
        patience: Seconds to go on asking; 300 by default.
        account_id: The account. The client's own if it is not given.

    Returns:
        The last status seen: `completed`, or `pending` when patience ended.

    Raises:
        APIError: When the status could not be asked for; the top-up itself is not touched by that.
        ValueError: When patience is no number of seconds.
    """
    if not patience >= 0:
        raise ValueError(f"patience={patience!r} must be a number of seconds, 0 or more")
    service = service_of(self)
    account = service.account(account_id)
    end = time.monotonic() + patience
    pause = _FIRST_PAUSE
    while True:
        status = yield from service.status(account, payment_intent_id, time.monotonic() + service.deadline)
        if status.status != "pending" or time.monotonic() + pause > end:
            return status
        yield Wait(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def patience_of(wait_for: object) -> float:
    """Read `wait=`: False is no waiting, True is five minutes, a number is seconds.

    Raises:
        ValueError, TypeError: For anything else.
    """
    if isinstance(wait_for, bool):
        return USUAL_PATIENCE if wait_for else 0.0
    if not isinstance(wait_for, (int, float)):
        raise TypeError(f"wait must be True, False or a number of seconds, not {type(wait_for).__name__}")
    if not (math.isfinite(wait_for) and wait_for >= 0):
        raise ValueError(f"wait={wait_for!r} must be a number of seconds, 0 or more")
    return float(wait_for)


def wait_for_payment(
    service: Service, journal: Journal, outcome: TopupOutcome, *, needs_person: bool, patience: float
) -> Flow[TopupOutcome]:
    """Wait until a charge that was made is paid; a status that cannot be asked for counts as pending, since the charge stands.

    Raises:
        PaymentConfirmationRequired: When the card holder must confirm the payment.
    """
    if outcome.status == "completed" or patience <= 0:
        return outcome
    end = time.monotonic() + patience
    pause = _FIRST_PAUSE
    while True:
        try:
            status = yield from service.status(outcome.account_id, outcome.payment_intent_id, end)
        except APIError as error:
            log.warning("the status of %s could not be asked for: %s", outcome.payment_intent_id, error.message)
        else:
            if status.status == "completed":
                yield from keep_completed(journal, outcome)
                return evolve(outcome, status="completed")
        if needs_person:
            raise confirmation_required(outcome)
        if time.monotonic() + pause > end:
            return outcome
        yield Wait(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def keep_completed(journal: Journal, outcome: TopupOutcome) -> Flow[None]:
    """Tell the journal that a payment has gone through; if it cannot be told now, the next look at the charge tells it."""
    if outcome.key is None:
        return
    try:
        yield Do(
            functools.partial(
                journal.record_status, outcome.account_id, outcome.key, outcome.payment_intent_id, "completed"
            )
        )
    except JournalError as error:
        log.warning("the payment %s is completed, and the journal was not told: %s", outcome.payment_intent_id, error)


def confirmation_required(outcome: TopupOutcome) -> PaymentConfirmationRequired:
    """Make the error for a payment that waits for its card holder."""
    return PaymentConfirmationRequired(
        f"The payment {outcome.payment_intent_id} waits for the card holder: the bank asks for a confirmation (3-D Secure). "
        "It is not paid until that is done. The client_secret for a confirmation page is given once, by a create_once() without wait=.",
        account_id=outcome.account_id,
        amount=outcome.amount,
        key=outcome.key,
        payment_id=outcome.payment_intent_id,
    )
