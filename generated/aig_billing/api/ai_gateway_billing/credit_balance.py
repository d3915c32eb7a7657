# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Get credit balance: `ai_gateway.billing.credit_balance`, GET
/accounts/{account_id}/ai-gateway/billing/credit-balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.operation import ENVELOPE, Call, ErrorHint, Operation, Success

from ...models.billing_credit_balance_response import BillingCreditBalanceResponse
from ...models.result_info import ResultInfo

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[BillingCreditBalanceResponse] = Operation(
    call="ai_gateway.billing.credit_balance",
    method="GET",
    path="/accounts/{account_id}/ai-gateway/billing/credit-balance",
    retry="safe",
    permissions=("AI Gateway Write", "AI Gateway Read"),
    error_hints=(
        ErrorHint(status=402, text="The account is out of credit: top it up with billing.topup.create()."),
        ErrorHint(code=2021, text="The account is out of credit: top it up with billing.topup.create()."),
    ),
    successes=(Success(BillingCreditBalanceResponse, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
)


def call(account_id: str | None) -> Call[BillingCreditBalanceResponse]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    return Call(OPERATION, (account_id,))


def sync(account_id: str, *, client: Client) -> BillingCreditBalanceResponse:
    """Get credit balance.

    Reads how much credit the account holds, which card pays for it, and how auto top-up is set. The balance
    may be below zero, because usage is metered after the call that caused it, and it may lag behind
    purchases: do not buy again because a purchase does not show yet. Without credit, gateways answer 402
    (code 2021).

    Asks for `GET /accounts/{account_id}/ai-gateway/billing/credit-balance`. Needs the permission AI Gateway Write or AI Gateway Read.

    Args:
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        BillingCreditBalanceResponse.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(call(account_id))


def sync_detailed(account_id: str, *, client: Client) -> Response[BillingCreditBalanceResponse]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id))


async def asyncio(account_id: str, *, client: AsyncClient) -> BillingCreditBalanceResponse:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id))


async def asyncio_detailed(account_id: str, *, client: AsyncClient) -> Response[BillingCreditBalanceResponse]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id))
