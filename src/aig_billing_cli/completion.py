"""What shells complete in the common options: profiles and accounts, from the environment and the configuration file."""

from __future__ import annotations

import contextlib
import importlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import typer
import typer.completion

# Typer keeps its copy of click's types private: they are Any here.
# ruff: noqa: ANN401

_SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


def completer(find: Callable[[typer.Context], Iterable[str | None]]) -> Callable[[typer.Context, str], list[str]]:
    """Make a completer of what finds values; a shell shows nothing of what goes wrong in it."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        with contextlib.suppress(Exception):
            return sorted({value for value in find(ctx) if value and value.startswith(incomplete)})
        return []

    return complete


@completer
def profiles(_: typer.Context) -> Iterable[str]:
    """Complete the names of profiles."""
    from .config_file import read_config_file

    return read_config_file(os.environ).profiles


@completer
def accounts(_: typer.Context) -> Iterable[str | None]:
    """Complete the accounts that the environment and the profiles name."""
    from .config_file import Profile, read_config_file

    found = read_config_file(os.environ).profiles.values()
    named = [profile.account_id for profile in found if isinstance(profile, Profile)]
    return [os.environ.get("CLOUDFLARE_ACCOUNT_ID"), *named]


def for_this_shell(ctx: Any, param: Any, given: Any) -> Any:
    """Let Typer install or show completion for the shell that asks, which Typer alone gives up on when `sh` or `make` stands between."""
    if not given or ctx.resilient_parsing:
        return given
    shell = _shell(ctx, param.opts[0])
    installs = param.name == "install_completion"
    act = typer.completion.install_callback if installs else typer.completion.show_callback
    try:
        return act(ctx, param, shell)
    except SystemExit:
        if shell == "zsh" and installs:
            _complete_at_the_first_tab(Path.home() / ".zfunc/_aig-billing")
        raise
    except OSError as error:
        ctx.fail(
            f"{error.filename} cannot be written: {error.strerror}. --show-completion prints what to put elsewhere."
        )


def _complete_at_the_first_tab(script: Path) -> None:
    """Call the function that Typer's file defines: zsh loads the file at the first Tab, which would complete nothing."""
    line = '[[ $funcstack[1] = _aig-billing ]] && _aig_billing_completion "$@"\n'
    script.write_text(f"{script.read_text(encoding='utf-8').rstrip()}\n\n{line}", encoding="utf-8")


def _shell(ctx: Any, option: str) -> str:
    """Return the shell that this was started from, or else the one that SHELL names."""
    shellingham: Any = importlib.import_module("shellingham")  # of Typer's own needs, and without types
    try:
        found = str(shellingham.detect_shell()[0])
    except shellingham.ShellDetectionFailure:
        found = ""
    known = next((name for name in (found, Path(os.environ.get("SHELL", "")).name) if name in _SHELLS), None)
    if known is None:
        which = f"The shell {found} has no completion" if found else "The shell was not recognized"
        ctx.fail(f"{which}: run this from bash, zsh or fish, or name one, as in SHELL=zsh aig-billing {option}.")
    return str(known)
