# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""The models: one class for each schema of the document, each loaded when it is first asked for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .billing_credit_balance_response import BillingCreditBalanceResponse as BillingCreditBalanceResponse
    from .billing_invoice_history_response import BillingInvoiceHistoryResponse as BillingInvoiceHistoryResponse
    from .billing_invoice_preview_response import BillingInvoicePreviewResponse as BillingInvoicePreviewResponse
    from .billing_usage_history_response import BillingUsageHistoryResponse as BillingUsageHistoryResponse
    from .config_create_body import ConfigCreateBody as ConfigCreateBody
    from .config_create_response import ConfigCreateResponse as ConfigCreateResponse
    from .config_delete_response import ConfigDeleteResponse as ConfigDeleteResponse
    from .config_get_response import ConfigGetResponse as ConfigGetResponse
    from .envelope import Envelope as Envelope
    from .error_envelope import ErrorEnvelope as ErrorEnvelope
    from .error_info import ErrorInfo as ErrorInfo
    from .history import History as History
    from .invoice import Invoice as Invoice
    from .invoice_line import InvoiceLine as InvoiceLine
    from .invoice_line_period import InvoiceLinePeriod as InvoiceLinePeriod
    from .invoice_line_pricing import InvoiceLinePricing as InvoiceLinePricing
    from .pagination import Pagination as Pagination
    from .payment_method import PaymentMethod as PaymentMethod
    from .pretax_credit_amount import PretaxCreditAmount as PretaxCreditAmount
    from .response_info import ResponseInfo as ResponseInfo
    from .result_info import ResultInfo as ResultInfo
    from .spending_limit_config import SpendingLimitConfig as SpendingLimitConfig
    from .spending_limit_create_body import SpendingLimitCreateBody as SpendingLimitCreateBody
    from .spending_limit_create_response import SpendingLimitCreateResponse as SpendingLimitCreateResponse
    from .spending_limit_delete_response import SpendingLimitDeleteResponse as SpendingLimitDeleteResponse
    from .spending_limit_get_response import SpendingLimitGetResponse as SpendingLimitGetResponse
    from .topup_config import TopupConfig as TopupConfig
    from .topup_create_body import TopupCreateBody as TopupCreateBody
    from .topup_create_response import TopupCreateResponse as TopupCreateResponse
    from .topup_limits_response import TopupLimitsResponse as TopupLimitsResponse
    from .topup_status_body import TopupStatusBody as TopupStatusBody
    from .topup_status_response import TopupStatusResponse as TopupStatusResponse

_MODULES: dict[str, str] = {
    "Envelope": "envelope",
    "ResponseInfo": "response_info",
    "ResultInfo": "result_info",
    "BillingCreditBalanceResponse": "billing_credit_balance_response",
    "PaymentMethod": "payment_method",
    "TopupConfig": "topup_config",
    "BillingUsageHistoryResponse": "billing_usage_history_response",
    "History": "history",
    "BillingInvoiceHistoryResponse": "billing_invoice_history_response",
    "Invoice": "invoice",
    "Pagination": "pagination",
    "BillingInvoicePreviewResponse": "billing_invoice_preview_response",
    "InvoiceLine": "invoice_line",
    "InvoiceLinePeriod": "invoice_line_period",
    "InvoiceLinePricing": "invoice_line_pricing",
    "PretaxCreditAmount": "pretax_credit_amount",
    "TopupCreateBody": "topup_create_body",
    "TopupCreateResponse": "topup_create_response",
    "TopupStatusBody": "topup_status_body",
    "TopupStatusResponse": "topup_status_response",
    "ConfigGetResponse": "config_get_response",
    "ConfigCreateBody": "config_create_body",
    "ConfigCreateResponse": "config_create_response",
    "SpendingLimitGetResponse": "spending_limit_get_response",
    "SpendingLimitConfig": "spending_limit_config",
    "SpendingLimitCreateBody": "spending_limit_create_body",
    "ErrorInfo": "error_info",
    "ErrorEnvelope": "error_envelope",
    "TopupLimitsResponse": "topup_limits_response",
    "ConfigDeleteResponse": "config_delete_response",
    "SpendingLimitCreateResponse": "spending_limit_create_response",
    "SpendingLimitDeleteResponse": "spending_limit_delete_response",
}

__all__ = (
    "BillingCreditBalanceResponse",
    "BillingInvoiceHistoryResponse",
    "BillingInvoicePreviewResponse",
    "BillingUsageHistoryResponse",
    "ConfigCreateBody",
    "ConfigCreateResponse",
    "ConfigDeleteResponse",
    "ConfigGetResponse",
    "Envelope",
    "ErrorEnvelope",
    "ErrorInfo",
    "History",
    "Invoice",
    "InvoiceLine",
    "InvoiceLinePeriod",
    "InvoiceLinePricing",
    "Pagination",
    "PaymentMethod",
    "PretaxCreditAmount",
    "ResponseInfo",
    "ResultInfo",
    "SpendingLimitConfig",
    "SpendingLimitCreateBody",
    "SpendingLimitCreateResponse",
    "SpendingLimitDeleteResponse",
    "SpendingLimitGetResponse",
    "TopupConfig",
    "TopupCreateBody",
    "TopupCreateResponse",
    "TopupLimitsResponse",
    "TopupStatusBody",
    "TopupStatusResponse",
)


def __getattr__(name: str) -> object:
    """Load a model's module when the model is first asked for (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the models without loading them."""
    return sorted(__all__)
