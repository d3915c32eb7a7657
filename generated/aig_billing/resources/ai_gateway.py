# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The calls of `ai_gateway`: synchronous and asynchronous, each also with the raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..client import AsyncClient, Client
    from .ai_gateway_billing import (
        AiGatewayBillingResource,
        AiGatewayBillingResourceWithRawResponse,
        AsyncAiGatewayBillingResource,
        AsyncAiGatewayBillingResourceWithRawResponse,
    )


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
        from .ai_gateway_billing import AiGatewayBillingResource

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
        from .ai_gateway_billing import AiGatewayBillingResourceWithRawResponse

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
        from .ai_gateway_billing import AsyncAiGatewayBillingResource

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
        from .ai_gateway_billing import AsyncAiGatewayBillingResourceWithRawResponse

        return AsyncAiGatewayBillingResourceWithRawResponse(self._client)
