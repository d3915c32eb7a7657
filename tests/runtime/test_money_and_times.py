"""Money is exact and times are aware, in any decimal context of the program."""

from __future__ import annotations

import copy
import datetime as dt
import decimal
import operator
import pickle
import re
from collections.abc import Callable, Iterator
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
        (9_999_999_999_999_999, 999_999_999_999_999_900),
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
        (Decimal("1E-999999999"), "fraction of one"),  # a power of ten of that size would take all memory
        (0.125, "fraction of one"),
        (0.1, 'this float is really 0.1000000000000000055511151231257827021181583404541015625; write usd("0.1")'),
        (float("nan"), "not an amount"),
        (float("inf"), "not an amount"),
        (Decimal("sNaN"), "not an amount"),
        ("-5", "cannot be negative"),
        (-5, "cannot be negative"),
        (Decimal("-0.001"), "cannot be negative"),
        (10**16, "amount out of range"),
        ("9" * 5000, "amount out of range"),
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
def test_what_is_not_an_amount_at_all_is_refused(dollars: Any) -> None:
    with pytest.raises(TypeError) as caught:
        usd(dollars)
    kind = type(dollars).__name__
    assert (
        str(caught.value) == f'usd() takes a string, an int, a Decimal or an exact float, not {kind}: write usd("50")'
    )


def test_what_is_refused_is_in_the_message_cut_to_sixty_letters() -> None:
    for dollars, shown in (("0.001", "'0.001'"), ("9" * 58, f"'{'9' * 58}'"), ("9" * 59, f"'{'9' * 56}...")):
        with pytest.raises(ValueError, match=re.escape(f"usd({shown}): ")):
            usd(dollars)


def test_what_is_no_amount_is_refused_by_whoever_was_given_it() -> None:
    for read, example in ((usd, 'usd("50") or usd("12.34")'), (Money, 'Money("12.34")')):
        with pytest.raises(
            ValueError, match=rf"\A{re.escape(read.__name__)}\('ten'\): not an amount; write {re.escape(example)}\Z"
        ):
            read("ten")
    with pytest.raises(ValueError, match=r"\Ausd\(nan\): not an amount\Z"):
        usd(float("nan"))


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
    assert money == Money("6.40190", "usd") == copy.copy(money) == pickle.loads(pickle.dumps(money))  # noqa: S301 - from here
    assert money != Money(Decimal("6.4019"), "EUR")
    assert money != Decimal("6.4019")
    assert hash(money) == hash(Money(Decimal("6.40190")))
    assert len({hash(money), hash(Money("6.4")), hash(Money("6.4019", "EUR"))}) == 3
    assert repr(money) == "Money('6.4019', 'USD')"
    assert eval(repr(money)) == money  # noqa: S307 - from here
    with pytest.raises(AttributeError):
        money.amount = Decimal(1)  # type: ignore[misc]  # it is what is refused


def test_money_is_calculated_with_exactly() -> None:
    one, other = Money("0.1"), Money("0.2")
    assert one + other == Money("0.3")
    assert one - other == -one == Money("-0.1")
    assert abs(-one) == +one == one
    assert one * 3 == 3 * one == Money("0.3")
    long = Money("1234.5678")
    assert long * Decimal("1.05") == Money("1296.29619")
    assert long + one == Money("1234.6678")
    assert long - one == Money("1234.4678")
    assert round(long, 3) == Money("1234.568")
    assert sum([one, other, one]) == Money("0.4")
    assert sum([one], start=other) == Money("0.3")
    assert one + Money("1e-300".replace("1e-300", "0." + "0" * 299 + "1")) != one
    assert str(-Money("0")) == "$0.00"


def test_every_operation_keeps_the_currency() -> None:
    some = Money("1.50", "EUR")
    for made in (some + some, some - some, some * 2, 2 * some, -some, +some, abs(some), round(some), sum([some, some])):
        assert isinstance(made, Money)
        assert made.currency == "EUR"
    assert (-Money("0"), repr(-Money("0"))) == (Money("0"), "Money('0', 'USD')")


def test_whole_units_become_exact_money() -> None:
    assert Money.from_number(12.34) == Money("12.34", "USD")
    assert Money.from_number(-5, "eur") == Money("-5", "EUR")
    for number in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not an amount"):
            Money.from_number(number)


def test_money_is_ordered() -> None:
    assert Money("1") < Money("1.01") <= Money("1.010")
    assert Money("2") > Money("1.01") >= Money("1.010")
    assert max(Money("1"), Money("3"), Money("2")) == Money("3")
    assert sorted([Money("3"), Money("-1")]) == [Money("-1"), Money("3")]
    assert not Money("1") < Money("1")
    assert not Money("1") > Money("1")


@pytest.mark.parametrize(
    ("money", "digits", "rounded"),
    [
        (Money("6.4050"), None, "6.40"),
        (Money("6.4150"), None, "6.42"),
        (Money("-6.4019"), None, "-6.40"),
        (Money("6.4019"), 3, "6.402"),
        (Money("6.5"), 0, "6"),
        (Money("1050.5", "JPY"), None, "1050"),
        (Money("1.2345", "KWD"), None, "1.234"),
        (Money("1234"), -2, "1200"),
    ],
    ids=repr,
)
def test_money_is_rounded_half_to_even(money: Money, digits: int | None, rounded: str) -> None:
    assert round(money, digits) == Money(rounded, money.currency)


@pytest.mark.parametrize(
    ("money", "spec", "printed"),
    [
        (Money("6.4"), "", "$6.40"),
        (Money("6.4"), ">12", "       $6.40"),
        (Money("-6.4"), "_<9", "-$6.40___"),
        (Money("5000", "jpy"), ">12", "   5,000 JPY"),
        (Money("1.5", "kwd"), "", "1.500 KWD"),
    ],
    ids=repr,
)
def test_money_is_formatted_as_text(money: Money, spec: str, printed: str) -> None:
    assert format(money, spec) == printed


@pytest.mark.parametrize(
    ("cents", "currency", "money"),
    [
        (5000, "usd", Money("50")),
        (5000, "JPY", Money("5000", "JPY")),
        (5000, "krw", Money("5000", "KRW")),
        (5000, "KWD", Money("5", "KWD")),
        (5001, "BHD", Money("5.001", "BHD")),
        (5000, "UGX", Money("50", "UGX")),
    ],
    ids=repr,
)
def test_a_currency_has_its_own_number_of_decimals(cents: int, currency: str, money: Money) -> None:
    assert Money.from_cents(cents, currency) == money
    assert money.to_cents() == cents


def test_cents_that_are_not_whole_are_not_given() -> None:
    assert Money.from_cents(640.19).to_cents is not None
    with pytest.raises(
        ValueError, match=r"Money\('6.4019', 'USD'\) has a fraction of the smallest unit: round it first"
    ):
        Money("6.4019").to_cents()
    assert round(Money("6.4019")).to_cents() == 640


unchecked: Any = Money


@pytest.mark.parametrize(
    ("calculate", "error", "said"),
    [
        (lambda one: one + Money("1", "EUR"), ValueError, "cannot add USD and EUR: convert one of them first"),
        (lambda one: one - Money("1", "EUR"), ValueError, "cannot subtract USD and EUR"),
        (lambda one: one < Money("1", "EUR"), ValueError, "cannot compare USD and EUR"),
        (lambda one: one >= Money("1", "EUR"), ValueError, "cannot compare USD and EUR"),
        (lambda one: sum([one, Money("1", "EUR")]), ValueError, "cannot add USD and EUR"),
        (lambda one: one + 1, TypeError, "cannot add money and 1"),
        (lambda one: 1 + one, TypeError, "cannot add money and 1"),
        (lambda one: 0.0 + one, TypeError, "cannot add money and 0.0"),
        (lambda one: one - 1, TypeError, "cannot subtract money and 1"),
        (lambda one: one > 1, TypeError, "cannot compare money and 1"),
        (lambda one: one <= 1, TypeError, "cannot compare money and 1"),
        (lambda one: one * 1.5, TypeError, "money is multiplied by an int or a Decimal, not by 1.5"),
        (lambda one: one * one, TypeError, "money is multiplied by"),
        (lambda one: one * True, TypeError, "money is multiplied by"),
        (
            lambda one: unchecked(0.1),
            TypeError,
            r'Money\(0.1\): a float is seldom the amount that was meant; write Money\("0.1"\)',
        ),
        (lambda one: unchecked(True), TypeError, "takes a string, an int or a Decimal, not bool"),
        (lambda one: unchecked(None), TypeError, "takes a string, an int or a Decimal, not NoneType"),
        (lambda one: unchecked("1", 840), TypeError, 'a currency is a code such as "USD", not 840'),
        (lambda one: Money("1", ""), TypeError, "a currency is a code"),
        (lambda one: Money("fifty"), ValueError, "not an amount"),
        (lambda one: Money("1e3"), ValueError, "not an amount"),
        (lambda one: Money(Decimal("NaN")), ValueError, "not an amount"),
        (lambda one: Money.from_cents(float("inf")), ValueError, "not an amount"),
    ],
)
def test_what_is_not_money_is_refused(calculate: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        calculate(Money("1"))


def test_each_comparison_says_what_it_could_not_do() -> None:
    for compare in (operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(TypeError, match=r"cannot compare money and 1: write Money"):
            compare(Money("1"), 1)
        with pytest.raises(ValueError, match="cannot compare USD and EUR"):
            compare(Money("1"), Money("1", "EUR"))


@given(st.lists(st.decimals(-(10**9), 10**9, places=6), max_size=20))
def test_a_sum_is_exact_in_any_order(amounts: list[Decimal]) -> None:
    with decimal.localcontext(decimal.Context(prec=100)):
        expected = sum(amounts, Decimal(0))
    assert sum(map(Money, amounts), Money(0)) == sum(map(Money, reversed(amounts)), Money(0)) == Money(expected)


UTC = dt.UTC


@pytest.mark.parametrize(
    ("read", "number", "moment"),
    [
        (from_unix_s, 1_760_000_000, dt.datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)),
        (from_unix_s, 1_760_000_000.25, dt.datetime(2025, 10, 9, 8, 53, 20, 250000, tzinfo=UTC)),
        (from_unix_ms, 1_760_000_000_123, dt.datetime(2025, 10, 9, 8, 53, 20, 123000, tzinfo=UTC)),
        (from_unix_ms, -1, dt.datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
        (from_unix_auto, 1_760_000_000, dt.datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)),
        (from_unix_auto, 1_760_000_000_000, dt.datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)),
        (from_unix_auto, 99_999_999_999, dt.datetime(5138, 11, 16, 9, 46, 39, tzinfo=UTC)),
        (from_unix_auto, -50_000_000_000, dt.datetime(385, 7, 25, 7, 6, 40, tzinfo=UTC)),
        (from_unix_auto, -100_000_000_000, dt.datetime(1966, 10, 31, 14, 13, 20, tzinfo=UTC)),
        (from_unix_auto, 100_000_000_000, dt.datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)),
        (from_unix_auto, 0, dt.datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_numbers_become_aware_times(read: Callable[[float], dt.datetime], number: float, moment: dt.datetime) -> None:
    made = read(number)
    assert made == moment
    assert made.utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize("number", [1e20, -1e20, 10**400, 1e308])
def test_a_number_that_is_not_a_time_is_refused(number: float) -> None:
    for read in (from_unix_s, from_unix_ms, from_unix_auto):
        with pytest.raises(ValueError, match="is not a time between the years 1 and 9999"):
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
