"""The forecast is exact, and says nothing that the figures do not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from aig_billing_cli.forecast import Window, forecast, total_cents, window_start, without_gaps

NOW = dt.datetime(2026, 11, 18, 12, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
CENTS = st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False)


def test_the_forecast_divides_the_balance_by_the_mean() -> None:
    ahead = forecast(Decimal("1000.1"), Decimal("300.03"), 3 * DAY, NOW)
    assert ahead.mean_cents_per_day == Decimal("100.01")
    assert ahead.days_left == Decimal("10.00")
    assert ahead.runs_out_at == NOW + 10 * DAY


def test_a_day_that_is_not_over_counts_as_the_part_that_has_passed() -> None:
    assert forecast(Decimal(100), Decimal(150), DAY + DAY / 2, NOW).mean_cents_per_day == 100


def test_without_usage_nothing_runs_out() -> None:
    ahead = forecast(Decimal(100), Decimal(0), 30 * DAY, NOW)
    assert (ahead.mean_cents_per_day, ahead.days_left, ahead.runs_out_at) == (Decimal(0), None, None)


def test_a_balance_below_zero_has_run_out() -> None:
    ahead = forecast(Decimal("-0.5"), Decimal(10), DAY, NOW)
    assert (ahead.days_left, ahead.runs_out_at) == (Decimal(0), NOW)


def test_what_lasts_beyond_the_calendar_has_no_date() -> None:
    assert forecast(Decimal(10**12), Decimal("0.001"), 30 * DAY, NOW).runs_out_at is None


@given(balance=CENTS, used=CENTS, hours=st.integers(min_value=1, max_value=24 * 400))
def test_no_figure_is_off_by_more_than_its_rounding(balance: Decimal, used: Decimal, hours: int) -> None:
    ahead = forecast(balance, used, dt.timedelta(hours=hours), NOW)
    mean = Fraction(used) * 24 / hours
    assert abs(Fraction(ahead.mean_cents_per_day) - mean) <= Fraction(1, 2_000_000)
    if ahead.days_left is not None and ahead.runs_out_at is not None:
        exact = Fraction(balance) / mean
        assert abs(Fraction(ahead.days_left) - exact) <= Fraction(1, 200)
        microseconds = (ahead.runs_out_at - NOW) // dt.timedelta(microseconds=1)
        assert microseconds == int(exact * 86_400_000_000)


@given(
    start=st.integers(0, 300 * 86_400).map(lambda second: NOW + dt.timedelta(seconds=second)),
    hours=st.integers(min_value=1, max_value=200),
    used=st.sets(st.integers(min_value=0, max_value=250)),
)
def test_every_window_is_there_once_and_nothing_is_lost(start: dt.datetime, hours: int, used: set[int]) -> None:
    first = window_start(start, "hour")
    hour = dt.timedelta(hours=1)
    recorded = [
        Window(first + number * hour, first + (number + 1) * hour, Decimal(number + 1), f"r{number}") for number in used
    ]
    windows = without_gaps(recorded, start, start + hours * hour, "hour")
    starts = [window.start for window in windows]
    assert starts == sorted(set(starts))
    assert total_cents(windows) == sum(number + 1 for number in used)
    expected = {first + number * hour for number in range(hours)}
    assert expected <= set(starts)


def test_windows_that_are_not_hours_are_kept_as_they_are() -> None:
    odd = Window(NOW - dt.timedelta(minutes=150), NOW - dt.timedelta(minutes=30), Decimal(7), "odd")
    windows = without_gaps([odd], NOW - dt.timedelta(hours=3), NOW, "hour")
    assert odd in windows
    assert total_cents(windows) == 7
