"""Arguments are checked against the document before anything is sent, with messages that help; nothing can lead to another path."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from aig_billing import AsyncClient, Client, usd
from hypothesis import given
from hypothesis import strategies as st

from aig_billing_runtime.arguments import (
    UNSET,
    choice,
    encode_body,
    encode_query,
    flag,
    integer,
    number,
    text,
    unix_ms,
)
from aig_billing_runtime.urls import path_segment
from tests.runtime import by_hand
from tests.runtime.operations import ACCOUNT, BALANCE, CHARGE, OPERATIONS, TOKEN

UNFIT = [
    "",
    ".",
    "..",
    "a/b",
    "a\\b",
    "../../../user/tokens",
    "a?b",
    "a#b",
    "a%2fb",
    "%2e%2e",
    "a b",
    "a\nb",
    "a\r\nX-Auth-Key: x",
    "a\0b",
    "é",
    "٣",
    "a" * 257,
    "{account_id}",
    "@evil.example.com",
]


def sends_nothing(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"sent {request.url}")


def client(**options: Any) -> Client:
    given: dict[str, Any] = {
        "api_token": TOKEN,
        "account_id": ACCOUNT,
        "transport": httpx.MockTransport(sends_nothing),
        **options,
    }
    return Client(**given)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("account", UNFIT, ids=repr)
def test_an_account_that_leads_elsewhere_is_refused(account: str) -> None:
    for tried in OPERATIONS:
        with pytest.raises(ValueError, match=r"^account_id=.* cannot stand in a path: use letters"):
            type(tried)(
                tried.name, tried.method, tried.end, tried.retry, {**tried.arguments, "account_id": account}
            ).on(client())()
    for make in (client, AsyncClient(api_token=TOKEN).with_options, client().with_options):
        with pytest.raises(ValueError, match=r"^account_id="):
            make(account_id=account)


@pytest.mark.parametrize("account", [1, b"abc", ["a"], {"a": 1}, ("a",), True, 1.5], ids=repr)
def test_an_account_that_is_not_text_is_refused(account: Any) -> None:
    with pytest.raises(TypeError, match="account_id must be a string, not"):
        client().ai_gateway.billing.credit_balance(account_id=account)
    with pytest.raises(TypeError, match="account_id must be a string, not"):
        client(account_id=account)


def test_without_an_account_it_says_where_to_put_one() -> None:
    with pytest.raises(
        ValueError, match=r"which account\? Pass account_id= to the call or to the client, or set CLOUDFLARE_ACCOUNT_ID"
    ):
        client(account_id=None).ai_gateway.billing.credit_balance()


def test_a_call_about_another_account_leaves_the_clients_own_alone() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url).split("/accounts/")[1].split("/")[0])
        return httpx.Response(200, json=BALANCE.answer)

    ours = client(transport=httpx.MockTransport(answer))
    billing = ours.ai_gateway.billing
    billing.credit_balance()
    billing.credit_balance(account_id="other")
    ours.with_options(account_id="third").ai_gateway.billing.credit_balance()
    billing.credit_balance()
    assert seen == [ACCOUNT, "other", "third", ACCOUNT]
    with pytest.raises(AttributeError):
        ours.account_id = "fourth"  # type: ignore[misc]  # it is what is refused
    with pytest.raises(AttributeError):
        ours.base_url = httpx.URL("https://example.com")  # type: ignore[misc]  # it is what is refused


def test_requests_are_remembered_and_forgotten() -> None:
    """Prepared once for each account, and never more than a bounded number of them."""
    paths: set[str] = set()
    ours = client()
    for number_ in range(1100):
        tried = type(BALANCE)("credit_balance", "GET", "/credit-balance", "safe", {"account_id": f"a{number_}"})
        call = by_hand.call_of(tried)
        paths.update(ours.caller.build(call, 1.0).url.path for _ in range(2))
    assert len(paths) == 1100
    remembered: Any = ours.caller.build
    assert 0 < len(remembered.__self__._prepared) <= 512


@pytest.mark.slow
@given(st.text(max_size=20))
def test_a_path_has_as_many_parts_as_it_should_with_anything_put_in(given_text: str) -> None:
    try:
        segment = path_segment("account_id", given_text)
    except ValueError:
        return
    url = httpx.URL(f"https://example.com/a/{segment}/b")
    assert url.raw_path == f"/a/{given_text}/b".encode()


@pytest.mark.parametrize(
    ("amount", "kind", "said"),
    [
        (
            50,
            ValueError,
            'amount=50 cents ($0.50): the least is 1000 cents ($10.00). Amounts are in cents: for $50 write usd("50")',
        ),
        (999, ValueError, "the least is 1000 cents ($10.00)"),
        (0, ValueError, "the least is 1000 cents ($10.00)"),
        (-5000, ValueError, "the least is 1000 cents ($10.00)"),
        (
            "50",
            TypeError,
            "amount must be a whole number of cents, an int, not '50'. Amounts are in cents: for $50 write usd(\"50\")",
        ),
        ("$50.00", TypeError, 'for $50.00 write usd("50.00")'),
        (50.0, TypeError, "not 50.0"),
        (Decimal(50), TypeError, 'for $50 write usd("50")'),
        (True, TypeError, 'not True. Amounts are in cents: for $50 write usd("50")'),
        (None, TypeError, "not None"),
        ([5000], TypeError, "not [5000]"),
        ("9" * 1000, TypeError, "..."),
    ],
    ids=repr,
)
def test_a_wrong_amount_is_explained(amount: Any, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind) as caught:
        client().ai_gateway.billing.topup.create(amount=amount)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 300
    assert not hasattr(caught.value, "__notes__")


def test_a_right_amount_is_sent_as_whole_cents() -> None:
    class Cents(int):
        """A kind of int of somebody's own."""

        def __str__(self) -> str:
            return "many"

    for amount in (1000, 5000, usd("50"), Cents(5000), 10**30):
        call = by_hand.call_of(type(CHARGE)("topup.create", "POST", "/topup", "charge", {"amount": amount}))
        assert call.body == b'{"amount":%d}' % int(amount)
        assert call.amount == amount


@pytest.mark.parametrize(
    ("refused", "kind", "said"),
    [
        (lambda: integer("n", 1.0), TypeError, "n must be a whole number, an int, not 1.0"),
        (lambda: integer("n", 5, maximum=4), ValueError, "n=5: the most is 4"),
        (lambda: integer("n", 5, minimum=5.5), ValueError, "n=5: the least is 5.5"),
        (lambda: integer("n", 10**7, maximum=10**6), ValueError, "the most is 1000000"),
        (lambda: number("n", "1"), TypeError, "n must be a number, not '1'"),
        (lambda: number("n", True), TypeError, "n must be a number, not True"),
        (lambda: number("n", math.nan), ValueError, "n=nan is not a finite number"),
        (lambda: number("n", math.inf), ValueError, "n=inf is not a finite number"),
        (lambda: number("n", 0.5, minimum=1), ValueError, "n=0.5: the least is 1"),
        (lambda: text("t", 1), TypeError, "t must be a string, not int"),
        (lambda: text("t", "a\ud800"), ValueError, "half a character"),
        (lambda: flag("f", 1), TypeError, "f must be True or False, not 1"),
        (lambda: choice("c", "x", ("a", "b")), ValueError, "c='x' is none of 'a', 'b'"),
        (lambda: choice("c", ["a"], ("a", "b")), ValueError, "c=['a'] is none of"),
        (lambda: unix_ms("t", "2026"), TypeError, "t must be an aware datetime or Unix milliseconds, not '2026'"),
        (lambda: unix_ms("t", True), TypeError, "t must be an aware datetime"),
        (lambda: unix_ms("t", dt.date(2026, 1, 1)), TypeError, "t must be an aware datetime"),
        (lambda: unix_ms("t", math.inf), ValueError, "t=inf is not a finite number"),
        (
            lambda: unix_ms("t", 1_760_000_000),
            ValueError,
            "looks like Unix seconds, and the API takes milliseconds: pass an aware .*, or t=1760000000000",
        ),
        (lambda: unix_ms("t", dt.datetime(2026, 1, 1)), ValueError, "has no time zone"),  # noqa: DTZ001 - it is what is refused
    ],
)
def test_each_check_says_what_to_write(refused: Callable[[], object], kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said.replace("[", "\\[")):
        refused()


def test_what_is_fit_is_given_back() -> None:
    assert integer("n", 5, minimum=5, maximum=5) == 5
    assert number("n", 1.5) == 1.5
    assert text("t", "é 😀") == "é 😀"
    assert flag("f", False) is False
    assert choice("c", "a", ("a", "b")) == "a"
    assert unix_ms("t", 1_760_000_000_000) == 1_760_000_000_000
    assert unix_ms("t", 0) == 0
    assert unix_ms("t", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)) == 1_767_225_600_000


def test_queries_leave_out_what_is_none_and_bodies_what_is_unset() -> None:
    assert encode_query({"a": None, "b": True, "c": 1.0, "d": 1.5, "e": "x y&z=é", "f": 1e22}) == (
        "b=true&c=1&d=1.5&e=x+y%26z%3D%C3%A9&f=10000000000000000000000"
    )
    assert encode_query({}) == ""
    assert repr(UNSET) == "UNSET", "as a signature shows it"
    assert encode_body({"a": UNSET, "b": "é", "c": None}) == '{"b":"é","c":null}'.encode()


@pytest.mark.parametrize(
    ("option", "kind", "said"),
    [
        ({"timeout": 0}, ValueError, "timeout=0 must be a positive number of seconds"),
        ({"timeout": math.inf}, ValueError, "timeout=inf must be a positive number"),
        ({"timeout": "5"}, TypeError, "timeout must be a number of seconds, not str"),
        ({"timeout": True}, TypeError, "timeout must be a number of seconds, not bool"),
        ({"deadline": 0.0}, ValueError, "deadline=0.0 must be a positive number of seconds"),
        ({"deadline": math.nan}, ValueError, "deadline=nan must be a positive number"),
        ({"deadline": "5"}, TypeError, "deadline must be a number of seconds, not str"),
        ({"max_retries": -1}, ValueError, "max_retries=-1 must be from 0 to 100"),
        ({"max_retries": 101}, ValueError, "max_retries=101 must be from 0 to 100"),
        ({"max_retries": 1.0}, TypeError, "max_retries must be a whole number, not float"),
        ({"max_retries": True}, TypeError, "max_retries must be a whole number, not bool"),
        ({"body_limit": 0}, ValueError, "body_limit=0 must be 1 or more"),
        ({"on_retry": "print"}, TypeError, "on_retry must be a function that takes a RetryEvent, not str"),
    ],
    ids=repr,
)
def test_an_option_of_no_use_is_refused_when_it_is_given(
    option: dict[str, Any], kind: type[Exception], said: str
) -> None:
    for make in (client, client().with_options):
        with pytest.raises(kind, match=said):
            make(**option)


def test_a_hook_that_nobody_would_await_is_refused() -> None:
    async def hook(event: object) -> None: ...

    for kind in (Client, AsyncClient):
        made: Any = kind
        with pytest.raises(TypeError, match="must be an ordinary function"):
            made(api_token=TOKEN, on_retry=hook)


def test_limits_of_no_use_are_refused() -> None:
    with pytest.raises(TypeError, match=r"limits must be an httpx.Limits, not int"):
        client(limits=5)


def test_a_copy_keeps_what_is_not_changed() -> None:
    def hook(event: object) -> None: ...

    ours = client(timeout=3, deadline=50.0, max_retries=7, body_limit=1234, on_retry=hook)
    copy = ours.with_options()
    assert copy.caller.options == ours.caller.options
    assert (copy.account_id, copy.base_url, copy._transports) == (ours.account_id, ours.base_url, ours._transports)
    changed = ours.with_options(max_retries=0, account_id="other")
    assert (changed.caller.options.max_retries, changed.caller.options.deadline) == (0, 50.0)
    assert (changed.account_id, ours.account_id) == ("other", ACCOUNT)
    assert type(changed) is type(ours)


def test_a_client_of_a_users_own_class_is_copied_whole() -> None:
    class Own(Client):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.name = "mine"

    assert Own(api_token=TOKEN).with_options(max_retries=0).name == "mine"


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda _client, kind: kind(api_tokn=TOKEN), "Client()"),
        (lambda client, _kind: client.with_options(tries=3), "Client.with_options()"),
        (lambda client, _kind: client.ai_gateway.billing.topup.create(amont=1000), "ai_gateway.billing.topup.create()"),
        (lambda client, _kind: client.ai_gateway.billing.topup.ensure(amont=1), "ai_gateway.billing.topup.ensure()"),
        (lambda client, _kind: client.ai_gateway.billing.topup.cost(), "ai_gateway.billing.topup.cost()"),
        (lambda client, _kind: client.ai_gateway.spend_limits.add(lim=1), "ai_gateway.spend_limits.add()"),
    ],
)
def test_a_misspelt_argument_is_reported_with_the_name_that_was_called(
    kind: Any, call: Callable[[Any, Any], object], named: str
) -> None:
    with pytest.raises(TypeError) as caught:
        call(kind(api_token=TOKEN, account_id=ACCOUNT), kind)
    assert str(caught.value).startswith(f"{named} ")
