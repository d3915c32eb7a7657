"""The operations: from a parsed request to the result that goes into the envelope."""

from collections.abc import Callable
from decimal import ROUND_CEILING, Decimal
from typing import Any, Literal

from aig_billing_sandbox.bank.accounts import default_card
from aig_billing_sandbox.bank.amounts import (
    SPENDING_LIMIT_MAX_CENTS,
    TOPUP_MAX_CENTS,
    TOPUP_MIN_CENTS,
    cents_as_json,
)
from aig_billing_sandbox.bank.auto_topups import (
    AutoTopupSettings,
    fire_if_low,
    get_auto_topup,
    remove_auto_topup,
    set_auto_topup,
)
from aig_billing_sandbox.bank.clock import DAY_MS
from aig_billing_sandbox.bank.invoices import invoice_history, invoice_preview
from aig_billing_sandbox.bank.ledger import balance_millicents
from aig_billing_sandbox.bank.spending_limits import (
    SpendingLimit,
    get_spending_limit,
    remove_spending_limit,
    set_spending_limit,
)
from aig_billing_sandbox.bank.topups import DECLINED, buy, has_topped_up, status
from aig_billing_sandbox.bank.usage import usage_by_window
from aig_billing_sandbox.http.context import Mode, OperationResult, RequestContext, SandboxOperation
from aig_billing_sandbox.http.messages import (
    BILLING,
    CARD_DECLINED,
    DEPRECATED,
    INVALID_REQUEST,
    NO_PAYMENT_METHOD,
    NO_SUCH_INVOICE,
    Refusal,
)

OPERATIONS: list[SandboxOperation] = []
"""All operations, in the order of this module."""

BILLING_PATH = "/accounts/{account_id}/ai-gateway/billing/"

_DEFAULT_HISTORY_MS = 30 * DAY_MS
_LAST_MOMENT_MS = 8_640_000_000_000_000
_CARD_IS_MISSING = "NO_PAYMENT_METHOD: the account has no default payment method"

Run = Callable[[RequestContext], OperationResult | Refusal]


def operation(
    name: str, method: Literal["GET", "POST", "PUT", "DELETE"], path: str, *, writes: bool = False
) -> Callable[[Run], Run]:
    """Registers a function as the operation that the client calls `name`; `SandboxOperation` describes the arguments."""

    def register(run: Run) -> Run:
        OPERATIONS.append(SandboxOperation(name, method, path, run, writes))
        return run

    return register


@operation("credit_balance", "GET", BILLING_PATH + "credit-balance")
def credit_balance(context: RequestContext) -> OperationResult:
    """Credit, card, auto top-up."""
    card = default_card(context.db, context.account_id)
    return OperationResult(
        {
            "balance": cents_as_json(balance_millicents(context.db, context.account_id)),
            "has_default_payment_method": card is not None,
            "payment_method": None if card is None else {"brand": card.brand, "last4": card.last4},
            "topup_config": _auto_topup_json(get_auto_topup(context.db, context.account_id), context.settings.mode),
            "first_topup_success": has_topped_up(context.db, context.account_id),
        }
    )


@operation("usage_history", "GET", BILLING_PATH + "usage-history")
def usage_history(context: RequestContext) -> OperationResult:
    """Usage by hour or day. A bound that is left out means now, or 30 days before the end; the live service wants both."""
    start, end = context.query.get("start_time"), context.query.get("end_time")
    if context.settings.mode == "live" and (start is None or end is None):
        raise Refusal(400, INVALID_REQUEST, "query parameters start_time and end_time: both are required")
    end_ms = context.at_ms + 1 if end is None else _moment_ms(end)
    start_ms = end_ms - _DEFAULT_HISTORY_MS if start is None else _moment_ms(start)
    if start_ms > end_ms:
        raise Refusal(400, INVALID_REQUEST, "query parameter start_time: is after end_time")
    records = usage_by_window(context.db, context.account_id, context.query["value_grouping_window"], start_ms, end_ms)
    return OperationResult(
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


@operation("invoice_history", "GET", BILLING_PATH + "invoice-history")
def list_invoices(context: RequestContext) -> OperationResult:
    """The newest invoices."""
    page = invoice_history(
        context.db,
        context.account_id,
        context.query.get("type", "all"),
        at_ms=context.at_ms,
        per_page=context.settings.invoices_per_page,
        pdf_prefix=f"{context.request.origin}/_sandbox/invoices/",
    )
    return OperationResult(page, page["pagination"])


@operation("invoice_preview", "GET", BILLING_PATH + "invoice-preview")
def preview_invoice(context: RequestContext) -> OperationResult:
    """The invoice to come."""
    return OperationResult(invoice_preview(context.db, context.account_id, at_ms=context.at_ms))


@operation("topup.create", "POST", BILLING_PATH + "topup", writes=True)
def create_topup(context: RequestContext) -> OperationResult | Refusal:
    """Charges the default card."""
    amount = int(context.body["amount"])
    _refuse_above_maximum(amount)
    card = default_card(context.db, context.account_id)
    if card is None:
        raise Refusal(400, NO_PAYMENT_METHOD, _CARD_IS_MISSING)
    onboarded = has_topped_up(context.db, context.account_id)
    purchase = buy(
        context.db, context.account_id, amount, card, kind="manual", timing=context.settings.timing, at_ms=context.at_ms
    )
    if purchase.state == "declined":
        return Refusal(402, CARD_DECLINED, f"CARD_DECLINED: {DECLINED}")
    return OperationResult(
        {
            "client_secret": purchase.client_secret,
            "onboarding": onboarded,
            "payment_intent_id": purchase.invoice_id,
            "brand": card.brand,
            "last4": card.last4,
        },
        invoice_id=purchase.invoice_id,
    )


@operation("topup.status", "POST", BILLING_PATH + "topup/status")
def topup_status(context: RequestContext) -> OperationResult:
    """Whether a top-up has been paid."""
    invoice_id = context.body["payment_intent_id"]
    state = status(context.db, context.account_id, invoice_id)
    if state is None:
        raise Refusal(404, NO_SUCH_INVOICE, "$.payment_intent_id: the account has no such invoice")
    return OperationResult({"payment_intent_id": invoice_id, "status": state})


@operation("topup.limits", "GET", BILLING_PATH + "topup/limits")
def topup_limits(_context: RequestContext) -> OperationResult:
    """The least and the most that one top-up buys."""
    return OperationResult({"min_cents": TOPUP_MIN_CENTS, "max_cents": TOPUP_MAX_CENTS, "currency": "USD"})


@operation("topup.config.get", "GET", BILLING_PATH + "topup/config")
def get_topup_config(context: RequestContext) -> OperationResult:
    """How auto top-up is set."""
    return OperationResult(_auto_topup_json(get_auto_topup(context.db, context.account_id), context.settings.mode))


@operation("topup.config.create", "POST", BILLING_PATH + "topup/config", writes=True)
def create_topup_config(context: RequestContext) -> OperationResult:
    """Sets auto top-up, which may buy at once."""
    amount, threshold = int(context.body["amount"]), int(context.body["threshold"])
    _refuse_above_maximum(amount)
    _refuse_above_maximum(threshold, name="threshold")
    if default_card(context.db, context.account_id) is None:
        raise Refusal(400, NO_PAYMENT_METHOD, _CARD_IS_MISSING)
    set_auto_topup(context.db, context.account_id, amount, threshold)
    fire_if_low(context.db, context.account_id, context.settings.timing, context.at_ms)
    return OperationResult({"amount": amount, "threshold": threshold})


@operation("topup.config.delete", "DELETE", BILLING_PATH + "topup/config", writes=True)
def delete_topup_config(context: RequestContext) -> OperationResult:
    """Takes auto top-up away; what is absent is deleted too."""
    remove_auto_topup(context.db, context.account_id)
    return OperationResult({})


@operation("spending_limit.get", "GET", BILLING_PATH + "spending-limit")
def read_spending_limit(context: RequestContext) -> OperationResult:
    """The spending limit."""
    limit = get_spending_limit(context.db, context.account_id)
    config: dict[str, Any] = {"amount": None, "duration": None, "strategy": None}
    if limit is not None:
        config = {"amount": limit.amount_cents, "duration": limit.duration, "strategy": limit.strategy}
    return OperationResult({"config": config, "enabled": limit is not None})


@operation("spending_limit.create", "POST", BILLING_PATH + "spending-limit", writes=True)
def create_spending_limit(context: RequestContext) -> OperationResult:
    """Sets the spending limit, where that is still possible."""
    if context.settings.mode == "live":
        message = "Spending limits are deprecated and can only be deleted: use a gateway's own spend limits"
        raise Refusal(403, DEPRECATED, message)
    if not has_topped_up(context.db, context.account_id):
        raise Refusal(400, BILLING, "NO_MANUAL_TOPUP: top up by hand once before setting a spending limit")
    _refuse_above_maximum(context.body["amount"], maximum=SPENDING_LIMIT_MAX_CENTS)
    limit = SpendingLimit(int(context.body["amount"]), context.body["duration"], context.body["strategy"])
    set_spending_limit(context.db, context.account_id, limit)
    return OperationResult({})


@operation("spending_limit.delete", "DELETE", BILLING_PATH + "spending-limit", writes=True)
def delete_spending_limit(context: RequestContext) -> OperationResult:
    """Takes the spending limit away; what is absent is deleted too."""
    remove_spending_limit(context.db, context.account_id)
    return OperationResult({})


def _auto_topup_json(auto: AutoTopupSettings | None, mode: Mode) -> dict[str, Any]:
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
        raise Refusal(400, INVALID_REQUEST, message)


def _moment_ms(milliseconds: int | Decimal) -> int:
    # Events have whole milliseconds, so a bound within one means the next. Beyond what a clock can show lies nothing.
    nearest = max(-_LAST_MOMENT_MS, min(_LAST_MOMENT_MS, milliseconds))
    return int(Decimal(nearest).to_integral_value(ROUND_CEILING))
