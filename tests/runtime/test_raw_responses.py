"""`with_raw_response` gives the answer whenever there is one, and `parse()` says what is wrong with it."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from aig_billing import APIError, APIResponseValidationError, ChargeOutcomeUnknown, NotFoundError, Response

from tests.runtime.fault_server import Exchange, FaultServer
from tests.runtime.operations import BALANCE, CHARGE, Way, refusal
from tests.runtime.ways import make, sync_async

NOT_PROMISED: dict[str, tuple[Any, bytes]] = {
    "HTML": (b"<html>maintenance</html>", b"<html>maintenance</html>"),
    "nothing": (b"", b""),
    "a null result": ({"success": True, "errors": [], "messages": [], "result": None}, b'"result": null'),
    "another type": ({"success": True, "errors": [], "messages": [], "result": {"balance": "lots"}}, b"lots"),
    "half of it": (b'{"success": true, "res', b'{"success": true, "res'),
}


@sync_async
@pytest.mark.parametrize("body", NOT_PROMISED)
def test_a_body_that_was_not_promised_is_there_to_be_read(way: Way, body: str) -> None:
    sent, part = NOT_PROMISED[body]
    with FaultServer(lambda exchange: exchange.answer(200, sent, [("cf-ray", "abc-FRA")])) as server:
        (response,) = make(way, server.url, [BALANCE], raw=True)
        assert isinstance(response, Response)
        assert (response.status_code, response.request_id) == (200, "abc-FRA")
        assert part in response.content
        for _ in range(2):
            with pytest.raises(APIResponseValidationError):
                response.parse()
        with pytest.raises(APIResponseValidationError):
            _ = response.parsed
        (error,) = make(way, server.url, [BALANCE])
        assert isinstance(error, APIResponseValidationError), "without raw it is an error as before"


@sync_async
def test_a_compressed_body_is_unpacked(way: Way) -> None:
    with FaultServer(
        lambda exchange: exchange.answer(200, gzip.compress(b"soon"), [("Content-Encoding", "gzip")])
    ) as server:
        (response,) = make(way, server.url, [BALANCE], raw=True)
        assert response.content == b"soon"


@sync_async
def test_a_charge_whose_answer_was_not_promised_is_unknown_when_it_is_parsed(way: Way) -> None:
    with FaultServer(lambda exchange: exchange.answer(200, b"<html>")) as server:
        (response,) = make(way, server.url, [CHARGE], raw=True)
        assert response.content == b"<html>"
        with pytest.raises(ChargeOutcomeUnknown):
            response.parse()
        assert server.count("POST", "/topup") == 1


@sync_async
def test_what_the_api_refuses_is_an_error_in_any_form(way: Way) -> None:
    def behave(exchange: Exchange) -> None:
        exchange.answer(404 if exchange.number == 0 else 200, refusal(7002, "gone"))

    with FaultServer(behave) as server:
        refused, refused_under_200 = make(way, server.url, [BALANCE, BALANCE], raw=True)
        assert isinstance(refused, NotFoundError)
        assert isinstance(refused_under_200, APIError)


@sync_async
def test_a_promised_body_is_parsed(way: Way) -> None:
    with FaultServer(lambda exchange: exchange.answer(200, BALANCE.answer)) as server:
        (response,) = make(way, server.url, [BALANCE], raw=True)
        assert response.parse() == response.parsed
        assert response.json() == BALANCE.answer
