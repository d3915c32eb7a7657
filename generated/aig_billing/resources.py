# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 794f7ba78c58554c16b8c089ead5c56d0d3c4da9f5d56fa7ad1d7972cda3e60e; generator: openapi-python-client 0.29.1.
"""The tree of calls, as the documents show it: synchronous and asynchronous, each also with the raw answer."""

from __future__ import annotations

import sys
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal
from warnings import warn

from aig_billing_runtime.charges import AsyncTopupMixin, TopupMixin
from aig_billing_runtime.operation import Call
from aig_billing_runtime.response import Response

if sys.version_info >= (3, 13):
    from warnings import deprecated
else:
    from typing_extensions import deprecated

if TYPE_CHECKING:
    from .client import AsyncClient, Client
    from .models.billing_credit_balance_response import BillingCreditBalanceResponse
    from .models.billing_invoice_history_response import BillingInvoiceHistoryResponse
    from .models.billing_invoice_preview_response import BillingInvoicePreviewResponse
    from .models.billing_usage_history_response import BillingUsageHistoryResponse
    from .models.config_create_response import ConfigCreateResponse
    from .models.config_get_response import ConfigGetResponse
    from .models.spending_limit_get_response import SpendingLimitGetResponse
    from .models.topup_create_response import TopupCreateResponse
    from .models.topup_limits_response import TopupLimitsResponse
    from .models.topup_status_response import TopupStatusResponse

_CALLS = {
    "ai_gateway.billing.credit_balance": ".api.ai_gateway_billing.credit_balance",
    "ai_gateway.billing.usage_history": ".api.ai_gateway_billing.usage_history",
    "ai_gateway.billing.invoice_history": ".api.ai_gateway_billing.invoice_history",
    "ai_gateway.billing.invoice_preview": ".api.ai_gateway_billing.invoice_preview",
    "ai_gateway.billing.topup.create": ".api.ai_gateway_billing.topup_create",
    "ai_gateway.billing.topup.status": ".api.ai_gateway_billing.topup_status",
    "ai_gateway.billing.topup.config.get": ".api.ai_gateway_billing.topup_config_get",
    "ai_gateway.billing.topup.config.create": ".api.ai_gateway_billing.topup_config_create",
    "ai_gateway.billing.topup.config.delete": ".api.ai_gateway_billing.topup_config_delete",
    "ai_gateway.billing.spending_limit.get": ".api.ai_gateway_billing.spending_limit_get",
    "ai_gateway.billing.spending_limit.create": ".api.ai_gateway_billing.spending_limit_create",
    "ai_gateway.billing.spending_limit.delete": ".api.ai_gateway_billing.spending_limit_delete",
    "ai_gateway.billing.topup.limits": ".api.ai_gateway_billing.topup_limits",
}


def call_of(operation: str, account_id: str | None, **arguments: object) -> Call[Any]:
    """Make a call by its name: what the hand-written methods of a resource are put together from."""
    call: Call[Any] = import_module(_CALLS[operation], __package__).call(account_id, **arguments)
    return call


class AiGatewayBillingTopupConfigResource:
    """The calls of `ai_gateway.billing.topup.config`."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway.billing.topup.config of {self._client!r}>"

    @property
    def with_raw_response(self) -> AiGatewayBillingTopupConfigResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AiGatewayBillingTopupConfigResourceWithRawResponse(self._client)

    def get(
        self,
        *,
        account_id: str | None = None,
    ) -> ConfigGetResponse:
        """Get auto top-up configuration.

        Reads when auto top-up buys credit, how much it buys, and what went wrong with it, if anything did.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigGetResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_config_get

        return self._client.send(topup_config_get.call(account_id))

    def create(
        self,
        *,
        amount: int,
        threshold: int,
        account_id: str | None = None,
    ) -> ConfigCreateResponse:
        """Set auto top-up configuration.

        Switches auto top-up on, with the balance that sets it off and the amount it then buys. When the balance
        is already below the threshold, the card may be charged at once.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write.

        Args:
            amount: How much one auto top-up buys, in cents; 1000 cents or more.
            threshold: Balance that sets an auto top-up off, in cents; 500 cents or more.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigCreateResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_config_create

        return self._client.send(topup_config_create.call(account_id, amount=amount, threshold=threshold))

    def delete(
        self,
        *,
        account_id: str | None = None,
    ) -> object:
        """Delete auto top-up configuration.

        Switches auto top-up off by taking its configuration away. Succeeds when there is none, too.

        Asks for `DELETE /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigDeleteResponse, any JSON: the documents call it `unknown`.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_config_delete

        return self._client.send(topup_config_delete.call(account_id))


class AiGatewayBillingTopupConfigResourceWithRawResponse:
    """The calls of `ai_gateway.billing.topup.config`, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway.billing.topup.config of {self._client!r}>"

    def get(
        self,
        *,
        account_id: str | None = None,
    ) -> Response[ConfigGetResponse]:
        """Get auto top-up configuration.

        Reads when auto top-up buys credit, how much it buys, and what went wrong with it, if anything did.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigGetResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_config_get

        return self._client.send_detailed(topup_config_get.call(account_id))

    def create(
        self,
        *,
        amount: int,
        threshold: int,
        account_id: str | None = None,
    ) -> Response[ConfigCreateResponse]:
        """Set auto top-up configuration.

        Switches auto top-up on, with the balance that sets it off and the amount it then buys. When the balance
        is already below the threshold, the card may be charged at once.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write.

        Args:
            amount: How much one auto top-up buys, in cents; 1000 cents or more.
            threshold: Balance that sets an auto top-up off, in cents; 500 cents or more.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigCreateResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_config_create

        return self._client.send_detailed(topup_config_create.call(account_id, amount=amount, threshold=threshold))

    def delete(
        self,
        *,
        account_id: str | None = None,
    ) -> Response[object]:
        """Delete auto top-up configuration.

        Switches auto top-up off by taking its configuration away. Succeeds when there is none, too.

        Asks for `DELETE /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigDeleteResponse, any JSON: the documents call it `unknown`.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_config_delete

        return self._client.send_detailed(topup_config_delete.call(account_id))


class AsyncAiGatewayBillingTopupConfigResource:
    """The calls of `ai_gateway.billing.topup.config`, asynchronously."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway.billing.topup.config of {self._client!r}>"

    @property
    def with_raw_response(self) -> AsyncAiGatewayBillingTopupConfigResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncAiGatewayBillingTopupConfigResourceWithRawResponse(self._client)

    async def get(
        self,
        *,
        account_id: str | None = None,
    ) -> ConfigGetResponse:
        """Get auto top-up configuration.

        Reads when auto top-up buys credit, how much it buys, and what went wrong with it, if anything did.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigGetResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_config_get

        return await self._client.send(topup_config_get.call(account_id))

    async def create(
        self,
        *,
        amount: int,
        threshold: int,
        account_id: str | None = None,
    ) -> ConfigCreateResponse:
        """Set auto top-up configuration.

        Switches auto top-up on, with the balance that sets it off and the amount it then buys. When the balance
        is already below the threshold, the card may be charged at once.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write.

        Args:
            amount: How much one auto top-up buys, in cents; 1000 cents or more.
            threshold: Balance that sets an auto top-up off, in cents; 500 cents or more.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigCreateResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_config_create

        return await self._client.send(topup_config_create.call(account_id, amount=amount, threshold=threshold))

    async def delete(
        self,
        *,
        account_id: str | None = None,
    ) -> object:
        """Delete auto top-up configuration.

        Switches auto top-up off by taking its configuration away. Succeeds when there is none, too.

        Asks for `DELETE /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigDeleteResponse, any JSON: the documents call it `unknown`.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_config_delete

        return await self._client.send(topup_config_delete.call(account_id))


class AsyncAiGatewayBillingTopupConfigResourceWithRawResponse:
    """The calls of `ai_gateway.billing.topup.config`, asynchronously, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway.billing.topup.config of {self._client!r}>"

    async def get(
        self,
        *,
        account_id: str | None = None,
    ) -> Response[ConfigGetResponse]:
        """Get auto top-up configuration.

        Reads when auto top-up buys credit, how much it buys, and what went wrong with it, if anything did.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigGetResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_config_get

        return await self._client.send_detailed(topup_config_get.call(account_id))

    async def create(
        self,
        *,
        amount: int,
        threshold: int,
        account_id: str | None = None,
    ) -> Response[ConfigCreateResponse]:
        """Set auto top-up configuration.

        Switches auto top-up on, with the balance that sets it off and the amount it then buys. When the balance
        is already below the threshold, the card may be charged at once.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write.

        Args:
            amount: How much one auto top-up buys, in cents; 1000 cents or more.
            threshold: Balance that sets an auto top-up off, in cents; 500 cents or more.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigCreateResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_config_create

        return await self._client.send_detailed(
            topup_config_create.call(account_id, amount=amount, threshold=threshold)
        )

    async def delete(
        self,
        *,
        account_id: str | None = None,
    ) -> Response[object]:
        """Delete auto top-up configuration.

        Switches auto top-up off by taking its configuration away. Succeeds when there is none, too.

        Asks for `DELETE /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigDeleteResponse, any JSON: the documents call it `unknown`.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_config_delete

        return await self._client.send_detailed(topup_config_delete.call(account_id))


class AiGatewayBillingSpendingLimitResource:
    """The calls of `ai_gateway.billing.spending_limit`."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway.billing.spending_limit of {self._client!r}>"

    @property
    def with_raw_response(self) -> AiGatewayBillingSpendingLimitResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AiGatewayBillingSpendingLimitResourceWithRawResponse(self._client)

    def get(
        self,
        *,
        account_id: str | None = None,
    ) -> SpendingLimitGetResponse:
        """Get spending limit.

        Reads the spending limit that the account has, if it has one. One that was set before mid-2026 stays
        until deleted.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendingLimitGetResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import spending_limit_get

        return self._client.send(spending_limit_get.call(account_id))

    @deprecated(
        "Deprecated: since mid-2026 the live service always answers 403, so that a limit can be neither made nor changed, only deleted. Spend limits of the single gateways, which are another API, replace it. While it worked, it refused accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
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
        service always answers 403, so that a limit can be neither made nor changed, only deleted. Spend limits
        of the single gateways, which are another API, replace it. While it worked, it refused accounts that had
        never topped up by hand (error code 1000, NO_MANUAL_TOPUP).

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write.

        Args:
            amount: How much may be spent in one period, in cents; 100 cents or more.
            duration: Length of a period.
            strategy: How periods are counted.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendingLimitCreateResponse, any JSON: the documents call it `unknown`.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        # Warned of here and not by the decorator, which would import all of asyncio to wrap this, before Python 3.13.
        warn(
            "Deprecated: since mid-2026 the live service always answers 403, so that a limit can be neither made nor changed, only deleted. Spend limits of the single gateways, which are another API, replace it. While it worked, it refused accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
            DeprecationWarning,
            stacklevel=2,
        )
        from .api.ai_gateway_billing import spending_limit_create

        return self._client.send(
            spending_limit_create.call(account_id, amount=amount, duration=duration, strategy=strategy)
        )

    def delete(
        self,
        *,
        account_id: str | None = None,
    ) -> object:
        """Delete spending limit.

        Takes the account's spending limit away. Succeeds when there is none, too.

        Asks for `DELETE /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendingLimitDeleteResponse, any JSON: the documents call it `unknown`.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import spending_limit_delete

        return self._client.send(spending_limit_delete.call(account_id))


class AiGatewayBillingSpendingLimitResourceWithRawResponse:
    """The calls of `ai_gateway.billing.spending_limit`, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway.billing.spending_limit of {self._client!r}>"

    def get(
        self,
        *,
        account_id: str | None = None,
    ) -> Response[SpendingLimitGetResponse]:
        """Get spending limit.

        Reads the spending limit that the account has, if it has one. One that was set before mid-2026 stays
        until deleted.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendingLimitGetResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import spending_limit_get

        return self._client.send_detailed(spending_limit_get.call(account_id))

    @deprecated(
        "Deprecated: since mid-2026 the live service always answers 403, so that a limit can be neither made nor changed, only deleted. Spend limits of the single gateways, which are another API, replace it. While it worked, it refused accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
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
        """Set spending limit.

        Limits what the account may spend in a period of a given length. Deprecated: since mid-2026 the live
        service always answers 403, so that a limit can be neither made nor changed, only deleted. Spend limits
        of the single gateways, which are another API, replace it. While it worked, it refused accounts that had
        never topped up by hand (error code 1000, NO_MANUAL_TOPUP).

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write.

        Args:
            amount: How much may be spent in one period, in cents; 100 cents or more.
            duration: Length of a period.
            strategy: How periods are counted.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendingLimitCreateResponse, any JSON: the documents call it `unknown`.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        # Warned of here and not by the decorator, which would import all of asyncio to wrap this, before Python 3.13.
        warn(
            "Deprecated: since mid-2026 the live service always answers 403, so that a limit can be neither made nor changed, only deleted. Spend limits of the single gateways, which are another API, replace it. While it worked, it refused accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
            DeprecationWarning,
            stacklevel=2,
        )
        from .api.ai_gateway_billing import spending_limit_create

        return self._client.send_detailed(
            spending_limit_create.call(account_id, amount=amount, duration=duration, strategy=strategy)
        )

    def delete(
        self,
        *,
        account_id: str | None = None,
    ) -> Response[object]:
        """Delete spending limit.

        Takes the account's spending limit away. Succeeds when there is none, too.

        Asks for `DELETE /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendingLimitDeleteResponse, any JSON: the documents call it `unknown`.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import spending_limit_delete

        return self._client.send_detailed(spending_limit_delete.call(account_id))


class AsyncAiGatewayBillingSpendingLimitResource:
    """The calls of `ai_gateway.billing.spending_limit`, asynchronously."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway.billing.spending_limit of {self._client!r}>"

    @property
    def with_raw_response(self) -> AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse(self._client)

    async def get(
        self,
        *,
        account_id: str | None = None,
    ) -> SpendingLimitGetResponse:
        """Get spending limit.

        Reads the spending limit that the account has, if it has one. One that was set before mid-2026 stays
        until deleted.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendingLimitGetResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import spending_limit_get

        return await self._client.send(spending_limit_get.call(account_id))

    @deprecated(
        "Deprecated: since mid-2026 the live service always answers 403, so that a limit can be neither made nor changed, only deleted. Spend limits of the single gateways, which are another API, replace it. While it worked, it refused accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
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
        service always answers 403, so that a limit can be neither made nor changed, only deleted. Spend limits
        of the single gateways, which are another API, replace it. While it worked, it refused accounts that had
        never topped up by hand (error code 1000, NO_MANUAL_TOPUP).

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write.

        Args:
            amount: How much may be spent in one period, in cents; 100 cents or more.
            duration: Length of a period.
            strategy: How periods are counted.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendingLimitCreateResponse, any JSON: the documents call it `unknown`.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        # Warned of here and not by the decorator, which would import all of asyncio to wrap this, before Python 3.13.
        warn(
            "Deprecated: since mid-2026 the live service always answers 403, so that a limit can be neither made nor changed, only deleted. Spend limits of the single gateways, which are another API, replace it. While it worked, it refused accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
            DeprecationWarning,
            stacklevel=2,
        )
        from .api.ai_gateway_billing import spending_limit_create

        return await self._client.send(
            spending_limit_create.call(account_id, amount=amount, duration=duration, strategy=strategy)
        )

    async def delete(
        self,
        *,
        account_id: str | None = None,
    ) -> object:
        """Delete spending limit.

        Takes the account's spending limit away. Succeeds when there is none, too.

        Asks for `DELETE /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendingLimitDeleteResponse, any JSON: the documents call it `unknown`.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import spending_limit_delete

        return await self._client.send(spending_limit_delete.call(account_id))


class AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse:
    """The calls of `ai_gateway.billing.spending_limit`, asynchronously, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway.billing.spending_limit of {self._client!r}>"

    async def get(
        self,
        *,
        account_id: str | None = None,
    ) -> Response[SpendingLimitGetResponse]:
        """Get spending limit.

        Reads the spending limit that the account has, if it has one. One that was set before mid-2026 stays
        until deleted.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendingLimitGetResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import spending_limit_get

        return await self._client.send_detailed(spending_limit_get.call(account_id))

    @deprecated(
        "Deprecated: since mid-2026 the live service always answers 403, so that a limit can be neither made nor changed, only deleted. Spend limits of the single gateways, which are another API, replace it. While it worked, it refused accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
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
        """Set spending limit.

        Limits what the account may spend in a period of a given length. Deprecated: since mid-2026 the live
        service always answers 403, so that a limit can be neither made nor changed, only deleted. Spend limits
        of the single gateways, which are another API, replace it. While it worked, it refused accounts that had
        never topped up by hand (error code 1000, NO_MANUAL_TOPUP).

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write.

        Args:
            amount: How much may be spent in one period, in cents; 100 cents or more.
            duration: Length of a period.
            strategy: How periods are counted.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendingLimitCreateResponse, any JSON: the documents call it `unknown`.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        # Warned of here and not by the decorator, which would import all of asyncio to wrap this, before Python 3.13.
        warn(
            "Deprecated: since mid-2026 the live service always answers 403, so that a limit can be neither made nor changed, only deleted. Spend limits of the single gateways, which are another API, replace it. While it worked, it refused accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
            DeprecationWarning,
            stacklevel=2,
        )
        from .api.ai_gateway_billing import spending_limit_create

        return await self._client.send_detailed(
            spending_limit_create.call(account_id, amount=amount, duration=duration, strategy=strategy)
        )

    async def delete(
        self,
        *,
        account_id: str | None = None,
    ) -> Response[object]:
        """Delete spending limit.

        Takes the account's spending limit away. Succeeds when there is none, too.

        Asks for `DELETE /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendingLimitDeleteResponse, any JSON: the documents call it `unknown`.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import spending_limit_delete

        return await self._client.send_detailed(spending_limit_delete.call(account_id))


class AiGatewayBillingTopupResource(TopupMixin):
    """The calls of `ai_gateway.billing.topup`."""

    __slots__ = ("_client",)
    _client: Client

    def __init__(self, client: Client) -> None:
        self._client = client

    _call_of = staticmethod(call_of)

    def __repr__(self) -> str:
        return f"<ai_gateway.billing.topup of {self._client!r}>"

    @property
    def with_raw_response(self) -> AiGatewayBillingTopupResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AiGatewayBillingTopupResourceWithRawResponse(self._client)

    @property
    def config(self) -> AiGatewayBillingTopupConfigResource:
        """The calls below `config`."""
        return AiGatewayBillingTopupConfigResource(self._client)

    def create(
        self,
        *,
        amount: int,
        account_id: str | None = None,
    ) -> TopupCreateResponse:
        """Create a top-up.

        Buys credit by charging the account's default card, through a Stripe PaymentIntent. There is no
        idempotency key: sending the same top-up twice may charge twice. The payment settles after the answer;
        ask for its status.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup`. Needs the permission AI Gateway Write.

        Args:
            amount: How much credit to buy, in cents; 1000 cents or more.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupCreateResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ChargeOutcomeUnknown: When the card may have been charged. It is never sent again by itself.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_create

        return self._client.send(topup_create.call(account_id, amount=amount))

    def status(
        self,
        *,
        payment_intent_id: str,
        account_id: str | None = None,
    ) -> TopupStatusResponse:
        """Check top-up status.

        Tells whether the payment of a top-up has gone through; the top-up is named by its invoice.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup/status`. Needs the permission AI Gateway Write.

        Args:
            payment_intent_id: Id of the top-up's Stripe invoice (`in_...`), whatever the name says; invoice history
                lists it under this id.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupStatusResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_status

        return self._client.send(topup_status.call(account_id, payment_intent_id=payment_intent_id))

    def limits(
        self,
        *,
        account_id: str | None = None,
    ) -> TopupLimitsResponse:
        """Get top-up limits.

        Reads the smallest and the largest amount that one top-up may have.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/topup/limits`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupLimitsResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_limits

        return self._client.send(topup_limits.call(account_id))


class AiGatewayBillingTopupResourceWithRawResponse:
    """The calls of `ai_gateway.billing.topup`, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway.billing.topup of {self._client!r}>"

    @property
    def config(self) -> AiGatewayBillingTopupConfigResourceWithRawResponse:
        """The calls below `config`."""
        return AiGatewayBillingTopupConfigResourceWithRawResponse(self._client)

    def create(
        self,
        *,
        amount: int,
        account_id: str | None = None,
    ) -> Response[TopupCreateResponse]:
        """Create a top-up.

        Buys credit by charging the account's default card, through a Stripe PaymentIntent. There is no
        idempotency key: sending the same top-up twice may charge twice. The payment settles after the answer;
        ask for its status.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup`. Needs the permission AI Gateway Write.

        Args:
            amount: How much credit to buy, in cents; 1000 cents or more.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupCreateResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ChargeOutcomeUnknown: When the card may have been charged. It is never sent again by itself.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_create

        return self._client.send_detailed(topup_create.call(account_id, amount=amount))

    def status(
        self,
        *,
        payment_intent_id: str,
        account_id: str | None = None,
    ) -> Response[TopupStatusResponse]:
        """Check top-up status.

        Tells whether the payment of a top-up has gone through; the top-up is named by its invoice.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup/status`. Needs the permission AI Gateway Write.

        Args:
            payment_intent_id: Id of the top-up's Stripe invoice (`in_...`), whatever the name says; invoice history
                lists it under this id.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupStatusResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_status

        return self._client.send_detailed(topup_status.call(account_id, payment_intent_id=payment_intent_id))

    def limits(
        self,
        *,
        account_id: str | None = None,
    ) -> Response[TopupLimitsResponse]:
        """Get top-up limits.

        Reads the smallest and the largest amount that one top-up may have.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/topup/limits`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupLimitsResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_limits

        return self._client.send_detailed(topup_limits.call(account_id))


class AsyncAiGatewayBillingTopupResource(AsyncTopupMixin):
    """The calls of `ai_gateway.billing.topup`, asynchronously."""

    __slots__ = ("_client",)
    _client: AsyncClient

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    _call_of = staticmethod(call_of)

    def __repr__(self) -> str:
        return f"<ai_gateway.billing.topup of {self._client!r}>"

    @property
    def with_raw_response(self) -> AsyncAiGatewayBillingTopupResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncAiGatewayBillingTopupResourceWithRawResponse(self._client)

    @property
    def config(self) -> AsyncAiGatewayBillingTopupConfigResource:
        """The calls below `config`."""
        return AsyncAiGatewayBillingTopupConfigResource(self._client)

    async def create(
        self,
        *,
        amount: int,
        account_id: str | None = None,
    ) -> TopupCreateResponse:
        """Create a top-up.

        Buys credit by charging the account's default card, through a Stripe PaymentIntent. There is no
        idempotency key: sending the same top-up twice may charge twice. The payment settles after the answer;
        ask for its status.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup`. Needs the permission AI Gateway Write.

        Args:
            amount: How much credit to buy, in cents; 1000 cents or more.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupCreateResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ChargeOutcomeUnknown: When the card may have been charged. It is never sent again by itself.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_create

        return await self._client.send(topup_create.call(account_id, amount=amount))

    async def status(
        self,
        *,
        payment_intent_id: str,
        account_id: str | None = None,
    ) -> TopupStatusResponse:
        """Check top-up status.

        Tells whether the payment of a top-up has gone through; the top-up is named by its invoice.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup/status`. Needs the permission AI Gateway Write.

        Args:
            payment_intent_id: Id of the top-up's Stripe invoice (`in_...`), whatever the name says; invoice history
                lists it under this id.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupStatusResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_status

        return await self._client.send(topup_status.call(account_id, payment_intent_id=payment_intent_id))

    async def limits(
        self,
        *,
        account_id: str | None = None,
    ) -> TopupLimitsResponse:
        """Get top-up limits.

        Reads the smallest and the largest amount that one top-up may have.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/topup/limits`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupLimitsResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_limits

        return await self._client.send(topup_limits.call(account_id))


class AsyncAiGatewayBillingTopupResourceWithRawResponse:
    """The calls of `ai_gateway.billing.topup`, asynchronously, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway.billing.topup of {self._client!r}>"

    @property
    def config(self) -> AsyncAiGatewayBillingTopupConfigResourceWithRawResponse:
        """The calls below `config`."""
        return AsyncAiGatewayBillingTopupConfigResourceWithRawResponse(self._client)

    async def create(
        self,
        *,
        amount: int,
        account_id: str | None = None,
    ) -> Response[TopupCreateResponse]:
        """Create a top-up.

        Buys credit by charging the account's default card, through a Stripe PaymentIntent. There is no
        idempotency key: sending the same top-up twice may charge twice. The payment settles after the answer;
        ask for its status.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup`. Needs the permission AI Gateway Write.

        Args:
            amount: How much credit to buy, in cents; 1000 cents or more.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupCreateResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ChargeOutcomeUnknown: When the card may have been charged. It is never sent again by itself.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_create

        return await self._client.send_detailed(topup_create.call(account_id, amount=amount))

    async def status(
        self,
        *,
        payment_intent_id: str,
        account_id: str | None = None,
    ) -> Response[TopupStatusResponse]:
        """Check top-up status.

        Tells whether the payment of a top-up has gone through; the top-up is named by its invoice.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup/status`. Needs the permission AI Gateway Write.

        Args:
            payment_intent_id: Id of the top-up's Stripe invoice (`in_...`), whatever the name says; invoice history
                lists it under this id.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupStatusResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_status

        return await self._client.send_detailed(topup_status.call(account_id, payment_intent_id=payment_intent_id))

    async def limits(
        self,
        *,
        account_id: str | None = None,
    ) -> Response[TopupLimitsResponse]:
        """Get top-up limits.

        Reads the smallest and the largest amount that one top-up may have.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/topup/limits`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupLimitsResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import topup_limits

        return await self._client.send_detailed(topup_limits.call(account_id))


class AiGatewayBillingResource:
    """The calls of `ai_gateway.billing`."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway.billing of {self._client!r}>"

    @property
    def with_raw_response(self) -> AiGatewayBillingResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AiGatewayBillingResourceWithRawResponse(self._client)

    @property
    def spending_limit(self) -> AiGatewayBillingSpendingLimitResource:
        """The calls below `spending_limit`."""
        return AiGatewayBillingSpendingLimitResource(self._client)

    @property
    def topup(self) -> AiGatewayBillingTopupResource:
        """The calls below `topup`."""
        return AiGatewayBillingTopupResource(self._client)

    def credit_balance(
        self,
        *,
        account_id: str | None = None,
    ) -> BillingCreditBalanceResponse:
        """Get credit balance.

        Reads how much credit the account holds, which card pays for it, and how auto top-up is set. The balance
        may be below zero, because usage is metered after the call that caused it; without credit, gateways
        answer 402 (code 2021).

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/credit-balance`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingCreditBalanceResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import credit_balance

        return self._client.send(credit_balance.call(account_id))

    def usage_history(
        self,
        *,
        value_grouping_window: Literal["day", "hour"],
        end_time: datetime | float | None = None,
        start_time: datetime | float | None = None,
        account_id: str | None = None,
    ) -> BillingUsageHistoryResponse:
        """Get usage history.

        Reads metered usage, added up per hour or per day, between two points in time. Give both of them: the
        live service is reported to want both, though neither is required.

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
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import usage_history

        return self._client.send(
            usage_history.call(
                account_id, value_grouping_window=value_grouping_window, end_time=end_time, start_time=start_time
            )
        )

    def invoice_history(
        self,
        *,
        type: Literal["auto", "all", "manual"] | None = None,
        account_id: str | None = None,
    ) -> BillingInvoiceHistoryResponse:
        """Get invoice history.

        Lists past invoices, either all of them or those of one kind. The answer tells its page, but there is no
        way to ask for another one, and the order of the invoices is not laid down.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/invoice-history`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            type: Which invoices to list, those of automatic top-ups, those of manual ones, or both.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingInvoiceHistoryResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import invoice_history

        return self._client.send(invoice_history.call(account_id, type=type))

    def invoice_preview(
        self,
        *,
        account_id: str | None = None,
    ) -> BillingInvoicePreviewResponse:
        """Get invoice preview.

        Reads what the next invoice would say if it were drawn up now, with its lines and its tax.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/invoice-preview`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingInvoicePreviewResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import invoice_preview

        return self._client.send(invoice_preview.call(account_id))


class AiGatewayBillingResourceWithRawResponse:
    """The calls of `ai_gateway.billing`, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway.billing of {self._client!r}>"

    @property
    def spending_limit(self) -> AiGatewayBillingSpendingLimitResourceWithRawResponse:
        """The calls below `spending_limit`."""
        return AiGatewayBillingSpendingLimitResourceWithRawResponse(self._client)

    @property
    def topup(self) -> AiGatewayBillingTopupResourceWithRawResponse:
        """The calls below `topup`."""
        return AiGatewayBillingTopupResourceWithRawResponse(self._client)

    def credit_balance(
        self,
        *,
        account_id: str | None = None,
    ) -> Response[BillingCreditBalanceResponse]:
        """Get credit balance.

        Reads how much credit the account holds, which card pays for it, and how auto top-up is set. The balance
        may be below zero, because usage is metered after the call that caused it; without credit, gateways
        answer 402 (code 2021).

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/credit-balance`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingCreditBalanceResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import credit_balance

        return self._client.send_detailed(credit_balance.call(account_id))

    def usage_history(
        self,
        *,
        value_grouping_window: Literal["day", "hour"],
        end_time: datetime | float | None = None,
        start_time: datetime | float | None = None,
        account_id: str | None = None,
    ) -> Response[BillingUsageHistoryResponse]:
        """Get usage history.

        Reads metered usage, added up per hour or per day, between two points in time. Give both of them: the
        live service is reported to want both, though neither is required.

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
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import usage_history

        return self._client.send_detailed(
            usage_history.call(
                account_id, value_grouping_window=value_grouping_window, end_time=end_time, start_time=start_time
            )
        )

    def invoice_history(
        self,
        *,
        type: Literal["auto", "all", "manual"] | None = None,
        account_id: str | None = None,
    ) -> Response[BillingInvoiceHistoryResponse]:
        """Get invoice history.

        Lists past invoices, either all of them or those of one kind. The answer tells its page, but there is no
        way to ask for another one, and the order of the invoices is not laid down.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/invoice-history`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            type: Which invoices to list, those of automatic top-ups, those of manual ones, or both.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingInvoiceHistoryResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import invoice_history

        return self._client.send_detailed(invoice_history.call(account_id, type=type))

    def invoice_preview(
        self,
        *,
        account_id: str | None = None,
    ) -> Response[BillingInvoicePreviewResponse]:
        """Get invoice preview.

        Reads what the next invoice would say if it were drawn up now, with its lines and its tax.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/invoice-preview`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingInvoicePreviewResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import invoice_preview

        return self._client.send_detailed(invoice_preview.call(account_id))


class AsyncAiGatewayBillingResource:
    """The calls of `ai_gateway.billing`, asynchronously."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway.billing of {self._client!r}>"

    @property
    def with_raw_response(self) -> AsyncAiGatewayBillingResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncAiGatewayBillingResourceWithRawResponse(self._client)

    @property
    def spending_limit(self) -> AsyncAiGatewayBillingSpendingLimitResource:
        """The calls below `spending_limit`."""
        return AsyncAiGatewayBillingSpendingLimitResource(self._client)

    @property
    def topup(self) -> AsyncAiGatewayBillingTopupResource:
        """The calls below `topup`."""
        return AsyncAiGatewayBillingTopupResource(self._client)

    async def credit_balance(
        self,
        *,
        account_id: str | None = None,
    ) -> BillingCreditBalanceResponse:
        """Get credit balance.

        Reads how much credit the account holds, which card pays for it, and how auto top-up is set. The balance
        may be below zero, because usage is metered after the call that caused it; without credit, gateways
        answer 402 (code 2021).

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/credit-balance`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingCreditBalanceResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import credit_balance

        return await self._client.send(credit_balance.call(account_id))

    async def usage_history(
        self,
        *,
        value_grouping_window: Literal["day", "hour"],
        end_time: datetime | float | None = None,
        start_time: datetime | float | None = None,
        account_id: str | None = None,
    ) -> BillingUsageHistoryResponse:
        """Get usage history.

        Reads metered usage, added up per hour or per day, between two points in time. Give both of them: the
        live service is reported to want both, though neither is required.

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
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import usage_history

        return await self._client.send(
            usage_history.call(
                account_id, value_grouping_window=value_grouping_window, end_time=end_time, start_time=start_time
            )
        )

    async def invoice_history(
        self,
        *,
        type: Literal["auto", "all", "manual"] | None = None,
        account_id: str | None = None,
    ) -> BillingInvoiceHistoryResponse:
        """Get invoice history.

        Lists past invoices, either all of them or those of one kind. The answer tells its page, but there is no
        way to ask for another one, and the order of the invoices is not laid down.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/invoice-history`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            type: Which invoices to list, those of automatic top-ups, those of manual ones, or both.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingInvoiceHistoryResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import invoice_history

        return await self._client.send(invoice_history.call(account_id, type=type))

    async def invoice_preview(
        self,
        *,
        account_id: str | None = None,
    ) -> BillingInvoicePreviewResponse:
        """Get invoice preview.

        Reads what the next invoice would say if it were drawn up now, with its lines and its tax.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/invoice-preview`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingInvoicePreviewResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import invoice_preview

        return await self._client.send(invoice_preview.call(account_id))


class AsyncAiGatewayBillingResourceWithRawResponse:
    """The calls of `ai_gateway.billing`, asynchronously, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway.billing of {self._client!r}>"

    @property
    def spending_limit(self) -> AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse:
        """The calls below `spending_limit`."""
        return AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse(self._client)

    @property
    def topup(self) -> AsyncAiGatewayBillingTopupResourceWithRawResponse:
        """The calls below `topup`."""
        return AsyncAiGatewayBillingTopupResourceWithRawResponse(self._client)

    async def credit_balance(
        self,
        *,
        account_id: str | None = None,
    ) -> Response[BillingCreditBalanceResponse]:
        """Get credit balance.

        Reads how much credit the account holds, which card pays for it, and how auto top-up is set. The balance
        may be below zero, because usage is metered after the call that caused it; without credit, gateways
        answer 402 (code 2021).

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/credit-balance`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingCreditBalanceResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import credit_balance

        return await self._client.send_detailed(credit_balance.call(account_id))

    async def usage_history(
        self,
        *,
        value_grouping_window: Literal["day", "hour"],
        end_time: datetime | float | None = None,
        start_time: datetime | float | None = None,
        account_id: str | None = None,
    ) -> Response[BillingUsageHistoryResponse]:
        """Get usage history.

        Reads metered usage, added up per hour or per day, between two points in time. Give both of them: the
        live service is reported to want both, though neither is required.

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
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import usage_history

        return await self._client.send_detailed(
            usage_history.call(
                account_id, value_grouping_window=value_grouping_window, end_time=end_time, start_time=start_time
            )
        )

    async def invoice_history(
        self,
        *,
        type: Literal["auto", "all", "manual"] | None = None,
        account_id: str | None = None,
    ) -> Response[BillingInvoiceHistoryResponse]:
        """Get invoice history.

        Lists past invoices, either all of them or those of one kind. The answer tells its page, but there is no
        way to ask for another one, and the order of the invoices is not laid down.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/invoice-history`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            type: Which invoices to list, those of automatic top-ups, those of manual ones, or both.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingInvoiceHistoryResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import invoice_history

        return await self._client.send_detailed(invoice_history.call(account_id, type=type))

    async def invoice_preview(
        self,
        *,
        account_id: str | None = None,
    ) -> Response[BillingInvoicePreviewResponse]:
        """Get invoice preview.

        Reads what the next invoice would say if it were drawn up now, with its lines and its tax.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/invoice-preview`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            BillingInvoicePreviewResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is of no use; nothing was sent.
        """

        from .api.ai_gateway_billing import invoice_preview

        return await self._client.send_detailed(invoice_preview.call(account_id))


class AiGatewayResource:
    """The calls of `ai_gateway`."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway of {self._client!r}>"

    @property
    def with_raw_response(self) -> AiGatewayResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AiGatewayResourceWithRawResponse(self._client)

    @property
    def billing(self) -> AiGatewayBillingResource:
        """The calls below `billing`."""
        return AiGatewayBillingResource(self._client)


class AiGatewayResourceWithRawResponse:
    """The calls of `ai_gateway`, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway of {self._client!r}>"

    @property
    def billing(self) -> AiGatewayBillingResourceWithRawResponse:
        """The calls below `billing`."""
        return AiGatewayBillingResourceWithRawResponse(self._client)


class AsyncAiGatewayResource:
    """The calls of `ai_gateway`, asynchronously."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway of {self._client!r}>"

    @property
    def with_raw_response(self) -> AsyncAiGatewayResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncAiGatewayResourceWithRawResponse(self._client)

    @property
    def billing(self) -> AsyncAiGatewayBillingResource:
        """The calls below `billing`."""
        return AsyncAiGatewayBillingResource(self._client)


class AsyncAiGatewayResourceWithRawResponse:
    """The calls of `ai_gateway`, asynchronously, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<ai_gateway of {self._client!r}>"

    @property
    def billing(self) -> AsyncAiGatewayBillingResourceWithRawResponse:
        """The calls below `billing`."""
        return AsyncAiGatewayBillingResourceWithRawResponse(self._client)
