"""Live mode: what the service is known to do beyond its documents, or otherwise than they say."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from aig_billing_sandbox import Sandbox
from tests.sandbox.caller import BASE_URL, Caller, without_socket
from tests.sandbox.conftest import NOON


@pytest.fixture
def live() -> Iterator[Sandbox]:
    with Sandbox(now=NOON, mode="live") as sandbox:
        sandbox.hold_clock()
        sandbox.set_clock(NOON)
        yield sandbox


@pytest.fixture
def api(live: Sandbox) -> Caller:
    return without_socket(live)


def newest(api: Caller) -> Any:
    return api.get("invoice-history")["invoices"][0]


def test_a_fee_of_five_percent_is_on_the_invoice_and_not_in_the_credit(live: Sandbox, api: Caller) -> None:
    api.post("topup", {"amount": 10_000})
    live.advance(seconds=2)
    invoice = newest(api)
    assert (invoice["amount_due"], invoice["amount_paid"], invoice["status"]) == (10_500, 10_500, "paid")
    assert live.balance() == 2_500 + 10_000


@pytest.mark.parametrize(("tax", "due"), [(5, 11_025), (19, 12_495), ("8.25", 11_366)])
def test_tax_is_on_credit_and_fee(live: Sandbox, api: Caller, tax: Any, due: int) -> None:
    live.set_tax(tax)
    api.post("topup", {"amount": 10_000})
    assert newest(api)["amount_due"] == due


@pytest.mark.parametrize(("percent", "due"), [(0, 10_000), (5, 10_500), ("2.5", 10_250), (Decimal("0.01"), 10_001)])
def test_the_fee_can_be_another(live: Sandbox, api: Caller, percent: Any, due: int) -> None:
    live.behave(fee_percent=percent)
    api.post("topup", {"amount": 10_000})
    assert newest(api)["amount_due"] == due


def test_the_documents_know_of_no_fee(live: Sandbox, api: Caller) -> None:
    live.behave(mode="documented")
    api.post("topup", {"amount": 10_000})
    assert newest(api)["amount_due"] == 10_000


def test_the_link_of_an_invoice_shows_the_fee_as_a_part(live: Sandbox) -> None:
    live.set_tax(19)
    with httpx.Client() as client:
        api = Caller(client, live.base_url, live.account_id, live.token)
        api.post("topup", {"amount": 10_000})
        page = client.get(newest(api)["invoice_pdf"]).content
    for part in (b"Credit: $100.00", b"Fee: $5.00", b"Tax: $19.95", b"Total: $124.95"):
        assert part in page


def test_invoices_are_listed_newest_first(live: Sandbox, api: Caller) -> None:
    bought: list[str] = []
    for _ in range(3):
        bought.insert(0, api.post("topup", {"amount": 1000})["payment_intent_id"])
        live.advance(days=1)
    assert [invoice["id"] for invoice in api.get("invoice-history")["invoices"]][:3] == bought


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "topup/config", {"amount": 5000, "threshold": 500}),
        ("DELETE", "topup/config", None),
        ("POST", "spending-limit", {"amount": 5000, "duration": "daily", "strategy": "fixed"}),
    ],
)
def test_what_only_the_dashboard_may_do_is_refused(
    live: Sandbox, api: Caller, method: str, path: str, body: Any
) -> None:
    live.set_auto_topup(5000, 500)
    before = live.state()
    api.refused(method, path, 403, json=body)
    assert live.state() == before
    assert api.get("topup/config") == {"amount": 5000, "threshold": 500}


def test_auto_topup_of_the_dashboard_buys_with_the_fee(live: Sandbox, api: Caller) -> None:
    live.set_auto_topup(5000, 500)
    live.use(2400)
    live.advance(seconds=2)
    assert newest(api)["amount_due"] == 5_250
    live.remove_auto_topup()
    assert api.get("topup/config") == {"amount": 0, "threshold": 0}


def test_another_card_can_be_charged(live: Sandbox, api: Caller) -> None:
    spare = live.put_card("good", last4="1881", default=False)
    assert spare.startswith("pm_")
    assert api.post("topup", {"amount": 1000})["last4"] == "4242"
    assert api.post("topup", {"amount": 1000, "payment_method_id": spare})["last4"] == "1881"
    live.put_card("declines", payment_method_id="pm_broken", default=False)
    api.refused("POST", "topup", 402, json={"amount": 1000, "payment_method_id": "pm_broken"})
    message = api.refused("POST", "topup", 400, json={"amount": 1000, "payment_method_id": "pm_none"})
    assert "$.payment_method_id" in message
    live.remove_card()
    assert api.post("topup", {"amount": 1000, "payment_method_id": spare})["last4"] == "1881"


def test_the_next_invoice_has_a_line_a_model_without_prices(live: Sandbox, api: Caller) -> None:
    live.use(10, model="openai/gpt-5")
    live.use(model="openai/gpt-5", quantity=2, unit_amount="0.05")
    live.use(30, model="anthropic/claude")
    lines = api.get("invoice-preview")["invoice_lines"]
    assert [(line["description"], line["amount"]) for line in lines] == [("anthropic/claude", 30), ("openai/gpt-5", 20)]
    assert {line["pricing"]["unit_amount_decimal"] for line in lines} == {None}


def test_the_balance_can_lag(live: Sandbox, api: Caller) -> None:
    live.behave(balance_lags=60)
    api.post("topup", {"amount": 5000})
    live.advance(seconds=61)
    assert api.get("credit-balance")["balance"] == 2500
    assert live.balance() == 7500
    live.advance(seconds=1)
    assert api.get("credit-balance")["balance"] == 7500
    live.use(100)
    assert api.get("credit-balance")["balance"] == 7500
    assert live.balance() == 7400


def answer(sandbox: Sandbox, path: str, headers: dict[str, str]) -> tuple[int, Any]:
    with httpx.Client(transport=sandbox.transport(), headers=headers) as client:
        response = client.get(BASE_URL + path.format(account=sandbox.account_id))
        return response.status_code, response.json()


BALANCE = "/accounts/{account}/ai-gateway/billing/credit-balance"
MALFORMED = [
    {
        "code": 6003,
        "message": "Invalid request headers",
        "error_chain": [{"code": 6111, "message": "Invalid format for Authorization header"}],
    }
]


@pytest.mark.parametrize(
    "authorization", ["Bearer short", "Bearer with spaces in the token, long", "sandbox-token-that-may-write"]
)
def test_a_malformed_token_is_reported_in_the_error_chain(live: Sandbox, authorization: str) -> None:
    status, body = answer(live, BALANCE, {"authorization": authorization})
    assert (status, body["errors"]) == (400, MALFORMED)


def test_a_token_where_the_key_belongs_is_reported_in_the_error_chain(live: Sandbox) -> None:
    status, body = answer(live, BALANCE, {"x-auth-email": live.email, "x-auth-key": "Qp3-" * 10})
    assert (status, body["errors"][0]["code"]) == (400, 6003)
    assert body["errors"][0]["error_chain"] == [{"code": 6103, "message": "Invalid format for X-Auth-Key header"}]


def test_an_unknown_token_and_an_expired_one_differ(live: Sandbox) -> None:
    token = "was-a-token-until-yesterday"
    assert answer(live, BALANCE, {"authorization": f"Bearer {token}"})[0] == 401
    live.add_token(token, expired=True)
    status, body = answer(live, BALANCE, {"authorization": f"Bearer {token}"})
    assert (status, body["errors"]) == (403, [{"code": 9109, "message": "Invalid access token"}])
    live.behave(mode="documented")
    assert answer(live, BALANCE, {"authorization": f"Bearer {token}"})[0] == 401


def test_a_caller_without_credentials_or_with_an_unknown_token_is_not_reported_as_malformed(live: Sandbox) -> None:
    unknown = {"authorization": "Bearer a-token-that-nobody-knows"}
    for headers in ({}, unknown, unknown | {"x-auth-key": "Qp3-" * 10}):
        status, body = answer(live, BALANCE, headers)
        assert (status, body["errors"]) == (401, [{"code": 10000, "message": "Authentication error"}])


def test_what_a_caller_may_not_do_is_refused_in_the_words_of_the_service(live: Sandbox) -> None:
    refused = (403, [{"code": 10000, "message": "Authentication error"}])
    reader = {"authorization": f"Bearer {live.read_token}"}
    other = live.open_account()
    live.add_token("a-token-of-one-account-alone", account_id=other)
    status, body = answer(live, BALANCE, {"authorization": "Bearer a-token-of-one-account-alone"})
    assert (status, body["errors"]) == refused
    with httpx.Client(transport=live.transport(), headers=reader) as client:
        url = BASE_URL + f"/accounts/{live.account_id}/ai-gateway/billing/topup"
        response = client.post(url, json={"amount": 1000})
        assert (response.status_code, response.json()["errors"]) == refused
    nobodys = "0" * 32
    status, body = answer(live, BALANCE.replace("{account}", nobodys), reader)
    said = f"Could not route to /accounts/{nobodys}, perhaps your object identifier is invalid?"
    assert (status, body["errors"]) == (404, [{"code": 7003, "message": said}])


USER, ACCOUNT = "/user/tokens/verify", "/accounts/{account}/tokens/verify"


def test_a_token_is_verified_where_it_belongs(live: Sandbox) -> None:
    live.add_token("token-of-the-account-itself", owner="account", account_id=live.account_id)
    user, account = ({"authorization": f"Bearer {token}"} for token in (live.read_token, "token-of-the-account-itself"))
    for path, headers, status in (
        (USER, user, 200),
        (ACCOUNT, user, 401),
        (USER, account, 401),
        (ACCOUNT, account, 200),
    ):
        got, body = answer(live, path, headers)
        assert got == status, (path, body)
        if status == 200:
            assert body["result"]["status"] == "active"
            assert len(body["result"]["id"]) == 32
        else:
            assert body["errors"] == [{"code": 1000, "message": "Invalid API Token"}]
    live.add_token("a-token-that-has-expired", expired=True)
    assert answer(live, USER, {"authorization": "Bearer a-token-that-has-expired"})[1]["result"]["status"] == "expired"
    assert answer(live, USER, {"authorization": "Bearer short"})[1]["errors"] == MALFORMED
    assert answer(live, USER, {"x-auth-email": live.email, "x-auth-key": live.api_key})[0] == 401


def test_a_token_of_one_account_is_not_verified_by_another(live: Sandbox) -> None:
    live.add_token("token-of-another-account", owner="account", account_id=live.open_account())
    status, body = answer(live, ACCOUNT, {"authorization": "Bearer token-of-another-account"})
    assert (status, body["errors"]) == (401, [{"code": 1000, "message": "Invalid API Token"}])
