"""What shells complete in the common options: profiles and accounts, from the environment and the configuration file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable

import typer


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
