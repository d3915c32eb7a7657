"""The client of this project on the sandbox, through each of its doors: all operations, sync and async."""

import asyncio
import warnings
from typing import Any

import pytest
from aig_billing import AsyncClient, Client

from aig_billing_sandbox import Sandbox
from aig_billing_sandbox.http.operations import BILLING_PATH, OPERATIONS

BILLING = [operation for operation in OPERATIONS if operation.path.startswith(BILLING_PATH)]
ARGUMENTS: dict[str, dict[str, Any]] = {
    "usage_history": {"value_grouping_window": "day"},
    "invoice_history": {"type": "all"},
    "topup.create": {"amount": 5000},
    "topup.config.create": {"amount": 5000, "threshold": 500},
    "spending_limit.create": {"amount": 10_000, "duration": "monthly", "strategy": "fixed"},
}


def door(sandbox: Sandbox, *, with_socket: bool) -> dict[str, Any]:
    given: dict[str, Any] = {"api_token": sandbox.token, "account_id": sandbox.account_id}
    return given | ({"base_url": sandbox.base_url} if with_socket else {"transport": sandbox.transport()})


def method_of(billing: Any, name: str) -> Any:
    for part in name.split("."):
        billing = getattr(billing, part)
    return billing


def arguments_of(sandbox: Sandbox, name: str) -> dict[str, Any]:
    if name == "topup.status":
        return {"payment_intent_id": sandbox.state()["invoices"][-1]["id"]}
    return ARGUMENTS.get(name, {})


@pytest.mark.parametrize("with_socket", [True, False])
def test_every_operation_works_from_the_client(sandbox: Sandbox, with_socket: bool) -> None:
    with Client(**door(sandbox, with_socket=with_socket)) as client, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for operation in BILLING:
            method_of(client.ai_gateway.billing, operation.name)(**arguments_of(sandbox, operation.name))
    assert [record.operation for record in sandbox.requests()] == [operation.name for operation in BILLING]


@pytest.mark.parametrize("with_socket", [True, False])
def test_every_operation_works_from_the_async_client(sandbox: Sandbox, with_socket: bool) -> None:
    async def call_all() -> None:
        async with AsyncClient(**door(sandbox, with_socket=with_socket)) as client:
            for operation in BILLING:
                await method_of(client.ai_gateway.billing, operation.name)(**arguments_of(sandbox, operation.name))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        asyncio.run(call_all())
    assert [record.operation for record in sandbox.requests()] == [operation.name for operation in BILLING]
