# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Get invoice history: `ai_gateway.billing.invoice_history`, GET
/accounts/{account_id}/ai-gateway/billing/invoice-history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aig_billing_runtime import arguments as _check
from aig_billing_runtime.operation import ENVELOPE, Call, ErrorHint, Operation, Success

from ...models.billing_invoice_history_response import BillingInvoiceHistoryResponse
from ...models.result_info import ResultInfo

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[BillingInvoiceHistoryResponse] = Operation(
    call="ai_gateway.billing.invoice_history",
    method="GET",
    path="/accounts/{account_id}/ai-gateway/billing/invoice-history",
    retry="safe",
    permissions=("AI Gateway Write", "AI Gateway Read"),
    error_hints=(
        ErrorHint(status=402, text="The account is out of credit: top it up with billing.topup.create()."),
        ErrorHint(code=2021, text="The account is out of credit: top it up with billing.topup.create()."),
    ),
    successes=(Success(BillingInvoiceHistoryResponse, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
)


def call(
    account_id: str | None, *, type: Literal["auto", "all", "manual"] | None = "all"
) -> Call[BillingInvoiceHistoryResponse]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    return Call(
        OPERATION,
        (account_id,),
        _check.encode_query({"type": None if type is None else _check.choice("type", type, ("auto", "all", "manual"))}),
    )


def sync(
    account_id: str, *, client: Client, type: Literal["auto", "all", "manual"] | None = "all"
) -> BillingInvoiceHistoryResponse:
    """Get invoice history.

    Lists past invoices, either all of them or those of one kind. The answer gives its page, but there is no
    documented way to ask for another one, and the order of the invoices is not documented.

    Asks for `GET /accounts/{account_id}/ai-gateway/billing/invoice-history`. Needs the permission AI Gateway Write or AI Gateway Read.

    Args:
        type: Which invoices to list, by the way they came about. Default: 'all'.
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        BillingInvoiceHistoryResponse.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(call(account_id, type=type))


def sync_detailed(
    account_id: str, *, client: Client, type: Literal["auto", "all", "manual"] | None = "all"
) -> Response[BillingInvoiceHistoryResponse]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id, type=type))


async def asyncio(
    account_id: str, *, client: AsyncClient, type: Literal["auto", "all", "manual"] | None = "all"
) -> BillingInvoiceHistoryResponse:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id, type=type))


async def asyncio_detailed(
    account_id: str, *, client: AsyncClient, type: Literal["auto", "all", "manual"] | None = "all"
) -> Response[BillingInvoiceHistoryResponse]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id, type=type))
