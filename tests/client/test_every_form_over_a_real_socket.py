"""Each of the 13 operations, through the synchronous, asynchronous, raw and `api/` forms, over a real socket against the sandbox."""

import asyncio
import datetime as dt
import importlib
import inspect
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from aig_billing import AsyncClient, Client, Response, models, usd

from aig_billing_sandbox import Sandbox

pytestmark = pytest.mark.filterwarnings("ignore:Sets:DeprecationWarning", "ignore::DeprecationWarning")

START = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
PAYMENT = "payment of the top-up made before"
CALLS: dict[str, tuple[dict[str, Any], type | None]] = {
    "credit_balance": ({}, models.BillingCreditBalanceResponse),
    "usage_history": (
        {"value_grouping_window": "day", "start_time": START, "end_time": START},
        models.BillingUsageHistoryResponse,
    ),
    "invoice_history": ({"type": "manual"}, models.BillingInvoiceHistoryResponse),
    "invoice_preview": ({}, models.BillingInvoicePreviewResponse),
    "topup.limits": ({}, models.TopupLimitsResponse),
    "topup.create": ({"amount": usd("50")}, models.TopupCreateResponse),
    "topup.status": ({"payment_intent_id": PAYMENT}, models.TopupStatusResponse),
    "topup.config.create": ({"amount": usd("25"), "threshold": usd("5")}, models.ConfigCreateResponse),
    "topup.config.get": ({}, models.ConfigGetResponse),
    "topup.config.delete": ({}, None),
    "spending_limit.create": ({"amount": usd("100"), "duration": "monthly", "strategy": "fixed"}, None),
    "spending_limit.get": ({}, models.SpendingLimitGetResponse),
    "spending_limit.delete": ({}, None),
}


@pytest.fixture(scope="module")
def sandbox() -> Any:
    # The mode in which all operations are done; in live mode some are refused.
    with Sandbox(mode="documented") as there:
        yield there


@pytest.fixture(scope="module")
def client(sandbox: Sandbox) -> Any:
    with Client(api_token=sandbox.token, account_id=sandbox.account_id, base_url=sandbox.base_url) as made:
        yield made


@pytest.fixture(scope="module")
def payment(client: Client) -> str:
    return client.ai_gateway.billing.topup.create(amount=usd("10")).payment_intent_id


def arguments_of(call: str, payment: str) -> dict[str, Any]:
    return {name: payment if value is PAYMENT else value for name, value in CALLS[call][0].items()}


def follow(start: object, dotted: str) -> Any:
    for name in dotted.split("."):
        start = getattr(start, name)
    return start


def module_of(call: str) -> Any:
    return importlib.import_module(f"aig_billing.api.ai_gateway_billing.{call.replace('.', '_')}")


def check(result: object, call: str) -> None:
    expected = CALLS[call][1]
    assert isinstance(result, expected) if expected else isinstance(result, object)


def check_raw(response: object, call: str) -> None:
    assert isinstance(response, Response)
    assert response.status_code == (201 if call == "spending_limit.create" else 200)
    assert response.request_id
    assert response.ratelimit is not None
    check(response.parse(), call)


def in_a_loop(sandbox: Sandbox, run: Callable[[AsyncClient], Coroutine[Any, Any, object]]) -> object:
    async def go() -> object:
        async with AsyncClient(
            api_token=sandbox.token, account_id=sandbox.account_id, base_url=sandbox.base_url
        ) as client:
            return await run(client)

    return asyncio.run(go())


def test_all_operations_are_in_this_table(client: Client) -> None:
    def calls(resource: object, prefix: str = "") -> set[str]:
        found: set[str] = set()
        for name, member in inspect.getmembers_static(type(resource)):
            if isinstance(member, property) and not name.startswith("with_"):
                found |= calls(getattr(resource, name), f"{prefix}{name}.")
            elif inspect.isfunction(member) and not name.startswith("_"):
                found.add(prefix + name)
        return found

    hand_written = {name for name in calls(client.ai_gateway.billing) if name not in CALLS}
    assert all(name.startswith("topup.") for name in hand_written)
    assert calls(client.ai_gateway.billing) - hand_written == set(CALLS)
    assert len(CALLS) == 13


@pytest.mark.parametrize("call", CALLS)
def test_sync(client: Client, payment: str, call: str) -> None:
    check(follow(client.ai_gateway.billing, call)(**arguments_of(call, payment)), call)


@pytest.mark.parametrize("call", CALLS)
def test_sync_raw(client: Client, payment: str, call: str) -> None:
    check_raw(follow(client.ai_gateway.billing.with_raw_response, call)(**arguments_of(call, payment)), call)


@pytest.mark.parametrize("call", CALLS)
def test_async(sandbox: Sandbox, payment: str, call: str) -> None:
    check(
        in_a_loop(sandbox, lambda client: follow(client.ai_gateway.billing, call)(**arguments_of(call, payment))), call
    )


@pytest.mark.parametrize("call", CALLS)
def test_async_raw(sandbox: Sandbox, payment: str, call: str) -> None:
    check_raw(
        in_a_loop(
            sandbox,
            lambda client: follow(client.ai_gateway.billing.with_raw_response, call)(**arguments_of(call, payment)),
        ),
        call,
    )


@pytest.mark.parametrize("call", CALLS)
def test_api_functions(sandbox: Sandbox, client: Client, payment: str, call: str) -> None:
    module, account, arguments = module_of(call), sandbox.account_id, arguments_of(call, payment)
    check(module.sync(account, client=client, **arguments), call)
    check_raw(module.sync_detailed(account, client=client, **arguments), call)
    check(in_a_loop(sandbox, lambda asynchronous: module.asyncio(account, client=asynchronous, **arguments)), call)
    check_raw(
        in_a_loop(sandbox, lambda asynchronous: module.asyncio_detailed(account, client=asynchronous, **arguments)),
        call,
    )
