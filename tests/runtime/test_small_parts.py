"""Parts that the document does not need today and the templates offer, and corners that no server reaches."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from aig_billing import APIConnectionError, APIResponseValidationError, AsyncClient, ChargeOutcomeUnknown, Client
from aig_billing.models import BillingCreditBalanceResponse

from aig_billing_runtime import schema, transports
from aig_billing_runtime.answers import Result
from aig_billing_runtime.async_connection_set import AsyncTransport
from aig_billing_runtime.base_client import BaseClient
from aig_billing_runtime.compression import unpack, unpack_prefix
from aig_billing_runtime.direct_transport import DirectTransport
from aig_billing_runtime.flow import call_flow
from aig_billing_runtime.masking import masked
from aig_billing_runtime.operation import Call, Operation, Success
from aig_billing_runtime.steps import Flow, Sleep
from tests.runtime import by_hand
from tests.runtime.fault_server import FaultServer
from tests.runtime.operations import ACCOUNT, BALANCE, CHARGE, TOKEN, Way
from tests.runtime.ways import make_one, sync_async


def test_a_secret_shows_only_whether_it_is_there() -> None:
    assert (masked(None), masked("secret")) == ("None", "'***'")


def test_an_operation_without_an_envelope_gives_its_body() -> None:
    bare: Operation[Any] = Operation(
        call="bare",
        method="GET",
        path="/bare",
        retry="safe",
        successes=(Success(str),),
    )
    assert by_hand.run(Call(bare), [by_hand.answer(200, "hello")]).value == "hello"
    error = by_hand.run(Call(bare), [by_hand.answer(200, 1)]).error
    assert isinstance(error, APIResponseValidationError)
    assert (error.place, error.expected, error.found) == ("$", "a string", "the number 1")


def test_what_two_checks_disagree_on_is_said() -> None:
    promised: Success[Any] = Success(str)
    promised.json_type.decode = lambda value: schema.MISMATCH
    odd: Operation[Any] = Operation(call="odd", method="GET", path="/odd", retry="safe", successes=(promised,))
    error = by_hand.run(Call(odd), [by_hand.answer(200, "hello")]).error
    assert isinstance(error, APIResponseValidationError)
    assert "please report this" in str(error)


def _twice(client: Client | AsyncClient) -> Flow[tuple[Any, Any]]:
    first = yield from call_flow(by_hand.call_of(BALANCE), client.caller)
    yield Sleep(0.0)
    second = yield from call_flow(by_hand.call_of(BALANCE), client.caller)
    return first.value, second.value


def test_both_clients_run_the_same_flow() -> None:
    with FaultServer(lambda exchange: exchange.answer(200, BALANCE.answer)) as server:
        with Client(api_token=TOKEN, account_id=ACCOUNT, base_url=server.url) as client:
            one, two = client.run(_twice(client))
            assert one == two

        async def main() -> None:
            async with AsyncClient(api_token=TOKEN, account_id=ACCOUNT, base_url=server.url) as client:
                assert await client.run(_twice(client)) == (one, two)

        asyncio.run(main())


def test_what_is_common_to_both_clients_sends_nothing() -> None:
    with pytest.raises(NotImplementedError):
        BaseClient(api_token=TOKEN)


def test_values_that_stand_in_tracebacks_show_nothing() -> None:
    assert repr(Result("secret")) == "<Result>"
    assert repr(by_hand.answer(200, b"secret")) == "<RawResponse 200, 6 bytes>"
    flow: Any = call_flow(by_hand.call_of(BALANCE), by_hand.client().caller)
    next(flow)
    with pytest.raises(StopIteration) as end:
        flow.send(by_hand.answer(200, BALANCE.answer))
    assert repr(end.value.value).startswith("<Done: <RawResponse 200, ")
    builder: Any = by_hand.client().caller.build
    prepared = builder.__self__._prepare(by_hand.call_of(BALANCE))
    assert TOKEN not in repr(prepared)
    assert repr(prepared.headers).startswith("<headers: host, accept, ")
    assert repr(by_hand.client()._transports) == "<Transports>"


class Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that ends with an error of the system, as sockets have them."""

    def __iter__(self) -> Iterator[bytes]:
        yield json.dumps(CHARGE.answer).encode()[:-20]
        raise ConnectionAbortedError("gone")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part


@sync_async
def test_an_error_of_the_system_from_the_default_transport_is_a_broken_connection(
    way: Way, monkeypatch: pytest.MonkeyPatch, without_backoff: None
) -> None:
    """Httpx lets some through as they are; from a user's own transport they would be the user's."""

    def refuse(*given: object) -> httpx.Response:
        raise ConnectionAbortedError("gone")

    def begin(*given: object) -> httpx.Response:
        return httpx.Response(200, stream=Broken())

    async def refuse_later(*given: object) -> httpx.Response:
        return refuse()

    async def begin_later(*given: object) -> httpx.Response:
        return begin()

    for at_once, later in ((refuse, refuse_later), (begin, begin_later)):
        monkeypatch.setattr(DirectTransport, "handle_request", at_once)
        monkeypatch.setattr(AsyncTransport, "handle_async_request", later)
        came = make_one(way, None, BALANCE)
        assert type(came) is APIConnectionError
        assert (came.attempts, came.never_left) == (3, False)
        assert "NetworkError: gone" in str(came)
        assert isinstance(make_one(way, None, CHARGE), ChargeOutcomeUnknown)


def test_what_cannot_be_unpacked_is_not_kept() -> None:
    whole = gzip.compress(json.dumps(CHARGE.answer).encode() * 200)
    reported = {"content-encoding": "gzip"}
    assert unpack_prefix(whole[:-20], reported, 100_000).startswith(b'{"errors"')
    spoiled = whole[:100] + b"\xff" * 100 + whole[200:]
    assert unpack_prefix(spoiled, reported, 100_000)[:9] in {b"", b'{"errors"'}
    assert unpack_prefix(b"\x1f\x8bxxxxx", reported, 100) == b""
    assert unpack_prefix(whole, reported, 50)[:9] == b'{"errors"'
    assert unpack_prefix(whole, {"content-encoding": "br"}, 100) == b""
    # A body of no bytes is what it is, in any compression.
    assert unpack(b"", reported, 100) == b""
    assert unpack_prefix(whole, {"content-encoding": "gzip, gzip"}, 100) == b""
    assert unpack_prefix(b"<html>", reported, 100) == b"<html>"
    assert unpack_prefix(b"x", {}, 100) == b"x"


def test_a_fork_makes_every_living_client_forget_its_sockets() -> None:
    """What the operating system calls in the child."""
    ours = by_hand.client()
    before = ours._transports.pooled()
    transports._after_fork()
    assert ours._transports.pooled() is not before
    assert before in transports._left_alone
    transports._left_alone.remove(before)
    before.close()


@pytest.mark.parametrize("levels", [99, 100, 101, 102])
def test_a_model_names_the_field_that_is_nested_too_deeply(levels: int) -> None:
    """At exactly the limit too, where the decoder and the search for the place must count alike."""
    result = {**BALANCE.answer["result"], "extra": json.loads("[" * levels + "]" * levels)}
    if levels <= 100:
        assert BillingCreditBalanceResponse.from_dict(result).additional_properties["extra"] == result["extra"]
    else:
        with pytest.raises(ValueError, match=r"\$\.extra should be JSON with finite numbers and at most 100 levels"):
            BillingCreditBalanceResponse.from_dict(result)
