"""The commands that watch: as processes, with signals, restarts, files and what goes wrong."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from aig_billing_sandbox import Sandbox
from tests.charges import postgres
from tests.cli.conftest import owner_of
from tests.cli.terminal import COMMAND, CommandLine

from .conftest import webhook

pytestmark = pytest.mark.slow

LIMIT_SECONDS = 120.0


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        sandbox.behave(settles_after=0)
        yield sandbox


@pytest.fixture
def owner(sandbox: Sandbox, tmp_path: Path) -> CommandLine:
    return owner_of(sandbox, sandbox.base_url, tmp_path / "home")


def lines_of(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    for line in process.stdout:
        yield json.loads(line)


@contextmanager
def started(owner: CommandLine, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with owner.start("monitor", "--every", "1s", "-o", "jsonl", *arguments) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_line_a_check_until_a_signal_ends_it(owner: CommandLine, sandbox: Sandbox) -> None:
    with started(owner) as process:
        lines = lines_of(process)
        first, second = next(lines), next(lines)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT_SECONDS) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert (first["account"], first["balance_cents"]) == (sandbox.account_id, 2500)
    assert first["failure"] is None
    assert second["checked_at"] >= first["checked_at"]


@contextmanager
def silent_server() -> Iterator[int]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_while_api_webhook_and_mail_server_are_silent(
    owner: CommandLine, sandbox: Sandbox, number: signal.Signals
) -> None:
    sandbox.fault("credit_balance", skip=1, delay_before=600, times=None)
    with silent_server() as hook, silent_server() as mail:
        targets = (f"json://127.0.0.1:{hook}/", f"mailto://127.0.0.1:{mail}/?from=a@b.test&to=c@d.test&mode=insecure")
        options = [part for target in targets for part in ("--notify", target)]
        with started(owner, "--below", "50", *options) as process:
            next(lines_of(process))
            while not _is_sending(owner.home):
                assert process.poll() is None
            process.send_signal(number)
            # What holds it up would take minutes; the bound is for a machine that is busy.
            assert process.wait(LIMIT_SECONDS) == 0


def _is_sending(home: Path) -> bool:
    import sqlite3

    (found,) = home.glob("**/history.db")
    with contextlib.closing(sqlite3.connect(found)) as connection, connection:
        rows = connection.execute("SELECT state FROM aig_history_deliveries").fetchall()
    connection.close()
    return ("sending",) in rows


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_as_process_1_too(owner: CommandLine, number: signal.Signals) -> None:
    unshare = shutil.which("unshare")
    tried = [unshare or "", "--pid", "--fork", "--mount-proc", "true"]
    if unshare is None or subprocess.run(tried, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make a PID namespace (unshare --pid --fork)")
    inner = f"{COMMAND[0]} -m aig_billing_cli monitor --every 1s -o jsonl"
    with subprocess.Popen(
        [unshare, "--pid", "--fork", "--mount-proc", "sh", "-c", f"exec {inner}"],
        env={**owner.environment},
        cwd=owner.home,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        next(lines_of(process))
        (child,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(child), number)
        assert process.wait(LIMIT_SECONDS) == 0


def test_killed_and_started_again_it_repeats_no_message(owner: CommandLine, sandbox: Sandbox) -> None:
    with webhook() as hook:
        options = ("--below", "20", "--notify", hook.url)
        sandbox.use(600)
        with started(owner, *options) as process:
            assert hook.arrived.acquire(timeout=LIMIT_SECONDS)
            # The check after next comes when the message has been noted as sent.
            lines = lines_of(process)
            _ = next(lines), next(lines), next(lines)
            process.send_signal(signal.SIGKILL)
        with started(owner, *options) as process:
            lines = lines_of(process)
            _ = next(lines), next(lines)
            sandbox.adjust_balance(1_000)
            assert hook.arrived.acquire(timeout=LIMIT_SECONDS)
    assert [title.partition(": ")[2] for title in hook.titles] == [
        "credit is below $20.00",
        "credit is not below $20.00 any more",
    ]


def test_metrics_are_served_where_it_was_said(owner: CommandLine, sandbox: Sandbox) -> None:
    with (
        owner.start("monitor", "--every", "1s", "--metrics", "127.0.0.1:0") as process,
        contextlib.ExitStack() as stack,
    ):
        stack.callback(process.kill)
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stderr.readline().split()[-1]
        assert "$25.00" in process.stdout.readline()
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - loopback
            assert (
                f'aig_billing_balance_dollars{{account="{sandbox.account_id}",profile=""}} 25.0'
                in answer.read().decode()
            )


def test_accounts_of_a_file_are_watched_each_with_its_own_token(
    owner: CommandLine, sandbox: Sandbox, tmp_path: Path
) -> None:
    other = sandbox.open_account()
    sandbox.add_token("o" * 40, account_id=other)
    file = tmp_path / "accounts.toml"
    file.write_text(
        f'[profiles.shop]\naccount_id = "{sandbox.account_id}"\napi_token = "{sandbox.token}"\n'
        f'[profiles.lab]\naccount_id = "{other}"\napi_token = "{"o" * 40}"\n'
        f'[profiles.gone]\naccount_id = "{other}"\napi_token = "{"x" * 40}"\n'
    )
    file.chmod(stat.S_IRUSR | stat.S_IWUSR)
    seen: dict[str, Any] = {}
    with started(owner, "--accounts", str(file)) as process:
        for line in lines_of(process):
            seen[line["profile"]] = line["failure"]
            if len(seen) == 3:
                break
    assert seen == {"shop": None, "lab": None, "gone": "credentials"}


def test_one_bad_profile_does_not_stop_the_others_and_missing_credentials_are_a_failure_of_that_account(
    owner: CommandLine, sandbox: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "accounts.toml"
    account = f'account_id = "{sandbox.account_id}"\n'
    file.write_text(
        f'[profiles.bad]\nnonsense = 1\n[profiles.nobody]\napi_token = "x"\n[profiles.locked]\n{account}token_command = "false"\n'
        f'[profiles.shop]\n{account}api_token = "{sandbox.token}"\n'
    )
    file.chmod(stat.S_IRUSR | stat.S_IWUSR)
    seen: dict[str, Any] = {}
    with started(owner, "--accounts", str(file)) as process:
        for line in lines_of(process):
            seen[line["profile"]] = (line["failure"], line["reason"])
            if len(seen) == 2:
                break
        process.kill()
        assert process.stderr is not None
        notices = process.stderr.read()
    assert seen["shop"] == (None, None)
    assert seen["locked"][0] == "credentials"
    assert "ended with 1" in seen["locked"][1]
    assert "profile 'bad': " in notices
    assert "profile 'nobody': It has no account_id." in notices
    file.write_text("[profiles.bad]\nnonsense = 1\n")
    ended = owner.run("monitor", "--accounts", str(file))
    assert ended.code == 2
    assert "names no account that can be watched" in ended.err


def test_an_address_for_metrics_that_is_taken_is_named(owner: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        ended = owner.run("monitor", "--metrics", address)
    assert ended.code == 2
    assert f"Metrics cannot be served at {address}" in ended.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("monitor", "--notify", "nosuch://x"), "the notification URL nosuch://..."),
        (("monitor", "--notify", "hunter2"), "a notification URL cannot"),
        (("report", "--month", "2999-01"), "has not begun"),
        (("invoices", "download", "--to", "/proc/none/pdfs"), "cannot be made"),
        (("monitor", "--metrics", "9464"), "127.0.0.1:9464"),
        (("monitor", "--history", "/proc/none/history.db"), "history"),
        (("monitor", "--accounts", "missing.toml"), "missing.toml"),
        (("report", "--month", "October"), "2026-10"),
        (("fleet", "list"), "database"),
        (("fleet", "list", "--database", "fleet.db"), "PostgreSQL"),
        (("fleet", "add", "a", "--ensure", "20"), "--topup"),
        (("invoices", "show", "in_none"), "no invoice in_none"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(owner: CommandLine, arguments: tuple[str, ...], says: str) -> None:
    ended = owner.run(*arguments)
    assert ended.code == 2, ended.everything
    assert says in ended.err
    assert "Traceback" not in ended.err


def test_sync_keeps_and_report_shows_it_in_three_forms(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.use(123, model="openai/gpt-5-mini")
    assert owner.run("topup", "20", "--yes").code == 0
    assert "models" in owner.run("sync").out
    month = dt.datetime.now(dt.UTC).strftime("%Y-%m")
    assert "| openai/gpt-5-mini | $1.23 |" in owner.run("report", "--month", month).out
    assert "model," in owner.run("report", "--month", month, "-o", "csv", "--offline").out
    ended = owner.run("report", "-o", "html", "--to", "report.html", "--offline")
    assert ended.code == 0, ended.err
    page = (owner.home / "report.html").read_text()
    assert "openai/gpt-5-mini" in page
    assert "$20.00" in page, "the credit of our own top-up is known from the journal"


def test_invoices_are_shown_and_downloaded_whole_and_once(owner: CommandLine, sandbox: Sandbox) -> None:
    assert owner.run("topup", "20", "--yes").code == 0
    listed = json.loads(owner.run("invoices", "-o", "json").out)
    first = listed[0]["id"]
    assert json.loads(owner.run("invoices", "show", first, "-o", "json").out)["id"] == first
    saved = owner.run("invoices", "download", "--to", "pdfs")
    assert saved.code == 0, saved.err
    assert f"2 of {len(listed)}" in saved.err
    files = sorted((owner.home / "pdfs").iterdir())
    assert len(files) == len(listed)
    assert all(file.read_bytes().startswith(b"%PDF") for file in files)
    again = json.loads(owner.run("invoices", "download", first, "--to", "pdfs", "-o", "json").out)
    assert again[0]["result"] == "there already"


def test_a_pdf_that_is_none_is_not_saved(owner: CommandLine, sandbox: Sandbox) -> None:
    body = {
        "success": True,
        "errors": [],
        "messages": [],
        "result": {
            "invoices": [
                {
                    "id": "../in_1",
                    "amount_due": 1,
                    "amount_paid": 1,
                    "amount_remaining": 0,
                    "currency": "usd",
                    "invoice_pdf": f"{sandbox.base_url}/nothing",
                }
            ],
            "pagination": {"has_more": False, "page": 1, "per_page": 20, "total_count": 1},
        },
    }
    sandbox.fault("invoice_history", status=200, body=body)
    ended = owner.run("invoices", "download", "--to", "pdfs", "-o", "json")
    assert ended.code == 1
    assert json.loads(ended.out)[0]["result"] == "failed"
    assert list((owner.home / "pdfs").iterdir()) == []


@pytest.mark.skipif(postgres.why_not() is not None, reason=str(postgres.why_not()))
def test_a_fleet_by_its_commands(owner: CommandLine, sandbox: Sandbox, postgresql_place: str) -> None:
    fleet = owner.with_environment(AIG_BILLING_JOURNAL=postgresql_place)
    assert fleet.run("fleet", "init").code == 0
    added = fleet.run(
        "fleet", "add", sandbox.account_id, "--every", "1m", "--below", "30", "--ensure", "20", "--topup", "25"
    )
    assert added.code == 0, added.err
    (row,) = json.loads(fleet.run("fleet", "list", "-o", "json").out)
    assert (row["account"], row["every_seconds"], row["ensure_cents"], row["checked_at"]) == (
        sandbox.account_id,
        60,
        2000,
        None,
    )
    with webhook() as hook, fleet.start("fleet", "worker", "--notify", hook.url, "-o", "jsonl") as worker:
        try:
            assert next(lines_of(worker))["balance_cents"] == 2500
            assert hook.arrived.acquire(timeout=LIMIT_SECONDS)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(LIMIT_SECONDS) == 0
        finally:
            worker.kill()
    assert hook.titles == [f"AI Gateway {sandbox.account_id}: credit is below $30.00"]
    assert json.loads(fleet.run("fleet", "list", "-o", "json").out)[0]["checked_at"] is not None
    assert fleet.run("fleet", "remove", sandbox.account_id).code == 0
    assert json.loads(fleet.run("fleet", "list", "-o", "json").out) == []
