# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Delete auto top-up configuration: `ai_gateway.billing.topup.config.delete`, DELETE
/accounts/{account_id}/ai-gateway/billing/topup/config."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime import arguments as _check
from aig_billing_runtime.operation import ENVELOPE, Call, ErrorHint, Operation, Success

from ...models.result_info import ResultInfo

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[object] = Operation(
    call="ai_gateway.billing.topup.config.delete",
    method="DELETE",
    path="/accounts/{account_id}/ai-gateway/billing/topup/config",
    retry="idempotent",
    permissions=("AI Gateway Write",),
    error_hints=(
        ErrorHint(
            status=403,
            text="Auto top-up can be switched on and off in the dashboard only, not with a token: no permission helps.",
        ),
    ),
    successes=(Success(object, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
)


def call(account_id: str | None) -> Call[object]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    _check.warn(
        "Only the dashboard can switch auto top-up on and off; with a token, the service answers 403.", UserWarning
    )
    return Call(OPERATION, (account_id,))


def sync(account_id: str, *, client: Client) -> object:
    """Delete auto top-up configuration.

    Switches auto top-up off by removing its configuration. For dashboard sessions only: API tokens, OAuth
    and service credentials are answered 403, so no program can do this.

    Asks for `DELETE /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write.

    Args:
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        object, any JSON: the document does not say what.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(call(account_id))


def sync_detailed(account_id: str, *, client: Client) -> Response[object]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id))


async def asyncio(account_id: str, *, client: AsyncClient) -> object:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id))


async def asyncio_detailed(account_id: str, *, client: AsyncClient) -> Response[object]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id))
