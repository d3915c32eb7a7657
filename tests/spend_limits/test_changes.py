"""Changing the limits of a gateway changes nothing else, and says so when somebody else does."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from aig_billing import AsyncClient, Client, Money, NotFoundError, SettingChanged, SpendRule, spend_rule, usd

from tests.spend_limits.gateway_server import ACCOUNT, GatewayServer

TOKEN = "any-token-of-these-tests"
NOW: dict[str, Any] = {"gateway": "production", "confirm_after": 0.0}


@pytest.fixture
def server() -> Iterator[GatewayServer]:
    with GatewayServer() as running:
        yield running


@pytest.fixture
def limits(server: GatewayServer) -> Iterator[Any]:
    with Client(base_url=server.url, api_token=TOKEN, account_id=ACCOUNT, max_retries=0) as client:
        yield client.ai_gateway.spend_limits


def test_rules_are_read_with_money_and_lengths_of_time(limits: Any) -> None:
    found = limits.get(gateway="production")
    assert found.enabled
    first, second = found.rules
    assert (first.id, first.limit, first.window, first.technique) == (
        "r1",
        Money(Decimal(100)),
        dt.timedelta(days=30),
        "sliding",
    )
    assert (second.limit, second.models, second.enabled) == (Money(Decimal("12.34")), ("m",), False)


def test_a_gateway_that_does_not_exist(limits: Any) -> None:
    with pytest.raises(NotFoundError):
        limits.get(gateway="nowhere")


def test_a_rule_is_added_and_nothing_else_is_touched(server: GatewayServer, limits: Any) -> None:
    others, before = server.others, json.dumps(server.gateway["spend_limits"]["rules"])
    found = limits.add(limit=usd("5.50"), window="day", metadata={"user_id": None}, **NOW)
    assert server.others == others
    *kept, new = server.gateway["spend_limits"]["rules"]
    assert json.dumps(kept) == before
    assert (new["limit"], new["window"], new["metadata"]) == (5.5, 86_400, {"user_id": {"mode": "partition"}})
    assert server.gateway["spend_limits"]["later"] == {"x": [1]}
    assert found.rules[-1].id == new["id"]
    assert found.diff.endswith("+$5.50 in any day, per user_id")
    assert "created_at" not in server.puts[0]


@pytest.mark.slow
def test_a_rule_is_switched_removed_and_replaced(server: GatewayServer, limits: Any) -> None:
    assert [rule.enabled for rule in limits.disable(rule="r1", **NOW).rules] == [False, False]
    assert [rule.enabled for rule in limits.enable(rule="r2", **NOW).rules] == [False, True]
    assert not limits.disable(**NOW).enabled
    assert limits.enable(**NOW).enabled
    assert [rule.id for rule in limits.remove(rule="r1", **NOW).rules] == ["r2"]
    kept = limits.get(gateway="production").rules
    replaced = limits.replace(rules=[spend_rule(limit=usd("1"), window="hour"), *kept], **NOW)
    assert [str(rule) for rule in replaced.rules] == ["$1.00 in any hour", "$12.34 in any day, model m"]
    assert limits.remove(rule=replaced.rules[0], **NOW).rules[0].id == "r2"
    assert limits.replace(rules=[], **NOW).rules == ()


def test_a_dry_run_sends_nothing_and_shows_the_difference(server: GatewayServer, limits: Any) -> None:
    proposal = limits.remove(rule="r1", gateway="production", dry_run=True)
    assert server.puts == []
    assert "-$100.00 in any 30 days  (r1)" in proposal.diff
    assert [rule.id for rule in proposal.rules] == ["r2"]


def test_a_change_that_changes_nothing_is_not_sent(server: GatewayServer, limits: Any) -> None:
    assert limits.enable(**NOW).diff == ""
    assert server.puts == []


@pytest.mark.parametrize("existing", [None, {}, {"enabled": None, "rules": None}])
def test_the_first_rule_switches_the_limits_on(server: GatewayServer, limits: Any, existing: Any) -> None:
    server.gateway["spend_limits"] = existing
    assert limits.add(limit=usd("1"), window="day", **NOW).enabled


def test_limits_that_were_switched_off_stay_off(server: GatewayServer, limits: Any) -> None:
    server.gateway["spend_limits"]["enabled"] = False
    assert not limits.add(limit=usd("1"), window="day", **NOW).enabled


def test_more_than_20_rules_are_refused_before_anything_is_sent(server: GatewayServer, limits: Any) -> None:
    limits.replace(rules=[spend_rule(limit=number, window="day") for number in range(20)], **NOW)
    sent = len(server.puts)
    with pytest.raises(ValueError, match="21 rules"):
        limits.add(limit=1, window="day", **NOW)
    assert len(server.puts) == sent


def test_a_rule_that_is_not_there_is_named_with_those_that_are(server: GatewayServer, limits: Any) -> None:
    with pytest.raises(ValueError, match="no rule r9; its rules are: r1, r2"):
        limits.remove(rule="r9", **NOW)
    assert server.puts == []


def test_a_setting_that_the_service_does_not_keep_is_reported(server: GatewayServer, limits: Any) -> None:
    server.after_put = lambda gateway: gateway.update(zdr=True)
    with pytest.raises(SettingChanged, match="zdr") as raised:
        limits.add(limit=1, window="day", **NOW)
    assert raised.value.applied
    assert raised.value.settings == ("zdr",)


def test_true_is_not_one(server: GatewayServer, limits: Any) -> None:
    server.after_put = lambda gateway: gateway.update(
        collect_logs=True, authentication=True, zdr=False, retry_max_attempts=True
    )
    server.gateway["retry_max_attempts"] = 1
    with pytest.raises(SettingChanged, match="retry_max_attempts"):
        limits.add(limit=1, window="day", **NOW)


def test_a_change_that_is_overwritten_is_reported(server: GatewayServer, limits: Any) -> None:
    server.after_put = lambda gateway: gateway["spend_limits"].update(rules=[])
    with pytest.raises(SettingChanged, match="not in place") as raised:
        limits.add(limit=1, window="day", **NOW)
    assert not raised.value.applied


def test_a_removal_that_is_undone_is_reported(server: GatewayServer, limits: Any) -> None:
    rules = list(server.gateway["spend_limits"]["rules"])
    server.after_put = lambda gateway: gateway["spend_limits"].update(rules=rules)
    with pytest.raises(SettingChanged, match="not in place"):
        limits.remove(rule="r1", **NOW)


def test_somebody_elses_rule_on_top_is_no_failure(server: GatewayServer, limits: Any) -> None:
    theirs = {"id": "theirs", "limit": 1, "limitType": "cost", "window": 60}
    server.after_put = lambda gateway: gateway["spend_limits"]["rules"].append(theirs)
    assert [rule.id for rule in limits.add(limit=1, window="day", **NOW).rules][-1] == "theirs"


def test_a_change_after_looking_is_refused(server: GatewayServer, limits: Any) -> None:
    seen = limits.get(gateway="production")
    server.touch()
    with pytest.raises(SettingChanged, match="nothing was written") as raised:
        limits.add(limit=1, window="day", unchanged_since=seen, **NOW)
    assert not raised.value.applied
    assert server.puts == []


def test_a_number_that_cannot_be_sent_back_exactly_is_refused(server: GatewayServer, limits: Any) -> None:
    server.text_of_next_year = '{"ratio": 0.1234567890123456789}'
    with pytest.raises(SettingChanged, match=r"0\.1234567890123456789"):
        limits.add(limit=1, window="day", **NOW)
    assert server.puts == []


def test_the_asynchronous_client_does_the_same(server: GatewayServer) -> None:
    async def work() -> tuple[SpendRule, ...]:
        async with AsyncClient(base_url=server.url, api_token=TOKEN, account_id=ACCOUNT) as client:
            return (await client.ai_gateway.spend_limits.add(limit=usd("7"), window="week", **NOW)).rules

    assert [str(rule) for rule in asyncio.run(work())][-1] == "$7.00 in any 7 days"


_TWO = """
import sys
from aig_billing import Client, SettingChanged
url, account, name = sys.argv[1:]
with Client(base_url=url, api_token="any-token-of-these-tests", account_id=account) as client:
    sys.stdin.readline()
    try:
        client.ai_gateway.spend_limits.add(gateway="production", limit=100, window="day", metadata={name: None}, confirm_after=0.5)
        print("done")
    except SettingChanged:
        print("refused")
"""


@pytest.mark.slow
def test_of_two_processes_at_once_one_is_refused_or_both_are_done(server: GatewayServer) -> None:
    server.gateway["spend_limits"] = None
    names = [f"process{index}" for index in range(2)]
    for _ in range(3):
        running = [
            subprocess.Popen(
                [sys.executable, "-c", _TWO, server.url, ACCOUNT, name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in names
        ]
        for process in running:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        said = [process.communicate(timeout=60)[0].strip() for process in running]
        assert set(said) <= {"done", "refused"}, said
        rules = (server.gateway["spend_limits"] or {}).get("rules") or []
        there = {key for rule in rules for key in rule["metadata"]}
        assert {name for name, result in zip(names, said, strict=True) if result == "done"} <= there, (
            "a reported rule is gone"
        )
        server.gateway["spend_limits"] = None
