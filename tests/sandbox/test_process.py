"""The sandbox as a process: how it starts, what it prints, how it ends, and what a kill cannot take."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from aig_billing_sandbox import Sandbox
from tests.interrupting import interrupt
from tests.sandbox.caller import Caller

COMMAND = [sys.executable, "-m", "aig_billing_sandbox", "--port", "0", "--exit-with-parent"]


@contextlib.contextmanager
def running(*options: str) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    process = subprocess.Popen(
        [*COMMAND, "--json", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def caller(client: httpx.Client, info: dict[str, Any]) -> Caller:
    return Caller(client, info["base_url"], info["account_id"], info["token"])


def test_it_is_ready_when_it_says_so() -> None:
    with running("--seed", "demo") as (_process, info), httpx.Client() as client:
        assert len(caller(client, info).get("invoice-preview")["invoice_lines"]) >= 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_when_asked_to(number: signal.Signals) -> None:
    with running() as (process, info), httpx.Client() as client:
        caller(client, info).get("credit-balance")
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")


@pytest.mark.slow
def test_it_ends_cleanly_before_it_is_ready() -> None:
    for delay in (0.05, 0.1, 0.15, 0.2, 0.25):
        with subprocess.Popen(COMMAND, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            time.sleep(delay)
            errors = interrupt(process)
            # Before `main` has begun, the interpreter has the word.
            assert process.returncode == 0 or not re.search(r'__main__.py", line \d+, in main', errors), errors


@pytest.mark.slow
def test_it_ends_cleanly_with_a_call_under_way() -> None:
    with running() as (process, info), httpx.Client() as client:
        httpx.post(info["control_url"] + "/fault", json={"operation": "credit_balance", "delay_before": 60})
        with pytest.raises(httpx.ReadTimeout):
            caller(client, info).send("GET", "credit-balance", timeout=httpx.Timeout(60, read=0.2))
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")


def test_it_prints_what_a_person_needs(tmp_path: Path) -> None:
    books = tmp_path / "books.db"
    process = subprocess.Popen([*COMMAND, "--db", str(books)], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        lines = "".join(iter(process.stdout.readline, "Ctrl-C ends it.\n"))
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0
    for reported in (
        "export CLOUDFLARE_BASE_URL=http://127.0.0.1:",
        Sandbox.account_id,
        Sandbox.token,
        Sandbox.read_token,
        f"database in {books})",
    ):
        assert reported in lines


def test_it_tells_a_waiting_script_on_its_own_descriptor() -> None:
    reading, writing = os.pipe()
    process = subprocess.Popen([*COMMAND, "--ready-fd", str(writing)], pass_fds=[writing], stdout=subprocess.DEVNULL)
    os.close(writing)
    with process, os.fdopen(reading) as ready:
        info = json.loads(ready.read())
        assert httpx.get(info["control_url"]).json()["result"]["account_id"] == info["account_id"]
        assert info["pid"] == process.pid
        process.terminate()


def test_it_ends_when_its_parent_is_gone() -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import subprocess, sys; child = subprocess.Popen({[*COMMAND, '--json']!r}); sys.stdin.read()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        info = json.loads(parent.stdout.readline())
        parent.kill()
        # The pipe closes when nobody holds its other end any more.
        assert parent.stdout.read() == ""
    with pytest.raises(httpx.ConnectError):
        httpx.get(info["control_url"])


@pytest.mark.slow
def test_a_killed_process_has_lost_nothing_that_it_had_answered(tmp_path: Path) -> None:
    file = str(tmp_path / "books.db")
    answered: list[str] = []
    for _ in range(3):
        with running("--db", file, "--settles-after", "0") as (process, info), httpx.Client() as client:
            api = caller(client, info)
            answered += [api.post("topup", {"amount": 1000})["payment_intent_id"] for _ in range(5)]
            process.kill()
            process.wait()
    with Sandbox(file) as sandbox:
        assert [charge.invoice_id for charge in sandbox.charges()] == answered
        assert sandbox.balance() == 2500 + 15 * 1000
        assert all(row["status"] == "paid" for row in sandbox.state()["invoices"])


@pytest.mark.slow
def test_a_process_killed_at_any_instant_leaves_true_books(tmp_path: Path) -> None:
    file = str(tmp_path / "books.db")
    answered: list[str] = []
    sent = 0
    for delay in (0.01, 0.03, 0.05, 0.08, 0.13):
        with running("--db", file, "--settles-after", "0.02") as (process, info), httpx.Client() as client:
            api = caller(client, info)
            killer = threading.Timer(delay, process.kill)
            killer.start()
            with contextlib.suppress(httpx.TransportError):
                while True:
                    sent += 1
                    answered.append(api.post("topup", {"amount": 1000})["payment_intent_id"])
            killer.join()
    with Sandbox(file) as sandbox:
        sandbox.advance(seconds=1)
        state, charges = sandbox.state(), sandbox.charges()
        accepted = [charge.invoice_id for charge in charges if charge.outcome == "accepted"]
        bought = [row["id"] for row in state["invoices"][1:]]
        # What was answered is there; what was not answered is there whole or not at all.
        assert set(answered) <= set(accepted)
        assert accepted == bought
        assert len(answered) <= len(charges) <= sent
        assert {row["status"] for row in state["invoices"]} == {"paid"}
        assert sandbox.balance() == 2500 + 1000 * len(bought)


def test_a_payment_under_way_settles_after_a_kill(tmp_path: Path) -> None:
    file = str(tmp_path / "books.db")
    with running("--db", file) as (process, info), httpx.Client() as client:
        caller(client, info).post("topup", {"amount": 1000})
        process.kill()
        process.wait()
    with Sandbox(file) as sandbox:
        sandbox.advance(seconds=2)
        assert sandbox.balance() == 3500


def refused(*options: str) -> str:
    done = subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_port_that_is_taken_is_reported(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in refused("--port", str(port))


@pytest.mark.slow
def test_addresses_that_others_can_reach_need_words() -> None:
    assert "--open-to-the-network" in refused("--host", "0.0.0.0")  # noqa: S104 - refused
    with running("--host", "::1") as (_process, info):
        assert httpx.get(info["control_url"]).status_code == 200


def test_other_machines_use_the_controls_only_when_that_is_said() -> None:
    for options, status in ((("--open-to-the-network",), 403), (("--open-to-the-network", "--open-controls"), 200)):
        with running("--host", "0.0.0.0", *options) as (_process, info):  # noqa: S104 - on purpose
            port = info["base_url"].rsplit(":", 1)[1].split("/")[0]
            own = socket.gethostbyname(socket.gethostname())
            if own.startswith("127."):
                pytest.skip("this machine has no address but loopback")
            assert httpx.get(f"http://{own}:{port}/_sandbox/balance").status_code == status


@pytest.mark.slow
def test_bad_options_are_reported_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("no database " * 500)
    assert "QUOTA/SECONDS" in refused("--rate-limit", "fast")
    assert "file is not a database" in refused("--db", str(tmp_path / "notes"))
    assert "settles-after" in refused("--settles-after", "-1")


def test_a_rate_limit_on_the_command_line_is_kept() -> None:
    with running("--rate-limit", "1/60") as (_process, info), httpx.Client() as client:
        api = caller(client, info)
        api.get("credit-balance")
        assert int(api.send("GET", "credit-balance").headers["retry-after"]) <= 60
