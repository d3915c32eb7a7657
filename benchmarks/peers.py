"""What is compared: each peer makes the same two calls its own way, the way its own documentation shows."""

import importlib
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

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
Calls: TypeAlias = Mapping[str, Callable[[str], Any]]
"""One peer's two calls, `balance` and `invoices`, given the account; those of an asynchronous client are to be awaited."""


def calls(name: str, base_url: str, *, asynchronous: bool = False) -> Calls:
    """Make a peer's calls, on one client as a program would keep it."""
    if name == "httpx":
        return (_async_httpx if asynchronous else _httpx)(base_url)
    if name == "openapi-python-client":
        return _stock(base_url, "asyncio" if asynchronous else "sync")
    module, client = ("cloudflare", "Cloudflare") if name == "cloudflare" else ("aig_billing", "Client")
    make = getattr(importlib.import_module(module), f"{'Async' if asynchronous else ''}{client}")
    billing = make(api_token=TOKEN, base_url=base_url).ai_gateway.billing
    return {
        "balance": lambda account: billing.credit_balance(account_id=account),
        "invoices": lambda account: billing.invoice_history(account_id=account),
    }


def _httpx(base_url: str) -> Calls:
    import httpx

    client = httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"})
    where = f"{base_url}/accounts/{{}}/ai-gateway/billing"
    return {
        "balance": lambda account: client.get(f"{where.format(account)}/credit-balance").json(),
        "invoices": lambda account: client.get(f"{where.format(account)}/invoice-history").json(),
    }


def _async_httpx(base_url: str) -> Calls:
    import httpx

    client = httpx.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"})

    async def balance(account: str) -> object:
        return (await client.get(f"{base_url}/accounts/{account}/ai-gateway/billing/credit-balance")).json()

    return {"balance": balance}


def _stock(base_url: str, form: str) -> Calls:
    client = importlib.import_module(f"{STOCK_PACKAGE}.client").AuthenticatedClient(base_url=base_url, token=TOKEN)
    balance, invoices = (
        getattr(importlib.import_module(f"{STOCK_PACKAGE}.api.ai_gateway_billing.{module}"), form)
        for module in ("billing_credit_balance", "billing_invoice_history")
    )
    return {
        "balance": lambda account: balance(account, client=client),
        "invoices": lambda account: invoices(account, client=client),
    }
