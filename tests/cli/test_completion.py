"""Completion, asked for as a shell does."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess

import pytest

from aig_billing_sandbox import Sandbox
from tests.cli.terminal import COMMAND, CommandLine, OnTerminal


def completed(line: CommandLine, *words: str) -> list[str]:
    """What bash is offered for the last of these words."""
    asked = line.with_environment(
        _AIG_BILLING_COMPLETE="complete_bash", COMP_WORDS=" ".join(("aig-billing", *words)), COMP_CWORD=str(len(words))
    ).run()
    return asked.out.split()


@pytest.mark.slow
def test_commands_options_and_choices_are_completed(owner: CommandLine) -> None:
    assert completed(owner, "ba") == ["balance"]
    assert completed(owner, "charges", "") == ["list", "reconcile", "backup"]
    assert completed(owner, "topup", "st") == ["status"]
    assert "--show-client-secret" in completed(owner, "topup", "--sh")
    assert completed(owner, "balance", "--acc") == ["--account"]
    assert completed(owner, "balance", "-o", "j") == ["json", "jsonl"]


def test_profiles_and_accounts_are_completed(stranger: CommandLine) -> None:
    config = stranger.home / ".config" / "aig-billing" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("[profiles.work]\naccount_id = 'abc'\n[profiles.wrong]\nx = 1\n", encoding="utf-8")
    assert completed(stranger, "--profile", "w") == ["work", "wrong"]
    both = stranger.with_environment(CLOUDFLARE_ACCOUNT_ID="def")
    assert completed(both, "balance", "--account", "") == ["abc", "def"]


@pytest.mark.slow
def test_keys_and_invoices_are_completed(owner: CommandLine, sandbox: Sandbox) -> None:
    assert owner.run("topup", "50", "--yes", "--key", "refill-1", "-q").code == 0
    payment = sandbox.charges()[0].invoice_id
    assert completed(owner, "charges", "reconcile", "re") == ["refill-1"]
    assert payment is not None
    assert payment in completed(owner, "topup", "status", "in_")


def test_a_shell_between_is_passed_over_and_one_that_completes_nothing_is_refused(stranger: CommandLine) -> None:
    """`make` and scripts start commands from `sh`."""
    script = f"{shlex.join(COMMAND)} --show-completion; exit $?"

    def from_sh(shell: str) -> subprocess.CompletedProcess[str]:
        environment = {**stranger.environment, "SHELL": shell}
        return subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, env=environment, check=False)

    assert "#compdef" in from_sh("/usr/bin/zsh").stdout
    refused = from_sh("/bin/sh")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "as in SHELL=zsh aig-billing --show-completion" in refused.stderr


def test_what_goes_wrong_is_not_shown(stranger: CommandLine) -> None:
    assert completed(stranger, "topup", "status", "") == []


ASKED_IN_A_SHELL = {  # what a person types in each shell for the words that it would offer after "charges rec"
    "bash": 'COMP_WORDS=(aig-billing charges rec); COMP_CWORD=2; _aig_billing_completion aig-billing; echo "${COMPREPLY[@]}"',
    "zsh": '_arguments() { print -r -- "$*" }; words=(aig-billing charges rec); CURRENT=3; _aig_billing_completion',
    "fish": 'complete --do-complete "aig-billing charges rec"',
}


def _with_the_command(owner: CommandLine) -> str:
    """Return a PATH on which `aig-billing` is found."""
    program = owner.home / "aig-billing"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return f"{owner.home}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.slow
@pytest.mark.parametrize("shell", ASKED_IN_A_SHELL)
def test_a_shell_itself_completes(owner: CommandLine, shell: str) -> None:
    """The shell is found by Typer among the parents of the command, so it is the shell that asks for its script."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    environment = {**owner.environment, "PATH": _with_the_command(owner)}

    def run(script: str) -> str:
        return subprocess.run(
            [shell, "-c", script], capture_output=True, text=True, env=environment, cwd=owner.home, check=True
        ).stdout

    script = run("aig-billing --show-completion; true")
    assert "_AIG_BILLING_COMPLETE" in script
    assert "reconcile" in run(f"{script}\n{ASKED_IN_A_SHELL[shell]}")


@pytest.mark.slow
@pytest.mark.parametrize("shell", ASKED_IN_A_SHELL)
def test_once_installed_the_first_tab_of_a_shell_completes(owner: CommandLine, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    environment = {**owner.environment, "SHELL": shell, "PATH": _with_the_command(owner), "PS1": "$ "}
    installed = subprocess.run(
        ["/bin/sh", "-c", "aig-billing --install-completion; exit $?"],
        capture_output=True, text=True, env=environment, cwd=owner.home, check=True,
    )  # fmt: skip
    assert f"{shell} completion installed" in installed.stdout
    with OnTerminal(owner.with_environment(**environment), (), width=80, words_too=True, program=(shell, "-i")) as run:
        run.read_until("$ " if shell == "zsh" else "# " if os.geteuid() == 0 else {"bash": "$ ", "fish": "> "}[shell])
        run.type("aig-billing charges rec\t")
        # Fish writes a word at a time, with cursor movements between them.
        run.read_until("oncile")
