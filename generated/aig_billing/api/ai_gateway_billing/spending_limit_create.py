# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Set spending limit: `ai_gateway.billing.spending_limit.create`, POST
/accounts/{account_id}/ai-gateway/billing/spending-limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aig_billing_runtime import arguments as _check
from aig_billing_runtime.deprecation import deprecated as _deprecated
from aig_billing_runtime.operation import ENVELOPE, Call, ErrorHint, Operation, Success

from ...models.result_info import ResultInfo

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[object] = Operation(
    call="ai_gateway.billing.spending_limit.create",
    method="POST",
    path="/accounts/{account_id}/ai-gateway/billing/spending-limit",
    retry="once",
    permissions=("AI Gateway Write",),
    deprecated="Deprecated: since mid-2026 the live service always answers 403, so a limit can be neither set nor changed, only deleted. The spend limits of each gateway replace it. While it worked, it rejected accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
    error_hints=(
        ErrorHint(
            contains="NO_MANUAL_TOPUP",
            text="The account has never been topped up by hand: do that once, with billing.topup.create() or in the dashboard.",
        ),
    ),
    successes=(Success(object, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
)


def call(
    account_id: str | None,
    *,
    amount: int,
    duration: Literal["daily", "weekly", "monthly"],
    strategy: Literal["fixed", "sliding"],
) -> Call[object]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    _check.warn(OPERATION.deprecated)
    return Call(
        OPERATION,
        (account_id,),
        body=_check.encode_body(
            {
                "amount": _check.integer("amount", amount, minimum=100, unit="cents"),
                "duration": _check.choice("duration", duration, ("daily", "weekly", "monthly")),
                "strategy": _check.choice("strategy", strategy, ("fixed", "sliding")),
            }
        ),
    )


@_deprecated(
    "Deprecated: since mid-2026 the live service always answers 403, so a limit can be neither set nor changed, only deleted. The spend limits of each gateway replace it. While it worked, it rejected accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
    category=None,
)
def sync(
    account_id: str,
    *,
    client: Client,
    amount: int,
    duration: Literal["daily", "weekly", "monthly"],
    strategy: Literal["fixed", "sliding"],
) -> object:
    """Set spending limit.

    Limits what the account may spend in a period of a given length. Deprecated: since mid-2026 the live
    service always answers 403, so a limit can be neither set nor changed, only deleted. The spend limits of
    each gateway replace it. While it worked, it rejected accounts that had never topped up by hand (error
    code 1000, NO_MANUAL_TOPUP).

    Asks for `POST /accounts/{account_id}/ai-gateway/billing/spending-limit`. Needs the permission AI Gateway Write.

    Args:
        amount: How much may be spent in one period, in cents; 100 cents or more.
        duration: Length of a period.
        strategy: How periods are counted.
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        object, any JSON: the document does not say what.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(call(account_id, amount=amount, duration=duration, strategy=strategy))


@_deprecated(
    "Deprecated: since mid-2026 the live service always answers 403, so a limit can be neither set nor changed, only deleted. The spend limits of each gateway replace it. While it worked, it rejected accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
    category=None,
)
def sync_detailed(
    account_id: str,
    *,
    client: Client,
    amount: int,
    duration: Literal["daily", "weekly", "monthly"],
    strategy: Literal["fixed", "sliding"],
) -> Response[object]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(call(account_id, amount=amount, duration=duration, strategy=strategy))


@_deprecated(
    "Deprecated: since mid-2026 the live service always answers 403, so a limit can be neither set nor changed, only deleted. The spend limits of each gateway replace it. While it worked, it rejected accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
    category=None,
)
async def asyncio(
    account_id: str,
    *,
    client: AsyncClient,
    amount: int,
    duration: Literal["daily", "weekly", "monthly"],
    strategy: Literal["fixed", "sliding"],
) -> object:
    """Like `sync`, asynchronously."""
    return await client.send(call(account_id, amount=amount, duration=duration, strategy=strategy))


@_deprecated(
    "Deprecated: since mid-2026 the live service always answers 403, so a limit can be neither set nor changed, only deleted. The spend limits of each gateway replace it. While it worked, it rejected accounts that had never topped up by hand (error code 1000, NO_MANUAL_TOPUP).",
    category=None,
)
async def asyncio_detailed(
    account_id: str,
    *,
    client: AsyncClient,
    amount: int,
    duration: Literal["daily", "weekly", "monthly"],
    strategy: Literal["fixed", "sliding"],
) -> Response[object]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(call(account_id, amount=amount, duration=duration, strategy=strategy))
