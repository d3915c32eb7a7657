# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Verify an account's token: `accounts.tokens.verify`, GET /accounts/{account_id}/tokens/verify."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.operation import ENVELOPE, Call, Operation, Success

from ...models.result_info import ResultInfo
from ...models.token_verify_response import TokenVerifyResponse

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[TokenVerifyResponse] = Operation(
    call="accounts.tokens.verify",
    method="GET",
    path="/accounts/{account_id}/tokens/verify",
    retry="safe",
    permissions=(),
    successes=(Success(TokenVerifyResponse, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
)


def call(account_id: str | None) -> Call[TokenVerifyResponse]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    return Call(OPERATION, (account_id,))


def sync(account_id: str, *, client: Client) -> TokenVerifyResponse:
    """Verify an account's token.

    Says whether the token that is used is accepted, if it belongs to the account. It needs no permission.

    Asks for `GET /accounts/{account_id}/tokens/verify`.

    Args:
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        TokenVerifyResponse.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(call(account_id))


def sync_detailed(account_id: str, *, client: Client) -> Response[TokenVerifyResponse]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id))


async def asyncio(account_id: str, *, client: AsyncClient) -> TokenVerifyResponse:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id))


async def asyncio_detailed(account_id: str, *, client: AsyncClient) -> Response[TokenVerifyResponse]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id))
