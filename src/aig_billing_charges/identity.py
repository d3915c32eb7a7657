"""Who is charged, and under which key: what identifies one charge, checked before anything is opened or sent."""

from __future__ import annotations

import re

from aig_billing_runtime.urls import path_segment

LONGEST_KEY = 200
_KEY = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_ACCOUNT = re.compile(r"[0-9A-Fa-f]{32}")


def check_key(key: object, name: str = "key", longest: int = LONGEST_KEY) -> str:
    """Check an idempotency key.

    Only ASCII, since two spellings of an accented letter look the same and are not: they would be two charges.
    """
    if not isinstance(key, str):
        raise TypeError(f'{name} must be a string such as "2026-11-refill", not {type(key).__name__}')
    if not _KEY.fullmatch(key) or len(key) > longest:
        shown = repr(key) if len(key) <= 60 else f"{key[:57]!r}..."
        raise ValueError(
            f"{name}={shown} cannot be a key: use 1 to {longest} printable ASCII characters, without spaces at the ends"
        )
    return key


def account_identity(account_id: object) -> str:
    """Give the form of an account's id under which the journal keeps it: one account, one form."""
    checked = path_segment("account_id", account_id)
    # Hexadecimal ids mean the same in either case, and must not make two charges of one key.
    return checked.lower() if _ACCOUNT.fullmatch(checked) else checked
