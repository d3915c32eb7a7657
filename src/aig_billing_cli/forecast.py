"""Usage over a range of time: its windows without gaps, its mean, and how long the balance lasts. All of it exact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from attrs import frozen

Grouping = Literal["day", "hour"]

LENGTH = {"day": dt.timedelta(days=1), "hour": dt.timedelta(hours=1)}
_MICROSECOND = dt.timedelta(microseconds=1)
_DAY = dt.timedelta(days=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SMALLEST_CENTS = Decimal("0.000001")
_SMALLEST_DAYS = Decimal("0.01")


@frozen
class Window:
    """Usage within one hour or day of UTC; `id` is None where the service recorded nothing."""

    start: dt.datetime
    end: dt.datetime
    cents: Decimal
    id: str | None = None


@frozen
class Forecast:
    """How long the balance lasts if usage goes on at its mean."""

    mean_cents_per_day: Decimal
    days_left: Decimal | None
    """None when nothing is used, or it lasts beyond the year 9999."""
    runs_out_at: dt.datetime | None


def window_start(moment: dt.datetime, by: Grouping) -> dt.datetime:
    """Give the start of the window of UTC that a moment is in."""
    return moment - (moment - _EPOCH) % LENGTH[by]


def without_gaps(recorded: Iterable[Window], start: dt.datetime, end: dt.datetime, by: Grouping) -> list[Window]:
    """Give every window that begins in the range, in order; the service leaves out those without usage.

    Records that lie elsewhere (the service's windows are not laid down) are kept as they are.
    """
    windows: dict[dt.datetime, list[Window]] = {}
    for window in recorded:
        windows.setdefault(window.start, []).append(window)
    covered = {
        moment
        for found in windows.values()
        for one in found
        for moment in _starts(max(one.start, start), min(one.end, end), by)
    }
    for moment in _starts(window_start(start, by), end, by):
        if moment not in covered:
            windows.setdefault(moment, []).append(Window(moment, moment + LENGTH[by], Decimal(0)))
    return [window for moment in sorted(windows) for window in windows[moment]]


def total_cents(windows: Iterable[Window]) -> Decimal:
    """Add up."""
    return sum((window.cents for window in windows), Decimal(0))


def forecast(balance_cents: Decimal, used_cents: Decimal, elapsed: dt.timedelta, now: dt.datetime) -> Forecast:
    """Say how long the balance lasts when `used_cents` were used in `elapsed` and it goes on so."""
    spent = Fraction(used_cents)
    days = Fraction(elapsed // _MICROSECOND, _DAY // _MICROSECOND)
    mean = spent / days if days > 0 else Fraction(0)
    if mean <= 0:
        return Forecast(Decimal(0), None, None)
    left = max(Fraction(balance_cents), Fraction(0)) / mean
    try:
        runs_out = now + _MICROSECOND * int(left * (_DAY // _MICROSECOND))
    except OverflowError:
        return Forecast(_rounded(mean, _SMALLEST_CENTS), None, None)
    return Forecast(_rounded(mean, _SMALLEST_CENTS), _rounded(left, _SMALLEST_DAYS), runs_out)


def _starts(start: dt.datetime, end: dt.datetime, by: Grouping) -> Iterable[dt.datetime]:
    moment = window_start(start, by)
    while moment < end:
        yield moment
        moment += LENGTH[by]


def _rounded(value: Fraction, to: Decimal) -> Decimal:
    """Round half to even, once, from the exact value."""
    return round(value / Fraction(to)) * to
