# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The calls of `ai_gateway.billing.topup`: synchronous and asynchronous, each also with the raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_charges import AsyncTopupMixin, TopupMixin
from aig_billing_runtime.deprecation import deprecated as _deprecated
from aig_billing_runtime.resource import Resource as _Resource

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ..client import AsyncClient, Client  # noqa: F401 - named in quotes
    from ..models.topup_create_response import TopupCreateResponse
    from ..models.topup_limits_response import TopupLimitsResponse
    from ..models.topup_status_response import TopupStatusResponse
    from .ai_gateway_billing_topup_config import (
        AiGatewayBillingTopupConfigResource,
        AiGatewayBillingTopupConfigResourceWithRawResponse,
        AsyncAiGatewayBillingTopupConfigResource,
        AsyncAiGatewayBillingTopupConfigResourceWithRawResponse,
    )


class AiGatewayBillingTopupResource(TopupMixin, _Resource["Client"], group="ai_gateway.billing.topup"):
    """The calls of `ai_gateway.billing.topup`."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AiGatewayBillingTopupResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AiGatewayBillingTopupResourceWithRawResponse(self._client)

    @property
    def config(self) -> AiGatewayBillingTopupConfigResource:
        """The calls below `config`."""
        from .ai_gateway_billing_topup_config import AiGatewayBillingTopupConfigResource

        return AiGatewayBillingTopupConfigResource(self._client)

    def create(
        self, *, amount: int, payment_method_id: str | None = None, account_id: str | None = None
    ) -> TopupCreateResponse:
        """Create a top-up.

        Buys credit by charging the account's default card, or the payment method that is given, through a
        Stripe PaymentIntent. Cloudflare adds a fee of 5 %: $100 of credit is a charge of $105; tax may come on
        top. There is no idempotency key: sending the same top-up twice may charge twice. The payment settles
        after the answer; ask for its status.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup`. Needs the permission AI Gateway Write.

        Args:
            amount: How much credit to buy, in cents; 1000 cents or more.
            payment_method_id: Id of the Stripe PaymentMethod to charge (`pm_...`); the account's default when left
                out.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupCreateResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ChargeOutcomeUnknown: When the card may have been charged. It is never sent again by itself.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import topup_create as _operation

        return self._client.send(_operation.call(account_id, amount=amount, payment_method_id=payment_method_id))

    def status(self, *, payment_intent_id: str, account_id: str | None = None) -> TopupStatusResponse:
        """Check top-up status.

        Tells whether the payment of a top-up has gone through; the top-up is named by its invoice.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup/status`. Needs the permission AI Gateway Write.

        Args:
            payment_intent_id: Id of the top-up's Stripe invoice (`in_...`), despite the name; invoice history lists
                it under this id.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupStatusResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import topup_status as _operation

        return self._client.send(_operation.call(account_id, payment_intent_id=payment_intent_id))

    @_deprecated(
        "Deprecated: Cloudflare points to `manual_topup.limits` in the answer of `GET /topup/eligibility`, whose form is not published yet. Do without the limits where this call is gone.",
        category=None,
    )
    def limits(self, *, account_id: str | None = None) -> TopupLimitsResponse:
        """Get top-up limits.

        Reads the smallest and the largest amount that one top-up may have. Deprecated: Cloudflare points to
        `manual_topup.limits` in the answer of `GET /topup/eligibility`, whose form is not published yet. Do
        without the limits where this call is gone.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/topup/limits`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupLimitsResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import topup_limits as _operation

        return self._client.send(_operation.call(account_id))


class AiGatewayBillingTopupResourceWithRawResponse(_Resource["Client"], group="ai_gateway.billing.topup"):
    """The calls of `ai_gateway.billing.topup`, with the whole answer."""

    __slots__ = ()

    @property
    def config(self) -> AiGatewayBillingTopupConfigResourceWithRawResponse:
        """The calls below `config`."""
        from .ai_gateway_billing_topup_config import AiGatewayBillingTopupConfigResourceWithRawResponse

        return AiGatewayBillingTopupConfigResourceWithRawResponse(self._client)

    def create(
        self, *, amount: int, payment_method_id: str | None = None, account_id: str | None = None
    ) -> Response[TopupCreateResponse]:
        """Like `ai_gateway.billing.topup.create`, with the whole answer."""
        from ..api.ai_gateway_billing import topup_create as _operation

        return self._client.send_detailed(
            _operation.call(account_id, amount=amount, payment_method_id=payment_method_id)
        )

    def status(self, *, payment_intent_id: str, account_id: str | None = None) -> Response[TopupStatusResponse]:
        """Like `ai_gateway.billing.topup.status`, with the whole answer."""
        from ..api.ai_gateway_billing import topup_status as _operation

        return self._client.send_detailed(_operation.call(account_id, payment_intent_id=payment_intent_id))

    @_deprecated(
        "Deprecated: Cloudflare points to `manual_topup.limits` in the answer of `GET /topup/eligibility`, whose form is not published yet. Do without the limits where this call is gone.",
        category=None,
    )
    def limits(self, *, account_id: str | None = None) -> Response[TopupLimitsResponse]:
        """Like `ai_gateway.billing.topup.limits`, with the whole answer."""
        from ..api.ai_gateway_billing import topup_limits as _operation

        return self._client.send_detailed(_operation.call(account_id))


class AsyncAiGatewayBillingTopupResource(AsyncTopupMixin, _Resource["AsyncClient"], group="ai_gateway.billing.topup"):
    """The calls of `ai_gateway.billing.topup`, asynchronously."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AsyncAiGatewayBillingTopupResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncAiGatewayBillingTopupResourceWithRawResponse(self._client)

    @property
    def config(self) -> AsyncAiGatewayBillingTopupConfigResource:
        """The calls below `config`."""
        from .ai_gateway_billing_topup_config import AsyncAiGatewayBillingTopupConfigResource

        return AsyncAiGatewayBillingTopupConfigResource(self._client)

    async def create(
        self, *, amount: int, payment_method_id: str | None = None, account_id: str | None = None
    ) -> TopupCreateResponse:
        """Create a top-up.

        Buys credit by charging the account's default card, or the payment method that is given, through a
        Stripe PaymentIntent. Cloudflare adds a fee of 5 %: $100 of credit is a charge of $105; tax may come on
        top. There is no idempotency key: sending the same top-up twice may charge twice. The payment settles
        after the answer; ask for its status.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup`. Needs the permission AI Gateway Write.

        Args:
            amount: How much credit to buy, in cents; 1000 cents or more.
            payment_method_id: Id of the Stripe PaymentMethod to charge (`pm_...`); the account's default when left
                out.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupCreateResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ChargeOutcomeUnknown: When the card may have been charged. It is never sent again by itself.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import topup_create as _operation

        return await self._client.send(_operation.call(account_id, amount=amount, payment_method_id=payment_method_id))

    async def status(self, *, payment_intent_id: str, account_id: str | None = None) -> TopupStatusResponse:
        """Check top-up status.

        Tells whether the payment of a top-up has gone through; the top-up is named by its invoice.

        Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup/status`. Needs the permission AI Gateway Write.

        Args:
            payment_intent_id: Id of the top-up's Stripe invoice (`in_...`), despite the name; invoice history lists
                it under this id.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupStatusResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import topup_status as _operation

        return await self._client.send(_operation.call(account_id, payment_intent_id=payment_intent_id))

    @_deprecated(
        "Deprecated: Cloudflare points to `manual_topup.limits` in the answer of `GET /topup/eligibility`, whose form is not published yet. Do without the limits where this call is gone.",
        category=None,
    )
    async def limits(self, *, account_id: str | None = None) -> TopupLimitsResponse:
        """Get top-up limits.

        Reads the smallest and the largest amount that one top-up may have. Deprecated: Cloudflare points to
        `manual_topup.limits` in the answer of `GET /topup/eligibility`, whose form is not published yet. Do
        without the limits where this call is gone.

        Asks for `GET /accounts/{account_id}/ai-gateway/billing/topup/limits`. Needs the permission AI Gateway Write or AI Gateway Read.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupLimitsResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.ai_gateway_billing import topup_limits as _operation

        return await self._client.send(_operation.call(account_id))


class AsyncAiGatewayBillingTopupResourceWithRawResponse(_Resource["AsyncClient"], group="ai_gateway.billing.topup"):
    """The calls of `ai_gateway.billing.topup`, asynchronously, with the whole answer."""

    __slots__ = ()

    @property
    def config(self) -> AsyncAiGatewayBillingTopupConfigResourceWithRawResponse:
        """The calls below `config`."""
        from .ai_gateway_billing_topup_config import AsyncAiGatewayBillingTopupConfigResourceWithRawResponse

        return AsyncAiGatewayBillingTopupConfigResourceWithRawResponse(self._client)

    async def create(
        self, *, amount: int, payment_method_id: str | None = None, account_id: str | None = None
    ) -> Response[TopupCreateResponse]:
        """Like `ai_gateway.billing.topup.create`, with the whole answer."""
        from ..api.ai_gateway_billing import topup_create as _operation

        return await self._client.send_detailed(
            _operation.call(account_id, amount=amount, payment_method_id=payment_method_id)
        )

    async def status(self, *, payment_intent_id: str, account_id: str | None = None) -> Response[TopupStatusResponse]:
        """Like `ai_gateway.billing.topup.status`, with the whole answer."""
        from ..api.ai_gateway_billing import topup_status as _operation

        return await self._client.send_detailed(_operation.call(account_id, payment_intent_id=payment_intent_id))

    @_deprecated(
        "Deprecated: Cloudflare points to `manual_topup.limits` in the answer of `GET /topup/eligibility`, whose form is not published yet. Do without the limits where this call is gone.",
        category=None,
    )
    async def limits(self, *, account_id: str | None = None) -> Response[TopupLimitsResponse]:
        """Like `ai_gateway.billing.topup.limits`, with the whole answer."""
        from ..api.ai_gateway_billing import topup_limits as _operation

        return await self._client.send_detailed(_operation.call(account_id))
