"""The sandbox's clock: that of this machine, moved or stopped at will, and stored with the accounts."""

import sqlite3
import time
from datetime import UTC, datetime, timedelta

from aig_billing_sandbox.bank.database import get_setting, set_setting

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

# A month that begins in it ends within what a datetime can be.
_LAST_YEAR = 9998


def unix_ms(moment: datetime) -> int:
    """Unix milliseconds of an aware datetime; raises ValueError for one without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone: write datetime.now(UTC), for example")
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)


def datetime_of(at_ms: int) -> datetime:
    """The aware datetime, in UTC, of Unix milliseconds."""
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at_ms)


def now_ms(db: sqlite3.Connection) -> int:
    """The sandbox's time in Unix milliseconds."""
    if held := get_setting(db, "clock_held_ms"):
        return int(held)
    return _machine_ms() + int(get_setting(db, "clock_offset_ms") or 0)


def set_clock(db: sqlite3.Connection, at_ms: int) -> None:
    """Sets the clock; a stopped one stays stopped, at the new time. Raises ValueError or OverflowError for what it cannot show."""
    if datetime_of(at_ms).year > _LAST_YEAR:
        raise ValueError(f"the clock cannot be set beyond the year {_LAST_YEAR}")
    if get_setting(db, "clock_held_ms"):
        set_setting(db, "clock_held_ms", str(at_ms))
    else:
        set_setting(db, "clock_offset_ms", str(at_ms - _machine_ms()))


def hold_clock(db: sqlite3.Connection) -> None:
    """Stops the clock: from here on only `set_clock` moves it."""
    set_setting(db, "clock_held_ms", str(now_ms(db)))


def release_clock(db: sqlite3.Connection) -> None:
    """Lets the clock run on from the time it shows."""
    at_ms = now_ms(db)
    set_setting(db, "clock_held_ms", "")
    set_clock(db, at_ms)


def _machine_ms() -> int:
    return time.time_ns() // 1_000_000
