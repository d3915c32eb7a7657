"""Times: the API counts seconds or milliseconds since 1970, people want dates."""

from __future__ import annotations

import datetime as dt
from decimal import Context, Decimal

from .json_text import digits_of

UNIX_AUTO_BOUNDARY = 100_000_000_000
"""Below this a time whose unit is not documented is read as seconds (until the year 5138), from it on as milliseconds (since 1973)."""

_EXACT = Context(prec=1_000)
"""For arithmetic that rounds nothing, independent of the program's decimal context."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def from_unix_s(seconds: float) -> dt.datetime:
    """Turn Unix seconds into an aware datetime in UTC.

    Raises:
        ValueError: When the time is outside the years 1 to 9999.
    """
    return _from_microseconds(seconds, 1_000_000)


def from_unix_ms(milliseconds: float) -> dt.datetime:
    """Turn Unix milliseconds into an aware datetime in UTC.

    Raises:
        ValueError: When the time is outside the years 1 to 9999.
    """
    return _from_microseconds(milliseconds, 1_000)


def from_unix_auto(number: float) -> dt.datetime:
    """Turn a time whose unit is not documented into an aware datetime in UTC: seconds below 1e11, else milliseconds."""
    return from_unix_s(number) if abs(number) < UNIX_AUTO_BOUNDARY else from_unix_ms(number)


def to_unix_ms(moment: dt.datetime) -> int:
    """Turn an aware datetime into Unix milliseconds, exactly (what is finer is cut off towards the past).

    Raises:
        ValueError: When the datetime is naive.
    """
    if moment.utcoffset() is None:
        raise ValueError(
            f"{moment!r} has no time zone: write datetime(..., tzinfo=timezone.utc) or moment.astimezone()"
        )
    return (moment - _EPOCH) // dt.timedelta(milliseconds=1)


def _from_microseconds(number: float, microseconds: int) -> dt.datetime:
    try:
        # The digits are what the API wrote; float arithmetic would lose some.
        return _EPOCH + dt.timedelta(
            microseconds=int(_EXACT.multiply(Decimal(digits_of(number)), Decimal(microseconds)))
        )
    except (OverflowError, ArithmeticError):
        raise ValueError(f"{number!r} is not a time between the years 1 and 9999") from None
