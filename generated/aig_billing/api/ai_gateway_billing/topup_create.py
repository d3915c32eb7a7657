# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 57c33e8c610f9a63a452c1f83620257a3158f8a0b28af69140c56b13ef575270; generator: openapi-python-client 0.29.1.
"""Create a top-up: `ai_gateway.billing.topup.create`, POST
/accounts/{account_id}/ai-gateway/billing/topup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime import arguments as _check
from aig_billing_runtime.decoding import Shape
from aig_billing_runtime.operation import Call, Operation
from aig_billing_runtime.response import Response

from ...models.envelope import Envelope, decode_envelope
from ...models.topup_create_response import TopupCreateResponse, decode_topup_create_response

if TYPE_CHECKING:
    from ...client import AsyncClient, Client


OPERATION: Operation[TopupCreateResponse] = Operation(
    call="ai_gateway.billing.topup.create",
    method="POST",
    path="/accounts/{account_id}/ai-gateway/billing/topup",
    parameters=("account_id",),
    retry="charge",
    permissions=("AI Gateway Write",),
    deprecated="",
    decode=decode_topup_create_response,
    shape=Shape(record=TopupCreateResponse.json_fields),
    envelope=decode_envelope,
    envelope_shape=Shape(record=Envelope.json_fields),
)


def call(account_id: str | None, *, amount: int) -> Call[TopupCreateResponse]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    return Call(
        OPERATION,
        (account_id,),
        body=_check.encode_body({"amount": _check.integer("amount", amount, minimum=1000, unit="cents")}),
        amount=amount,
    )


def sync(account_id: str, *, client: Client, amount: int) -> TopupCreateResponse:
    """Create a top-up.

    Buys credit by charging the account's default card, through a Stripe PaymentIntent. There is no
    idempotency key: sending the same top-up twice may charge twice. The payment settles after the answer;
    ask for its status.

    Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup`. Needs the permission AI Gateway Write.

    Args:
        amount: How much credit to buy, in cents; 1000 cents or more.
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        TopupCreateResponse.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ChargeOutcomeUnknown: When the card may have been charged. It is never sent again by itself.
        ValueError, TypeError: When an argument is of no use; nothing was sent.
    """

    return client.send(call(account_id, amount=amount))


def sync_detailed(account_id: str, *, client: Client, amount: int) -> Response[TopupCreateResponse]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id, amount=amount))


async def asyncio(account_id: str, *, client: AsyncClient, amount: int) -> TopupCreateResponse:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id, amount=amount))


async def asyncio_detailed(account_id: str, *, client: AsyncClient, amount: int) -> Response[TopupCreateResponse]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id, amount=amount))
