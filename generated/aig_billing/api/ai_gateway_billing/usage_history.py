# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Get usage history: `ai_gateway.billing.usage_history`, GET
/accounts/{account_id}/ai-gateway/billing/usage-history."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from aig_billing_runtime import arguments as _check
from aig_billing_runtime.operation import ENVELOPE, Call, ErrorHint, Operation, Success

from ...models.billing_usage_history_response import BillingUsageHistoryResponse
from ...models.result_info import ResultInfo

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ...client import AsyncClient, Client


OPERATION: Operation[BillingUsageHistoryResponse] = Operation(
    call="ai_gateway.billing.usage_history",
    method="GET",
    path="/accounts/{account_id}/ai-gateway/billing/usage-history",
    retry="safe",
    permissions=("AI Gateway Write", "AI Gateway Read"),
    error_hints=(
        ErrorHint(status=402, text="The account is out of credit: top it up with billing.topup.create()."),
        ErrorHint(code=2021, text="The account is out of credit: top it up with billing.topup.create()."),
    ),
    successes=(Success(BillingUsageHistoryResponse, envelope=ENVELOPE, declared=(("result_info", ResultInfo),)),),
)


def call(
    account_id: str | None,
    *,
    value_grouping_window: Literal["day", "hour"],
    end_time: dt.datetime | float | None = None,
    start_time: dt.datetime | float | None = None,
) -> Call[BillingUsageHistoryResponse]:
    """Check the arguments and make the call, without sending it; without an account it is about the client's own."""
    return Call(
        OPERATION,
        (account_id,),
        _check.encode_query(
            {
                "value_grouping_window": _check.choice("value_grouping_window", value_grouping_window, ("day", "hour")),
                "end_time": None if end_time is None else _check.unix_ms("end_time", end_time),
                "start_time": None if start_time is None else _check.unix_ms("start_time", start_time),
            }
        ),
    )


def sync(
    account_id: str,
    *,
    client: Client,
    value_grouping_window: Literal["day", "hour"],
    end_time: dt.datetime | float | None = None,
    start_time: dt.datetime | float | None = None,
) -> BillingUsageHistoryResponse:
    """Get usage history.

    Reads metered usage, summed per hour or per day, between two points in time. Give both of them: the live
    service is reported to require both, though the documents do not.

    Asks for `GET /accounts/{account_id}/ai-gateway/billing/usage-history`. Needs the permission AI Gateway Write or AI Gateway Read.

    Args:
        value_grouping_window: How long each added-up window is.
        end_time: End of the time range, in Unix milliseconds.
        start_time: Start of the time range, in Unix milliseconds.
        account_id: Id of the Cloudflare account.
        client: The client to send it with.

    Returns:
        BillingUsageHistoryResponse.

    Raises:
        APIError: When no documented answer came; see `aig_billing.errors`.
        ValueError, TypeError: When an argument is invalid; nothing was sent.
    """
    return client.send(
        call(account_id, value_grouping_window=value_grouping_window, end_time=end_time, start_time=start_time)
    )


def sync_detailed(
    account_id: str,
    *,
    client: Client,
    value_grouping_window: Literal["day", "hour"],
    end_time: dt.datetime | float | None = None,
    start_time: dt.datetime | float | None = None,
) -> Response[BillingUsageHistoryResponse]:
    """Like `sync`, with the status, the headers and the body that the result came with."""
    return client.send_detailed(
        call(account_id, value_grouping_window=value_grouping_window, end_time=end_time, start_time=start_time)
    )


async def asyncio(
    account_id: str,
    *,
    client: AsyncClient,
    value_grouping_window: Literal["day", "hour"],
    end_time: dt.datetime | float | None = None,
    start_time: dt.datetime | float | None = None,
) -> BillingUsageHistoryResponse:
    """Like `sync`, asynchronously."""
    return await client.send(
        call(account_id, value_grouping_window=value_grouping_window, end_time=end_time, start_time=start_time)
    )


async def asyncio_detailed(
    account_id: str,
    *,
    client: AsyncClient,
    value_grouping_window: Literal["day", "hour"],
    end_time: dt.datetime | float | None = None,
    start_time: dt.datetime | float | None = None,
) -> Response[BillingUsageHistoryResponse]:
    """Like `sync_detailed`, asynchronously."""
    return await client.send_detailed(
        call(account_id, value_grouping_window=value_grouping_window, end_time=end_time, start_time=start_time)
    )
