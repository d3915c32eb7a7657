# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The models: one class for each schema that calls take, return or are checked by, each loaded when it is first asked for."""

from typing import TYPE_CHECKING

from aig_billing_runtime.lazy import on_first_use as _on_first_use

if TYPE_CHECKING:
    from .billing_credit_balance_response import BillingCreditBalanceResponse
    from .billing_invoice_history_response import BillingInvoiceHistoryResponse
    from .billing_invoice_preview_response import BillingInvoicePreviewResponse
    from .billing_usage_history_response import BillingUsageHistoryResponse
    from .config_create_response import ConfigCreateResponse
    from .config_get_response import ConfigGetResponse
    from .gateway import Gateway
    from .gateway_update_body import GatewayUpdateBody
    from .gateways_page import GatewaysPage
    from .history import History
    from .invoice import Invoice
    from .invoice_line import InvoiceLine
    from .invoice_line_period import InvoiceLinePeriod
    from .invoice_line_pricing import InvoiceLinePricing
    from .pagination import Pagination
    from .payment_method import PaymentMethod
    from .pretax_credit_amount import PretaxCreditAmount
    from .result_info import ResultInfo
    from .spend_limit_filter import SpendLimitFilter
    from .spend_limit_metadata import SpendLimitMetadata
    from .spend_limit_rule import SpendLimitRule
    from .spend_limits import SpendLimits
    from .spending_limit_config import SpendingLimitConfig
    from .spending_limit_get_response import SpendingLimitGetResponse
    from .token_verify_response import TokenVerifyResponse
    from .topup_config import TopupConfig
    from .topup_create_response import TopupCreateResponse
    from .topup_limits_response import TopupLimitsResponse
    from .topup_status_response import TopupStatusResponse

__all__ = (
    "BillingCreditBalanceResponse",
    "BillingInvoiceHistoryResponse",
    "BillingInvoicePreviewResponse",
    "BillingUsageHistoryResponse",
    "ConfigCreateResponse",
    "ConfigGetResponse",
    "Gateway",
    "GatewaysPage",
    "GatewayUpdateBody",
    "History",
    "Invoice",
    "InvoiceLine",
    "InvoiceLinePeriod",
    "InvoiceLinePricing",
    "Pagination",
    "PaymentMethod",
    "PretaxCreditAmount",
    "ResultInfo",
    "SpendingLimitConfig",
    "SpendingLimitGetResponse",
    "SpendLimitFilter",
    "SpendLimitMetadata",
    "SpendLimitRule",
    "SpendLimits",
    "TokenVerifyResponse",
    "TopupConfig",
    "TopupCreateResponse",
    "TopupLimitsResponse",
    "TopupStatusResponse",
)

_HOMES: dict[str, str] = {
    "ResultInfo": ".result_info",
    "BillingCreditBalanceResponse": ".billing_credit_balance_response",
    "PaymentMethod": ".payment_method",
    "TopupConfig": ".topup_config",
    "BillingUsageHistoryResponse": ".billing_usage_history_response",
    "History": ".history",
    "BillingInvoiceHistoryResponse": ".billing_invoice_history_response",
    "Invoice": ".invoice",
    "Pagination": ".pagination",
    "BillingInvoicePreviewResponse": ".billing_invoice_preview_response",
    "InvoiceLine": ".invoice_line",
    "InvoiceLinePeriod": ".invoice_line_period",
    "InvoiceLinePricing": ".invoice_line_pricing",
    "PretaxCreditAmount": ".pretax_credit_amount",
    "TopupCreateResponse": ".topup_create_response",
    "TopupStatusResponse": ".topup_status_response",
    "ConfigGetResponse": ".config_get_response",
    "ConfigCreateResponse": ".config_create_response",
    "SpendingLimitGetResponse": ".spending_limit_get_response",
    "SpendingLimitConfig": ".spending_limit_config",
    "TopupLimitsResponse": ".topup_limits_response",
    "SpendLimits": ".spend_limits",
    "SpendLimitRule": ".spend_limit_rule",
    "SpendLimitFilter": ".spend_limit_filter",
    "SpendLimitMetadata": ".spend_limit_metadata",
    "GatewaysPage": ".gateways_page",
    "Gateway": ".gateway",
    "GatewayUpdateBody": ".gateway_update_body",
    "TokenVerifyResponse": ".token_verify_response",
}
__getattr__, __dir__ = _on_first_use(__name__, _HOMES)
