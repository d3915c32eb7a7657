# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The tree of calls, as the documents show it: one module for each resource, loaded when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .accounts import AccountsResource as AccountsResource
    from .accounts import AccountsResourceWithRawResponse as AccountsResourceWithRawResponse
    from .accounts import AsyncAccountsResource as AsyncAccountsResource
    from .accounts import AsyncAccountsResourceWithRawResponse as AsyncAccountsResourceWithRawResponse
    from .accounts_tokens import AccountsTokensResource as AccountsTokensResource
    from .accounts_tokens import AccountsTokensResourceWithRawResponse as AccountsTokensResourceWithRawResponse
    from .accounts_tokens import AsyncAccountsTokensResource as AsyncAccountsTokensResource
    from .accounts_tokens import (
        AsyncAccountsTokensResourceWithRawResponse as AsyncAccountsTokensResourceWithRawResponse,
    )
    from .ai_gateway import AiGatewayResource as AiGatewayResource
    from .ai_gateway import AiGatewayResourceWithRawResponse as AiGatewayResourceWithRawResponse
    from .ai_gateway import AsyncAiGatewayResource as AsyncAiGatewayResource
    from .ai_gateway import AsyncAiGatewayResourceWithRawResponse as AsyncAiGatewayResourceWithRawResponse
    from .ai_gateway_billing import AiGatewayBillingResource as AiGatewayBillingResource
    from .ai_gateway_billing import AiGatewayBillingResourceWithRawResponse as AiGatewayBillingResourceWithRawResponse
    from .ai_gateway_billing import AsyncAiGatewayBillingResource as AsyncAiGatewayBillingResource
    from .ai_gateway_billing import (
        AsyncAiGatewayBillingResourceWithRawResponse as AsyncAiGatewayBillingResourceWithRawResponse,
    )
    from .ai_gateway_billing_spending_limit import (
        AiGatewayBillingSpendingLimitResource as AiGatewayBillingSpendingLimitResource,
    )
    from .ai_gateway_billing_spending_limit import (
        AiGatewayBillingSpendingLimitResourceWithRawResponse as AiGatewayBillingSpendingLimitResourceWithRawResponse,
    )
    from .ai_gateway_billing_spending_limit import (
        AsyncAiGatewayBillingSpendingLimitResource as AsyncAiGatewayBillingSpendingLimitResource,
    )
    from .ai_gateway_billing_spending_limit import (
        AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse as AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse,
    )
    from .ai_gateway_billing_topup import AiGatewayBillingTopupResource as AiGatewayBillingTopupResource
    from .ai_gateway_billing_topup import (
        AiGatewayBillingTopupResourceWithRawResponse as AiGatewayBillingTopupResourceWithRawResponse,
    )
    from .ai_gateway_billing_topup import AsyncAiGatewayBillingTopupResource as AsyncAiGatewayBillingTopupResource
    from .ai_gateway_billing_topup import (
        AsyncAiGatewayBillingTopupResourceWithRawResponse as AsyncAiGatewayBillingTopupResourceWithRawResponse,
    )
    from .ai_gateway_billing_topup_config import (
        AiGatewayBillingTopupConfigResource as AiGatewayBillingTopupConfigResource,
    )
    from .ai_gateway_billing_topup_config import (
        AiGatewayBillingTopupConfigResourceWithRawResponse as AiGatewayBillingTopupConfigResourceWithRawResponse,
    )
    from .ai_gateway_billing_topup_config import (
        AsyncAiGatewayBillingTopupConfigResource as AsyncAiGatewayBillingTopupConfigResource,
    )
    from .ai_gateway_billing_topup_config import (
        AsyncAiGatewayBillingTopupConfigResourceWithRawResponse as AsyncAiGatewayBillingTopupConfigResourceWithRawResponse,
    )
    from .user import AsyncUserResource as AsyncUserResource
    from .user import AsyncUserResourceWithRawResponse as AsyncUserResourceWithRawResponse
    from .user import UserResource as UserResource
    from .user import UserResourceWithRawResponse as UserResourceWithRawResponse
    from .user_tokens import AsyncUserTokensResource as AsyncUserTokensResource
    from .user_tokens import AsyncUserTokensResourceWithRawResponse as AsyncUserTokensResourceWithRawResponse
    from .user_tokens import UserTokensResource as UserTokensResource
    from .user_tokens import UserTokensResourceWithRawResponse as UserTokensResourceWithRawResponse

_MODULES: dict[str, str] = {
    "AccountsResource": "accounts",
    "AccountsResourceWithRawResponse": "accounts",
    "AsyncAccountsResource": "accounts",
    "AsyncAccountsResourceWithRawResponse": "accounts",
    "AccountsTokensResource": "accounts_tokens",
    "AccountsTokensResourceWithRawResponse": "accounts_tokens",
    "AsyncAccountsTokensResource": "accounts_tokens",
    "AsyncAccountsTokensResourceWithRawResponse": "accounts_tokens",
    "AiGatewayResource": "ai_gateway",
    "AiGatewayResourceWithRawResponse": "ai_gateway",
    "AsyncAiGatewayResource": "ai_gateway",
    "AsyncAiGatewayResourceWithRawResponse": "ai_gateway",
    "AiGatewayBillingResource": "ai_gateway_billing",
    "AiGatewayBillingResourceWithRawResponse": "ai_gateway_billing",
    "AsyncAiGatewayBillingResource": "ai_gateway_billing",
    "AsyncAiGatewayBillingResourceWithRawResponse": "ai_gateway_billing",
    "AiGatewayBillingSpendingLimitResource": "ai_gateway_billing_spending_limit",
    "AiGatewayBillingSpendingLimitResourceWithRawResponse": "ai_gateway_billing_spending_limit",
    "AsyncAiGatewayBillingSpendingLimitResource": "ai_gateway_billing_spending_limit",
    "AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse": "ai_gateway_billing_spending_limit",
    "AiGatewayBillingTopupResource": "ai_gateway_billing_topup",
    "AiGatewayBillingTopupResourceWithRawResponse": "ai_gateway_billing_topup",
    "AsyncAiGatewayBillingTopupResource": "ai_gateway_billing_topup",
    "AsyncAiGatewayBillingTopupResourceWithRawResponse": "ai_gateway_billing_topup",
    "AiGatewayBillingTopupConfigResource": "ai_gateway_billing_topup_config",
    "AiGatewayBillingTopupConfigResourceWithRawResponse": "ai_gateway_billing_topup_config",
    "AsyncAiGatewayBillingTopupConfigResource": "ai_gateway_billing_topup_config",
    "AsyncAiGatewayBillingTopupConfigResourceWithRawResponse": "ai_gateway_billing_topup_config",
    "UserResource": "user",
    "UserResourceWithRawResponse": "user",
    "AsyncUserResource": "user",
    "AsyncUserResourceWithRawResponse": "user",
    "UserTokensResource": "user_tokens",
    "UserTokensResourceWithRawResponse": "user_tokens",
    "AsyncUserTokensResource": "user_tokens",
    "AsyncUserTokensResourceWithRawResponse": "user_tokens",
}

__all__ = (
    "AccountsResource",
    "AccountsResourceWithRawResponse",
    "AsyncAccountsResource",
    "AsyncAccountsResourceWithRawResponse",
    "AccountsTokensResource",
    "AccountsTokensResourceWithRawResponse",
    "AsyncAccountsTokensResource",
    "AsyncAccountsTokensResourceWithRawResponse",
    "AiGatewayResource",
    "AiGatewayResourceWithRawResponse",
    "AsyncAiGatewayResource",
    "AsyncAiGatewayResourceWithRawResponse",
    "AiGatewayBillingResource",
    "AiGatewayBillingResourceWithRawResponse",
    "AsyncAiGatewayBillingResource",
    "AsyncAiGatewayBillingResourceWithRawResponse",
    "AiGatewayBillingSpendingLimitResource",
    "AiGatewayBillingSpendingLimitResourceWithRawResponse",
    "AsyncAiGatewayBillingSpendingLimitResource",
    "AsyncAiGatewayBillingSpendingLimitResourceWithRawResponse",
    "AiGatewayBillingTopupResource",
    "AiGatewayBillingTopupResourceWithRawResponse",
    "AsyncAiGatewayBillingTopupResource",
    "AsyncAiGatewayBillingTopupResourceWithRawResponse",
    "AiGatewayBillingTopupConfigResource",
    "AiGatewayBillingTopupConfigResourceWithRawResponse",
    "AsyncAiGatewayBillingTopupConfigResource",
    "AsyncAiGatewayBillingTopupConfigResourceWithRawResponse",
    "UserResource",
    "UserResourceWithRawResponse",
    "AsyncUserResource",
    "AsyncUserResourceWithRawResponse",
    "UserTokensResource",
    "UserTokensResourceWithRawResponse",
    "AsyncUserTokensResource",
    "AsyncUserTokensResourceWithRawResponse",
)


def __getattr__(name: str) -> object:
    """Load a resource's module when the resource is first asked for (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the resources without loading them."""
    return sorted(__all__)
