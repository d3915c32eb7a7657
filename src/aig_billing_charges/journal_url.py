"""Where the journal is: an argument, AIG_BILLING_JOURNAL, or this user's state directory."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TypeAlias, TypeVar

from aig_billing_runtime.errors import JournalError

ENVIRONMENT = "AIG_BILLING_JOURNAL"
JournalPlace: TypeAlias = "str | os.PathLike[str]"
JournalT = TypeVar("JournalT")
_NOT_IN_A_PATH = re.compile(r"[=@:]")
"""Signs of `host=... password=...` and `user:password@host`, where a relative path would be refused anyway."""


class DatabaseURL(os.PathLike[str]):
    """What is meant as a database URL, which may hold a password: a traceback that shows local variables, or a repr, does not show it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "<DatabaseURL>"

    def __fspath__(self) -> str:
        return self._text


def without_text(journal: JournalT) -> JournalT | DatabaseURL:
    """Wrap what is given as a journal if it is not a path."""
    if not isinstance(journal, str):
        return journal
    is_path = journal.startswith("~") or (Path(journal).is_absolute() and not journal.startswith("//"))
    meant = "://" in journal or (not is_path and _NOT_IN_A_PATH.search(journal))
    return DatabaseURL(journal) if meant else journal


def place_of(journal: JournalPlace | None) -> Path | DatabaseURL:
    """Find where the journal is: a path, or a database URL."""
    given = without_text(os.environ.get(ENVIRONMENT) or None if journal is None else journal)
    if given is None:
        return _default_path()
    if isinstance(given, DatabaseURL):
        return given
    try:
        text = os.fsdecode(given)
    except TypeError:
        raise TypeError(f"journal must be a path, a database URL or a Journal, not {type(given).__name__}") from None
    if not text:
        raise JournalError("journal is empty: give a path or a database URL.")
    return absolute_path(text, "journal" if journal is not None else ENVIRONMENT)


def absolute_path(text: str, name: str) -> Path:
    """Read a path that must not depend on the working directory: from another one, it would be another journal."""
    if "\0" in text:
        raise JournalError(f"{name} holds a NUL character, which no path does.")
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        raise JournalError(
            f"{name}={text!r} lies in a home directory, and this user has none: give another path."
        ) from None
    if not path.is_absolute():
        raise JournalError(
            f"{name}={text!r} is a relative path, which is another journal in each working directory, and a key would be charged once in "
            f"each: give the absolute path (here it would be {str(path.absolute())!r})."
        )
    return path


def _default_path() -> Path:
    from platformdirs import user_state_path

    try:
        path = user_state_path("aig-billing", appauthor=False) / "journal.db"
    except RuntimeError:
        path = Path()
    if not path.is_absolute():
        raise JournalError(
            f"this user has no home directory for a journal of charges: give its place with journal= or {ENVIRONMENT}."
        )
    return path
