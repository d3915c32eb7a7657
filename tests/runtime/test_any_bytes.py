"""Any bytes that come back, with any status and headers: a result, or one of the documented errors, and nothing else."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import httpx
import pytest
from aig_billing import APIError, APIStatusError, ChargeOutcomeUnknown, CloudflareError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runtime import by_hand
from tests.runtime.operations import BALANCE, CHARGE, refusal
from tests.runtime.test_retry_table import NOT_CHARGED

BODIES = [json.dumps(BALANCE.answer).encode(), json.dumps(CHARGE.answer).encode(), json.dumps(refusal()).encode()]
CALLS = {tried: by_hand.call_of(tried) for tried in (BALANCE, CHARGE)}
CLIENT = by_hand.client(max_retries=0)


@st.composite
def bodies(draw: Any) -> bytes:
    body = bytearray(draw(st.sampled_from(BODIES) | st.binary(max_size=100)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(body)))
        kind = draw(st.sampled_from(["set", "cut", "insert", "swap"]))
        if kind == "set" and at < len(body):
            body[at] = draw(st.integers(0, 255))
        elif kind == "cut":
            del body[at : at + draw(st.integers(0, 30))]
        elif kind == "insert":
            body[at:at] = draw(
                st.binary(max_size=5)
                | st.sampled_from([b'"', b"{", b"}", b"[", b"]", b",", b"null", b"\\", b"1e999", b"\\ud800"])
            )
        elif kind == "swap":
            body = body[at:] + body[:at]
    squeeze = draw(st.sampled_from([bytes, bytes, bytes, gzip.compress, zlib.compress]))
    return bytes(squeeze(bytes(body)))


HEADER_NAMES = st.sampled_from(
    ["Content-Encoding", "Content-Type", "Retry-After", "Ratelimit", "cf-ray", "Location", "Date", "Set-Cookie", "X"]
)
HEADER_VALUES = st.sampled_from(
    [
        "gzip",
        "deflate",
        "identity",
        "gzip, br",
        "0",
        "-1",
        "1e9",
        "99999999999999999999",
        "Sat, 21 Nov 2026 01:00:00 GMT",
    ]
) | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30)


@pytest.mark.slow
@settings(max_examples=800, deadline=None, database=None)
@given(
    status=st.sampled_from([200, 200, 200, 201, 204]) | st.integers(100, 999),
    body=bodies(),
    headers=st.lists(st.tuples(HEADER_NAMES, HEADER_VALUES), max_size=4),
    broken=st.sampled_from([None, None, httpx.ReadError("gone"), httpx.RemoteProtocolError("cut off")]),
    charge=st.booleans(),
)
def test_only_documented_errors_ever_come_out(
    status: int, body: bytes, headers: list[tuple[str, str]], broken: Exception | None, charge: bool
) -> None:
    answer = by_hand.answer(status, body, headers)
    answer.broken = broken
    ran = by_hand.run(CALLS[CHARGE if charge else BALANCE], [answer], CLIENT)
    assert len(ran.sent) == 1
    if ran.error is None:
        assert broken is None
        assert 200 <= status <= 299
        return
    assert isinstance(ran.error, CloudflareError), repr(ran.error)
    if charge and not (isinstance(ran.error, APIStatusError) and status in NOT_CHARGED | {200}):
        assert isinstance(ran.error, ChargeOutcomeUnknown)
    elif not charge:
        assert isinstance(ran.error, APIError)
    assert len(str(ran.error)) < 5_000
