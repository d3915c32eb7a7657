"""What is compared: each peer makes the same two calls its own way, the way its own documentation shows."""

import importlib
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, Protocol

TOKEN = "benchmark-token"
STOCK_PACKAGE = "stock_billing"
NAMES = ("httpx", "openapi-python-client", "cloudflare", "ours", "ours+orjson")
ASYNC_NAMES = NAMES[:-1]
IN_WORDS = {
    "httpx": "bare httpx",
    "openapi-python-client": "unmodified openapi-python-client",
    "cloudflare": "official cloudflare SDK",
    "ours": "aig-billing",
    "ours+orjson": "aig-billing with orjson",
}
_BILLING = "/accounts/{}/ai-gateway/billing"


class Calls(NamedTuple):
    """One peer's two calls, given the account."""

    balance: Callable[[str], Any]
    invoices: Callable[[str], Any]


class AsyncCall(Protocol):
    """A peer's call for the balance, to be awaited."""

    def __call__(self, account: str, /) -> Awaitable[Any]:
        """Ask for the balance."""
        ...


def prepare(name: str) -> None:
    """Do what has to be done before a peer is imported: with or without orjson, and no proxy."""
    if name.startswith("ours") and not name.endswith("orjson"):
        # As if the extra were not installed.
        sys.modules["orjson"] = None  # type: ignore[assignment]  # the import system's own way to forbid an import
    for variable in list(os.environ):
        if variable.lower().endswith("_proxy"):
            del os.environ[variable]


def sync_calls(name: str, base_url: str) -> Calls:
    """Make a peer's synchronous calls, on one client as a program would keep it."""
    return _SYNC[name](base_url)


def async_call(name: str, base_url: str) -> AsyncCall:
    """Make a peer's asynchronous call, on one client."""
    return _ASYNC[name](base_url)


def _httpx(base_url: str) -> Calls:
    import httpx

    client = httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"})
    return Calls(
        lambda account: client.get(f"{base_url}{_BILLING.format(account)}/credit-balance").json(),
        lambda account: client.get(f"{base_url}{_BILLING.format(account)}/invoice-history").json(),
    )


def _stock(base_url: str) -> Calls:
    client = importlib.import_module(f"{STOCK_PACKAGE}.client").AuthenticatedClient(base_url=base_url, token=TOKEN)
    balance = _stock_operation("billing_credit_balance").sync
    invoices = _stock_operation("billing_invoice_history").sync
    return Calls(lambda account: balance(account, client=client), lambda account: invoices(account, client=client))


def _stock_operation(module: str) -> Any:  # noqa: ANN401 - made during the run
    return importlib.import_module(f"{STOCK_PACKAGE}.api.ai_gateway_billing.{module}")


def _cloudflare(base_url: str) -> Calls:
    made = importlib.import_module("cloudflare").Cloudflare(api_token=TOKEN, base_url=base_url)
    billing = made.ai_gateway.billing
    return Calls(
        lambda account: billing.credit_balance(account_id=account),
        lambda account: billing.invoice_history(account_id=account),
    )


def _ours(base_url: str) -> Calls:
    from aig_billing import Client

    billing = Client(api_token=TOKEN, base_url=base_url).ai_gateway.billing
    return Calls(
        lambda account: billing.credit_balance(account_id=account),
        lambda account: billing.invoice_history(account_id=account),
    )


def _async_httpx(base_url: str) -> AsyncCall:
    import httpx

    client = httpx.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"})

    async def balance(account: str, /) -> object:
        return (await client.get(f"{base_url}{_BILLING.format(account)}/credit-balance")).json()

    return balance


def _async_stock(base_url: str) -> AsyncCall:
    client = importlib.import_module(f"{STOCK_PACKAGE}.client").AuthenticatedClient(base_url=base_url, token=TOKEN)
    balance = _stock_operation("billing_credit_balance").asyncio
    return lambda account: balance(account, client=client)


def _async_cloudflare(base_url: str) -> AsyncCall:
    made = importlib.import_module("cloudflare").AsyncCloudflare(api_token=TOKEN, base_url=base_url)
    billing = made.ai_gateway.billing
    return lambda account: billing.credit_balance(account_id=account)


def _async_ours(base_url: str) -> AsyncCall:
    from aig_billing import AsyncClient

    billing = AsyncClient(api_token=TOKEN, base_url=base_url).ai_gateway.billing
    return lambda account: billing.credit_balance(account_id=account)


_SYNC: dict[str, Callable[[str], Calls]] = {
    "httpx": _httpx,
    "openapi-python-client": _stock,
    "cloudflare": _cloudflare,
    "ours": _ours,
    "ours+orjson": _ours,
}
_ASYNC: dict[str, Callable[[str], AsyncCall]] = {
    "httpx": _async_httpx,
    "openapi-python-client": _async_stock,
    "cloudflare": _async_cloudflare,
    "ours": _async_ours,
}
