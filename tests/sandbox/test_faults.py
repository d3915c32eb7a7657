"""Faults: what strikes whom, what is done all the same, and that a caller without a socket sees what one with a socket sees."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from aig_billing_sandbox import Fault, Sandbox
from aig_billing_sandbox.http.faults import FaultTerms
from tests.sandbox.caller import BASE_URL, Caller, without_socket

TOPUP = {"amount": 5000}


def is_charged(sandbox: Sandbox) -> bool:
    sandbox.advance(seconds=2)
    return sandbox.balance() == 7500


# How a client may reach the sandbox: each gives a function that sends POST /topup and returns status and body.
Send = Callable[[float], tuple[int, bytes]]


@contextmanager
def over_a_socket(sandbox: Sandbox) -> Iterator[Send]:
    with httpx.Client() as client:
        yield _sender(client, sandbox, sandbox.base_url)


@contextmanager
def without(sandbox: Sandbox) -> Iterator[Send]:
    with httpx.Client(transport=sandbox.transport()) as client:
        yield _sender(client, sandbox, BASE_URL)


def _sender(client: httpx.Client, sandbox: Sandbox, base_url: str) -> Send:
    def send(timeout: float) -> tuple[int, bytes]:
        api = Caller(client, base_url, sandbox.account_id, sandbox.token)
        response = api.send("POST", "topup", json=TOPUP, timeout=timeout)
        return response.status_code, response.content

    return send


@contextmanager
def asynchronously(sandbox: Sandbox) -> Iterator[Send]:
    yield _async_sender(sandbox, lambda: httpx.AsyncClient(), sandbox.base_url)  # noqa: PLW0108 - each call its own


@contextmanager
def asynchronously_without(sandbox: Sandbox) -> Iterator[Send]:
    yield _async_sender(sandbox, lambda: httpx.AsyncClient(transport=sandbox.transport()), BASE_URL)


def _async_sender(sandbox: Sandbox, make_client: Callable[[], httpx.AsyncClient], base_url: str) -> Send:
    async def request(patience: float) -> tuple[int, bytes]:
        async with make_client() as client:
            response = await client.post(
                f"{base_url}/accounts/{sandbox.account_id}/ai-gateway/billing/topup",
                json=TOPUP,
                headers={"authorization": f"Bearer {sandbox.token}"},
                timeout=patience,
            )
            return response.status_code, response.content

    return lambda timeout: asyncio.run(request(timeout))


WAYS = [over_a_socket, without, asynchronously, asynchronously_without]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("terms", "error", "message", "charged"),
    [
        ({"drop": "before"}, httpx.RemoteProtocolError, "without sending a response", False),
        ({"drop": "after"}, httpx.RemoteProtocolError, "without sending a response", True),
        ({"drop": "before", "reset": True}, httpx.ReadError, "", False),
        ({"drop": "after", "reset": True}, httpx.ReadError, "", True),
        ({"cut_off_after": 0}, httpx.RemoteProtocolError, "incomplete message body|complete message body", True),
        ({"cut_off_after": 20}, httpx.RemoteProtocolError, r"received 20 bytes, expected \d+", True),
        ({"delay_before": 0.4}, httpx.ReadTimeout, "", True),
        ({"delay_after": 0.4}, httpx.ReadTimeout, "", True),
        ({"delay_before": 0.4, "drop": "before"}, httpx.ReadTimeout, "", False),
        ({"delay_before": 0.4, "drop": "before", "reset": True}, httpx.ReadTimeout, "", False),
        ({"trickle": 0.4}, httpx.ReadTimeout, "", True),
    ],
)
def test_a_broken_network_gives_the_same_error_with_and_without_a_socket(  # noqa: PLR0917 - a row of the table
    sandbox: Sandbox,
    way: Any,
    terms: Any,
    error: type[Exception],
    message: str,
    charged: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sandbox.fault("topup.create", **terms)
    with way(sandbox) as send:
        with pytest.raises(error, match=message or None) as raised:
            send(0.2)
        assert type(raised.value) is error
        # A server works on when its caller has gone.
        deadline = time.monotonic() + 60
        while sandbox.charges()[0].delivery == "unanswered" and time.monotonic() < deadline:
            time.sleep(0.02)
        assert is_charged(sandbox) is charged
        assert [charge.outcome for charge in sandbox.charges()] == ["accepted" if charged else "prevented"]
        # The fault is over, and nothing went wrong but what was asked for.
        assert send(60)[0] == 200
        assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("terms", "status", "body"),
    [
        ({"status": 502, "body": "<html>Bad gateway</html>"}, 502, b"<html>Bad gateway</html>"),
        ({"status": 200, "body": ""}, 200, b""),
        ({"status": 200, "body": [1, {"a": None}]}, 200, b'[1,{"a":null}]'),
        ({"status": 200, "body": b"\xff\xfe"}, 200, b"\xff\xfe"),
        ({"status": 204}, 204, b""),
        ({"status": 302, "headers": {"Location": "http://127.0.0.1:1/"}}, 302, None),
        ({"status": 418, "body": "teapot", "headers": {"Content-Type": "text/plain"}}, 418, b"teapot"),
        ({"status": 200, "body": "slow", "trickle": 0.01}, 200, b"slow"),
        ({"delay_before": 0.05, "delay_after": 0.05}, 200, None),
    ],
)
def test_an_answer_on_order_arrives_as_ordered(
    sandbox: Sandbox, way: Any, terms: Any, status: int, body: bytes | None
) -> None:
    sandbox.fault("topup.create", **terms)
    with way(sandbox) as send:
        begun = time.monotonic()
        got, content = send(60)
        assert got == status
        assert body is None or content == body
        if terms.get("delay_before"):
            assert time.monotonic() - begun >= 0.1
        assert is_charged(sandbox) is ("status" not in terms)


def test_an_answer_on_order_may_hide_work_that_was_done(sandbox: Sandbox, api: Caller) -> None:
    sandbox.fault("topup.create", status=500, work=True)
    assert "A fault that was asked for" in api.refused("POST", "topup", 500, json=TOPUP)
    assert is_charged(sandbox)


def test_a_fault_strikes_as_often_as_was_ordered_and_skips_what_it_should(sandbox: Sandbox, api: Caller) -> None:
    sandbox.fault("credit_balance", status=503, times=2, skip=1)
    statuses = [api.send("GET", "credit-balance").status_code for _ in range(5)]
    assert statuses == [200, 503, 503, 200, 200]


def test_a_fault_strikes_only_its_operation(sandbox: Sandbox, api: Caller) -> None:
    sandbox.fault("topup.config.get", status=503)
    assert api.send("GET", "topup/limits").status_code == 200
    assert api.send("DELETE", "topup/config").status_code == 200
    assert api.send("GET", "topup/config").status_code == 503


def test_a_fault_for_any_operation_strikes_until_it_is_cleared(sandbox: Sandbox, api: Caller) -> None:
    sandbox.fault(status=503, times=None)
    assert {api.send("GET", path).status_code for path in ("topup/limits", "spending-limit", "nowhere")} == {503}
    sandbox.clear_faults()
    assert api.send("GET", "topup/limits").status_code == 200


def test_faults_for_one_operation_strike_one_after_the_other(sandbox: Sandbox, api: Caller) -> None:
    for status in (500, 429, 403):
        sandbox.fault("invoice_history", status=status)
    assert [api.send("GET", "invoice-history").status_code for _ in range(4)] == [500, 429, 403, 200]


def test_the_log_of_charges_tells_how_each_was_delivered(sandbox: Sandbox) -> None:
    api = without_socket(sandbox)
    ordered: list[FaultTerms] = [{"drop": "before"}, {"drop": "after"}, {"cut_off_after": 3}]
    for terms in ordered:
        sandbox.fault("topup.create", **terms)
        with pytest.raises(httpx.TransportError):
            api.send("POST", "topup", json=TOPUP)
    log = [(charge.outcome, charge.delivery, charge.status) for charge in sandbox.charges()]
    assert log == [("prevented", "dropped", None), ("accepted", "dropped", None), ("accepted", "cut off", 200)]


def test_other_calls_go_on_while_one_is_delayed(sandbox: Sandbox) -> None:
    sandbox.fault("topup.create", delay_before=60)

    async def both() -> None:
        url = f"{sandbox.base_url}/accounts/{sandbox.account_id}/ai-gateway/billing/"
        async with httpx.AsyncClient(headers={"authorization": f"Bearer {sandbox.token}"}, timeout=50) as client:
            slow = asyncio.create_task(client.post(url + "topup", json=TOPUP))
            await asyncio.to_thread(arrival)
            assert (await client.get(url + "topup/limits")).status_code == 200
            assert not slow.done()
            slow.cancel()
            await asyncio.gather(slow, return_exceptions=True)

    def arrival() -> None:
        end = time.monotonic() + 60
        while not sandbox.requests():
            assert time.monotonic() < end
            time.sleep(0.01)

    asyncio.run(both())


@pytest.mark.parametrize(
    ("terms", "complaint"),
    [
        ({"times": 0}, "times"),
        ({"skip": -1}, "skip"),
        ({"delay_before": -1}, "seconds"),
        ({"delay_after": -1}, "seconds"),
        ({"trickle": -1}, "seconds"),
        ({"status": 42}, "between 200 and 599"),
        ({"body": "x"}, "give a status"),
        ({"headers": {"X": "a"}}, "give a status"),
        ({"work": True}, "give a status"),
        ({"drop": "before", "status": 500}, "no answer"),
        ({"drop": "sometimes"}, "before or after"),
        ({"cut_off_after": -1}, "0 or more"),
        ({"status": 200, "headers": {"Content-Length": "9"}}, "cut_off_after"),
        ({"status": 200, "headers": {"X": "a\r\nb"}}, "printable"),
    ],
)
def test_a_fault_that_cannot_be_is_refused(terms: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Fault(**terms)


def test_an_unknown_operation_is_refused_with_those_there_are(sandbox: Sandbox) -> None:
    with pytest.raises(
        ValueError, match=r"no operation 'topup'; the operations are .*, credit_balance, .*topup\.create"
    ):
        sandbox.fault("topup", status=500)


def test_what_is_no_http_is_refused_in_the_envelope(sandbox: Sandbox) -> None:
    url = httpx.URL(sandbox.base_url)
    with socket.create_connection((url.host, url.port or 0), timeout=60) as connection:
        connection.sendall(b"NONSENSE\r\n\r\n")
        answer = b""
        while part := connection.recv(4096):
            answer += part
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"success":false' in answer
