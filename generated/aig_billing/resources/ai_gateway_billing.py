# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The calls of `ai_gateway.billing`: synchronous and asynchronous, each also with the raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.resource import Resource as _Resource

if TYPE_CHECKING:
    import datetime as dt
    from typing import Literal

    from aig_billing_runtime.response import Response

    from ..client import AsyncClient, Client  # noqa: F401 - named in quotes
    from ..models.billing_credit_balance_response import BillingCreditBalanceResponse
    from ..models.billing_invoice_history_response import BillingInvoiceHistoryResponse
    from ..models.billing_invoice_preview_response import BillingInvoicePreviewResponse
    from ..models.billing_usage_history_response import BillingUsageHistoryResponse
    from .ai_gateway_billing_spending_limit import (
        AiGatewayBillingSpendingLimitResource,
        AiGatewayBillingSpendingLimitResourceWithRawResponse,
        AsyncAiGatewayBillingSpendingLimitResource,
        AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse,
    )
    from .ai_gateway_billing_topup import (
        AiGatewayBillingTopupResource,
        AiGatewayBillingTopupResourceWithRawResponse,
        AsyncAiGatewayBillingTopupResource,
        AsyncAiGatewayBillingTopupResourceWithRawResponse,
    )


class AiGatewayBillingResource(_Resource["Client"], group="ai_gateway.billing"):
    """The calls of `ai_gateway.billing`."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AiGatewayBillingResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AiGatewayBillingResourceWithRawResponse(self._client)

    @property
    def spending_limit(self) -> AiGatewayBillingSpendingLimitResource:
        """The calls below `spending_limit`."""
        from .ai_gateway_billing_spending_limit import AiGatewayBillingSpendingLimitResource

        return AiGatewayBillingSpendingLimitResource(self._client)

    @property
    def topup(self) -> AiGatewayBillingTopupResource:
        """The calls below `topup`."""
        from .ai_gateway_billing_topup import AiGatewayBillingTopupResource

        return AiGatewayBillingTopupResource(self._client)

    def credit_balance(self, *, account_id: str | None = None) -> BillingCreditBalanceResponse:
        """Get credit balance.

        Reads how much credit the account holds, which card pays for it, and how auto top-up is set. The balance
        may be below zero, because usage is metered after the call that caused it, and it may lag behind
        purchases: do not buy again because a purchase does not show yet. Without credit, gateways answer 402
        (code 2021).

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/credit-balance`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingCreditBalanceResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import credit_balance as _operation

        return self._client.send(_operation.call(account_id))

    def usage_history(
        self,
        *,
        value_grouping_window: Literal["day", "hour"],
        end_time: dt.datetime | float | None = None,
        start_time: dt.datetime | float | None = None,
        account_id: str | None = None,
    ) -> BillingUsageHistoryResponse:
        """Get usage history.

        Reads metered usage, summed per hour or per day, between two points in time. Give both of them: the live
        service is reported to require both, though the documents do not.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/usage-history`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            value_grouping_window: How long each added-up window is.
            end_time: End of the time range, in Unix milliseconds.
            start_time: Start of the time range, in Unix milliseconds.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingUsageHistoryResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import usage_history as _operation

        return self._client.send(
            _operation.call(
                account_id, value_grouping_window=value_grouping_window, end_time=end_time, start_time=start_time
            )
        )

    def invoice_history(
        self, *, type: Literal["auto", "all", "manual"] | None = "all", account_id: str | None = None
    ) -> BillingInvoiceHistoryResponse:
        """Get invoice history.

        Lists past invoices, either all of them or those of one kind. The answer gives its page, but there is no
        documented way to ask for another one, and the order of the invoices is not documented.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/invoice-history`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            type: Which invoices to list, by the way they came about. Default: 'all'.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingInvoiceHistoryResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import invoice_history as _operation

        return self._client.send(_operation.call(account_id, type=type))

    def invoice_preview(self, *, account_id: str | None = None) -> BillingInvoicePreviewResponse:
        """Get invoice preview.

        Reads what the next invoice would contain if it were made now, with its lines and its tax. Its lines
        show the cost by model, also for accounts whose gateways keep no logs.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/invoice-preview`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingInvoicePreviewResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import invoice_preview as _operation

        return self._client.send(_operation.call(account_id))


class AiGatewayBillingResourceWithRawResponse(_Resource["Client"], group="ai_gateway.billing"):
    """The calls of `ai_gateway.billing`, with the whole answer."""

    __slots__ = ()

    @property
    def spending_limit(self) -> AiGatewayBillingSpendingLimitResourceWithRawResponse:
        """The calls below `spending_limit`."""
        from .ai_gateway_billing_spending_limit import AiGatewayBillingSpendingLimitResourceWithRawResponse

        return AiGatewayBillingSpendingLimitResourceWithRawResponse(self._client)

    @property
    def topup(self) -> AiGatewayBillingTopupResourceWithRawResponse:
        """The calls below `topup`."""
        from .ai_gateway_billing_topup import AiGatewayBillingTopupResourceWithRawResponse

        return AiGatewayBillingTopupResourceWithRawResponse(self._client)

    def credit_balance(self, *, account_id: str | None = None) -> Response[BillingCreditBalanceResponse]:
        """Like `ai_gateway.billing.credit_balance`, with the whole answer."""
        from ..api.ai_gateway_billing import credit_balance as _operation

        return self._client.send_detailed(_operation.call(account_id))

    def usage_history(
        self,
        *,
        value_grouping_window: Literal["day", "hour"],
        end_time: dt.datetime | float | None = None,
        start_time: dt.datetime | float | None = None,
        account_id: str | None = None,
    ) -> Response[BillingUsageHistoryResponse]:
        """Like `ai_gateway.billing.usage_history`, with the whole answer."""
        from ..api.ai_gateway_billing import usage_history as _operation

        return self._client.send_detailed(
            _operation.call(
                account_id, value_grouping_window=value_grouping_window, end_time=end_time, start_time=start_time
            )
        )

    def invoice_history(
        self, *, type: Literal["auto", "all", "manual"] | None = "all", account_id: str | None = None
    ) -> Response[BillingInvoiceHistoryResponse]:
        """Like `ai_gateway.billing.invoice_history`, with the whole answer."""
        from ..api.ai_gateway_billing import invoice_history as _operation

        return self._client.send_detailed(_operation.call(account_id, type=type))

    def invoice_preview(self, *, account_id: str | None = None) -> Response[BillingInvoicePreviewResponse]:
        """Like `ai_gateway.billing.invoice_preview`, with the whole answer."""
        from ..api.ai_gateway_billing import invoice_preview as _operation

        return self._client.send_detailed(_operation.call(account_id))


class AsyncAiGatewayBillingResource(_Resource["AsyncClient"], group="ai_gateway.billing"):
    """The calls of `ai_gateway.billing`, asynchronously."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AsyncAiGatewayBillingResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncAiGatewayBillingResourceWithRawResponse(self._client)

    @property
    def spending_limit(self) -> AsyncAiGatewayBillingSpendingLimitResource:
        """The calls below `spending_limit`."""
        from .ai_gateway_billing_spending_limit import AsyncAiGatewayBillingSpendingLimitResource

        return AsyncAiGatewayBillingSpendingLimitResource(self._client)

    @property
    def topup(self) -> AsyncAiGatewayBillingTopupResource:
        """The calls below `topup`."""
        from .ai_gateway_billing_topup import AsyncAiGatewayBillingTopupResource

        return AsyncAiGatewayBillingTopupResource(self._client)

    async def credit_balance(self, *, account_id: str | None = None) -> BillingCreditBalanceResponse:
        """Get credit balance.

        Reads how much credit the account holds, which card pays for it, and how auto top-up is set. The balance
        may be below zero, because usage is metered after the call that caused it, and it may lag behind
        purchases: do not buy again because a purchase does not show yet. Without credit, gateways answer 402
        (code 2021).

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/credit-balance`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingCreditBalanceResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import credit_balance as _operation

        return await self._client.send(_operation.call(account_id))

    async def usage_history(
        self,
        *,
        value_grouping_window: Literal["day", "hour"],
        end_time: dt.datetime | float | None = None,
        start_time: dt.datetime | float | None = None,
        account_id: str | None = None,
    ) -> BillingUsageHistoryResponse:
        """Get usage history.

        Reads metered usage, summed per hour or per day, between two points in time. Give both of them: the live
        service is reported to require both, though the documents do not.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/usage-history`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            value_grouping_window: How long each added-up window is.
            end_time: End of the time range, in Unix milliseconds.
            start_time: Start of the time range, in Unix milliseconds.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingUsageHistoryResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import usage_history as _operation

        return await self._client.send(
            _operation.call(
                account_id, value_grouping_window=value_grouping_window, end_time=end_time, start_time=start_time
            )
        )

    async def invoice_history(
        self, *, type: Literal["auto", "all", "manual"] | None = "all", account_id: str | None = None
    ) -> BillingInvoiceHistoryResponse:
        """Get invoice history.

        Lists past invoices, either all of them or those of one kind. The answer gives its page, but there is no
        documented way to ask for another one, and the order of the invoices is not documented.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/invoice-history`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            type: Which invoices to list, by the way they came about. Default: 'all'.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingInvoiceHistoryResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import invoice_history as _operation

        return await self._client.send(_operation.call(account_id, type=type))

    async def invoice_preview(self, *, account_id: str | None = None) -> BillingInvoicePreviewResponse:
        """Get invoice preview.

        Reads what the next invoice would contain if it were made now, with its lines and its tax. Its lines
        show the cost by model, also for accounts whose gateways keep no logs.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/invoice-preview`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingInvoicePreviewResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import invoice_preview as _operation

        return await self._client.send(_operation.call(account_id))


class AsyncAiGatewayBillingResourceWithRawResponse(_Resource["AsyncClient"], group="ai_gateway.billing"):
    """The calls of `ai_gateway.billing`, asynchronously, with the whole answer."""

    __slots__ = ()

    @property
    def spending_limit(self) -> AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse:
        """The calls below `spending_limit`."""
        from .ai_gateway_billing_spending_limit import AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse

        return AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse(self._client)

    @property
    def topup(self) -> AsyncAiGatewayBillingTopupResourceWithRawResponse:
        """The calls below `topup`."""
        from .ai_gateway_billing_topup import AsyncAiGatewayBillingTopupResourceWithRawResponse

        return AsyncAiGatewayBillingTopupResourceWithRawResponse(self._client)

    async def credit_balance(self, *, account_id: str | None = None) -> Response[BillingCreditBalanceResponse]:
        """Like `ai_gateway.billing.credit_balance`, with the whole answer."""
        from ..api.ai_gateway_billing import credit_balance as _operation

        return await self._client.send_detailed(_operation.call(account_id))

    async def usage_history(
        self,
        *,
        value_grouping_window: Literal["day", "hour"],
        end_time: dt.datetime | float | None = None,
        start_time: dt.datetime | float | None = None,
        account_id: str | None = None,
    ) -> Response[BillingUsageHistoryResponse]:
        """Like `ai_gateway.billing.usage_history`, with the whole answer."""
        from ..api.ai_gateway_billing import usage_history as _operation

        return await self._client.send_detailed(
            _operation.call(
                account_id, value_grouping_window=value_grouping_window, end_time=end_time, start_time=start_time
            )
        )

    async def invoice_history(
        self, *, type: Literal["auto", "all", "manual"] | None = "all", account_id: str | None = None
    ) -> Response[BillingInvoiceHistoryResponse]:
        """Like `ai_gateway.billing.invoice_history`, with the whole answer."""
        from ..api.ai_gateway_billing import invoice_history as _operation

        return await self._client.send_detailed(_operation.call(account_id, type=type))

    async def invoice_preview(self, *, account_id: str | None = None) -> Response[BillingInvoicePreviewResponse]:
        """Like `ai_gateway.billing.invoice_preview`, with the whole answer."""
        from ..api.ai_gateway_billing import invoice_preview as _operation

        return await self._client.send_detailed(_operation.call(account_id))
