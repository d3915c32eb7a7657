"""Watching: the exit code says whether the balance is below."""

from __future__ import annotations

import json
import re
import signal
from typing import Any

import pytest

from aig_billing_sandbox import Sandbox
from tests.cli.terminal import CommandLine
from tests.cli.test_topup import wait_for

pytestmark = pytest.mark.slow


def test_the_exit_code_says_whether_the_balance_is_below(owner: CommandLine, sandbox: Sandbox) -> None:
    above = owner.run("watch", "--below", "25")
    assert above.code == 0
    assert "$25.00, not below $25.00" in above.out
    sandbox.use("0.001")
    below = owner.run("watch", "--below", "25", "-o", "json")
    assert below.code == 6
    row = json.loads(below.out)
    assert (row["below"], row["balance_cents"], row["threshold_cents"]) == (True, 2499.999, 2500)


def test_quiet_leaves_the_exit_code_alone_for_cron_mails_every_line(owner: CommandLine) -> None:
    ended = owner.run("watch", "--below", "30", "--quiet")
    assert (ended.code, ended.everything) == (6, "")


def test_what_cannot_be_asked_for_is_neither_above_nor_below(owner: CommandLine) -> None:
    ended = owner.with_environment(CLOUDFLARE_BASE_URL="http://127.0.0.1:9/client/v4").run("watch", "--below", "10")
    assert ended.code == 4


def test_every_keeps_going_through_failures_until_ctrl_c(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.fault("credit_balance", skip=1, times=1, status=400)
    process = owner.start("watch", "--below", "30", "--every", "1s", "-o", "json")
    try:
        wait_for(lambda: len(sandbox.requests()) >= 3)
    finally:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 6
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) >= 1
    assert all(row["below"] for row in rows)
    assert "The API refused" in err
    assert "Traceback" not in err


def test_every_can_end_as_soon_as_the_balance_is_below(owner: CommandLine, sandbox: Sandbox) -> None:
    process = owner.start("watch", "--below", "20", "--every", "1s", "--until-below", "-o", "csv")
    wait_for(lambda: bool(sandbox.requests()))
    sandbox.use(1_000)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 6
    lines = out.splitlines()
    assert lines[0].startswith("checked_at,")
    assert sum(line.startswith("checked_at,") for line in lines) == 1
    assert lines[-1].endswith(",true")


def test_an_outage_is_one_line_a_check_with_its_time(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.fault("credit_balance", times=None, status=400)
    process = owner.start("watch", "--below", "30", "--every", "1s")
    try:
        wait_for(lambda: len(sandbox.requests()) >= 3)
    finally:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    lines = err.splitlines()
    assert len(lines) >= 2
    assert all(re.match(r"[ \d]\d \w{3} \d{4}, \d\d:\d\d:\d\d UTC  not read: The API refused", line) for line in lines)


def test_a_retry_says_what_happened(owner: CommandLine, sandbox: Sandbox) -> None:
    faults: tuple[tuple[dict[str, Any], str], ...] = (
        ({"status": 503}, "The API answered 503"),
        ({"status": 429, "headers": {"retry-after": "1"}}, "Too many requests (429)"),
        ({"drop": "before"}, "connection"),
    )
    fault: dict[str, Any]
    for fault, says in faults:
        sandbox.fault("credit_balance", **fault)
        ended = owner.run("balance")
        assert ended.code == 0
        assert says in ended.err
        assert "asking again in" in ended.err
