"""What people may type."""

from __future__ import annotations

import datetime as dt

import pytest
import typer

from aig_billing_cli.options import amount, moment, span

NOW = dt.datetime(2026, 11, 18, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("50", 5_000),
        ("50.00", 5_000),
        ("$50", 5_000),
        ("$ 50", 5_000),
        (" 12.34 ", 1_234),
        ("$1,250", 125_000),
        ("0.5", 50),
    ],
)
def test_dollars_are_typed_as_people_write_them(typed: str, cents: int) -> None:
    assert amount(typed) == cents


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "fifty",
        "50,00",
        "1,25",
        "5e3",
        "-50",
        "50.001",
        "NaN",
        "inf",
        "50 EUR",
        "\u0665\u0660",
        "$",
        "5000c",
        "1" * 40,
    ],
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"50, 50\.00 or \$50|whole cents"):
        amount(typed)


@pytest.mark.parametrize(
    ("typed", "length"),
    [
        ("30s", dt.timedelta(seconds=30)),
        ("5m", dt.timedelta(minutes=5)),
        ("12H", dt.timedelta(hours=12)),
        ("2w", dt.timedelta(weeks=2)),
    ],
)
def test_stretches_of_time_have_a_unit(typed: str, length: dt.timedelta) -> None:
    assert span(typed) == length


@pytest.mark.parametrize("typed", ["5", "", "0m", "5 parsecs", "-5m", "1.5h", "99999999999999w", "4000d"])
def test_what_is_no_stretch_of_time_is_refused(typed: str) -> None:
    with pytest.raises(typer.BadParameter):
        span(typed)


def test_a_moment_may_be_so_long_ago() -> None:
    assert moment("30d").at(NOW) == NOW - dt.timedelta(days=30)


def test_a_moment_may_be_the_start_of_yesterday_or_today() -> None:
    assert moment("yesterday").at(NOW) == dt.datetime(2026, 11, 17, tzinfo=dt.UTC)
    assert moment("Today").at(NOW) == dt.datetime(2026, 11, 18, tzinfo=dt.UTC)


def test_a_date_and_a_time_without_a_zone_are_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert moment("2026-11-01").at(NOW) == dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    assert moment("2026-11-01T12:00").at(NOW) == dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


def test_a_time_with_a_zone_keeps_it() -> None:
    assert moment("2026-11-01T12:00+02:00").at(NOW) == dt.datetime(2026, 11, 1, 10, tzinfo=dt.UTC)
    assert moment("2026-11-01T12:00Z").at(NOW) == dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize("typed", ["", "last week", "2026-13-01", "2026-02-30", "01.11.2026"])
def test_what_is_no_moment_is_refused(typed: str) -> None:
    with pytest.raises(typer.BadParameter, match="2026-11-01"):
        moment(typed)
