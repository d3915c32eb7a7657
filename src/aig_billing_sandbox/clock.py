"""The sandbox's clock: this machine's, moved or held still at will, and kept with the books."""

import sqlite3
import time
from datetime import UTC, datetime, timedelta

from aig_billing_sandbox.books import keep_setting, setting

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def ms_of(moment: datetime) -> int:
    """Unix milliseconds of an aware datetime."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone, such as datetime.now(UTC)")
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)


def moment_of(unix_ms: int) -> datetime:
    """The aware datetime, in UTC, of Unix milliseconds."""
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=unix_ms)


def now_ms(books: sqlite3.Connection) -> int:
    """What the sandbox's clock shows, in Unix milliseconds."""
    held = setting(books, "clock_held_ms")
    if held:
        return int(held)
    return _machine_ms() + int(setting(books, "clock_offset_ms", "0"))


def set_clock(books: sqlite3.Connection, unix_ms: int) -> None:
    """Sets the clock; one that is held stays held, at the new time."""
    if setting(books, "clock_held_ms"):
        keep_setting(books, "clock_held_ms", str(unix_ms))
    else:
        keep_setting(books, "clock_offset_ms", str(unix_ms - _machine_ms()))


def hold_clock(books: sqlite3.Connection) -> None:
    """Stops the clock where it stands: from here on only `set_clock` moves it."""
    keep_setting(books, "clock_held_ms", str(now_ms(books)))


def release_clock(books: sqlite3.Connection) -> None:
    """Lets the clock run on from where it stands."""
    shown = now_ms(books)
    keep_setting(books, "clock_held_ms", "")
    set_clock(books, shown)


def _machine_ms() -> int:
    return time.time_ns() // 1_000_000
