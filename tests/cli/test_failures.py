"""When something goes wrong: a sentence, the next step, the documented exit code, and never a traceback or a secret."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from aig_billing_sandbox import Sandbox
from tests.cli.conftest import owner_of
from tests.cli.terminal import COMMAND, CommandLine, plain
from tests.cli.test_topup import wait_for
from tests.interrupting import press_ctrl_c

ENVELOPE: dict[str, Any] = {"success": True, "errors": [], "messages": []}

FAULTS: list[tuple[dict[str, Any], int, str]] = [
    ({"status": 400}, 1, "The API refused"),
    ({"status": 402, "body": {"success": False, "errors": [{"code": 2021, "message": "out of credit"}], "result": None}}, 1, "2021"),
    ({"status": 403}, 1, "permission AI Gateway Read"),
    ({"status": 404}, 1, "Is the account's id right"),
    ({"status": 418, "body": "<h1>teapot</h1>"}, 1, "HTTP 418"),
    ({"status": 302, "headers": {"location": "https://evil.example/"}}, 1, "HTTP 302"),
    ({"status": 429, "headers": {"retry-after": "200"}}, 1, "Wait 200 s"),
    ({"status": 502, "body": "<html>bad gateway</html>", "times": 3}, 1, "www.cloudflarestatus.com"),
    ({"status": 200, "body": "<html>log in</html>"}, 1, "Is a proxy or a login page in between?"),
    ({"status": 200, "body": {**ENVELOPE, "result": None}}, 1, "$.result is null"),
    ({"status": 200, "body": {**ENVELOPE, "result": {"balance": "much"}}}, 1, "$.result"),
    ({"cut_off_after": 40, "times": 3}, 4, "could not be reached"),
    ({"drop": "before", "times": 3}, 4, "could not be reached"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "code", "says"), FAULTS)
def test_an_answer_of_any_kind_ends_in_words(
    owner: CommandLine, sandbox: Sandbox, fault: dict[str, Any], code: int, says: str
) -> None:
    sandbox.fault("credit_balance", **fault)
    ended = owner.run("balance", "-q")
    assert (ended.code, ended.out) == (code, "")
    assert says in ended.err
    assert ended.err.startswith("error: ")
    assert len(ended.err.splitlines()) <= 2
    assert "Traceback" not in ended.err
    assert sandbox.token not in ended.err


def test_a_request_id_is_reported_for_support(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.fault("credit_balance", status=400)
    assert "cf-ray " in owner.run("balance").err


def test_a_token_that_is_not_known_ends_with_3_and_says_where_it_came_from(sandbox: Sandbox, tmp_path: Path) -> None:
    ended = owner_of(sandbox, sandbox.base_url, tmp_path, token="not-a-token").run("balance", "--debug", "-v")
    assert ended.code == 3
    assert "the token from CLOUDFLARE_API_TOKEN" in ended.err
    assert "not-a-token" not in ended.err


REASON = {"code": 6111, "message": "Invalid format for Authorization header"}
MALFORMED = {"code": 6003, "message": "Invalid request headers", "error_chain": [REASON]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        ((400, MALFORMED), "not in the form of a token"),
        ((403, {"code": 9109, "message": "Invalid access token"}), "unknown, expired"),
        ((401, {"code": 10000, "message": "Authentication error"}), "not active"),
    ],
)
@pytest.mark.parametrize("command", [("balance",), ("topup", "50", "--yes"), ("topup", "status", "in_1")])
def test_a_token_that_is_not_accepted_ends_with_3_with_any_status(
    owner: CommandLine, sandbox: Sandbox, command: tuple[str, ...], refusal: tuple[int, dict[str, Any]], says: str
) -> None:
    status, error = refusal
    body = {"success": False, "errors": [error], "messages": [], "result": None}
    for operation in ("credit_balance", "topup.status"):
        sandbox.fault(operation, status=status, body=body)
    ended = owner.run(*command)
    assert (ended.code, ended.out) == (3, "")
    assert "does not accept the token from CLOUDFLARE_API_TOKEN" in ended.err
    assert says in ended.err
    assert error["message"] in ended.err


@pytest.mark.slow
def test_the_reason_behind_an_error_is_reported(owner: CommandLine, sandbox: Sandbox) -> None:
    body = {"success": False, "errors": [MALFORMED], "messages": [], "result": None}
    sandbox.fault("credit_balance", status=400, body=body, times=2)
    assert "Invalid format for Authorization header (code 6111)" in owner.run("balance").err
    error = json.loads(owner.run("balance", "-o", "json").err)["error"]
    assert error["codes"] == [6003]
    assert error["error_chain"] == [REASON]


@pytest.mark.parametrize(
    ("command", "permission"), [(("balance",), "AI Gateway Read"), (("topup", "status", "in_1"), "AI Gateway Write")]
)
def test_a_missing_permission_is_named(
    owner: CommandLine, sandbox: Sandbox, command: tuple[str, ...], permission: str
) -> None:
    for operation in ("credit_balance", "topup.status"):
        sandbox.fault(operation, status=403)
    ended = owner.run(*command)
    assert ended.code == 1
    assert f"needs the permission {permission}" in ended.err


@pytest.mark.slow
def test_what_comes_from_the_api_cannot_play_tricks_on_the_terminal(owner: CommandLine, sandbox: Sandbox) -> None:
    evil = "\x1b]0;owned\x07 \x1b[2J\u202egnp"
    refusal = {"success": False, "errors": [{"code": 1, "message": evil}], "result": None}
    auto = {"amount": 1, "threshold": 1, "error": evil, "disabledReason": evil, "lastFailedAt": None}
    for status, body in ((400, refusal), (200, {**ENVELOPE, "result": auto})):
        sandbox.fault("topup.config.get", status=status, body=body)
        ended = owner.run("auto-topup", "show")
        assert "owned" in ended.everything
        assert not {"\x1b", "\x07", "\u202e"} & set(ended.everything)


@pytest.mark.slow
def test_a_traceback_is_shown_only_when_asked_for(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.fault("credit_balance", status=400, times=2)
    assert "Traceback" not in owner.run("balance", "-v").err
    ended = owner.run("balance", "--debug")
    assert "Traceback" in ended.err
    assert ended.code == 1


def test_verbose_prints_a_line_a_request_and_no_secret(owner: CommandLine, sandbox: Sandbox) -> None:
    ended = owner.run("balance", "-v", "-o", "json")
    assert ended.code == 0
    assert "/accounts/" in ended.err
    assert "/credit-balance 200" in ended.err
    assert sandbox.token not in ended.err


@pytest.mark.slow
def test_quiet_silences_everything_but_answers_and_errors(owner: CommandLine) -> None:
    ended = owner.run("topup", "50", "--yes", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    assert "$50.00" in ended.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("balance", "--account", "../zones"), "account_id"),
        (("balance", "-o", "yaml"), "'yaml'"),
        (("usage", "--since", "soon"), "30d for 30 days ago"),
        (("watch",), "--below"),
        (("balance", "--profile", "nobody"), "There is no profile 'nobody'"),
        (("--sandbox", "--profile", "x", "balance"), "contradict"),
    ],
)
def test_wrong_arguments_end_with_2_and_send_nothing(
    owner: CommandLine, sandbox: Sandbox, arguments: tuple[str, ...], says: str
) -> None:
    ended = owner.run(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert sandbox.requests() == []


def test_a_base_url_in_the_clear_is_refused_with_its_source(owner: CommandLine) -> None:
    ended = owner.with_environment(CLOUDFLARE_BASE_URL="http://api.example/v4").run("balance")
    assert ended.code == 2
    assert "CLOUDFLARE_BASE_URL" in ended.err


def test_ctrl_c_ends_with_130_and_one_word(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.fault("credit_balance", delay_before=20)
    process = owner.start("balance")
    wait_for(lambda: bool(sandbox.requests()))
    press_ctrl_c(process)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (130, "", "Interrupted.\n")


def test_ctrl_d_at_a_question_is_a_no_on_a_line_below_it(owner: CommandLine) -> None:
    with owner.on_terminal("limit", "remove") as run:
        run.read_until("[y/N]: ")
        run.type("\x04")
        ended = run.end()
    assert ended.code == 2
    assert "\nerror: Cancelled" in plain(ended.out)


@pytest.mark.parametrize("module", ["typer", "httpx", "aig_billing_cli.session"])
def test_ctrl_c_ends_the_command_while_it_is_still_being_loaded(
    owner: CommandLine, sandbox: Sandbox, module: str
) -> None:
    sandbox.fault("credit_balance", delay_before=60, times=None)
    # Python reports each module that it has loaded; before the first of ours, Ctrl-C is Python's own affair.
    reported = CommandLine(owner.home, {**owner.environment, "PYTHONPROFILEIMPORTTIME": "1"})
    process = reported.start("balance")
    assert process.stderr
    while not process.stderr.readline().rstrip().endswith(module):
        assert process.poll() is None, f"{module} was never loaded"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Traceback" not in err, err


def test_a_reader_that_goes_away_is_no_error(frozen: CommandLine) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb") as closed:
        done = subprocess.run(
            [*COMMAND, "usage"], stdout=closed, stderr=subprocess.PIPE, env=dict(frozen.environment), check=False
        )
    assert (done.returncode, done.stderr) == (141, b"")
