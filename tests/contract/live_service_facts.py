"""What is known of the live service beyond its documents, written down a second time, without a look at overlays/spec/.

Each fact is from a source outside this project: Cloudflare's published OpenAPI schema (github.com/cloudflare/api-schemas, commit
c92b9b0f), its page on API limits, Stripe's conventions, or users. Who learns something new writes it both here and into an overlay.
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
    """Under `ai_gateway.billing`, from x-fern-sdk-group-name and x-fern-sdk-method-name."""
    retry: Retry
    reads_only: bool = False
    """Whether a token that may only read will do."""
    success: str = "200"
    deprecated: bool = False
    tells: tuple[str, ...] = ()
    """What its description must say: regular expressions."""


OPERATIONS: Mapping[str, Known] = {
    "GET /credit-balance": Known(
        "credit_balance", "safe", reads_only=True, tells=("below zero", r"metered after", "402", "2021")
    ),
    "GET /usage-history": Known("usage_history", "safe", reads_only=True, tells=(r"Give both", "neither is required")),
    "GET /invoice-history": Known(
        "invoice_history", "safe", reads_only=True, tells=("no way to ask for another", "order")
    ),
    "GET /invoice-preview": Known("invoice_preview", "safe", reads_only=True),
    "POST /topup": Known(
        "topup.create", "charge", tells=("default card", "no idempotency key", "twice", "settles after")
    ),
    "POST /topup/status": Known("topup.status", "safe"),
    "GET /topup/limits": Known("topup.limits", "safe", reads_only=True),
    "GET /topup/config": Known("topup.config.get", "safe", reads_only=True),
    "POST /topup/config": Known("topup.config.create", "once", tells=("charged at once",)),
    "DELETE /topup/config": Known("topup.config.delete", "idempotent", tells=("Succeeds when there is none",)),
    "GET /spending-limit": Known("spending_limit.get", "safe", reads_only=True, tells=("mid-2026", "until deleted")),
    "POST /spending-limit": Known(
        "spending_limit.create",
        "once",
        success="201",
        deprecated=True,
        tells=("always answers 403", "only deleted", "single gateways", "NO_MANUAL_TOPUP", "1000"),
    ),
    "DELETE /spending-limit": Known("spending_limit.delete", "idempotent", tells=("Succeeds when there is none",)),
}

REFUSALS: Mapping[str, frozenset[str]] = {
    "400": frozenset({"application/json"}),
    "401": frozenset({"application/json"}),
    "403": frozenset({"application/json"}),
    "404": frozenset({"application/json"}),
    "429": frozenset({"application/json"}),
    "5XX": frozenset({"application/json", "text/html"}),
}
"""What every operation may answer besides its result, in which forms; each in the envelope of refusals if it is JSON."""

AUTHENTICATION_CODE = 10000
ANSWER_HEADERS = {"Ratelimit", "Ratelimit-Policy", "cf-ray"}
HEADERS_SHOWN = {
    "Ratelimit": r'"default";r=\d+;t=\d+',
    "Ratelimit-Policy": r'"burst";q=\d+;w=\d+',
    "cf-ray": r"[0-9a-f]{16}-[A-Z]{3}",
}
RATE_LIMITS_TOLD = ("1,200", "5 minutes", "200 a second")

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
    "TopupConfig.lastFailedAt",
    "ConfigGetResponse.lastFailedAt",
    "History.aggregated_value",
    "History.start_time",
    "History.end_time",
}
UNIT_TOLD: Mapping[str, str] = {
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
}

TYPES: Mapping[str, object] = {
    "TopupLimitsResponse.min_cents": "integer",
    "TopupLimitsResponse.max_cents": "integer",
    "TopupLimitsResponse.currency": "string",
    "ErrorEnvelope.result": ["object", "null"],
    "ErrorEnvelope.success": "boolean",
    "TopupCreateBody.amount": "integer",
    "ConfigCreateBody.amount": "integer",
    "ConfigCreateBody.threshold": "integer",
    "SpendingLimitCreateBody.amount": "integer",
}

ITEMS: Mapping[str, str] = {"ErrorEnvelope.errors": "ResponseInfo", "ErrorEnvelope.messages": "ResponseInfo"}
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
    "Invoice": (r"\btax\b", "may differ"),
    "InvoiceLinePricing.unit_amount_decimal": ("dollars", "not cents", "report"),
    "TopupCreateResponse.client_secret": ("PaymentIntent", "3-D Secure", "confirm", "pending"),
    "TopupCreateResponse.payment_intent_id": ("invoice", r"in_\.\.\.", "whatever the name says"),
    "TopupStatusResponse.payment_intent_id": ("invoice", r"in_\.\.\.", "whatever the name says"),
    "TopupStatusBody.payment_intent_id": ("invoice", r"in_\.\.\.", "whatever the name says"),
    "TopupStatusResponse.status": ("pending", "confirm"),
    "TopupLimitsResponse.currency": ("ISO 4217",),
}
"""What the description of a schema or a property must say: regular expressions."""

MIXINS: Mapping[str, str] = {"ai_gateway.billing.topup": "aig_billing_charges.TopupMixin"}
"""Hand-written methods: no fact of the service, but one that nothing else would miss."""
