"""The thirteen operations: from a validated request to the result that goes into the envelope."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any, Literal

from aig_billing_sandbox import refusals
from aig_billing_sandbox.accounts import default_card
from aig_billing_sandbox.amounts import SPENDING_LIMIT_MAX_CENTS, TOPUP_MAX_CENTS, TOPUP_MIN_CENTS, cents_as_json
from aig_billing_sandbox.auto_topups import AutoTopup, fire_if_low, get_auto_topup, remove_auto_topup, set_auto_topup
from aig_billing_sandbox.clock import DAY_MS
from aig_billing_sandbox.invoices import invoice_history, invoice_preview
from aig_billing_sandbox.ledger import balance_millicents
from aig_billing_sandbox.refusals import Refusal
from aig_billing_sandbox.spending_limits import (
    SpendingLimit,
    get_spending_limit,
    remove_spending_limit,
    set_spending_limit,
)
from aig_billing_sandbox.task import Mode, Result, Task
from aig_billing_sandbox.topups import DECLINED, buy, has_topped_up, status
from aig_billing_sandbox.usage import usage_by_window

_DEFAULT_HISTORY_MS = 30 * DAY_MS
_LAST_MOMENT_MS = 8_640_000_000_000_000
_NO_PAYMENT_METHOD = "NO_PAYMENT_METHOD: the account has no default payment method"


Work = Callable[[Task], Result | Refusal]


@dataclass(frozen=True)
class Operation:
    """One operation: its name in the client, where it is found, and what it does.

    A refusal that is raised leaves nothing in the books; one that is returned keeps what was written.
    """

    name: str
    method: Literal["GET", "POST", "DELETE"]
    path: str
    work: Work
    writes: bool = False

    @property
    def needs_write_permission(self) -> bool:
        """Every POST and DELETE does, `topup/status` too, though it only reads."""
        return self.method != "GET"

    @property
    def is_charge(self) -> bool:
        """Whether it charges a card because it was asked to."""
        return self.work is create_topup


def credit_balance(task: Task) -> Result:
    """Credit, card, auto top-up."""
    card = default_card(task.books, task.account_id)
    return Result(
        {
            "balance": cents_as_json(balance_millicents(task.books, task.account_id)),
            "has_default_payment_method": card is not None,
            "payment_method": None if card is None else {"brand": card.brand, "last4": card.last4},
            "topup_config": _auto_topup_json(get_auto_topup(task.books, task.account_id), task.behaviour.mode),
            "first_topup_success": has_topped_up(task.books, task.account_id),
        }
    )


def usage_history(task: Task) -> Result:
    """Usage by hour or day. A bound that is left out means now, or 30 days before the end; the live service wants both."""
    start, end = task.query.get("start_time"), task.query.get("end_time")
    if task.behaviour.mode == "live" and (start is None or end is None):
        raise Refusal(400, refusals.INVALID_REQUEST, "query parameters start_time and end_time: both are required")
    end_ms = task.at_ms + 1 if end is None else _moment_ms(end)
    start_ms = end_ms - _DEFAULT_HISTORY_MS if start is None else _moment_ms(start)
    if start_ms > end_ms:
        raise Refusal(400, refusals.INVALID_REQUEST, "query parameter start_time: is after end_time")
    records = usage_by_window(task.books, task.account_id, task.query["value_grouping_window"], start_ms, end_ms)
    return Result(
        {
            "history": [
                {
                    "id": record.id,
                    "aggregated_value": cents_as_json(record.cost_millicents),
                    "start_time": record.start_ms,
                    "end_time": record.end_ms,
                }
                for record in records
            ]
        }
    )


def list_invoices(task: Task) -> Result:
    """The newest invoices."""
    page = invoice_history(
        task.books,
        task.account_id,
        task.query.get("type", "all"),
        at_ms=task.at_ms,
        per_page=task.behaviour.invoices_per_page,
        pdf_prefix=f"{task.origin}/_sandbox/invoices/",
    )
    return Result(page, page["pagination"])


def preview_invoice(task: Task) -> Result:
    """The invoice to come."""
    return Result(invoice_preview(task.books, task.account_id, at_ms=task.at_ms))


def create_topup(task: Task) -> Result | Refusal:
    """Charges the default card."""
    amount = int(task.body["amount"])
    _refuse_above_maximum(amount)
    card = default_card(task.books, task.account_id)
    if card is None:
        raise Refusal(400, refusals.NO_PAYMENT_METHOD, _NO_PAYMENT_METHOD)
    onboarded = has_topped_up(task.books, task.account_id)
    purchase = buy(task.books, task.account_id, amount, card, kind="manual", pace=task.behaviour.pace, at_ms=task.at_ms)
    if purchase.state == "declined":
        return Refusal(402, refusals.CARD_DECLINED, f"CARD_DECLINED: {DECLINED}")
    return Result(
        {
            "client_secret": purchase.client_secret,
            "onboarding": onboarded,
            "payment_intent_id": purchase.invoice_id,
            "brand": card.brand,
            "last4": card.last4,
        },
        invoice_id=purchase.invoice_id,
    )


def topup_status(task: Task) -> Result:
    """Whether a top-up has been paid."""
    invoice_id = task.body["payment_intent_id"]
    state = status(task.books, task.account_id, invoice_id)
    if state is None:
        raise Refusal(404, refusals.NO_SUCH_INVOICE, "$.payment_intent_id: the account has no such invoice")
    return Result({"payment_intent_id": invoice_id, "status": state})


def topup_limits(_task: Task) -> Result:
    """The least and the most that one top-up buys."""
    return Result({"min_cents": TOPUP_MIN_CENTS, "max_cents": TOPUP_MAX_CENTS, "currency": "USD"})


def get_topup_config(task: Task) -> Result:
    """How auto top-up is set."""
    return Result(_auto_topup_json(get_auto_topup(task.books, task.account_id), task.behaviour.mode))


def create_topup_config(task: Task) -> Result:
    """Sets auto top-up, which may buy at once."""
    amount, threshold = int(task.body["amount"]), int(task.body["threshold"])
    _refuse_above_maximum(amount)
    _refuse_above_maximum(threshold, name="threshold")
    if default_card(task.books, task.account_id) is None:
        raise Refusal(400, refusals.NO_PAYMENT_METHOD, _NO_PAYMENT_METHOD)
    set_auto_topup(task.books, task.account_id, amount, threshold)
    fire_if_low(task.books, task.account_id, task.behaviour.pace, task.at_ms)
    return Result({"amount": amount, "threshold": threshold})


def delete_topup_config(task: Task) -> Result:
    """Takes auto top-up away; what is absent is deleted too."""
    remove_auto_topup(task.books, task.account_id)
    return Result({})


def read_spending_limit(task: Task) -> Result:
    """The spending limit."""
    limit = get_spending_limit(task.books, task.account_id)
    config: dict[str, Any] = {"amount": None, "duration": None, "strategy": None}
    if limit is not None:
        config = {"amount": limit.amount_cents, "duration": limit.duration, "strategy": limit.strategy}
    return Result({"config": config, "enabled": limit is not None})


def create_spending_limit(task: Task) -> Result:
    """Sets the spending limit, where that is still possible."""
    if task.behaviour.mode == "live":
        message = "Spending limits are deprecated and can only be deleted: use a gateway's own spend limits"
        raise Refusal(403, refusals.DEPRECATED, message)
    if not has_topped_up(task.books, task.account_id):
        raise Refusal(400, refusals.BILLING, "NO_MANUAL_TOPUP: top up by hand once before setting a spending limit")
    _refuse_above_maximum(task.body["amount"], maximum=SPENDING_LIMIT_MAX_CENTS)
    limit = SpendingLimit(int(task.body["amount"]), task.body["duration"], task.body["strategy"])
    set_spending_limit(task.books, task.account_id, limit)
    return Result({})


def delete_spending_limit(task: Task) -> Result:
    """Takes the spending limit away; what is absent is deleted too."""
    remove_spending_limit(task.books, task.account_id)
    return Result({})


OPERATIONS: tuple[Operation, ...] = (
    Operation("credit_balance", "GET", "credit-balance", credit_balance),
    Operation("usage_history", "GET", "usage-history", usage_history),
    Operation("invoice_history", "GET", "invoice-history", list_invoices),
    Operation("invoice_preview", "GET", "invoice-preview", preview_invoice),
    Operation("topup.create", "POST", "topup", create_topup, writes=True),
    Operation("topup.status", "POST", "topup/status", topup_status),
    Operation("topup.limits", "GET", "topup/limits", topup_limits),
    Operation("topup.config.get", "GET", "topup/config", get_topup_config),
    Operation("topup.config.create", "POST", "topup/config", create_topup_config, writes=True),
    Operation("topup.config.delete", "DELETE", "topup/config", delete_topup_config, writes=True),
    Operation("spending_limit.get", "GET", "spending-limit", read_spending_limit),
    Operation("spending_limit.create", "POST", "spending-limit", create_spending_limit, writes=True),
    Operation("spending_limit.delete", "DELETE", "spending-limit", delete_spending_limit, writes=True),
)


def _auto_topup_json(auto: AutoTopup | None, mode: Mode) -> dict[str, Any]:
    if auto is None:
        # The live service leaves out what it has nothing to say about, and writes 0 where nothing is set.
        return {"amount": 0, "threshold": 0} if mode == "live" else dict.fromkeys(_AUTO_TOPUP_FIELDS)
    shown = {
        "amount": auto.amount_cents,
        "threshold": auto.threshold_cents,
        "disabledReason": auto.disabled_reason,
        "error": auto.error,
        "lastFailedAt": auto.last_failed_ms,
    }
    return {name: value for name, value in shown.items() if value is not None} if mode == "live" else shown


_AUTO_TOPUP_FIELDS = ("amount", "threshold", "disabledReason", "error", "lastFailedAt")


def _refuse_above_maximum(cents: int, *, name: str = "amount", maximum: int = TOPUP_MAX_CENTS) -> None:
    if cents > maximum:
        message = f"$.{name}: {cents} is more than the maximum of {maximum} cents"
        raise Refusal(400, refusals.INVALID_REQUEST, message)


def _moment_ms(milliseconds: int | Decimal) -> int:
    # Events have whole milliseconds, so a bound within one means the next. Beyond what a clock can show lies nothing.
    nearest = max(-_LAST_MOMENT_MS, min(_LAST_MOMENT_MS, milliseconds))
    return int(Decimal(nearest).to_integral_value(ROUND_CEILING))
