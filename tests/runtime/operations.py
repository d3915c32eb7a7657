"""All 18 operations as the tests of the runtime see them, written out by hand: how each is called, and when it may be sent again."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from aig_billing import AsyncClient, Client
from aig_billing.models import GatewayUpdateBody

ACCOUNT = "0123456789abcdef0123456789abcdef"
TOKEN = "t0ken-THAT-nobody-may-see-1234567890abcd"
DOCUMENT = Path(__file__).parents[2] / "generated" / "aig_billing" / "openapi.yaml"

Way = Literal["sync", "async"]


@dataclass(frozen=True, eq=False)
class Tried:
    """One operation."""

    name: str
    """As it is called, below `client.ai_gateway.billing`, or from a dot on below `client`: `.ai_gateway.list`."""
    method: str
    end: str
    """The path after `/ai-gateway/billing`, or the whole of one that lies elsewhere: `/user/tokens/verify`."""
    retry: Literal["safe", "idempotent", "once", "charge"]
    arguments: dict[str, Any]

    def __str__(self) -> str:
        return self.name

    def on(self, client: Client | AsyncClient, *, raw: bool = False) -> Callable[[], Any]:
        """Give the call, ready to be made; with an AsyncClient it returns an awaitable."""
        *groups, method = self.full_name.split(".")
        resource: Any = functools.reduce(getattr, groups, client)
        if raw:
            resource = resource.with_raw_response
        return functools.partial(getattr(resource, method), **self.arguments)

    @property
    def full_name(self) -> str:
        return self.name.removeprefix(".") if self.name.startswith(".") else f"ai_gateway.billing.{self.name}"

    @property
    def template(self) -> str:
        """The path in the document."""
        return self.end if self.name.startswith(".") else f"/accounts/{{account_id}}/ai-gateway/billing{self.end}"

    @property
    def path(self) -> str:
        return self.template.replace("{account_id}", ACCOUNT).replace("{id}", "production")

    @property
    def specified(self) -> dict[str, Any]:
        """The operation in the resolved document."""
        found: dict[str, Any] = document()["paths"][self.template][self.method.lower()]
        return found

    @property
    def status(self) -> int:
        """The documented status of success."""
        return next(int(status) for status in self.specified["responses"] if status.startswith("2"))

    @property
    def examples(self) -> list[Any]:
        """The documented examples of its answer."""
        content = self.specified["responses"][str(self.status)]["content"]["application/json"]
        return [example["value"] for example in content["examples"].values()]

    @property
    def answer(self) -> Any:
        """A documented answer."""
        return self.examples[0]


@functools.cache
def document() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Any] = yaml.load(DOCUMENT.read_text(encoding="utf-8"), loader)  # noqa: S506 - either loader is a safe one
    return loaded


_WINDOW = {"value_grouping_window": "day", "start_time": 1_760_000_000_000, "end_time": 1_760_600_000_000}
OPERATIONS = [
    Tried("credit_balance", "GET", "/credit-balance", "safe", {}),
    Tried("usage_history", "GET", "/usage-history", "safe", _WINDOW),
    Tried("invoice_history", "GET", "/invoice-history", "safe", {"type": "auto"}),
    Tried("invoice_preview", "GET", "/invoice-preview", "safe", {}),
    Tried("topup.create", "POST", "/topup", "charge", {"amount": 5000}),
    Tried("topup.status", "POST", "/topup/status", "safe", {"payment_intent_id": "in_1abc"}),
    Tried("topup.limits", "GET", "/topup/limits", "safe", {}),
    Tried("topup.config.get", "GET", "/topup/config", "safe", {}),
    Tried("topup.config.create", "POST", "/topup/config", "once", {"amount": 5000, "threshold": 1000}),
    Tried("topup.config.delete", "DELETE", "/topup/config", "idempotent", {}),
    Tried("spending_limit.get", "GET", "/spending-limit", "safe", {}),
    Tried(
        "spending_limit.create",
        "POST",
        "/spending-limit",
        "once",
        {"amount": 5000, "duration": "monthly", "strategy": "fixed"},
    ),
    Tried("spending_limit.delete", "DELETE", "/spending-limit", "idempotent", {}),
]
_GATEWAYS = "/accounts/{account_id}/ai-gateway/gateways"
_SETTINGS = {
    "cache_invalidate_on_update": False,
    "cache_ttl": None,
    "collect_logs": True,
    "rate_limiting_interval": None,
    "rate_limiting_limit": None,
    "field_of_next_year": 1,
}
OTHER_OPERATIONS = [
    Tried(".ai_gateway.list", "GET", _GATEWAYS, "safe", {"page": 1}),
    Tried(".ai_gateway.get", "GET", _GATEWAYS + "/{id}", "safe", {"id": "production"}),
    Tried(
        ".ai_gateway.update",
        "PUT",
        _GATEWAYS + "/{id}",
        "once",
        {"id": "production", "body": GatewayUpdateBody.from_dict(_SETTINGS)},
    ),
    Tried(".user.tokens.verify", "GET", "/user/tokens/verify", "safe", {}),
    Tried(".accounts.tokens.verify", "GET", "/accounts/{account_id}/tokens/verify", "safe", {}),
]
"""The operations that are not of billing."""
BY_NAME = {tried.name: tried for tried in OPERATIONS}
CHARGE = BY_NAME["topup.create"]
BALANCE = BY_NAME["credit_balance"]


def refusal(code: int = 1000, message: str = "no") -> dict[str, Any]:
    """An error in the API's envelope."""
    return {"success": False, "result": None, "errors": [{"code": code, "message": message}]}
