"""What is read of an account, what it costs in requests, and how a failure is distinguished from bad credentials."""

from __future__ import annotations

import asyncio
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aig_billing import ChargeOutcomeUnknown, Journal, Money

from aig_billing_monitor.readings import Account, FailedReading, Outcome, Reading
from aig_billing_sandbox import Sandbox

from .conftest import NOON, account_of, reading


def read(sandbox: Sandbox, token: str | None = None, account: Account | None = None) -> Outcome:
    async def go() -> Outcome:
        async with reading(sandbox, token) as reader:
            return await reader.read(account or account_of(sandbox))

    return asyncio.run(go())


def test_a_reading_has_balance_usage_forecast_and_auto_topup(sandbox: Sandbox) -> None:
    sandbox.use(100, at=NOON - dt.timedelta(days=9))
    sandbox.use(300, at=NOON - dt.timedelta(days=3))
    sandbox.use(Decimal("50.5"), at=NOON - dt.timedelta(hours=2))
    found = read(sandbox)
    assert isinstance(found, Reading)
    assert found.at == NOON
    assert found.balance == Money(Decimal("20.495"))
    assert found.auto_topup == "off"
    assert found.usage is not None
    assert found.usage.last_day == Money(Decimal("0.505"))
    assert found.usage.last_week == Money(Decimal("3.505"))
    assert found.usage.forecast.cents_per_day == round(Decimal("350.5") / 7, 6)
    assert found.days_left == Decimal("40.93")


def test_a_check_takes_one_request_and_once_an_hour_three_more(sandbox: Sandbox) -> None:
    async def go() -> list[int]:
        counts: list[int] = []
        async with reading(sandbox) as reader:
            for minutes in (0, 5, 5, 55):
                sandbox.advance(minutes=minutes)
                before = len(sandbox.requests())
                await reader.read(account_of(sandbox))
                counts.append(len(sandbox.requests()) - before)
        return counts

    assert asyncio.run(go()) == [4, 1, 1, 4]


def test_usage_that_cannot_be_read_does_not_hide_the_balance(sandbox: Sandbox) -> None:
    sandbox.fault("usage_history", status=500, times=None)
    found = read(sandbox)
    assert isinstance(found, Reading)
    assert found.balance == Money(Decimal(25))
    assert found.usage is None


@pytest.mark.parametrize(
    ("terms", "kind"),
    [
        ({"status": 503}, "unreadable"),
        ({"drop": "after"}, "unreadable"),
        ({"status": 200, "body": "<html>"}, "unreadable"),
        ({"status": 429, "headers": {"retry-after": "30"}}, "unreadable"),
        ({"status": 401}, "credentials"),
        ({"status": 403}, "credentials"),
        (
            {"status": 400, "body": {"success": False, "errors": [{"code": 6003, "message": "x"}], "result": None}},
            "credentials",
        ),
    ],
)
def test_a_failure_that_may_pass_is_distinguished_from_credentials_that_do_not_work(
    sandbox: Sandbox, terms: Any, kind: str
) -> None:
    sandbox.fault("credit_balance", times=None, **terms)
    found = read(sandbox)
    assert isinstance(found, FailedReading)
    assert found.kind == kind


def test_a_token_that_the_api_does_not_know_is_not_an_outage(sandbox: Sandbox) -> None:
    found = read(sandbox, token="a" * 40)
    assert isinstance(found, FailedReading)
    assert found.kind == "credentials"
    assert "a" * 40 not in f"{found!r}{found.reason}"


def test_auto_topup_that_fails_is_part_of_the_reading(sandbox: Sandbox) -> None:
    sandbox.fault(
        "credit_balance",
        status=200,
        body={
            "success": True,
            "errors": [],
            "messages": [],
            "result": {
                "balance": 10,
                "has_default_payment_method": False,
                "payment_method": None,
                "topup_config": {"amount": 1000, "threshold": 500, "error": "card declined"},
            },
        },
    )
    found = read(sandbox)
    assert isinstance(found, Reading)
    assert (found.auto_topup, found.auto_topup_error) == ("failing", "card declined")


def test_charges_without_a_known_outcome_are_counted_where_there_is_a_journal(sandbox: Sandbox, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    sandbox.fault("topup.create", drop="before")
    with sandbox.client() as client, pytest.raises(ChargeOutcomeUnknown):
        client.ai_gateway.billing.topup.create_once(key="a", amount=1000, journal=journal)

    async def go() -> Outcome:
        async with reading(sandbox) as reader:
            reader.journal = journal
            return await reader.read(account_of(sandbox))

    found = asyncio.run(go())
    assert isinstance(found, Reading)
    assert found.charges_unknown == 1


def test_the_rules_of_gateways_are_read_and_a_failure_there_hides_nothing_else(sandbox: Sandbox) -> None:
    rule = {"id": "monthly", "enabled": True, "limit": 100.5, "limitType": "cost", "window": 2_592_000}
    rules = [rule, {**rule, "id": "off", "enabled": False}, {**rule, "id": None, "limit": 7}]
    limits = {"enabled": True, "rules": rules}
    sandbox.change_gateway({"spend_limits": limits}, gateway_id="production")
    found = read(sandbox)
    assert isinstance(found, Reading)
    named = [limit for limit in found.spend_limits if limit.gateway == "production"]
    assert [(one.rule, str(one.limit)) for one in named] == [("monthly", "$100.50"), ("2", "$7.00")]
    sandbox.fault("ai_gateway.list", status=500, times=None)
    sandbox.advance(hours=2)
    found = read(sandbox)
    assert isinstance(found, Reading)
    assert found.usage is not None
