# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Create a top-up: `ai_gateway.billing.topup.create`, POST
/accounts/{account_id}/ai-gateway/billing/topup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime import arguments as _check
from aig_billing_runtime.arguments import UNSET
from aig_billing_runtime.operation import ENVELOPE, Call, ErrorHint, Operation, Success

from ...models.result_info import ResultInfo
from ...models.topup_create_response import TopupCreateResponse

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[TopupCreateResponse] = Operation(
    call="ai_gateway.billing.topup.create",
    method="POST",
    path="/accounts/{account_id}/ai-gateway/billing/topup",
    retry="charge",
    permissions=("AI Gateway Write",),
    error_hints=(
        ErrorHint(
            status=402,
            text="The bank has declined the card: put another one on the account in the dashboard, or ask the bank.",
        ),
        ErrorHint(
            uncertain=True,
            text="Look for it with billing.invoice_history(type='manual') and billing.credit_balance(), or let billing.topup.reconcile(error) do it.",
        ),
    ),
    payment_field="payment_intent_id",
    successes=(Success(TopupCreateResponse, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
)


def call(account_id: str | None, *, amount: int, payment_method_id: str | None = None) -> Call[TopupCreateResponse]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    return Call(
        OPERATION,
        (account_id,),
        body=_check.encode_body(
            {
                "amount": _check.integer("amount", amount, minimum=1000, unit="cents"),
                "payment_method_id": UNSET
                if payment_method_id is None
                else _check.text("payment_method_id", payment_method_id),
            }
        ),
        amount=amount,
    )


def sync(account_id: str, *, client: Client, amount: int, payment_method_id: str | None = None) -> TopupCreateResponse:
    """Create a top-up.

    Buys credit by charging the account's default card, or the payment method that is given, through a
    Stripe PaymentIntent. Cloudflare adds a fee of 5 %: $100 of credit is a charge of $105; tax may come on
    top. There is no idempotency key: sending the same top-up twice may charge twice. The payment settles
    after the answer; ask for its status.

    Asks for `POST /accounts/{account_id}/ai-gateway/billing/topup`. Needs the permission AI Gateway Write.

    Args:
        amount: How much credit to buy, in cents; 1000 cents or more.
        payment_method_id: Id of the Stripe PaymentMethod to charge (`pm_...`); the account's default when left
            out.
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        TopupCreateResponse.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ChargeOutcomeUnknown: When the card may have been charged. It is never sent again by itself.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(call(account_id, amount=amount, payment_method_id=payment_method_id))


def sync_detailed(
    account_id: str, *, client: Client, amount: int, payment_method_id: str | None = None
) -> Response[TopupCreateResponse]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id, amount=amount, payment_method_id=payment_method_id))


async def asyncio(
    account_id: str, *, client: AsyncClient, amount: int, payment_method_id: str | None = None
) -> TopupCreateResponse:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id, amount=amount, payment_method_id=payment_method_id))


async def asyncio_detailed(
    account_id: str, *, client: AsyncClient, amount: int, payment_method_id: str | None = None
) -> Response[TopupCreateResponse]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id, amount=amount, payment_method_id=payment_method_id))
