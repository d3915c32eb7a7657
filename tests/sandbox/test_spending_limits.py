"""Spending limits: set, read and deleted, and usage that they block."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aig_billing_sandbox import Sandbox
from tests.sandbox.caller import Caller, without_socket

NONE = {"config": {"amount": None, "duration": None, "strategy": None}, "enabled": False}


def limit(amount: int, duration: str = "daily", strategy: str = "fixed") -> dict[str, Any]:
    return {"amount": amount, "duration": duration, "strategy": strategy}


def test_it_is_set_with_201_read_and_deleted(api: Caller) -> None:
    assert api.get("spending-limit") == NONE
    response = api.send("POST", "spending-limit", json=limit(10_000))
    assert (response.status_code, response.json()["result"]) == (201, {})
    assert api.get("spending-limit") == {"config": limit(10_000), "enabled": True}
    assert api.delete("spending-limit") == {}
    assert api.get("spending-limit") == NONE
    assert api.delete("spending-limit") == {}


def test_an_account_that_has_never_topped_up_by_hand_cannot_set_one(sandbox: Sandbox) -> None:
    newcomer = without_socket(sandbox, account_id=sandbox.open_account(topped_up=False))
    assert newcomer.get("credit-balance")["first_topup_success"] is False
    message = newcomer.refused("POST", "spending-limit", 400, json=limit(10_000))
    assert message.startswith("1000 ")
    assert "NO_MANUAL_TOPUP" in message

    newcomer.post("topup", {"amount": 1000})
    newcomer.refused("POST", "spending-limit", 400, json=limit(10_000))
    sandbox.advance(seconds=2)
    assert newcomer.get("credit-balance")["first_topup_success"] is True
    newcomer.post("spending-limit", limit(10_000))


def test_the_live_service_only_deletes_them(sandbox: Sandbox, api: Caller) -> None:
    api.post("spending-limit", limit(10_000))
    sandbox.behave(mode="live")
    assert "deprecated" in api.refused("POST", "spending-limit", 403, json=limit(20_000))
    assert api.get("spending-limit")["config"]["amount"] == 10_000
    api.delete("spending-limit")
    assert api.get("spending-limit") == NONE


def test_usage_is_blocked_once_the_limit_is_used_up_and_passes_it_by_one_call_at_most(
    sandbox: Sandbox, api: Caller
) -> None:
    api.post("spending-limit", limit(100))
    assert sandbox.use("99.999").blocked is None
    assert sandbox.use(50).blocked is None
    assert sandbox.use(1).blocked == "spending_limit"
    api.delete("spending-limit")
    assert sandbox.use(1).blocked is None


@pytest.mark.parametrize(
    ("duration", "first_of_the_next"),
    [
        ("daily", datetime(2026, 11, 19, tzinfo=UTC)),
        ("weekly", datetime(2026, 11, 23, tzinfo=UTC)),
        ("monthly", datetime(2026, 12, 1, tzinfo=UTC)),
    ],
)
def test_a_fixed_limit_begins_again_with_the_calendar(
    sandbox: Sandbox, api: Caller, duration: str, first_of_the_next: datetime
) -> None:
    api.post("spending-limit", limit(100, duration))
    sandbox.use(100)
    sandbox.set_clock(first_of_the_next - timedelta(milliseconds=1))
    assert sandbox.use(1).blocked == "spending_limit"
    sandbox.set_clock(first_of_the_next)
    assert sandbox.use(1).blocked is None


@pytest.mark.parametrize(("duration", "days"), [("daily", 1), ("weekly", 7), ("monthly", 30)])
def test_a_sliding_limit_looks_back_from_now(sandbox: Sandbox, api: Caller, duration: str, days: int) -> None:
    api.post("spending-limit", limit(100, duration, "sliding"))
    sandbox.use(100)
    used = sandbox.now
    sandbox.set_clock(used + timedelta(days=days, milliseconds=-1))
    assert sandbox.use(1).blocked == "spending_limit"
    sandbox.set_clock(used + timedelta(days=days))
    assert sandbox.use(1).blocked is None
