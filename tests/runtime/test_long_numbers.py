"""No digit of a number is lost, wherever it stands in an answer: not of a long integer, nor of a long fraction."""

from __future__ import annotations

import copy
import json
import pickle
from decimal import Decimal
from typing import Any

import pytest
from aig_billing import Money
from aig_billing.models import BillingCreditBalanceResponse
from hypothesis import given
from hypothesis import strategies as st

from aig_billing_runtime import json_text
from aig_billing_runtime.json_text import ExactFloat, digits_of, read_json


@pytest.fixture(params=["with orjson", "without"], autouse=True)
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "without":
        monkeypatch.setattr(json_text, "_fast", None)


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63) - 1, 10**18, 10**19, 10**40 + 1])
def test_a_long_number_is_exact_at_every_place(number: int) -> None:
    for before in range(12):
        assert read_json(b'{"%s":%d}' % (b"x" * before, number)) == {"x" * before: number}
        among = read_json(b"[1794492202,%s%d]" % (b" " * before, number))
        assert isinstance(among, list)
        assert [type(one) for one in among] == [int, int]


@pytest.mark.parametrize(
    ("text", "dollars"),
    [
        ("640.1900000000000001", "6.401900000000000001"),
        ("9007199254740993.0", "90071992547409.93"),
        ("9007199254740992.5", "90071992547409.925"),
        ("-0.12345678901234567890123", "-0.0012345678901234567890123"),
        ("1.2345678901234567890E+3", "12.345678901234567890"),
        ("0.3", "0.003"),
        ("640.19", "6.4019"),
        ("123456789012345", "1234567890123.45"),
        ("9007199254740993", "90071992547409.93"),
        ("5e2", "5"),
    ],
)
def test_money_has_every_digit_that_was_sent(text: str, dollars: str) -> None:
    answer = read_json(
        b'{"balance": %s, "has_default_payment_method": true, "payment_method": null,' % text.encode()
        + b'"topup_config": {"amount": null, "threshold": null}}'
    )
    assert isinstance(answer, dict)
    balance = BillingCreditBalanceResponse.from_dict(answer)
    assert balance.balance_money == Money(Decimal(dollars))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_any_decimal_number_is_exact(number: Decimal) -> None:
    text = str(number)
    read: Any = read_json(f'{{"a": [{text}]}}'.encode())
    assert Decimal(digits_of(read["a"][0])) == number


def test_a_number_that_remembers_its_digits_is_a_float_like_any_other() -> None:
    number: Any = read_json(b"0.12345678901234567890")
    assert type(number) is ExactFloat
    assert number == 0.12345678901234567890
    assert json.dumps(number) == repr(number) == "0.12345678901234568"
    for other in (copy.copy(number), copy.deepcopy(number), pickle.loads(pickle.dumps(number))):  # noqa: S301 - from here
        assert (type(other), other.text) == (ExactFloat, "0.12345678901234567890")
    assert type(number * 2) is float


def test_a_number_that_a_float_holds_is_read_as_one() -> None:
    for text in ("0.1", "123456789.123456", "0.30000000000000004", "1000000000000001.0", "0.10000000000000000000"):
        assert type(read_json(text.encode())) is float
