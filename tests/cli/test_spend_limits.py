"""Spend limits on the command line: what is shown, what is asked, and what is left alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aig_billing import Client

from aig_billing_cli.commands import spend_limits
from aig_billing_sandbox import Sandbox
from tests.cli.conftest import owner_of
from tests.cli.terminal import CommandLine

pytestmark = pytest.mark.slow


@pytest.fixture
def live() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def owner(live: Sandbox, tmp_path: Path) -> CommandLine:
    return owner_of(live, live.base_url, tmp_path / "home")


def settings(live: Sandbox, gateway: str = "default") -> dict[str, Any]:
    """Everything of a gateway but its limits."""
    with Client(base_url=live.base_url, api_token=live.token, account_id=live.account_id) as client:
        found: Any = client.ai_gateway.with_raw_response.get(id=gateway).json()
    return {name: value for name, value in found["result"].items() if name not in {"spend_limits", "modified_at"}}


def rules(owner: CommandLine, *arguments: str) -> list[dict[str, Any]]:
    ended = owner.run("spend-limits", "list", "-o", "json", *arguments)
    assert (ended.code, ended.err) == (0, "")
    rows: list[dict[str, Any]] = json.loads(ended.out)
    return rows


def test_a_limit_is_added_shown_and_removed_and_nothing_else_changes(live: Sandbox, owner: CommandLine) -> None:
    before = settings(live)
    had = len(rules(owner, "--gateway", "default"))
    added = owner.run("spend-limits", "add", "100", "--window", "30 days", "--per", "user_id", "--yes", "-o", "json")
    assert added.code == 0, added.err
    new = json.loads(added.out)[-1]
    assert new["rule"] == "$100.00 in any 30 days, per user_id"
    assert (new["limit_dollars"], new["window_seconds"], new["enabled"]) == (100, 2_592_000, True)
    assert settings(live) == before
    shown = owner.run("spend-limits", "list", "--gateway", "default")
    assert "$100.00 in any 30 days, per user_id" in shown.out
    removed = owner.run("spend-limits", "remove", new["id"], "--yes")
    assert removed.code == 0, removed.err
    assert len(rules(owner, "--gateway", "default")) == had
    assert settings(live) == before


def test_all_gateways_are_listed(owner: CommandLine) -> None:
    assert {row["gateway"] for row in rules(owner)} <= {"default", "production"}
    fields = [name for field in spend_limits.FIELDS for name in field.names()]
    owner.run("spend-limits", "add", "1", "--window", "day", "--yes")
    assert all(list(row) == fields for row in rules(owner))


def test_a_dry_run_shows_the_difference_and_changes_nothing(live: Sandbox, owner: CommandLine) -> None:
    before = rules(owner)
    ended = owner.run("spend-limits", "add", "12.34", "--window", "day", "--model", "openai/gpt-5", "--dry-run")
    assert ended.code == 0
    assert "+$12.34 in any day, model openai/gpt-5" in ended.err
    assert "Nothing was changed." in ended.out
    assert rules(owner) == before


def test_without_a_yes_nothing_is_changed(owner: CommandLine) -> None:
    before = rules(owner)
    ended = owner.run("spend-limits", "add", "100", "--window", "day", "--no-input")
    assert ended.code == 2
    assert "nothing was changed" in ended.err
    assert rules(owner) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "100", "--window", "month"), "not calendar months"),
        (("add", "100", "--window", "day", "--where", "user"), "not KEY=VALUE"),
        (("add", "100", "--window", "day", "--per", "a", "--where", "a=b"), "contradict"),
        (("remove", "no-such-rule"), "no rule no-such-rule"),
        (("add", "lots", "--window", "day"), "not an amount in dollars"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(
    owner: CommandLine, arguments: tuple[str, ...], said: str
) -> None:
    ended = owner.run("spend-limits", *arguments, "--yes")
    assert ended.code == 2
    assert said in ended.err


def test_doctor_says_whether_a_limit_stands(owner: CommandLine) -> None:
    owner.run("spend-limits", "add", "100", "--window", "day", "--yes")
    ended = owner.run("doctor")
    assert "Spend limits are set on:" in " ".join(ended.out.split())


def test_the_old_limit_points_to_the_new_ones(owner: CommandLine) -> None:
    ended = owner.run("limit", "set", "100")
    assert "aig-billing spend-limits add" in " ".join(ended.err.split())
