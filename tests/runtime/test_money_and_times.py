"""Money is exact and times are aware, whatever decimal context the program has set."""

from __future__ import annotations

import copy
import datetime as dt
import decimal
import pickle
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from aig_billing import Money, RateLimit, usd
from hypothesis import given
from hypothesis import strategies as st

from aig_billing_runtime.ratelimit import read_ratelimit
from aig_billing_runtime.times import from_unix_auto, from_unix_ms, from_unix_s, to_unix_ms


@pytest.fixture(params=["usual", "rough"], autouse=True)
def context(request: pytest.FixtureRequest) -> Iterator[None]:
    """A program's own decimal context: three digits, rounding up, and an error for anything inexact."""
    with decimal.localcontext() as own:
        if request.param == "rough":
            own.prec = 3
            own.rounding = decimal.ROUND_UP
            own.traps[decimal.Inexact] = True
        yield


@pytest.mark.parametrize(
    ("dollars", "cents"),
    [
        ("50", 5000),
        ("50.00", 5000),
        (" $1,234.50 ", 123450),
        ("12.34", 1234),
        ("0.010", 1),
        ("0", 0),
        (50, 5000),
        (0.5, 50),
        (-0.0, 0),
        (12.25, 1225),
        (Decimal("12.340"), 1234),
        (Decimal("1E+3"), 100000),
        (Decimal("0E+999999"), 0),
        ("123456789012345.67", 12345678901234567),
    ],
    ids=repr,
)
def test_dollars_become_whole_cents(dollars: Any, cents: int) -> None:
    assert usd(dollars) == cents
    assert type(usd(dollars)) is int


@pytest.mark.parametrize(
    ("dollars", "said"),
    [
        ("0.001", "fraction of one"),
        ("12.345", "fraction of one"),
        (Decimal("1." + "0" * 80 + "1"), "fraction of one"),
        (Decimal("1E-999999"), "fraction of one"),
        (0.125, "fraction of one"),
        (0.1, 'this float is really 0.1000000000000000055511151231257827021181583404541015625; write usd("0.1")'),
        (float("nan"), "not an amount"),
        (float("inf"), "not an amount"),
        (Decimal("sNaN"), "not an amount"),
        ("-5", "cannot be negative"),
        (-5, "cannot be negative"),
        (Decimal("-0.001"), "cannot be negative"),
        (10**17, "more money than there is"),
        ("9" * 5000, "more money than there is"),
        ("", 'not an amount; write usd("50") or usd("12.34")'),
        ("fifty", "not an amount"),
        ("1e3", "not an amount"),
        ("1_000", "not an amount"),
        ("12,34", "not an amount"),
        ("1,234,56", "not an amount"),
        (",123", "not an amount"),
        ("50.", "not an amount"),
        (".5", "not an amount"),
        ("--5", "not an amount"),
        ("€50", "not an amount"),
        ("\u0665\u0660", "not an amount"),
        ("NaN", "not an amount"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_not_whole_cents_is_refused(dollars: Any, said: str) -> None:
    with pytest.raises(ValueError, match="usd") as caught:
        usd(dollars)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("dollars", [None, True, b"50", ["50"], Money(Decimal(50))], ids=repr)
def test_what_is_no_amount_at_all_is_refused(dollars: Any) -> None:
    with pytest.raises(
        TypeError, match=r'usd\(\) takes a string, an int, a Decimal or an exact float, not .*: write usd\("50"\)'
    ):
        usd(dollars)


@given(st.integers(0, 10**15))
def test_cents_go_to_dollars_and_back(cents: int) -> None:
    money = Money.from_cents(cents)
    assert usd(money.amount) == cents
    assert usd(str(money)) == cents
    assert usd(f"{cents // 100}.{cents % 100:02}") == cents


@pytest.mark.parametrize(
    ("cents", "currency", "amount", "printed"),
    [
        (640.19, None, "6.4019", "$6.40"),
        (5000, "usd", "50", "$50.00"),
        (123456789, "EUR", "1234567.89", "€1,234,567.89"),
        (1234, "gbp", "12.34", "£12.34"),
        (1234, "sek", "12.34", "12.34 SEK"),
        (-1234, "sek", "-12.34", "-12.34 SEK"),
        (-50.5, None, "-0.505", "-$0.50"),
        (-0.4, None, "-0.004", "$0.00"),
        (0, "", "0", "$0.00"),
        (10**40 + 1, None, "1" + "0" * 37 + "0.01", "$100,000,000,000,000,000,000,000,000,000,000,000,000.01"),
        (1e300, None, "1E+298", None),
        (5e-324, None, "5E-326", "$0.00"),
    ],
    ids=repr,
)
def test_cents_become_exact_money(cents: float, currency: str | None, amount: str, printed: str | None) -> None:
    money = Money.from_cents(cents, currency)
    assert money.amount == Decimal(amount)
    assert money.currency == (currency or "usd").upper()
    if printed is not None:
        assert str(money) == printed


def test_money_is_a_value() -> None:
    money = Money(Decimal("6.4019"))
    assert money == Money(Decimal("6.40190"), "USD") == copy.copy(money) == pickle.loads(pickle.dumps(money))  # noqa: S301 - from here
    assert money != Money(Decimal("6.4019"), "EUR")
    assert hash(money) == hash(Money(Decimal("6.40190")))
    assert repr(money) == "Money(amount=Decimal('6.4019'), currency='USD')"
    with pytest.raises(AttributeError):
        money.amount = Decimal(1)  # type: ignore[misc]  # it is what is refused
    unfit: Any = money
    with pytest.raises(TypeError):
        sum([unfit, unfit])


UTC = dt.UTC


@pytest.mark.parametrize(
    ("made", "moment"),
    [
        (from_unix_s(1_760_000_000), dt.datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)),
        (from_unix_s(1_760_000_000.25), dt.datetime(2025, 10, 9, 8, 53, 20, 250000, tzinfo=UTC)),
        (from_unix_ms(1_760_000_000_123), dt.datetime(2025, 10, 9, 8, 53, 20, 123000, tzinfo=UTC)),
        (from_unix_ms(-1), dt.datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
        (from_unix_auto(1_760_000_000), dt.datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)),
        (from_unix_auto(1_760_000_000_000), dt.datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)),
        (from_unix_auto(99_999_999_999), dt.datetime(5138, 11, 16, 9, 46, 39, tzinfo=UTC)),
        (from_unix_auto(100_000_000_000), dt.datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)),
        (from_unix_auto(0), dt.datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_numbers_become_aware_times(made: dt.datetime, moment: dt.datetime) -> None:
    assert made == moment
    assert made.utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize("number", [1e20, -1e20, 10**400, 1e308])
def test_a_number_that_is_no_time_is_refused(number: float) -> None:
    for read in (from_unix_s, from_unix_ms, from_unix_auto):
        with pytest.raises(ValueError, match="is no time between the years 1 and 9999"):
            read(number)


def test_times_become_milliseconds_exactly() -> None:
    east = dt.timezone(dt.timedelta(hours=5, minutes=30))
    assert (
        to_unix_ms(dt.datetime(2026, 1, 1, 5, 30, tzinfo=east))
        == to_unix_ms(dt.datetime(2026, 1, 1, tzinfo=UTC))
        == 1_767_225_600_000
    )
    assert to_unix_ms(dt.datetime(2026, 1, 1, 0, 0, 0, 999, tzinfo=UTC)) == 1_767_225_600_000
    assert to_unix_ms(dt.datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1
    with pytest.raises(ValueError, match=r"has no time zone: write datetime\(..., tzinfo=timezone.utc\)"):
        to_unix_ms(dt.datetime(2026, 1, 1))  # noqa: DTZ001 - it is what is refused


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_milliseconds_go_to_times_and_back(milliseconds: int) -> None:
    assert to_unix_ms(from_unix_ms(milliseconds)) == milliseconds


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"default";r=50;t=30', RateLimit("default", 50, 30)),
        (' "default" ; r = 50 ; t = 30 ', RateLimit("default", 50, 30)),
        ("default;t=30;r=50", RateLimit("default", 50, 30)),
        ('"default";r=50;t=30, "burst";r=1;t=2', RateLimit("default", 50, 30)),
        ('"";r=0;t=0;x=1', RateLimit("", 0, 0)),
        ('"default";r=50', None),
        ('"default";r=fifty;t=30', None),
        ('"default";r=-1;t=30', None),
        ('"default";r=1.5;t=30', None),
        ('"default";r=99999999999;t=30', None),
        ("r=50;t=30", None),
        ("", None),
        ("🤷", None),
    ],
)
def test_the_ratelimit_header_is_read(header: str, expected: RateLimit | None) -> None:
    assert read_ratelimit({"ratelimit": header}) == expected
    assert read_ratelimit({}) is None
    assert read_ratelimit(None) is None
