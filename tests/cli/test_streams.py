"""Where output cannot go: full disks, closed streams, and readers that went away; a charge is never lost from sight."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aig_billing_sandbox import Sandbox
from tests.cli.terminal import COMMAND, CommandLine
from tests.cli.test_topup import charged
from tests.runtime.ways import wait_until

pytestmark = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")  # noqa: PTH110 - a device


def shell(line: CommandLine, command: str) -> subprocess.CompletedProcess[str]:
    """Run it with redirections, as a script does."""
    return subprocess.run(
        ["/bin/bash", "-c", f"set -o pipefail; {' '.join(COMMAND)} {command}"],
        capture_output=True,
        text=True,
        env=dict(line.environment),
        cwd=line.home,
        timeout=60,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "redirection", ["> /dev/full", ">&-", "-o json > /dev/full", "--quiet > /dev/full", "| true", ">&- <&-"]
)
def test_a_charge_whose_answer_cannot_be_printed_is_reported_on_stderr(
    owner: CommandLine, sandbox: Sandbox, redirection: str
) -> None:
    ended = shell(owner, f"topup 50 --yes --key k1 {redirection}")
    assert (ended.returncode, ended.stdout) == (0, "")
    assert charged(sandbox) == [5_000]
    payment = sandbox.charges()[0].invoice_id
    for words in ("The charge of $50.00 was made", "key k1", f"payment {payment}", "Do not charge again"):
        assert words in ended.stderr
    for words in ("Traceback", "bug", "again with --debug", "Exception ignored"):
        assert words not in ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize("redirection", [">&- 2>&-", "> /dev/full 2> /dev/full", "2>&-", "2> /dev/full"])
def test_a_charge_with_no_stream_left_is_in_the_journal(owner: CommandLine, sandbox: Sandbox, redirection: str) -> None:
    assert shell(owner, f"topup 50 --yes --key k1 {redirection}").returncode == 0
    [row] = json.loads(owner.run("charges", "list", "-o", "json").out)
    assert (row["key"], row["state"]) == ("k1", "completed")
    assert charged(sandbox) == [5_000]


@pytest.mark.slow
def test_a_charge_is_logged_with_its_key_and_payment(owner: CommandLine, sandbox: Sandbox) -> None:
    ended = owner.run("topup", "50", "--yes", "--key", "k1", "-v", "-q")
    assert f"key k1, payment {sandbox.charges()[0].invoice_id}" in ended.err


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", ["balance", "invoices -o json", "usage -o csv", "doctor", "charges list", "--help", "--version"]
)
@pytest.mark.parametrize("redirection", ["> /dev/full", ">&-"])
def test_an_answer_that_cannot_be_written_has_its_own_code(owner: CommandLine, command: str, redirection: str) -> None:
    ended = shell(owner, f"{command} {redirection}")
    assert ended.returncode == 8
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr


def test_without_stderr_answers_still_come(owner: CommandLine) -> None:
    ended = shell(owner, "balance 2>&-")
    assert ended.returncode == 0
    assert "$25.00" in ended.stdout


@pytest.mark.slow
def test_no_file_gets_the_number_of_a_closed_stream(owner: CommandLine) -> None:
    """What a token_command writes to stderr must not land in the journal."""
    config = owner.home / ".config" / "aig-billing" / "config.toml"
    config.parent.mkdir(parents=True)
    token = owner.environment["CLOUDFLARE_API_TOKEN"]
    script = f"import os; os.write(2, b'noise' * 9); print('{token}')"
    config.write_text(f"[profiles.p]\ntoken_command = [{sys.executable!r}, '-c', {script!r}]\n", encoding="utf-8")
    assert shell(owner, "topup 50 --profile p --yes --key k1 >&- 2>&- <&-").returncode == 0
    assert json.loads(owner.run("charges", "list", "-o", "json").out)[0]["state"] == "completed"


def test_sigterm_ends_a_watch_as_ctrl_c_does(owner: CommandLine, sandbox: Sandbox) -> None:
    process = owner.start("watch", "--below", "1", "--every", "60s", "-o", "jsonl")
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["below"] is False
    process.terminate()
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")


def ended_while_printing(line: CommandLine, number: signal.Signals, *arguments: str) -> tuple[int, str, str]:
    """Run it with nobody reading what it prints, and end it while it waits for that; give code, output and messages."""
    readable, full = os.pipe()
    fcntl.fcntl(full, fcntl.F_SETPIPE_SZ, 4096)
    os.write(full, b" " * 4096)
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        env=dict(line.environment),
        cwd=line.home,
        stdout=full,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(full)
    waits_for = Path(f"/proc/{process.pid}/wchan")
    try:
        wait_until(lambda: "pipe_write" in waits_for.read_text())
        process.send_signal(number)
        with os.fdopen(readable) as printed:
            out = printed.read()
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    return process.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_watch_that_is_ended_while_it_prints_ends_with_what_it_prints(
    owner: CommandLine, number: signal.Signals
) -> None:
    code, out, err = ended_while_printing(owner, number, "watch", "--below", "1", "--every", "60s")
    assert (code, err, "not below" in out) == (0, "", True)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_charge_that_is_interrupted_while_it_is_printed_is_reported_on_stderr(
    owner: CommandLine, sandbox: Sandbox, number: signal.Signals
) -> None:
    code, _, err = ended_while_printing(owner, number, "topup", "50", "--yes", "--key", "k1")
    assert (code, charged(sandbox)) == (0, [5_000])
    payment = sandbox.charges()[0].invoice_id
    for words in (
        "The charge of $50.00 was made",
        "key k1",
        f"payment {payment}",
        "Do not charge again",
        "Interrupted",
    ):
        assert words in err


def test_sigterm_ends_the_first_process_of_a_container(owner: CommandLine, sandbox: Sandbox) -> None:
    namespace = ["unshare", "--pid", "--fork", "--mount-proc", "--map-root-user", "--user"]
    if subprocess.run([*namespace, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine allows no process namespaces")
    outer = subprocess.Popen(
        [*namespace, *COMMAND, "watch", "--below", "1", "--every", "60s"],
        env=dict(owner.environment),
        cwd=owner.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert outer.stdout is not None
        assert b"not below" in outer.stdout.readline()
        listed = subprocess.run(["/bin/ps", "-o", "pid=", "--ppid", str(outer.pid)], capture_output=True, check=True)
        os.kill(int(listed.stdout.split()[0]), signal.SIGTERM)
        outer.communicate(timeout=120)
    finally:
        outer.kill()
        outer.wait()
    assert outer.returncode == 0
