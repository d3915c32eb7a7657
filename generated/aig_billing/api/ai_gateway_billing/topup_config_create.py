# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Set auto top-up configuration: `ai_gateway.billing.topup.config.create`, POST
/accounts/{account_id}/ai-gateway/billing/topup/config."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime import arguments as _check
from aig_billing_runtime.operation import ENVELOPE, Call, ErrorHint, Operation, Success

from ...models.config_create_response import ConfigCreateResponse
from ...models.result_info import ResultInfo

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[ConfigCreateResponse] = Operation(
    call="ai_gateway.billing.topup.config.create",
    method="POST",
    path="/accounts/{account_id}/ai-gateway/billing/topup/config",
    retry="once",
    permissions=("AI Gateway Write",),
    error_hints=(
        ErrorHint(
            status=403,
            text="Auto top-up can be switched on and off in the dashboard only, not with a token: no permission helps.",
        ),
    ),
    successes=(Success(ConfigCreateResponse, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
)


def call(account_id: str | None, *, amount: int, threshold: int) -> Call[ConfigCreateResponse]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    _check.warn(
        "Only the dashboard can switch auto top-up on and off; with a token, the service answers 403.", UserWarning
    )
    return Call(
        OPERATION,
        (account_id,),
        body=_check.encode_body(
            {
                "amount": _check.integer("amount", amount, minimum=1000, unit="cents"),
                "threshold": _check.integer("threshold", threshold, minimum=500, unit="cents"),
            }
        ),
    )


def sync(account_id: str, *, client: Client, amount: int, threshold: int) -> ConfigCreateResponse:
    """Set auto top-up configuration.

    Switches auto top-up on: when the balance falls below `threshold`, `amount` is bought. For dashboard
    sessions only: API tokens, OAuth and service credentials are answered 403, so no program can do this.
    Setting it does not charge the card; a later fall of the balance below the threshold does.

    Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup/config`. Needs the permission AI Gateway Write.

    Args:
        amount: How much one auto top-up buys, in cents; 1000 cents or more.
        threshold: Balance below which an auto top-up is made, in cents; 500 cents or more.
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        ConfigCreateResponse.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(call(account_id, amount=amount, threshold=threshold))


def sync_detailed(account_id: str, *, client: Client, amount: int, threshold: int) -> Response[ConfigCreateResponse]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id, amount=amount, threshold=threshold))


async def asyncio(account_id: str, *, client: AsyncClient, amount: int, threshold: int) -> ConfigCreateResponse:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id, amount=amount, threshold=threshold))


async def asyncio_detailed(
    account_id: str, *, client: AsyncClient, amount: int, threshold: int
) -> Response[ConfigCreateResponse]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id, amount=amount, threshold=threshold))
