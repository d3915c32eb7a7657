"""Requests: authentication, permissions, what is refused and how, and the headers that every answer has."""

import re
import socket
import tracemalloc
from typing import Any

import httpx
import pytest

from aig_billing_sandbox import Sandbox
from tests.sandbox.caller import BASE_URL, Caller, without_socket

READS = [
    "credit-balance",
    "usage-history?value_grouping_window=day",
    "invoice-history",
    "invoice-preview",
    "topup/limits",
    "topup/config",
    "spending-limit",
]
WRITES: list[tuple[str, str, Any]] = [
    ("POST", "topup", {"amount": 5000}),
    ("POST", "topup/status", {"payment_intent_id": "in_1"}),
    ("POST", "topup/config", {"amount": 5000, "threshold": 500}),
    ("DELETE", "topup/config", None),
    ("POST", "spending-limit", {"amount": 5000, "duration": "daily", "strategy": "fixed"}),
    ("DELETE", "spending-limit", None),
]


def test_email_and_key_open_the_door_as_a_token_does(sandbox: Sandbox) -> None:
    headers = {"X-Auth-Email": sandbox.email, "X-Auth-Key": sandbox.api_key}
    url = f"{BASE_URL}/accounts/{sandbox.account_id}/ai-gateway/billing/credit-balance"
    with httpx.Client(transport=sandbox.transport(), headers=headers) as client:
        assert client.get(url).status_code == 200
        assert client.get(url, headers={"X-Auth-Email": "else@example.com"}).status_code == 401
        assert client.get(url, headers={"X-Auth-Key": sandbox.token}).status_code == 401
    with httpx.Client(transport=sandbox.transport(), headers={"X-Auth-Key": sandbox.api_key}) as client:
        assert client.get(url).status_code == 401


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "Bearer  "])
def test_the_scheme_of_a_token_is_read_in_any_case_and_before_any_spaces(
    sandbox: Sandbox, api: Caller, scheme: str
) -> None:
    response = api.send("GET", "credit-balance", headers={"authorization": scheme + sandbox.token})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        *("", "Bearer", "Bearer ", "Bearer wrong", "Basic c2FuZGJveA=="),
        *("Basic sandbox-token-that-may-write", "sandbox-token-that-may-write"),
    ],
)
def test_who_is_not_known_is_refused_with_code_10000(api: Caller, authorization: str) -> None:
    response = api.send("GET", "credit-balance", headers={"authorization": authorization})
    assert response.status_code == 401
    assert response.json() == {
        "success": False,
        "errors": [{"code": 10000, "message": "Authentication error"}],
        "messages": [],
        "result": None,
    }


@pytest.mark.parametrize("path", READS)
def test_a_read_only_token_reads(sandbox: Sandbox, path: str) -> None:
    without_socket(sandbox, token=sandbox.read_token).get(path)


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_a_read_only_token_may_not_post_or_delete(sandbox: Sandbox, method: str, path: str, body: Any) -> None:
    before = sandbox.state()
    reader = without_socket(sandbox, token=sandbox.read_token)
    assert reader.refused(method, path, 403, json=body).startswith("10000 ")
    after = sandbox.state()
    assert {**after, "charges": before["charges"]} == before


def test_a_token_of_another_account_is_refused(sandbox: Sandbox) -> None:
    theirs = sandbox.open_account()
    sandbox.add_token("theirs", account_id=theirs)
    without_socket(sandbox, token="theirs", account_id=theirs).get("credit-balance")
    without_socket(sandbox, token="theirs").refused("GET", "credit-balance", 403)


@pytest.mark.parametrize("account_id", ["0" * 32, "nonsense", "..", "%2e%2e", "%00", "a" * 300])
def test_an_unknown_account_is_not_found(sandbox: Sandbox, account_id: str) -> None:
    without_socket(sandbox, account_id=account_id).refused("GET", "credit-balance", 404)


@pytest.mark.parametrize("path", ["", "credit-balances", "credit-balance/", "topup/status/more", "Topup"])
def test_an_unknown_route_is_refused_in_the_envelope(api: Caller, path: str) -> None:
    assert api.refused("GET", path, 404).startswith("7000 ")


@pytest.mark.parametrize("path", ["/nothing", "/client/v4", "/client/v4/", "/_sandbox/none"])
def test_so_is_everything_else_on_the_socket(sandbox: Sandbox, path: str) -> None:
    response = httpx.get(str(httpx.URL(sandbox.base_url).join(path)))
    assert response.status_code == 404
    assert response.json()["errors"][0]["code"] == 7000


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("PUT", "topup", "POST"), ("POST", "credit-balance", "GET"), ("PATCH", "topup/config", "DELETE, GET, POST")],
)
def test_a_wrong_method_is_refused_with_those_that_are_allowed(
    api: Caller, method: str, path: str, allowed: str
) -> None:
    response = api.send(method, path)
    assert (response.status_code, response.headers["allow"]) == (405, allowed)
    assert response.json()["success"] is False


def test_a_body_that_is_missing_is_asked_for(sandbox: Sandbox, api: Caller) -> None:
    assert "$: a body is required" in api.refused("POST", "topup", 400)


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
def test_a_body_that_is_not_declared_as_json_is_refused(api: Caller, media_type: str) -> None:
    response = api.send("POST", "topup", json={"amount": 5000}, headers={"content-type": media_type})
    assert response.status_code == 415


def test_a_declared_charset_does_no_harm(api: Caller) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert api.send("POST", "topup", json={"amount": 5000}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"amount": 999}, "$.amount: 999 is less than the minimum of 1000"),
        ({"amount": "5000"}, "$.amount: '5000' is not of type 'integer'"),
        ({"amount": True}, "$.amount: True is not of type 'integer'"),
        ({"amount": 5000.5}, "$.amount: 5000.5 is not of type 'integer'"),
        ({"amount": None}, "$.amount: None is not of type 'integer'"),
        ({}, "$: 'amount' is a required property"),
        ({"amount": 5000, "currency": "eur"}, "$: Additional properties are not allowed"),
        ([], "$: [] is not of type 'object'"),
        (5000, "$: 5000 is not of type 'object'"),
    ],
)
def test_a_refused_body_is_answered_with_the_path_of_what_was_wrong(api: Caller, body: Any, complaint: str) -> None:
    assert complaint in api.refused("POST", "topup", 400, json=body)


def test_everything_that_is_wrong_is_reported_at_once(api: Caller) -> None:
    message = api.refused("POST", "spending-limit", 400, json={"amount": 1, "duration": "yearly", "strategy": 3})
    assert all(path in message for path in ("$.amount", "$.duration", "$.strategy"))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"{", "$: the body is not JSON: Expecting property name"),
        (b" ", "$: the body is not JSON: Expecting value"),
        (b"amount=5000", "$: the body is not JSON: Expecting value"),
        (b'{"amount": NaN}', "$: the body is not JSON: NaN is not a JSON number"),
        (b'{"amount": -Infinity}', "$: the body is not JSON: -Infinity is not a JSON number"),
        (b'{"amount": 1e999}', "$.amount: inf is not of type 'integer'"),
        (b'{"amount": ' + b"9" * 5000 + b"}", "$: the body is not JSON: Exceeds the limit"),
        (b"[" * 60_000, "$: the body is not JSON: it is nested too deeply"),
        (b'{"amount": 5000}\xff', "$: the body is not JSON: its text is not valid Unicode"),
        (b'{"amount": "\\ud800"}', "$: the body is not JSON: its text is not valid Unicode"),
        (b'{"\\ud800": 1}', "$: the body is not JSON: its text is not valid Unicode"),
    ],
)
def test_a_body_that_is_not_json_is_refused(sandbox: Sandbox, content: bytes, complaint: str) -> None:
    url = f"{BASE_URL}/accounts/{sandbox.account_id}/ai-gateway/billing/topup"
    headers = {"authorization": f"Bearer {sandbox.token}", "content-type": "application/json"}
    with httpx.Client(transport=sandbox.transport()) as client:
        response = client.post(url, content=content, headers=headers)
    assert response.status_code == 400, response.text
    assert response.json()["errors"][0]["message"].startswith(complaint)
    assert {charge.outcome for charge in sandbox.charges()} == {"refused"}


@pytest.mark.parametrize("amount", [10**18, 10**30, 10**400, 1e300])
def test_a_number_too_large_for_the_books_is_refused(api: Caller, amount: float) -> None:
    for path, body in (
        ("topup", {"amount": amount}),
        ("topup/config", {"amount": amount, "threshold": 500}),
        ("topup/config", {"amount": 5000, "threshold": amount}),
        ("spending-limit", {"amount": amount, "duration": "daily", "strategy": "fixed"}),
    ):
        assert "more than the maximum" in api.refused("POST", path, 400, json=body)


def test_a_body_that_is_too_long_is_refused(api: Caller) -> None:
    api.refused("POST", "topup/status", 413, json={"payment_intent_id": "x" * 70_000})


def test_who_is_not_known_is_refused_before_a_body_is_read(sandbox: Sandbox) -> None:
    url = httpx.URL(sandbox.base_url)
    with socket.create_connection((url.host, url.port or 0), timeout=60) as connection:
        # A body of 300 MB is announced, and nothing of it is sent.
        connection.sendall(
            f"POST {url.path}/accounts/{sandbox.account_id}/ai-gateway/billing/topup HTTP/1.1\r\nHost: {url.host}\r\n"
            "Authorization: Bearer of-a-stranger\r\nContent-Type: application/json\r\nContent-Length: 300000000\r\n\r\n".encode()
        )
        assert connection.recv(20).startswith(b"HTTP/1.1 401 ")
    assert [(charge.outcome, charge.amount_cents) for charge in sandbox.charges()] == [("refused", None)]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_is_read_no_further_than_it_may_be_long(sandbox: Sandbox, chunked: bool) -> None:
    megabytes = 64
    tracemalloc.start()
    try:
        with httpx.Client(timeout=60) as client:
            url = f"{sandbox.base_url}/accounts/{sandbox.account_id}/ai-gateway/billing/topup"
            headers = {"authorization": f"Bearer {sandbox.token}", "content-type": "application/json"}
            if not chunked:
                headers["content-length"] = str(megabytes * 2**20)
            piece = b" " * 2**16
            tracemalloc.reset_peak()
            response = client.post(url, content=(piece for _ in range(megabytes * 16)), headers=headers)
            assert response.status_code == 413
        assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    finally:
        tracemalloc.stop()
    assert [charge.outcome for charge in sandbox.charges()] == ["refused"]


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("", "value_grouping_window: is required"),
        ("value_grouping_window=week", "value_grouping_window: 'week' is not one of ['day', 'hour']"),
        ("value_grouping_window=day&value_grouping_window=hour", "value_grouping_window: is given 2 times"),
        ("value_grouping_window=day&start_time=yesterday", "start_time: 'yesterday' is not of type 'number', 'null'"),
        ("value_grouping_window=day&end_time=nan", "end_time: 'nan' is not of type"),
        ("value_grouping_window=day&start_time=2&end_time=1", "start_time: is after end_time"),
    ],
)
def test_a_refused_query_is_answered_with_the_name_of_the_parameter(api: Caller, query: str, complaint: str) -> None:
    assert complaint in api.refused("GET", f"usage-history?{query}", 400)


def test_every_answer_has_a_ray_and_the_rate_limit(api: Caller) -> None:
    rays = set()
    for path, status in (("credit-balance", 200), ("nothing", 404), ("invoice-history?type=x", 400)):
        response = api.send("GET", path)
        assert response.status_code == status
        assert re.fullmatch(r"[0-9a-f]{16}-SBX", response.headers["cf-ray"])
        rays.add(response.headers["cf-ray"])
        assert re.fullmatch(r'"default";r=\d+;t=\d+', response.headers["ratelimit"])
        assert response.headers["ratelimit-policy"] == '"burst";q=1200;w=300'
    assert len(rays) == 3


def test_without_a_rate_limit_nothing_is_refused_and_something_is_always_left(api: Caller) -> None:
    for _ in range(1300):
        assert api.send("GET", "topup/limits").status_code == 200
    response = api.send("GET", "topup/limits")
    assert response.headers["ratelimit"].startswith('"default";r=1;')


def test_past_the_rate_limit_everything_is_refused_until_the_window_ends(sandbox: Sandbox, api: Caller) -> None:
    sandbox.limit_rate("3/60")
    left = [api.send("GET", "credit-balance").headers["ratelimit"] for _ in range(3)]
    assert left == [f'"default";r={number};t=60' for number in (2, 1, 0)]
    sandbox.advance(seconds=20.5)
    response = api.send("POST", "topup", json={"amount": 5000})
    assert (response.status_code, response.headers["retry-after"]) == (429, "40")
    assert sandbox.charges()[0].outcome == "refused"
    # Others have their own allowance.
    without_socket(sandbox, token=sandbox.read_token).get("credit-balance")

    sandbox.advance(seconds=39.499)
    api.refused("GET", "credit-balance", 429)
    sandbox.advance(seconds=0.001)
    api.get("credit-balance")


@pytest.mark.parametrize("limit", ["", "100", "100/", "/60", "0/60", "100/0", "-1/60", "1.5/60", "100/60/2"])
def test_a_rate_limit_that_cannot_be_is_refused(limit: str) -> None:
    with pytest.raises(ValueError, match="QUOTA/SECONDS"):
        Sandbox(rate_limit=limit)
