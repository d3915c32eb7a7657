"""The forecast is exact, counts whole weeks, and says nothing that the figures do not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from aig_billing_monitor.forecast import forecast, forecast_range
from aig_billing_monitor.usage import Window, total_cents, window_start, without_gaps

NOW = dt.datetime(2026, 11, 18, 12, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
CENTS = st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False)


def hour(ago: dt.timedelta, cents: Decimal | int | str) -> Window:
    start = window_start(NOW - ago, "hour")
    return Window(start, start + HOUR, Decimal(cents))


OLD = hour(10 * DAY, "0.001")
"""Usage of the week before, by which an account is not new."""


def test_the_rate_is_the_usage_of_the_last_seven_days() -> None:
    ahead = forecast(Decimal("1000.1"), [OLD, hour(6 * DAY, 350), hour(HOUR, "350.07")], NOW)
    assert ahead.cents_per_day == Decimal("100.01")
    assert ahead.days_left == Decimal("10.00")
    assert ahead.runs_out_at == NOW + 10 * DAY


def test_the_hour_that_is_not_over_counts_as_the_part_that_has_passed() -> None:
    later = NOW + dt.timedelta(minutes=30)
    assert forecast(Decimal(100), [OLD, hour(HOUR, 337)], later).cents_per_day == round(Decimal(337) * 48 / 337, 6)


def test_what_was_used_before_these_seven_days_does_not_count() -> None:
    assert forecast(Decimal(100), [hour(8 * DAY, 5000), hour(DAY, 70)], NOW).cents_per_day == 10


def test_an_account_that_is_new_is_not_averaged_over_days_before_it_was_used() -> None:
    assert forecast(Decimal(1000), [hour(2 * DAY, 200)], NOW).cents_per_day == 100
    assert forecast(Decimal(1000), [hour(HOUR, 200)], NOW).cents_per_day == 200, "a rate is taken from a day at least"


def test_a_weekend_does_not_make_an_account_new() -> None:
    quiet = [hour(9 * DAY, 50), hour(2 * DAY, 70)]
    assert forecast(Decimal(1000), quiet, NOW).cents_per_day == 10


def test_a_rate_of_less_than_a_cent_a_day_uses_the_balance_up_too() -> None:
    ahead = forecast(Decimal(1), [OLD, hour(DAY, "0.7")], NOW)
    assert (ahead.cents_per_day, ahead.days_left, ahead.runs_out_at) == (Decimal("0.1"), Decimal(10), NOW + 10 * DAY)


def test_without_usage_nothing_runs_out() -> None:
    ahead = forecast(Decimal(100), [], NOW)
    assert (ahead.cents_per_day, ahead.days_left, ahead.runs_out_at) == (Decimal(0), None, None)


def test_a_balance_below_zero_has_run_out() -> None:
    ahead = forecast(Decimal("-0.5"), [hour(DAY, 10)], NOW)
    assert (ahead.days_left, ahead.runs_out_at) == (Decimal(0), NOW)


def test_what_lasts_beyond_the_calendar_has_no_date() -> None:
    assert forecast(Decimal(10**12), [OLD, hour(DAY, "0.001")], NOW).runs_out_at is None


def test_what_is_asked_for_is_two_weeks_from_a_whole_hour_up_to_now() -> None:
    start, end = forecast_range(NOW + dt.timedelta(minutes=20))
    assert start == NOW - 14 * DAY
    assert end == NOW + dt.timedelta(minutes=20, seconds=1)


@given(balance=CENTS, used=CENTS, hours=st.integers(min_value=1, max_value=24 * 7))
def test_no_figure_is_off_by_more_than_its_rounding(balance: Decimal, used: Decimal, hours: int) -> None:
    ahead = forecast(balance, [OLD, hour(hours * HOUR, used)], NOW)
    rate = Fraction(used) / 7
    assert abs(Fraction(ahead.cents_per_day) - rate) <= Fraction(1, 2_000_000)
    if ahead.days_left is not None and ahead.runs_out_at is not None:
        exact = Fraction(balance) / rate
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
    recorded = [
        Window(first + number * HOUR, first + (number + 1) * HOUR, Decimal(number + 1), f"r{number}") for number in used
    ]
    windows = without_gaps(recorded, start, start + hours * HOUR, "hour")
    starts = [window.start for window in windows]
    assert starts == sorted(set(starts))
    assert total_cents(windows) == sum(number + 1 for number in used)
    expected = {first + number * HOUR for number in range(hours)}
    assert expected <= set(starts)


def test_a_window_that_is_filled_in_is_as_long_as_the_others() -> None:
    windows = without_gaps([hour(2 * HOUR, 5)], NOW - 3 * HOUR, NOW, "hour")
    assert [(window.start, window.end) for window in windows] == [
        (NOW - 3 * HOUR, NOW - 2 * HOUR),
        (NOW - 2 * HOUR, NOW - HOUR),
        (NOW - HOUR, NOW),
    ]


def test_a_record_without_length_is_kept_beside_the_window_that_begins_with_it() -> None:
    point = Window(NOW - HOUR, NOW - HOUR, Decimal(7))
    assert without_gaps([point], NOW - HOUR, NOW, "hour") == [point, Window(NOW - HOUR, NOW, Decimal(0))]


def test_windows_that_are_not_hours_are_kept_as_they_are() -> None:
    odd = Window(NOW - dt.timedelta(minutes=150), NOW - dt.timedelta(minutes=30), Decimal(7), "odd")
    windows = without_gaps([odd], NOW - dt.timedelta(hours=3), NOW, "hour")
    assert odd in windows
    assert total_cents(windows) == 7
