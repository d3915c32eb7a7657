"""Changes of a gateway of the sandbox keep all its other settings; one that is interrupted or fails says whether to look at it."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from aig_billing import (
    APIConnectionError,
    Client,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    SpendRule,
    spend_rule,
)
from aig_billing.models import GatewayUpdateBody
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aig_billing_sandbox import Sandbox

NOW: dict[str, Any] = {"gateway": "production", "confirm_after": 0.0}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def exact(sandbox: Sandbox) -> Any:
    """The settings without the limits, in their order, with every number as it is written."""
    row = next(row for row in sandbox.state()["gateways"] if row["id"] == "production")
    pairs = json.loads(str(row["settings"]), parse_float=str, parse_int=str, object_pairs_hook=list)
    return [pair for pair in pairs if pair[0] != "spend_limits"]


_RULE = st.builds(
    lambda cents, seconds, technique, models: spend_rule(
        limit=cents, window=dt.timedelta(seconds=seconds), technique=technique, model=models or None
    ),
    st.integers(0, 10**9),
    st.integers(1, 10**8),
    st.sampled_from([None, "fixed", "sliding"]),
    st.lists(st.text(min_size=1, max_size=5).filter(str.strip), max_size=2),
)
_CHANGE = st.tuples(st.sampled_from(["add", "remove", "replace", "enable", "disable"]), st.integers(0, 19), _RULE)


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(_CHANGE, min_size=5, max_size=5))
def test_a_thousand_changes_keep_a_gateway_with_every_kind_of_setting(
    sandbox: Sandbox, changes: list[tuple[str, int, SpendRule]]
) -> None:
    before = exact(sandbox)
    with sandbox.client() as client:
        limits = client.ai_gateway.spend_limits
        for what, index, rule in changes:
            rules = limits.get(gateway="production").rules
            chosen = rules[index % len(rules)] if rules else None
            if what == "replace" or (what == "add" and len(rules) < 20):
                limits.replace(rules=[rule, *rules[:index]] if what == "replace" else [*rules, rule], **NOW)
            elif what == "remove" and chosen:
                limits.remove(rule=chosen, **NOW)
            elif what in {"enable", "disable"}:
                getattr(limits, what)(rule=chosen, **NOW)
            assert exact(sandbox) == before


@pytest.mark.parametrize("request_number", [1, 2, 3])
@pytest.mark.parametrize("moment", ["delay_before", "delay_after"])
def test_ctrl_c_loses_nothing_and_says_whether_to_look(sandbox: Sandbox, request_number: int, moment: Any) -> None:
    before, rules = exact(sandbox), sandbox.gateway("production")["spend_limits"]
    terms: Any = {moment: 5.0}
    sandbox.fault("*", skip=request_number - 1, **terms)
    with Client(base_url=sandbox.base_url, api_token=sandbox.token, account_id=sandbox.account_id) as client:
        threading.Thread(target=_interrupt_at, args=(sandbox, request_number), daemon=True).start()
        with pytest.raises(KeyboardInterrupt) as raised:
            client.ai_gateway.spend_limits.add(limit=100, window="day", **NOW)
    written = request_number == 3 or (request_number == 2 and moment == "delay_after")
    assert exact(sandbox) == before
    assert (sandbox.gateway("production")["spend_limits"] != rules) is written
    assert bool(getattr(raised.value, "__notes__", ())) is (request_number > 1)


def _interrupt_at(sandbox: Sandbox, request_number: int) -> None:
    reached = threading.Event()
    while len(sandbox.requests()) < request_number:
        reached.wait(0.01)
    reached.wait(0.2)
    os.kill(os.getpid(), signal.SIGINT)


def test_a_refused_change_does_not_claim_that_it_may_have_been_made(sandbox: Sandbox) -> None:
    with sandbox.client(api_token=sandbox.read_token) as reader, pytest.raises(PermissionDeniedError) as refused:
        reader.ai_gateway.spend_limits.add(limit=100, window="day", **NOW)
    assert not getattr(refused.value, "__notes__", ())


@pytest.mark.parametrize(
    ("fault", "error"), [({"status": 500, "work": True}, InternalServerError), ({"drop": "after"}, APIConnectionError)]
)
def test_a_change_of_unknown_outcome_says_where_to_look(sandbox: Sandbox, fault: Any, error: type[Exception]) -> None:
    sandbox.fault("ai_gateway.update", **fault)
    with sandbox.client() as client, pytest.raises(error) as raised:
        client.ai_gateway.spend_limits.add(limit=100, window="day", **NOW)
    assert "spend_limits.get(gateway='production')" in raised.value.__notes__[0]


def test_a_gateway_that_is_deleted_after_the_change(sandbox: Sandbox) -> None:
    sandbox.fault("ai_gateway.get", skip=1, status=404)
    with sandbox.client() as client, pytest.raises(NotFoundError) as raised:
        client.ai_gateway.spend_limits.add(limit=100, window="day", **NOW)
    assert "may have been changed" in raised.value.__notes__[0]


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf")])
def test_a_pause_that_is_not_a_length_of_time_is_refused_before_sending(sandbox: Sandbox, seconds: float) -> None:
    with sandbox.client() as client, pytest.raises(ValueError, match="confirm_after"):
        client.ai_gateway.spend_limits.add(limit=100, window="day", confirm_after=seconds)
    assert sandbox.requests() == []


def test_a_gateway_that_was_read_can_be_sent_back_with_a_change(sandbox: Sandbox) -> None:
    before = dict(exact(sandbox))
    with sandbox.client() as client:
        gateway = client.ai_gateway.get(id="production")
        body = GatewayUpdateBody.from_dict(gateway.to_dict() | {"cache_ttl": 60})
        assert client.ai_gateway.update(id="production", body=body).cache_ttl == 60
    assert dict(exact(sandbox)) == before | {"cache_ttl": "60"}
