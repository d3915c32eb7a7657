# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The clients that people import: `Client` and `AsyncClient`, each with the tree of calls that the documents show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.async_client import AsyncioClient
from aig_billing_runtime.client import SyncClient

if TYPE_CHECKING:
    from .resources import (
        AccountsResource,
        AiGatewayResource,
        AsyncAccountsResource,
        AsyncAiGatewayResource,
        AsyncUserResource,
        UserResource,
    )


class Client(SyncClient):
    """The client: `with Client() as client: client.ai_gateway.billing.credit_balance()`. Safe to share among threads."""

    default_base_url = "https://api.cloudflare.com/client/v4"

    @property
    def accounts(self) -> AccountsResource:
        """The calls below `accounts`."""
        from .resources import AccountsResource

        return AccountsResource(self)

    @property
    def ai_gateway(self) -> AiGatewayResource:
        """The calls below `ai_gateway`."""
        from .resources import AiGatewayResource

        return AiGatewayResource(self)

    @property
    def user(self) -> UserResource:
        """The calls below `user`."""
        from .resources import UserResource

        return UserResource(self)


class AsyncClient(AsyncioClient):
    """The asynchronous client: `async with AsyncClient() as client: await client.ai_gateway.billing.credit_balance()`."""

    default_base_url = "https://api.cloudflare.com/client/v4"

    @property
    def accounts(self) -> AsyncAccountsResource:
        """The calls below `accounts`."""
        from .resources import AsyncAccountsResource

        return AsyncAccountsResource(self)

    @property
    def ai_gateway(self) -> AsyncAiGatewayResource:
        """The calls below `ai_gateway`."""
        from .resources import AsyncAiGatewayResource

        return AsyncAiGatewayResource(self)

    @property
    def user(self) -> AsyncUserResource:
        """The calls below `user`."""
        from .resources import AsyncUserResource

        return AsyncUserResource(self)
