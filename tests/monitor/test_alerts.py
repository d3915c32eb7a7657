"""The exact messages that people get: each condition once, its end once, and "cannot be read" never mistaken for "is low"."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from aig_billing import AsyncClient, Money

from aig_billing_monitor.alerts import AlertState, judge
from aig_billing_monitor.history import History
from aig_billing_monitor.monitor import Monitor, Watched
from aig_billing_monitor.notify import Notifier, open_targets
from aig_billing_monitor.rate_gate import RateGate
from aig_billing_monitor.reader import AccountReader
from aig_billing_monitor.readings import Account, FailedReading, Outcome, Reading
from aig_billing_sandbox import Sandbox

from .conftest import NOON, webhook

ACCOUNT = Account("7f3c0a9e5b1d42d8a6e4c9b20f18d573", "team")


def reading(dollars: str, **more: object) -> Reading:
    return Reading(account=ACCOUNT, at=NOON, balance=Money(Decimal(dollars)), **{"auto_topup": "off", **more})  # type: ignore[arg-type]


def failed(kind: str = "unreadable", reason: str = "the API failed (503)") -> FailedReading:
    return FailedReading(account=ACCOUNT, at=NOON, kind=kind, reason=reason)  # type: ignore[arg-type]


def titles(outcomes: list[Outcome], *thresholds: int) -> list[list[str]]:
    """The titles after each outcome, without the account's name."""
    state, found = AlertState(), []
    for outcome in outcomes:
        state, messages = judge(state, outcome, thresholds)
        found.append([message.title.removeprefix("AI Gateway team: ") for message in messages])
    return found


def test_each_threshold_is_reported_once_and_so_is_its_end() -> None:
    assert titles([reading(amount) for amount in ("30", "19.99", "19", "5", "4.99", "4", "30", "30")], 2000, 500) == [
        [],
        ["credit is below $20.00"],
        [],
        [],
        ["credit is below $5.00"],
        [],
        ["credit is not below $20.00 any more"],
        [],
    ]


def test_one_message_where_several_thresholds_are_crossed_at_once() -> None:
    assert titles([reading("1"), reading("10"), reading("50")], 2000, 500) == [
        ["credit is below $5.00"],
        ["credit is not below $5.00 any more"],
        ["credit is not below $20.00 any more"],
    ]


def test_two_monitors_of_one_history_leave_each_others_thresholds_alone() -> None:
    state, found = AlertState(), []
    for amount in ("10", "10", "4", "4", "30", "30"):
        for thresholds in ((2000,), (500,)):
            state, messages = judge(state, reading(amount), thresholds)
            found.append([message.title.removeprefix("AI Gateway team: ") for message in messages])
    assert [titles for titles in found if titles] == [
        ["credit is below $20.00"],
        ["credit is below $5.00"],
        ["credit is not below $20.00 any more"],
        ["credit is not below $5.00 any more"],
    ]


def test_a_threshold_given_twice_is_one() -> None:
    assert titles([reading("10"), reading("30")], 2000, 2000) == [
        ["credit is below $20.00"],
        ["credit is not below $20.00 any more"],
    ]


def test_a_single_failed_check_is_not_reported() -> None:
    assert titles([failed(), reading("30"), failed(), failed(), failed(), reading("30")], 2000) == [
        [],
        [],
        [],
        ["cannot be read"],
        [],
        ["can be read again"],
    ]


def test_a_failure_does_not_end_a_low_balance() -> None:
    assert titles([reading("10"), failed(), failed(), reading("10")], 2000) == [
        ["credit is below $20.00"],
        [],
        ["cannot be read"],
        ["can be read again"],
    ]


def test_a_bad_token_is_reported_at_once_and_apart_from_an_outage() -> None:
    assert titles([failed(), failed(), failed("credentials"), failed(), reading("30")], 2000) == [
        [],
        ["cannot be read"],
        ["the API token does not work"],
        [],
        ["the API token works again"],
    ]


def test_auto_topup_and_unknown_charges_are_reported_once_each() -> None:
    outcomes: list[Outcome] = [
        reading("30", auto_topup="failing", auto_topup_error="card declined"),
        reading("30", auto_topup="failing", charges_unknown=1),
        reading("30", auto_topup="on", charges_unknown=1),
        reading("30", auto_topup="on", charges_unknown=0),
    ]
    assert titles(outcomes, 2000) == [
        ["auto top-up is failing"],
        ["the outcome of a charge is unknown"],
        ["auto top-up works again"],
        ["the outcome of every charge is known"],
    ]


@pytest.mark.slow
def test_the_messages_of_eight_hours(sandbox: Sandbox, tmp_path: Path) -> None:
    """A falling balance, an outage of half an hour, a token that is replaced, and a top-up; a check every five minutes."""
    token = ["rotated-away-" + "x" * 27]
    sandbox.add_token(token[0])
    sandbox.use(100, at=NOON - dt.timedelta(days=10))
    account = Account(sandbox.account_id, "shop")

    async def go(url: str) -> None:
        history = History(tmp_path / "history.db")
        async with (
            AsyncClient(api_token=token[0], base_url=sandbox.base_url, max_retries=0) as known,
            AsyncClient(api_token="b" * 40, base_url=sandbox.base_url, max_retries=0) as unknown,
        ):
            notifier = Notifier(history, open_targets([url]))
            good, bad = (Watched(account, AccountReader(client, RateGate())) for client in (known, unknown))
            monitor = Monitor(watched=[good], history=history, thresholds=(2000, 500), notifier=notifier)
            for minutes in range(0, 8 * 60, 5):
                sandbox.set_clock(NOON + dt.timedelta(minutes=minutes))
                sandbox.use(25)
                if minutes == 120:
                    sandbox.fault("*", status=503, times=None)
                elif minutes == 150:
                    sandbox.clear_faults()
                elif minutes == 420:
                    sandbox.adjust_balance(5000)
                await monitor.check(bad if 240 <= minutes < 270 else good)
                await notifier.deliver()

    with webhook() as hook:
        asyncio.run(go(hook.url))
    where = f"\nAccount: shop ({sandbox.account_id})"
    seen = "The balance last seen was $18.00 at 2026-11-18 13:55 UTC."
    nothing_said = "This says nothing about the credit that is left."
    outage = "The last: The API answered 503: [1950] A fault that was asked for: 503 (cf-ray 1)."
    refused = "The API answered 401: [10000] Authentication error (cf-ray 1). The token was not accepted: "
    refused += "is it complete, active and not expired?"
    look = "Look at it in the dashboard under My Profile > API Tokens; it needs AI Gateway Read."
    assert [(title, _without_rays(body)) for title, body in hook.messages] == [
        (
            "AI Gateway shop: credit is below $20.00",
            f"The balance is $19.75. At $0.46 a day it lasts until 2026-12-31 04:16 UTC.{where}",
        ),
        (
            "AI Gateway shop: cannot be read",
            f"2 checks in a row failed, since 2026-11-18 14:00 UTC. {outage} {seen} {nothing_said}{where}",
        ),
        (
            "AI Gateway shop: can be read again",
            f"The balance is $16.25. The account could not be read since 2026-11-18 14:00 UTC.{where}",
        ),
        (
            "AI Gateway shop: the API token does not work",
            f"{refused} Until it is replaced, nothing is known of the credit. {look}{where}",
        ),
        ("AI Gateway shop: the API token works again", f"The balance is $10.25.{where}"),
        (
            "AI Gateway shop: credit is below $5.00",
            f"The balance is $4.75. At $2.39 a day it lasts until 2026-11-20 18:04 UTC.{where}",
        ),
        ("AI Gateway shop: credit is not below $20.00 any more", f"The balance is $52.75.{where}"),
    ]


def _without_rays(body: str) -> str:
    return re.sub(r"cf-ray \w+-SBX", "cf-ray 1", body)
