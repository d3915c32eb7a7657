"""For programs, errors are JSON too; fields can be chosen, and filtered with jq."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aig_billing_sandbox import Sandbox
from tests.cli.conftest import owner_of
from tests.cli.terminal import CommandLine, Ended
from tests.cli.test_topup import wait_for
from tests.interrupting import press_ctrl_c

KEYS = ["type", "message", "exit_code", "codes", "error_chain", "request_id", "hint"]


def error_of(ended: Ended) -> dict[str, Any]:
    assert ended.out == ""
    error = json.loads(ended.err)["error"]
    assert list(error) == KEYS
    assert error["exit_code"] == ended.code
    return dict(error)


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_a_refusal_is_json_on_stderr_with_the_apis_codes(owner: CommandLine, sandbox: Sandbox, form: str) -> None:
    body = {"success": False, "errors": [{"code": 7003, "message": "no route"}], "messages": [], "result": None}
    sandbox.fault("credit_balance", status=404, body=body, headers={"cf-ray": "8f00-TXL"})
    error = error_of(owner.run("balance", "-o", form))
    assert (error["type"], error["exit_code"], error["codes"]) == ("NotFoundError", 1, [7003])
    assert error["request_id"] == "8f00-TXL"
    assert "no route" in error["message"]
    assert error["hint"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "kind", "code"),
    [
        (("-o", "json", "balance", "--accont", "x"), "UsageError", 2),
        (("topup", "-o", "json"), "UsageError", 2),
        (("topup", "fifty", "--output=jsonl"), "UsageError", 2),
        (("balanse", "-ojson"), "UsageError", 2),
        (("charges", "--json", "key"), "UsageError", 2),
        (("charges", "-o", "json"), "UsageError", 2),
        (("usage", "-o", "json", "--since", "soon"), "UsageError", 2),
        (("topup", "50", "-o", "json"), "UsageError", 2),
        (("balance", "-o", "json", "--profile", "nobody"), "UsageError", 2),
        (("usage", "-o", "json", "--since", "2026-11-02", "--until", "2026-11-01"), "UsageError", 2),
        (("charges", "reconcile", "never", "-o", "json"), "UsageError", 2),
    ],
)
def test_wrong_usage_is_json_for_every_command(
    owner: CommandLine, arguments: tuple[str, ...], kind: str, code: int
) -> None:
    error = error_of(owner.run(*arguments))
    assert (error["type"], error["exit_code"]) == (kind, code)


ARGUMENTS = {
    "invoices show": "in_1",
    "invoices open": "in_1",
    "topup": "50 --yes",
    "topup status": "in_1",
    "auto-topup set": "--amount 20 --threshold 10 --force --yes",
    "auto-topup off": "--force",
    "spend-limits add": "5 --window day --yes",
    "spend-limits remove": "rule --yes",
    "limit set": "20",
    "limit remove": "--yes",
    "watch": "--below 5",
}
NOT_ASKING = {
    *("charges list", "charges reconcile", "charges backup", "config path", "config show", "auth logout", "auth login"),
    *("fleet init", "fleet add", "fleet remove", "fleet list", "fleet worker"),  # a database is what they talk to
    *("sandbox", "sandbox charge", "sandbox decline", "sandbox advance", "sandbox fault"),
    "monitor",  # goes on
    "doctor",  # the failure is its answer
}


def all_commands() -> list[str]:
    """Read the names of all commands from `--help`, as people do."""
    from typer.testing import CliRunner

    from aig_billing_cli.app import app

    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}, prog_name="aig-billing").output
    lines = shown.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    return [line.strip().partition("  ")[0] for line in lines if not line.startswith("   ")]


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted({*all_commands()} - NOT_ASKING))
def test_every_command_says_in_json_that_nothing_answers_or_that_the_token_is_bad(
    owner: CommandLine, sandbox: Sandbox, command: str
) -> None:
    away = owner.with_environment(CLOUDFLARE_BASE_URL="http://127.0.0.1:9/client/v4")
    words = ["-o", "json", *command.split(), *ARGUMENTS.get(command, "").split()]
    assert error_of(away.run(*words))["exit_code"] == 4
    assert error_of(owner_of(sandbox, sandbox.base_url, owner.home, token="nobodys").run(*words))["exit_code"] == 3


@pytest.mark.slow
def test_missing_credentials_and_networks_are_json(stranger: CommandLine, owner: CommandLine) -> None:
    assert error_of(stranger.run("balance", "-o", "json"))["type"] == "CredentialsError"
    away = owner.with_environment(CLOUDFLARE_BASE_URL="http://127.0.0.1:9/client/v4")
    error = error_of(away.run("invoices", "-o", "json"))
    assert (error["type"], error["exit_code"]) == ("APIConnectionError", 4)


@pytest.mark.slow
def test_an_unknown_charge_is_json(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.fault("topup.create", drop="after")
    error = error_of(owner.run("topup", "50", "--key", "lost", "--yes", "-o", "json"))
    assert (error["type"], error["exit_code"]) == ("ChargeOutcomeUnknown", 5)
    assert "aig-billing charges reconcile lost" in error["hint"]


def test_an_interruption_is_json(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.fault("credit_balance", delay_before=60)
    process = owner.start("balance", "-o", "json")
    wait_for(lambda: bool(sandbox.requests()))
    press_ctrl_c(process)
    out, err = process.communicate(timeout=60)
    assert error_of(Ended(process.returncode, out, err))["exit_code"] == 130


def test_a_bad_token_is_json(sandbox: Sandbox, owner: CommandLine) -> None:
    error = error_of(owner_of(sandbox, sandbox.base_url, owner.home, token="nobodys").run("balance", "-o", "json"))
    assert error["exit_code"] == 3
    assert "nobodys" not in json.dumps(error)


@pytest.mark.slow
def test_fields_can_be_chosen(frozen: CommandLine) -> None:
    assert json.loads(frozen.run("balance", "--json", "card_last4,balance_cents").out).keys() == {
        "card_last4",
        "balance_cents",
    }
    rows = json.loads(frozen.run("invoices", "--json", "id").out)
    assert all(list(row) == ["id"] for row in rows)
    found = json.loads(frozen.run("usage", "--json", "total_cents,start").out)
    assert list(found) == ["total_cents", "windows"]
    assert json.loads(frozen.run("usage", "--json", "total_cents").out).keys() == {"total_cents"}
    lines = frozen.run("invoices", "-o", "jsonl", "--json", "id,status").out.splitlines()
    assert json.loads(lines[0]).keys() == {"id", "status"}


@pytest.mark.parametrize(
    "arguments",
    [("--json", "amont_cents"), ("--json", "key", "-o", "csv"), ("--jq", ".a |"), ("--jq", ".", "-o", "csv")],
)
def test_what_cannot_be_chosen_is_refused_before_anything_is_sent(
    owner: CommandLine, sandbox: Sandbox, arguments: tuple[str, ...]
) -> None:
    ended = owner.run("topup", "50", "--yes", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert sandbox.requests() == []


def test_an_unknown_field_is_reported_with_those_there_are(owner: CommandLine) -> None:
    error = error_of(owner.run("balance", "--json", "sum"))
    assert "'sum'" in error["message"]
    assert "balance_cents" in error["hint"]


@pytest.mark.slow
def test_jq_filters_the_json(frozen: CommandLine, frozen_sandbox: Sandbox) -> None:
    pytest.importorskip("jq")
    assert frozen.run("balance", "--jq", ".balance_cents").out == f"{frozen_sandbox.balance()}\n"
    origins = frozen.run("invoices", "--jq", ".[] | .origin").out.splitlines()
    assert origins == ["manual", "auto", "auto", "manual"]
    ended = frozen.run("balance", "--jq", ".balance_cents.x")
    assert ended.code == 2
    assert "jq expression failed" in ended.err


def test_without_the_package_jq_says_what_to_install(owner: CommandLine, sandbox: Sandbox) -> None:
    (owner.home / "jq.py").write_text("raise ModuleNotFoundError('jq', name='jq')", encoding="utf-8")
    path = f"{owner.home}:{owner.environment.get('PYTHONPATH', '')}"
    error = error_of(owner.with_environment(PYTHONPATH=path).run("balance", "--jq", "."))
    assert 'pip install "aig-billing[jq]"' in error["hint"]
    assert sandbox.requests() == []
