# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""List gateways: `ai_gateway.list`, GET /accounts/{account_id}/ai-gateway/gateways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime import arguments as _check
from aig_billing_runtime.operation import ENVELOPE, Call, Operation, Success

from ...models.gateway import Gateway
from ...models.gateways_page import GatewaysPage

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[list[Gateway]] = Operation(
    call="ai_gateway.list",
    method="GET",
    path="/accounts/{account_id}/ai-gateway/gateways",
    retry="safe",
    permissions=("AI Gateway Write", "AI Gateway Read"),
    successes=(Success(list[Gateway], envelope=ENVELOPE, declared=(("result_info", GatewaysPage),)),),
)


def call(
    account_id: str | None, *, page: int | None = None, per_page: int | None = None, search: str | None = None
) -> Call[list[Gateway]]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    return Call(
        OPERATION,
        (account_id,),
        _check.encode_query(
            {
                "page": None if page is None else _check.integer("page", page, minimum=1),
                "per_page": None if per_page is None else _check.integer("per_page", per_page, minimum=1),
                "search": None if search is None else _check.text("search", search),
            }
        ),
    )


def sync(
    account_id: str, *, client: Client, page: int | None = None, per_page: int | None = None, search: str | None = None
) -> list[Gateway]:
    """List gateways.

    Lists the gateways of the account, one page of them.

    Asks for `GET /accounts/{account_id}/ai-gateway/gateways`. Needs the permission AI Gateway Write or AI Gateway Read.

    Args:
        page: Number of the page, from 1.
        per_page: How many gateways a page holds.
        search: List only gateways whose id contains this.
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        list[Gateway].

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(call(account_id, page=page, per_page=per_page, search=search))


def sync_detailed(
    account_id: str, *, client: Client, page: int | None = None, per_page: int | None = None, search: str | None = None
) -> Response[list[Gateway]]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id, page=page, per_page=per_page, search=search))


async def asyncio(
    account_id: str,
    *,
    client: AsyncClient,
    page: int | None = None,
    per_page: int | None = None,
    search: str | None = None,
) -> list[Gateway]:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id, page=page, per_page=per_page, search=search))


async def asyncio_detailed(
    account_id: str,
    *,
    client: AsyncClient,
    page: int | None = None,
    per_page: int | None = None,
    search: str | None = None,
) -> Response[list[Gateway]]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id, page=page, per_page=per_page, search=search))
