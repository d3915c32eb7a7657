# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The calls of `ai_gateway.billing.topup.config`: synchronous and asynchronous, each also with the raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.resource import Resource as _Resource

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ..client import AsyncClient, Client  # noqa: F401 - named in quotes
    from ..models.config_create_response import ConfigCreateResponse
    from ..models.config_get_response import ConfigGetResponse


class AiGatewayBillingTopupConfigResource(_Resource["Client"], group="ai_gateway.billing.topup.config"):
    """The calls of `ai_gateway.billing.topup.config`."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AiGatewayBillingTopupConfigResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AiGatewayBillingTopupConfigResourceWithRawResponse(self._client)

    def get(self, *, account_id: str | None = None) -> ConfigGetResponse:
        """Get auto top-up configuration.

        Reads when auto top-up buys credit, how much it buys, and what went wrong with it, if anything did.
        Unlike changing it, reading it works with an API token.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigGetResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import topup_config_get as _operation

        return self._client.send(_operation.call(account_id))

    def create(self, *, amount: int, threshold: int, account_id: str | None = None) -> ConfigCreateResponse:
        """Set auto top-up configuration.

        Switches auto top-up on: when the balance falls below `threshold`, `amount` is bought. For dashboard
        sessions only: API tokens, OAuth and service credentials are answered 403, so no program can do this.
        Setting it does not charge the card; a later fall of the balance below the threshold does.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write.

        Args:
            amount: How much one auto top-up buys, in cents; 1000 cents or more.
            threshold: Balance below which an auto top-up is made, in cents; 500 cents or more.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigCreateResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import topup_config_create as _operation

        return self._client.send(_operation.call(account_id, amount=amount, threshold=threshold))

    def delete(self, *, account_id: str | None = None) -> object:
        """Delete auto top-up configuration.

        Switches auto top-up off by removing its configuration. For dashboard sessions only: API tokens, OAuth
        and service credentials are answered 403, so no program can do this.

        Asks for `DELETE /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            object, any JSON: the document does not say what.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import topup_config_delete as _operation

        return self._client.send(_operation.call(account_id))


class AiGatewayBillingTopupConfigResourceWithRawResponse(_Resource["Client"], group="ai_gateway.billing.topup.config"):
    """The calls of `ai_gateway.billing.topup.config`, with the whole answer."""

    __slots__ = ()

    def get(self, *, account_id: str | None = None) -> Response[ConfigGetResponse]:
        """Like `ai_gateway.billing.topup.config.get`, with the whole answer."""
        from ..api.ai_gateway_billing import topup_config_get as _operation

        return self._client.send_detailed(_operation.call(account_id))

    def create(self, *, amount: int, threshold: int, account_id: str | None = None) -> Response[ConfigCreateResponse]:
        """Like `ai_gateway.billing.topup.config.create`, with the whole answer."""
        from ..api.ai_gateway_billing import topup_config_create as _operation

        return self._client.send_detailed(_operation.call(account_id, amount=amount, threshold=threshold))

    def delete(self, *, account_id: str | None = None) -> Response[object]:
        """Like `ai_gateway.billing.topup.config.delete`, with the whole answer."""
        from ..api.ai_gateway_billing import topup_config_delete as _operation

        return self._client.send_detailed(_operation.call(account_id))


class AsyncAiGatewayBillingTopupConfigResource(_Resource["AsyncClient"], group="ai_gateway.billing.topup.config"):
    """The calls of `ai_gateway.billing.topup.config`, asynchronously."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AsyncAiGatewayBillingTopupConfigResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncAiGatewayBillingTopupConfigResourceWithRawResponse(self._client)

    async def get(self, *, account_id: str | None = None) -> ConfigGetResponse:
        """Get auto top-up configuration.

        Reads when auto top-up buys credit, how much it buys, and what went wrong with it, if anything did.
        Unlike changing it, reading it works with an API token.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigGetResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import topup_config_get as _operation

        return await self._client.send(_operation.call(account_id))

    async def create(self, *, amount: int, threshold: int, account_id: str | None = None) -> ConfigCreateResponse:
        """Set auto top-up configuration.

        Switches auto top-up on: when the balance falls below `threshold`, `amount` is bought. For dashboard
        sessions only: API tokens, OAuth and service credentials are answered 403, so no program can do this.
        Setting it does not charge the card; a later fall of the balance below the threshold does.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write.

        Args:
            amount: How much one auto top-up buys, in cents; 1000 cents or more.
            threshold: Balance below which an auto top-up is made, in cents; 500 cents or more.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            ConfigCreateResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import topup_config_create as _operation

        return await self._client.send(_operation.call(account_id, amount=amount, threshold=threshold))

    async def delete(self, *, account_id: str | None = None) -> object:
        """Delete auto top-up configuration.

        Switches auto top-up off by removing its configuration. For dashboard sessions only: API tokens, OAuth
        and service credentials are answered 403, so no program can do this.

        Asks for `DELETE /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            object, any JSON: the document does not say what.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import topup_config_delete as _operation

        return await self._client.send(_operation.call(account_id))


class AsyncAiGatewayBillingTopupConfigResourceWithRawResponse(
    _Resource["AsyncClient"], group="ai_gateway.billing.topup.config"
):
    """The calls of `ai_gateway.billing.topup.config`, asynchronously, with the whole answer."""

    __slots__ = ()

    async def get(self, *, account_id: str | None = None) -> Response[ConfigGetResponse]:
        """Like `ai_gateway.billing.topup.config.get`, with the whole answer."""
        from ..api.ai_gateway_billing import topup_config_get as _operation

        return await self._client.send_detailed(_operation.call(account_id))

    async def create(
        self, *, amount: int, threshold: int, account_id: str | None = None
    ) -> Response[ConfigCreateResponse]:
        """Like `ai_gateway.billing.topup.config.create`, with the whole answer."""
        from ..api.ai_gateway_billing import topup_config_create as _operation

        return await self._client.send_detailed(_operation.call(account_id, amount=amount, threshold=threshold))

    async def delete(self, *, account_id: str | None = None) -> Response[object]:
        """Like `ai_gateway.billing.topup.config.delete`, with the whole answer."""
        from ..api.ai_gateway_billing import topup_config_delete as _operation

        return await self._client.send_detailed(_operation.call(account_id))
