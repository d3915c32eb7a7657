# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Get spending limit: `ai_gateway.billing.spending_limit.get`, GET
/accounts/{account_id}/ai-gateway/billing/spending-limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.operation import ENVELOPE, Call, Operation, Success

from ...models.result_info import ResultInfo
from ...models.spending_limit_get_response import SpendingLimitGetResponse

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[SpendingLimitGetResponse] = Operation(
    call="ai_gateway.billing.spending_limit.get",
    method="GET",
    path="/accounts/{account_id}/ai-gateway/billing/spending-limit",
    retry="safe",
    permissions=("AI Gateway Write", "AI Gateway Read"),
    successes=(Success(SpendingLimitGetResponse, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
)


def call(account_id: str | None) -> Call[SpendingLimitGetResponse]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    return Call(OPERATION, (account_id,))


def sync(account_id: str, *, client: Client) -> SpendingLimitGetResponse:
    """Get spending limit.

    Reads the account's spending limit, if it has one. A limit that was set before mid-2026 stays until
    deleted.

    Asks for `GET /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write or AI Gateway Read.

    Args:
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        SpendingLimitGetResponse.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(call(account_id))


def sync_detailed(account_id: str, *, client: Client) -> Response[SpendingLimitGetResponse]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id))


async def asyncio(account_id: str, *, client: AsyncClient) -> SpendingLimitGetResponse:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id))


async def asyncio_detailed(account_id: str, *, client: AsyncClient) -> Response[SpendingLimitGetResponse]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id))
