# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Get top-up limits: `ai_gateway.billing.topup.limits`, GET
/accounts/{account_id}/ai-gateway/billing/topup/limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime import arguments as _check
from aig_billing_runtime.deprecation import deprecated as _deprecated
from aig_billing_runtime.operation import ENVELOPE, Call, Operation, Success

from ...models.result_info import ResultInfo
from ...models.topup_limits_response import TopupLimitsResponse

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[TopupLimitsResponse] = Operation(
    call="ai_gateway.billing.topup.limits",
    method="GET",
    path="/accounts/{account_id}/ai-gateway/billing/topup/limits",
    retry="safe",
    permissions=("AI Gateway Write", "AI Gateway Read"),
    deprecated="Deprecated: Cloudflare points to `manual_topup.limits` in the answer of `GET /topup/eligibility`, whose form is not published yet. Do without the limits where this call is gone.",
    successes=(Success(TopupLimitsResponse, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
)


def call(account_id: str | None) -> Call[TopupLimitsResponse]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    _check.warn(OPERATION.deprecated)
    return Call(OPERATION, (account_id,))


@_deprecated(
    "Deprecated: Cloudflare points to `manual_topup.limits` in the answer of `GET /topup/eligibility`, whose form is not published yet. Do without the limits where this call is gone.",
    category=None,
)
def sync(account_id: str, *, client: Client) -> TopupLimitsResponse:
    """Get top-up limits.

    Reads the smallest and the largest amount that one top-up may have. Deprecated: Cloudflare points to
    `manual_topup.limits` in the answer of `GET /topup/eligibility`, whose form is not published yet. Do
    without the limits where this call is gone.

    Asks for `GET /accounts/{account_id}/ai-gateway/billing/topup/limits`. Needs the permission AI Gateway Write or AI Gateway Read.

    Args:
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        TopupLimitsResponse.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(call(account_id))


@_deprecated(
    "Deprecated: Cloudflare points to `manual_topup.limits` in the answer of `GET /topup/eligibility`, whose form is not published yet. Do without the limits where this call is gone.",
    category=None,
)
def sync_detailed(account_id: str, *, client: Client) -> Response[TopupLimitsResponse]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id))


@_deprecated(
    "Deprecated: Cloudflare points to `manual_topup.limits` in the answer of `GET /topup/eligibility`, whose form is not published yet. Do without the limits where this call is gone.",
    category=None,
)
async def asyncio(account_id: str, *, client: AsyncClient) -> TopupLimitsResponse:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id))


@_deprecated(
    "Deprecated: Cloudflare points to `manual_topup.limits` in the answer of `GET /topup/eligibility`, whose form is not published yet. Do without the limits where this call is gone.",
    category=None,
)
async def asyncio_detailed(account_id: str, *, client: AsyncClient) -> Response[TopupLimitsResponse]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id))
