"""The one forecast of this project: how fast credit is used, and how long the balance lasts.

The rate is the usage of the last seven days, hour by hour, divided by the time since their first hour: a whole week, so that weekends count
for what they are. An account without usage in the seven days before those is taken as new, and its rate starts with its first usage, at
least a day ago. Auto top-up, purchases on their way and free allowances are not part of it. docs/explanation/forecast.md says the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from .service_clock import THIS_SECOND
from .usage import Window, used_since, window_start

RATE_TIME = dt.timedelta(days=7)
"""The time whose usage gives the rate."""
_DAY = dt.timedelta(days=1)
_MICROSECOND = dt.timedelta(microseconds=1)
_SMALLEST_CENTS = Decimal("0.000001")
_SMALLEST_DAYS = Decimal("0.01")


@frozen
class Forecast:
    """How long the balance lasts if usage goes on at its rate."""

    cents_per_day: Decimal
    days_left: Decimal | None
    """None when nothing is used, or it lasts beyond the year 9999."""
    runs_out_at: dt.datetime | None
    """When the balance reaches zero; None where `days_left` is."""


def forecast_range(now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Give the start and end of the hours of usage that a forecast needs: two weeks up to now, from a whole hour."""
    return window_start(now - 2 * RATE_TIME, "hour"), now + THIS_SECOND


def forecast(balance_cents: Decimal, hours: Sequence[Window], now: dt.datetime) -> Forecast:
    """Say how long a balance lasts, from the usage of `forecast_range` by hour; hours without usage may be missing."""
    since = _start_of_rate(hours, now)
    days = Fraction((now - since) // _MICROSECOND, _DAY // _MICROSECOND)
    rate = Fraction(used_since(hours, since)) / days
    return Forecast(_rounded(rate, _SMALLEST_CENTS), *time_left(balance_cents, rate, now))


def time_left(
    balance_cents: Decimal, cents_per_day: Decimal | Fraction, now: dt.datetime
) -> tuple[Decimal | None, dt.datetime | None]:
    """Give the days that a balance lasts at a rate, and when it runs out; None for both when it does not, or beyond the year 9999."""
    if cents_per_day <= 0:
        return None, None
    left = max(Fraction(balance_cents), Fraction(0)) / Fraction(cents_per_day)
    try:
        return _rounded(left, _SMALLEST_DAYS), now + _MICROSECOND * int(left * (_DAY // _MICROSECOND))
    except OverflowError:
        return None, None


def _start_of_rate(hours: Sequence[Window], now: dt.datetime) -> dt.datetime:
    week_ago = window_start(now - RATE_TIME, "hour")
    used = [hour.start for hour in hours if hour.cents]
    if not used or min(used) < week_ago:
        return week_ago
    return min(*used, now - _DAY)


def _rounded(value: Fraction, to: Decimal) -> Decimal:
    """Round half to even, once, from the exact value."""
    return round(value / Fraction(to)) * to
