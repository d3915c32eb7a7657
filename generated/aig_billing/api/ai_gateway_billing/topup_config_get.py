# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Get auto top-up configuration: `ai_gateway.billing.topup.config.get`, GET
/accounts/{account_id}/ai-gateway/billing/topup/config."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.operation import ENVELOPE, Call, Operation, Success

from ...models.config_get_response import ConfigGetResponse
from ...models.result_info import ResultInfo

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[ConfigGetResponse] = Operation(
    call="ai_gateway.billing.topup.config.get",
    method="GET",
    path="/accounts/{account_id}/ai-gateway/billing/topup/config",
    retry="safe",
    permissions=("AI Gateway Write", "AI Gateway Read"),
    successes=(Success(ConfigGetResponse, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
)


def call(account_id: str | None) -> Call[ConfigGetResponse]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    return Call(OPERATION, (account_id,))


def sync(account_id: str, *, client: Client) -> ConfigGetResponse:
    """Get auto top-up configuration.

    Reads when auto top-up buys credit, how much it buys, and what went wrong with it, if anything did.
    Unlike changing it, reading it works with an API token.

    Asks for `GET /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write or AI Gateway Read.

    Args:
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        ConfigGetResponse.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(call(account_id))


def sync_detailed(account_id: str, *, client: Client) -> Response[ConfigGetResponse]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id))


async def asyncio(account_id: str, *, client: AsyncClient) -> ConfigGetResponse:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id))


async def asyncio_detailed(account_id: str, *, client: AsyncClient) -> Response[ConfigGetResponse]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id))
