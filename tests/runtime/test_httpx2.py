"""Transports of httpx2, the real package: what is sent and read is the same, and so is what its errors mean for a charge."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from aig_billing import AsyncClient, ChargeOutcomeUnknown, Client

from tests.runtime.fault_server import Exchange, FaultServer, whole_answer
from tests.runtime.operations import ACCOUNT, BALANCE, CHARGE, TOKEN, Way, refusal
from tests.runtime.ways import make, make_one, sync_async


def transport(way: Way) -> Any:
    return httpx2.HTTPTransport() if way == "sync" else httpx2.AsyncHTTPTransport()


@sync_async
def test_calls_go_through_it_on_one_connection(way: Way) -> None:
    def behave(exchange: Exchange) -> None:
        exchange.answer(200, CHARGE.answer if exchange.request.method == "POST" else BALANCE.answer)

    with FaultServer(behave) as server:
        balance, charge = make(way, server.url, [BALANCE, CHARGE], transport=transport(way))
        assert balance.balance == BALANCE.answer["result"]["balance"]
        assert charge.payment_intent_id == CHARGE.answer["result"]["payment_intent_id"]
        assert server.connections == 1
        get, post = server.received
        assert get.headers["authorization"] == f"Bearer {TOKEN}"
        assert (post.body, post.headers["content-length"]) == (b'{"amount":5000}', "15")


@sync_async
def test_bytes_behind_an_answer_are_not_the_next_answer(way: Way) -> None:
    def behave(exchange: Exchange) -> None:
        exchange.send(whole_answer(200, BALANCE.answer) + whole_answer(200, {"forged": True}))

    with FaultServer(behave) as server:
        results = make(way, server.url, [BALANCE] * 2, transport=transport(way), max_retries=0)
        assert [result.balance for result in results] == [BALANCE.answer["result"]["balance"]] * 2


@sync_async
def test_a_charge_whose_answer_is_lost_is_sent_once(way: Way) -> None:
    with FaultServer(lambda exchange: exchange.drop()) as server:
        error = make_one(way, server.url, CHARGE, transport=transport(way))
        assert isinstance(error, ChargeOutcomeUnknown)
        assert server.count("POST", "/topup") == 1


@sync_async
def test_a_charge_that_found_no_connection_was_not_made(way: Way, without_backoff: None) -> None:
    error = make_one(way, "http://127.0.0.1:1", CHARGE, transport=transport(way))
    assert error.never_left
    assert error.attempts == 3


@sync_async
def test_refusals_are_read(way: Way) -> None:
    with FaultServer(lambda exchange: exchange.answer(404, refusal(7002, "gone"))) as server:
        assert "gone" in str(make_one(way, server.url, BALANCE, transport=transport(way)))


@pytest.mark.parametrize(("kind", "wrong"), [(Client, httpx2.AsyncHTTPTransport), (AsyncClient, httpx2.HTTPTransport)])
def test_a_transport_of_the_other_kind_is_refused(kind: Any, wrong: Any) -> None:
    with pytest.raises(TypeError, match="transport must be an httpx"):
        kind(api_token=TOKEN, account_id=ACCOUNT, transport=wrong())
