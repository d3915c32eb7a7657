# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The calls of `ai_gateway.billing.spending_limit`: synchronous and asynchronous, each also with the raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.deprecation import deprecated as _deprecated
from aig_billing_runtime.resource import Resource as _Resource

if TYPE_CHECKING:
    from typing import Literal

    from aig_billing_runtime.response import Response

    from ..client import AsyncClient, Client  # noqa: F401 - named in quotes
    from ..models.spending_limit_get_response import SpendingLimitGetResponse


class AiGatewayBillingSpendingLimitResource(_Resource["Client"], group="ai_gateway.billing.spending_limit"):
    """The calls of `ai_gateway.billing.spending_limit`."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AiGatewayBillingSpendingLimitResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AiGatewayBillingSpendingLimitResourceWithRawResponse(self._client)

    def get(self, *, account_id: str | None = None) -> SpendingLimitGetResponse:
        """Get spending limit.

        Reads the account's spending limit, if it has one. A limit that was set before mid-2026 stays until
        deleted.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendingLimitGetResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import spending_limit_get as _operation

        return self._client.send(_operation.call(account_id))

    @_deprecated(
        "Deprecated: since mid-2026 the live service always answers 403, so a limit can be neither set nor changed, only deleted. The spend limits of each gateway replace it. While it worked, it rejected accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
        category=None,
    )
    def create(
        self,
        *,
        amount: int,
        duration: Literal["daily", "weekly", "monthly"],
        strategy: Literal["fixed", "sliding"],
        account_id: str | None = None,
    ) -> object:
        """Set spending limit.

        Limits what the account may spend in a period of a given length. Deprecated: since mid-2026 the live
        service always answers 403, so a limit can be neither set nor changed, only deleted. The spend limits of
        each gateway replace it. While it worked, it rejected accounts that had never topped up by hand (error
        code 1000, NO_MANUAL_TOPUP).

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write.

        Args:
            amount: How much may be spent in one period, in cents; 100 cents or more.
            duration: Length of a period.
            strategy: How periods are counted.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            object, any JSON: the document does not say what.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import spending_limit_create as _operation

        return self._client.send(_operation.call(account_id, amount=amount, duration=duration, strategy=strategy))

    def delete(self, *, account_id: str | None = None) -> object:
        """Delete spending limit.

        Removes the account's spending limit. Succeeds when there is none, too.

        Asks for `DELETE /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            object, any JSON: the document does not say what.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import spending_limit_delete as _operation

        return self._client.send(_operation.call(account_id))


class AiGatewayBillingSpendingLimitResourceWithRawResponse(
    _Resource["Client"], group="ai_gateway.billing.spending_limit"
):
    """The calls of `ai_gateway.billing.spending_limit`, with the whole answer."""

    __slots__ = ()

    def get(self, *, account_id: str | None = None) -> Response[SpendingLimitGetResponse]:
        """Like `ai_gateway.billing.spending_limit.get`, with the whole answer."""
        from ..api.ai_gateway_billing import spending_limit_get as _operation

        return self._client.send_detailed(_operation.call(account_id))

    @_deprecated(
        "Deprecated: since mid-2026 the live service always answers 403, so a limit can be neither set nor changed, only deleted. The spend limits of each gateway replace it. While it worked, it rejected accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
        category=None,
    )
    def create(
        self,
        *,
        amount: int,
        duration: Literal["daily", "weekly", "monthly"],
        strategy: Literal["fixed", "sliding"],
        account_id: str | None = None,
    ) -> Response[object]:
        """Like `ai_gateway.billing.spending_limit.create`, with the whole answer."""
        from ..api.ai_gateway_billing import spending_limit_create as _operation

        return self._client.send_detailed(
            _operation.call(account_id, amount=amount, duration=duration, strategy=strategy)
        )

    def delete(self, *, account_id: str | None = None) -> Response[object]:
        """Like `ai_gateway.billing.spending_limit.delete`, with the whole answer."""
        from ..api.ai_gateway_billing import spending_limit_delete as _operation

        return self._client.send_detailed(_operation.call(account_id))


class AsyncAiGatewayBillingSpendingLimitResource(_Resource["AsyncClient"], group="ai_gateway.billing.spending_limit"):
    """The calls of `ai_gateway.billing.spending_limit`, asynchronously."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse(self._client)

    async def get(self, *, account_id: str | None = None) -> SpendingLimitGetResponse:
        """Get spending limit.

        Reads the account's spending limit, if it has one. A limit that was set before mid-2026 stays until
        deleted.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendingLimitGetResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import spending_limit_get as _operation

        return await self._client.send(_operation.call(account_id))

    @_deprecated(
        "Deprecated: since mid-2026 the live service always answers 403, so a limit can be neither set nor changed, only deleted. The spend limits of each gateway replace it. While it worked, it rejected accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
        category=None,
    )
    async def create(
        self,
        *,
        amount: int,
        duration: Literal["daily", "weekly", "monthly"],
        strategy: Literal["fixed", "sliding"],
        account_id: str | None = None,
    ) -> object:
        """Set spending limit.

        Limits what the account may spend in a period of a given length. Deprecated: since mid-2026 the live
        service always answers 403, so a limit can be neither set nor changed, only deleted. The spend limits of
        each gateway replace it. While it worked, it rejected accounts that had never topped up by hand (error
        code 1000, NO_MANUAL_TOPUP).

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write.

        Args:
            amount: How much may be spent in one period, in cents; 100 cents or more.
            duration: Length of a period.
            strategy: How periods are counted.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            object, any JSON: the document does not say what.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import spending_limit_create as _operation

        return await self._client.send(_operation.call(account_id, amount=amount, duration=duration, strategy=strategy))

    async def delete(self, *, account_id: str | None = None) -> object:
        """Delete spending limit.

        Removes the account's spending limit. Succeeds when there is none, too.

        Asks for `DELETE /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            object, any JSON: the document does not say what.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import spending_limit_delete as _operation

        return await self._client.send(_operation.call(account_id))


class AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse(
    _Resource["AsyncClient"], group="ai_gateway.billing.spending_limit"
):
    """The calls of `ai_gateway.billing.spending_limit`, asynchronously, with the whole answer."""

    __slots__ = ()

    async def get(self, *, account_id: str | None = None) -> Response[SpendingLimitGetResponse]:
        """Like `ai_gateway.billing.spending_limit.get`, with the whole answer."""
        from ..api.ai_gateway_billing import spending_limit_get as _operation

        return await self._client.send_detailed(_operation.call(account_id))

    @_deprecated(
        "Deprecated: since mid-2026 the live service always answers 403, so a limit can be neither set nor changed, only deleted. The spend limits of each gateway replace it. While it worked, it rejected accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
        category=None,
    )
    async def create(
        self,
        *,
        amount: int,
        duration: Literal["daily", "weekly", "monthly"],
        strategy: Literal["fixed", "sliding"],
        account_id: str | None = None,
    ) -> Response[object]:
        """Like `ai_gateway.billing.spending_limit.create`, with the whole answer."""
        from ..api.ai_gateway_billing import spending_limit_create as _operation

        return await self._client.send_detailed(
            _operation.call(account_id, amount=amount, duration=duration, strategy=strategy)
        )

    async def delete(self, *, account_id: str | None = None) -> Response[object]:
        """Like `ai_gateway.billing.spending_limit.delete`, with the whole answer."""
        from ..api.ai_gateway_billing import spending_limit_delete as _operation

        return await self._client.send_detailed(_operation.call(account_id))
