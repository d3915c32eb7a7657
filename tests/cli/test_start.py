"""Starting: fast, light, and helpful when something is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import aig_billing_cli
from aig_billing_cli.errors import ExitCode
from aig_billing_runtime.version import __version__
from tests.cli.terminal import CommandLine

HEAVY = ("httpx", "aig_billing.client", "aig_billing.models", "rich", "sqlalchemy", "starlette", "asyncio", "ssl")
_LOADED = """
import json, runpy, sys
sys.argv = ["aig-billing", *{arguments!r}]
try:
    runpy.run_module("aig_billing_cli", run_name="__main__")
except SystemExit:
    pass
print(json.dumps([name for name in {heavy!r} if name in sys.modules]), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("usage", "--help"), ("topup", "fifty")])
def test_nothing_heavy_is_imported_before_a_command_needs_it(stranger: CommandLine, arguments: tuple[str, ...]) -> None:
    script = _LOADED.format(arguments=arguments, heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=dict(stranger.environment), check=True
    )
    assert json.loads(done.stderr.splitlines()[-1]) == []


def test_the_version_is_the_distributions(stranger: CommandLine) -> None:
    ended = stranger.run("--version")
    assert (ended.code, ended.out, ended.err) == (0, f"aig-billing {__version__}\n", "")


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path) -> None:
    # -S leaves site-packages out: there is neither typer nor rich.
    source = Path(aig_billing_cli.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-S", "-m", "aig_billing_cli", "balance"],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(source), "PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == 'aig-billing: the command line is an extra; run: pip install "aig-billing[cli]"\n'


def test_help_lists_every_command_and_every_exit_code(stranger: CommandLine) -> None:
    ended = stranger.run("--help")
    assert ended.code == 0
    for command in (
        "balance", "usage", "invoices", "invoices preview", "topup", "topup status", "charges list",
        "charges reconcile", "charges backup",
        "auto-topup show", "auto-topup set", "auto-topup off", "limit show", "limit set", "limit remove", "watch", "monitor",
        "sync", "report", "verify",
        "fleet init", "fleet add", "fleet remove", "fleet list", "fleet worker", "doctor", "auth login", "auth status",
        "auth logout", "config path", "config show", "sandbox",
    ):  # fmt: skip
        assert f"\n  {command}  " in ended.out
    reference = (Path(__file__).parents[2] / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    for code in ExitCode:
        assert f"\n  {code:>5}  " in ended.out
        assert f"\n| {code} | " in reference


def test_a_family_of_commands_says_what_there_is(stranger: CommandLine) -> None:
    ended = stranger.run("auto-topup")
    assert ended.code == 2
    assert "Say what to do with 'auto-topup': show, set, off." in ended.err
    reported = stranger.run("charges", "--help")
    assert reported.code == 0
    assert "charges reconcile" in reported.out


def test_a_mistyped_command_gets_a_suggestion(stranger: CommandLine) -> None:
    ended = stranger.run("balanse")
    assert ended.code == 2
    assert "Did you mean 'balance'" in ended.err
