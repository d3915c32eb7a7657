"""A fresh install pulls newer versions than the pinned ones: texts are the same with the newest Typer and rich, and commands work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import CommandLine, Ended

pytestmark = [pytest.mark.installs, pytest.mark.slow]

HELP = (
    "", "balance", "usage", "invoices", "invoices preview", "topup", "topup status", "charges", "charges list", "charges reconcile",
    "auto-topup", "auto-topup set", "auto-topup off", "limit", "limit set", "limit remove", "watch", "doctor", "auth", "auth login",
    "config", "config show", "sandbox", "monitor", "sync", "report", "verify", "fleet", "fleet add", "fleet worker", "invoices show",
    "invoices download", "charges backup",
)  # fmt: skip
MISTAKES = (
    "",
    "balanse",
    "topup",
    "topup x",
    "topup 5 --yas",
    "balance -o yaml",
    "charges",
    "charges lst",
    "watch",
    "usage --since soon",
)


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the newest Typer and rich, regardless of constraints.txt."""
    folder = tmp_path_factory.mktemp("newest")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), "typer", "rich"],
        check=True,
        capture_output=True,
    )
    return folder


def both(line: CommandLine, newest: Path, arguments: str) -> tuple[Ended, Ended]:
    path = f"{newest}:{line.environment.get('PYTHONPATH', '')}"
    return line.run(*arguments.split()), line.with_environment(PYTHONPATH=path).run(*arguments.split())


def test_the_newest_typer_is_what_runs(stranger: CommandLine, newest: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import typer; print(typer.__file__)"],
        env={**stranger.environment, "PYTHONPATH": str(newest)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(str(newest))


def test_help_says_the_same(stranger: CommandLine, newest: Path) -> None:
    for command in HELP:
        pinned, fresh = both(stranger, newest, f"{command} --help")
        assert pinned == fresh
        assert pinned.code == 0


def test_mistakes_are_reported_the_same(stranger: CommandLine, newest: Path) -> None:
    for arguments in MISTAKES:
        pinned, fresh = both(stranger, newest, arguments)
        assert pinned == fresh
        assert pinned.code == 2


def test_commands_answer_the_same(frozen: CommandLine, newest: Path) -> None:
    for arguments in ("balance", "usage", "invoices -o csv", "--jq .balance_cents balance", "balance --profile nobody"):
        pinned, fresh = both(frozen, newest, arguments)
        assert pinned == fresh


def test_no_line_of_help_is_longer_than_a_terminal_or_breaks_a_word(stranger: CommandLine) -> None:
    words = {
        word
        for command in HELP
        for word in stranger.with_environment(COLUMNS="400").run(*command.split(), "--help").out.split()
    }
    for command in HELP:
        lines = stranger.with_environment(COLUMNS="80").run(*command.split(), "--help").out.splitlines()
        assert max(map(len, lines)) <= 80
        assert not [line for line in lines if line.split() and line.split()[-1] not in words]
