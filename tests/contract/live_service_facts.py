"""What is known of the live service beyond its documents, written down a second time, without a look at overlays/spec/.

Each fact is from a source outside this project: Cloudflare's published OpenAPI schema (github.com/cloudflare/api-schemas, commits
c92b9b0f and 004e306a), its documentation, changelog and SDKs, Stripe's documentation, or users. A new fact is written both here and
into an overlay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

BILLING = "/accounts/{account_id}/ai-gateway/billing"
READ, WRITE = "AI Gateway Read", "AI Gateway Write"

Retry = Literal["safe", "idempotent", "once", "charge"]


@dataclass(frozen=True)
class Known:
    """What is known of one operation."""

    call: str
    """From x-fern-sdk-group-name and x-fern-sdk-method-name; of billing, what stands behind `ai_gateway.billing`."""
    retry: Retry
    reads_only: bool = False
    """Whether a token that may only read will do."""
    success: str = "200"
    deprecated: bool = False
    tells: tuple[str, ...] = ()
    """What its description must say: regular expressions."""
    any_token: bool = False
    """Whether a token needs no permission."""
    also_answers: tuple[str, ...] = ()
    """Error statuses beside those of every operation."""


OPERATIONS: Mapping[str, Known] = {
    "GET /credit-balance": Known(
        "credit_balance", "safe", reads_only=True, tells=("below zero", r"metered after", "402", "2021", "may lag")
    ),
    "GET /usage-history": Known("usage_history", "safe", reads_only=True, tells=(r"Give both", "the documents do not")),
    "GET /invoice-history": Known(
        "invoice_history", "safe", reads_only=True, tells=("no documented way to ask for another", "order")
    ),
    "GET /invoice-preview": Known("invoice_preview", "safe", reads_only=True, tells=("cost by model", "no logs")),
    "POST /topup": Known(
        "topup.create",
        "charge",
        tells=(
            "default card",
            "payment method that is given",
            "no idempotency key",
            "twice",
            "settles after",
            "fee of 5 %",
            r"\$105",
            "tax",
        ),
        also_answers=("402",),
    ),
    "POST /topup/status": Known("topup.status", "safe"),
    "GET /topup/limits": Known(
        "topup.limits", "safe", reads_only=True, deprecated=True, tells=(r"manual_topup\.limits", "/topup/eligibility")
    ),
    "GET /topup/config": Known("topup.config.get", "safe", reads_only=True, tells=("works with an API token",)),
    "POST /topup/config": Known(
        "topup.config.create", "once", tells=("dashboard sessions only", "403", "does not charge", "later fall")
    ),
    "DELETE /topup/config": Known("topup.config.delete", "idempotent", tells=("dashboard sessions only", "403")),
    "GET /spending-limit": Known("spending_limit.get", "safe", reads_only=True, tells=("mid-2026", "until deleted")),
    "POST /spending-limit": Known(
        "spending_limit.create",
        "once",
        success="201",
        deprecated=True,
        tells=("always answers 403", "only deleted", "each gateway", "NO_MANUAL_TOPUP", "1000"),
    ),
    "GET /accounts/{account_id}/ai-gateway/gateways": Known("ai_gateway.list", "safe", reads_only=True),
    "GET /accounts/{account_id}/ai-gateway/gateways/{id}": Known("ai_gateway.get", "safe", reads_only=True),
    "PUT /accounts/{account_id}/ai-gateway/gateways/{id}": Known("ai_gateway.update", "once", tells=("may be reset",)),
    "GET /user/tokens/verify": Known("user.tokens.verify", "safe", any_token=True),
    "GET /accounts/{account_id}/tokens/verify": Known("accounts.tokens.verify", "safe", any_token=True),
    "DELETE /spending-limit": Known("spending_limit.delete", "idempotent", tells=("Succeeds when there is none",)),
}

REFUSALS: Mapping[str, frozenset[str]] = {
    "400": frozenset({"application/json"}),
    "401": frozenset({"application/json"}),
    "403": frozenset({"application/json"}),
    "404": frozenset({"application/json"}),
    "429": frozenset({"application/json"}),
    "5XX": frozenset({"application/json", "text/html"}),
    "402": frozenset({"application/json"}),
}
"""The forms of each error status; each is in the envelope of errors if it is JSON."""

EVERYWHERE = frozenset(REFUSALS) - {"402"}
"""The error statuses of every operation."""

CODES_SHOWN: Mapping[str, Mapping[int, frozenset[int]]] = {
    "400": {6003: frozenset({6111, 6103})},
    "401": {10000: frozenset()},
    "403": {9109: frozenset(), 10000: frozenset()},
    "404": {7003: frozenset()},
    "429": {971: frozenset()},
    "5XX": {10500: frozenset()},
    "402": {},
}
"""The codes that the examples of errors show, each with those in its error_chain: only codes that were seen in real answers."""

ANSWER_HEADERS = {"Ratelimit", "Ratelimit-Policy", "cf-ray"}
HEADERS_SHOWN = {
    "Ratelimit": r'"default";r=\d+;t=\d+',
    "Ratelimit-Policy": r'"burst";q=\d+;w=\d+',
    "cf-ray": r"[0-9a-f]{16}-[A-Z]{3}",
}
RATE_LIMITS_STATED = ("1,200", "5 minutes", "200 a second")

UNITS: Mapping[str, str] = {
    "BillingCreditBalanceResponse.balance": "cents",
    "TopupConfig.amount": "cents",
    "TopupConfig.threshold": "cents",
    "TopupConfig.lastFailedAt": "unix-auto",
    "ConfigGetResponse.amount": "cents",
    "ConfigGetResponse.threshold": "cents",
    "ConfigGetResponse.lastFailedAt": "unix-auto",
    "ConfigCreateResponse.amount": "cents",
    "ConfigCreateResponse.threshold": "cents",
    "ConfigCreateBody.amount": "cents",
    "ConfigCreateBody.threshold": "cents",
    "TopupCreateBody.amount": "cents",
    "TopupLimitsResponse.min_cents": "cents",
    "TopupLimitsResponse.max_cents": "cents",
    "SpendingLimitConfig.amount": "cents",
    "SpendingLimitCreateBody.amount": "cents",
    "Invoice.amount_due": "cents",
    "Invoice.amount_paid": "cents",
    "Invoice.amount_remaining": "cents",
    "Invoice.created": "unix-s",
    "BillingInvoicePreviewResponse.amount_due": "cents",
    "BillingInvoicePreviewResponse.amount_paid": "cents",
    "BillingInvoicePreviewResponse.amount_remaining": "cents",
    "BillingInvoicePreviewResponse.period_start": "unix-s",
    "BillingInvoicePreviewResponse.period_end": "unix-s",
    "InvoiceLine.amount": "cents",
    "InvoiceLinePeriod.start": "unix-s",
    "InvoiceLinePeriod.end": "unix-s",
    "PretaxCreditAmount.amount": "cents",
    "History.aggregated_value": "cents",
    "History.start_time": "unix-auto",
    "History.end_time": "unix-auto",
    "GET /usage-history start_time": "unix-ms",
    "GET /usage-history end_time": "unix-ms",
}
"""The unit of every property and parameter that has one; all others have none."""

UNCONFIRMED = {
    name
    for name, unit in UNITS.items()
    if (unit == "cents" and "Body" not in name and "TopupLimits" not in name) or unit == "unix-auto"
}
"""Units that no document gives: those of amounts and times in answers, but for times that follow Stripe."""
UNIT_STATED: Mapping[str, str] = {
    "cents": r"\bcents\b",
    "unix-ms": r"Unix milliseconds",
    "unix-s": r"Unix seconds(?! or)",
    "unix-auto": r"Unix seconds or milliseconds",
}

BODIES = {"TopupCreateBody", "TopupStatusBody", "ConfigCreateBody", "SpendingLimitCreateBody"}
"""Closed, and the only schemas that are; their amounts are whole cents."""

SECRETS = {"TopupCreateResponse.client_secret"}

ALWAYS_THERE: Mapping[str, set[str]] = {
    "TopupConfig": {"amount", "threshold"},
    "ConfigGetResponse": {"amount", "threshold"},
    "TopupLimitsResponse": {"min_cents", "max_cents", "currency"},
    "ErrorEnvelope": {"errors", "result", "success"},
    "ErrorInfo": {"code", "message"},
    "TopupCreateBody": {"amount"},
}

TYPES: Mapping[str, object] = {
    "TopupLimitsResponse.min_cents": "integer",
    "TopupLimitsResponse.max_cents": "integer",
    "TopupLimitsResponse.currency": "string",
    "TopupCreateBody.payment_method_id": "string",
    "ErrorEnvelope.result": ["object", "null"],
    "ErrorEnvelope.success": "boolean",
    "TopupCreateBody.amount": "integer",
    "ConfigCreateBody.amount": "integer",
    "ConfigCreateBody.threshold": "integer",
    "SpendingLimitCreateBody.amount": "integer",
}

DEFAULTS: Mapping[str, object] = {"GET /invoice-history type": "all"}
"""The value of a parameter that is left out, where it is known."""

ITEMS: Mapping[str, str] = {
    "ErrorEnvelope.errors": "ErrorInfo",
    "ErrorEnvelope.messages": "ResponseInfo",
    "ErrorInfo.error_chain": "ResponseInfo",
}
"""What lists hold, of those that no document shows."""

TELLS: Mapping[str, tuple[str, ...]] = {
    "BillingCreditBalanceResponse.balance": ("fractions of a cent", "below zero"),
    "BillingCreditBalanceResponse.first_topup_success": ("by hand", "NO_MANUAL_TOPUP", "1000"),
    "TopupConfig": ("0 or null",),
    "ConfigGetResponse": ("0 or null",),
    "TopupConfig.amount": ("0 or null",),
    "TopupConfig.threshold": ("0 or null",),
    "ConfigGetResponse.amount": ("0 or null",),
    "ConfigGetResponse.threshold": ("0 or null",),
    "Invoice": ("5 % fee", r"\btax\b", "may differ"),
    "Invoice.currency": ("smallest unit", "JPY", "KWD"),
    "BillingInvoicePreviewResponse.currency": ("smallest unit", "JPY", "KWD"),
    "InvoiceLine.currency": ("smallest unit", "JPY", "KWD"),
    "InvoiceLine": ("one line a model", "provider/model", "without quantities"),
    "InvoiceLine.description": ("provider/model",),
    "InvoiceLinePricing.unit_amount_decimal": ("dollars", "not cents", "report", "Null"),
    "TopupCreateBody.payment_method_id": ("PaymentMethod", "default"),
    "TopupCreateResponse.client_secret": ("PaymentIntent", "says nothing"),
    "TopupCreateResponse.payment_intent_id": ("invoice", r"in_\.\.\.", "despite the name"),
    "TopupStatusResponse.payment_intent_id": ("invoice", r"in_\.\.\.", "despite the name"),
    "TopupStatusBody.payment_intent_id": ("invoice", r"in_\.\.\.", "despite the name"),
    "TopupStatusResponse.status": ("Only `completed`", "gives no reason"),
    "TopupLimitsResponse.currency": ("ISO 4217",),
}
"""What the description of a schema or a property must say: regular expressions."""

MIXINS: Mapping[str, str] = {
    "ai_gateway.billing.topup": "aig_billing_charges.TopupMixin",
    "ai_gateway": "aig_billing_spend_limits.SpendLimitsMixin",
}
"""Hand-written methods: no fact of the service, but one that nothing else would miss."""

# What the official Python SDK 5.9.0 says of gateways: `!` is always there, and after a colon the words that there are.
GATEWAY_FIELDS: Mapping[str, Mapping[str, str]] = {
    "Gateway": {
        "id": "string!",
        "cache_invalidate_on_update": "boolean!",
        "cache_ttl": "integer or null",
        "collect_logs": "boolean!",
        "created_at": "date-time!",
        "modified_at": "date-time!",
        "rate_limiting_interval": "integer or null",
        "rate_limiting_limit": "integer or null",
        "spend_limits": "SpendLimits or null",
    },
    "GatewaysPage": dict.fromkeys(("count", "page", "per_page", "total_count"), "number"),
    "SpendLimits": {"enabled": "boolean or null", "rules": "array or null of SpendLimitRule"},
    "SpendLimitRule": {
        "limit": "number!",
        "limitType": "string!: cost",
        "window": "integer!",
        "id": "string or null",
        "enabled": "boolean or null",
        "technique": "string or null: fixed, sliding",
        "model": "SpendLimitFilter or null",
        "provider": "SpendLimitFilter or null",
        "metadata": "object or null of SpendLimitMetadata",
    },
    "SpendLimitFilter": {"mode": "string!: filter", "values": "array! of string"},
    "SpendLimitMetadata": {"mode": "string!: filter, partition", "values": "array of string"},
    "the list of gateways": {
        "errors": "array! of ResponseInfo",
        "messages": "array! of ResponseInfo",
        "result": "array! of Gateway",
        "success": "boolean!",
        "result_info": "GatewaysPage",
    },
}

OUT_OF_CREDIT = {"status 402": "out of credit", "code 2021": "out of credit"}
DASHBOARD_ALONE = {"status 403": "in the dashboard only"}
# What an error of an operation is explained by: when, and what must be said then.
ERROR_HINTS: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(
        ("GET /credit-balance", "GET /usage-history", "GET /invoice-history", "GET /invoice-preview"), OUT_OF_CREDIT
    ),
    "POST /topup": {"status 402": "bank has declined", "uncertain": r"invoice_history\(type='manual'\)"},
    "POST /topup/config": DASHBOARD_ALONE,
    "DELETE /topup/config": DASHBOARD_ALONE,
    "POST /spending-limit": {"contains NO_MANUAL_TOPUP": "never been topped up by hand"},
}
WARNED_OF = {"POST /topup/config", "DELETE /topup/config"}
PAYMENT_NAMED_BY = {"POST /topup": "payment_intent_id"}
TAGS_TELL = {"AI Gateway": "spend limits", "Tokens": "Verifying"}
TOKEN_TELLS = ("Edit", "Write")
