# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Get a gateway: `ai_gateway.get`, GET /accounts/{account_id}/ai-gateway/gateways/{id}."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.operation import ENVELOPE, Call, Operation, Success

from ...models.gateway import Gateway
from ...models.result_info import ResultInfo

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[Gateway] = Operation(
    call="ai_gateway.get",
    method="GET",
    path="/accounts/{account_id}/ai-gateway/gateways/{id}",
    retry="safe",
    permissions=("AI Gateway Write", "AI Gateway Read"),
    successes=(Success(Gateway, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
)


def call(account_id: str | None, id: str) -> Call[Gateway]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    return Call(OPERATION, (account_id, id))


def sync(account_id: str, id: str, *, client: Client) -> Gateway:
    """Get a gateway.

    Reads a gateway with all its settings.

    Asks for `GET /accounts/{account_id}/ai-gateway/gateways/{id}`. Needs the permission AI Gateway Write or AI Gateway Read.

    Args:
        account_id: Id of the Cloudflare account.
        id: Name of the gateway, which is its id.
        client: The client to send it with.

    Returns:
        Gateway.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(call(account_id, id))


def sync_detailed(account_id: str, id: str, *, client: Client) -> Response[Gateway]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id, id))


async def asyncio(account_id: str, id: str, *, client: AsyncClient) -> Gateway:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id, id))


async def asyncio_detailed(account_id: str, id: str, *, client: AsyncClient) -> Response[Gateway]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id, id))
