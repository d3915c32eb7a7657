"""What a caller is told of a charge whose outcome is not known: by an error of its own, or by a note on what interrupted it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from .errors import ChargeOutcomeUnknown
from .failures import Failure
from .money import Money
from .operation import Call

_LOOK = "Look for it with billing.invoice_history(type='manual') and billing.credit_balance()"


def outcome_unknown(call: Call[Any], failed: Failure, path: str, sent_at: dt.datetime) -> ChargeOutcomeUnknown:
    """Make the error for a charge that may have been made."""
    account = _account_in(path)
    payment = failed.payment_id
    known = f"Its payment is {payment}: ask billing.topup.status(payment_intent_id={payment!r})" if payment else _LOOK
    unknown = ChargeOutcomeUnknown(
        f"The top-up of {_amount_of(call)} for account {account}, sent at {sent_at:%Y-%m-%d %H:%M:%S} UTC, may or may not have been "
        f"charged: {failed.error.message} Do not send it again before you know. {known}, or let "
        "billing.topup.reconcile(error) do it.",
        account_id=account,
        amount=call.amount,
        payment_id=payment,
        sent_at=sent_at,
        cause=failed.error,
    )
    unknown.__cause__ = failed.error
    return unknown


def interrupted(call: Call[Any], path: str) -> str:
    """Give the note for what interrupted a charge: a cancellation, Ctrl-C, an error of the user's transport."""
    return (
        f"The top-up of {_amount_of(call)} for account {_account_in(path)} was interrupted: it may have been charged. "
        f"Do not send it again before you know. {_LOOK}."
    )


def _account_in(path: str) -> str:
    # The last one: the address of the API may have such a part too.
    return path.rpartition("/accounts/")[2].partition("/")[0]


def _amount_of(call: Call[Any]) -> str:
    return str(Money.from_cents(call.amount)) if call.amount is not None else "an unknown amount"
