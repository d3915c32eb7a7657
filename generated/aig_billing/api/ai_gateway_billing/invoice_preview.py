# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Get invoice preview: `ai_gateway.billing.invoice_preview`, GET
/accounts/{account_id}/ai-gateway/billing/invoice-preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.operation import ENVELOPE, Call, ErrorHint, Operation, Success

from ...models.billing_invoice_preview_response import BillingInvoicePreviewResponse
from ...models.result_info import ResultInfo

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[BillingInvoicePreviewResponse] = Operation(
    call="ai_gateway.billing.invoice_preview",
    method="GET",
    path="/accounts/{account_id}/ai-gateway/billing/invoice-preview",
    retry="safe",
    permissions=("AI Gateway Write", "AI Gateway Read"),
    error_hints=(
        ErrorHint(status=402, text="The account is out of credit: top it up with billing.topup.create()."),
        ErrorHint(code=2021, text="The account is out of credit: top it up with billing.topup.create()."),
    ),
    successes=(Success(BillingInvoicePreviewResponse, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
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
        ValueError, TypeError: When an argument is invalid; nothing was sent.
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
