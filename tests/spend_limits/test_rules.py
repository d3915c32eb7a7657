"""Rules as people say them: lengths of time, money, filters, sentences, and the JSON that the API takes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from aig_billing import Money, usd
from aig_billing.models import SpendLimitRule
from hypothesis import given
from hypothesis import strategies as st

from aig_billing_spend_limits.rules import parse_window, read_rule, spend_rule, window_in_words


@pytest.mark.parametrize(
    ("window", "seconds"),
    [
        ("day", 86_400),
        ("week", 604_800),
        ("30 days", 2_592_000),
        ("12 hours", 43_200),
        ("1 hour", 3_600),
        (" Day ", 86_400),
        ("90 seconds", 90),
        (dt.timedelta(days=30), 2_592_000),
    ],
)
def test_windows_that_people_say(window: Any, seconds: int) -> None:
    assert parse_window(window) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "window",
    [
        "",
        "month",
        "0 days",
        "-1 day",
        "1.5 days",
        "30",
        "year",
        dt.timedelta(0),
        dt.timedelta(seconds=-1),
        dt.timedelta(seconds=0.5),
    ],
)
def test_a_window_that_is_none_is_refused(window: Any) -> None:
    with pytest.raises(ValueError, match="window"):
        parse_window(window)


def test_a_month_is_explained() -> None:
    with pytest.raises(ValueError, match="say 30 days"):
        parse_window("1 month")


@pytest.mark.parametrize("window", [30, None, 86400.0])
def test_a_window_of_another_type_is_refused(window: Any) -> None:
    with pytest.raises(TypeError, match="window"):
        parse_window(window)


@given(st.integers(1, 10**9))
def test_a_window_in_words_is_that_window(seconds: int) -> None:
    words = window_in_words(dt.timedelta(seconds=seconds)).replace(",", "")
    assert parse_window(words) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            {"limit": usd("100"), "window": "30 days", "metadata": {"user_id": None}},
            "$100.00 in any 30 days, per user_id",
        ),
        ({"limit": usd("5"), "window": "day", "technique": "fixed"}, "$5.00 in every day"),
        (
            {"limit": usd("12.34"), "window": "week", "model": "openai/gpt-5", "provider": ["openai", "groq"]},
            "$12.34 in any 7 days, model openai/gpt-5, provider openai, groq",
        ),
        (
            {"limit": 1, "window": "hour", "metadata": {"user_id": ["a", "b"]}, "enabled": False},
            "$0.01 in any hour, user_id a, b, switched off",
        ),
    ],
)
def test_rules_read_as_sentences(rule: dict[str, Any], sentence: str) -> None:
    assert str(spend_rule(**rule)) == sentence


def test_the_api_counts_dollars_and_seconds() -> None:
    rule = spend_rule(
        limit=usd("100.50"), window="30 days", technique="sliding", model="m", metadata={"user": None, "team": "a"}
    )
    assert rule.to_json() == {
        "limit": 100.5,
        "limitType": "cost",
        "window": 2_592_000,
        "enabled": True,
        "technique": "sliding",
        "model": {"mode": "filter", "values": ["m"]},
        "metadata": {"user": {"mode": "partition"}, "team": {"mode": "filter", "values": ["a"]}},
    }
    assert spend_rule(limit=Money(Decimal(100)), window="day").to_json()["limit"] == 100


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"limit": -1}, ValueError),
        ({"limit": Money(Decimal(-1))}, ValueError),
        ({"limit": Money(Decimal(1), "EUR")}, ValueError),
        ({"limit": 1.5}, TypeError),
        ({"limit": True}, TypeError),
        ({"limit": "100"}, TypeError),
        ({"technique": "rolling"}, ValueError),
        ({"model": []}, ValueError),
        ({"model": ""}, ValueError),
        ({"provider": 3}, TypeError),
        ({"metadata": {"user": [1]}}, TypeError),
        ({"metadata": {"": None}}, ValueError),
    ],
)
def test_what_cannot_be_a_rule_is_refused(wrong: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        spend_rule(**{"limit": 100, "window": "day", **wrong})


def test_a_rule_that_was_read_is_written_as_it_came() -> None:
    came: dict[str, Any] = {
        "id": "r1",
        "limit": 1.5,
        "limitType": "cost",
        "window": 60,
        "model": None,
        "later": {"new": [1]},
    }
    rule = read_rule(SpendLimitRule.from_dict(came), came)
    assert rule.to_json() == came
    assert (rule.limit, rule.window, rule.models, rule.enabled) == (
        Money(Decimal("1.5")),
        dt.timedelta(minutes=1),
        (),
        True,
    )
