# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Replace a gateway: `ai_gateway.update`, PUT /accounts/{account_id}/ai-gateway/gateways/{id}."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime import arguments as _check
from aig_billing_runtime.operation import ENVELOPE, Call, Operation, Success

from ...models.gateway import Gateway
from ...models.gateway_update_body import GatewayUpdateBody
from ...models.result_info import ResultInfo

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[Gateway] = Operation(
    call="ai_gateway.update",
    method="PUT",
    path="/accounts/{account_id}/ai-gateway/gateways/{id}",
    retry="once",
    permissions=("AI Gateway Write",),
    successes=(Success(Gateway, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
)


def call(account_id: str | None, id: str, *, body: GatewayUpdateBody) -> Call[Gateway]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    return Call(OPERATION, (account_id, id), body=_check.encode_json(_check.value("body", body, GatewayUpdateBody)))


def sync(account_id: str, id: str, *, client: Client, body: GatewayUpdateBody) -> Gateway:
    """Replace a gateway.

    Replaces the settings of a gateway. A setting that is left out may be reset, so read the gateway first
    and send all of its settings back. To change its spend limits alone, use
    `client.ai_gateway.spend_limits`.

    Asks for `PUT /accounts/{account_id}/ai-gateway/gateways/{id}`. Needs the permission AI Gateway Write.

    Args:
        body: All settings of the gateway.
        account_id: Id of the Cloudflare account.
        id: Name of the gateway, which is its id.
        client: The client to send it with.

    Returns:
        Gateway.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(call(account_id, id, body=body))


def sync_detailed(account_id: str, id: str, *, client: Client, body: GatewayUpdateBody) -> Response[Gateway]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id, id, body=body))


async def asyncio(account_id: str, id: str, *, client: AsyncClient, body: GatewayUpdateBody) -> Gateway:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id, id, body=body))


async def asyncio_detailed(
    account_id: str, id: str, *, client: AsyncClient, body: GatewayUpdateBody
) -> Response[Gateway]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id, id, body=body))
