# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The tree of calls, as the documents show it: one module for each resource, loaded when it is first asked for."""

from typing import TYPE_CHECKING

from aig_billing_runtime.lazy import on_first_use as _on_first_use

if TYPE_CHECKING:
    from .accounts import *
    from .accounts_tokens import *
    from .ai_gateway import *
    from .ai_gateway_billing import *
    from .ai_gateway_billing_spending_limit import *
    from .ai_gateway_billing_topup import *
    from .ai_gateway_billing_topup_config import *
    from .user import *
    from .user_tokens import *

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

_HOMES = {
    "AccountsResource": ".accounts",
    "AccountsTokensResource": ".accounts_tokens",
    "AiGatewayResource": ".ai_gateway",
    "AiGatewayBillingResource": ".ai_gateway_billing",
    "AiGatewayBillingSpendingLimitResource": ".ai_gateway_billing_spending_limit",
    "AiGatewayBillingTopupResource": ".ai_gateway_billing_topup",
    "AiGatewayBillingTopupConfigResource": ".ai_gateway_billing_topup_config",
    "UserResource": ".user",
    "UserTokensResource": ".user_tokens",
}
__getattr__, __dir__ = _on_first_use(
    __name__,
    {
        f"{way}{name}{raw}": home
        for name, home in _HOMES.items()
        for way in ("", "Async")
        for raw in ("", "WithRawResponse")
    },
)
