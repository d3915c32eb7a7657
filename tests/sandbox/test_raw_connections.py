"""What no HTTP client sends, and what no client should: bytes straight to the socket, half requests, and many connections."""

import contextlib
import socket
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aig_billing_sandbox import Sandbox
from tests.sandbox.caller import Caller

BODY = b'{"amount":5000}'


@contextlib.contextmanager
def connected(sandbox: Sandbox) -> Iterator[socket.socket]:
    url = httpx.URL(sandbox.base_url)
    with socket.create_connection((url.host, url.port or 0), timeout=20) as connection:
        yield connection


def answer_to(sandbox: Sandbox, sent: bytes) -> bytes:
    """Send bytes and no more; give what comes until the server closes the connection."""
    received = b""
    with connected(sandbox) as connection, contextlib.suppress(ConnectionError):
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(65_536):
            received += part
    return received


def topup(sandbox: Sandbox, *headers: str, body: bytes = BODY) -> bytes:
    lines = [
        f"POST /client/v4/accounts/{sandbox.account_id}/ai-gateway/billing/topup HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {sandbox.token}",
        "Content-Type: application/json",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


CHUNKED = b"f\r\n" + BODY + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (("Content-Length: 15", "Transfer-Encoding: chunked"), CHUNKED),
        (("Content-Length: 15", "Content-Length: 16"), BODY),
        (("Content-Length: -1",), BODY),
        (("Content-Length: +15",), BODY),
        (("Content-Length : 15",), BODY),
        (("Transfer-Encoding: xchunked",), CHUNKED),
        (("Transfer-Encoding: chunked, identity",), CHUNKED),
        (("Transfer-Encoding: chunked",), b"zz\r\n" + BODY + b"\r\n0\r\n\r\n"),
        (("Transfer-Encoding: chunked",), b"1\r\n" + BODY + b"\r\n0\r\n\r\n"),
        (("Host: elsewhere", "Content-Length: 15"), BODY),
    ],
)
def test_a_body_whose_length_is_in_doubt_is_refused(sandbox: Sandbox, headers: tuple[str, ...], body: bytes) -> None:
    received = answer_to(sandbox, topup(sandbox, *headers, body=body))
    assert received.startswith(b"HTTP/1.1 400 "), received
    assert received.count(b"HTTP/1.1 ") == 1, "what followed was read as another request"
    assert b'"code":7001' in received
    assert sandbox.charges() == []


def test_a_body_of_a_get_is_not_read_as_the_next_request(sandbox: Sandbox) -> None:
    hidden = topup(sandbox, "Content-Length: 15")
    outer = f"GET /docs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(hidden)}\r\n\r\n".encode()
    assert answer_to(sandbox, outer + hidden).count(b"HTTP/1.1 ") == 1
    assert sandbox.charges() == []


def test_of_two_credentials_neither_is_chosen(sandbox: Sandbox) -> None:
    received = answer_to(sandbox, topup(sandbox, "Authorization: Bearer of-somebody-else", "Content-Length: 15"))
    assert received.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 401 ")), received
    assert [charge.outcome for charge in sandbox.charges()] == ["refused"]


def test_half_a_body_charges_nothing(sandbox: Sandbox) -> None:
    assert answer_to(sandbox, topup(sandbox, "Content-Length: 15", body=BODY[:5])) == b""
    assert sandbox.charges() == []


@pytest.mark.slow
@given(
    st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(lambda end: b"GET /client/v4/ HTTP/1.1\r\n" + end))
)
@settings(max_examples=100, deadline=None)
def test_bytes_of_any_kind_are_answered_or_dropped(listening: Sandbox, sent: bytes) -> None:
    received = answer_to(listening, sent)
    assert not received or received.startswith(b"HTTP/1."), received
    assert b" 500 " not in received.partition(b"\r\n")[0]
    assert httpx.get(listening.control_url).status_code == 200


@pytest.fixture(scope="module")
def listening() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def test_connections_that_send_nothing_or_little_keep_nobody_waiting(sandbox: Sandbox, api: Caller) -> None:
    with contextlib.ExitStack() as open_ones:
        for index in range(300):
            connection = open_ones.enter_context(connected(sandbox))
            connection.sendall(topup(sandbox, "Content-Length: 15", body=b"")[: index % 250])
        with httpx.Client(timeout=20) as client:
            assert client.get(sandbox.control_url).status_code == 200
    assert sandbox.charges() == []


def test_ids_never_repeat_even_after_a_restore(sandbox: Sandbox, api: Caller) -> None:
    before = sandbox.snapshot()
    first = api.post("topup", {"amount": 5000})["payment_intent_id"]
    sandbox.restore(before)
    assert api.post("topup", {"amount": 5000})["payment_intent_id"] != first


def test_rules_that_are_added_within_one_moment_have_different_ids(sandbox: Sandbox) -> None:
    sandbox.hold_clock()
    with sandbox.client() as client:
        limits = client.ai_gateway.spend_limits
        for limit in (100, 200):
            limits.add(limit=limit, window="day", confirm_after=0)
        limits.remove(rule=limits.get().rules[0], confirm_after=0)
        rules = limits.add(limit=300, window="day", confirm_after=0).rules
    assert len({rule.id for rule in rules}) == 2
