# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""Get invoice preview: `ai_gateway.billing.invoice_preview`, GET
/accounts/{account_id}/ai-gateway/billing/invoice-preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.decoding import Shape
from aig_billing_runtime.operation import Call, ErrorHint, Operation
from aig_billing_runtime.response import Response

from ...models.billing_invoice_preview_response import (
    BillingInvoicePreviewResponse,
    decode_billing_invoice_preview_response,
)
from ...models.envelope import Envelope, decode_envelope

if TYPE_CHECKING:
    from ...client import AsyncClient, Client


OPERATION: Operation[BillingInvoicePreviewResponse] = Operation(
    call="ai_gateway.billing.invoice_preview",
    method="GET",
    path="/accounts/{account_id}/ai-gateway/billing/invoice-preview",
    parameters=("account_id",),
    retry="safe",
    permissions=("AI Gateway Write", "AI Gateway Read"),
    deprecated="",
    error_hints=(
        ErrorHint(status=402, text="The account is out of credit: top it up with billing.topup.create()."),
        ErrorHint(code=2021, text="The account is out of credit: top it up with billing.topup.create()."),
    ),
    decode=decode_billing_invoice_preview_response,
    shape=Shape(record=BillingInvoicePreviewResponse.json_fields),
    envelope=decode_envelope,
    envelope_shape=Shape(record=Envelope.json_fields),
)


def call(account_id: str | None) -> Call[BillingInvoicePreviewResponse]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    return Call(OPERATION, (account_id,))


def sync(account_id: str, *, client: Client) -> BillingInvoicePreviewResponse:
    """Get invoice preview.

    Reads what the next invoice would contain if it were made now, with its lines and its tax. Its lines
    show the cost by model, also for accounts whose gateways keep no logs.

    Asks for `GET /accounts/{account_id}/ai-gateway/billing/invoice-preview`. Needs the permission AI Gateway Write or AI Gateway Read.

    Args:
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        BillingInvoicePreviewResponse.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is of no use; nothing was sent.
    """

    return client.send(call(account_id))


def sync_detailed(account_id: str, *, client: Client) -> Response[BillingInvoicePreviewResponse]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id))


async def asyncio(account_id: str, *, client: AsyncClient) -> BillingInvoicePreviewResponse:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id))


async def asyncio_detailed(account_id: str, *, client: AsyncClient) -> Response[BillingInvoicePreviewResponse]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id))
