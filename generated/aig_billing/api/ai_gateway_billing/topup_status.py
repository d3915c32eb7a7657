# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Check top-up status: `ai_gateway.billing.topup.status`, POST
/accounts/{account_id}/ai-gateway/billing/topup/status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime import arguments as _check
from aig_billing_runtime.operation import ENVELOPE, Call, Operation, Success

from ...models.result_info import ResultInfo
from ...models.topup_status_response import TopupStatusResponse

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[TopupStatusResponse] = Operation(
    call="ai_gateway.billing.topup.status",
    method="POST",
    path="/accounts/{account_id}/ai-gateway/billing/topup/status",
    retry="safe",
    permissions=("AI Gateway Write",),
    successes=(Success(TopupStatusResponse, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
)


def call(account_id: str | None, *, payment_intent_id: str) -> Call[TopupStatusResponse]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    return Call(
        OPERATION,
        (account_id,),
        body=_check.encode_body({"payment_intent_id": _check.text("payment_intent_id", payment_intent_id)}),
    )


def sync(account_id: str, *, client: Client, payment_intent_id: str) -> TopupStatusResponse:
    """Check top-up status.

    Tells whether the payment of a top-up has gone through; the top-up is named by its invoice.

    Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup/status`. Needs the permission AI Gateway Write.

    Args:
        payment_intent_id: Id of the top-up's Stripe invoice (`in_...`), despite the name; invoice history lists
            it under this id.
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        TopupStatusResponse.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(call(account_id, payment_intent_id=payment_intent_id))


def sync_detailed(account_id: str, *, client: Client, payment_intent_id: str) -> Response[TopupStatusResponse]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id, payment_intent_id=payment_intent_id))


async def asyncio(account_id: str, *, client: AsyncClient, payment_intent_id: str) -> TopupStatusResponse:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id, payment_intent_id=payment_intent_id))


async def asyncio_detailed(
    account_id: str, *, client: AsyncClient, payment_intent_id: str
) -> Response[TopupStatusResponse]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id, payment_intent_id=payment_intent_id))
