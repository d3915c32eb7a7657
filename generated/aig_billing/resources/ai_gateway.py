# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The calls of `ai_gateway`: synchronous and asynchronous, each also with the raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.resource import Resource as _Resource
from aig_billing_spend_limits import AsyncSpendLimitsMixin, SpendLimitsMixin

if TYPE_CHECKING:
    import builtins

    from aig_billing_runtime.response import Response

    from ..client import AsyncClient, Client  # noqa: F401 - named in quotes
    from ..models.gateway import Gateway
    from ..models.gateway_update_body import GatewayUpdateBody
    from .ai_gateway_billing import (
        AiGatewayBillingResource,
        AiGatewayBillingResourceWithRawResponse,
        AsyncAiGatewayBillingResource,
        AsyncAiGatewayBillingResourceWithRawResponse,
    )


class AiGatewayResource(SpendLimitsMixin, _Resource["Client"], group="ai_gateway"):
    """The calls of `ai_gateway`."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AiGatewayResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AiGatewayResourceWithRawResponse(self._client)

    @property
    def billing(self) -> AiGatewayBillingResource:
        """The calls below `billing`."""
        from .ai_gateway_billing import AiGatewayBillingResource

        return AiGatewayBillingResource(self._client)

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        search: str | None = None,
        account_id: str | None = None,
    ) -> builtins.list[Gateway]:
        """List gateways.

        Lists the gateways of the account, one page of them.

        Asks for `GET /accounts/{account_id}/ai-gateway/gateways`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            page: Number of the page, from 1.
            per_page: How many gateways a page holds.
            search: List only gateways whose id contains this.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            list[Gateway].

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway import list_ as _operation

        return self._client.send(_operation.call(account_id, page=page, per_page=per_page, search=search))

    def get(self, *, id: str, account_id: str | None = None) -> Gateway:
        """Get a gateway.

        Reads a gateway with all its settings.

        Asks for `GET /accounts/{account_id}/ai-gateway/gateways/{id}`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.
            id: Name of the gateway, which is its id.

        Returns:
            Gateway.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway import get as _operation

        return self._client.send(_operation.call(account_id, id))

    def update(self, *, id: str, body: GatewayUpdateBody, account_id: str | None = None) -> Gateway:
        """Replace a gateway.

        Replaces the settings of a gateway. A setting that is left out may be reset, so read the gateway first
        and send all of its settings back. To change its spend limits alone, use
        `client.ai_gateway.spend_limits`.

        Asks for `PUT /accounts/{account_id}/ai-gateway/gateways/{id}`. Needs the permission AI Gateway Write.

        Args:
            body: All settings of the gateway.
            account_id: Id of the Cloudflare account. The client's own if it is not given.
            id: Name of the gateway, which is its id.

        Returns:
            Gateway.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway import update as _operation

        return self._client.send(_operation.call(account_id, id, body=body))


class AiGatewayResourceWithRawResponse(_Resource["Client"], group="ai_gateway"):
    """The calls of `ai_gateway`, with the whole answer."""

    __slots__ = ()

    @property
    def billing(self) -> AiGatewayBillingResourceWithRawResponse:
        """The calls below `billing`."""
        from .ai_gateway_billing import AiGatewayBillingResourceWithRawResponse

        return AiGatewayBillingResourceWithRawResponse(self._client)

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        search: str | None = None,
        account_id: str | None = None,
    ) -> Response[builtins.list[Gateway]]:
        """Like `ai_gateway.list`, with the whole answer."""
        from ..api.ai_gateway import list_ as _operation

        return self._client.send_detailed(_operation.call(account_id, page=page, per_page=per_page, search=search))

    def get(self, *, id: str, account_id: str | None = None) -> Response[Gateway]:
        """Like `ai_gateway.get`, with the whole answer."""
        from ..api.ai_gateway import get as _operation

        return self._client.send_detailed(_operation.call(account_id, id))

    def update(self, *, id: str, body: GatewayUpdateBody, account_id: str | None = None) -> Response[Gateway]:
        """Like `ai_gateway.update`, with the whole answer."""
        from ..api.ai_gateway import update as _operation

        return self._client.send_detailed(_operation.call(account_id, id, body=body))


class AsyncAiGatewayResource(AsyncSpendLimitsMixin, _Resource["AsyncClient"], group="ai_gateway"):
    """The calls of `ai_gateway`, asynchronously."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AsyncAiGatewayResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncAiGatewayResourceWithRawResponse(self._client)

    @property
    def billing(self) -> AsyncAiGatewayBillingResource:
        """The calls below `billing`."""
        from .ai_gateway_billing import AsyncAiGatewayBillingResource

        return AsyncAiGatewayBillingResource(self._client)

    async def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        search: str | None = None,
        account_id: str | None = None,
    ) -> builtins.list[Gateway]:
        """List gateways.

        Lists the gateways of the account, one page of them.

        Asks for `GET /accounts/{account_id}/ai-gateway/gateways`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            page: Number of the page, from 1.
            per_page: How many gateways a page holds.
            search: List only gateways whose id contains this.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            list[Gateway].

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway import list_ as _operation

        return await self._client.send(_operation.call(account_id, page=page, per_page=per_page, search=search))

    async def get(self, *, id: str, account_id: str | None = None) -> Gateway:
        """Get a gateway.

        Reads a gateway with all its settings.

        Asks for `GET /accounts/{account_id}/ai-gateway/gateways/{id}`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.
            id: Name of the gateway, which is its id.

        Returns:
            Gateway.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway import get as _operation

        return await self._client.send(_operation.call(account_id, id))

    async def update(self, *, id: str, body: GatewayUpdateBody, account_id: str | None = None) -> Gateway:
        """Replace a gateway.

        Replaces the settings of a gateway. A setting that is left out may be reset, so read the gateway first
        and send all of its settings back. To change its spend limits alone, use
        `client.ai_gateway.spend_limits`.

        Asks for `PUT /accounts/{account_id}/ai-gateway/gateways/{id}`. Needs the permission AI Gateway Write.

        Args:
            body: All settings of the gateway.
            account_id: Id of the Cloudflare account. The client's own if it is not given.
            id: Name of the gateway, which is its id.

        Returns:
            Gateway.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway import update as _operation

        return await self._client.send(_operation.call(account_id, id, body=body))


class AsyncAiGatewayResourceWithRawResponse(_Resource["AsyncClient"], group="ai_gateway"):
    """The calls of `ai_gateway`, asynchronously, with the whole answer."""

    __slots__ = ()

    @property
    def billing(self) -> AsyncAiGatewayBillingResourceWithRawResponse:
        """The calls below `billing`."""
        from .ai_gateway_billing import AsyncAiGatewayBillingResourceWithRawResponse

        return AsyncAiGatewayBillingResourceWithRawResponse(self._client)

    async def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        search: str | None = None,
        account_id: str | None = None,
    ) -> Response[builtins.list[Gateway]]:
        """Like `ai_gateway.list`, with the whole answer."""
        from ..api.ai_gateway import list_ as _operation

        return await self._client.send_detailed(
            _operation.call(account_id, page=page, per_page=per_page, search=search)
        )

    async def get(self, *, id: str, account_id: str | None = None) -> Response[Gateway]:
        """Like `ai_gateway.get`, with the whole answer."""
        from ..api.ai_gateway import get as _operation

        return await self._client.send_detailed(_operation.call(account_id, id))

    async def update(self, *, id: str, body: GatewayUpdateBody, account_id: str | None = None) -> Response[Gateway]:
        """Like `ai_gateway.update`, with the whole answer."""
        from ..api.ai_gateway import update as _operation

        return await self._client.send_detailed(_operation.call(account_id, id, body=body))
