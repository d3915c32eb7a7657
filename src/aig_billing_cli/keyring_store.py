"""Tokens that `auth login` keeps in the machine's keyring, by the package `keyring` (extra `keyring`), one for each profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import CommandError, ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from aig_billing_runtime.credentials import Secret

_SERVICE = "aig-billing"


def source(name: str) -> str:
    """Say where a token of this name is kept."""
    return f"this machine's keyring (auth login, {name!r})"


def read(name: str) -> Secret | None:
    """Return the token of a profile, None where there is none, or no keyring; raise a CommandError when the keyring is locked."""
    from aig_billing_runtime.credentials import Secret

    try:
        import keyring
        from keyring.errors import KeyringLocked
    except ModuleNotFoundError:
        return None
    try:
        token = keyring.get_password(_SERVICE, name)
    except KeyringLocked as error:
        raise _unusable(error, ExitCode.CREDENTIALS) from None
    except Exception:  # noqa: BLE001 - a broken keyring counts as none: each backend raises other errors
        return None
    return Secret(token) if token else None


def require() -> None:
    """Raise a CommandError where no token could be kept."""
    _change(lambda keyring: keyring.get_password(_SERVICE, "default"))


def save(name: str, token: Secret) -> None:
    """Keep the token of a profile; raise a CommandError when the keyring does not do it."""
    _change(lambda keyring: keyring.set_password(_SERVICE, name, token.reveal()))
    kept = read(name)
    if kept is None or kept.reveal() != token.reveal():
        raise _unusable("it did not keep the token")


def delete(name: str) -> None:
    """Forget the token of a profile; raise a CommandError when the keyring does not do it."""
    _change(lambda keyring: keyring.delete_password(_SERVICE, name))


def _change(change: Callable[[Any], None]) -> None:
    try:
        import keyring
    except ModuleNotFoundError:
        raise UsageError(
            "Tokens are kept by the package keyring, which is not installed.", 'Run: pip install "aig-billing[keyring]"'
        ) from None
    try:
        change(keyring)
    except Exception as error:  # noqa: BLE001 - each backend raises other errors
        raise _unusable(error) from None


def _unusable(reason: object, code: ExitCode = ExitCode.USAGE) -> CommandError:
    words = str(reason).partition("\n")[0] or type(reason).__name__
    return CommandError(
        code,
        f"This machine's keyring cannot be used: {words.rstrip('.!')}.",
        "Without one, name a token_command in the configuration file, or set CLOUDFLARE_API_TOKEN.",
    )
