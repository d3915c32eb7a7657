"""The operations: from a parsed request to the result that goes into the envelope."""

import hashlib
import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Literal
from urllib.parse import unquote

from aig_billing_sandbox.bank import accounts, amounts, gateways, invoices, ledger, topups, usage
from aig_billing_sandbox.bank.charge_log import log_outcome
from aig_billing_sandbox.bank.clock import DAY_MS
from aig_billing_sandbox.http import codes
from aig_billing_sandbox.http.context import OperationResult, RequestContext, Run, SandboxOperation
from aig_billing_sandbox.http.messages import RefusedRequest

OPERATIONS: list[SandboxOperation] = []
"""All operations, in the order of this module."""

BILLING_PATH = "/accounts/{account_id}/ai-gateway/billing/"
GATEWAYS_PATH = "/accounts/{account_id}/ai-gateway/gateways"

_DEFAULT_HISTORY_MS = 30 * DAY_MS
_MAX_PER_PAGE = 100
_LAST_MOMENT_MS = 8_640_000_000_000_000
_CARD_IS_MISSING = "NO_PAYMENT_METHOD: the account has no default payment method"


def operation(name: str, method: Literal["GET", "POST", "PUT", "DELETE"], path: str) -> Callable[[Run], Run]:
    """Registers a function as the operation that the client calls `name`; `SandboxOperation` describes the arguments."""

    def register(run: Run) -> Run:
        OPERATIONS.append(SandboxOperation(name, method, path, run))
        return run

    return register


@operation("credit_balance", "GET", BILLING_PATH + "credit-balance")
def credit_balance(context: RequestContext) -> OperationResult:
    """Credit, card, auto top-up."""
    card = accounts.find_card(context.db, context.account_id)
    lag_ms = context.settings.balance_lags_ms
    if lag_ms:
        balance = ledger.balance_as_of(context.db, context.account_id, context.at_ms - lag_ms)
    else:
        balance = ledger.balance_millicents(context.db, context.account_id)
    return {
        "balance": amounts.cents_as_json(balance),
        "has_default_payment_method": card is not None,
        "payment_method": None if card is None else {"brand": card.brand, "last4": card.last4},
        "topup_config": _auto_topup_json(context),
        "first_topup_success": topups.has_topped_up(context.db, context.account_id),
    }


@operation("usage_history", "GET", BILLING_PATH + "usage-history")
def usage_history(context: RequestContext) -> OperationResult:
    """Usage by hour or day. A bound that is left out means now, or 30 days before the end; the live service wants both."""
    start, end = context.query.get("start_time"), context.query.get("end_time")
    if context.settings.mode == "live" and (start is None or end is None):
        raise RefusedRequest(400, codes.INVALID_REQUEST, "query parameters start_time and end_time: both are required")
    end_ms = context.at_ms + 1 if end is None else _moment_ms(end)
    start_ms = end_ms - _DEFAULT_HISTORY_MS if start is None else _moment_ms(start)
    if start_ms > end_ms:
        raise RefusedRequest(400, codes.INVALID_REQUEST, "query parameter start_time: is after end_time")
    records = usage.by_window(context.db, context.account_id, context.query["value_grouping_window"], start_ms, end_ms)
    return {"history": records}


@operation("invoice_history", "GET", BILLING_PATH + "invoice-history")
def list_invoices(context: RequestContext) -> OperationResult:
    """The newest invoices."""
    page = invoices.history(
        context.db,
        context.account_id,
        context.query.get("type", "all"),
        at_ms=context.at_ms,
        per_page=context.settings.invoices_per_page,
        pdf_prefix=f"{context.origin}/_sandbox/invoices/",
    )
    context.result_info = page["pagination"]
    return page


@operation("invoice_preview", "GET", BILLING_PATH + "invoice-preview")
def preview_invoice(context: RequestContext) -> OperationResult:
    """The next invoice; on the live service with one line per model, without quantities and unit prices."""
    by_price = context.settings.mode == "documented"
    return invoices.preview(context.db, context.account_id, by_price=by_price, at_ms=context.at_ms)


@operation("topup.create", "POST", BILLING_PATH + "topup")
def create_topup(context: RequestContext) -> OperationResult:
    """Charges the default card, or the one that is named."""
    amount = int(context.body["amount"])
    _refuse_above_maximum(amount)
    payment_method_id = context.body.get("payment_method_id")
    card = accounts.find_card(context.db, context.account_id, payment_method_id)
    if card is None:
        missing = "$.payment_method_id: the account has no such payment method"
        raise RefusedRequest(400, codes.NO_PAYMENT_METHOD, _CARD_IS_MISSING if payment_method_id is None else missing)
    onboarded = topups.has_topped_up(context.db, context.account_id)
    terms, at_ms = context.settings.terms, context.at_ms
    invoice_id, state, client_secret = topups.buy(
        context.db, context.account_id, amount, card, kind="manual", terms=terms, at_ms=at_ms
    )
    if state == "declined":
        log_outcome(context.db, context.request_id, "declined")
        return RefusedRequest(402, codes.CARD_DECLINED, f"CARD_DECLINED: {topups.DECLINED}")
    log_outcome(context.db, context.request_id, "accepted", invoice_id)
    return {
        "client_secret": client_secret,
        "onboarding": onboarded,
        "payment_intent_id": invoice_id,
        "brand": card.brand,
        "last4": card.last4,
    }


@operation("topup.status", "POST", BILLING_PATH + "topup/status")
def topup_status(context: RequestContext) -> OperationResult:
    """Whether a top-up has been paid."""
    invoice_id = context.body["payment_intent_id"]
    state = topups.state_of(context.db, context.account_id, invoice_id)
    if state is None:
        raise RefusedRequest(404, codes.NO_SUCH_INVOICE, "$.payment_intent_id: the account has no such invoice")
    return {"payment_intent_id": invoice_id, "status": state}


@operation("topup.limits", "GET", BILLING_PATH + "topup/limits")
def topup_limits(_context: RequestContext) -> OperationResult:
    """The minimum and maximum of a top-up."""
    return {"min_cents": amounts.TOPUP_MIN_CENTS, "max_cents": amounts.TOPUP_MAX_CENTS, "currency": "USD"}


@operation("topup.config.get", "GET", BILLING_PATH + "topup/config")
def get_topup_config(context: RequestContext) -> OperationResult:
    """The configuration of auto top-up."""
    return _auto_topup_json(context)


@operation("topup.config.create", "POST", BILLING_PATH + "topup/config")
def create_topup_config(context: RequestContext) -> OperationResult:
    """Sets auto top-up, which buys when the balance falls after that."""
    _refuse_programs(context)
    amount, threshold = int(context.body["amount"]), int(context.body["threshold"])
    _refuse_above_maximum(amount)
    _refuse_above_maximum(threshold, name="threshold")
    if accounts.find_card(context.db, context.account_id) is None:
        raise RefusedRequest(400, codes.NO_PAYMENT_METHOD, _CARD_IS_MISSING)
    topups.set_auto_topup(context.db, context.account_id, amount, threshold)
    return {"amount": amount, "threshold": threshold}


@operation("topup.config.delete", "DELETE", BILLING_PATH + "topup/config")
def delete_topup_config(context: RequestContext) -> OperationResult:
    """Removes auto top-up; succeeds if there is none."""
    _refuse_programs(context)
    topups.remove_auto_topup(context.db, context.account_id)
    return {}


@operation("spending_limit.get", "GET", BILLING_PATH + "spending-limit")
def read_spending_limit(context: RequestContext) -> OperationResult:
    """The spending limit."""
    limit = usage.get_spending_limit(context.db, context.account_id)
    config = limit or dict.fromkeys(("amount", "duration", "strategy"))
    return {"config": config, "enabled": limit is not None}


@operation("spending_limit.create", "POST", BILLING_PATH + "spending-limit")
def create_spending_limit(context: RequestContext) -> OperationResult:
    """Sets the spending limit, where that is still possible."""
    if context.settings.mode == "live":
        message = "Spending limits are deprecated and can only be deleted: use a gateway's own spend limits"
        raise RefusedRequest(403, codes.DEPRECATED, message)
    if not topups.has_topped_up(context.db, context.account_id):
        raise RefusedRequest(400, codes.BILLING, "NO_MANUAL_TOPUP: top up by hand once before setting a spending limit")
    _refuse_above_maximum(context.body["amount"], maximum=amounts.SPENDING_LIMIT_MAX_CENTS)
    amount, duration, strategy = int(context.body["amount"]), context.body["duration"], context.body["strategy"]
    usage.set_spending_limit(context.db, context.account_id, amount, duration, strategy)
    return {}


@operation("spending_limit.delete", "DELETE", BILLING_PATH + "spending-limit")
def delete_spending_limit(context: RequestContext) -> OperationResult:
    """Removes the spending limit; succeeds if there is none."""
    usage.remove_spending_limit(context.db, context.account_id)
    return {}


@operation("ai_gateway.list", "GET", GATEWAYS_PATH)
def list_gateways(context: RequestContext) -> OperationResult:
    """One page of the account's gateways."""
    page, per_page = int(context.query.get("page", 1)), min(int(context.query.get("per_page", 20)), _MAX_PER_PAGE)
    texts, total = gateways.gateways_json(
        context.db, context.account_id, page=page, per_page=per_page, search=context.query.get("search", "")
    )
    context.result_info = {"page": page, "per_page": per_page, "count": len(texts), "total_count": total}
    return f"[{','.join(texts)}]"


@operation("ai_gateway.get", "GET", GATEWAYS_PATH + "/{id}")
def get_gateway(context: RequestContext) -> OperationResult:
    """One gateway with all its settings."""
    text = gateways.gateway_json(context.db, context.account_id, context.path_values["id"])
    if text is None:
        raise RefusedRequest(404, codes.NO_SUCH_GATEWAY, "The account has no such gateway")
    return text


@operation("ai_gateway.update", "PUT", GATEWAYS_PATH + "/{id}")
def update_gateway(context: RequestContext) -> OperationResult:
    """Replaces all settings of a gateway."""
    get_gateway(context)  # refuses an unknown one
    gateway_id, body = context.path_values["id"], context.content.decode()
    gateways.replace_gateway(context.db, context.account_id, gateway_id, body, context.at_ms)
    return get_gateway(context)


@operation("user.tokens.verify", "GET", "/user/tokens/verify")
@operation("accounts.tokens.verify", "GET", "/accounts/{account_id}/tokens/verify")
def verify_token(context: RequestContext) -> OperationResult:
    """Says that the caller's token is valid, or that it has expired."""
    assert context.caller is not None  # noqa: S101 - it would have been refused
    token_id = hashlib.blake2b(context.caller.secret.encode(), digest_size=16).hexdigest()
    return {"id": token_id, "status": "expired" if context.caller.expired else "active"}


def _auto_topup_json(context: RequestContext) -> dict[str, Any]:
    auto = topups.get_auto_topup(context.db, context.account_id)
    if context.settings.mode == "documented":
        return auto or dict.fromkeys(("amount", "threshold", "disabledReason", "error", "lastFailedAt"))
    # The live service leaves out what it has nothing to say about, and writes 0 where nothing is set.
    auto = auto or {"amount": 0, "threshold": 0}
    return {name: value for name, value in auto.items() if value is not None}


def _refuse_programs(context: RequestContext) -> None:
    if context.settings.mode == "live":
        raise RefusedRequest(
            403, codes.DASHBOARD_ONLY, "Only a session of the dashboard may set or delete auto top-up, not an API token"
        )


def _refuse_above_maximum(cents: int, *, name: str = "amount", maximum: int = amounts.TOPUP_MAX_CENTS) -> None:
    if cents > maximum:
        message = f"$.{name}: {cents} is more than the maximum of {maximum} cents"
        raise RefusedRequest(400, codes.INVALID_REQUEST, message)


def _moment_ms(milliseconds: float) -> int:
    # Usage has whole milliseconds, so a bound within one means the next; and none beyond what a clock can show.
    return math.ceil(max(-_LAST_MOMENT_MS, min(_LAST_MOMENT_MS, milliseconds)))


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]*)", path))


def find_operation(method: str, path: str) -> tuple[SandboxOperation, dict[str, str]]:
    """The operation of a request, and the values in its path; raises RefusedRequest for one that leads nowhere."""
    found = {one.method: (one, match) for one in OPERATIONS if (match := _pattern(one.path).fullmatch(path))}
    if not found:
        raise RefusedRequest(404, codes.NO_ROUTE, "No route for that URI")
    if method not in found:
        allowed = ", ".join(sorted(found))
        message = f"{method} is not allowed here, only {allowed}"
        raise RefusedRequest(405, codes.METHOD_NOT_ALLOWED, message, headers={"allow": allowed})
    chosen, match = found[method]
    return chosen, {name: unquote(value) for name, value in match.groupdict().items()}
