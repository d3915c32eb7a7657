"""The sandbox from the command line, and `--sandbox`, which points everything at it."""

from __future__ import annotations

import json
import re
import signal

import pytest

from aig_billing_sandbox import Sandbox
from tests.cli.terminal import CommandLine

pytestmark = pytest.mark.slow


def test_a_sandbox_is_started_found_and_ended(stranger: CommandLine) -> None:
    process = stranger.start("sandbox", "--port", "0", "--seed", "demo", "-o", "json")
    try:
        assert process.stdout is not None
        info = json.loads(process.stdout.readline())
        ended = stranger.with_environment(CLOUDFLARE_BASE_URL=info["base_url"]).run(
            "--sandbox", "invoices", "-o", "json"
        )
        assert ended.code == 0, ended.err
        assert len(json.loads(ended.out)) == 4
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")


def test_sandbox_uses_the_sandboxes_token_and_its_own_journal(owner: CommandLine, sandbox: Sandbox) -> None:
    real = owner.with_environment(CLOUDFLARE_API_TOKEN="of-the-real-account", CLOUDFLARE_ACCOUNT_ID="real")
    ended = real.run("--sandbox", "topup", "50", "--key", "k", "--yes")
    assert ended.code == 0, ended.err
    assert re.search(r"Service +the sandbox at http://127\.0\.0\.1:", ended.err)
    assert [path.name for path in (owner.home / "state" / "aig-billing").glob("*.db")] == ["sandbox-journal.db"]
    assert json.loads(owner.run("charges", "list", "-o", "json").out) == []
    assert [charge.amount_cents for charge in sandbox.charges()] == [5_000]


def test_another_account_of_the_sandbox_can_be_named(owner: CommandLine, sandbox: Sandbox) -> None:
    other = sandbox.open_account(topped_up=False)
    ended = owner.run("--sandbox", "balance", "--account", other, "-o", "json")
    assert json.loads(ended.out)["balance_cents"] == 0


def test_no_sandbox_is_reported_with_how_to_start_one(stranger: CommandLine) -> None:
    ended = stranger.with_environment(CLOUDFLARE_BASE_URL="http://127.0.0.1:9/client/v4").run("--sandbox", "balance")
    assert ended.code == 4
    assert "aig-billing sandbox" in ended.err


def test_a_sandbox_that_cannot_listen_says_why(sandbox: Sandbox, stranger: CommandLine) -> None:
    port = sandbox.base_url.split(":")[2].split("/")[0]
    ended = stranger.run("sandbox", "--port", port)
    assert ended.code == 2
    assert f"cannot listen on 127.0.0.1:{port}" in ended.err
    exposed = stranger.run("sandbox", "--port", "0", "--host", "192.0.2.1")
    assert exposed.code == 2
    assert "--open-to-the-network" in exposed.err


def test_a_running_sandbox_is_controlled(owner: CommandLine, sandbox: Sandbox) -> None:
    before = sandbox.now
    charged = json.loads(owner.run("sandbox", "charge", "5", "-o", "json").out)
    assert charged["balance_cents"] == sandbox.balance() == 2_000
    assert "needs_confirmation" in owner.run("sandbox", "decline", "needs_confirmation").err
    assert owner.run("sandbox", "advance", "2d").code == 0
    assert (sandbox.now - before).days == 2
    assert owner.run("sandbox", "fault", "topup.create", "--drop", "after", "--times", "2").code == 0
    assert [(fault.operation, fault.drop, fault.times) for fault in sandbox.faults()] == [("topup.create", "after", 2)]
    assert owner.run("sandbox", "fault", "--clear").code == 0
    assert sandbox.faults() == []


def test_a_control_that_is_refused_says_why(owner: CommandLine, stranger: CommandLine) -> None:
    ended = owner.run("sandbox", "fault", "topup", "--status", "500")
    assert ended.code == 2
    assert "there is no operation 'topup'" in ended.err
    assert owner.run("sandbox", "fault", "topup.create").code == 2
    alone = stranger.with_environment(CLOUDFLARE_BASE_URL="http://127.0.0.1:9/client/v4").run(
        "sandbox", "advance", "1d"
    )
    assert alone.code == 4
    assert "aig-billing sandbox" in alone.err
