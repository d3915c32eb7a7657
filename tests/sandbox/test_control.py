"""The controls, from Python and over HTTP."""

import asyncio
import inspect
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aig_billing_sandbox import Sandbox
from aig_billing_sandbox.control.routes import ACTIONS, ControlRoutes
from aig_billing_sandbox.http.faults import FaultTerms
from tests.sandbox.caller import Caller, without_socket
from tests.sandbox.conftest import NOON


class Remote:
    """The controls over HTTP."""

    def __init__(self, client: httpx.Client, sandbox: Sandbox) -> None:
        self.url = sandbox.control_url
        self._client = client

    def read(self, name: str, **query: str) -> Any:
        response = self._client.get(f"{self.url}/{name}" if name else self.url, params=query)
        assert response.status_code == 200, response.text
        return response.json()["result"]

    def do(self, name: str, **terms: Any) -> Any:
        response = self._client.post(f"{self.url}/{name}", json=terms)
        assert response.status_code == 200, response.text
        return response.json()["result"]


@pytest.fixture
def remote(sandbox: Sandbox) -> Iterator[Remote]:
    with httpx.Client() as client:
        yield Remote(client, sandbox)


def test_a_clock_that_is_held_moves_only_when_asked(sandbox: Sandbox) -> None:
    assert sandbox.now == NOON
    sandbox.advance(hours=1)
    sandbox.advance(timedelta(minutes=1))
    assert sandbox.now == NOON + timedelta(minutes=61)
    sandbox.release_clock()
    sandbox.advance(days=1)
    assert timedelta(0) <= sandbox.now - (NOON + timedelta(days=1, minutes=61)) < timedelta(seconds=5)


def test_a_moment_without_a_zone_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="time zone"):
        sandbox.set_clock(datetime(2026, 11, 18))  # noqa: DTZ001 - that is the point


def test_a_snapshot_brings_the_books_back(sandbox: Sandbox, api: Caller) -> None:
    sandbox.use(10)
    snapshot, before = sandbox.snapshot(), sandbox.state()
    sandbox.use(20)
    api.post("topup", {"amount": 5000})
    sandbox.restore(snapshot)
    assert sandbox.state() == before
    with pytest.raises(Exception, match="not a snapshot"):
        sandbox.restore(b"nonsense" * 100)
    assert sandbox.state() == before


def test_a_reset_starts_over(sandbox: Sandbox, api: Caller) -> None:
    sandbox.use(10)
    sandbox.behave(mode="live", settles_after=9)
    sandbox.fault("topup.create", drop="before")
    sandbox.open_account()
    sandbox.reset()
    assert sandbox.balance() == 2500
    assert not [*sandbox.faults(), *sandbox.charges(), *sandbox.requests()]
    assert abs(sandbox.now - NOON) < timedelta(seconds=5)
    assert sandbox.info()["mode"] == "documented"
    assert len(sandbox.state()["accounts"]) == 1


def test_requests_are_recorded_with_the_fault_that_struck_them(sandbox: Sandbox, api: Caller) -> None:
    fault = sandbox.fault("topup.create", status=503)
    api.get("credit-balance")
    api.send("POST", "topup", json={"amount": 5000})
    api.send("GET", "nowhere")
    records = [(record.method, record.operation, record.fault) for record in sandbox.requests()]
    assert records == [("GET", "credit_balance", None), ("POST", "topup.create", fault), ("GET", None, None)]
    assert len(sandbox.requests(after=2)) == 1


def test_accounts_are_separate(sandbox: Sandbox, api: Caller) -> None:
    other = sandbox.open_account(card=None, topped_up=False)
    theirs = without_socket(sandbox, account_id=other)
    sandbox.adjust_balance("-3.5")
    sandbox.adjust_balance(100, account_id=other)
    assert sandbox.balance() == Decimal("2496.5")
    assert sandbox.balance(account_id=other) == 100
    assert theirs.get("credit-balance")["has_default_payment_method"] is False
    assert theirs.get("invoice-history")["invoices"] == []


def test_the_controls_do_the_same_over_http(sandbox: Sandbox, remote: Remote) -> None:
    info = remote.read("")
    assert (info["account_id"], info["token"]) == (sandbox.account_id, sandbox.token)
    assert remote.do("use", cents=12.345) == {"blocked": None, "cost_cents": 12.345, "balance_cents": 2487.655}
    assert remote.do("use", model="m", quantity=3, unit_amount=0.01)["cost_cents"] == 3
    assert remote.read("balance") == 2484.655
    remote.do("advance", days=1.5)
    assert remote.read("now") == "2026-11-20T00:00:00+00:00"
    remote.do("set_clock", moment="2026-12-01T00:00:00Z")
    assert sandbox.now == datetime(2026, 12, 1, tzinfo=UTC)
    remote.do("put_card", behaviour="declines")
    remote.do("behave", settles_after=0.5, mode="live", invoices_per_page=2)
    assert sandbox.info()["settles_after_ms"] == 500
    remote.do("fault", operation="credit_balance", status=503, headers={"Retry-After": "1"}, delay_before=0.25)
    assert remote.read("faults")[0]["delay_before"] == 0.25
    remote.do("fault", status=200, body_base64="/w==")
    assert sandbox.faults()[1].body == b"\xff"
    remote.do("clear_faults")
    other = remote.do("open_account", card=None)
    assert remote.read("balance", account_id=other) == 2500
    snapshot = remote.read("snapshot")
    remote.do("adjust_balance", cents=1)
    remote.do("restore", snapshot=snapshot)
    assert remote.read("balance") == 2484.655
    assert remote.read("charges", after="0") == []
    assert remote.read("requests") == []
    assert len(remote.read("state")["ledger_entries"]) == 4
    remote.do("reset")
    assert remote.read("balance") == 2500


@pytest.mark.parametrize(
    ("name", "terms", "complaint"),
    [
        ("use", {}, "either cents"),
        ("use", {"cents": 1, "colour": "red"}, "colour"),
        ("use", {"cents": "much"}, "must be a decimal number"),
        ("fault", {"operation": "topup"}, "there is no operation 'topup'"),
        ("fault", {"times": 0}, "times is 1 or more"),
        ("set_clock", {"moment": "noon"}, "noon"),
        ("put_card", {"last4": "12345"}, "four digits"),
        ("open_account", {"account_id": "mine"}, "32 hexadecimal digits"),
        ("open_account", {"account_id": Sandbox.account_id}, "already"),
        ("add_token", {"secret": "x", "account_id": "nobody"}, "there is no account 'nobody'"),
        ("add_token", {"secret": " "}, "must not be empty"),
        ("set_tax", {"percent": 101}, "between 0 and 100"),
        ("put_card", {"behaviour": "golden"}, "a card is good, declines"),
        ("use", {"cents": 1, "account_id": "nobody"}, "there is no account 'nobody'"),
        ("restore", {"snapshot": "AAAA"}, "not a snapshot"),
        ("limit_rate", {"limit": "fast"}, "QUOTA/SECONDS"),
        ("behave", {"mode": "dead"}, "mode is live or documented"),
    ],
)
def test_a_control_that_cannot_be_is_refused_with_the_reason(
    sandbox: Sandbox, name: str, terms: Any, complaint: str
) -> None:
    before = sandbox.state()
    response = httpx.post(f"{sandbox.control_url}/{name}", json=terms)
    assert response.status_code == 400
    assert complaint in response.json()["errors"][0]["message"]
    assert sandbox.state() == before


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from(
        ["AAAA", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1e9", "NaN", "good", "live"]
    ),
)
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=5), inner, max_size=2)),
    max_leaves=3,
)
NAMES = sorted(
    {name for act in ACTIONS for name in inspect.signature(getattr(Sandbox, act)).parameters}
    - {"self", "terms", "units"}
)
NAMES += [*FaultTerms.__annotations__, "days", "seconds", "body_base64"]


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[httpx.Client]:
    with Sandbox() as sandbox, httpx.Client(base_url=sandbox.control_url) as client:
        yield client


@pytest.mark.slow
@given(st.sampled_from(ACTIONS), st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4))
@settings(max_examples=400, deadline=None)
def test_no_input_of_a_control_makes_it_fail(fuzzed: httpx.Client, name: str, terms: dict[str, Any]) -> None:
    response = fuzzed.post(name, json=terms)
    assert response.status_code in {200, 400}, (name, terms, response.text)
    assert fuzzed.get("state").status_code == 200


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("fault", {"status": 200, "headers": {"a": 1}}),
        ("fault", {"status": 200, "headers": []}),
        ("add_token", {"secret": 5}),
        ("limit_rate", {"limit": 5}),
        ("advance", {"days": 10**9}),
        ("set_clock", {"moment": 5}),
        ("use", {"cents": 10**30}),
        ("restore", {"snapshot": 5}),
        ("open_account", {"account_id": ["x"]}),
        ("set_auto_topup", {"amount": 1, "threshold": 1}),
        ("add_token", {"secret": "x", "owner": "account"}),
        ("change_gateway", {"settings": {"spend_limits": 5}}),
        ("behave", {"invoices_per_page": 10**20}),
        ("set_clock", {"moment": "9999-12-31T00:00:00Z"}),
    ],
)
def test_a_control_input_of_a_wrong_type_or_size_is_refused(sandbox: Sandbox, name: str, terms: Any) -> None:
    response = httpx.post(f"{sandbox.control_url}/{name}", json=terms)
    assert response.status_code == 400, response.text
    assert response.json()["errors"][0]["message"]


def test_text_that_is_not_unicode_is_refused(sandbox: Sandbox) -> None:
    response = httpx.post(f"{sandbox.control_url}/fault", content=b'{"status": 200, "body": "\\ud800"}')
    assert response.status_code == 400, response.text
    assert sandbox.faults() == []


def test_pages_from_elsewhere_cannot_use_the_controls(sandbox: Sandbox) -> None:
    origin = sandbox.base_url.removesuffix("/client/v4")
    ours = httpx.post(f"{sandbox.control_url}/use", json={"cents": 1}, headers={"Origin": origin})
    assert ours.status_code == 200
    theirs = httpx.post(f"{sandbox.control_url}/use", json={"cents": 1}, headers={"Origin": "https://evil.example"})
    assert theirs.status_code == 403
    # A name of theirs that leads here makes Origin and Host agree, and still is not ours.
    rebound = {"Origin": "http://evil.example", "Host": "evil.example"}
    assert httpx.post(f"{sandbox.control_url}/use", json={"cents": 1}, headers=rebound).status_code == 403
    assert sandbox.balance() == 2499


def test_other_machines_cannot_use_the_controls(sandbox: Sandbox) -> None:
    async def status_for(machine: str) -> int:
        transport = httpx.ASGITransport(ControlRoutes(sandbox).app(), client=(machine, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return (await client.post("/_sandbox/use", json={"cents": 1})).status_code

    assert asyncio.run(status_for("192.0.2.7")) == 403
    assert asyncio.run(status_for("127.0.0.1")) == 200
    assert sandbox.balance() == 2499


def test_many_threads_may_use_one_sandbox(sandbox: Sandbox) -> None:
    def spend() -> None:
        api = without_socket(sandbox)
        for _ in range(20):
            sandbox.use(1)
            api.post("topup", {"amount": 1000})

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sandbox.advance(seconds=2)
    assert sandbox.balance() == 2500 - 160 + 160_000
    assert len(sandbox.charges()) == 160


def test_a_closed_sandbox_says_so(sandbox: Sandbox) -> None:
    api = without_socket(sandbox)
    sandbox.close()
    sandbox.close()
    with pytest.raises(httpx.ConnectError, match="closed"):
        api.get("credit-balance")
    with pytest.raises(RuntimeError, match="closed"):
        _ = sandbox.base_url


def test_a_restart_keeps_port_and_books_and_breaks_connections(sandbox: Sandbox) -> None:
    with httpx.Client() as client:
        base_url = sandbox.base_url
        api = Caller(client, base_url, sandbox.account_id, sandbox.token)
        api.post("topup", {"amount": 5000})
        sandbox.restart()
        assert sandbox.base_url == base_url
    with httpx.Client() as client:
        api = Caller(client, base_url, sandbox.account_id, sandbox.token)
        assert api.get("invoice-history")["pagination"]["total_count"] == 2
